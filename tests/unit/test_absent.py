"""What a process does without: modules that are there, and are not found."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator

import pytest

from batch.absent import do_without
from batch.cli.frugal import be_frugal


@pytest.fixture(autouse=True)
def _found_again() -> Iterator[None]:
    finders = list(sys.meta_path)
    yield
    sys.meta_path[:] = finders


def test_what_a_process_does_without_is_not_found_and_all_else_is(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("colorsys", "xmlrpc", "xmlrpc.client"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    do_without("colorsys", "xmlrpc.client")
    for name in ("colorsys", "xmlrpc.client"):
        with pytest.raises(ModuleNotFoundError, match=f"'{name}'") as missing:
            importlib.import_module(name)
        assert missing.value.name == name
    assert importlib.import_module("xmlrpc").__name__ == "xmlrpc"


def test_what_is_imported_already_stays() -> None:
    do_without("json")
    assert importlib.import_module("json").dumps(1) == "1"


def test_frugality_gives_way_to_what_the_person_has_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {"OPENBLAS_NUM_THREADS": "4"})
    be_frugal()
    assert os.environ == {
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "OPENBLAS_NUM_THREADS": "4",
        "PYDANTIC_DISABLE_PLUGINS": "__all__",
        "TYPEGUARD_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
