"""CSV, TSV and other text tables, read in one forward pass in flat memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from batch.errors import InputError
from batch.likeness import trimmed
from batch.model import Notice, SourceRow, sentence
from batch.reading.batches import Batch, batches, extent
from batch.reading.chunks import chunks
from batch.reading.options import ReadOptions
from batch.reading.readrows import ReadRows
from batch.reading.refusals import refusal
from batch.reading.stored import StoredFile
from batch.reading.survey import Extent, Sheet, Survey
from batch.reading.text.dialect import Dialect, find_dialect, usual_width, wanted_delimiter
from batch.reading.text.encodings import Encoding, find_encoding, utf8_blocks
from batch.reading.text.formulatext import may_be_wrapped, unwrapped, without_wrapping
from batch.reading.text.plainblocks import split_plain
from batch.reading.text.records import Record, Splitter, TooWideError
from batch.visible import shown

_SAMPLE = 256 << 10
_ROW_BYTES = 100  # roughly; decides only how much is read at once
_LEAST, _MOST = 64 << 10, 8 << 20
_WORDS = {b"\t": "tabs", b";": "semicolons", b"|": "vertical bars", b",": "commas"}
Piece = TypeVar("Piece")
Cutter = Callable[[bytes, int, bool], tuple[Piece, int, int] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class DelimitedReader:
    """A text file, read as one sheet named ""."""

    file: StoredFile
    encoding: Encoding
    dialect: Dialect
    splitter: Splitter
    survey: Survey

    def head(self, sheet: str, count: int) -> tuple[SourceRow, ...]:
        del sheet
        rows: list[SourceRow] = []
        for records in self._cut(_SAMPLE, self._careful):
            for record in records:
                cells = _without_blank_end([unwrapped(cell.decode()) for cell in record.cells])
                if cells:
                    rows.append(SourceRow(number=record.line, cells=cells))
                if len(rows) >= count:
                    return tuple(rows)
        return tuple(rows)

    def chunks(self, sheet: str, *, after: int, width: int, size: int) -> Iterator[ReadRows]:
        del sheet
        for batch in self._batches(min(max(size * _ROW_BYTES, _LEAST), _MOST)):
            yield from chunks(batch, after=after, width=width, size=size)

    def measure(self, sheet: str) -> Extent:
        del sheet
        return extent(self._batches(1 << 20))

    def sheet_notices(self, sheet: str) -> tuple[Notice, ...]:
        del sheet
        return ()

    def close(self) -> None:
        """Nothing is held open between calls."""

    def _batches(self, size: int) -> Iterator[Batch]:
        for found in self._cut(size, self._fast):
            yield from found

    def _careful(self, text: bytes, line: int, final: bool) -> tuple[list[Record], int, int] | None:
        try:
            found = self.splitter.split(text, line=line, final=final)
        except TooWideError as error:
            raise self._too_wide(error) from error
        return (found.records, found.used, found.line) if found.used else None

    def _fast(self, text: bytes, line: int, final: bool) -> tuple[Iterator[Batch], int, int] | None:
        """The records at the start of `text`: all together if they are plain, else one by one."""
        splitter = self.splitter
        plain = split_plain(
            text, splitter.delimiter, widest=splitter.columns, line=line, final=final, usual=splitter.width
        )
        if plain is None:
            careful = self._careful(text, line, final)
            return (map(without_wrapping, _batches(careful[0])), *careful[1:]) if careful else None
        counts = np.full(len(plain.lines), len(plain.columns), np.int64)
        batch = Batch(rows=plain.lines.astype(np.int64), columns=plain.columns, counts=counts)
        return iter((without_wrapping(batch) if may_be_wrapped(text) else batch,)), plain.used, plain.line

    def _cut(self, size: int, cutter: Cutter[Piece]) -> Iterator[Piece]:
        """The text in pieces of whole records; what is left of a block waits for the next one."""
        rest, line, skip = b"", 1 + self.dialect.lines, self.dialect.skip
        for block, final in _with_end(utf8_blocks(self.file, self.encoding, size)):
            rest, skip = rest + block[skip:], max(skip - len(block), 0)
            while rest and (found := cutter(rest, line, final)):
                piece, used, line = found
                rest = rest[used:]
                yield piece
            self._refuse_endless(rest, line)

    def _too_wide(self, error: TooWideError) -> InputError:
        return refusal(
            self.file.name,
            "too_many_columns",
            "line {line} has more than {limit:,} values, the most that a spreadsheet can hold. "
            "If another character separates the columns, name it with --delimiter.",
            line=error.line,
            limit=self.splitter.columns,
        )

    def _refuse_endless(self, rest: bytes, line: int) -> None:
        if len(rest) > 2 * self.splitter.record_bytes:
            raise refusal(
                self.file.name,
                "endless_row",
                "the row that starts on line {line} is longer than {limit:,} bytes, so that this is not a table.",
                line=line,
                limit=self.splitter.record_bytes,
            )


def open_delimited(file: StoredFile, options: ReadOptions, notices: tuple[Notice, ...]) -> DelimitedReader:
    """The reader of a text file; `notices` are those of whoever found out that it is one."""
    delimiter = wanted_delimiter(options.delimiter) if options.delimiter is not None else None
    encoding = find_encoding(file, options.encoding, options.usual_encoding)
    sample, whole = _sample(file, encoding)
    if not sample.strip():
        raise refusal(
            file.name, "empty_file", "the file holds nothing but white space. Ask the sender to send it again."
        )
    dialect = find_dialect(sample, final=whole, record_bytes=options.limits.record_bytes)
    if delimiter is None:
        delimiter, notices = dialect.delimiter, notices + _doubt(dialect) + _wrong_sep(dialect, sample, whole)
    survey = Survey(
        format="tsv" if delimiter == b"\t" else "csv",
        sheets=(Sheet(name=""),),
        notices=notices + encoding.notices,
        encoding=encoding.name,
        delimiter=delimiter.decode(),
    )
    width = _width(delimiter, dialect, sample, whole)
    splitter = Splitter(delimiter, options.limits.record_bytes, options.limits.columns, width)
    return DelimitedReader(file=file, encoding=encoding, dialect=dialect, splitter=splitter, survey=survey)


def _sample(file: StoredFile, encoding: Encoding) -> tuple[bytes, bool]:
    """The start of the text, and whether that is all of it."""
    sample = b""
    for block in utf8_blocks(file, encoding, _SAMPLE):
        if len(sample) >= _SAMPLE:
            return sample, False
        sample += block
    return sample, True


def _width(delimiter: bytes, dialect: Dialect, sample: bytes, whole: bool) -> int:
    return usual_width(sample[dialect.skip :], delimiter, final=whole, record_bytes=len(sample))


def _without_blank_end(cells: list[str]) -> tuple[str, ...]:
    """The cells up to the last that holds something: delimiters at the end of a header make no columns."""
    count = max((place for place, cell in enumerate(cells, 1) if trimmed(cell)), default=0)
    return tuple(cells[:count])


def _doubt(dialect: Dialect) -> tuple[Notice, ...]:
    if dialect.rival is None:
        return ()
    said = sentence(
        "The columns were taken to be separated by {chosen}, though {rival} would fit too. "
        "If the columns look wrong, use --delimiter.",
        chosen=_WORDS[dialect.delimiter],
        rival=_WORDS[dialect.rival],
    )
    return (Notice(code="delimiter_chosen", sentence=said),)


def _wrong_sep(dialect: Dialect, sample: bytes, whole: bool) -> tuple[Notice, ...]:
    """What is to be said of a `sep=` line that makes a single column of what another delimiter makes a table of."""
    if not dialect.lines or _width(dialect.delimiter, dialect, sample, whole) > 1:
        return ()
    other = find_dialect(sample[dialect.skip :], final=whole, record_bytes=len(sample)).delimiter
    if _width(other, dialect, sample, whole) <= 1:
        return ()
    option = "tab" if other == b"\t" else other.decode()
    said = sentence(
        'The first line says that "{named}" separates the columns, which makes a single one of them; "{other}" would '
        'make several. If that is right, correct the line, or add --delimiter "{option}".',
        named=shown(dialect.delimiter.decode()),
        other=shown(other.decode()),
        option=option,
    )
    return (Notice(code="sep_line_doubted", sentence=said),)


def _batches(records: list[Record]) -> Iterator[Batch]:
    remarks = tuple((record.line, column, remark) for record in records for column, remark in record.remarks)
    return batches([record.line for record in records], [record.cells for record in records], remarks, counted=True)


def _with_end(blocks: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The blocks, and after them an empty one that says that it was the last."""
    for block in blocks:
        yield block, False
    yield b"", True
