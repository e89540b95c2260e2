"""What is said of a cell whose stored value is not simply the text that a person sees."""

from __future__ import annotations

from batch.model import Sentence, sentence
from batch.reading.remarks import Remark


def _blocking(code: str, said: Sentence, likely: str | None = None) -> Remark:
    return Remark(code=code, sentence=said, blocks=True, likely=likely)


NUMBER_FORMAT = _blocking(
    "number_format",
    sentence(
        "The cell holds a number that its format shows as something else. "
        "Set the format of the cell to Text and type what is meant."
    ),
)
TEXT_FORMAT = _blocking(
    "text_format",
    sentence(
        "The cell holds a text that its format hides or shows as something else. "
        "Set the format of the cell to Text and type what is meant."
    ),
)
UNREADABLE_NUMBER = _blocking(
    "unreadable_number",
    sentence("The cell should hold a number, but what is stored in it is not one. Type the value again."),
)
UNREADABLE_CELL = _blocking(
    "unreadable_cell", sentence("The cell is stored in a way that cannot be read. Type the value again.")
)
DIGITS_LOST = _blocking(
    "digits_lost",
    sentence(
        "The cell holds a number of more than 15 digits, of which a spreadsheet keeps only the first 15. "
        "Set the format of the cell to Text and type all digits again."
    ),
)
FORMULA_WITHOUT_RESULT = _blocking(
    "formula_without_result",
    sentence(
        "The cell holds a formula whose result is not stored in the file. "
        "Open the file in a spreadsheet program and save it, or type the value."
    ),
)


def scientific_number(digits: str) -> Remark:
    said = sentence(
        "The spreadsheet shows this number in scientific notation (such as 1.2E+11); all its digits are {digits}. "
        "If those are right, set the format of the cell to Text and type them again.",
        digits=digits,
    )
    return _blocking("scientific_number", said, digits)


def percent_cell(shown: str) -> Remark:
    said = sentence(
        "The cell holds a percentage ({shown}), not text. Set its format to Text and type what is meant.", shown=shown
    )
    return _blocking("percent_cell", said)


def currency_cell(shown: str) -> Remark:
    said = sentence(
        "The cell holds an amount of money ({shown}), not text. Set its format to Text and type what is meant.",
        shown=shown,
    )
    return _blocking("currency_cell", said)


def rounded_number(shown: str, held: str) -> Remark:
    said = sentence(
        "The spreadsheet shows {shown}, but the cell holds {held}. Set its format to Text and type what is meant.",
        shown=shown,
        held=held,
    )
    return _blocking("rounded_number", said)


def dressed_number(shown: str, read: str) -> Remark:
    """A number whose format adds separators or zeros that do not change it."""
    said = sentence("The spreadsheet shows {shown}; it is read as {read}.", shown=shown, read=read)
    return Remark(code="number_format", sentence=said, blocks=False)


def time_cell(shown: str) -> Remark:
    said = sentence(
        "The cell holds a time ({shown}), not text. Set its format to Text and type what is meant.", shown=shown
    )
    return _blocking("time_cell", said)


def moment_cell(shown: str) -> Remark:
    said = sentence(
        "The cell holds a date and time ({shown}), not text. Set its format to Text and type what is meant.",
        shown=shown,
    )
    return _blocking("date_cell", said)


def date_cell(shown: str, *likely: str) -> Remark:
    """A date; `likely` is what was probably typed, the likeliest first, one or two of them."""
    first, last = likely[0], likely[-1]
    said = sentence(
        "The cell holds a date ({shown}), not text. If {typed} was typed, the spreadsheet program turned it into that "
        "date: set the format of the cell to Text and type it again.",
        shown=shown,
        typed=first if first == last else sentence("{first} or {last}", first=first, last=last),
    )
    return _blocking("date_cell", said, first)
