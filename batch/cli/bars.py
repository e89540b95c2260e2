"""The bar that a person sees on a terminal: one at a time, for whatever is under way."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)


@dataclass(slots=True, kw_only=True)
class Bars:
    """Draws only where somebody watches."""

    console: Console
    _progress: Progress | None = None
    _task: TaskID | None = None
    _what: tuple[str, ...] = ()

    def rows(self, what: str, name: str, done: str, share: float | None) -> None:
        """`what` is done with the rows of the file; `done` says with how many, and with which `share` of 1 if known."""
        if self._begun((what, name)):
            self._start(
                name,
                TextColumn("{task.fields[done]}", markup=False),
                BarColumn(),
                TaskProgressColumn(show_speed=False),
                total=None if share is None else 1.0,
                stays=False,
            )
        self._update(completed=share or 0.0, done=done)

    def sends(self, name: str, done: int, of: int, pace: str) -> None:
        """So many rows of the file are sent."""
        if self._begun(("sent", name)):
            self._start(
                name,
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[pace]}"),
                TimeRemainingColumn(),
                total=of,
                stays=True,
            )
        self._update(completed=min(done, of), pace=pace)

    def end(self) -> None:
        if self._progress is not None:
            self._progress.stop()
        self._progress, self._what = None, ()

    def _begun(self, what: tuple[str, ...]) -> bool:
        """Whether this is something else than before."""
        new = what != self._what
        if new:
            self.end()
            self._what = what
        return new

    def _start(self, name: str, *columns: ProgressColumn, total: float | None, stays: bool) -> None:
        if self.console.is_terminal:
            shown = TextColumn("{task.description}", markup=False)
            self._progress = Progress(SpinnerColumn(), shown, *columns, console=self.console, transient=not stays)
            self._task = self._progress.add_task(name, total=total, done="", pace="")
            self._progress.start()

    def _update(self, *, completed: float, done: str = "", pace: str = "") -> None:
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, completed=completed, done=done, pace=pace)
