"""`merge`: the results of all rounds of a batch as one: what is known now of every row of the first file."""

from batch.merge.command import merge
from batch.merge.values import MergeOptions, MergeResult

__all__ = ["MergeOptions", "MergeResult", "merge"]
