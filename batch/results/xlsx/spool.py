"""Sheet XML on its way into the workbook: kept compressed, in memory while small, in a nameless file when not."""

import tempfile
import zlib
from collections.abc import Iterator
from typing import IO, cast

_IN_MEMORY_BYTES = 16 * 2**20
_PIECES_AT_ONCE = 2_000
_READ_BYTES = 2**18


class Spool:
    """Text written once, piece by piece, and then read at most once. To be closed."""

    def __init__(self) -> None:
        self._file = cast("IO[bytes]", tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES))  # noqa: SIM115  lives as long as the spool
        self._deflate = zlib.compressobj(level=1)
        self._pieces: list[str] = []

    def write(self, piece: str) -> None:
        self._pieces.append(piece)
        if len(self._pieces) >= _PIECES_AT_ONCE:
            self._flush()

    def read(self) -> Iterator[bytes]:
        """What was written, as UTF-8."""
        self._flush()
        self._file.write(self._deflate.flush())
        self._file.seek(0)
        inflate = zlib.decompressobj()
        while block := self._file.read(_READ_BYTES):
            yield inflate.decompress(block)

    def close(self) -> None:
        self._file.close()

    def _flush(self) -> None:
        self._file.write(self._deflate.compress("".join(self._pieces).encode()))
        self._pieces.clear()
