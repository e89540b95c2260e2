"""Spreadsheet dates: a number of days since an epoch, as ISO text."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from batch.reading.remarks import Remark
from batch.reading.workbook.cellremarks import date_cell, moment_cell, time_cell
from batch.reading.workbook.numberformat import Kind, Section

_EPOCH = date(1899, 12, 30)
_EPOCH_1904 = date(1904, 1, 1)
_LAST = 2_958_466  # the day after 9999-12-31
_DAYS_1904 = 1_462
_DAY_SECONDS = 86_400
_FEBRUARY_29 = 60  # Excel has a 29 February 1900 for the sake of Lotus 1-2-3


def moment_of(serial: float, section: Section, *, from_1904: bool) -> tuple[str, Remark] | None:
    """A date (`2026-01-02`), date with time (`2026-01-02T10:30:00`) or time (`10:30:00`), as the format asks.

    None if the number is no date that a spreadsheet can show.
    """
    if serial < 0 or serial >= _LAST:
        return None
    days, seconds = divmod(round(serial * _DAY_SECONDS), _DAY_SECONDS)
    if section.kind is Kind.CLOCK:
        text = _clock(seconds + days * _DAY_SECONDS if section.elapsed else seconds)
        return text, time_cell(text)
    if section.kind is Kind.DATE:
        day = _day(int(serial), from_1904=from_1904)
        return None if day is None else (day, date_cell(day, *likely_typed(day, section)))
    day = _day(days, from_1904=from_1904)
    text = f"{day}T{_clock(seconds)}"
    return None if day is None else (text, moment_cell(text))


def likely_typed(day: str, section: Section) -> tuple[str, ...]:
    """What was probably typed to get the date `day` (ISO), the likeliest first."""
    year, month, date_of_month = (int(part) for part in day.split("-"))
    if section.month_and_year:
        return (f"{month}-{year % 100:02}",)
    if section.day_first:
        return (f"{date_of_month}-{month}",)
    return f"{month}-{date_of_month}", f"{date_of_month}-{month}"


def iso_serial(text: str, *, from_1904: bool) -> float | None:
    """The serial number of an ISO date, date with time, or time; None if it is none of them."""
    try:
        if ":" in text and "-" not in text:
            moment = datetime.combine(_EPOCH, time.fromisoformat(text))
            return (moment - datetime.combine(_EPOCH, time())).total_seconds() / _DAY_SECONDS
        moment = datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
    epoch = _EPOCH_1904 if from_1904 else _EPOCH
    return (moment - datetime.combine(epoch, time())).total_seconds() / _DAY_SECONDS


def _day(days: int, *, from_1904: bool) -> str | None:
    if from_1904:
        return (_EPOCH_1904 + timedelta(days=days)).isoformat() if days < _LAST - _DAYS_1904 else None
    if days == _FEBRUARY_29:
        return "1900-02-29"
    if days < 1 or days >= _LAST:
        return None
    return (_EPOCH + timedelta(days=days + (days < _FEBRUARY_29))).isoformat()


def _clock(seconds: int) -> str:
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}:{second:02}"
