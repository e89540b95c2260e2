"""The mark on a cell of a failed file whose text could not be trusted, so that nobody sends it back unread.

A date that was a house number, an error value, a formula without a result: written as text into a failed file, they
would look like any other text and be sent. With the mark they are refused until somebody has typed the right value.
"""

CHECK_MARK = "[type this again: it could not be trusted as it was]"


def mark(text: str) -> str:
    """`text` with the mark behind it."""
    return f"{text} {CHECK_MARK}" if text else CHECK_MARK


def is_marked(text: str) -> bool:
    """Whether the mark still stands somewhere in the text."""
    return CHECK_MARK in text
