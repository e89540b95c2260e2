import errno
import gc
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl.workbook import Workbook

from batch.errors import OutputError
from batch.model import Change, Notice, Origin, Status, sentence
from batch.results import Form, ResultRow
from batch.results.xlsx import table
from tests.support.answers import (
    HARD_TEXTS,
    ID,
    INVALID_TOLD,
    LABELS,
    error,
    grid,
    invalid,
    opened,
    part,
    report,
    row,
    seen,
    write_results,
)


def written(
    path: Path,
    rows: list[ResultRow],
    changes: list[Change] | None = None,
    warnings: Sequence[Notice] = (),
    **given: object,
) -> Path:
    made = report(rows, warnings=warnings, **given)  # type: ignore[arg-type]
    write_results(path / "r.xlsx", made, iter(rows), changes or [], warnings, form=Form.XLSX)
    return path / "r.xlsx"


def text(workbook: Workbook, sheet: str = "Summary") -> str:
    return "\n".join(str(cell) for line in workbook[sheet].iter_rows(values_only=True) for cell in line if cell)


def change(number: int, before: str = "0612345678", column: str = "Telefoon") -> Change:
    return Change(row=number, column=column, field="phone", before=before, after="+31612345678", code="phone_e164")


def test_results_have_the_columns_of_the_contract_and_then_the_input_s_own(tmp_path: Path) -> None:
    path = written(tmp_path, [row(4), invalid(5)])
    assert grid(path, "Results") == [
        ["row", "status", "requirement_group_id", "errors", *LABELS],
        ["4", "created", ID, "", "local", "Bakkerij De Molen B.V.", "+31201234567", "1-2"],
        [
            "5", "invalid", "",
            INVALID_TOLD,
            "vast", "Bakkerij De Molen B.V.", "", "1-2",
        ],
    ]  # fmt: skip
    assert opened(path)["Results"]["A2"].value == 4, "row numbers are numbers, so that they sort"


def test_errors_have_one_line_for_each_error(tmp_path: Path) -> None:
    whole = row(7, Status.DUPLICATE, errors=[error(7, None, "", "duplicate", "The same group as row 4.")])
    path = written(tmp_path, [invalid(5), whole])
    assert grid(path, "Errors") == [
        ["row", "column", "value", "code", "message"],
        ["5", "Soort", "vast", "enum", "Soort must be one of local, mobile, national; found 'vast'."],
        ["5", "Telefoon", "", "required", "Telefoon is required but empty."],
        ["5", "Telefoon", "", "minLength", "Telefoon must not be empty."],
        ["7", "", "", "duplicate", "The same group as row 4."],
    ]


def test_changes_tell_from_what_to_what_and_why(tmp_path: Path) -> None:
    reasons = {"phone_e164": sentence("Put into the international form.")}
    path = written(tmp_path, [row(4)], [change(4), change(4, column="Soort")], reasons=reasons)
    assert grid(path, "Changes")[:2] == [
        ["row", "column", "field", "from", "to", "code", "reason"],
        ["4", "Telefoon", "phone", "0612345678", "+31612345678", "phone_e164", "Put into the international form."],
    ]


def test_a_change_without_a_known_reason_still_has_its_code(tmp_path: Path) -> None:
    assert grid(written(tmp_path, [row(4)], [change(4)]), "Changes")[1][5:] == ["phone_e164", ""]


def odd(
    number: int | None, column: str | None = "Telefoon", value: str = "06", code: str = "phone_not_valid"
) -> Notice:
    return Notice(code=code, sentence=sentence("This is odd."), row=number, column=column, value=value)


def test_warnings_have_one_line_each_that_leads_to_the_cell(tmp_path: Path) -> None:
    warnings = [odd(4, value="+31201234567"), odd(5, None, "", "short_row")]
    path = written(tmp_path, [row(4), row(5)], warnings=warnings)
    assert grid(path, "Warnings") == [
        ["row", "column", "value", "code", "message"],
        ["4", "Telefoon", "+31201234567", "phone_not_valid", "This is odd."],
        ["5", "", "", "short_row", "This is odd."],
    ]
    sheet = opened(path)["Warnings"]
    assert [sheet[cell].hyperlink.location for cell in ("A2", "A3")] == ["'Results'!G2", "'Results'!A3"]


def test_the_summary_says_how_often_each_kind_of_oddity_occurred(tmp_path: Path) -> None:
    rows = [row(number) for number in range(4, 30)]
    warnings = [odd(number) for number in range(4, 29)] + [odd(29, None, "", "short_row")]
    told = text(opened(written(tmp_path, rows, warnings=warnings)))
    assert "Look at the sheet Warnings: 26 things are odd, though no rule forbids them. They hold no row back." in told
    assert "Telefoon\n25\nRow 4: This is odd." in told
    assert "(the row as a whole)\n1\nRow 29: This is odd." in told
    assert "odd" not in text(opened(written(tmp_path, rows)))


def test_the_sheets_are_in_order_and_the_summary_is_seen_first(tmp_path: Path) -> None:
    workbook = opened(written(tmp_path, [row(4)]))
    assert workbook.sheetnames == ["Results", "Errors", "Warnings", "Changes", "Summary"]
    assert workbook.active is not None
    assert workbook.active.title == "Summary"


def test_no_customer_text_becomes_anything_but_text(tmp_path: Path) -> None:
    rows = [
        row(
            number,
            Status.INVALID,
            (hard, hard),
            [error(number, hard, hard, "code", "{{hard}}"), error(number, None, hard, "code", "x")],
        )
        for number, hard in enumerate(HARD_TEXTS, 2)
    ]
    changes = [Change(row=2, column=hard, field="f", before=hard, after=hard, code="c") for hard in HARD_TEXTS]
    path = written(
        tmp_path,
        rows,
        changes,
        labels=("=1+1", "@x"),
        input_name="=1+1.xlsx",
        notices=tuple(Notice(code="n", sentence=sentence("{t}", t=hard), column=hard) for hard in HARD_TEXTS),
    )
    cells = seen(path, "Results")
    assert cells[0][4:] == ["=1+1", "@x"]
    assert [line[4:] for line in cells[1:]] == [[hard, hard] for hard in HARD_TEXTS]
    assert [line[2] for line in seen(path, "Errors")[1::2]] == list(HARD_TEXTS)
    assert [line[3] for line in seen(path, "Changes")[1:]] == list(HARD_TEXTS)
    for number in range(1, 5):
        assert "<f>" not in part(path, f"xl/worksheets/sheet{number}.xml")
    names = {cell.hyperlink.target for sheet in opened(path) for line in sheet for cell in line if cell.hyperlink}
    assert names == {None}, "links lead inside the workbook only"


def test_the_status_is_coloured_and_in_words(tmp_path: Path) -> None:
    rows = [row(number, status) for number, status in enumerate(Status, 2)]
    sheet = opened(written(tmp_path, rows))["Results"]
    cells = [sheet.cell(number, 2) for number in range(2, 9)]
    assert [cell.value for cell in cells] == [status.value for status in Status]
    assert len({cell.fill.fgColor.rgb for cell in cells}) == 7


def test_faulty_cells_are_marked_in_place_with_the_reasons_as_a_note(tmp_path: Path) -> None:
    sheet = opened(written(tmp_path, [row(4), invalid(5)]))["Results"]
    kind, phone = sheet["E3"], sheet["G3"]
    assert kind.comment.text == "Soort must be one of local, mobile, national; found 'vast'."
    assert phone.comment.text == "Telefoon is required but empty.\nTelefoon must not be empty."
    assert kind.fill.fgColor.rgb == phone.fill.fgColor.rgb != sheet["F3"].fill.fgColor.rgb
    assert sheet["E2"].comment is None


def test_links_lead_from_each_error_to_its_cell_and_back(tmp_path: Path) -> None:
    whole = row(6, Status.DUPLICATE, errors=[error(6, None, "", "duplicate", "The same.")])
    workbook = opened(written(tmp_path, [row(4), invalid(5), whole], [change(5, before=""), change(99)]))
    links = [workbook["Errors"].cell(number, 1).hyperlink for number in range(2, 6)]
    assert [link.location for link in links if link] == ["'Results'!E3", "'Results'!G3", "'Results'!G3", "'Results'!D4"]
    assert workbook["Results"]["D3"].hyperlink.location == "'Errors'!A2"
    assert workbook["Results"]["D4"].hyperlink.location == "'Errors'!A5"
    assert workbook["Results"]["D2"].hyperlink is None
    assert workbook["Changes"]["A2"].hyperlink.location == "'Results'!G3"
    assert workbook["Changes"]["A3"].hyperlink is None


def test_a_row_number_that_may_mean_two_rows_gets_no_link(tmp_path: Path) -> None:
    rows = [row(4, origin=Origin(source="een.xlsx", row=4)), row(4, origin=Origin(source="twee.xlsx", row=4))]
    workbook = opened(written(tmp_path, rows, [change(4)]))
    assert workbook["Changes"]["A2"].value == 4
    assert workbook["Changes"]["A2"].hyperlink is None


def test_among_equal_headers_the_cell_with_the_value_is_meant(tmp_path: Path) -> None:
    faulty = row(4, Status.INVALID, ("a", "b"), [error(4, "X", "b", "enum", "Not b.")])
    sheet = opened(written(tmp_path, [faulty], labels=("X", "X")))["Results"]
    assert sheet["E2"].comment is None
    assert sheet["F2"].comment.text == "Not b."


def test_a_missing_cell_and_one_beyond_the_headers_are_shown(tmp_path: Path) -> None:
    short = row(4, Status.INVALID, ("local",), [error(4, "Telefoon", "", "required", "Needed.")])
    long = row(5, Status.CREATED, ("a", "b", "c", "d", "extra"))
    path = written(tmp_path, [short, long])
    assert opened(path)["Results"]["G2"].comment.text == "Needed."
    assert grid(path, "Results")[0] == ["row", "status", "requirement_group_id", "errors", *LABELS, ""]
    assert grid(path, "Results")[2][4:] == ["a", "b", "c", "d", "extra"]


def test_headers_are_given_back_as_the_input_spells_them(tmp_path: Path) -> None:
    faulty = row(4, Status.INVALID, ("vast", "x"), [error(4, "Soort", "vast", "enum", "No.")])
    path = written(tmp_path, [faulty], labels=("Soort", "column B"), headers=(" Soort ", ""))
    assert seen(path, "Results")[0][4:] == [" Soort ", ""]
    assert opened(path)["Results"]["E2"].comment.text == "No."


def test_rows_of_a_failed_file_show_where_they_first_came_from(tmp_path: Path) -> None:
    rows = [row(2, cells=("a", "b", "c", "d", "extra"), origin=Origin(source="eerste.xlsx", row=40)), invalid(3)]
    path = written(tmp_path, rows, shows_origin=True)
    cells = grid(path, "Results")
    assert cells[0][4:] == [*LABELS, "flireo_row", "flireo_source", ""]
    assert cells[1][4:] == ["a", "b", "c", "d", "40", "eerste.xlsx", "extra"]
    assert cells[2][8:] == ["3", "klanten.xlsx", ""]


def test_rows_that_are_not_those_of_the_report_are_never_written(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="do not add up: 1 rows should be created, 0 are") as caught:
        write_results(tmp_path / "r.xlsx", report([row(4)]), iter([]), form=Form.XLSX)
    assert caught.value.code == "rows_do_not_add_up"
    assert list(tmp_path.iterdir()) == []


def full_disk(folder: Path) -> Path:
    """A name for a file that cannot hold anything; what stands beside it can."""
    if not Path("/dev/full").exists():
        pytest.skip("only Linux has a disk that is always full")
    link = folder / "full.csv"
    link.symlink_to("/dev/full")
    return link


def test_what_could_be_opened_is_closed_where_the_rest_could_not(tmp_path: Path) -> None:
    full = full_disk(tmp_path)
    (tmp_path / "full.errors.csv").mkdir()
    with pytest.raises(OutputError, match="cannot be written"):
        write_results(full, report([row(4)]), iter([row(4)]), form=Form.CSV)
    gc.collect()  # would close it now, in vain, and tell whoever looks at the screen


@pytest.mark.parametrize("form", list(Form))
def test_a_full_disk_becomes_a_sentence(form: Form, tmp_path: Path) -> None:
    full = full_disk(tmp_path)
    with pytest.raises(OutputError, match="disk is full") as caught:
        write_results(full, report([row(4)]), iter([row(4)]), form=form)
    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.__cause__.errno == errno.ENOSPC


def test_the_summary_says_what_happened_what_to_do_and_how_it_went(tmp_path: Path) -> None:
    notices = (
        Notice(code="title_rows", sentence=sentence("Two title rows were skipped.")),
        Notice(code="odd", sentence=sentence("Odd number."), row=4, column="Telefoon"),
        Notice(code="odd", sentence=sentence("Odd row."), row=4),
        Notice(code="hidden", sentence=sentence("Hidden."), column="Soort"),
    )
    shown = text(opened(written(tmp_path, [row(4), invalid(5)], notices=notices)))
    for words in (
        "Results for klanten.xlsx",
        "1 of 2 rows of klanten.xlsx are created; 1 needs someone.",
        "1. Open klanten.failed.xlsx: it holds the row that needs someone.",
        "2. Correct it, save it, and run it: flireo-batch run klanten.failed.xlsx.",
        "100/minute",
        "1 min 23 s",
        "run-1",
        "Two title rows were skipped.",
        "Row 4, Telefoon",
        "Row 4\nOdd row.",
        "Soort\nHidden.",
    ):
        assert words in shown


def test_the_counts_and_both_charts_are_drawn_from_cells(tmp_path: Path) -> None:
    path = written(tmp_path, [row(4), invalid(5), row(6, Status.NOT_SENT, errors=[error(6, None, "", "x", "y")])])
    sheet = opened(path)["Summary"]
    counts = {line[0]: line[1] for line in sheet.iter_rows(max_col=2, values_only=True)}
    assert counts["created"] == counts["invalid"] == counts["not_sent"] == 1
    assert counts["duplicate"] == 0
    assert (counts["Total"], counts["Telefoon"], counts["Soort"]) == (3, 2, 1)
    assert "(the row as a whole)" not in counts, "rows that were not sent are no errors"
    assert "Rows by outcome" in part(path, "xl/charts/chart1.xml")
    assert "Errors by column" in part(path, "xl/charts/chart2.xml")


def test_an_error_of_the_whole_row_is_counted_as_such(tmp_path: Path) -> None:
    path = written(tmp_path, [row(4, Status.DUPLICATE, errors=[error(4, None, "", "duplicate", "x")])])
    assert "(the row as a whole)" in text(opened(path))


@pytest.mark.parametrize(
    ("rows", "stopped", "colour"),
    [([], False, "FFF1CC"), ([row(4)], False, "DFF3E4"), ([invalid(4)], False, "FFF1CC"), ([row(4)], True, "FDE3E0")],
)
def test_the_headline_s_colour_says_how_it_is(
    tmp_path: Path, rows: list[ResultRow], stopped: bool, colour: str
) -> None:
    reason = sentence("The key was refused.") if stopped else None
    sheet = opened(written(tmp_path, rows, stopped=reason))["Summary"]
    assert sheet["A2"].fill.fgColor.rgb == f"00{colour}"


def test_a_workbook_of_no_rows_opens_too(tmp_path: Path) -> None:
    path = written(tmp_path, [])
    assert [len(grid(path, name)) for name in ("Results", "Errors", "Changes")] == [1, 1, 1]
    assert "has no data rows" in text(opened(path))


def test_of_many_notices_of_a_kind_the_first_are_shown_and_the_rest_counted(tmp_path: Path) -> None:
    notices = tuple(Notice(code="odd", sentence=sentence("Odd."), row=number) for number in range(100))
    more = (*notices, *(Notice(code="rare", sentence=sentence("Rare."), row=number) for number in range(21)))
    shown = text(opened(written(tmp_path, [row(4)], notices=more)))
    assert shown.count("Odd.") == 20
    assert "And 80 more like these (odd)." in shown
    assert "And 1 more like this (rare)." in shown


def test_what_is_left_out_to_keep_the_file_quick_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "TABLE_NOTES", 1)
    monkeypatch.setattr(table, "SHEET_LINKS", 1)
    path = written(tmp_path, [invalid(4), invalid(5)])
    shown = text(opened(path))
    assert "3 faulty cells are red but have no note" in shown
    assert "6 cells have no link" in shown
    fills = {opened(path)["Results"].cell(number, 5).fill.fgColor.rgb for number in (2, 3)}
    assert len(fills) == 1


def test_sentences_are_said_in_the_language_that_is_asked_for(tmp_path: Path) -> None:
    rows = [invalid(4)]
    write_results(tmp_path / "r.xlsx", report(rows), iter(rows), form=Form.XLSX, say=lambda told: f"NL {told}")
    assert opened(tmp_path / "r.xlsx")["Errors"]["E3"].value == "NL Telefoon is required but empty."
    assert opened(tmp_path / "r.xlsx")["Summary"]["A1"].value == "NL Results for klanten.xlsx"
    assert opened(tmp_path / "r.xlsx")["Errors"]["E1"].value == "message", "column names are for programs too"


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    program = textwrap.dedent(
        """
        import resource, sys
        from pathlib import Path
        from batch.results import Form
        from tests.support.answers import report, row, write_results
        def peak():
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        def write(count):
            class Rows(list):
                def __iter__(self):
                    return (row(number, cells=(str(number),) * 12) for number in range(count))
            rows = Rows()
            write_results(Path(sys.argv[1]), report(rows), rows, form=Form.XLSX)
        write(2_000)
        first = peak()
        write(12_000)
        print(first, peak())
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "r.xlsx")], check=True, capture_output=True, text=True
    )
    small, large = map(int, done.stdout.split())
    assert large - small < 12_000, "kilobytes: 10,000 rows more would hold some 12 MB of text and far more of objects"
