"""What was done to every record: who, when, which field, old and new. Rows are only ever added, each hangs on the one before.

What a row hangs on covers all its columns. The values (`old`, `new`, `note`) are covered by a salted hash, their seal, so that
those of a person can be erased while the chain still holds. How a link is made stands in core/chain.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import NamedTuple

import peewee

from app.core import chain, formats
from app.core.database import InstantColumn, database, instant, milliseconds, transaction
from app.core.fields import TEXTS, Kind, Value
from app.core.session import Session
from app.models.tables import KINDS, Row

ERASED = "erase"
"""The action that explains why values of a record are missing."""
_LAST = 20


class History(peewee.Model):
    """`action`: add, edit, a step's code, or `set` for a field that a step changed; `old` and `new` as in JSON.

    `salt` and `seal`: of the values; both None where a row has none, the salt alone once they were erased.
    """

    at = InstantColumn()
    who = peewee.TextField()
    kind = peewee.TextField()
    record_id = peewee.IntegerField()
    action = peewee.TextField()
    field = peewee.TextField(null=True)
    old = peewee.TextField(null=True)
    new = peewee.TextField(null=True)
    note = peewee.TextField(default="")
    salt = peewee.BlobField(null=True)
    seal = peewee.BlobField(null=True)
    hash = peewee.BlobField()

    class Meta:
        database = database
        indexes = ((("kind", "record_id"), False), (("at",), False), (("who",), False), (("action",), False))


class Entry(NamedTuple):
    """One thing that was done; `erased`: it had values, which were deleted with those of a person."""

    at: datetime
    who: str
    action: str
    field: str | None
    old: str | None
    new: str | None
    note: str
    erased: bool = False


class Head(NamedTuple):
    """The last row: how many it ends, and the hash that all of them hang on. Written down elsewhere, it is an anchor."""

    number: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.number}:{self.hash.hex()[:SHORT]}"


SHORT = 32
"""Hexadecimal digits of an anchor on paper: nobody finds a second history that ends in the same."""
_HEAD = "SELECT id, CAST(hash AS BLOB) FROM history ORDER BY id DESC LIMIT 1"
_ADD = (
    "INSERT INTO history (id, at, who, kind, record_id, action, field, old, new, note, salt, seal, hash) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def head() -> Head:
    """Number and hash of the last row; 0 and zeros where nothing was done yet."""
    row = database.execute_sql(_HEAD).fetchone()
    return Head(0, chain.START) if row is None else Head(*row)


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
    with _locked():
        (row,) = _linked(session, kind, (record_id,), action, field, (old, new, note))
        database.execute_sql(_ADD, row)


def kept(session: Session, value: Value) -> str | None:
    """A value as the history keeps it: text as it is, another record by its number, all else as JSON."""
    told = formats.as_json(value.number if isinstance(value, Row) else value, session.branch.zone)
    return told if told is None or isinstance(told, str) else json.dumps(told, ensure_ascii=False)


def write_many(session: Session, kind: str, record_ids: Iterable[int], action: str, note: str) -> None:
    """The same row for many records at once, inside the caller's transaction."""
    with _locked():
        database.cursor().executemany(_ADD, _linked(session, kind, record_ids, action, None, (None, None, note)))


def _locked() -> AbstractContextManager[None]:
    """Nobody else adds a row between reading the last one and hanging another on it, also where there is no transaction yet."""
    return nullcontext() if database.in_transaction() else transaction()


_Values = tuple[str | None, str | None, str]
_NOTHING: _Values = (None, None, "")


def _linked(
    session: Session, kind: str, record_ids: Iterable[int], action: str, field: str | None, values: _Values
) -> Iterator[tuple[object, ...]]:
    """Rows that hang on the last one, a row per record."""
    at = milliseconds(session.clock())
    last, before = head()
    salt = chain.salt() if values != _NOTHING else None
    seal = chain.seal(salt, values) if salt is not None else None
    for number, record_id in enumerate(record_ids, last + 1):
        told = (number, at, session.user, kind, record_id, action, field)
        before = chain.link(before, (*told, seal))
        yield *told, *values, salt, seal, before


def last_at() -> datetime | None:
    """When the latest of the last entries was written, None where there is none.

    Of several: what was written since the clock was set back does not hide that it was.
    """
    rows = database.execute_sql(f"SELECT at FROM history ORDER BY id DESC LIMIT {_LAST}").fetchall()
    return instant(max(at for (at,) in rows)) if rows else None


def of(kind: str, record_id: int) -> list[Entry]:
    """Everything done to one record, oldest first."""
    rows = database.execute_sql(
        "SELECT at, who, action, field, old, new, note, salt IS NULL AND seal IS NOT NULL FROM history "
        "WHERE kind = ? AND record_id = ? ORDER BY id",
        (kind, record_id),
    ).fetchall()
    return [Entry._make((instant(row[0]), *row[1:7], bool(row[7]))) for row in rows]


def erased(kind: str, record_id: int) -> bool:
    """Whether a record was erased."""
    sql = "SELECT 1 FROM history WHERE kind = ? AND record_id = ? AND action = ? LIMIT 1"
    return database.execute_sql(sql, (kind, record_id, ERASED)).fetchone() is not None


def all_erased(kind: str) -> frozenset[int]:
    """The records of a kind that were erased."""
    rows = database.execute_sql("SELECT record_id FROM history WHERE +kind = ? AND action = ?", (kind, ERASED))
    return frozenset(row for (row,) in rows.fetchall())


_OWN = ("status", "round", "edition", "content_hash")
"""Columns that are no declared fields, and say nothing of a person."""
_OF_A_PERSON = (*TEXTS, Kind.TAGS)


def personal(kind: str, field: str | None) -> bool:
    """Whether the values of such a row may tell of a person: words that somebody typed, notes, lines of parts."""
    if field in _OWN:
        return False
    declared = next((one for one in getattr(KINDS.get(kind), "FIELDS", ()) if one.code == field), None)
    return declared is None or declared.kind in _OF_A_PERSON


def erase(session: Session, kind: str, record_id: int, note: str = "") -> int:
    """Delete what the history of a record tells of a person, inside the caller's transaction; how many rows had such values.

    That it was done, when and by whom, stays. What is left of a deleted text goes with the next checkpoint.
    """
    fields = database.execute_sql(
        "SELECT id, field FROM history WHERE kind = ? AND record_id = ? AND salt IS NOT NULL", (kind, record_id)
    ).fetchall()
    gone = [number for number, field in fields if personal(kind, field)]
    _delete(session, kind, record_id, gone, note)
    return len(gone)


def _delete(session: Session, kind: str, record_id: int, rows: Iterable[int], note: str) -> None:
    write(session, kind, record_id, ERASED, note=note)
    sql = "UPDATE history SET old = NULL, new = NULL, note = '', salt = NULL WHERE id = ?"
    database.cursor().executemany(sql, [(row,) for row in rows])


def erase_asked(session: Session, names: Iterable[str], note: str) -> None:
    """Delete what lists and reports of the branch were asked for, where that names a person, inside the caller's transaction."""
    sql = "SELECT id, note FROM history WHERE kind = 'branch' AND record_id = ? AND action IN ('export', 'print')"
    asked, wanted = database.execute_sql(sql, (session.branch.id,)).fetchall(), tuple(names)
    if naming := [row for row, said in asked if any(name in said for name in wanted)]:
        _delete(session, "branch", session.branch.id, naming, note)


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
