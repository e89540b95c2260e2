"""What the child does for each request: the file's reader, and the passes over its rows that are under way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from batch.reading.confined import values
from batch.reading.confined.frames import Frame, Kind
from batch.reading.confined.requests import Begin, GoOn, Head, Leave, Measure, Open, Remarks, Request
from batch.reading.opening import open_reader
from batch.reading.readrows import ReadRows
from batch.reading.survey import Reader


class Desk:
    """Answers requests with frames; raises whatever reading raises. `Open` comes first."""

    def __init__(self) -> None:
        self._opened: Reader | None = None
        self._passes: dict[int, Iterator[ReadRows]] = {}
        self._share: float | None = None

    def note(self, share: float | None) -> None:
        """How far into the file reading is, if that is known."""
        self._share = share

    def answer(self, request: Request) -> Frame:  # noqa: PLR0911 -- one for each kind of request
        match request:
            case Open():
                self._opened = open_reader(request.path, request.options)
                return _answer(values.plain_survey(self._opened.survey))
            case Head():
                return _answer(values.plain_source_rows(self._reader.head(request.sheet, request.count)))
            case Begin():
                self._passes[request.number] = self._reader.chunks(
                    request.sheet, after=request.after, width=request.width, size=request.size
                )
                self._share = None  # some formats are in memory by now, and then nobody knows
                return _answer(None)
            case GoOn():
                return self._more(request.number)
            case Leave():
                self._passes.pop(request.number, None)
                return _answer(None)
            case Measure():
                return _answer(values.plain_extent(self._reader.measure(request.sheet)))
            case Remarks():
                return _answer(values.plain_notices(self._reader.sheet_notices(request.sheet)))

    @property
    def _reader(self) -> Reader:
        if self._opened is None:
            msg = "asked about a file before it was opened"
            raise RuntimeError(msg)
        return self._opened

    def _more(self, number: int) -> Frame:
        under_way = self._passes.pop(number, None)
        found = next(under_way, None) if under_way else None
        if under_way is None or found is None:
            return _answer(None)
        self._passes[number] = under_way  # not again if it was broken off by an error
        head, body = values.plain_rows(replace(found, share=self._share))
        return Frame(kind=Kind.ANSWER, head=head, body=body)


def _answer(head: object) -> Frame:
    return Frame(kind=Kind.ANSWER, head=head)
