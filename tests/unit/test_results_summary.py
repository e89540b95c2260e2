import pytest

from batch.model import Status, counted, sentence
from batch.results import Mode, Report
from batch.results.summary import MEANINGS, advice, command, figures, headline
from tests.support.answers import report, row


def of(**counts: int) -> list[Status]:
    return [Status(name) for name, count in counts.items() for _ in range(count)]


def reported(statuses: list[Status], mode: Mode = Mode.RUN, ready: int = 0, failed: bool = True) -> Report:
    name = "klanten.failed.xlsx" if failed else None
    return report([row(2, status) for status in statuses], mode=mode, ready=ready, failed_name=name)


def told(made: Report) -> str:
    return " ".join(map(str, headline(made)))


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (of(), "klanten.xlsx has no data rows, so nothing was sent."),
        (of(created=1), "The one row of klanten.xlsx is created."),
        (of(created=3, already_created=1), "All 4 rows of klanten.xlsx are created."),
        (of(created=3, invalid=1), "3 of 4 rows of klanten.xlsx are created; 1 needs someone."),
        (of(created=1_500, rejected=2), "1,500 of 1,502 rows of klanten.xlsx are created; 2 need someone."),
    ],
)
def test_one_sentence_says_what_happened(statuses: list[Status], expected: str) -> None:
    assert told(reported(statuses)) == expected


@pytest.mark.parametrize(
    ("statuses", "ready", "expected"),
    [
        (of(not_sent=1), 1, "1 row of klanten.xlsx can be sent; nothing is wrong."),
        (of(not_sent=5), 5, "5 rows of klanten.xlsx can be sent; nothing is wrong."),
        (of(not_sent=5, invalid=1), 5, "5 of 6 rows of klanten.xlsx can be sent; 1 needs someone."),
        (
            of(not_sent=2, duplicate=2, already_created=1),
            2,
            "2 of 5 rows of klanten.xlsx can be sent; 2 need someone. 1 row was created before.",
        ),
    ],
)
def test_a_check_and_a_dry_run_say_what_would_be_sent(statuses: list[Status], ready: int, expected: str) -> None:
    assert told(reported(statuses, Mode.CHECK, ready)) == f"{expected} Nothing was sent: this was a check."
    assert told(reported(statuses, Mode.DRY_RUN, ready)) == f"{expected} Nothing was sent: this was a dry run."


def test_a_run_that_was_stopped_says_why() -> None:
    made = report([row(2), row(3, Status.NOT_SENT)], stopped=sentence("The API refused the key."))
    assert told(made) == "1 of 2 rows of klanten.xlsx are created; 1 needs someone. The API refused the key."


@pytest.mark.parametrize(
    ("statuses", "words"),
    [
        (of(), "right file"),
        (of(created=2), "Nothing. The IDs are in the column requirement_group_id"),
        (of(invalid=1), "holds the row that needs someone"),
        (of(invalid=2), "holds the 2 rows that need someone"),
        (of(rejected=1), "flireo-batch run klanten.failed.xlsx"),
        (of(duplicate=1), "One row is a duplicate"),
        (of(duplicate=2), "2 rows are duplicates"),
        (of(in_doubt=1), "look whether its group exists"),
        (of(in_doubt=2), "look whether their groups exist"),
        (of(not_sent=1), "One row was not sent"),
        (of(not_sent=2), "2 rows were not sent"),
    ],
)
def test_there_is_always_something_said_on_what_to_do_next(statuses: list[Status], words: str) -> None:
    assert words in " ".join(map(str, advice(reported(statuses))))


def test_after_a_check_the_next_step_is_to_send() -> None:
    steps = [str(step) for step in advice(reported(of(not_sent=5), Mode.CHECK, ready=5, failed=False))]
    assert steps == ["To send the 5 rows: flireo-batch run klanten.xlsx"]
    (step,) = advice(reported(of(not_sent=1), Mode.CHECK, ready=1))
    assert str(step) == "To send the row: flireo-batch run klanten.xlsx"


def test_no_failed_file_is_named_that_is_not_there() -> None:
    assert "failed" not in str(advice(reported(of(in_doubt=1), failed=False))[0])


def test_every_outcome_has_a_meaning() -> None:
    assert set(MEANINGS) == set(Status)


@pytest.mark.parametrize(
    ("seconds", "requests", "took", "pace"),
    [
        (0.42, 3, "0.4 s", "-"),
        (59.9, 0, "59.9 s", "-"),
        (83.4, 31, "1 min 23 s", "22/minute"),
        (7_260.0, 12_100, "2 h 1 min", "100/minute"),
    ],
)
def test_the_figures_tell_times_and_pace_as_people_say_them(
    seconds: float, requests: int, took: str, pace: str
) -> None:
    lines = {str(name): value for name, value in figures(report([], seconds=seconds, requests=requests))}
    assert (lines["Took"], lines["Pace"]) == (took, pace)
    assert lines["Started"] == "2026-11-23 09:14:05+01:00"
    assert lines["Account"] == "default"


def test_a_file_name_with_spaces_can_be_pasted() -> None:
    assert command("run", "klanten-2.failed.xlsx") == "flireo-batch run klanten-2.failed.xlsx"
    assert command("run", "klanten maart.xlsx") == 'flireo-batch run "klanten maart.xlsx"'


def test_one_and_several_have_their_own_words() -> None:
    assert str(counted(1, "a thing", "{count} things")) == "a thing"
    assert str(counted(2, "a thing", "{count} things")) == "2 things"
