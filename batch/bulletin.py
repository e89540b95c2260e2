"""What people are told of a run: counts, file names, and what to do; never a customer's value. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from batch.errors import BatchError, InputError
from batch.model import Sentence, Status, counted, sentence
from batch.pipeline.values import BatchResult, FileResult
from batch.results.told import Band, Tone

_MOST_FILES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """`lines` are whole sentences; `files` are those of the answers, should they be wanted too."""

    title: Sentence
    lines: tuple[Sentence, ...]
    is_trouble: bool
    files: tuple[Path, ...] = ()

    @property
    def body(self) -> str:
        return "\n".join(map(str, self.lines))


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A run or a night, as far as people are told of it. `nightly`: what is left to do, the next night does. `bands`
    are what is known of the approval of groups, if that was waited for.
    """

    files: tuple[FileResult, ...]
    stopped: str | None
    waiting: int = 0
    nightly: bool = False
    bands: tuple[Band, ...] = ()

    @property
    def needing_someone(self) -> int:
        return sum(map(_needs_someone, self.files))

    @property
    def all_approved(self) -> bool:
        return all(band.tone is Tone.WELL for band in self.bands)


def of_run(result: BatchResult, exit_code: int, host: str, bands: tuple[Band, ...] = ()) -> Bulletin:
    """What people are told of a run, and of the approval of its groups."""
    stopped = result.stopped.code if result.stopped is not None else "interrupted" if result.signal else None
    lines = [about_file(file, file.failed_file.name if file.failed_file else "") for file in result.files]
    whole = Whole(files=result.files, stopped=stopped, bands=bands)
    return bulletin(whole, lines, about_run(result.run_id, exit_code, host))


def of_failure(code: str, exit_code: int, host: str) -> Bulletin:
    """What people are told of a command that ended before it came to any file, or in a way that should not be."""
    return Bulletin(
        title=sentence("flireo-batch: it ended before its work was done ({code})", code=code),
        lines=(
            sentence("The command ended with exit code {exit_code} on {host}.", exit_code=exit_code, host=host),
            sentence("Start it by hand there: it says what is wrong. flireo-batch doctor looks at all that it needs."),
        ),
        is_trouble=True,
    )


def bulletin(whole: Whole, lines: Sequence[Sentence], last: Sentence) -> Bulletin:
    """From what there is to say of each file, of which only the first are said."""
    shown = tuple(lines[:_MOST_FILES])
    more = (sentence("... and {count:,} more.", count=len(lines) - len(shown)),) if len(lines) > len(shown) else ()
    return Bulletin(
        title=_title(whole),
        lines=(*shown, *more, *(band.sentence for band in whole.bands), *_steps(whole), last),
        is_trouble=whole.stopped is not None or bool(whole.needing_someone) or not whole.all_approved,
        files=tuple(path for file in whole.files for path in (file.results_file, file.failed_file) if path is not None),
    )


def about_file(file: FileResult, failed: str) -> Sentence:
    """How many rows ended how; `failed` is how to find the failed file, if there is one."""
    if file.error is not None:
        return sentence("{file}: {what}", file=file.path.name, what=_error(file.error))
    told = ", ".join(f"{count:,} {status.value}" for status, count in file.counts.items() if count)
    if failed:
        return sentence("{file}: {counts}. Failed rows: {failed}", file=file.path.name, counts=told, failed=failed)
    return sentence("{file}: {counts}.", file=file.path.name, counts=told or sentence("no rows"))


def about_run(run_id: str, exit_code: int, host: str) -> Sentence:
    return sentence("Run {run_id} on {host}, exit code {exit_code}.", run_id=run_id, host=host, exit_code=exit_code)


def _title(whole: Whole) -> Sentence:
    total = len(whole.files)
    if whole.stopped is not None:
        return sentence("flireo-batch: stopped early ({code})", code=whole.stopped)
    if not total:
        return sentence("flireo-batch: nothing to do")
    if not whole.needing_someone and not whole.all_approved:
        return sentence("flireo-batch: not every group is approved")
    if not whole.needing_someone:
        return counted(total, "flireo-batch: 1 file is done", "flireo-batch: {count:,} files are done")
    return counted(
        whole.needing_someone,
        "flireo-batch: 1 of {total:,} files needs someone",
        "flireo-batch: {count:,} of {total:,} files need someone",
        total=total,
    )


def _steps(whole: Whole) -> Iterator[Sentence]:
    if any(file.failed_file for file in whole.files):
        yield (
            sentence("To do: open the failed files, correct the red cells, and put them into the inbox.")
            if whole.nightly
            else sentence("To do: open the failed files, correct the red cells, and run them.")
        )
    if any(file.counts.get(Status.IN_DOUBT) for file in whole.files):
        yield sentence("Some rows are in doubt. See: flireo-batch history --in-doubt")
    if whole.waiting:
        yield counted(whole.waiting, "1 file was not begun and waits.", "{count:,} files were not begun and wait.")
    if whole.stopped is not None:
        yield (
            sentence("What was not sent stays in the inbox, and the next night goes on. Nothing is created twice.")
            if whole.nightly
            else sentence("What was not sent is not lost: run the same files again. Nothing is created twice.")
        )


def _error(error: BatchError) -> Sentence:
    """Only the code: the sentence may name what a customer wrote."""
    if isinstance(error, InputError):
        return sentence("it cannot be used ({code}).", code=error.code)
    return sentence("its results could not be written, or it could not be moved ({code}).", code=error.code)


def _needs_someone(file: FileResult) -> bool:
    rows = any(count and status.needs_someone for status, count in file.counts.items())
    return file.error is not None or rows or not file.rows
