"""The child's loop in this process: one frame for each request, whatever comes of it; and what it gives up."""

from __future__ import annotations

import io
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from batch.reading import Limits, ReadOptions
from batch.reading.confined import values
from batch.reading.confined.child import Bounds, Heart, received, serve
from batch.reading.confined.frames import Frame, Kind, read_frame
from batch.reading.confined.requests import Begin, GoOn, Head, Leave, Measure, Open, Remarks, Request
from batch.reading.confined.sayings import said_of
from batch.reading.survey import Extent
from tests.support.spreadsheets import text_rows, write_xlsx

ROWS = text_rows([["naam"], ["Jan"], ["Piet"], ["Klaas"]])


def bounds(ticks: Iterator[float] | None = None, seen: list[float] | None = None) -> Bounds:
    """Without the kernel: these limits would hold for the tests as well."""
    noted: list[float] = [] if seen is None else seen
    return Bounds(memory=noted.append, computing=noted.append, clock=(lambda: next(ticks)) if ticks else lambda: 0.0)


def answers(*requests: Request, given: Bounds | None = None) -> list[Frame]:
    stream = io.BytesIO()
    serve(requests, stream, given or bounds())
    stream.seek(0)
    return list(iter(lambda: read_frame(stream), None))


def opening(path: Path, limits: Limits | None = None) -> Open:
    return Open(path=path, options=ReadOptions(limits=limits or Limits()))


def test_every_request_is_answered_in_order(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", ROWS)
    opened, head, size, remarks = answers(
        opening(path), Head(sheet="Sheet1", count=2), Measure(sheet="Sheet1"), Remarks(sheet="Sheet1")
    )
    assert values.survey_of(opened.head).format == "xlsx"
    assert [row.cells for row in values.source_rows_of(head.head)] == [("naam",), ("Jan",)]
    assert values.extent_of(size.head) == Extent(rows=4, columns=1)
    assert values.notices_of(remarks.head) == ()


def test_passes_go_on_side_by_side_until_they_end_or_are_left(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", ROWS)
    begin = {"sheet": "Sheet1", "width": 1, "size": 1}
    _, _, _, *found = answers(
        opening(path),
        Begin(number=1, after=1, **begin),  # type: ignore[arg-type]
        Begin(number=2, after=3, **begin),  # type: ignore[arg-type]
        *(GoOn(number=number) for number in (1, 2, 1, 2)),
        Leave(number=1),
        GoOn(number=1),
    )
    rows = [values.rows_of(frame.head, frame.body).rows.tolist() for frame in found[:3]]
    assert rows == [[2], [4], [3]]
    assert [frame.head for frame in found[3:]] == [None, None, None]


def test_a_refusal_travels_with_its_code_and_sentence(tmp_path: Path) -> None:
    (refused,) = answers(opening(tmp_path / "none.csv"))
    assert refused.kind is Kind.REFUSED
    kind, code, said = cast("list[object]", refused.head)
    assert (kind, code) == ("InputError", "file_not_found")
    assert str(said_of(said)) == f"none.csv: there is no such file in {tmp_path}."
    write_xlsx(tmp_path / "a.xlsx", ROWS)
    _, _, first, then = answers(
        opening(tmp_path / "a.xlsx", Limits(rows=1)),
        Begin(number=1, sheet="Sheet1", after=0, width=1, size=1),
        GoOn(number=1),
        GoOn(number=1),
    )
    assert (first.kind, then.kind, then.head) == (Kind.REFUSED, Kind.ANSWER, None)


class Bad:
    """Stands for a path; whoever looks at it meets with an error."""

    name = "a.csv"

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def stat(self) -> None:
        raise self.error


class PanicError(BaseException):
    """As some libraries raise them."""


@pytest.mark.parametrize("error", [KeyError("a customer's value"), PanicError("a customer's value")])
def test_an_exception_that_nobody_expected_travels_without_its_message(error: BaseException) -> None:
    (broken,) = answers(Open(path=Bad(error), options=ReadOptions()))  # type: ignore[arg-type]
    assert broken.kind is Kind.BROKEN
    assert isinstance(broken.head, list)
    assert broken.head[0] == type(error).__name__
    assert "stored.py" in broken.head[1]
    assert "customer" not in str(broken.head)


def test_want_of_memory_is_an_answer_of_its_own() -> None:
    (frame,) = answers(Open(path=Bad(MemoryError()), options=ReadOptions()))  # type: ignore[arg-type]
    assert frame.kind is Kind.OUT_OF_MEMORY


def test_any_error_when_memory_is_short_is_want_of_memory() -> None:
    short = replace(bounds(), memory_is_short=lambda: True)
    (frame,) = answers(Open(path=Bad(TypeError()), options=ReadOptions()), given=short)  # type: ignore[arg-type]
    assert frame.kind is Kind.OUT_OF_MEMORY


def test_a_beat_comes_once_a_second_and_grants_more_computing() -> None:
    stream, seen = io.BytesIO(), list[float]()
    ticks = iter([0.0, 0.4, 0.9, 1.1, 1.2, 1.9, 2.3, 2.4])
    heart = Heart(stream, bounds(ticks, seen))
    heart.patience_seconds = 7.0
    for _ in range(5):
        heart.beat()
    stream.seek(0)
    assert [frame.kind for frame in iter(lambda: read_frame(stream), None)] == [Kind.BEAT, Kind.BEAT]
    assert seen == [7.0, 7.0]


def test_the_limits_come_with_the_file(tmp_path: Path) -> None:
    seen: list[float] = []
    answers(opening(tmp_path / "none.csv", Limits(memory_bytes=5, stuck_seconds=6.5)), given=bounds(seen=seen))
    assert seen == [5, 6.5]


def test_requests_end_where_the_parent_ends() -> None:
    request = Head(sheet="A", count=1)
    whole = pickle.dumps(request)
    assert list(received(io.BytesIO(whole * 2))) == [request, request]
    assert list(received(io.BytesIO(whole + whole[:10]))) == [request]


@pytest.mark.parametrize(
    ("statement", "ending"),
    [
        ("import socket; socket.socket()", "ForbiddenError: socket.__new__"),
        ("import subprocess; subprocess.run(['true'])", "ForbiddenError: subprocess.Popen"),
        ("import os; os.system('true')", "ForbiddenError: os.system"),
        ("import os; os.remove('x')", "ForbiddenError: os.remove"),
        ("open('x', 'w')", "ForbiddenError: open"),
        ("open('x', 'ab')", "ForbiddenError: open"),
        ("print(jail.memory_is_short())", "False"),
        ("jail.bound_memory(100 << 20); kept = bytes(88 << 20); print(jail.memory_is_short())", "True"),
        ("jail.bound_memory(200 << 20); b'x' * (300 << 20)", "MemoryError"),
    ],
)
def test_what_no_file_needs_is_forbidden(tmp_path: Path, statement: str, ending: str) -> None:
    assert _jailed(tmp_path, statement)[1].strip().endswith(ending)
    assert not list(tmp_path.iterdir())


def test_computing_without_end_is_ended_by_the_kernel(tmp_path: Path) -> None:
    code, _ = _jailed(tmp_path, "jail.bound_computing(0.1)\nwhile True: pass")
    assert code == -signal.SIGXCPU


def test_reading_is_not_forbidden(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"read")
    assert _jailed(tmp_path, "print(open('a').read())") == (0, "read\n")


def test_what_is_imported_late_is_no_writing(tmp_path: Path) -> None:
    """A library that a fresh installation has not compiled yet, such as that for encrypted workbooks."""
    (tmp_path / "late.py").write_text("WORD = 'here'\n")
    statement = f"sys.path.insert(0, {str(tmp_path)!r})\nimport late; print(late.WORD)"
    assert _jailed(tmp_path, statement) == (0, "here\n")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(("late", "__py"))] == ["late.py"]


def _jailed(folder: Path, statement: str) -> tuple[int, str]:
    root = str(Path(__file__).resolve().parents[2])
    start = f"import sys; sys.path.insert(0, {root!r}); from batch.reading.confined import jail; jail.give_up()\n"
    done = subprocess.run(
        [sys.executable, "-c", start + statement], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr
