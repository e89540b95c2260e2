"""Where the answer to an input goes: names kept for one run, and files that appear all at once or not at all.

While files are written they stand in a hidden folder beside their later places. Making that folder claims the
number; a lock that the system drops with the process tells a folder in use from one that a killed run left behind.
"""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING

from batch.errors import OutputError
from batch.model import sentence
from batch.results.disk import disk_errors, publish, refuse_to_overwrite
from batch.results.names import (
    OutputPaths,
    batch_stem,
    is_merged_name,
    numbered,
    numbered_alone,
    numbered_merged,
    results_alone,
    stem_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from batch.results.report import Form

if sys.platform != "win32":  # pragma: no branch  tested on systems that have it
    import fcntl


@dataclass(frozen=True, slots=True, kw_only=True)
class Outputs:
    """Claimed names: write to `staged`, then `publish`. What is not published vanishes."""

    final: OutputPaths
    staged: OutputPaths
    overwrite: bool

    def without_failed(self) -> Outputs:
        """The same for an answer that has no failed file."""
        return replace(self, final=replace(self.final, alone=True), staged=replace(self.staged, alone=True))

    def publish(self) -> tuple[Path, Path | None]:
        """Move what was written to its place; the paths of the results and, if there is one, the failed file.

        The results come last: where they are, all is. With `overwrite` an earlier failed file goes when nothing takes
        its place, because it would contradict this answer.
        """
        failed = self.staged.failed.exists()
        for staged, final in zip(self.staged.all(), self.final.all(), strict=True):
            if staged.exists():
                with disk_errors(final):
                    refuse_to_overwrite(final, overwrite=self.overwrite)
                    publish(staged, final)
        if self.overwrite and not failed and not self.final.alone:
            with disk_errors(self.final.failed):
                self.final.failed.unlink(missing_ok=True)
        return self.final.results, self.final.failed if failed else None


def output_paths(source: Path, out_dir: Path | None, *, overwrite: bool, form: Form, failed_form: Form) -> OutputPaths:
    """The names that the answer to `source` would get now. Raises OutputError if they could not be written.

    To be asked before anything is sent: a run whose answer has no place must not begin.
    """
    with claim_outputs(source, out_dir, overwrite=overwrite, form=form, failed_form=failed_form) as outputs:
        return outputs.final


@contextmanager
def claim_outputs(
    source: Path, out_dir: Path | None, *, overwrite: bool, form: Form, failed_form: Form
) -> Iterator[Outputs]:
    """Claim names for the answer to `source`, beside it or in `out_dir` (made if it is not there).

    customers.xlsx gives customers.results.xlsx and customers.failed.xlsx; if one of the two exists,
    customers.results-2.xlsx and customers.failed-2.xlsx, and so on. With `overwrite` the first names are taken again,
    but never that of `source` itself. No other run gets the same names until the block ends.
    """
    folder, stem = source.parent if out_dir is None else out_dir, stem_of(source)
    rounds = (numbered(folder, stem, number, form, failed_form) for number in count(1))
    with _claim_first(rounds, source, overwrite=overwrite) as outputs:
        yield outputs


@contextmanager
def claim_results(past: Path, out_dir: Path | None, *, form: Form) -> Iterator[Outputs]:
    """Claim the next free name of the batch for results that tell more than `past`, which are left as they are."""
    folder, stem = past.parent if out_dir is None else out_dir, batch_stem(past)
    name = numbered_merged if is_merged_name(past) else numbered_alone
    with _claim_first((name(folder, stem, number, form) for number in count(1)), past, overwrite=False) as outputs:
        yield outputs.without_failed()


@contextmanager
def claim_merged(past: Path, out_dir: Path | None, *, overwrite: bool, form: Form) -> Iterator[Outputs]:
    """Claim a name for the whole batch that `past` belongs to: customers.merged.xlsx."""
    folder, stem = past.parent if out_dir is None else out_dir, batch_stem(past)
    names = (numbered_merged(folder, stem, number, form) for number in count(1))
    with _claim_first(names, past, overwrite=overwrite) as outputs:
        yield outputs


@contextmanager
def claim_again(past: Path) -> Iterator[Outputs]:
    """Claim the name of an answer that is there, to be replaced. Raises OutputError while another run has it."""
    final = results_alone(past)
    with disk_errors(past):
        claim = _claim_folder(final)
        if claim is None:
            said = sentence("{file} is being written by another run. Try again when it has ended.", file=past.name)
            raise OutputError("file_in_use", said)
    try:
        yield Outputs(final=final, staged=final.moved(claim.folder), overwrite=True)
    finally:
        claim.release()


@contextmanager
def _claim_first(names: Iterable[OutputPaths], source: Path, *, overwrite: bool) -> Iterator[Outputs]:
    """Claim the first of the names that is free."""
    claims = ((final, _claim(final, source, overwrite=overwrite)) for final in names)
    final, claim = next((final, claim) for final, claim in claims if claim)
    try:
        yield Outputs(final=final, staged=final.moved(claim.folder), overwrite=overwrite)
    finally:
        claim.release()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    """A hidden folder that is ours; `lock` is the open file that holds it, None where folders cannot be locked."""

    folder: Path
    lock: int | None

    def release(self) -> None:
        """Remove the folder with whatever was not published. Only then may others have it."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.lock is not None:  # pragma: no branch  see _lock
            os.close(self.lock)


def _claim(final: OutputPaths, source: Path, *, overwrite: bool) -> _Claim | None:
    """Claim a round's names, unless they are taken: by files, or by a live run."""
    with disk_errors(final.results):
        final.results.parent.mkdir(parents=True, exist_ok=True)
        if not _free(final, source, overwrite=overwrite):
            return None
        claim = _claim_folder(final)
        if claim is not None and not _free(final, source, overwrite=overwrite):  # another run may just have finished
            claim.release()
            return None
        return claim


def _claim_folder(final: OutputPaths) -> _Claim | None:
    """Make and lock the hidden folder, emptied of what a killed run has left in it; None while a live run has it."""
    folder = final.results.with_name(f".{final.results.stem}.flireo-partial")
    made = _make(folder)
    claim = _lock(folder, made=made)
    if claim is not None and not made:
        for left_behind in folder.iterdir():
            left_behind.unlink()
    return claim


def _free(final: OutputPaths, source: Path, *, overwrite: bool) -> bool:
    if overwrite:
        return not any(path.exists() and path.samefile(source) for path in final.all())
    return not any(map(os.path.lexists, final.all()))


def _make(folder: Path) -> bool:
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        return False
    return True


def _lock(folder: Path, *, made: bool) -> _Claim | None:
    """Lock the folder; None if a live run has it. Where there are no such locks, it is ours if we made it."""
    if sys.platform == "win32":  # pragma: no cover  a folder left behind there costs a number, nothing else
        return _Claim(folder=folder, lock=None) if made else None
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:  # pragma: no cover  its run finished this instant
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except OSError:  # pragma: no cover  a network file system that cannot lock folders
        os.close(descriptor)
        return _Claim(folder=folder, lock=None) if made else None
    if not _is_open_at(folder, descriptor):  # pragma: no cover  its run finished this instant
        os.close(descriptor)
        return None
    return _Claim(folder=folder, lock=descriptor)


def _is_open_at(folder: Path, descriptor: int) -> bool:
    """Whether what is locked still has its name: a run that finishes removes its folder before it lets go."""
    try:
        return os.path.samestat(folder.stat(), os.fstat(descriptor))
    except FileNotFoundError:  # pragma: no cover  as above
        return False
