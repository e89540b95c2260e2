"""Loading: the collector rests only as long as it lasts, and children are started only for files."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from batch.cli.loading import loading
from tests.support.processes import children


@pytest.fixture(autouse=True)
def _nothing_stays_frozen() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_the_collector_rests_while_modules_are_imported() -> None:
    before = children()
    with loading():
        assert not gc.isenabled()
        assert children() == before
    assert gc.isenabled()
    assert gc.get_freeze_count()


def test_the_collector_works_again_when_an_import_fails() -> None:
    with pytest.raises(ModuleNotFoundError), loading():
        raise ModuleNotFoundError
    assert gc.isenabled()
