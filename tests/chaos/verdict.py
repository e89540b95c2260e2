"""Was it right: the server's own groups, and the program's answers, against what the files ask for."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from batch.sandbox.groups import Maker, StoredGroup
from tests.chaos.customers import canonical
from tests.support.program import sheet

_WITH_ID = frozenset({"created", "already_created"})
_OPEN = frozenset({"in_doubt", "not_sent"})


class Wrong(AssertionError):  # noqa: N818 - a verdict
    """A promise was broken; the message names which, and an example."""


def once_each(groups: Iterable[StoredGroup], wanted: set[str], *, whole: bool) -> None:
    """No body has two groups, no group was not asked for and, if all should be there (`whole`), none is missing.

    Raises Wrong.
    """
    found = Counter(canonical(group.body) for group in groups if group.maker is Maker.API)
    twice = [body for body, count in found.items() if count > 1]
    strange = [body for body in found if body not in wanted]
    missing = [body for body in wanted if body not in found]
    _refuse(twice, "made more than once")
    _refuse(strange, "made though nobody asked for them")
    if whole:
        _refuse(missing, "missing")


def answers_true(document: Mapping[str, Any], groups: Iterable[StoredGroup]) -> set[str]:
    """Checks a finished run's files: the counts add up, each row has one outcome, each ID is the server's for just that
    row. Returns the statuses that occur. Raises Wrong.
    """
    ids = {str(group.body["name"]): group.id for group in groups if group.maker is Maker.API}
    seen: set[str] = set()
    for file in document["files"]:
        if (file.get("error") or {}).get("code") == "interrupted":  # before it was read to its end
            seen.add("not_sent")
            continue
        rows = read_results(Path(file["results_file"]))
        counted = Counter(row["status"] for row in rows)
        stated = {status: count for status, count in file["counts"].items() if count}
        if dict(counted) != stated or len(rows) != file["rows"]:
            raise Wrong(f"{file['results_file']}: {len(rows)} rows, {dict(counted)}; stated {file['rows']}, {stated}")
        _ids_true(rows, ids)
        seen |= set(counted)
    return seen


def _ids_true(rows: Sequence[Mapping[str, Any]], ids: Mapping[str, str]) -> None:
    for row in rows:
        found = row["requirement_group_id"] or None
        if row["status"] in _WITH_ID and found != ids.get(str(row["name"])):
            raise Wrong(f"row {row['row']} is {row['status']} with ID {found}; the server has {ids.get(row['name'])}")
        if row["status"] == "invalid" and found:
            raise Wrong(f"row {row['row']} is invalid but has ID {found}")


def is_settled(statuses: set[str]) -> bool:
    """Whether nothing is left to do but for a person."""
    return not statuses & _OPEN


def read_results(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".xlsx":
        return sheet(path, "Results")
    with path.open(newline="", encoding="utf-8-sig") as stream:
        delimiter = ";" if stream.readline().startswith("row;") else ","
        stream.seek(0)
        return list(csv.DictReader(stream, delimiter=delimiter))


def _refuse(bodies: Sequence[str], what: str) -> None:
    if bodies:
        raise Wrong(f"{len(bodies)} group{'s' * (len(bodies) > 1)} {what}, for example {bodies[0]}")
