"""The scan that every acceptance test's logs go through finds what must not be there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.log_scan import scan, scan_folder, values_in
from tests.support.program import write_csv


def line(**said: object) -> str:
    return json.dumps({"event": "row_ended", **said}, ensure_ascii=False) + "\n"


def test_values_of_a_file_are_found_wherever_they_stand_in_an_event(tmp_path: Path) -> None:
    values = values_in([write_csv(tmp_path / "a.csv", {"name": 'Bäckerei "Süd"'})])
    assert 'Bäckerei "Süd"' in values
    assert len(scan(line(status="created", row=2) + line(file="a.csv"), "secret", values)) == 2
    for said in ({"message": 'not Bäckerei "Süd" again'}, {"codes": [{"deep": "Voorbeeldstraat"}]}):
        with pytest.raises(AssertionError, match="a customer's value is in the log"):
            scan(line(**said), None, values)


def test_keys_are_found_known_or_not() -> None:
    for text in (line(message="secret"), line(message="fl_live_abc")):
        with pytest.raises(AssertionError):
            scan(text, "secret", ())


def test_half_a_line_is_forgiven_only_what_was_killed_and_is_looked_through_too(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", {"name": "Bakkerij Zuid"})
    log = tmp_path / "program.log.jsonl"
    log.write_text(line() + '{"event": "row_se\n' + line())
    assert scan_folder(tmp_path) == 2
    with pytest.raises(ValueError, match="Unterminated"):
        scan(log.read_text(), None, ())
    log.write_text('{"message": "Bakkerij Zuid')
    with pytest.raises(AssertionError, match="Bakkerij Zuid"):
        scan_folder(tmp_path)
