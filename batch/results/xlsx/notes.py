"""Cell notes as XML: the comment, and the VML shape without which Excel does not show it (ECMA-376 part 4, 19)."""

from batch.results.xlsx.cell_xml import t_element

WIDTH_PIXELS = 300
_CHARACTERS_PER_LINE = 42
_LINE_PIXELS = 18
_MOST_LINES = 20
# Excel shows notes of this length; longer ones are told in the errors column anyway.
_MOST_CHARACTERS = 2_000
_IDS_PER_BLOCK = 1_024  # shape ids are dealt out in blocks, and a drawing names the blocks it uses

COMMENTS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<authors><author>flireo-batch</author></authors><commentList>"
)
COMMENTS_TAIL = "</commentList></comments>"
SHAPES_TAIL = "</xml>"


def shapes_head(count: int) -> str:
    """The start of a drawing of `count` notes."""
    blocks = ",".join(str(block) for block in range(1, count // _IDS_PER_BLOCK + 2))
    return (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel">'
        f'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{blocks}"/></o:shapelayout>'
        '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
        '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
    )


def note_text(text: str) -> str:
    """`text` as short as a note can be."""
    return text if len(text) <= _MOST_CHARACTERS else text[: _MOST_CHARACTERS - 3] + "..."


def note_height(text: str) -> int:
    """Pixels in which `text` can be read whole, up to a page."""
    lines = sum(1 + len(line) // _CHARACTERS_PER_LINE for line in text.split("\n"))
    return _LINE_PIXELS * min(lines + 1, _MOST_LINES)


def comment(reference: str, text: str) -> str:
    return f'<comment ref="{reference}" authorId="0"><text>{t_element(text)}</text></comment>'


def shape(number: int, row: int, column: int, text: str) -> str:
    """The note's box; `row` and `column` count from 0, `number` counts the notes of the sheet, from 0."""
    return (
        f'<v:shape id="_x0000_s{_IDS_PER_BLOCK + 1 + number}" type="#_x0000_t202" '
        'style="position:absolute;margin-left:59.25pt;margin-top:1.5pt;'
        f'width:{WIDTH_PIXELS}px;height:{note_height(text)}px;z-index:1;visibility:hidden" '
        'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow color="black" obscured="t"/>'
        '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"/>'
        '</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill>'
        f"<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
    )
