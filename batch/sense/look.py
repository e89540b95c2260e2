"""All rules over some rows of a file, one warning for a cell at most: the first rule that knows what it is speaks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

import pandas as pd

from batch.arrow_text import texts_of
from batch.countries import Countries
from batch.hints import Hints, Kind
from batch.model import Notice, words
from batch.phones import PhoneDoubt
from batch.schema import Schema
from batch.sense.addresses import dates_for_house_numbers, house_numbers, house_numbers_in_streets
from batch.sense.misplaced import misplaced
from batch.sense.persons import persons
from batch.sense.phone_numbers import phone_numbers
from batch.sense.placeholders import cut_off, fillers
from batch.sense.postal_codes import misplaced_codes, postal_codes, provinces
from batch.sense.repeats import Repeats
from batch.sense.rows import Finding, Rows
from batch.sense.whereabouts import locate
from batch.text_column import Column

_RULES: Final[tuple[Callable[[Rows], Iterator[Finding]], ...]] = (
    fillers,
    dates_for_house_numbers,
    misplaced,
    misplaced_codes,
    postal_codes,
    provinces,
    house_numbers_in_streets,
    house_numbers,
    persons,
    phone_numbers,
    cut_off,
)


class Sense:
    """Common sense about one file, part by part; it remembers only what `Repeats` does."""

    def __init__(self, schema: Schema, hints: Hints, region: str) -> None:
        self._hints = hints
        self._region = region
        self._required = frozenset(field.name for field in schema.fields if field.required)
        self._titles = {field.name: words(field.label.lower()) for field in schema.fields}
        self._repeats = Repeats()

    def countries(self, frame: pd.DataFrame, given: Sequence[pd.Series[str]]) -> Countries:
        """The country of each row, from the columns as they were read and the file's own columns of countries."""
        texts = {kind: Column(texts_of(frame[name])) for kind, name in self._fields(frame.columns).items()}
        return locate(texts, len(frame), self._region, [Column(texts_of(each)) for each in given])

    def warnings(
        self,
        frame: pd.DataFrame,
        labels: Mapping[str, str],
        countries: Countries,
        doubts: tuple[PhoneDoubt, ...],
        known: Iterable[tuple[int, str | None]],
    ) -> tuple[Notice, ...]:
        """What is odd about the clean `frame`, in row order; `row` is the place in it. `known` are the cells (place,
        field) that have an error already: they need no warning.
        """
        columns = {str(name): Column(texts_of(frame[name])) for name in frame.columns}
        rows = Rows(
            columns=columns,
            fields=self._fields(columns),
            titles={name: self._titles.get(name, words(name)) for name in columns},
            required=self._required,
            countries=countries,
            doubts=doubts,
        )
        found: dict[tuple[int, str | None], Finding | None] = dict.fromkeys(known)
        for rule in (*_RULES, self._repeats.findings):
            for finding in rule(rows):
                found.setdefault((finding.place, finding.field), finding)
        order = {name: position for position, name in enumerate(columns)}
        odd = (each for each in found.values() if each is not None)
        told = sorted(odd, key=lambda each: (each.place, order[each.field]))
        return tuple(_warning(each, columns, labels) for each in told)

    def _fields(self, names: Iterable[str]) -> dict[Kind, str]:
        found: dict[Kind, str] = {}
        for name in names:
            kind = self._hints.of(name).kind
            if kind is not None:
                found.setdefault(kind, name)
        return found


def _warning(finding: Finding, columns: Mapping[str, Column], labels: Mapping[str, str]) -> Notice:
    return Notice(
        row=finding.place,
        column=labels[finding.field],
        field=finding.field,
        value=columns[finding.field][finding.place],
        code=finding.code,
        sentence=finding.sentence,
    )
