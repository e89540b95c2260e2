from batch.sandbox.chance import chances


def test_same_seed_and_subject_give_the_same_numbers() -> None:
    assert chances(7, b"a row") == chances(7, b"a row")


def test_seed_and_subject_both_matter() -> None:
    assert len({chances(7, b"a"), chances(8, b"a"), chances(7, b"b"), chances(-7, b"a")}) == 4


def test_numbers_are_spread_over_nought_to_one() -> None:
    drawn = [number for at in range(2000) for number in chances(1, b"%d" % at)]
    assert 0 <= min(drawn) < 0.01
    assert 0.99 < max(drawn) < 1
    assert abs(sum(drawn) / len(drawn) - 0.5) < 0.02
