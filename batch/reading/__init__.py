"""Bytes to a table of text with row numbers; nothing but text, flags and notices leaves."""

from batch.reading.options import Limits, ReadOptions
from batch.reading.source import Source, open_source
from batch.reading.survey import Extent, Sheet

__all__ = ["Extent", "Limits", "ReadOptions", "Sheet", "Source", "open_source"]
