import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from batch.errors import SettingsError
from batch.sandbox.groups import GroupStatus, Maker, StoredGroup
from batch.sandbox.journal import Journal


def group(number: int) -> StoredGroup:
    body = {"name": f"Café {number}\n", "odd": "\ud800"}
    return StoredGroup(
        id=f"id-{number}", number=number, account="default", created_at=12.25, maker=Maker.FOREIGN, body=body
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "groups.jsonl"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    opened = Journal(path)
    yield opened
    opened.close()


def reread(path: Path) -> list[object]:
    again = Journal(path)
    entries: list[object] = list(again.replay())
    again.close()
    return entries


def test_a_new_journal_is_empty_and_for_its_owner_only(journal: Journal, path: Path) -> None:
    assert list(journal.replay()) == []
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_was_written_is_read_back_before_anything_is_closed(journal: Journal, path: Path) -> None:
    journal.write_group(group(1))
    journal.write_decision("id-1", GroupStatus.REJECTED)
    journal.write_group(group(2))
    assert reread(path) == [group(1), ("id-1", GroupStatus.REJECTED), group(2)]


@pytest.mark.parametrize("torn", [1, 20, 60])
def test_a_line_torn_by_a_kill_is_cut_off_and_writing_goes_on(journal: Journal, path: Path, torn: int) -> None:
    journal.write_group(group(1))
    journal.write_group(group(2))
    path.write_bytes(path.read_bytes()[:-torn])
    assert list(journal.replay()) == [group(1)]
    journal.write_group(group(3))
    assert reread(path) == [group(1), group(3)]


@pytest.mark.parametrize(
    "line", ["no json", "[]", "1", '{"decided": "id", "status": "odd"}', '{"decided": "id"}', '{"id": "1"}', "{}"]
)
def test_another_kind_of_file_is_refused_by_line(path: Path, line: str) -> None:
    path.write_text(f'{{"decided": "id", "status": "deleted"}}\n{line}\n')
    with pytest.raises(SettingsError, match="line 2 is no line of a sandbox's state"):
        reread(path)


def test_clearing_forgets_everything(journal: Journal, path: Path) -> None:
    journal.write_group(group(1))
    journal.clear()
    assert reread(path) == []


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be opened to keep the groups in"):
        Journal(tmp_path)
