"""Cell values as SpreadsheetML: text is typed as text, always, and comes back exactly as it was given.

openpyxl would make a formula of `=1+1` and an error of `#N/A`, refuses control characters and takes seven times as
long, so no cell of a table passes through it. Source of the `_xHHHH_` form: ECMA-376 part 1, 22.9.2.19 (ST_Xstring).
"""

import re

from batch.cut_marker import CELL_UNITS, fit

# Most cells are short and need none of this, and finding that out is what writing a cell costs.
_SPECIAL = re.compile("[&<>\x00-\x1f\ud800-\udfff\ufffe\uffff]|_x|^\\s|\\s\\Z|  ")
_SHORT = CELL_UNITS // 2
_XSTRING = re.compile("[\x00-\x08\x0b-\x1f]|_(?=x[0-9A-Fa-f]{4}_)")
_PRESERVE = re.compile(r"^\s|\s\Z|[\t\n]|  ")


def xstring(text: str) -> str:
    r"""`text` with what XML cannot hold in Excel's own form: U+0001 as _x0001_, a literal _x0041_ as _x005F_x0041_."""
    return _XSTRING.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def xml_text(text: str) -> str:
    """`text` as XML character data, for elements that keep white space."""
    return xstring(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def t_element(text: str) -> str:
    """`text`, cut to what a cell holds, as the element `t` of an inline string or a note."""
    if len(text) <= _SHORT and not _SPECIAL.search(text):
        return f"<t>{text}</t>"
    held = fit(text)
    space = ' xml:space="preserve"' if _PRESERVE.search(held) else ""
    return f"<t{space}>{xml_text(held)}</t>"


def text_cell(reference: str, style_id: int, text: str) -> str:
    """A cell of type text; an empty one carries only its style."""
    if not text:
        return f'<c r="{reference}" s="{style_id}"/>'
    return f'<c r="{reference}" s="{style_id}" t="inlineStr"><is>{t_element(text)}</is></c>'


def number_cell(reference: str, style_id: int, number: int) -> str:
    return f'<c r="{reference}" s="{style_id}"><v>{number}</v></c>'


def attribute(text: str) -> str:
    """`text` as the value of an XML attribute in double quotes."""
    return xml_text(text).replace('"', "&quot;")
