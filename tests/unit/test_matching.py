"""matching: whose group is it."""

from batch.matching import Absent, Candidate, Doubtful, Found, Undecided, judge


def row(
    name: str = "f1", key: str = "k", *, sent_at: float = 1000.0, conflict: bool = False, judged: bool = True
) -> Doubtful:
    return Doubtful(
        fingerprint=name,
        group_key=key,
        sent_at=sent_at,
        slack_seconds=3.0,
        refused_as_existing=conflict,
        may_be_judged=judged,
    )


def group(
    name: str = "g1", key: str = "k", created_at: float | None = 1000.0, *, complete: bool = True, gone: bool = False
) -> Candidate:
    return Candidate(id=name, group_key=key, created_at=created_at, complete=complete, gone=gone)


def test_one_match_is_the_rows_group() -> None:
    assert judge([row()], [group(), group("g2", "other")], list_is_whole=True) == {
        "f1": Found(requirement_group_id="g1")
    }


def test_no_match_in_a_whole_list_means_absent() -> None:
    assert judge([row()], [group(key="other")], list_is_whole=True) == {"f1": Absent()}


def test_no_match_in_a_list_that_is_not_whole_means_nothing() -> None:
    assert judge([row()], [], list_is_whole=False) == {"f1": Undecided(reason="list_unreliable")}


def test_a_match_counts_also_in_a_list_that_is_not_whole() -> None:
    assert judge([row()], [group()], list_is_whole=False) == {"f1": Found(requirement_group_id="g1")}


def test_a_group_that_seems_to_be_from_before_the_send_leaves_the_row_to_a_person() -> None:
    older = group(created_at=990.0)
    undecided = Undecided(reason="older_group", candidates=("g1",))
    assert judge([row()], [older], list_is_whole=True) == {"f1": undecided}
    assert judge([row()], [group(created_at=998.0)], list_is_whole=True) == {"f1": Found(requirement_group_id="g1")}
    assert judge([row()], [older, group("g2")], list_is_whole=True) == {"f1": Found(requirement_group_id="g2")}
    assert judge([row()], [group(created_at=990.0, gone=True)], list_is_whole=True) == {"f1": Absent()}


def test_a_new_group_that_does_not_show_what_it_is_may_be_any_rows() -> None:
    hidden = group(key="?", complete=False)
    undecided = Undecided(reason="incomplete_groups", candidates=("g1",))
    assert judge([row("f1"), row("f2", "l")], [hidden], list_is_whole=True) == {"f1": undecided, "f2": undecided}
    within_a_day = group(key="?", created_at=1000.0 - 86_000.0, complete=False)
    assert judge([row()], [within_a_day], list_is_whole=True) == {"f1": undecided}
    assert judge([row()], [group(key="?", created_at=-90_000.0, complete=False)], list_is_whole=True) == {
        "f1": Absent()
    }
    found = {"f1": Found(requirement_group_id="g2")}
    assert judge([row()], [hidden, group("g2")], list_is_whole=True) == found


def test_a_group_without_a_readable_time_may_be_it() -> None:
    assert judge([row()], [group(created_at=None)], list_is_whole=True) == {"f1": Found(requirement_group_id="g1")}


def test_after_a_conflict_the_group_may_be_older() -> None:
    assert judge([row(conflict=True)], [group(created_at=1.0)], list_is_whole=True) == {
        "f1": Found(requirement_group_id="g1")
    }


def test_several_groups_leave_the_row_to_a_person() -> None:
    verdicts = judge([row()], [group("g2"), group("g1")], list_is_whole=True)
    assert verdicts == {"f1": Undecided(reason="several_groups", candidates=("g1", "g2"))}


def test_several_rows_leave_them_to_a_person() -> None:
    undecided = Undecided(reason="several_rows", candidates=("g1",))
    assert judge([row("f1"), row("f2")], [group()], list_is_whole=True) == {"f1": undecided, "f2": undecided}


def test_several_rows_without_a_group_are_all_absent() -> None:
    assert judge([row("f1"), row("f2")], [], list_is_whole=True) == {"f1": Absent(), "f2": Absent()}


def test_a_row_that_a_live_run_is_sending_makes_a_match_ambiguous_and_is_not_judged() -> None:
    verdicts = judge([row("f1"), row("f2", judged=False)], [group()], list_is_whole=True)
    assert verdicts == {"f1": Undecided(reason="several_rows", candidates=("g1",))}
