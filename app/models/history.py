"""What was done to every record: who, when, which field, old and new. Rows are only ever added."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import peewee

from app.core.database import InstantColumn, database, instant, milliseconds
from app.core.session import Session


class History(peewee.Model):
    """`action`: add, edit, a step's code, or `set` for a field that a step changed; `old` and `new` as in JSON."""

    at = InstantColumn()
    who = peewee.TextField()
    kind = peewee.TextField()
    record_id = peewee.IntegerField()
    action = peewee.TextField()
    field = peewee.TextField(null=True)
    old = peewee.TextField(null=True)
    new = peewee.TextField(null=True)
    note = peewee.TextField(default="")

    class Meta:
        database = database
        indexes = ((("kind", "record_id"), False),)


class Entry(NamedTuple):
    """One thing that was done."""

    at: datetime
    who: str
    action: str
    field: str | None
    old: str | None
    new: str | None
    note: str


_ADD = "INSERT INTO history (at, who, kind, record_id, action, field, old, new, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"


def write(
    session: Session,
    kind: str,
    record_id: int,
    action: str,
    *,
    field: str | None = None,
    old: str | None = None,
    new: str | None = None,
    note: str = "",
) -> None:
    """Add a row, inside the caller's transaction. A step adds a dozen; peewee would write the statement anew for each."""
    values = (milliseconds(session.clock()), session.user, kind, record_id, action, field, old, new, note)
    database.execute_sql(_ADD, values)


def write_many(session: Session, kind: str, record_ids: Iterable[int], action: str, note: str) -> None:
    """The same row for many records at once, inside the caller's transaction."""
    at = milliseconds(session.clock())
    rows = [(at, session.user, kind, number, action, None, None, None, note) for number in record_ids]
    database.cursor().executemany(_ADD, rows)


def last_at() -> datetime | None:
    """When the last entry was written, None where there is none."""
    row = database.execute_sql("SELECT at FROM history ORDER BY id DESC LIMIT 1").fetchone()
    return None if row is None else instant(row[0])


def of(kind: str, record_id: int) -> list[Entry]:
    """Everything done to one record, oldest first."""
    rows = database.execute_sql(
        "SELECT at, who, action, field, old, new, note FROM history WHERE kind = ? AND record_id = ? ORDER BY id",
        (kind, record_id),
    ).fetchall()
    return [Entry(instant(at), *rest) for at, *rest in rows]


def since(kind: str, record_id: int, known: int) -> list[Entry]:
    """What was done to one record after the row `known`, oldest first."""
    rows = database.execute_sql(
        "SELECT at, who, action, field, old, new, note FROM history WHERE kind = ? AND record_id = ? AND id > ? ORDER BY id",
        (kind, record_id, known),
    ).fetchall()
    return [Entry(instant(at), *rest) for at, *rest in rows]


def last() -> int:
    """The newest row; 0 where there is none."""
    return int(database.execute_sql("SELECT COALESCE(MAX(id), 0) FROM history").fetchone()[0])
