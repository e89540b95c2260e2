"""How cells look: styles as plain values, and the one palette that all our workbooks share."""

from dataclasses import dataclass, replace

TEXT_FORMAT = "@"
GENERAL_FORMAT = "General"
WHOLE_NUMBER_FORMAT = "#,##0"

INK = "1F2933"
MUTED = "616E7C"
NAVY = "243B53"
LINK = "1F5FA8"
WHITE = "FFFFFF"
LINE = "D9E2EC"
PALE = "F0F4F8"
STEEL = "D9E2EC"
RED = "B42318"
PALE_RED = "FDE3E0"
AMBER = "8A5A00"
PALE_AMBER = "FFF1CC"
GREEN = "1B6E3C"
PALE_GREEN = "DFF3E4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """Colours are six hex digits; an empty one is none. `number_format` is `@` for text, so that typing stays text.

    `align` is left, center or right; empty leaves text left and numbers right.
    """

    color: str = INK
    fill: str = ""
    border: str = ""
    bold: bool = False
    italic: bool = False
    underline: bool = False
    wrap: bool = False
    align: str = ""
    indent: int = 0
    size: int = 11
    number_format: str = TEXT_FORMAT


PLAIN = Style()
NUMBER = Style(align="center", number_format=GENERAL_FORMAT)
COUNT = Style(align="right", indent=1, number_format=WHOLE_NUMBER_FORMAT)
OURS_HEADER = Style(color=WHITE, fill=NAVY, border=NAVY, bold=True, wrap=True)
THEIRS_HEADER = Style(fill=STEEL, border=STEEL, bold=True, wrap=True)
FAULTY = Style(color=RED, fill=PALE_RED, border=RED)
LINKED = Style(color=LINK, underline=True)
LINKED_NUMBER = replace(LINKED, align="center", number_format=GENERAL_FORMAT)
QUIET = Style(color=MUTED)
QUIET_NUMBER = replace(QUIET, align="center", number_format=GENERAL_FORMAT)
EXAMPLE = Style(color=MUTED, italic=True)
