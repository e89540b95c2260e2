import subprocess
import sys
import textwrap
from contextlib import ExitStack
from pathlib import Path

import pytest

from batch.errors import OutputError
from batch.results import Form, Outputs, claim_outputs, output_paths


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "customers.xlsx"
    path.write_bytes(b"input")
    return path


def round_of(
    source: Path,
    *,
    out: Path | None = None,
    overwrite: bool = False,
    failed: bool = True,
    form: Form = Form.XLSX,
    text: str = "new",
) -> tuple[str, str | None]:
    """Write one round; the names under which it was published."""
    with claim_outputs(source, out, overwrite=overwrite, form=form, failed_form=Form.XLSX) as outputs:
        write(outputs, failed=failed, text=text)
        results, failed_path = outputs.publish()
    return results.name, failed_path.name if failed_path else None


def write(outputs: Outputs, *, failed: bool, text: str) -> None:
    outputs.staged.results.write_text(text, encoding="utf-8")
    if failed:
        outputs.staged.failed.write_text(text, encoding="utf-8")


def test_the_answer_stands_beside_the_input_and_nothing_else_does(source: Path) -> None:
    assert round_of(source) == ("customers.results.xlsx", "customers.failed.xlsx")
    assert sorted(path.name for path in source.parent.iterdir()) == [
        "customers.failed.xlsx",
        "customers.results.xlsx",
        "customers.xlsx",
    ]


def test_a_csv_input_gives_workbooks_too_unless_told_otherwise(tmp_path: Path) -> None:
    source = tmp_path / "customers.csv"
    source.touch()
    assert round_of(source) == ("customers.results.xlsx", "customers.failed.xlsx")
    assert round_of(source, form=Form.CSV)[0] == "customers.results-2.csv"


def test_the_next_round_gets_the_next_number_and_overwrites_nothing(source: Path) -> None:
    round_of(source, text="first")
    assert round_of(source) == ("customers.results-2.xlsx", "customers.failed-2.xlsx")
    assert round_of(source, failed=False) == ("customers.results-3.xlsx", None)
    assert (source.parent / "customers.results.xlsx").read_text(encoding="utf-8") == "first"


@pytest.mark.parametrize("taken", ["customers.results.xlsx", "customers.failed.xlsx"])
def test_the_numbers_of_a_pair_stay_in_step(source: Path, taken: str) -> None:
    source.with_name(taken).touch()
    assert round_of(source) == ("customers.results-2.xlsx", "customers.failed-2.xlsx")


def test_a_failed_file_as_input_starts_the_next_round_of_its_stem(source: Path) -> None:
    round_of(source)
    second = round_of(source.with_name("customers.failed.xlsx"))
    third = round_of(source.with_name("customers.failed-2.xlsx"))
    assert second == ("customers.results-2.xlsx", "customers.failed-2.xlsx")
    assert third == ("customers.results-3.xlsx", "customers.failed-3.xlsx")


def test_overwriting_takes_the_first_names_again(source: Path) -> None:
    round_of(source, text="old")
    assert round_of(source, overwrite=True) == ("customers.results.xlsx", "customers.failed.xlsx")
    assert (source.parent / "customers.failed.xlsx").read_text(encoding="utf-8") == "new"


def test_overwriting_removes_an_earlier_failed_file_that_no_longer_holds_true(source: Path) -> None:
    round_of(source)
    assert round_of(source, overwrite=True, failed=False) == ("customers.results.xlsx", None)
    assert not (source.parent / "customers.failed.xlsx").exists()


def test_overwriting_without_results_leaves_the_earlier_results(source: Path) -> None:
    round_of(source, text="old")
    with claim_outputs(source, None, overwrite=True, form=Form.XLSX, failed_form=Form.XLSX) as outputs:
        outputs.publish()
    assert (source.parent / "customers.results.xlsx").read_text(encoding="utf-8") == "old"


def test_overwriting_never_touches_the_input_itself(source: Path) -> None:
    failed = source.with_name("customers.failed.xlsx")
    failed.write_text("what the customer corrected", encoding="utf-8")
    assert round_of(failed, overwrite=True) == ("customers.results-2.xlsx", "customers.failed-2.xlsx")
    assert failed.read_text(encoding="utf-8") == "what the customer corrected"


def test_another_folder_is_made_and_used(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    assert round_of(source, out=out) == ("customers.results.xlsx", "customers.failed.xlsx")
    assert len(list(out.iterdir())) == 2


def test_csv_results_come_with_their_sheets(source: Path) -> None:
    with claim_outputs(source, None, overwrite=False, form=Form.CSV, failed_form=Form.CSV) as outputs:
        for path in outputs.staged.all():
            path.write_text("x", encoding="utf-8")
        outputs.publish()
    assert all(path.exists() for path in outputs.final.all())
    assert outputs.final.failed.name == "customers.failed.csv"


def test_what_is_not_published_vanishes_with_an_error(source: Path) -> None:
    def fail() -> None:
        with claim_outputs(source, None, overwrite=False, form=Form.XLSX, failed_form=Form.XLSX) as outputs:
            write(outputs, failed=True, text="half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(source.parent.iterdir()) == [source]


def test_two_runs_at_once_get_different_names(source: Path) -> None:
    with ExitStack() as runs:
        claims = [
            runs.enter_context(claim_outputs(source, None, overwrite=overwrite, form=form, failed_form=Form.XLSX))
            for overwrite, form in ((False, Form.XLSX), (False, Form.CSV), (True, Form.XLSX))
        ]
        for outputs in claims:
            write(outputs, failed=True, text="x")
            outputs.publish()
    assert [outputs.final.failed.name for outputs in claims] == [
        "customers.failed.xlsx",
        "customers.failed-2.xlsx",
        "customers.failed-3.xlsx",
    ]


def test_a_name_taken_by_somebody_else_meanwhile_is_not_overwritten(source: Path) -> None:
    def late() -> None:
        with claim_outputs(source, None, overwrite=False, form=Form.XLSX, failed_form=Form.XLSX) as outputs:
            write(outputs, failed=False, text="ours")
            outputs.final.results.write_text("theirs", encoding="utf-8")
            outputs.publish()

    with pytest.raises(OutputError, match="already exists"):
        late()
    assert source.with_name("customers.results.xlsx").read_text(encoding="utf-8") == "theirs"


def test_what_a_killed_run_left_behind_is_cleared_and_costs_no_number(source: Path) -> None:
    program = textwrap.dedent(
        """
        import os, signal, sys
        from pathlib import Path
        from batch.results import Form, claim_outputs
        with claim_outputs(
            Path(sys.argv[1]), None, overwrite=False, form=Form.XLSX, failed_form=Form.XLSX
        ) as outputs:
            outputs.staged.results.write_text("half")
            os.kill(os.getpid(), signal.SIGKILL)
        """
    )
    killed = subprocess.run([sys.executable, "-c", program, str(source)], check=False)
    assert killed.returncode == -9
    left = [path for path in source.parent.iterdir() if path.name.endswith(".flireo-partial")]
    assert len(left) == 1
    assert round_of(source, failed=False) == ("customers.results.xlsx", None)
    assert sorted(path.name for path in source.parent.iterdir()) == ["customers.results.xlsx", "customers.xlsx"]


def test_a_run_that_finishes_while_we_look_keeps_its_names(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Path.mkdir

    def mkdir(folder: Path, mode: int = 0o777, parents: bool = False, exist_ok: bool = False) -> None:
        if folder.name == ".customers.results.flireo-partial":
            source.with_name("customers.results.xlsx").write_text("theirs", encoding="utf-8")
        made(folder, mode, parents, exist_ok)

    monkeypatch.setattr(Path, "mkdir", mkdir)
    assert round_of(source, failed=False) == ("customers.results-2.xlsx", None)
    assert source.with_name("customers.results.xlsx").read_text(encoding="utf-8") == "theirs"


def test_asking_for_the_names_takes_nothing(source: Path) -> None:
    names = output_paths(source, None, overwrite=False, form=Form.XLSX, failed_form=Form.XLSX)
    assert names.results == source.with_name("customers.results.xlsx")
    assert list(source.parent.iterdir()) == [source]


def test_a_place_that_cannot_be_written_is_found_out_by_asking(tmp_path: Path) -> None:
    source = tmp_path / ("x" * 250)
    source.touch()
    with pytest.raises(OutputError) as caught:
        output_paths(source, None, overwrite=False, form=Form.XLSX, failed_form=Form.XLSX)
    assert caught.value.code == "name_too_long"
    with pytest.raises(OutputError) as caught:
        output_paths(source, source / "out", overwrite=False, form=Form.XLSX, failed_form=Form.XLSX)
    assert caught.value.code == "no_folder"
