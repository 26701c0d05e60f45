"""The database handle: safe settings on every connection, transactions, and driver errors in words."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import peewee
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import database as store
from app.core.database import PRAGMAS, database
from app.core.errors import UserError
from app.core.progress import Progress
from app.core.session import Session
from app.models.customers import Customer
from tests.make import Make


def in_thread(work: Callable[[], Any]) -> Any:
    """What the work returns or raises in another thread."""
    outcome: list[Any] = []

    def run() -> None:
        try:
            outcome.append(work())
        except BaseException as error:
            outcome.append(error)

    worker = threading.Thread(target=run)
    worker.start()
    worker.join()
    return outcome[0]


def pragmas() -> dict[str, Any]:
    return {name: database.execute_sql(f"PRAGMA {name}").fetchone() for name, _wanted in PRAGMAS}


WANTED = {
    "journal_mode": ("wal",), "synchronous": (2,), "foreign_keys": (1,), "busy_timeout": (5000,), "secure_delete": (1,),
    "trusted_schema": (0,), "cell_size_check": (1,), "mmap_size": (0,),
}  # fmt: skip


@pytest.mark.parametrize(
    ("version", "journal"),
    [
        ((3, 51, 3), "wal"), ((3, 53, 4), "wal"), ((3, 50, 7), "wal"), ((3, 44, 6), "wal"), ((4, 0, 0), "wal"),
        ((3, 51, 2), "delete"), ((3, 50, 6), "delete"), ((3, 45, 0), "delete"), ((3, 44, 5), "delete"), ((3, 40, 1), "delete"),
    ],
)  # fmt: skip
def test_a_sqlite_that_can_corrupt_its_write_ahead_log_does_without_one(
    session: Session, monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int], journal: str
) -> None:
    Make(session).customer(name="从前的")
    store.close()
    monkeypatch.setattr(store.driver, "sqlite_version_info", version)
    store.open_database(session.folder)
    Make(session).customer(name="后来的")
    assert pragmas()["journal_mode"] == (journal,)
    assert pragmas()["synchronous"] == ((3,) if journal == "delete" else (2,))
    assert [one.name for one in Customer.select().order_by(Customer.id)] == ["从前的", "后来的"]


def test_every_connection_is_set_up_the_same_way(session: Session) -> None:
    def on_a_worker() -> dict[str, Any]:
        with store.connection():
            return pragmas()

    for found in (pragmas(), in_thread(on_a_worker)):
        for name, wanted in WANTED.items():
            assert found[name] in (wanted, None), name
    assert database.execute_sql("PRAGMA synchronous").fetchone() == (2,)


def test_a_pragma_that_does_not_hold_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "PRAGMAS", (("journal_mode", "wal"), ("synchronous", 9)))
    store.make_file(tmp_path)
    with pytest.raises(UserError, match="synchronous stays"):
        store.open_database(tmp_path)
    store.close()


def test_the_sqlite_in_use_has_no_known_fault_of_the_log(session: Session) -> None:
    version = tuple(int(part) for part in database.execute_sql("SELECT sqlite_version()").fetchone()[0].split("."))
    assert version >= (3, 51, 3)


def test_a_connection_within_a_connection_stays_open(session: Session) -> None:
    with store.connection(), store.connection():
        pass
    assert not database.is_closed()


def test_a_transaction_takes_the_write_lock_at_once(make: Make) -> None:
    def other_writes() -> None:
        with store.connection():
            database.execute_sql("PRAGMA busy_timeout = 10")
            with store.transaction():
                pass

    with store.transaction():
        assert Customer.select().count() == 0
        assert "writing for more than five seconds" in str(in_thread(other_writes))
    assert in_thread(other_writes) is None


def test_what_fails_is_undone_also_inside(make: Make) -> None:
    def fail() -> None:
        with store.transaction():
            make.customer()
            raise RuntimeError

    with store.transaction():
        make.customer(name="先")
        with pytest.raises(RuntimeError):
            fail()
    assert [row.name for row in Customer.select()] == ["先"]


def test_a_full_disk_is_said_and_nothing_is_written(make: Make) -> None:
    customer = make.customer()
    pages = database.execute_sql("PRAGMA page_count").fetchone()[0]
    database.execute_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(UserError, match=r"^Not saved: the disk is full\. Make room"):
        [make.customer(background="字" * 30_000) for _turn in range(50)]
    count = Customer.select().count()
    database.execute_sql("PRAGMA max_page_count = 1000000")
    assert not database.in_transaction()
    make.customer(name=f"{customer.name}二")
    assert Customer.select().count() == count + 1


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ("database or disk is full", "disk is full"),
        ("attempt to write a readonly database", "cannot be written"),
        ("unable to open database file", "cannot be written"),
        ("database disk image is malformed", "is damaged"),
        ("file is not a database", "is damaged"),
        ("database is locked", "five seconds"),
        ("disk I/O error", "does not answer"),
    ],
)
def test_errors_of_the_driver_become_sentences(message: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence) as caught, store.explained(Path("kesu.db")):
        raise peewee.OperationalError(message)
    assert "  " not in str(caught.value)


def test_a_full_disk_is_said_where_only_the_rollback_after_it_is_told(tmp_path: Path) -> None:
    """SQLite rolls back by itself then, and what peewee tells is that it cannot do so again."""

    def fail() -> None:
        try:
            raise peewee.OperationalError("database or disk is full")
        finally:
            raise peewee.OperationalError("cannot rollback - no transaction is active")

    with pytest.raises(UserError, match="the disk is full"), store.explained(tmp_path / "kesu.db"):
        fail()


def test_a_disk_that_can_only_be_read_is_told_from_a_missing_right(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    store.close()
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(UserError, match="Give this account the right"):
        store.open_database(session.folder)
    monkeypatch.setattr(os, "statvfs", lambda path: os.statvfs_result((*[0] * 8, os.ST_RDONLY, 255)))
    with pytest.raises(UserError, match=r"disk that can only be read\. Copy the data folder"):
        store.open_database(session.folder)


def test_an_older_database_is_not_made_again(session: Session) -> None:
    with pytest.raises(UserError, match="already holds a branch"):
        store.make_file(session.folder)


def test_our_own_faults_stay_what_they_are() -> None:
    with pytest.raises(peewee.OperationalError), store.explained(None):
        raise peewee.OperationalError("no such table: customers")


def test_errors_of_the_file_system_name_file_and_reason(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"gone.txt cannot be used: there is no such file or folder"), store.explained(None):
        (tmp_path / "gone.txt").read_bytes()


def test_a_copy_holds_what_was_there_at_its_moment_in_one_file(make: Make, tmp_path: Path) -> None:
    make.customer()
    with store.snapshot(make.session.folder / store.FILE_NAME) as reading:
        make.customer(name="后来的")
        store.copy_to(tmp_path / "copy.db", reading, Progress())
    with sqlite3.connect(tmp_path / "copy.db") as copy:
        assert copy.execute("SELECT name FROM customer").fetchall() == [("鑫瑞达商行",)]
    copy.close()
    assert [file.name for file in tmp_path.glob("copy*")] == ["copy.db"]


def test_a_copy_that_cannot_be_made_is_said(make: Make, tmp_path: Path) -> None:
    (tmp_path / "copy.db").mkdir()
    with pytest.raises(UserError), store.snapshot(make.session.folder / store.FILE_NAME) as reading:
        store.copy_to(tmp_path / "copy.db", reading, Progress())


# Column types: what goes in comes out.

INSTANTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 12, 31)).map(
    lambda value: value.replace(tzinfo=UTC, microsecond=value.microsecond // 1000 * 1000)
)


@given(INSTANTS)
def test_instants_round_trip_to_the_millisecond(value: datetime) -> None:
    column = store.InstantColumn()
    assert column.python_value(column.db_value(value)) == value


@given(st.decimals(0, Decimal("99999999999.99"), places=2))
def test_money_round_trips_to_the_fen(value: Decimal) -> None:
    column = store.MoneyColumn()
    assert str(column.python_value(column.db_value(value))) == f"{value:.2f}"


@given(st.decimals(0, 1_000_000_000, places=3))
def test_quantities_round_trip_to_the_thousandth(value: Decimal) -> None:
    column = store.QuantityColumn()
    assert column.python_value(column.db_value(value)) == value


@given(st.dates(date(1, 1, 1), date(9999, 12, 31)))
def test_days_round_trip_and_sort_as_text(value: date) -> None:
    column = store.DayColumn()
    assert column.python_value(column.db_value(value)) == value
    if value.year < 9999:
        assert column.db_value(value) < column.db_value(value + timedelta(days=1))  # type: ignore[operator]


@pytest.mark.parametrize(("value", "back"), [(("大户", "团购"), ("大户", "团购")), ((), None), (None, None)])
def test_tags_round_trip(value: Any, back: Any) -> None:
    column = store.TagsColumn()
    assert column.python_value(column.db_value(value)) == back
