"""The disk's refusals as OutputErrors, and files that are either whole or absent."""

from __future__ import annotations

import errno
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from batch.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

_ELSEWHERE = "Choose another folder with --out"
_CAUSES = {
    errno.ENOSPC: ("disk_full", "the disk is full. Make room and run again"),
    errno.EDQUOT: ("disk_full", "the disk quota is used up. Make room and run again"),
    errno.EFBIG: ("disk_full", f"the file is larger than is allowed there. {_ELSEWHERE}"),
    errno.EACCES: ("no_permission", f"it is not allowed, or the file is open in another program. {_ELSEWHERE}"),
    errno.EPERM: ("no_permission", f"it is not allowed. {_ELSEWHERE}"),
    errno.EROFS: ("no_permission", f"that disk can only be read. {_ELSEWHERE}"),
    errno.ENOENT: ("no_folder", f"there is no such folder. {_ELSEWHERE}"),
    errno.ENOTDIR: ("no_folder", f"part of that path is a file, not a folder. {_ELSEWHERE}"),
    errno.EEXIST: ("no_folder", f"part of that path is a file, not a folder. {_ELSEWHERE}"),
    errno.ENAMETOOLONG: ("name_too_long", "the name is too long. Give the input a shorter name"),
}


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn an OSError of the block into an OutputError about `path`."""
    try:
        yield
    except OSError as cause:
        code, why = _CAUSES.get(cause.errno or 0, ("cannot_write", f"{cause.strerror or cause}. {_ELSEWHERE}"))
        raise OutputError(code, f"{path.name} cannot be written in {path.parent}: {why}.") from cause


@contextmanager
def whole_file(path: Path, *, overwrite: bool) -> Iterator[Path]:
    """Give a name to write to; after the block the file stands at `path`, whole, or not at all if the block failed."""
    with disk_errors(path):
        refuse_to_overwrite(path, overwrite=overwrite)
        with tempfile.TemporaryDirectory(prefix=".flireo-batch-", dir=path.parent) as folder:
            staged = Path(folder) / path.name
            yield staged
            refuse_to_overwrite(path, overwrite=overwrite)
            publish(staged, path)


def refuse_to_overwrite(path: Path, *, overwrite: bool) -> None:
    if not overwrite and os.path.lexists(path):
        raise OutputError(
            "file_exists",
            f"{path.name} already exists in {path.parent} and was left as it is. "
            "Move it away, choose another name, or allow it to be replaced with --overwrite.",
        )


def publish(staged: Path, path: Path) -> None:
    """Give a finished file its name, so that even a power failure leaves it whole or absent."""
    with staged.open("rb+") as file:
        os.fsync(file.fileno())
    staged.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Makes new, changed and removed names in a folder outlast a power cut."""
    if os.name == "nt":  # pragma: no cover  Windows has no way to sync a folder, and no need
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
