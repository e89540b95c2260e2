"""XML, streamed through expat with document types and entities refused; the only user of xml.parsers.expat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol
from xml.parsers import expat

from batch.reading.workbook.archive import Archive

SPREADSHEET = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_BUFFER = 1 << 16
_NO_MEMORY = expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]
_LONGEST_STRETCH = 4 << 20
_LONGEST_TAG = 8 << 20


class Listener(Protocol):
    """What is told of a document: names are "namespace local", text comes in one or more pieces."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...


class _UnsafeError(Exception):
    """What no spreadsheet program writes, and how XML is made to explode."""


def local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition(" ")[2]


def spreadsheet(name: str) -> str:
    """A name of the spreadsheet vocabulary (transitional, strict, or without any) without its namespace, else ""."""
    namespace, _, tag = name.rpartition(" ")
    return tag if namespace in SPREADSHEET or not namespace else ""


class Feed(Protocol):
    """Takes a part's bytes, the last time with `final`."""

    def __call__(self, data: bytes, *, final: bool = False) -> None: ...


def feeder(archive: Archive, part: str, listener: Listener) -> Feed:
    """A function that tells the listener what it is fed; InputError if that is not sound XML."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_size = _BUFFER
    parser.buffer_text = True
    parser.StartElementHandler = listener.start
    parser.EndElementHandler = listener.end
    parser.CharacterDataHandler = listener.text
    parser.StartDoctypeDeclHandler = _refuse

    fed = 0

    def feed(data: bytes, *, final: bool = False) -> None:
        nonlocal fed
        with _refusing(archive, part):
            parser.Parse(data, final)
        fed += len(data)
        if fed - parser.CurrentByteIndex > _LONGEST_TAG:  # expat reads a tag anew from its start with every piece
            raise archive.corrupt(part, "a tag has no end")

    return feed


def listen(archive: Archive, part: str, listener: Listener) -> None:
    """Tells the listener the whole part."""
    feed = feeder(archive, part, listener)
    for block in archive.blocks(part):
        feed(block)
    feed(b"", final=True)


def stretches(blocks: Iterable[bytes], end: bytes) -> Iterator[bytes]:
    """The bytes of the blocks, cut after the last `end` that is known; the rest comes last, cut anyhow."""
    waiting = b""
    for block in blocks:
        waiting += block
        cut = waiting.rfind(end) + len(end)
        if cut >= len(end):
            yield waiting[:cut]
            waiting = waiting[cut:]
        elif len(waiting) > _LONGEST_STRETCH:
            yield waiting
            waiting = b""
    if waiting:
        yield waiting


def _refuse(*_declaration: object) -> None:
    raise _UnsafeError


@contextmanager
def _refusing(archive: Archive, part: str) -> Iterator[None]:
    try:
        yield
    except _UnsafeError as error:
        raise archive.unsafe(part) from error
    except (expat.ExpatError, ValueError, LookupError) as error:
        if isinstance(error, expat.ExpatError) and error.code == _NO_MEMORY:
            raise MemoryError from error
        raise archive.corrupt(part, error) from error
