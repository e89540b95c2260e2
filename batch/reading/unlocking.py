"""Encrypted workbooks that open without a question, because they have Excel's own password; sole user of msoffcrypto.

Excel encrypts with this password when a person protects a workbook without choosing one to open it. Source:
[MS-OFFCRYPTO] 2.3 and 2.4, [MS-XLS] 2.2.10 (what of an XLS stream is never encrypted).
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple, cast
from xml.parsers.expat import ExpatError

from batch.model import Notice, sentence

if TYPE_CHECKING:
    from msoffcrypto.format.xls97 import Xls97File

OPENED = Notice(
    code="default_password",
    sentence=sentence(
        "The workbook is encrypted, but with the password that Excel uses by itself and tries first, so that it could "
        "be read."
    ),
)
_PASSWORD = "VelvetSweatshop"  # noqa: S105 -- known to everybody
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
_MOST_INFORMATION = 1 << 20
_FILE_PASS, _BOUND_SHEET = 0x002F, 0x0085
_NEVER_ENCRYPTED = (0x0809, _FILE_PASS, 0x0194, 0x0195, 0x00E1, 0x0196, 0x0138)  # BOF to RRDHead
_REKEYED = 1024  # bytes of an XLS stream
_MOST_OBFUSCATED = 32 << 20  # an old method that the library undoes byte by byte


class OtherPasswordError(Exception):
    """The workbook has a password of its own, or is encrypted in a way that is not known."""


def opened_package(whole: bytes, information: bytes) -> bytes:
    """The zipped workbook in an encrypted compound file; `information` is its stream that says how.

    Raises OtherPasswordError.
    """
    plain = information.replace(b"\0", b"").upper()
    if len(information) > _MOST_INFORMATION or any(declared in plain for declared in _DECLARATIONS):
        raise OtherPasswordError
    with _declining():
        from msoffcrypto.format.ooxml import OOXMLFile  # noqa: PLC0415 -- only the few that are encrypted need it

        package, book = io.BytesIO(), OOXMLFile(io.BytesIO(whole))
        book.load_key(password=_PASSWORD, verify_password=True)
        book.decrypt(package)
        return package.getvalue()


def opened_stream(whole: bytes, stream: bytes) -> bytes:
    """The stream of an XLS workbook, which has a FilePass record, without encryption. Raises OtherPasswordError."""
    with _declining():
        from msoffcrypto.format.xls97 import Xls97File  # noqa: PLC0415

        book = Xls97File(io.BytesIO(whole))
        book.load_key(password=_PASSWORD)
        spans = list(_plain_spans(stream))
        found = bytearray(_decrypted(book, stream, spans))
    for span in spans:
        found[span.start : span.stop] = stream[span.start : span.stop]
        if span.is_pass:  # the stream is now one without a password
            found[span.start : span.start + 2] = b"\0\0"
    return bytes(found)


class _Span(NamedTuple):
    """A stretch of a stream that is not encrypted. `is_pass`: the record that says how the others are."""

    start: int
    stop: int
    is_sheet: bool = False
    is_pass: bool = False


def _plain_spans(stream: bytes) -> Iterator[_Span]:
    place = 0
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<2H", stream, place)
        plain = size if kind in _NEVER_ENCRYPTED else 4 if kind == _BOUND_SHEET else 0  # where a sheet starts is plain
        end = min(place + 4 + size, len(stream))
        yield _Span(place, min(place + 4 + plain, end), kind == _BOUND_SHEET, kind == _FILE_PASS)
        place = end


def _decrypted(book: Xls97File, stream: bytes, plain: list[_Span]) -> bytes:
    """Every byte of the stream decrypted in its place, also those that were not encrypted."""
    from msoffcrypto.method.rc4 import DocumentRC4  # noqa: PLC0415
    from msoffcrypto.method.rc4_cryptoapi import DocumentRC4CryptoAPI  # noqa: PLC0415
    from msoffcrypto.method.xor_obfuscation import DocumentXOR  # noqa: PLC0415

    match book.type:
        case "rc4":
            found = DocumentRC4.decrypt(book.key, book.salt, io.BytesIO(stream), _REKEYED)
        case "rc4_cryptoapi":
            found = DocumentRC4CryptoAPI.decrypt(book.key, book.salt, book.keySize, io.BytesIO(stream), _REKEYED)
        case "xor" if len(stream) <= _MOST_OBFUSCATED:
            found = DocumentXOR.decrypt(book.key, io.BytesIO(stream), _marked(stream, plain), [], 0)
        case _:
            raise OtherPasswordError
    return cast("bytes", found.getvalue())


def _marked(stream: bytes, plain: list[_Span]) -> list[int]:
    """As the library wants it: 0 for a plain byte, -1 for an obfuscated one, -2 for one in the record of a sheet."""
    marks = [-1] * len(stream)
    for span, following in zip_longest(plain, plain[1:]):
        marks[span.start : span.stop] = [0] * (span.stop - span.start)
        if span.is_sheet:
            end = following.start if following else len(stream)
            marks[span.stop : end] = [-2] * (end - span.stop)
    return marks


@contextmanager
def _declining() -> Iterator[None]:
    """Whatever is wrong with the description of an encryption: then nobody can tell that the password is Excel's."""
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, ParseError  # noqa: PLC0415

    try:
        yield
    except (
        DecryptionError,
        FileFormatError,
        ParseError,
        ExpatError,
        struct.error,
        AssertionError,
        AttributeError,  # an unknown way of encryption leaves the library without one
        LookupError,
        OSError,
        TypeError,
        ValueError,
    ) as error:
        raise OtherPasswordError from error
