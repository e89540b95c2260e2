"""plan: what is sent, what is done, what is the same as another."""

from __future__ import annotations

import json
from dataclasses import replace

from batch.model import Origin, Outcome, Record, Status
from batch.plan import Earlier, Naming, Twin, plan

ID = "550e8400-e29b-41d4-a716-446655440000"


def record(position: int, fingerprint: str, group: str | None = None, **fields: str) -> Record:
    return Record(
        position=position,
        row=position + 2,
        origin=Origin(source="customers.csv", row=position + 2),
        body=json.dumps({"name": group or fingerprint, **fields}).encode(),
        fingerprint=fingerprint,
        group_key=group or fingerprint,
    )


def naming() -> Naming:
    return Naming(labels={"city": "Plaats", "street_name": "Straat"}, details=lambda r: json.loads(r.body))


def earlier(
    fingerprint: str | None, group: str, group_id: str | None = ID, *, settled: bool = True, **details: str
) -> Earlier:
    return Earlier(
        group_key=group,
        fingerprint=fingerprint,
        requirement_group_id=group_id,
        settled=settled,
        origin=Origin(source="old.xlsx", row=7),
        details={"name": group, **details},
    )


def decided(records: list[Record], *known: Earlier) -> dict[int, Outcome]:
    return dict(plan(records, known, naming()).decided)


def test_what_nobody_knows_is_sent_in_file_order() -> None:
    records = [record(0, "a"), record(1, "b")]
    assert plan(records, (), naming()).sends == tuple(records)


def test_what_was_created_before_is_done() -> None:
    outcome = decided([record(0, "a")], earlier("a", "a"))[0]
    assert (outcome.status, outcome.requirement_group_id) == (Status.ALREADY_CREATED, ID)


def test_what_is_open_is_left_to_the_moment_of_sending() -> None:
    assert plan([record(0, "a")], [earlier("a", "a", None, settled=False)], naming()).sends


def test_what_was_refused_or_proven_absent_may_be_sent_again() -> None:
    assert plan([record(0, "a")], [earlier("a", "a", None)], naming()).sends
    assert plan([record(0, "b", "a")], [earlier("a", "a", None)], naming()).sends


def test_a_group_in_the_list_that_is_nobodys_is_taken_as_this_row() -> None:
    outcome = decided([record(0, "a")], earlier(None, "a"))[0]
    assert (outcome.status, outcome.requirement_group_id) == (Status.ALREADY_CREATED, ID)


def test_several_groups_in_the_list_are_for_a_person() -> None:
    outcome = decided([record(0, "a")], earlier(None, "a", "id-2"), earlier(None, "a", "id-1"))[0]
    assert outcome.status is Status.DUPLICATE
    assert outcome.errors[0].code == "several_exist"
    assert "id-1, id-2" in outcome.errors[0].message


def test_the_same_group_with_other_details_names_id_origin_and_columns() -> None:
    outcome = decided(
        [record(0, "b", "g", city="Utrecht", street_name="A")], earlier("a", "g", city="Utrecht", street_name="B")
    )[0]
    assert (outcome.status, outcome.requirement_group_id) == (Status.DUPLICATE, ID)
    message = outcome.errors[0].message
    assert outcome.errors[0].code == "same_group_other_details"
    assert ID in message
    assert "old.xlsx, row 7" in message
    assert "other details: Straat." in message


def test_the_same_group_in_doubt_holds_the_row_back() -> None:
    outcome = decided([record(0, "b", "g")], earlier("a", "g", None, settled=False))[0]
    assert outcome.status is Status.DUPLICATE
    assert outcome.errors[0].code == "same_group_in_doubt"


def test_a_row_twice_in_a_file_counts_once() -> None:
    result = plan([record(0, "a"), record(1, "a")], (), naming(), {1: Twin(row=2)})
    assert [send.position for send in result.sends] == [0]
    assert result.decided[1].errors[0].code == "same_row"
    assert "row 2" in result.decided[1].errors[0].message


def test_the_same_group_twice_in_a_file_says_what_differs() -> None:
    records = [record(0, "a", "g", city="Utrecht", street_name="A"), record(1, "b", "g", city="Utrecht")]
    result = plan(records, (), naming(), {1: Twin(row=2, differing=("street_name", "description"))})
    error = result.decided[1].errors[0]
    assert error.code == "same_group_other_details"
    assert "row 2" in error.message
    assert "other details: Straat, description." in error.message


def test_a_duplicate_of_a_row_that_is_done_is_a_duplicate_of_that_row() -> None:
    result = plan([record(0, "a"), record(1, "a")], [earlier("a", "a")], naming(), {1: Twin(row=2)}).decided
    assert [result[0].status, result[1].status] == [Status.ALREADY_CREATED, Status.DUPLICATE]


def test_a_group_of_unknown_origin_is_still_named() -> None:
    known = replace(earlier("a", "g"), origin=None, details={})
    outcome = decided([record(0, "b", "g")], known)[0]
    assert ID in outcome.errors[0].message
    doubtful = replace(known, requirement_group_id=None, settled=False)
    assert decided([record(0, "b", "g")], doubtful)[0].errors[0].code == "same_group_in_doubt"
