"""Statements that every moment of a run needs, written out once for each database.

SQLAlchemy takes many times as long to get a statement to the driver as the driver takes to carry it out, and holds
Python's lock all the while; what it makes of a statement is the same each time. And each time that the driver comes
back from the database it has to wait for that lock, which the thread that sends is using: many rows go there at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

Values = Mapping[str, object]
_MOST = 512  # values in one IN (...): under every database's limit of parameters
_MOST_SETS = 64  # sets of values in one statement: times eleven, the most that any has, under that limit too


def insert_of(table: sa.Table, dialect: str) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that may say what to do on a conflict. Of the one database that is used: the other's part of SQLAlchemy
    takes long to load.
    """
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 -- takes long to load

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite  # noqa: PLC0415 -- takes long to load

    return sqlite.insert(table)


def update_from(
    table: sa.Table,
    dialect: str,
    conditions: Sequence[sa.ColumnElement[bool]],
    values: Mapping[str, sa.ColumnElement[Any]],
) -> sa.Insert:
    """Changes the rows of the table for which the conditions hold, by values of another one that they name too.

    Put as an INSERT of rows that are all there: SQLite before 3.33, which long-lived systems still have, knows no
    UPDATE with a FROM.
    """
    whole = sa.select(*(values.get(column.name, column) for column in table.columns)).where(*conditions)
    insert = insert_of(table, dialect).from_select([column.name for column in table.columns], whole)
    return insert.on_conflict_do_update(
        index_elements=list(table.primary_key), set_={name: insert.excluded[name] for name in values}
    )


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

    def _for(self, connection: sa.Connection) -> _Written:
        dialect = connection.dialect
        if dialect.name not in self._written:
            self._written[dialect.name] = _written(self._make(dialect.name), dialect, self._columns)
        return self._written[dialect.name]


class PreparedSets:
    """A statement for several sets of values at once: `make` builds it, for the dialect of this name, of a table of
    them, which has a column for each name of `types`.

    No two sets may be about the same row. Few sizes of it are made, so that few statements are: the table is filled up
    with rows of nulls, of which the statement is to make nothing.
    """

    def __init__(
        self, types: Mapping[str, sa.types.TypeEngine[Any]], make: Callable[[str, sa.Subquery], sa.Executable]
    ) -> None:
        self._types = types
        self._make = make
        self._of_size = cache(self._prepared)

    def all(self, connection: sa.Connection, values: Sequence[Sequence[object]]) -> None:
        """Carries it out for all the sets; the values of each are in the order of `types`."""
        nulls = (None,) * len(self._types)
        for start in range(0, len(values), _MOST_SETS):
            part = values[start : start + _MOST_SETS]
            size = _round(len(part))
            filled = chain(chain.from_iterable(part), nulls * (size - len(part)))
            self._of_size(size).one(connection, dict(zip(self._names(size), filled, strict=True)))

    def _names(self, size: int) -> Iterator[str]:
        return (_member(number, name) for number in range(size) for name in self._types)

    def _prepared(self, size: int) -> Prepared:
        sets = (
            sa.select(
                *(sa.bindparam(_member(number, name), type_=kind).label(name) for name, kind in self._types.items())
            )
            for number in range(size)
        )
        table = sa.union_all(*sets).subquery()
        return Prepared(lambda dialect: self._make(dialect, table))


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
            size = _round(len(part))
            filled = part + part[-1:] * (size - len(part))
            sought = {_place(at): value for at, value in enumerate(filled)}
            yield from self._of_size(size).one(connection, {**values, **sought})

    def _prepared(self, size: int) -> Prepared:
        places = [sa.bindparam(_place(at), type_=sa.String) for at in range(size)]
        return Prepared(lambda _: self._make(places))


def _round(count: int) -> int:
    """The next power of two."""
    return 1 << (count - 1).bit_length()


def _place(number: int) -> str:
    return f"any_{number}"


@cache
def _member(number: int, name: str) -> str:
    return f"{name}_of_{number}"


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
