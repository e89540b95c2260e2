"""Rows, links and notes put into the sheets of a workbook that openpyxl has saved without them."""

from __future__ import annotations

import re
import zipfile
from itertools import chain
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from batch.results.xlsx.notes import COMMENTS_HEAD, COMMENTS_TAIL, SHAPES_TAIL, shapes_head

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from batch.results.xlsx.table import Part

_LAST_ROW = 1_048_576
_STYLES = "xl/styles.xml"
# ECMA-376, CT_Font of the first edition and of the schemas that Office itself is checked with; openpyxl has an order of
# its own, which Excel bears with and validators do not.
_FONT_ORDER = (
    *("b", "i", "strike", "condense", "extend", "outline", "shadow", "u"),
    *("vertAlign", "sz", "color", "name", "family", "charset", "scheme"),
)
_FONT = re.compile(r"<font>((?:<[a-zA-Z]+[^<>]*/>)*)</font>")
_ELEMENT = re.compile(r"<[^<>]*/>")
_DIMENSION = re.compile(r'<dimension ref="[^"]*"')


def save_spliced(path: Path, skeleton: zipfile.ZipFile, parts: Mapping[int, Part]) -> None:
    """Write `skeleton` to `path` with each part's content in its sheet; `parts` is by sheet number, from 1."""
    changed: dict[str, Iterable[bytes]] = {_STYLES: [_with_fonts_in_order(skeleton.read(_STYLES).decode())]}
    for number, part in parts.items():
        name = f"xl/worksheets/sheet{number}.xml"
        changed[name] = _sheet(skeleton.read(name).decode(), part)
        if part.note_count:
            changed |= _note_parts(skeleton.read(f"xl/worksheets/_rels/sheet{number}.xml.rels").decode(), part)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name in skeleton.namelist():
            with package.open(name, "w", force_zip64=True) as entry:
                for block in changed.get(name, (skeleton.read(name),)):
                    entry.write(block)


def _with_fonts_in_order(styles: str) -> bytes:
    return _FONT.sub(
        lambda font: "<font>" + "".join(sorted(_ELEMENT.findall(font[1]), key=_place)) + "</font>", styles
    ).encode()


def _place(element: str) -> int:
    return _FONT_ORDER.index(element[1:].split(maxsplit=1)[0])


def _sheet(xml: str, part: Part) -> Iterator[bytes]:
    """The sheet's XML with the part's rows after its header, and its links. The order of elements is the schema's."""
    area = f"A1:{get_column_letter(len(part.widths))}{part.rows}"
    head, end_of_rows, tail = _DIMENSION.sub(f'<dimension ref="{area}"', xml).partition("</sheetData>")
    middle, margins, tail = tail.partition("<pageMargins")
    rest, legacy, tail = tail.rpartition("<legacyDrawing" if part.note_count else "</worksheet>")
    # Without this Excel puts a green triangle on each house number, "number stored as text"; also on one typed later.
    typed = f"A1:{get_column_letter(len(part.widths))}{_LAST_ROW}"
    ignored = f'<ignoredErrors><ignoredError sqref="{typed}" numberStoredAsText="1"/></ignoredErrors>'
    links = chain([b"<hyperlinks>"], part.links.read(), [b"</hyperlinks>"]) if part.link_count else ()
    return chain(
        [head.encode()],
        part.cells.read(),
        [(end_of_rows + middle).encode()],
        links,
        [(margins + rest + ignored + legacy + tail).encode()],
    )


def _note_parts(relations: str, part: Part) -> dict[str, Iterable[bytes]]:
    """The two package parts that hold a sheet's notes, under the names that the sheet knows them by."""
    comments, shapes = (
        re.findall(rf'Target="/([^"]*{suffix})"', relations)[0] for suffix in (r"comment\d+\.xml", r"\.vml")
    )
    return {
        comments: chain([COMMENTS_HEAD.encode()], part.comments.read(), [COMMENTS_TAIL.encode()]),
        shapes: chain([shapes_head(part.note_count).encode()], part.shapes.read(), [SHAPES_TAIL.encode()]),
    }
