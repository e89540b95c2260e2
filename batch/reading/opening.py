"""From a path to the reader of what is there: the only module that knows every format."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from batch.model import Notice
from batch.reading.detect import OldBook, TextTable, ZippedBook, find_kind, wrong_ending
from batch.reading.kinds import Kind
from batch.reading.ods.book import open_ods
from batch.reading.options import ReadOptions
from batch.reading.stored import stored_file
from batch.reading.survey import Reader
from batch.reading.text.delimited import open_delimited
from batch.reading.xls.book import open_xls
from batch.reading.xlsb.book import open_xlsb
from batch.reading.xlsx.book import open_xlsx


def open_reader(path: Path, options: ReadOptions) -> Reader:
    """The reader of the file at `path`; InputError if it is missing, no table, damaged or not safe to read.

    SettingsError if `options` name an encoding or a delimiter that does not exist.
    This parses in the process that calls it: the program itself goes through `confined`.
    """
    file = stored_file(path, options.limits)
    found = find_kind(file, options.limits)
    notices = wrong_ending(file, found.kind) + found.notices
    match found:
        case TextTable():
            return open_delimited(file, options, notices)
        case OldBook():
            return open_xls(file.name, found.compound, options.limits, notices)
        case _:
            return _zipped(found, options, notices)


def _zipped(found: ZippedBook, options: ReadOptions, notices: tuple[Notice, ...]) -> Reader:
    match found.kind:
        case Kind.ODS:
            return open_ods(found.archive, options.limits, notices)
        case Kind.XLSB:
            return open_xlsb(found.archive, found.main, options.limits, notices)
        case _:
            form: Literal["xlsx", "xlsm"] = "xlsm" if found.kind is Kind.XLSM else "xlsx"
            return open_xlsx(found.archive, found.main, form, options.limits, notices)
