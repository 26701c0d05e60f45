"""Rows of a list by their ids: one statement, put together once per list, and each value turned as its field says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.core.database import database, instant
from app.core.fields import Field, Kind
from app.core.session import Session
from app.core.times import day_of
from app.models import personal, sight
from app.models.record import KINDS, Record

Row = tuple[Any, ...]
"""The record's id, then one value per column: a moment as datetime or, without a time, as date; a choice as its code."""

# Text, codes and whole numbers are stored as they are.
_TURNED = (Kind.QUANTITY, Kind.MONEY, Kind.DATE, Kind.BOOLEAN, Kind.TAGS)


class RowReader:
    """Reads the declared columns of a kind. `counted`: SQL of those that are not stored; `numbers`: other records by number.

    Peewee would put the same statement together anew for each page, in ten times the time that it takes to run.
    """

    def __init__(self, kind: type[Record], declared: Sequence[Field], counted: Mapping[str, str], *, numbers: bool) -> None:
        columns = _columns(kind)
        chosen, joins = ["c.id"], []
        self._width = len(declared) + 1
        self._moments: list[tuple[int, int]] = []
        self._turned: list[tuple[int, Callable[[Any], Any]]] = []
        marks: list[str] = []
        for place, one in enumerate(declared, 1):
            column = counted.get(one.code) or f'c."{columns[one.code].column_name}"'
            if one.kind is Kind.RECORD:
                other, alias = KINDS[one.refers], f"r{place}"
                told = numbers or (one.code == "customer" and "customer_name" in columns)
                named = "name" if "name" in _columns(other) and not told else "number"
                joins.append(f'LEFT JOIN "{table_of(other)}" AS {alias} ON {alias}.id = {column}')
                column = f"{alias}.{named}"
            elif one.kind is Kind.MOMENT:
                self._moments.append((place, self._width + len(marks)))
                marks.append(f"c.{one.code}_day")
            elif one.kind in _TURNED:
                self._turned.append((place, bool if one.code in counted else columns[one.code].python_value))
            chosen.append(column)
        self._guarded = [(place, one) for place, one in enumerate(declared, 1) if one.guard]
        self._closed: list[int] = []
        if "withheld" in columns:
            self._closed = [place for place, one in enumerate(declared, 1) if one.code in personal.closed(kind)]
            marks.append("c.withheld")
        self._select = f'SELECT {", ".join(chosen + marks)} FROM "{table_of(kind)}" AS c {" ".join(joins)}'

    def rows(self, session: Session, ids: Sequence[int]) -> list[Row]:
        """The rows of these ids, in their order."""
        if not ids:
            return []
        places = ", ".join("?" * len(ids))
        stored = database.execute_sql(f"{self._select} WHERE c.id IN ({places})", tuple(ids)).fetchall()
        unread = [(place, one) for place, one in self._guarded if not sight.reads(session, one)]
        found = {row[0]: self._told(session, row, unread) for row in stored}
        return [found[number] for number in ids if number in found]

    def _told(self, session: Session, row: Row, unread: Sequence[tuple[int, Field]]) -> Row:
        values = list(row[: self._width])
        for place, mark in self._moments:
            if values[place] is not None:
                moment = instant(values[place])
                values[place] = day_of(moment, session.branch.zone) if row[mark] else moment
        for place, turn in self._turned:
            if values[place] is not None:
                values[place] = turn(values[place])
        for place in self._closed if self._closed and row[-1] else ():
            values[place] = sight.HIDDEN if values[place] else values[place]
        for place, declared in unread:
            values[place] = sight.shown(session, declared, values[place])
        return tuple(values)


def _columns(kind: type[Record]) -> dict[str, Any]:
    return kind._meta.fields  # type: ignore[no-any-return]  # noqa: SLF001 - peewee's own way to a table's columns


def table_of(kind: type[Record]) -> str:
    """The name of the kind's table."""
    return str(kind._meta.table_name)  # noqa: SLF001 - peewee's own way to it


def column_of(kind: type[Record], code: str) -> Any:  # noqa: ANN401 - a column of peewee
    """The column that a field is stored in."""
    return _columns(kind)[code]
