"""Reading: the bytes of a customer's file -> a table of text with row numbers; nothing but text and warnings leaves."""

from batch.reading.kinds import may_be_workbook, usual_endings
from batch.reading.options import Limits, ReadOptions
from batch.reading.source import Source, open_source
from batch.reading.survey import WORKBOOK_FORMATS, Extent, Sheet, Survey

__all__ = [
    "WORKBOOK_FORMATS",
    "Extent",
    "Limits",
    "ReadOptions",
    "Sheet",
    "Source",
    "Survey",
    "may_be_workbook",
    "open_source",
    "usual_endings",
]
