"""An answer that was written earlier, read back: rows with their reasons, changes, and what its summary said."""

from batch.past_results.opened import PastResults, open_past_results
from batch.past_results.summary import PastSummary

__all__ = ["PastResults", "PastSummary", "open_past_results"]
