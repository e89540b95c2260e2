"""Moving files so that none is ever lost or written over, and a move that was cut short can simply be done again."""

from __future__ import annotations

import errno
import filecmp
import os
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from batch.results.disk import disk_errors, sync_folder

# Where hard links do not exist, or may not be made (of a file that is somebody else's).
_NO_LINKS = frozenset({errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})


def move(source: Path, target: Path, *, overwrite: bool = False) -> Path:
    """Moves a file to `target`, or to a numbered name beside it if another file has that; where it stands now.

    With `overwrite` another file goes instead, but never a folder. If `source` is gone, an earlier call got this far.
    Raises OutputError where the disk refuses; then the file still has one of the two names.
    """
    with disk_errors(target):
        make_folder(target.parent)
        if overwrite and os.path.lexists(source) and target.is_file() and not _is_copy(source, target):
            target.unlink()
        return next(name for name in _numbered(target) if _stands_at(source, name))


def make_folder(folder: Path) -> None:
    """Makes a folder, with those above it, that outlasts a power cut."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def _numbered(target: Path) -> Iterator[Path]:
    yield target
    for number in count(2):
        yield target.with_name(f"{target.stem}-{number}{target.suffix}")


def _stands_at(source: Path, name: Path) -> bool:
    """Whether the file stands at `name` now; False if that belongs to another."""
    if not os.path.lexists(source):
        return True
    try:
        if not os.path.lexists(name):
            _give_name(source, name)
        elif not _is_copy(source, name):
            return False
    except FileExistsError:  # somebody put a file there just now
        return False
    source.unlink(missing_ok=True)
    sync_folder(name.parent)
    sync_folder(source.parent)
    return True


def _give_name(source: Path, name: Path) -> None:
    """Gives the file a second name, which must be free; on another file system that is a copy.

    Not a rename: that would write over a file that arrives under the same name at this instant.
    """
    try:
        os.link(source, name, follow_symlinks=False)
    except OSError as refused:
        if refused.errno == errno.EXDEV:
            _copy(source, name)
        elif refused.errno in _NO_LINKS:
            source.rename(name)
        else:
            raise


def _copy(source: Path, name: Path) -> None:
    partial = name.with_name(f".{name.name}.flireo-partial")
    shutil.copy2(source, partial)
    with partial.open("rb+") as stream:
        os.fsync(stream.fileno())
    try:
        _give_name(partial, name)
    finally:
        partial.unlink(missing_ok=True)


def _is_copy(source: Path, name: Path) -> bool:
    """Whether an earlier call was cut short after the file got its new name and before it lost its old one."""
    mine, other = source.lstat(), name.lstat()
    if os.path.samestat(mine, other):
        return True
    return mine.st_dev != other.st_dev and name.is_file() and filecmp.cmp(source, name, shallow=False)
