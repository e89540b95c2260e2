"""What every acceptance test keeps to: no log that its programs wrote holds a key or anything that a customer wrote."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.log_scan import scan_folder


@pytest.fixture(autouse=True)
def _logs_hold_no_values(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Also of programs that were killed, and of those that a test starts by ways of its own."""
    monkeypatch.setenv("FLIREO_LOG_FILE", str(tmp_path.with_name(f"{tmp_path.name}.log.jsonl")))
    yield
    scan_folder(tmp_path)
