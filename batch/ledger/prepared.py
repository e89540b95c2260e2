"""Statements that every moment of a run needs, written out once for each database.

SQLAlchemy takes many times as long to get a statement to the driver as the driver takes to carry it out, and holds
Python's lock all the while; what it makes of a statement is the same each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

Values = Mapping[str, object]
_MOST = 512  # values in one IN (...): under every database's limit of parameters


class Prepared:
    """One statement, whose parameters are `bindparam`s, made for the dialect of this name when it is first needed.

    `columns` are what an INSERT fills. The values must be such as the driver takes.
    """

    def __init__(self, make: Callable[[str], sa.Executable], columns: Iterable[str] = ()) -> None:
        self._make = make
        self._columns = tuple(columns) or None
        self._written: dict[str, _Written] = {}

    def one(self, connection: sa.Connection, values: Values) -> sa.CursorResult[Any]:
        """Carries it out with these values."""
        written = self._for(connection)
        return connection.exec_driver_sql(written.text, written.filled(values))

    def many(self, connection: sa.Connection, values: Sequence[Values]) -> None:
        """Carries it out once for each of several sets of values."""
        if values:
            written = self._for(connection)
            connection.exec_driver_sql(written.text, [written.filled(each) for each in values])

    def _for(self, connection: sa.Connection) -> _Written:
        dialect = connection.dialect
        if dialect.name not in self._written:
            self._written[dialect.name] = _written(self._make(dialect.name), dialect, self._columns)
        return self._written[dialect.name]


class PreparedSearch:
    """The rows with any of some values: `make` builds the statement for an IN clause's parameters."""

    def __init__(self, make: Callable[[Sequence[sa.BindParameter[str]]], sa.Executable]) -> None:
        self._make = make
        self._of_size = cache(self._prepared)

    def rows(self, connection: sa.Connection, values: Values, any_of: Iterable[str]) -> Iterator[sa.Row[Any]]:
        """Those with any of `any_of`, each value looked for once; the other parameters are in `values`."""
        distinct = tuple(dict.fromkeys(any_of))
        for start in range(0, len(distinct), _MOST):
            part = distinct[start : start + _MOST]
            # Few sizes, so that few statements are made: a value that is named twice is found once.
            size = 1 << (len(part) - 1).bit_length()
            filled = part + part[-1:] * (size - len(part))
            sought = {_place(at): value for at, value in enumerate(filled)}
            yield from self._of_size(size).one(connection, {**values, **sought})

    def _prepared(self, size: int) -> Prepared:
        places = [sa.bindparam(_place(at), type_=sa.String) for at in range(size)]
        return Prepared(lambda _: self._make(places))


def _place(number: int) -> str:
    return f"any_{number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """The text for a driver; `order` of the parameters where they have no names there, `fixed` those with a value."""

    text: str
    order: tuple[str, ...] | None
    fixed: Values

    def filled(self, values: Values) -> tuple[object, ...] | dict[str, object]:
        named = {**self.fixed, **values}
        return named if self.order is None else tuple(named[name] for name in self.order)


def _written(statement: sa.Executable, dialect: sa.Dialect, columns: Sequence[str] | None) -> _Written:
    compiled = statement.compile(dialect=dialect, column_keys=columns)  # type: ignore[attr-defined]
    order = compiled.positiontup if compiled.positional else None
    fixed = {name: bound.effective_value for name, bound in compiled.binds.items() if not bound.required}
    return _Written(text=str(compiled), order=None if order is None else tuple(order), fixed=fixed)
