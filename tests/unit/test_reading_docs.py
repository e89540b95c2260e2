"""docs/spreadsheets.md names every code that reading can give, and says of each flag what becomes of the row."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from batch.reading import signatures
from batch.reading.confined.mishaps import Mishap

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "spreadsheets.md").read_text(encoding="utf-8")
KINDS = {"Remark": "flags", "_blocking": "flags", "Notice": "notices", "refusal": "refusals"}
PLACES = {"_blocking": 0, "refusal": 1}
HANDED_ON = {"confined/mishaps.py", "confined/values.py", "signatures.py", "workbook/cellremarks.py"}


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Each call in `batch/reading` that gives a code: its module, the function, the call."""
    folder = ROOT / "batch" / "reading"
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KINDS:
                yield path.relative_to(folder).as_posix(), node.func.id, node


def code_of(name: str, call: ast.Call) -> ast.expr:
    if name in PLACES:
        return call.args[PLACES[name]]
    return next(keyword.value for keyword in call.keywords if keyword.arg == "code")


def in_source() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for _, name, call in calls():
        code = code_of(name, call)
        if isinstance(code, ast.Constant):
            found[KINDS[name]].add(str(code.value))
    found["refusals"] |= {mishap.value for mishap in Mishap}
    found["refusals"] |= {code for _, code, _ in (*signatures._SIGNATURES, *signatures._LAYOUTS)}
    return found


def rows(kind: str) -> list[list[str]]:
    """The cells of each row of a table of the page."""
    match = re.search(rf"<!-- {kind} -->\n(.*?)<!-- end {kind} -->", PAGE, re.DOTALL)
    assert match is not None
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in match[1].splitlines()[2:]]


def codes(cell: str) -> list[str]:
    return re.findall(r"`([a-z_0-9]+)`", cell)


@pytest.mark.parametrize("kind", ["flags", "notices", "refusals"])
def test_the_page_names_every_code_and_no_other(kind: str) -> None:
    named = [code for row in rows(kind) for code in codes(row[0])]
    assert len(named) == len(set(named))
    assert set(named) == in_source()[kind]


def test_every_row_says_what_is_the_matter_and_what_to_do() -> None:
    for kind, width in {"flags": 4, "notices": 3, "refusals": 3}.items():
        assert all(len(row) == width and all(row) for row in rows(kind))


def test_codes_that_are_handed_on_are_known() -> None:
    indirect = {module for module, name, call in calls() if not isinstance(code_of(name, call), ast.Constant)}
    assert indirect == HANDED_ON


def test_the_page_says_what_becomes_of_the_row() -> None:
    blocking: dict[str, set[bool]] = defaultdict(set)
    for _, name, call in calls():
        code = code_of(name, call)
        if not isinstance(code, ast.Constant) or KINDS[name] != "flags":
            continue
        keyword = next((keyword.value for keyword in call.keywords if keyword.arg == "blocks"), None)
        assert name == "_blocking" or isinstance(keyword, ast.Constant)
        blocking[str(code.value)].add(
            name == "_blocking" or (isinstance(keyword, ast.Constant) and bool(keyword.value))
        )
    words = {frozenset({True}): "invalid", frozenset({False}): "warning", frozenset({True, False}): "either"}
    assert {codes(row[0])[0]: row[1] for row in rows("flags")} == {
        code: words[frozenset(found)] for code, found in blocking.items()
    }
