"""What all searches for counterexamples have in common."""

from __future__ import annotations

from pathlib import Path

import pytest

from batch.results import load_writers

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """They go through lines that other tests cover, again and again: to count them takes a third of the time.

    What is only loaded when it is used is loaded before: else the lines of modules whose first user one of them is
    would count as never run.
    """
    load_writers()
    for item in items:
        if item.path.is_relative_to(_HERE):
            item.add_marker(pytest.mark.no_cover)
