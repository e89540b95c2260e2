"""OLE2 compound files: the streams inside an old Office file, or an encrypted one.

Source: [MS-CFB]. Every chain of sectors is bounded by the size of the file, since damaged files have chains that bite
their own tails; a table that points outside the file is damage too.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

from batch.reading.kinds import COMPOUND_START

SIGNATURE = COMPOUND_START
_LAST = 0xFFFFFFFA  # this and all above are marks, not sectors
_ENTRY, _HEADER, _IN_HEADER = 128, 512, 109
_STREAM, _ROOT = 2, 5
_SECTOR_SHIFTS = (9, 12)


class DamagedCompoundError(Exception):
    """The file's own tables contradict each other, or end too soon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One stream: its first sector and its size in bytes."""

    first: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Compound:
    """The streams of a compound file by name; small ones lie in sectors of their own kind within `_small`."""

    entries: Mapping[str, Entry]
    _data: bytes
    _shift: int
    _next: tuple[int, ...]
    _small: bytes
    _small_shift: int
    _small_next: tuple[int, ...]
    _cutoff: int

    @property
    def whole(self) -> bytes:
        """The bytes of the file."""
        return self._data

    def read(self, name: str) -> bytes:
        """The bytes of the stream `name`."""
        entry = self.entries[name]
        if entry.size < self._cutoff:
            found = _chain(self._small, 0, self._small_shift, self._small_next, entry.first)
        else:
            found = _chain(self._data, _HEADER, self._shift, self._next, entry.first)
        if len(found) < entry.size:
            raise DamagedCompoundError(f"the stream {name} is cut off")
        return found[: entry.size]


def open_compound(data: bytes) -> Compound:
    """The compound file that `data` is."""
    try:
        return _opened(data)
    except struct.error as error:
        raise DamagedCompoundError("the header is cut off") from error


def _opened(data: bytes) -> Compound:
    shift, small_shift = struct.unpack_from("<2H", data, 30)
    directory, _, cutoff, small_table, small_count, extra, extra_count = struct.unpack_from("<7I", data, 48)
    if shift not in _SECTOR_SHIFTS or small_shift >= shift:
        raise DamagedCompoundError("the header is not one")
    following = _table(data, shift, extra, extra_count)
    listed = _chain(data, _HEADER, shift, following, directory)
    entries, root = _entries(listed)
    small_next = _numbers(_chain(data, _HEADER, shift, following, small_table)) if small_count else ()
    small = _chain(data, _HEADER, shift, following, root.first) if root and root.size else b""
    return Compound(
        entries=entries,
        _data=data,
        _shift=shift,
        _next=following,
        _small=small,
        _small_shift=small_shift,
        _small_next=small_next,
        _cutoff=cutoff,
    )


def _table(data: bytes, shift: int, extra: int, extra_count: int) -> tuple[int, ...]:
    """For each sector the one that follows it. The sectors of this table are listed in the header and beyond."""
    places = list(struct.unpack_from(f"<{_IN_HEADER}I", data, 76))
    for _ in range(min(extra_count, len(data) >> shift)):
        if extra >= _LAST:
            break
        *more, extra = _numbers(_sector(data, _HEADER, shift, extra))
        places += more
    return tuple(
        number for place in places if place < _LAST for number in _numbers(_sector(data, _HEADER, shift, place))
    )


def _numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _sector(data: bytes, base: int, shift: int, place: int) -> bytes:
    start = _start(base, shift, place)
    if start >= len(data):
        raise DamagedCompoundError("a sector lies outside the file")
    return data[start : start + (1 << shift)]


def _start(base: int, shift: int, place: int) -> int:
    """Sectors of the file come after a header that takes a whole sector."""
    return (place << shift) + (max(base, 1 << shift) if base else 0)


def _chain(data: bytes, base: int, shift: int, following: tuple[int, ...], place: int) -> bytes:
    sectors: list[bytes] = []
    while place < _LAST:
        if place >= len(following) or len(sectors) > len(data) >> shift:
            raise DamagedCompoundError("a chain of sectors has no end")
        sectors.append(_sector(data, base, shift, place))
        place = following[place]
    return b"".join(sectors)


def _entries(listed: bytes) -> tuple[dict[str, Entry], Entry | None]:
    """The streams by name, and the root, which holds the small ones."""
    entries: dict[str, Entry] = {}
    root = None
    for start in range(0, len(listed) - _ENTRY + 1, _ENTRY):
        length, kind = struct.unpack_from("<HB", listed, start + 64)
        first, size = struct.unpack_from("<2I", listed, start + 116)
        name = listed[start : start + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
        if kind == _ROOT:
            root = Entry(first=first, size=size)
        elif kind == _STREAM:
            entries.setdefault(name, Entry(first=first, size=size))
    return entries, root
