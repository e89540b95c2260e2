"""Common sense beyond the schema: what a person who knows addresses and names would frown at. Pure; blocks nothing."""

from batch.sense.look import Sense

__all__ = ["Sense"]
