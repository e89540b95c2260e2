"""A mapping that is kept for a customer: what it says, and its text as TOML, ready to be read back and edited."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from batch.columns.layout import Layout, column_label
from batch.columns.orders import MapEntry

FOLDER_MAP: Final = "flireo-map.toml"
"""The name of a map file that is used for every file in its folder."""

_ABOUT: Final = """\
# How the columns of a customer's file feed the fields. Made by flireo-batch; edit it as you like.
#
#   flireo-batch check FILE --map-file {name}
#
# Named {folder_map} in the folder of the customer's files it is used by itself. What --map, --sheet, --delimiter
# and --encoding say on the command line wins over what stands here. A line that begins with # says nothing.
"""
_ABOUT_COLUMNS: Final = """\
# "Header" = "field"                       the column feeds the field
# "Header" = "field+field"                 each cell is split into the fields
# "Header" = ["field", "field"]            the whole cell goes to each of the fields
# "Header" = ""                            the column is left out on purpose
# "column C" = "field"                     a column without a header, or one of several with the same header
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedMap:
    """What a map file says; `name` is that of the file, to be shown. What it does not say is None."""

    name: str
    entries: tuple[MapEntry, ...] = ()
    sheet: str | None = None
    all_sheets: bool = False
    delimiter: str | None = None
    encoding: str | None = None


def map_text(
    layouts: Sequence[Layout],
    name: str,
    *,
    sheet: str | None = None,
    all_sheets: bool = False,
    delimiter: str | None = None,
    encoding: str | None = None,
) -> str:
    """The text of a map file that reads a file as `layouts` do, mostly one; what nobody said stays unsaid."""
    said = {"sheet": sheet, "delimiter": delimiter, "encoding": encoding}
    lines = [_ABOUT.format(name=name, folder_map=FOLDER_MAP)]
    lines += [f"{key} = {_quoted(value)}\n" for key, value in said.items() if value is not None]
    lines += ["all_sheets = true\n"] if all_sheets else []
    columns = (line for layout in layouts for line in (*_columns(layout), *_missing(layout.missing)))
    lines += ["\n[columns]\n", _ABOUT_COLUMNS, *dict.fromkeys(columns)]
    return "".join(lines)


def _columns(layout: Layout) -> Iterator[str]:
    for position in range(len(layout.labels)):
        if position in layout.lineage.values():
            continue
        key, target = _quoted(_key(layout, position)), _target(layout, position)
        if target or position in layout.ordered:
            yield f"{key} = {target or _quoted('')}\n"
        elif layout.headers[position].strip():
            yield f"# {key} is not sent\n"


def _missing(fields: Iterable[str]) -> Iterator[str]:
    for field in fields:
        yield f'# Nothing feeds {field} yet. Name its column: "Header" = {_quoted(field)}\n'


def _key(layout: Layout, position: int) -> str:
    """The header, or the place where the header cannot tell which column is meant."""
    label = layout.labels[position]
    usable = layout.labels.count(label) == 1 and not any("\ud800" <= letter <= "\udfff" for letter in label)
    return label if usable else column_label(position)


def _target(layout: Layout, position: int) -> str:
    """What the column feeds, as a TOML value; "" if nothing."""
    targets = layout.targets(position)
    if len(targets) > 1:
        return f"[{', '.join(map(_quoted, targets))}]"
    return _quoted(targets[0]) if targets else ""


def _quoted(text: str) -> str:
    """A TOML basic string: as JSON writes it, but for one more character that must be escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
