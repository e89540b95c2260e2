"""Decides for each valid row, from what is already known, whether it is sent, done, or the same as another; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from batch.model import Origin, Outcome, Record, RowError, Sentence, Status, sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What is known of a group from before: a row of the ledger, or a group that the list endpoint showed.

    `fingerprint` is None for a group of which only the list's four fields are known. `settled` is False while the
    row's fate is open. `details` are the short field hashes of that row, if it is one of ours.
    """

    group_key: str
    fingerprint: str | None
    requirement_group_id: str | None
    settled: bool
    origin: Origin | None = None
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be sent, in file order, and what is decided already, by position in the file."""

    sends: tuple[Record, ...]
    decided: Mapping[int, Outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """How the plan names things to a person: field -> column label, and a row's field hashes for comparison."""

    labels: Mapping[str, str]
    details: Callable[[Record], Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """That a row is the same group as an earlier row of its file: that one's number, and the fields that differ.

    `source` says what the number is of, where rows come from several files or sheets.
    """

    row: int
    source: str = ""
    differing: tuple[str, ...] = ()


NO_TWINS: Mapping[int, Twin] = MappingProxyType({})


def plan(
    records: Iterable[Record], earlier: Sequence[Earlier], naming: Naming, twins: Mapping[int, Twin] = NO_TWINS
) -> Plan:
    """`earlier` holds everything known under the records' fingerprints and group keys; order does not matter.

    `twins` are, by position, the rows that are the same group as an earlier one: of several such rows of one file the
    first is sent and the others are its duplicates.
    """
    known = _Known(earlier)
    sends: list[Record] = []
    decided: dict[int, Outcome] = {}
    for record in records:
        twin = twins.get(record.position)
        outcome = known.outcome(record, naming) if twin is None else duplicate_in_file(record.row, twin, naming.labels)
        if outcome is None:
            sends.append(record)
        else:
            decided[record.position] = outcome
    return Plan(sends=tuple(sends), decided=decided)


def duplicate_in_file(row: int, twin: Twin, labels: Mapping[str, str]) -> Outcome:
    """The outcome of a row that is the same group as an earlier one; `labels` are the columns by field."""
    earlier = sentence("{row} of {source}", row=twin.row, source=twin.source) if twin.source else twin.row
    if not twin.differing:
        text = sentence("This row is the same as row {row}; only that one counts.", row=earlier)
        return Outcome(status=Status.DUPLICATE, errors=(_row_error(row, "same_row", text),))
    text = sentence(
        "This row is the same group as row {row} (same name, business name, type and city) with other details:"
        " {columns}. Only row {row} counts. If these are two groups, give this one another name.",
        row=earlier,
        columns=", ".join(labels.get(name, name) for name in twin.differing),
    )
    return Outcome(status=Status.DUPLICATE, errors=(_row_error(row, "same_group_other_details", text),))


class _Known:
    def __init__(self, earlier: Sequence[Earlier]) -> None:
        self._rows = {item.fingerprint: item for item in earlier if item.fingerprint is not None}
        self._groups: dict[str, list[Earlier]] = {}
        for item in earlier:
            self._groups.setdefault(item.group_key, []).append(item)

    def outcome(self, record: Record, naming: Naming) -> Outcome | None:
        own = self._rows.get(record.fingerprint)
        if own is not None and own.settled and own.requirement_group_id is not None:
            return Outcome(status=Status.ALREADY_CREATED, requirement_group_id=own.requirement_group_id)
        if own is not None and not own.settled:
            return None  # its fate is open: the ledger decides at the moment of sending
        same_group = [item for item in self._groups.get(record.group_key, ()) if item is not own]
        with_id = [item for item in same_group if item.requirement_group_id is not None]
        if with_id:
            return _exists(record, with_id, naming)
        doubtful = [item for item in same_group if not item.settled]
        if doubtful:
            return Outcome(status=Status.DUPLICATE, errors=(_of_doubtful(record, doubtful[0]),))
        return None


def _exists(record: Record, found: Sequence[Earlier], naming: Naming) -> Outcome:
    ours = next((item for item in found if item.fingerprint is not None), None)
    if ours is not None:
        return Outcome(
            status=Status.DUPLICATE,
            requirement_group_id=ours.requirement_group_id,
            errors=(_other_details(record, ours, naming),),
        )
    if len(found) == 1:
        return Outcome(status=Status.ALREADY_CREATED, requirement_group_id=found[0].requirement_group_id)
    ids = ", ".join(sorted(str(item.requirement_group_id) for item in found))
    text = sentence(
        "The account has more than one group with this name, business name, type and city already: {ids}."
        " Check which of them is meant; this row was not sent.",
        ids=ids,
    )
    return Outcome(status=Status.DUPLICATE, errors=(_row_error(record.row, "several_exist", text),))


def _other_details(record: Record, ours: Earlier, naming: Naming) -> RowError:
    own = naming.details(record)
    names = [naming.labels.get(name, name) for name in _differing(own, ours.details)]
    text = sentence(
        "This group was created before as {id} (from {source}, row {row}), with other details: {columns}."
        " The API cannot change a group, so this row was not sent. Change it at Flireo, or take the row out.",
        id=ours.requirement_group_id,
        source=ours.origin.source if ours.origin else "",
        row=ours.origin.row if ours.origin else "",
        columns=", ".join(names) or "?",
    )
    return _row_error(record.row, "same_group_other_details", text)


def _of_doubtful(record: Record, item: Earlier) -> RowError:
    text = sentence(
        "A row with the same name, business name, type and city ({source}, row {row}) is still in doubt or being"
        " sent. This row was not sent; run the file again once that row is settled.",
        source=item.origin.source if item.origin else "",
        row=item.origin.row if item.origin else "",
    )
    return _row_error(record.row, "same_group_in_doubt", text)


def _differing(one: Mapping[str, object], other: Mapping[str, object]) -> list[str]:
    return [name for name in dict.fromkeys((*one, *other)) if one.get(name) != other.get(name)]


def _row_error(row: int, code: str, text: Sentence) -> RowError:
    return RowError(row=row, column=None, field=None, value="", code=code, sentence=text)
