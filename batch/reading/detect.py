"""What a file is, by its content; whatever is no table is refused by name.

The name of a file only adds a notice where it says something else than the content.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from batch.errors import InputError
from batch.model import Notice, sentence
from batch.reading.kinds import ENDINGS, ZIP_STARTS, Kind
from batch.reading.options import Limits
from batch.reading.refusals import refusal
from batch.reading.signatures import refuse_others
from batch.reading.stored import StoredFile
from batch.reading.unlocking import OPENED, OtherPasswordError, opened_package
from batch.reading.workbook.archive import Archive, open_archive
from batch.reading.xls.book import STREAMS
from batch.reading.xls.compound import SIGNATURE, Compound, DamagedCompoundError, open_compound
from batch.reading.xlsx.package import content_type, is_workbook, main_part

_START = 4096
_BEFORE_OLE = (  # BIFF 2, 3 and 4; and 5 and 8 without the container that they belong in
    b"\x09\x00\x04\x00",
    b"\x09\x02\x06\x00",
    b"\x09\x04\x06\x00",
    b"\x09\x08\x08\x00",
    b"\x09\x08\x10\x00",
)
_DOCUMENTS = {"WordDocument", "PowerPoint Document", "VisioDocument", "__properties_version1.0"}
_NAMES: Mapping[Kind, str] = {
    Kind.TEXT: "a text table (CSV)",
    Kind.XLSX: "an Excel workbook (XLSX)",
    Kind.XLSM: "an Excel workbook with macros (XLSM)",
    Kind.XLS: "an old Excel workbook (XLS)",
    Kind.XLSB: "a binary Excel workbook (XLSB)",
    Kind.ODS: "an OpenDocument spreadsheet (ODS)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ZippedBook:
    """A zipped workbook and its main part."""

    kind: Kind
    archive: Archive
    main: str
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OldBook:
    """A workbook in a compound file."""

    compound: Compound
    kind: Kind = Kind.XLS
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTable:
    """A file that is known to be nothing else than text."""

    kind: Kind = Kind.TEXT
    notices: tuple[Notice, ...] = ()


def find_kind(file: StoredFile, limits: Limits) -> ZippedBook | OldBook | TextTable:
    """What `file` is; InputError if it is no table that can be read."""
    with file.opened() as stream:
        start = stream.read(_START)
    if start.startswith(ZIP_STARTS):
        return _zipped(file, open_archive(file, limits))
    if start.startswith(SIGNATURE):
        return _compound(file, limits)
    if start.startswith(_BEFORE_OLE):
        raise refusal(
            file.name,
            "old_excel",
            "the file was made by Excel 4 or older, which is not read. Open it in a spreadsheet program, save it as "
            "XLSX, and send that.",
        )
    refuse_others(file.name, start)
    return TextTable()


def wrong_ending(file: StoredFile, kind: Kind) -> tuple[Notice, ...]:
    """A notice if the file's name promises something else than what it is."""
    ending = file.path.suffix.lower().removeprefix(".")
    if ending in ENDINGS[kind]:
        return ()
    if not ending:
        said = sentence("The name has no ending; by its content the file is {kind}.", kind=_NAMES[kind])
    else:
        said = sentence(
            "The name ends in .{ending}, but by its content the file is {kind}; it was read as that.",
            ending=ending,
            kind=_NAMES[kind],
        )
    return (Notice(code="wrong_extension", sentence=said),)


def _zipped(file: StoredFile, archive: Archive) -> ZippedBook:
    if "mimetype" in archive.parts:
        media_type = archive.read("mimetype", 200)
        if b"opendocument.spreadsheet" not in media_type:
            raise _other_document(file)
        return ZippedBook(kind=Kind.ODS, archive=archive, main="content.xml")
    main = main_part(archive)
    if main is None:
        return _unknown_zip(file, archive)
    stated = content_type(archive, main)
    if "binary" in stated or main.endswith(".bin"):
        return ZippedBook(kind=Kind.XLSB, archive=archive, main=main)
    if is_workbook(archive, main, stated):
        return ZippedBook(kind=Kind.XLSX, archive=archive, main=main)
    if "ms-excel" in stated:
        return ZippedBook(kind=Kind.XLSM, archive=archive, main=main)
    raise _other_document(file)


def _unknown_zip(file: StoredFile, archive: Archive) -> ZippedBook:
    if {"content.xml", "meta-inf/manifest.xml"} <= archive.parts.keys():
        return ZippedBook(kind=Kind.ODS, archive=archive, main="content.xml")
    if any(name.endswith(".iwa") for name in archive.parts):
        raise refusal(
            file.name,
            "not_a_spreadsheet",
            "the file is an Apple Numbers document. Export it as Excel or CSV and send that.",
        )
    raise refusal(
        file.name,
        "compressed_file",
        "the file is a zip archive, not a spreadsheet. Unpack it and send the spreadsheet that is in it.",
    )


def _compound(file: StoredFile, limits: Limits) -> ZippedBook | OldBook:
    """Office files from before 2007, and encrypted ones of today, share one container."""
    if file.size > limits.compound_bytes:
        raise refusal(
            file.name,
            "file_too_large",
            "the file is an old Excel workbook, or an encrypted one, of {size:,} bytes; at most {limit:,} are read. "
            "Save it as XLSX without a password.",
            size=file.size,
            limit=limits.compound_bytes,
        )
    try:
        compound = open_compound(b"".join(file.blocks(1 << 20)))
    except DamagedCompoundError as error:
        raise _damaged(file, error) from error
    if {"EncryptedPackage", "EncryptionInfo"} & compound.entries.keys():
        return _encrypted(file, compound, limits)
    if not compound.entries.keys().isdisjoint(STREAMS):
        return OldBook(compound=compound)
    if _DOCUMENTS & compound.entries.keys():
        raise _other_document(file)
    raise _damaged(file, "no workbook is in it")


def _encrypted(file: StoredFile, compound: Compound, limits: Limits) -> ZippedBook:
    try:
        package = opened_package(compound.whole, compound.read("EncryptionInfo"))
    except (OtherPasswordError, DamagedCompoundError, KeyError) as error:
        raise refusal(
            file.name, "encrypted_file", "the file is protected by a password. Save it without one and send it again."
        ) from error
    unlocked = replace(file, size=len(package), unlocked=package)
    return replace(_zipped(unlocked, open_archive(unlocked, limits)), notices=(OPENED,))


def _other_document(file: StoredFile) -> InputError:
    return refusal(
        file.name,
        "not_a_spreadsheet",
        "the file is a document of another kind (such as Word, PowerPoint or a message), not a spreadsheet. "
        "Send a spreadsheet.",
    )


def _damaged(file: StoredFile, reason: object) -> InputError:
    return refusal(
        file.name,
        "corrupt_file",
        "the file is damaged ({reason}). Open it in Excel, save it under a new name, and send that.",
        reason=reason,
    )
