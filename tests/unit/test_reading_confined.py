"""Reading through the child: the same answers as without it, and one sentence for whatever becomes of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue

import pytest

from batch.errors import InputError, SettingsError
from batch.reading import Limits, ReadOptions, Source, open_source
from batch.reading.confined import SPARES
from batch.reading.confined.frames import Frame, Kind
from batch.reading.confined.mishaps import Mishap, MishapError, refusal_of
from batch.reading.confined.reader import open_confined
from batch.reading.confined.requests import Head, Open, Request
from batch.reading.confined.watch import Watch
from batch.reading.confined.worker import Worker, listen
from tests.support import encrypted
from tests.support.processes import children, environment, lives
from tests.support.program import wait_until
from tests.support.reading import open_here
from tests.support.spreadsheets import cell, sheet_xml, text_rows, write_xls, write_xlsx, xls_stream

ROOT = Path(__file__).resolve().parents[2]
HEADER = text_rows([["naam", "plaats"]])


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    before = children()
    yield
    assert children() == before


def messy(folder: Path) -> Path:
    rows = "".join(
        f'<row r="{number}">{cell(f"A{number}", "#N/A", kind="e")}{cell(f"B{number}", str(number))}</row>'
        for number in range(2, 30)
    )
    merged = '<mergeCells count="1"><mergeCell ref="B3:B5"/></mergeCells>'
    return write_xlsx(folder / "a.xlsx", sheet_xml(HEADER + rows, after=merged))


def many(folder: Path) -> Path:
    return write_xlsx(
        folder / "a.xlsx", text_rows([["naam"], *([f"Vestiging {number * 7919}"] for number in range(400))])
    )


def everything(source: Source) -> object:
    sheet = source.sheets[0].name
    chunks = [
        (list(chunk.rows), chunk.cells.to_dict("list"), chunk.flags)
        for chunk in source.chunks(sheet, after=1, width=3, size=5)
    ]
    return source.survey, source.head(sheet, 3), source.measure(sheet), source.sheet_notices(sheet), chunks


@pytest.mark.parametrize("kind", ["workbook", "encrypted", "text"])
def test_the_answers_are_those_of_the_parser_itself(tmp_path: Path, kind: str) -> None:
    path = messy(tmp_path)
    if kind == "encrypted":
        path = many(tmp_path)
        path.write_bytes(encrypted.standard(path.read_bytes()))
    if kind == "text":
        path = tmp_path / "a.csv"
        path.write_bytes("naam;plaats\nJanß;Assen;te veel\n\nPiet\n".encode("cp1252") * 5)
    with open_source(path, ReadOptions()) as there, open_here(path, ReadOptions()) as here:
        assert everything(there) == everything(here)


def test_passes_side_by_side_and_questions_in_between_do_not_disturb_each_other(tmp_path: Path) -> None:
    with open_source(messy(tmp_path), ReadOptions()) as source:
        one = source.chunks("Sheet1", after=1, width=2, size=4)
        other = source.chunks("Sheet1", after=10, width=2, size=4)
        assert list(next(one).rows) == [2, 3, 4, 5]
        assert list(next(other).rows) == [11, 12, 13]
        assert source.head("Sheet1", 1)[0].cells == ("naam", "plaats")
        assert [row for chunk in one for row in chunk.rows] == list(range(6, 30))
        del other
        assert source.measure("Sheet1").rows == 29


def test_refusals_arrive_as_they_were_raised(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^none\.csv: there is no such file in ") as refused:
        open_source(tmp_path / "none.csv", ReadOptions())
    assert refused.value.code == "file_not_found"
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n1,2\n")
    with pytest.raises(SettingsError) as wrong:
        open_source(path, ReadOptions(encoding="klingon"))
    with pytest.raises(SettingsError) as wrong_here:
        open_here(path, ReadOptions(encoding="klingon"))
    assert (wrong.value.code, wrong.value.message) == (wrong_here.value.code, wrong_here.value.message)


@pytest.mark.parametrize("number", [signal.SIGABRT, signal.SIGKILL])
def test_a_crash_is_one_sentence_and_the_next_file_is_read(tmp_path: Path, number: signal.Signals) -> None:
    path, before = messy(tmp_path), children()
    with open_source(path, ReadOptions()) as source:
        (child,) = children() - before
        found = source.chunks("Sheet1", after=1, width=2, size=1)
        next(found)
        os.kill(child, number)
        with pytest.raises(InputError) as crashed:
            list(found)
        assert crashed.value.code == "reading_crashed"
        assert crashed.value.message.startswith(f"a.xlsx: the file made its reader crash ({number.name}). Open it in ")
        with pytest.raises(InputError, match="crash"):  # and so is whatever is asked afterwards
            source.head("Sheet1", 1)
    with open_source(path, ReadOptions()) as source:
        assert source.measure("Sheet1").rows == 29


def test_where_it_crashed_is_in_the_log_file_and_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    before = children()
    with open_source(messy(tmp_path), ReadOptions()) as source:
        (child,) = children() - before
        os.kill(child, signal.SIGSEGV)
        with pytest.raises(InputError) as crashed:
            source.head("Sheet1", 1)
    (log,) = (tmp_path / "state").rglob("*.log")
    assert crashed.value.message.endswith(f" Where is noted in {log}.")
    text = log.read_text()
    assert "reading_crashed: SIGSEGV" in text
    assert "child.py" in text
    assert capfd.readouterr() == ("", "")


def test_want_of_memory_is_one_sentence(tmp_path: Path) -> None:
    path = write_xls(tmp_path / "a.xls", xls_stream({"S": b""}))
    os.truncate(path, 250 << 20)  # an old workbook is read as a whole; this one is mostly nothing
    with pytest.raises(InputError) as refused:
        open_source(path, ReadOptions(limits=Limits(memory_bytes=200 << 20)))
    assert refused.value.code == "reading_out_of_memory"
    assert refused.value.message == (
        "a.xls: reading the file needs more than 200 MiB of memory. Copy its rows into a new workbook, save it as CSV,"
        " or split it. (The limit is the setting FLIREO_READ_MAX_MEMORY.)"
    )


def test_a_child_that_is_silent_for_too_long_is_ended(tmp_path: Path) -> None:
    before = children()
    worker = Worker()
    try:
        worker.answer(worker.ask(Open(path=messy(tmp_path), options=ReadOptions())), Limits())
        (child,) = children() - before
        os.kill(child, signal.SIGSTOP)
        with pytest.raises(MishapError) as silent:
            worker.answer(worker.ask(Head(sheet="Sheet1", count=1)), Limits(stuck_seconds=0.05))
        assert not lives(child)
    finally:
        worker.close()
    assert refusal_of(silent.value, "a.xlsx", Limits()).message == (
        "a.xlsx: reading the file got no further, and was given up. Open it in a spreadsheet program, save it as XLSX"
        " or CSV under a new name, and send that. (The limit is the setting FLIREO_READ_MAX_STALL_SECONDS, 15 seconds"
        " of computing.)"
    )


def test_where_the_kernel_keeps_no_limits_the_parent_does(tmp_path: Path) -> None:
    before = children()
    worker = Worker(watched=True)
    try:
        worker.answer(worker.ask(Open(path=messy(tmp_path), options=ReadOptions())), Limits())
        (child,) = children() - before
        os.kill(child, signal.SIGSTOP)
        with pytest.raises(MishapError) as broken:
            worker.answer(worker.ask(Head(sheet="Sheet1", count=1)), Limits(memory_bytes=1 << 20))
        assert broken.value.mishap is Mishap.OUT_OF_MEMORY
        assert not lives(child)
    finally:
        worker.close()


def test_a_watch_counts_computing_from_the_last_sign_of_life() -> None:
    watch = Watch(os.getpid())
    assert watch.broken_limit(Limits(stuck_seconds=0.001)) is Mishap.TOO_SLOW
    watch.sign_of_life()
    assert watch.broken_limit(Limits(stuck_seconds=1_000)) is None
    ended = subprocess.Popen([sys.executable, "-c", ""])
    watch = Watch(ended.pid)
    ended.wait()
    assert watch.broken_limit(Limits(memory_bytes=1, stuck_seconds=0.001)) is None


def test_a_file_that_takes_computing_without_end_is_refused_and_the_log_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    path = many(tmp_path)
    path.write_bytes(encrypted.endless(path.read_bytes()))
    with pytest.raises(InputError) as refused:
        open_source(path, ReadOptions(limits=Limits(stuck_seconds=1)))
    assert refused.value.code == "reading_too_slow"
    (log,) = (tmp_path / "state").rglob("*.log")
    assert "unlocking.py" in log.read_text()


def test_an_exception_that_nobody_expected_is_a_mishap_like_any_other() -> None:
    worker = Worker()
    try:
        with pytest.raises(MishapError, match="RuntimeError") as broken:
            worker.answer(worker.ask(Head(sheet="", count=1)), Limits())
        assert broken.value.mishap is Mishap.BROKEN
        assert "desk.py" in broken.value.frames
    finally:
        worker.close()


@pytest.mark.parametrize("head", [None, {}, {"format": "csv", "sheets": [1]}, [1, 2]])
def test_an_answer_that_is_none_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, head: object) -> None:
    class Strange:
        def ask(self, request: Request) -> None:
            pass

        def answer(self, pending: None, limits: Limits) -> Frame:
            return Frame(kind=Kind.ANSWER, head=head)

        def close(self) -> None:
            pass

    monkeypatch.setattr(SPARES, "take", Strange)
    with pytest.raises(InputError, match="that should not") as refused:
        open_confined(tmp_path / "a.csv", ReadOptions())
    assert refused.value.code == "reading_failed"


def test_a_child_that_speaks_another_language_is_ended() -> None:
    speaker = subprocess.Popen(["cat", "/dev/zero"], stdout=subprocess.PIPE)
    heard: SimpleQueue[Frame | None] = SimpleQueue()
    listen(speaker, heard)
    assert heard.get(timeout=10) is None
    assert speaker.wait(10) == -signal.SIGKILL
    assert speaker.stdout
    speaker.stdout.close()


def test_a_child_that_not_even_the_system_can_end_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    def still_there(process: subprocess.Popen[bytes], timeout: float | None = None) -> int:
        raise subprocess.TimeoutExpired("child", timeout or 0.0)

    before = children()
    undying = Worker()
    (child,) = children() - before
    with monkeypatch.context() as patched:
        patched.setattr(subprocess.Popen, "wait", still_there)
        patched.setattr(subprocess.Popen, "kill", lambda _: None)
        undying.close()
        assert lives(child)
    assert undying._process
    undying._process.kill()
    undying._process.communicate()


def test_a_child_that_cannot_be_started_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    with pytest.raises(InputError) as refused:
        open_source(messy(tmp_path), ReadOptions())
    assert refused.value.code == "reading_not_started"


def test_the_child_knows_no_settings_and_takes_no_signals_from_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLIREO_API_KEY", "fl_test_secret")
    before = children()
    with open_source(messy(tmp_path), ReadOptions()) as source:
        (child,) = children() - before
        assert "FLIREO" not in environment(child)
        assert os.getpgid(child) == child
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            os.kill(child, number)
        assert source.measure("Sheet1").rows == 29


def test_a_module_beside_the_customers_file_is_not_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "zipfile.py").write_text("raise SystemExit('imported')")
    monkeypatch.chdir(tmp_path)
    with open_source(Path(messy(tmp_path).name), ReadOptions()) as source:
        assert source.format == "xlsx"


def test_children_are_started_ahead_for_the_files_that_are_expected_and_no_more(tmp_path: Path) -> None:
    before = children()
    SPARES.expect(2)
    (first,) = children() - before
    with open_source(messy(tmp_path), ReadOptions()):
        (second,) = children() - before - {first}
    with open_source(messy(tmp_path), ReadOptions()):
        assert children() - before == {second}
    SPARES.expect(1)
    SPARES.let_go()


def test_a_child_never_outlives_its_parent(tmp_path: Path) -> None:
    path = messy(tmp_path)
    script = f"""
import sys; sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from batch.reading import ReadOptions, open_source
from batch.reading.confined import SPARES
source = open_source(Path({str(path)!r}), ReadOptions())
SPARES.expect(1)
print("ready", flush=True)
sys.stdin.read()
"""
    parent = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    assert parent.stdout.readline() == "ready\n"
    orphans = children(parent.pid)
    assert len(orphans) == 2
    parent.kill()
    parent.communicate()
    wait_until(lambda: not any(map(lives, orphans)))
