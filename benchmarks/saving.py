"""Saving a complaint: checks, number, lines, history and search in one durable transaction, beside inserting the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any, NamedTuple

from app.core import chain, search_index
from app.core.database import database, transaction
from app.models.complaints import Complaint
from app.models.record import add, edit
from benchmarks import raw
from benchmarks.store import NOW, Store
from benchmarks.timing import Result, race

_ROUNDS = 40
_TABLES = ("complaint", "product_line", "loss_line", "enquiry", "history")
_VALUES = {
    "customer": "KH-0007", "received_at": NOW - timedelta(hours=1), "channel": "phone", "phone": "13800001234",
    "class": "product",
    "severity": "general", "complainant": "周建国", "address": "城东区解放路88号",
    "description": "送来的云岭（硬）有六条霉变，有异味，顾客退货两次，要求今天给答复。",
    "wish": "换货并赔偿停售损失",
    "product_lines": [
        {"product": "CP-0001", "batch": "20260914-B07", "quantity": "50", "defective_quantity": "6", "symptom": "发霉"}
    ],
    "loss_lines": [{"item": "returns", "amount": "120.50", "note": "两位顾客退货"}],
}  # fmt: skip


def measure(store: Store) -> Iterator[Result]:
    """A new complaint, and one changed field; the store is left as it was."""
    before = _last_ids()
    with raw.connection(store) as floor:
        try:
            made = add(store.session, Complaint, _VALUES)
            copy = _Copy(floor, made.id)
            both = race(lambda: add(store.session, Complaint, _VALUES), copy.insert, _ROUNDS)
            yield Result("save", "new complaint", store.size, *both, 6.0)
            yield Result("save", "one field changed", store.size, *race(_Editing(store, made), copy.change, _ROUNDS), None)
        finally:
            _take_back(before)


class _Editing:
    """Changes the wish of one complaint to something else each time."""

    def __init__(self, store: Store, record: Complaint) -> None:
        self._session, self._record, self._turn = store.session, record, count()

    def __call__(self) -> None:
        self._record = edit(self._session, self._record, {"wish": f"第{next(self._turn)}次改口"}, self._record.version)


class _Row(NamedTuple):
    """A statement that writes a row like one that the program wrote; the places of its id and of its case's."""

    sql: str
    values: list[Any]
    own: int | None
    case: int | None


class _Copy:
    """Writes the rows of a complaint again, under another number, with raw SQL."""

    def __init__(self, connection: Any, record_id: int) -> None:  # noqa: ANN401 - the driver's connection
        self._run = connection.execute
        self._turn = count()
        self._rows = [row for table in _TABLES for row in self._read(table, record_id)]
        self._tokens = self._indexed(record_id)
        self._key = self._run("SELECT key FROM search_complaint_key WHERE id = ?", (record_id,)).fetchone()[0]
        self._last = record_id

    def _read(self, table: str, record_id: int) -> list[_Row]:
        named = {"complaint": "id = ?", "history": "kind = 'complaint' AND record_id = ?"}.get(table, "parent_id = ?")
        cursor = self._run(f"SELECT * FROM {table} WHERE {named}", (record_id,))
        names = [column[0] for column in cursor.description]
        places = {name: place for place, name in enumerate(names)}
        quoted = ", ".join(f'"{name}"' for name in names)
        marks = [_NEXT if (table, name) == ("history", "id") else "?" for name in names]
        sql = f"INSERT INTO {table} ({quoted}) VALUES ({', '.join(marks)})"
        case = places.get("parent_id", places.get("record_id"))
        own = places["number"] if table == "complaint" else None
        found = []
        for row in cursor.fetchall():
            values: list[Any] = list(row)
            values[places["id"]] = None
            if table == "history":
                del values[places["id"]]
                case = places["record_id"] - 1
            found.append(_Row(sql, values, own, case))
        return found

    def _indexed(self, record_id: int) -> str:
        return search_index.tokens(self._run("SELECT key FROM search_complaint_key WHERE id = ?", (record_id,)).fetchone()[0])

    def insert(self) -> None:
        """One durable transaction."""
        run, turn = self._run, next(self._turn)
        run("BEGIN IMMEDIATE")
        run("UPDATE counter SET last = last + 1 WHERE branch_id = 1 AND kind = 'complaint' AND period = '202611'")
        for row in self._rows:
            if row.own is not None:
                row.values[row.own], row.values[1] = f"RAW-{turn:06}", f"raw-{turn:06}"
                self._last = run(row.sql, row.values).lastrowid
            else:
                row.values[row.case] = self._last
                run(row.sql, row.values)
        self._put()
        run("COMMIT")

    def change(self) -> None:
        """One field of the last copy, durably: the case, its history and its place in the search."""
        run, turn = self._run, next(self._turn)
        run("BEGIN IMMEDIATE")
        run(
            "UPDATE complaint SET wish = ?, version = version + 1, changed_at = ? WHERE id = ?", (f"第{turn}次", turn, self._last)
        )
        run(
            "INSERT INTO history (id, at, who, kind, record_id, action, field, old, new, note, hash) "
            f"VALUES ({_NEXT}, ?, ?, ?, ?, ?, ?, ?, ?, '', x'')",
            (turn, "王敏", "complaint", self._last, "edit", "wish", "换货", f"第{turn}次"),
        )
        self._put()
        run("COMMIT")

    def _put(self) -> None:
        self._run("REPLACE INTO search_complaint (rowid, tokens) VALUES (?, ?)", (self._last, self._tokens))
        self._run("REPLACE INTO search_complaint_key (id, key) VALUES (?, ?)", (self._last, self._key))


_NEXT = "(SELECT max(id) + 1 FROM history)"
"""The history takes only rows that say which they are, and come last."""


def _last_ids() -> dict[str, int]:
    return {table: database.execute_sql(f"SELECT max(id) FROM {table}").fetchone()[0] or 0 for table in _TABLES}


def _take_back(before: dict[str, int]) -> None:
    """Delete what was saved here, so that the next run finds the same store."""
    with transaction():
        for trigger in chain.TRIGGERS:
            database.execute_sql(f"DROP TRIGGER {trigger}")
        for table in reversed(_TABLES):
            database.execute_sql(f"DELETE FROM {table} WHERE id > ?", (before[table],))
        database.execute_sql("DELETE FROM search_complaint WHERE rowid > ?", (before["complaint"],))
        database.execute_sql("DELETE FROM search_complaint_key WHERE id > ?", (before["complaint"],))
        for statement in chain.TRIGGERS.values():
            database.execute_sql(statement)
