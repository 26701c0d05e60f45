"""The figures of one and the same month in stores of ever more cases: what they cost must follow the month, not the store.

A small store is made and multiplied by SQL: every case that came in before or after the two months around it is copied with its
customer, promise, follow-up and agreement. The copies have no description, lines, history or search entries: figures read none.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import process_time
from typing import NamedTuple

from app.core import database as core
from app.core.database import database, milliseconds
from app.core.session import Session
from app.models import tallies
from app.services import figures, workplace
from app.services.periods import month_of
from benchmarks import store
from benchmarks.timing import Result

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
_MADE = 8_000
"""Complaints of the store that is multiplied; it has a quarter as many objections."""
_FROM = milliseconds(store.QUIET_MONTH - timedelta(days=33))
_TO = milliseconds(store.QUIET_MONTH + timedelta(days=30))
_CASES = {"objection": "occurred_at", "complaint": "received_at"}
_SCAN = "SELECT status, count(*), count(satisfaction) FROM complaint NOT INDEXED GROUP BY status"
TITLE = "## The same month in ever larger stores"
_HEAD = f"""{TITLE}

`python -m benchmarks --curve`, {{day}}. All figures of one month, in stores whose other months hold ever more: objections
and complaints with their customers, promises, follow-ups and agreements.
Processor time, medians of 15; the floor is one scan of the complaints.

| cases in the store | figures of the month | scan | ratio | the month |
|--:|--:|--:|--:|---|"""
_COMPLETED = """
UPDATE complaint SET solution_due = received_at + 864000000, solved_at = replied_at;
UPDATE customer SET customer_since = date('2010-01-01', (id * 37 % 5000) || ' days');
UPDATE customer SET status = 'lost', lost_on = date('2024-01-01', (id % 900) || ' days') WHERE id % 20 = 0;
INSERT INTO promise (id, uid, branch_id, number, status, created_at, created_by, changed_at, changed_by, version, "case", subject,
    due, due_day, customer_id, customer_name, given_at, given_at_day, kept_at, kept_at_day, handler)
    SELECT id, uid, branch_id, 'CN' || id, CASE WHEN replied_at IS NULL THEN 'open' ELSE 'kept' END, created_at, created_by,
    changed_at, changed_by, 1, number, 'reply', promised_at, 0, customer_id, customer_name, received_at, 0, replied_at, 0, handler
    FROM complaint WHERE id % 4 = 0;
INSERT INTO follow_up (id, position, parent_id, at, at_day, way, reached, result_score, round)
    SELECT id, 0, id, closed_at + 172800000, 0, 'phone', 1, satisfaction, 1 FROM complaint WHERE id % 4 = 1 AND status = 'closed';
"""


class _Copied(NamedTuple):
    """A table that is multiplied: which rows, the columns that name other rows or moments, and what copies have instead."""

    table: str
    where: str
    rows: tuple[str, ...] = ()
    moments: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


def _outside(kind: str, row: str) -> str:
    moment = f"{row}.{_CASES[kind]}"
    return f"({moment} < {_FROM} OR {moment} >= {_TO})"


_OF_CASE = f"EXISTS (SELECT 1 FROM complaint AS c WHERE c.id = t.{{}} AND {_outside('complaint', 'c')})"
_TABLES = (
    _Copied("customer", "1", ("id",), (), ("number",)),
    _Copied("objection", _outside("objection", "t"), ("id", "customer_id"), ("occurred_at", "closed_at"), ("number",)),
    _Copied("complaint", _outside("complaint", "t"), ("id", "customer_id"),
            ("received_at", "promised_at", "replied_at", "closed_at", "solution_due", "solved_at"), ("number",)),
    _Copied("promise", _OF_CASE.format("id"), ("id", "customer_id"), ("due", "given_at", "kept_at"), ("number", "case")),
    _Copied("follow_up", _OF_CASE.format("parent_id"), ("id", "parent_id"), ("at",)),
    _Copied("agreement", _OF_CASE.format("complaint_id"), ("id", "complaint_id"), (), ("number",)),
    _Copied("agreement_line", _OF_CASE.format("parent_id"), ("parent_id",)),
)  # fmt: skip


def measure(size: int, cache: Path) -> Iterator[Result]:
    """The month and the scan of one table, in a store of so many cases, which is deleted again."""
    folder = cache / f"curve-{size}"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        yield _measured(_made(size, folder))
    finally:
        core.close()
        shutil.rmtree(folder, ignore_errors=True)


def _measured(session: Session) -> Result:
    period = month_of(store.QUIET_MONTH.date())
    counted = figures.compute(session, period)
    cases = sum(database.execute_sql(f"SELECT count(*) FROM {table}").fetchone()[0] for table in _CASES)
    assert not tallies.wrong()
    ours = _processor(lambda: figures.compute(session, period), 15)
    floor = _processor(lambda: database.execute_sql(_SCAN).fetchall(), 3)
    told = f"{counted.objections} objections, {counted.complaints} complaints, {counted.active_customers:,} active customers"
    return Result("curve", "the same month", cases, ours, floor, note=told)


def _processor(action: Callable[[], object], rounds: int) -> float:
    """The median of what it costs the processor in milliseconds: stores measured minutes apart are compared, not turns."""
    action()
    spent = []
    for _turn in range(rounds):
        started = process_time()
        action()
        spent.append((process_time() - started) * 1000)
    return median(spent)


def section(results: Sequence[Result]) -> str:
    """What the report says of it."""
    rows = [f"| {one.size:,} | {one.ours:.1f} ms | {one.floor:,.1f} ms | {one.ratio:.4f} | {one.note} |" for one in results]
    return "\n".join((_HEAD.format(day=datetime.now(UTC).date()), *rows, ""))


def _made(size: int, folder: Path) -> Session:
    store.make(_MADE, folder)
    session = workplace.open_folder(folder, user="王敏", clock=lambda: store.NOW)
    database.execute_sql("PRAGMA synchronous = OFF")
    indexes = store.take_indexes_away()
    with database.atomic("IMMEDIATE"):
        for statement in _COMPLETED.strip().split(";\n"):
            database.execute_sql(statement)
        database.execute_sql("CREATE INDEX of_case ON complaint (id, received_at)")
        _multiply(size)
        database.execute_sql("DROP INDEX of_case")
    for statement in indexes:
        database.execute_sql(statement)
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return session


def _multiply(size: int) -> None:
    """Copies of what lies outside, as many as the size needs; copy n has its moments n minutes later, on the same day."""
    count = "SELECT " + " + ".join(f"(SELECT count(*) FROM {kind} AS t WHERE {{}})" for kind in _CASES)
    (made,) = database.execute_sql(count.format("1", "1")).fetchone()
    (outside,) = database.execute_sql(count.format(*(_outside(kind, "t") for kind in _CASES))).fetchone()
    copies = max(0, -(-(size - made) // outside))
    for table in _TABLES:
        _copy(table, copies, _MADE)


def _copy(copied: _Copied, copies: int, stride: int) -> None:
    names, values = [], []
    for _place, name, *_rest in database.execute_sql(f"PRAGMA table_info({copied.table})").fetchall():
        value = f't."{name}"'
        if name == "id" and name not in copied.rows:
            continue
        if name in copied.rows:
            value += f" + n * {stride}"
        elif name in copied.moments:
            value += " + n % 1400 * 60000"
        elif name in copied.texts:
            value += " || '-' || n"
        elif name == "uid":
            value = "lower(hex(randomblob(16)))"
        elif name in ("description", "what", "facts"):
            value = "''"
        names.append(f'"{name}"')
        values.append(value)
    database.execute_sql(
        f"WITH RECURSIVE copy(n) AS (SELECT 1 WHERE {copies} > 0 UNION ALL SELECT n + 1 FROM copy WHERE n < {copies}) "
        f"INSERT INTO {copied.table} ({', '.join(names)}) SELECT {', '.join(values)} FROM copy CROSS JOIN {copied.table} AS t "
        f"WHERE t.id <= {stride * 2} AND {copied.where}"
    )
