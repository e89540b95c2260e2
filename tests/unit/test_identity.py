"""identity: the hashes by which rows, groups and keys are known again."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from batch.identity import detail_hashes, fingerprint, folded, group_key, key_hash

SECRET = b"s" * 32
FIELDS = {"name": "Depot", "business_name": "Voorbeeld BV", "phone_number_type": "local", "city": "Utrecht"}


def test_a_row_is_known_by_account_and_exact_body() -> None:
    one = fingerprint(SECRET, "account", b'{"a":1}')
    assert one == fingerprint(SECRET, "account", b'{"a":1}')
    assert one != fingerprint(SECRET, "account", b'{"a":2}')
    assert one != fingerprint(SECRET, "other", b'{"a":1}')
    assert one != fingerprint(b"t" * 32, "account", b'{"a":1}')


def test_hashes_are_those_that_ledgers_hold() -> None:
    """Another hash of the same row would make it a new row to every ledger there is: it would be created again."""
    row = fingerprint(SECRET, "account", b'{"a":1}')
    assert row == "c719e0d938f3a8078281bfef8ff48c09a38d738ece7c4ec6d2b6096cc5350757"
    group = group_key(SECRET, "account", FIELDS)
    assert group == "459fbd46d1cd33910d6a6c59a9a712a68c21630257795235f4012821b2337bb6"
    foreign = group_key(SECRET, "account", FIELDS | {"city": "\u0130JMUIDEN Stra\u00dfe"})
    assert foreign == "2ddb8cedde6d4d6c04f5f4fdc9f03b98f85bef0530be5f7cee616cb982583859"
    key = key_hash(SECRET, "fl_test_a")
    assert key == "941a24fd507b7600a74e7c5cad3999b86d59485f7555de1aacc3a2c9fd73575a"
    assert detail_hashes(SECRET, {"a": "1"}) == {"a": "dc16528b"}


@given(st.text() | st.text(st.characters(max_codepoint=127)))
def test_the_short_cut_for_ascii_folds_alike(text: str) -> None:
    nfc = unicodedata.normalize("NFC", text)
    assert folded(text) == unicodedata.normalize("NFC", nfc.casefold()).strip()


def test_parts_of_a_hash_do_not_run_into_each_other() -> None:
    assert fingerprint(SECRET, "ab", b"c") != fingerprint(SECRET, "a", b"bc")


def test_a_group_is_known_whatever_the_case_and_normal_form() -> None:
    other = {"name": " DEPOT", "business_name": "VOORBEELD bv", "phone_number_type": "Local", "city": "UTRECHT"}
    assert group_key(SECRET, "a", FIELDS) == group_key(SECRET, "a", other)
    assert group_key(SECRET, "a", FIELDS | {"city": "Caf\u00e9"}) == group_key(
        SECRET, "a", FIELDS | {"city": "cafe\u0301"}
    )


def test_groups_that_the_list_tells_apart_differ() -> None:
    keys = {group_key(SECRET, "a", FIELDS | {name: "x"}) for name in FIELDS}
    assert len(keys | {group_key(SECRET, "a", FIELDS)}) == len(FIELDS) + 1


def test_a_missing_field_counts_as_empty() -> None:
    assert group_key(SECRET, "a", FIELDS | {"city": None}) == group_key(SECRET, "a", FIELDS | {"city": ""})


def test_what_the_list_does_not_show_is_no_part_of_the_group() -> None:
    assert group_key(SECRET, "a", FIELDS) == group_key(SECRET, "a", FIELDS | {"street_name": "Dorpsstraat"})


def test_details_tell_which_fields_differ_and_nothing_more() -> None:
    one, other = detail_hashes(SECRET, {"a": "1", "b": "2"}), detail_hashes(SECRET, {"a": "1", "b": "3"})
    assert one["a"] == other["a"]
    assert one["b"] != other["b"]
    assert "2" not in str(one["b"]) or len(one["b"]) == 8


def test_a_key_is_known_by_a_hash_of_the_ledgers_own() -> None:
    assert key_hash(SECRET, "fl_test_a") != key_hash(b"t" * 32, "fl_test_a")
    assert "fl_test_a" not in key_hash(SECRET, "fl_test_a")
