"""Many new records of a kind in a few statements, with their lines, history and search. One record is added in record.py."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import peewee

from app.core import database as store
from app.core import search_index
from app.core.database import database
from app.core.session import Session
from app.core.uids import new_uid
from app.models import history, numbering
from app.models.record import Part, Record, Row, Values, stored_columns


class New(NamedTuple):
    """A record to be written: typed values (other records as rows), its number if it brings one, and further columns."""

    values: Values
    number: str | None = None
    extra: Mapping[str, Any] = {}


def first_id(kind: type[Row]) -> int:
    """The id that the next new row gets; certain only inside a write transaction."""
    return int(kind.select(peewee.fn.MAX(kind.id)).scalar() or 0) + 1


def insert_many(
    session: Session, kind: type[Record], rows: Sequence[New], *, action: str = "add", note: str = ""
) -> list[tuple[int, str]]:
    """Write new records of checked values, inside the caller's transaction; their ids and numbers, in order."""
    if not rows:
        return []
    start = first_id(kind)
    ids = list(range(start, start + len(rows)))
    columns = [_columns(session, kind, row) for row in rows]
    _pass_over(session, kind, (row.number for row in rows if row.number))
    _give_numbers(session, kind, columns)
    for number, row in zip(ids, columns, strict=True):
        row["id"] = number
    _write(kind, columns)
    for code, part in kind.PARTS.items():
        lines = (
            stored_columns(session, part, line) | {"parent": number, "position": position}
            for number, row in zip(ids, rows, strict=True)
            for position, line in enumerate(row.values.get(code) or ())
        )
        _write(part, list(lines))
    history.write_many(session, kind.KIND, ids, action, note)
    search_index.put(kind.KIND, ((row["id"], kind.search_text(row)) for row in columns))
    return [(row["id"], row["number"]) for row in columns]


def _columns(session: Session, kind: type[Record], row: New) -> dict[str, Any]:
    now = session.clock()
    common = {
        "uid": new_uid(now),
        "branch_id": session.branch.id,
        "number": row.number,
        "status": kind.FIRST_STATUS,
        "created_at": now,
        "created_by": session.user,
        "changed_at": now,
        "changed_by": session.user,
        "version": 1,
    }
    return stored_columns(session, kind, row.values) | kind.derive(session, row.values) | common | dict(row.extra)


def _give_numbers(session: Session, kind: type[Record], rows: Iterable[dict[str, Any]]) -> None:
    """Numbers are taken once per month, in the order of the rows."""
    months: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for row in rows:
        if row["number"] is None:
            moment = row.get(kind.NUMBERED_BY) or row["created_at"]
            local = moment.astimezone(session.branch.zone)
            months.setdefault((local.year, local.month), []).append(row)
    for waiting in months.values():
        moment = waiting[0].get(kind.NUMBERED_BY) or waiting[0]["created_at"]
        for row, number in zip(waiting, numbering.take(session, kind.KIND, moment, len(waiting)), strict=True):
            row["number"] = number


def _pass_over(session: Session, kind: type[Record], numbers: Iterable[str]) -> None:
    """A number that was brought along and looks like one of ours is never given again."""
    if not kind.COUNTED:
        return
    expression = numbering.shape(session, session.settings[f"pattern_{kind.KIND}"])
    last: dict[str, int] = {}
    for number in numbers:
        if found := expression.fullmatch(number):
            period, count = numbering.counted(found)
            last[period] = max(last.get(period, 0), count)
    for period, most in last.items():
        database.execute_sql(
            "INSERT INTO counter (branch_id, kind, period, last) VALUES (?, ?, ?, ?) ON CONFLICT (branch_id, kind, period) "
            "DO UPDATE SET last = CASE WHEN counter.last < excluded.last THEN excluded.last ELSE counter.last END",
            (session.branch.id, kind.KIND, period, most),
        )


def _write(table: type[Row] | type[Part], rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        return
    meta = table._meta  # noqa: SLF001 - peewee's own way to a table's columns
    given = {name for row in rows for name in row}
    fields = [field for field in meta.sorted_fields if field.name in given or field.default is not None]
    names = ", ".join(f'"{field.column_name}"' for field in fields)
    places = ", ".join("?" for _field in fields)
    readers = [(field.name, field.default, _converter(field)) for field in fields]
    database.cursor().executemany(
        f'INSERT INTO "{meta.table_name}" ({names}) VALUES ({places})',
        [
            [convert(row.get(name, default)) if convert else row.get(name, default) for name, default, convert in readers]
            for row in rows
        ],
    )


def _converter(field: peewee.Field) -> Callable[[Any], Any] | None:
    """What makes a column's value of a field's; None where it is the same."""
    if isinstance(field, store.InstantColumn):
        return lambda value: None if value is None else store.milliseconds(value)
    if isinstance(field, peewee.ForeignKeyField):
        return lambda value: value.id if isinstance(value, Row) else value
    if isinstance(field, peewee.TextField | peewee.CharField | peewee.IntegerField | peewee.BooleanField) and not isinstance(
        field, store.DayColumn | store.TagsColumn | store.MoneyColumn | store.QuantityColumn
    ):
        return None
    convert: Callable[[Any], Any] = field.db_value
    return convert
