"""What a zipped Office file is and where its parts are, by its own relationships; transitional and strict alike."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote, unquote

from batch.reading.survey import Visibility
from batch.reading.workbook.archive import Archive, part_name
from batch.reading.workbook.markup import feeder, listen, local, spreadsheet

_ROOT = "_rels/.rels"
_TYPES = "[content_types].xml"
_USUAL = ("xl/workbook.xml", "xl/workbook.bin")
_NO_TABLES = ("chartsheet", "dialogsheet", "xlmacrosheet", "xlintlmacrosheet")
_BEGINNING = 64 << 10
_TRUE = ("1", "true")
_GENERIC_TYPES = ("", "application/xml", "text/xml")
_STATES: Mapping[str, Visibility] = {"hidden": "hidden", "veryHidden": "very_hidden"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A relationship: `kind` is the last word of its type, `part` the part it points to."""

    kind: str
    part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPart:
    name: str
    visibility: Visibility
    part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbook:
    """A workbook's worksheets in order (chart and macro sheets left out), its other parts, and its date epoch.

    `recalculates` says that the stored results of formulas are to be replaced when the workbook is opened.
    """

    sheets: tuple[SheetPart, ...]
    strings: str | None
    styles: str | None
    from_1904: bool
    recalculates: bool


def main_part(archive: Archive) -> str | None:
    """The part that the file is about; None if it does not say."""
    targets = [
        relation.part for relation in relations(archive, "", _ROOT).values() if relation.kind == "officeDocument"
    ]
    return next((part for part in (*targets, *_USUAL) if part in archive.parts), None)


def content_type(archive: Archive, part: str) -> str:
    """The declared media type of a part, in lower case; empty if none is declared."""
    if _TYPES not in archive.parts:
        return ""
    types = _ContentTypes()
    listen(archive, _TYPES, types)
    return types.parts.get(part) or types.extensions.get(part.rpartition(".")[2], "")


def is_workbook(archive: Archive, part: str, stated: str) -> bool:
    """Whether a part of the media type `stated` is the main one of a workbook; where that says little, by its root."""
    if stated not in _GENERIC_TYPES:
        return "spreadsheetml" in stated
    root = _Root()
    feeder(archive, part, root)(archive.read(part, _BEGINNING))
    return spreadsheet(root.name) == "workbook"


def relations(archive: Archive, base: str, part: str) -> dict[str, Relation]:
    """The relationships in `part` by their ID, external ones left out; targets are relative to the folder `base`."""
    if part not in archive.parts:
        return {}
    found = _Relations(base)
    listen(archive, part, found)
    return {key: _located(archive, relation) for key, relation in found.relations.items()}


def _located(archive: Archive, relation: Relation) -> Relation:
    """The relation with its part as the file spells it: either may have blanks and such written as `%20`."""
    spellings = (relation.part, unquote(relation.part), quote(relation.part).lower())
    return replace(relation, part=next((part for part in spellings if part in archive.parts), relation.part))


def workbook(archive: Archive, part: str) -> Workbook:
    """The workbook whose main part is `part`."""
    folder, name = posixpath.split(part)
    known = relations(archive, folder, f"{folder}/_rels/{name}.rels".lstrip("/"))
    listed = _Sheets()
    listen(archive, part, listed)
    return Workbook(
        sheets=tuple(_sheet_parts(archive, listed, known)),
        strings=only_part(archive, known, "sharedStrings"),
        styles=only_part(archive, known, "styles"),
        from_1904=listed.from_1904,
        recalculates=listed.recalculates,
    )


def _sheet_parts(archive: Archive, listed: _Sheets, known: Mapping[str, Relation]) -> list[SheetPart]:
    sheets: list[SheetPart] = []
    for name, state, relation_id in listed.sheets:
        relation = known.get(relation_id)
        if relation is None or relation.part not in archive.parts:
            raise archive.corrupt(name or "sheet", "the sheet is listed, but is not in the file")
        if relation.kind.lower() not in _NO_TABLES:
            sheets.append(SheetPart(name=name, visibility=_STATES.get(state, "visible"), part=relation.part))
    return sheets


def only_part(archive: Archive, known: Mapping[str, Relation], kind: str) -> str | None:
    """The one part of a kind; None if the workbook lists none. InputError if it is listed and missing."""
    parts = [item.part for item in known.values() if item.kind == kind]
    if parts and parts[0] not in archive.parts:  # without it cells would be shown otherwise, in silence
        raise archive.corrupt(parts[0], "the part is listed, but is not in the file")
    return parts[0] if parts else None


@dataclass(slots=True)
class _Relations:
    base: str
    relations: dict[str, Relation] = field(default_factory=dict)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if local(name) != "Relationship" or attributes.get("TargetMode") == "External":
            return
        target = attributes.get("Target", "").replace("\\", "/")
        path = target if target.startswith("/") else posixpath.join(self.base, target)
        kind = attributes.get("Type", "").rpartition("/")[2]
        self.relations[attributes.get("Id", "")] = Relation(kind=kind, part=part_name(posixpath.normpath(path)))

    def end(self, name: str) -> None:
        """Nothing to close."""

    def text(self, text: str) -> None:
        """No text is expected."""


@dataclass(slots=True)
class _ContentTypes:
    parts: dict[str, str] = field(default_factory=dict)
    extensions: dict[str, str] = field(default_factory=dict)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        stated = attributes.get("ContentType", "").lower()
        if local(name) == "Override":
            self.parts[part_name(attributes.get("PartName", ""))] = stated
        elif local(name) == "Default":
            self.extensions[attributes.get("Extension", "").lower()] = stated

    def end(self, name: str) -> None:
        """Nothing to close."""

    def text(self, text: str) -> None:
        """No text is expected."""


@dataclass(slots=True)
class _Root:
    name: str = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        del attributes
        self.name = self.name or name

    def end(self, name: str) -> None:
        """Nothing to close."""

    def text(self, text: str) -> None:
        """No text is expected."""


@dataclass(slots=True)
class _Sheets:
    sheets: list[tuple[str, str, str]] = field(default_factory=list)
    from_1904: bool = False
    recalculates: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if spreadsheet(name) == "workbookPr":
            self.from_1904 = attributes.get("date1904", "") in _TRUE
        elif spreadsheet(name) == "calcPr":
            self.recalculates = attributes.get("fullCalcOnLoad", "") in _TRUE
        elif spreadsheet(name) == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith("relationships id")), "")
            self.sheets.append((attributes.get("name", ""), attributes.get("state", ""), relation))

    def end(self, name: str) -> None:
        """Nothing to close."""

    def text(self, text: str) -> None:
        """No text is expected."""
