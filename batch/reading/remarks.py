"""What can be odd about a cell or a row: the code, the sentence, and whether the text may still be trusted."""

from __future__ import annotations

from dataclasses import dataclass

from batch.model import CellFlag, Sentence, sentence, template
from batch.visible import shown

EXCEL_CELL_LENGTH = 32_767


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A `CellFlag` that does not know its place yet, so that one can serve many cells."""

    code: str
    sentence: Sentence
    blocks: bool
    likely: str | None = None

    def at(self, row: int, column: int | None) -> CellFlag:
        return CellFlag(
            row=row, column=column, code=self.code, sentence=self.sentence, blocks=self.blocks, likely=self.likely
        )


def long_row(found: int, expected: int) -> Remark:
    """A text row with more values than the header has columns, so that values may stand under the wrong header."""
    return Remark(
        code="long_row",
        sentence=sentence(
            "This row has {found} values, but the header has {expected}. A value probably holds the character that "
            "separates columns; put quotation marks around that value, or move the values back under their headers.",
            found=found,
            expected=expected,
        ),
        blocks=True,
    )


def short_row(found: int, expected: int) -> Remark:
    """A text row that ends early; its missing values are read as empty."""
    words = (
        template("This row has 1 value, but the header has {expected}; what is missing is read as empty.")
        if found == 1
        else template("This row has {found} values, but the header has {expected}; what is missing is read as empty.")
    )
    return Remark(code="short_row", sentence=sentence(words, found=found, expected=expected), blocks=False)


def beyond_header(count: int) -> Remark:
    """A workbook row with values to the right of the last header."""
    words = (
        template("1 value of this row stands to the right of the last header and belongs to no column; it is not sent.")
        if count == 1
        else template(
            "{count} values of this row stand to the right of the last header and belong to no column; "
            "they are not sent."
        )
    )
    return Remark(code="beyond_header", sentence=sentence(words, count=count), blocks=False)


def cell_too_long(length: int) -> Remark:
    return Remark(
        code="cell_too_long",
        sentence=sentence(
            "The text is {length:,} characters long; a spreadsheet cell holds at most {limit:,}. Shorten it.",
            length=length,
            limit=EXCEL_CELL_LENGTH,
        ),
        blocks=True,
    )


def control_character(character: str) -> Remark:
    return Remark(
        code="control_character",
        sentence=sentence(
            "The text holds an invisible control character (U+{point}), which no spreadsheet can show. "
            "Type the text again.",
            point=f"{ord(character):04X}",
        ),
        blocks=True,
    )


def garbled_text(likely: str) -> Remark:
    return Remark(
        code="garbled_text",
        sentence=sentence(
            'Letters of this text were garbled before it came into the file; it was probably "{likely}". '
            "Type it again.",
            likely=shown(likely),
        ),
        blocks=True,
        likely=likely,
    )


def text_of_date(*likely: str) -> Remark:
    """A day and a month spelt out, as a spreadsheet program makes of what looks like a date to it."""
    first, last = likely[0], likely[-1]
    return Remark(
        code="date_cell",
        sentence=sentence(
            "This looks like what a spreadsheet program makes of {typed}, which it takes for a date. "
            "Set the format of the cell to Text and type it again.",
            typed=first if first == last else sentence("{first} or {last}", first=first, last=last),
        ),
        blocks=True,
        likely=first,
    )


def invisible_character(character: str) -> Remark:
    return Remark(
        code="invisible_character",
        sentence=sentence(
            "There is a character within this text that cannot be seen (U+{point}). It is sent as it is.",
            point=f"{ord(character):04X}",
        ),
        blocks=False,
    )


def markup_entity(likely: str) -> Remark:
    return Remark(
        code="markup_entity",
        sentence=sentence(
            'This text holds a character as web pages write it; probably "{likely}" was meant. It is sent as it is.',
            likely=shown(likely),
        ),
        blocks=False,
        likely=likely,
    )


LOST_CHARACTER = Remark(
    code="lost_character",
    sentence=sentence(
        "A character of this text was lost before it came into the file, and stands as \N{REPLACEMENT CHARACTER}. "
        "Type the text again."
    ),
    blocks=True,
)

TOO_NARROW = Remark(
    code="column_too_narrow",
    sentence=sentence(
        "There is nothing here but the signs that a spreadsheet program shows when a column is too narrow for what "
        "is in it, so that the value is lost. Make the column wider in the original, or type the value."
    ),
    blocks=True,
)

SCIENTIFIC_TEXT = Remark(
    code="scientific_number",
    sentence=sentence(
        "This is a number in scientific notation, as a spreadsheet program shows long numbers, so that digits of it "
        "are lost. Set the format of the cell to Text and type all digits again."
    ),
    blocks=True,
)


def error_cell(text: str) -> Remark:
    return Remark(
        code="error_cell",
        sentence=sentence(
            "The cell shows the error {shown} in place of a value. Correct the formula, or type the value.", shown=text
        ),
        blocks=True,
    )


UNTERMINATED_QUOTE = Remark(
    code="unterminated_quote",
    sentence=sentence(
        "A quotation mark is opened in this row and not closed, so that it is not certain where the value ends. "
        "Close it, or remove it."
    ),
    blocks=True,
)


def swallowing_quote(closed: int) -> Remark:
    """A quotation mark that is closed only behind lines that read like rows; `closed` is the line where it is."""
    return Remark(
        code="unterminated_quote",
        sentence=sentence(
            "A quotation mark is opened in this row, and the next one that could close it stands in line {line}, "
            "behind what reads like rows of its own and is read so. Close it in this row, or remove it.",
            line=closed,
        ),
        blocks=True,
    )


STRAY_QUOTE = Remark(
    code="stray_quote",
    sentence=sentence(
        "A quotation mark stands where none is expected, so that it is not certain what the value is. "
        "Remove it, or double each quotation mark that is part of the value."
    ),
    blocks=True,
)

MERGED_CELL = Remark(
    code="merged_cell",
    sentence=sentence(
        "This cell is merged with others, and the value belongs to the first of them only. "
        "Unmerge the cells and fill in each one."
    ),
    blocks=True,
)
