"""The history only grows, and each row hangs on the one before; what it tells of a person can be erased."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from contextlib import nullcontext, suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import peewee
import pytest

from app.core import chain, database
from app.core.database import transaction
from app.core.session import Session
from app.models import history
from app.models.bulk import New, insert_many
from app.models.complaints import Complaint
from app.models.customers import Customer
from app.models.record import edit, find, values_of
from app.services import checking, workplace
from tests.make import Make


def run(sql: str, *values: object) -> list[tuple[object, ...]]:
    return list(database.database.execute_sql(sql, values).fetchall())


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE history SET who = '别人' WHERE id = 1",
        "UPDATE history SET new = '13900000000' WHERE field = 'phone'",
        "UPDATE history SET old = NULL, new = NULL, note = '' WHERE field = 'phone'",
        "UPDATE history SET old = NULL, new = NULL, note = '', salt = NULL, seal = NULL WHERE field = 'phone'",
        "UPDATE history SET hash = seal WHERE field = 'phone'",
        "UPDATE history SET salt = NULL WHERE id = 1",
        "DELETE FROM history WHERE id = (SELECT max(id) FROM history)",
        "DELETE FROM history",
        "REPLACE INTO history SELECT * FROM history WHERE id = 1",
        "INSERT OR REPLACE INTO history SELECT * FROM history",
        "INSERT INTO history (at, who, kind, record_id, action, note, hash) VALUES (1, 'a', 'b', 1, 'c', '', x'00')",
    ],
)
def test_the_database_refuses_to_change_what_was_written(make: Make, sql: str) -> None:
    customer = make.customer()
    edit(make.session, customer, {"phone": "13800005678"}, customer.version)
    before = run("SELECT * FROM history")
    with pytest.raises(peewee.DatabaseError, match="only grows"):
        database.database.execute_sql(sql)
    assert run("SELECT * FROM history") == before
    assert checking.check(make.session) == []


def test_rows_written_one_by_one_and_at_once_hang_together(make: Make) -> None:
    customer = make.customer()
    with transaction():
        insert_many(make.session, Customer, [New({"name": f"商行{n}"}) for n in range(3)], action="import", note="客户.xlsx")
    edit(make.session, customer, {"name": "鑫瑞达超市", "address": "西街"}, customer.version)
    before = chain.START
    rows = run("SELECT id, at, who, kind, record_id, action, field, seal, hash, salt, old, new, note FROM history ORDER BY id")
    for number, row in enumerate(rows, 1):
        before = chain.link(before, row[:8])
        assert (row[0], row[8]) == (number, before)
        assert row[7] == (None if row[9] is None else chain.seal(row[9], row[10:]))  # type: ignore[arg-type]
    assert history.head() == (len(rows), before)
    assert str(history.head()) == f"{len(rows)}:{before.hex()[:32]}"


def test_what_is_taken_back_is_no_row(make: Make) -> None:
    make.customer()
    head = history.head()
    with suppress(ZeroDivisionError), transaction():
        history.write(make.session, "customer", 1, "edit", field="name", new="x")
        raise ZeroDivisionError
    assert history.head() == head
    make.customer(name="后来", phone="13700000000")
    assert checking.check(make.session) == []


def test_equal_values_have_seals_of_their_own(make: Make) -> None:
    for name in ("甲", "乙"):
        customer = make.customer(name=name, phone=None)
        edit(make.session, customer, {"phone": "13800005678"}, customer.version)
    seals = run("SELECT seal FROM history WHERE field = 'phone'")
    assert len(set(seals)) == len(seals) == 2


def write_rows(folder: Path, name: str) -> None:
    session = workplace.open_folder(folder, user=name)
    for number in range(25):
        with transaction() if number % 2 else nullcontext():
            history.write(session, "branch", 1, "print", note=f"{name} {number}")
    database.close()


def test_several_processes_write_one_chain(session: Session) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write_rows, args=(session.folder, name)) for name in ("甲", "乙", "丙")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    assert run("SELECT who, count(*) FROM history WHERE action = 'print' GROUP BY who ORDER BY 1") == [
        (name, 25) for name in sorted(("甲", "乙", "丙"))
    ]
    assert checking.check(session) == []


def test_an_erased_person_leaves_a_chain_that_holds(make: Make) -> None:
    customer = make.customer(name="冯秀兰", phone="13800005678")
    for values in ({"name": "冯秀兰（新）", "phone": "13800009999", "customer_since": "2020-01-02"}, {"address": "西街七号"}):
        customer = edit(make.session, customer, values, customer.version)
    head = history.head()
    with transaction():
        gone = history.erase(make.session, "customer", customer.id)
    entries = history.of("customer", customer.id)
    assert gone == 3
    assert {entry.field for entry in entries if entry.erased} == {"name", "phone", "address"}
    assert [(entry.old, entry.new) for entry in entries if entry.erased] == [(None, None)] * 3
    kept = next(entry for entry in entries if entry.field == "customer_since")
    assert (kept.new, kept.erased) == ("2020-01-02", False)
    assert history.head().number == head.number + 1
    assert run("SELECT hash FROM history WHERE id = ?", head.number) == [(head.hash,)]
    assert checking.check(make.session) == []


def test_erasing_leaves_nothing_of_the_value_in_the_file(make: Make) -> None:
    customer = make.customer(name="甲商行")
    customer = edit(make.session, customer, {"address": "密语七十七号"}, customer.version)
    edit(make.session, customer, {"address": "别的"}, customer.version)

    def found() -> bool:
        database.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return "密语七十七号".encode() in (make.session.folder / database.FILE_NAME).read_bytes()

    assert found()
    with transaction():
        history.erase(make.session, "customer", customer.id)
    assert not found()


def test_what_tells_of_a_person_goes_by_the_declared_fields() -> None:
    personal = {field.code for field in Customer.FIELDS if history.personal("customer", field.code)}
    assert {"name", "phone", "address", "tags"} <= personal
    assert not personal & {"tier", "type", "lost_on", "customer_since", "merged_into"}
    assert history.personal("customer", "contacts")
    assert history.personal("complaint", None)
    for own in ("status", "round", "edition", "content_hash"):
        assert not history.personal("complaint", own)
    assert history.personal("no kind of ours", "name")


OLD = """
DROP TABLE history;
CREATE TABLE history (id INTEGER NOT NULL PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, kind TEXT NOT NULL,
    action TEXT NOT NULL, record_id INTEGER NOT NULL, field TEXT, old TEXT, new TEXT, note TEXT NOT NULL);
CREATE INDEX history_record ON history (kind, record_id);
ALTER TABLE print DROP COLUMN anchor
"""


@pytest.fixture
def older(make: Make) -> Callable[[], list[tuple[object, ...]]]:
    """Makes the database what it was before rows hung on each other; its rows."""

    def become() -> list[tuple[object, ...]]:
        names = "id, at, who, kind, action, record_id, field, old, new, note"
        rows = run(f"SELECT {names} FROM history")
        for name in chain.TRIGGERS:
            run(f"DROP TRIGGER {name}")
        for statement in OLD.split(";"):
            run(statement)
        database.database.cursor().executemany(f"INSERT INTO history ({names}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        ((table,),) = run("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%migrat%'")
        run(f"DELETE FROM {table} WHERE name LIKE '0009%'")
        run(f"PRAGMA user_version = {workplace.LATEST - 1}")
        return rows

    return become


def test_rows_of_older_databases_are_chained(make: Make, older: Callable[[], list[tuple[object, ...]]]) -> None:
    complaint = make.proposed()
    values = values_of(make.session, find(make.session, Complaint, complaint.number))
    rows = older()
    assert rows
    database.close()
    session = workplace.open_folder(make.session.folder, user="王敏")
    assert run("SELECT id, at, who, kind, action, record_id, field, old, new, note FROM history") == rows
    assert history.head().number == rows[-1][0]
    assert checking.check(session) == []
    assert values_of(session, find(session, Complaint, complaint.number)) == values
    with pytest.raises(peewee.DatabaseError, match="only grows"):
        run("DELETE FROM history")


def test_an_older_database_without_rows_is_brought_up_to_date(
    session: Session, older: Callable[[], list[tuple[object, ...]]]
) -> None:
    assert older() == []
    database.close()
    again = workplace.open_folder(session.folder)
    assert history.head() == (0, chain.START)
    assert checking.check(again) == []


def test_when_something_was_last_done_is_told(make: Make) -> None:
    assert history.last_at() is None
    assert history.last() == 0
    make.customer()
    assert history.last_at() == make.session.clock()
    assert history.last() == history.head().number > 0


def test_values_are_kept_as_people_can_read_them_and_programs_too(make: Make) -> None:
    values = [None, "文字", make.customer(), datetime(2026, 11, 23, 6, 32, tzinfo=UTC), date(2026, 1, 2), Decimal("12.50")]
    assert [history.kept(make.session, one) for one in values] == [
        None, "文字", "KH-0001", "2026-11-23T14:32:00+08:00", "2026-01-02", "12.50",
    ]  # fmt: skip
    assert history.kept(make.session, ("quality", "质量")) == '["quality", "质量"]'
    assert [history.kept(make.session, one) for one in (True, 7)] == ["true", "7"]


def test_what_was_done_after_a_row_is_told_alone(make: Make) -> None:
    customer, other = make.customer(), make.customer(name="乙商行")
    known = history.last()
    assert history.since("customer", customer.id, known) == []
    for record in (customer, other):
        edit(make.session, record, {"address": "西街七号"}, record.version)
    later = history.since("customer", customer.id, known)
    assert later == history.of("customer", customer.id)[-len(later) :]
    assert [(one.at, one.who, one.field, one.old, one.new, one.note, one.erased) for one in later] == [
        (make.session.clock(), "王敏", "address", None, "西街七号", "", False)
    ]
    assert history.head().number == history.last() == known + 2
    assert history.since("complaint", customer.id, known) == []
    assert history.since("customer", customer.id, 0) == history.of("customer", customer.id)


def test_who_was_erased_is_known(make: Make) -> None:
    one, other = make.customer(), make.customer(name="乙商行")
    assert not history.erased("customer", one.id)
    assert history.all_erased("customer") == frozenset()
    with transaction():
        history.erase(make.session, "customer", one.id, "本人要求")
    assert history.erased("customer", one.id)
    assert not history.erased("customer", other.id)
    assert not history.erased("complaint", one.id)
    assert (history.all_erased("customer"), history.all_erased("complaint")) == ({one.id}, frozenset())
    with transaction():
        history.erase(make.session, "customer", other.id)
    assert history.all_erased("customer") == {one.id, other.id}
    told = [history.of("customer", record.id)[-1] for record in (one, other)]
    assert [(entry.action, entry.note, entry.erased) for entry in told] == [("erase", "本人要求", False), ("erase", "", False)]
