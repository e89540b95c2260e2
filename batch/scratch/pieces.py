"""Pieces of data put away and read again: in memory while they are few, in a nameless file when not."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO, NamedTuple, cast

import pyarrow as pa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from batch.scratch.refusals import scratch_errors

_IN_MEMORY_BYTES = 8 << 20
_KEY_BITS = 256
_NONCE_BYTES = 12
_CODEC = "lz4"  # takes less time than the disk would take for what it saves


class _Place(NamedTuple):
    """Where a piece is, how much of the file it takes, and how long it is; in bytes."""

    offset: int
    stored: int
    size: int


class Pieces:
    """Bytes, put away in order and read again by number, as often as one likes. To be closed.

    The file has no name, so that the system takes it back when the process ends, however that comes about. What it
    holds is sealed (AES-GCM) under a key that exists only in this process: nothing of a customer can be found on the
    disk afterwards. Raises OutputError where the disk refuses.
    """

    def __init__(self, in_memory_bytes: int = _IN_MEMORY_BYTES) -> None:
        self._file = cast("IO[bytes]", tempfile.SpooledTemporaryFile(in_memory_bytes))  # noqa: SIM115  lives as long
        self._seal = AESGCM(AESGCM.generate_key(_KEY_BITS))
        self._places: list[_Place] = []
        self._end = 0

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[bytes]:
        return (self.get(number) for number in range(len(self)))

    def put(self, piece: bytes) -> None:
        """Put `piece` away under the next number, from 0."""
        packed: bytes = pa.compress(piece, codec=_CODEC, asbytes=True)
        sealed = self._seal.encrypt(_nonce(len(self)), packed, None)
        with scratch_errors():
            self._file.seek(self._end)
            self._file.write(sealed)
        self._places.append(_Place(offset=self._end, stored=len(sealed), size=len(piece)))
        self._end += len(sealed)

    def get(self, number: int) -> bytes:
        place = self._places[number]
        with scratch_errors():
            self._file.seek(place.offset)
            sealed = self._file.read(place.stored)
        packed = self._seal.decrypt(_nonce(number), sealed, None)
        piece: bytes = pa.decompress(packed, place.size, codec=_CODEC, asbytes=True)
        return piece

    def close(self) -> None:
        self._file.close()


def _nonce(number: int) -> bytes:
    """What must never be used twice under one key; a number is not."""
    return number.to_bytes(_NONCE_BYTES, "big")
