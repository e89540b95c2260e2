"""OpenDocument spreadsheets (ODS), read from their XML, which holds every cell as it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from batch.model import Notice
from batch.reading.batches import Batch
from batch.reading.ods.content import OdsListener, OdsSheet
from batch.reading.options import Limits
from batch.reading.refusals import refusal
from batch.reading.survey import Sheet
from batch.reading.workbook.archive import Archive
from batch.reading.workbook.facts import SheetFacts
from batch.reading.workbook.markup import feeder, listen, local
from batch.reading.workbook.opened import OpenSheet, WorkbookReader, workbook_reader
from batch.reading.workbook.rawrows import raw_batches

_CONTENT, _MANIFEST = "content.xml", "meta-inf/manifest.xml"


def open_ods(archive: Archive, limits: Limits, notices: tuple[Notice, ...]) -> WorkbookReader:
    """The reader of an OpenDocument spreadsheet; all of its content is parsed once, so that it is proved sound."""
    if _CONTENT not in archive.parts:
        raise archive.corrupt(_CONTENT, "it is missing")
    _refuse_encrypted(archive)
    survey = OdsListener(file=archive.file.name, limits=limits)
    listen(archive, _CONTENT, survey)
    opened = [
        OpenSheet(
            sheet=Sheet(name=sheet.name, visibility="hidden" if sheet.style in survey.hidden_styles else "visible"),
            facts=_facts(sheet),
            parse=partial(_rows, archive, limits, place),
        )
        for place, sheet in enumerate(survey.sheets)
    ]
    return workbook_reader(archive.file.name, "ods", limits, notices, opened)


def _rows(archive: Archive, limits: Limits, place: int) -> Iterator[Batch]:
    listener = OdsListener(file=archive.file.name, limits=limits, wanted=place)
    feed = feeder(archive, _CONTENT, listener)
    for block in archive.blocks(_CONTENT):
        feed(block)
        yield from raw_batches(listener.taken())
        if listener.finished:
            return


def _facts(sheet: OdsSheet) -> SheetFacts:
    return SheetFacts(
        merged=tuple(sheet.merged),
        hidden_rows=tuple(sheet.hidden_rows),
        hidden_count=sheet.hidden_count,
        hidden_columns=tuple(sheet.hidden_columns),
        filtered=sheet.filtered,
    )


def _refuse_encrypted(archive: Archive) -> None:
    manifest = _Manifest()
    if _MANIFEST in archive.parts:
        listen(archive, _MANIFEST, manifest)
    if manifest.encrypted:
        raise refusal(
            archive.file.name,
            "encrypted_file",
            "the file is protected by a password. Save it without one and send it again.",
        )


@dataclass(slots=True)
class _Manifest:
    encrypted: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        del attributes
        self.encrypted = self.encrypted or local(name) == "encryption-data"

    def end(self, name: str) -> None:
        """Nothing to close."""

    def text(self, text: str) -> None:
        """No text is expected."""
