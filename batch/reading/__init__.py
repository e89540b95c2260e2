"""Reading: the bytes of a customer's file -> a table of text with row numbers; nothing but text and warnings leaves."""

from batch.reading.options import Limits, ReadOptions
from batch.reading.source import Source, open_source
from batch.reading.survey import Extent, Sheet, Survey

__all__ = ["Extent", "Limits", "ReadOptions", "Sheet", "Source", "Survey", "open_source"]
