"""identity: the hashes by which rows, groups and keys are known again."""

from batch.identity import detail_hashes, fingerprint, group_key, key_hash

SECRET = b"s" * 32
FIELDS = {"name": "Depot", "business_name": "Voorbeeld BV", "phone_number_type": "local", "city": "Utrecht"}


def test_a_row_is_known_by_account_and_exact_body() -> None:
    one = fingerprint(SECRET, "account", b'{"a":1}')
    assert one == fingerprint(SECRET, "account", b'{"a":1}')
    assert one != fingerprint(SECRET, "account", b'{"a":2}')
    assert one != fingerprint(SECRET, "other", b'{"a":1}')
    assert one != fingerprint(b"t" * 32, "account", b'{"a":1}')


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
