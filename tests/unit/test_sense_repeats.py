"""sense: the same phone number for many businesses, counted over the parts of a file."""

from __future__ import annotations

from batch.sense import repeats
from batch.sense.repeats import MANY
from tests.support.sense import new_sense, warned

PHONE = "+31201234567"


def rows(count: int, *, phone: str = PHONE, first: int = 0, business: str = "Bedrijf {}") -> list[dict[str, str]]:
    return [
        {"business_name": business.format(number), "contact_person_phone": phone}
        for number in range(first, first + count)
    ]


def test_every_row_of_a_number_that_many_businesses_share_is_told() -> None:
    found = warned([*rows(MANY), *rows(1, phone="+31301234567")])
    assert [(notice.row, notice.code, notice.field) for notice in found] == [
        (number, "repeated_value", "contact_person_phone") for number in range(MANY)
    ]
    assert found[0].message == (
        "The same phone number stands in 10 rows or more, of 10 or more different businesses. "
        "Is it the number of this contact person?"
    )


def test_one_business_with_many_rows_is_nothing_odd_however_it_is_written() -> None:
    assert warned([*rows(20, business="Kapper B.V."), *rows(20, business="KAPPER BV")]) == ()
    assert warned(rows(MANY - 1)) == ()
    assert warned(rows(30, phone="")) == ()


def test_later_parts_are_judged_with_what_earlier_ones_held() -> None:
    sense = new_sense()
    assert warned(rows(6), sense=sense) == ()
    assert [notice.row for notice in warned(rows(6, first=6), sense=sense)] == list(range(6))
    assert warned(rows(6, first=12), sense=new_sense()) == ()


def test_what_is_remembered_is_bounded_and_the_commonest_stay() -> None:
    counting = repeats.Repeats()
    counting._seen.update({f"+{number}": repeats._Shared(rows=number) for number in range(repeats._REMEMBERED + 1)})
    counting._forget()
    assert len(counting._seen) == repeats._REMEMBERED // 2
    assert f"+{repeats._REMEMBERED}" in counting._seen


def test_without_phones_or_businesses_there_is_nothing_to_count() -> None:
    assert warned([{"business_name": f"Bedrijf {number}"} for number in range(20)]) == ()
    assert warned([{"contact_person_phone": PHONE}] * 20) == ()
