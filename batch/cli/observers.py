"""What is said while a batch is under way: a progress bar for a person who watches, plain lines for nobody in
particular, or nothing; for machines see `json_log`. All on standard error; never a customer's value, never the key.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from batch.cli.both import Both
from batch.cli.log_file import Lines, log_file
from batch.cli.pace import Pace
from batch.errors import BatchError
from batch.languages import Say
from batch.model import ApprovalState, Notice, Sentence, Status, counted, sentence, template
from batch.notices import Kind, Notices, kind_of
from batch.progress import Forecast, Observer, RowEnd

if TYPE_CHECKING:  # rich takes long to load, and a quiet program seldom says anything; `check` sends nothing
    from rich.console import Console

    from batch.cli.bars import Bars
    from batch.submit import Event

_MOST_ROW_NOTICES = 5


@contextmanager
def make_observer(log_format: str, *, quiet: bool, say: Say = str, log_path: Path | None = None) -> Iterator[Observer]:
    """The observer for `--log-format`, `--quiet` and `--log-file`; `say` puts what concerns a file into a person's
    language. Raises SettingsError if the log file cannot be opened.

    An error that nobody expected is noted in the log on its way out.
    """
    with ExitStack() as open_:
        person = TextObserver(quiet=quiet, say=say)
        shown = _json_observer() if log_format == "json" else open_.enter_context(person)
        observer = shown if log_path is None else Both(shown, _json_observer(open_.enter_context(log_file(log_path))))
        try:
            yield observer
        except BatchError:
            raise
        except Exception as error:  # whatever it is, the log says where; then it goes on its way
            observer.crashed(error)
            raise


def _json_observer(lines: Lines | None = None) -> Observer:
    from batch.cli.json_log import JsonObserver  # noqa: PLC0415 -- structlog takes long to load

    return JsonObserver(lines)


class TextObserver:
    """For a person: a bar on a terminal, now and then a line elsewhere; with `quiet` only what went wrong."""

    def __init__(self, *, quiet: bool, say: Say = str) -> None:
        self._translated = say
        self._quiet = quiet
        self._pace = Pace()
        self._doubtful: set[int] = set()  # rows that are counted, and may yet be sent again

    @cached_property
    def _console(self) -> Console:
        from rich.console import Console  # noqa: PLC0415 -- a quiet program seldom needs it

        return Console(stderr=True, highlight=False, soft_wrap=True)

    @cached_property
    def _bars(self) -> Bars:
        from batch.cli.bars import Bars  # noqa: PLC0415 -- loads rich, which a quiet program does without

        return Bars(console=self._console)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end_bar()

    def began(self, run_id: str, paths: Sequence[Path]) -> None:
        """A person sees that it has begun."""

    def reading(self, path: Path, rows: int, share: float | None) -> None:
        self._rows("read", path, counted(rows, "1 row read", "{count:,} rows read"), share)

    def writing(self, path: Path, rows: int, share: float) -> None:
        self._rows("written", path, counted(rows, "1 row written", "{count:,} rows written"), share)

    def _end_bar(self) -> None:
        if not self._quiet:
            self._bars.end()

    def _rows(self, what: str, path: Path, done: Sentence, share: float | None) -> None:
        if self._quiet:
            return
        text = self._translated(done)
        self._bars.rows(what, path.name, text, share)
        if not self._console.is_terminal and self._pace.line_is_due():
            known = "" if share is None else f" ({share:.0%})"
            self._say(f"{path.name}: {text}{known}")

    def noticed(self, path: Path, notices: Notices) -> None:
        self._end_bar()
        if self._quiet:
            return
        for text in told(notices, self._translated):
            self._say(f"{path.name}: {text}")

    def odd(self, path: Path, warnings: Notices) -> None:
        if not self._quiet:
            for text in told_warnings(warnings, self._translated):
                self._say(text if text.startswith(" ") else f"{path.name}: {text}")

    def refused(self, path: Path, error: BatchError) -> None:
        self._end_bar()
        text = self._translated(error.said)
        self._say(text if path.name in text else f"{path.name}: {text}")

    def warned(self, text: str) -> None:
        self._say(text)

    def forecast(self, forecast: Forecast) -> None:
        if not self._quiet:
            self._say(self._translated(forecast_said(forecast)))

    def sending(self, path: Path, rows: int) -> None:
        self._pace = Pace(name=path.name, total=rows)
        self._doubtful.clear()
        if not self._quiet:
            self._bars.sends(path.name, 0, rows, "")

    def sent(self, event: Event) -> None:
        if event.is_sent and event.record.position not in self._doubtful:
            self._pace.count()
        if event.is_doubtful:
            self._doubtful.add(event.record.position)
        if self._quiet:
            return
        done, total, pace = self._pace.done, self._pace.total, self._translated(self._pace.said)
        self._bars.sends(self._pace.name, done, total, pace)
        if not self._console.is_terminal and self._pace.line_is_due():
            text = sentence("{done:,} of {total:,} rows sent, {pace}", done=done, total=total, pace=pace)
            self._say(self._translated(text))

    def settling(self, rows: int) -> None:
        if not self._quiet:
            text = counted(
                rows,
                "1 row had no clear answer; asking the API's list what became of it",
                "{count:,} rows had no clear answer; asking the API's list what became of them",
            )
            self._say(self._translated(text))

    def approvals(self, counts: Mapping[ApprovalState, int], next_look_seconds: float | None) -> None:
        self._end_bar()
        if not self._quiet and next_look_seconds is not None:
            look, length = look_said(counts), length_said(next_look_seconds)
            text = sentence("{groups}; looking again in {length}", groups=look, length=length)
            self._say(self._translated(text))

    def waiting(self, reason: Sentence, seconds: float) -> None:
        del seconds
        if not self._quiet and self._pace.line_is_due():
            self._say(self._translated(sentence("waiting: {reason}", reason=reason)))

    def stopped(self, cause: BatchError) -> None:
        self._end_bar()
        self._say(self._translated(cause.said))

    def rows_ended(self, path: Path, rows: Iterable[RowEnd]) -> None:
        """A person reads that in the results."""

    def file_ended(self, path: Path, counts: Mapping[Status, int]) -> None:
        """That too."""

    def crashed(self, error: Exception) -> None:
        """A person never sees a traceback."""

    def _say(self, text: str) -> None:
        """A terminal would break a long line within a word, and lose its indentation."""
        if not self._console.is_terminal:
            self._console.print(text, markup=False)
            return
        from rich.padding import Padding  # noqa: PLC0415 -- only a terminal needs it
        from rich.text import Text  # noqa: PLC0415 -- only a terminal needs it

        words = text.lstrip(" ")
        self._console.print(Padding(Text(words), (0, 0, 0, len(text) - len(words)), expand=False), soft_wrap=False)


def told(notices: Notices, say: Say = str) -> Iterator[str]:
    """What to say of a file: what concerns it as a whole, and of each kind of remark on rows only the first few."""
    by_kind: dict[Kind, list[Notice]] = {}
    for notice in notices.first:
        if notice.row is None:
            yield say(_of_sheet(notice, notice.sentence))
        else:
            by_kind.setdefault(kind_of(notice), []).append(notice)
    for kind, found in by_kind.items():
        for notice in found[:_MOST_ROW_NOTICES]:
            yield f"{say(_where(notice))}: {say(notice.sentence)}"
        left = len(found) - _MOST_ROW_NOTICES + notices.more.get(kind, 0)
        if left == 1:
            yield say(sentence("... and 1 more row of this kind"))
        elif left > 1:
            yield say(sentence("... and {count:,} more rows of this kind", count=left))


def _where(notice: Notice) -> Sentence:
    if notice.column:
        return _of_sheet(notice, sentence("row {row}, {column}", row=notice.row, column=notice.column))
    return _of_sheet(notice, sentence("row {row}", row=notice.row))


def _of_sheet(notice: Notice, what: Sentence) -> Sentence:
    return what if notice.sheet is None else sentence("{sheet}: {place}", sheet=notice.sheet, place=what)


def told_warnings(warnings: Notices, say: Say = str) -> Iterator[str]:
    """A line on how many there are, and of each kind where it is and the first of them; indented but for the first."""
    total = sum(warnings.counts.values())
    if not total:
        return
    one = template("1 warning; no row is held back by that (with --strict it would be)")
    more = template("{count:,} warnings; no row is held back by that (with --strict it would be)")
    yield say(sentence(one if total == 1 else more, count=total))
    for kind, found in warnings.kinds.items():
        where = say(_rows(found, len(found) + warnings.more.get(kind, 0)))
        code, column, of_sheet = kind
        yield f"  {', '.join(filter(None, (code, of_sheet, column, where)))}"
        yield f"    {say(found[0].sentence)}"


def _rows(found: Sequence[Notice], count: int) -> Sentence:
    """Which rows, the first of them by number; `count` is that of all."""
    if count == 1:
        return sentence("row {row}", row=found[0].row)
    named = ", ".join(str(notice.row) for notice in found[:_MOST_ROW_NOTICES])
    left = count - min(len(found), _MOST_ROW_NOTICES)
    if not left:
        return sentence("rows {rows}", rows=named)
    return sentence("rows {rows} and {count:,} more", rows=named, count=left)


def forecast_said(forecast: Forecast) -> Sentence:
    """How many rows, at what pace, and when it will be done."""
    rows = counted(forecast.rows, "{sent:,} of 1 row", "{sent:,} of {count:,} rows", sent=forecast.to_send)
    flags = ", ".join(forecast.held_by)
    if forecast.dry_run and flags:
        return sentence(
            "Would send {rows}; {flags} holds others back (--dry-run: nothing is sent).", rows=rows, flags=flags
        )
    if forecast.dry_run:
        return sentence("Would send {rows} (--dry-run: nothing is sent).", rows=rows)
    if not forecast.to_send and flags:
        return sentence("Sending {rows}: {flags} holds back what could be sent.", rows=rows, flags=flags)
    if not forecast.to_send:
        return sentence("Sending {rows}: everything is done or needs someone first.", rows=rows)
    pace = str(forecast.rate_limit)
    if forecast.seconds < 1:
        return sentence("Sending {rows}, at most {pace}.", rows=rows, pace=pace)
    return sentence(
        "Sending {rows}, at most {pace}; done in about {length}, at {end}.",
        rows=rows,
        pace=pace,
        length=length_said(forecast.seconds),
        end=time.strftime("%H:%M", time.localtime(time.time() + forecast.seconds)),
    )


def length_said(seconds: float) -> Sentence:
    """A length of time, as exact as it matters."""
    if seconds < 120:  # noqa: PLR2004 -- two minutes
        return sentence("{seconds:.0f} s", seconds=seconds)
    return sentence("{minutes:,.0f} min", minutes=seconds / 60)


def look_said(counts: Mapping[ApprovalState, int]) -> Sentence:
    """How groups stand, in one line; the states are called as in the results."""
    seen = {state: count for state, count in counts.items() if count}
    states = Sentence(
        template=", ".join(f"{{{state.name}:,}} {state.value.replace('_', ' ')}" for state in seen),
        values={state.name: count for state, count in seen.items()},
    )
    return counted(sum(counts.values()), "1 group: {states}", "{count:,} groups: {states}", states=states)
