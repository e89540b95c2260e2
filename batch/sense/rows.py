"""What every rule of sense is given: the clean columns by field, what each field is, and the country of each row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from batch.countries import Countries
from batch.hints import Kind
from batch.model import Sentence, sentence
from batch.phones import PhoneDoubt
from batch.text_column import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One oddity: where, and what to say of it. `place` counts the rows of the frame from 0."""

    place: int
    field: str
    code: str
    sentence: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Some rows of a file. `fields` has the one field of each kind that a column feeds; `required` are field names."""

    columns: Mapping[str, Column] = field(repr=False)
    fields: Mapping[Kind, str]
    titles: Mapping[str, Sentence]
    required: frozenset[str]
    countries: Countries
    doubts: tuple[PhoneDoubt, ...] = ()

    def of(self, kind: Kind) -> Column | None:
        """The column of that kind, if there is one."""
        name = self.fields.get(kind)
        return None if name is None else self.columns[name]

    def kinds(self, *kinds: Kind) -> Iterator[tuple[Kind, str, Column]]:
        """Those of the kinds that there are: kind, field, column."""
        for kind in kinds:
            if kind in self.fields:
                yield kind, self.fields[kind], self.columns[self.fields[kind]]

    def text(self, kind: Kind, place: int) -> str:
        """The text of one cell; "" where no column is of that kind."""
        column = self.of(kind)
        return "" if column is None else column[place]

    def assumed(self, place: int, what: Sentence) -> Sentence:
        """A sentence that holds for the row's country only, with the country and why it was taken."""
        return sentence("{what} {assumed}", what=what, assumed=self.countries.at(place).sentence)
