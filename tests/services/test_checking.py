"""A check finds each thing that was tampered with or broke, and a repair puts right only what needs no guessing."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from app.core import chain, database
from app.core.database import transaction
from app.core.errors import Cancelled, NotPermitted, UserError
from app.core.progress import Progress
from app.core.session import Session
from app.models import attachments, branches, history, numbering, prints
from app.models.listing import CUSTOMERS, Query
from app.models.record import edit
from app.services import anchors, checking
from tests.make import Make


def run(sql: str, *values: object) -> list[tuple[object, ...]]:
    return list(database.database.execute_sql(sql, values).fetchall())


def whats(session: Session, *known: anchors.Anchor) -> list[str]:
    return [fault.what for fault in checking.check(session, known=known)]


def unguarded(*statements: str) -> None:
    """What somebody does with another program: take the triggers away, do it, put them back."""
    for name in chain.TRIGGERS:
        run(f"DROP TRIGGER {name}")
    for statement in statements:
        run(statement)
    for statement in chain.TRIGGERS.values():
        run(statement)


@pytest.fixture
def busy(make: Make) -> Make:
    """A branch in which some things were done."""
    customer = make.customer()
    for phone in ("13800000001", "13800000002", "13800000003"):
        customer = edit(make.session, customer, {"phone": phone}, customer.version)
    make.objection(customer=customer.number)
    return make


def test_a_branch_at_work_has_no_faults(busy: Make) -> None:
    case = busy.proposed()
    prints.record_print(busy.session, case, "form", b"%PDF")
    assert checking.check(busy.session) == []
    assert checking.quick(busy.session) == []


# The history.

_INSERTED = (
    "INSERT INTO history SELECT {id}, at, who, kind, 9, action, field, old, new, note, salt, seal, hash FROM history WHERE id = 1"
)
_EMPTIED = "UPDATE history SET old = NULL, new = NULL, note = '', salt = NULL WHERE id = 2"
TAMPERED = {
    "who": ("UPDATE history SET who = '别人' WHERE id = 2", "is not the one that was written"),
    "when": ("UPDATE history SET at = at + 1 WHERE id = 2", "is not the one that was written"),
    "what": ("UPDATE history SET action = 'edit' WHERE id = 1", "is not the one that was written"),
    "of which record": ("UPDATE history SET record_id = 9 WHERE id = 2", "is not the one that was written"),
    "the field": ("UPDATE history SET field = 'name' WHERE id = 2", "is not the one that was written"),
    "seal": ("UPDATE history SET seal = hash WHERE id = 2", "is not the one that was written"),
    "hash": ("UPDATE history SET hash = x'00' WHERE id = 2", "is not the one that was written"),
    "new value": ("UPDATE history SET new = '13800009999' WHERE id = 2", "The values in this row"),
    "old value": ("UPDATE history SET old = NULL WHERE id = 3", "The values in this row"),
    "note": ("UPDATE history SET note = '改过' WHERE id = 2", "The values in this row"),
    "a value where none was": ("UPDATE history SET note = '改过' WHERE id = 1", "The values in this row"),
    "salt": ("UPDATE history SET salt = x'00' WHERE id = 2", "The values in this row"),
    "swapped values": (
        "UPDATE history SET new = (SELECT new FROM history AS o WHERE o.id = 5 - history.id) WHERE id IN (2, 3)",
        "The values in this row",
    ),
    "a row removed": ("DELETE FROM history WHERE id = 3", "1 rows of the history are missing"),
    "rows removed": ("DELETE FROM history WHERE id IN (1, 2)", "2 rows of the history are missing"),
    "a row between": (_INSERTED.format(id=0), "is not the one that was written"),
    "a row at the end": (_INSERTED.format(id=99), "rows of the history are missing"),
    "values gone": (_EMPTIED, "although nobody erased them"),
}  # fmt: skip


@pytest.mark.parametrize("case", TAMPERED)
def test_what_is_tampered_with_is_found(busy: Make, case: str) -> None:
    sql, told = TAMPERED[case]
    unguarded(sql)
    faults = checking.check(busy.session)
    assert any(told in fault.what for fault in faults), faults
    assert all(fault.where and fault.do for fault in faults)
    assert not any(fault.mend for fault in faults)


def test_the_place_of_a_fault_is_named(busy: Make) -> None:
    unguarded("UPDATE history SET who = '别人' WHERE id = 2")
    first = checking.check(busy.session)[0]
    assert first.where == "history 2: 2026-11-23 14:32, 别人, KH-0001"


def test_missing_triggers_are_told_and_put_back(busy: Make) -> None:
    run("DROP TRIGGER history_same")
    run("CREATE TRIGGER history_other BEFORE INSERT ON history BEGIN SELECT 1; END")
    for find in (checking.quick, checking.check):
        (fault,) = find(busy.session)
        assert "no longer refuses" in fault.what
    assert checking.repair(busy.session).left == []
    assert {name for (name,) in run("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'history'")} == set(
        chain.TRIGGERS
    )


def rewritten(session: Session) -> None:
    """The whole chain made anew over rows of which one was changed: as by somebody who has read how it is done."""
    for name in chain.TRIGGERS:
        run(f"DROP TRIGGER {name}")
    run("UPDATE history SET who = '别人' WHERE id = 2")
    before = chain.START
    for row in run("SELECT id, at, who, kind, record_id, action, field, seal FROM history ORDER BY id"):
        before = chain.link(before, row)
        run("UPDATE history SET hash = ? WHERE id = ?", before, row[0])
    for statement in chain.TRIGGERS.values():
        run(statement)


def cut(session: Session) -> None:
    """The last two rows taken away."""
    unguarded("DELETE FROM history WHERE id > (SELECT max(id) - 2 FROM history)")


WAYS = {
    "written anew": (rewritten, "was written anew"),
    "cut": (cut, "has lost its end"),
}


@pytest.mark.parametrize("way", WAYS)
def test_without_an_anchor_a_cut_or_a_new_chain_looks_whole(busy: Make, way: str) -> None:
    """The control of the next tests: it is the anchor that finds them."""
    WAYS[way][0](busy.session)
    assert checking.check(busy.session) == []


@pytest.mark.parametrize("way", WAYS)
def test_an_anchor_on_paper_finds_it(busy: Make, way: str) -> None:
    text = str(history.head())
    assert whats(busy.session, anchors.parse(text)) == []
    WAYS[way][0](busy.session)
    (fault,) = checking.check(busy.session, known=[anchors.parse(text)])
    assert WAYS[way][1] in fault.what
    assert text in fault.where


@pytest.mark.parametrize("way", WAYS)
def test_what_was_printed_finds_it(busy: Make, way: str) -> None:
    prints.record_print(busy.session, busy.customer(name="乙", phone="13700000000"), "form", b"%PDF")
    if way == "cut":  # together with all that was printed: the print itself is cut off, too
        cut(busy.session)
    WAYS[way][0](busy.session)
    for find in (checking.quick, checking.check):
        (fault,) = find(busy.session)
        assert WAYS[way][1] in fault.what
        assert fault.where == "print 1, Complaint registration form"


@pytest.mark.parametrize("way", WAYS)
def test_a_daily_file_finds_it(busy: Make, tmp_path: Path, way: str) -> None:
    path = anchors.write_daily(busy.session, tmp_path)
    assert path.name == "kesu-history-CD-2026-11-23.txt"
    assert whats(busy.session, *anchors.in_place(busy.session, tmp_path)) == []
    WAYS[way][0](busy.session)
    (fault,) = checking.check(busy.session, known=anchors.in_place(busy.session, tmp_path))
    assert WAYS[way][1] in fault.what
    assert path.name in fault.where


def test_a_daily_file_that_says_nothing_is_told(session: Session, tmp_path: Path) -> None:
    anchors.write_daily(session, tmp_path).write_text("x")
    with pytest.raises(UserError, match="no anchor any more"):
        list(anchors.in_place(session, tmp_path))
    with pytest.raises(UserError, match="cannot be"):
        anchors.write_daily(session, tmp_path / "nowhere")


def test_what_is_no_anchor_is_told() -> None:
    for text in ("", "12", "12:abc", "x:" + "0" * 32, "12:" + "g" * 32):
        with pytest.raises(UserError, match="is no anchor"):
            anchors.parse(text)
    assert anchors.parse(" 12: " + "AB" * 8)[:2] == (12, "ab" * 8)


def test_an_erased_person_is_no_fault_and_a_second_deletion_is(busy: Make) -> None:
    with transaction():
        history.erase(busy.session, "customer", 1, "本人要求")
    assert checking.check(busy.session) == []
    customer = busy.again(busy.customer(name="丙", phone="13600000000"))
    edit(busy.session, customer, {"phone": "13600000001"}, customer.version)
    run("UPDATE history SET old = NULL, new = NULL, note = '', salt = NULL WHERE id = (SELECT max(id) FROM history)")
    assert len(checking.check(busy.session)) == 1


def test_many_faults_are_counted(make: Make) -> None:
    with transaction():
        history.write_many(make.session, "customer", range(1, 101), "import", "客户.xlsx")
    unguarded("UPDATE history SET who = '别人'")
    faults = checking.check(make.session)
    assert len(faults) == 21
    assert faults[-1].what == "80 more of the same kind"


def test_what_was_changed_lately_is_seen_at_once(make: Make) -> None:
    with transaction():
        history.write_many(make.session, "customer", range(1, 1001), "import", "")
    assert checking.quick(make.session) == []
    unguarded("UPDATE history SET who = '别人' WHERE id = 990")
    assert len(checking.quick(make.session)) == 1


# Database, search, what is worked out.


def damaged_search(table: str, sql: str) -> Callable[[], None]:
    return lambda: run(sql.format(table=table)) and None


SEARCH = {
    "another key": "UPDATE search_customer_key SET key = '别的' WHERE id = 1",
    "no key": "DELETE FROM search_customer_key WHERE id = 1",
    "not in the index": "DELETE FROM search_customer WHERE rowid = 1",
    "a stranger": "INSERT INTO search_customer (rowid, tokens) VALUES (99, '鬼')",
}


@pytest.mark.parametrize("way", SEARCH)
def test_a_search_that_does_not_fit_is_made_anew(busy: Make, way: str) -> None:
    run(SEARCH[way])
    (fault,) = checking.check(busy.session)
    assert "does not fit the records" in fault.what
    result = checking.repair(busy.session)
    assert (len(result.done), result.left) == (1, [])
    assert CUSTOMERS.count(busy.session, Query(text="鑫瑞达")).rows == 1
    assert CUSTOMERS.count(busy.session, Query(text="鬼")).rows == 0


WORKED_OUT = {
    "pinyin": "UPDATE customer SET pinyin = 'x' WHERE id = 1",
    "phone_keys": "UPDATE customer SET phone_keys = '1' WHERE id = 1",
    "customer_name": "UPDATE objection SET customer_name = '别人'",
    "cost": "UPDATE agreement SET cost = 1",
}


@pytest.mark.parametrize("column", WORKED_OUT)
def test_what_is_worked_out_is_put_right(busy: Make, column: str) -> None:
    busy.steps(busy.approved(), "agreement")
    run(WORKED_OUT[column])
    faults = checking.check(busy.session)
    assert any(column in fault.what for fault in faults)
    assert checking.repair(busy.session).left == []


def test_a_row_without_its_record_is_told(busy: Make) -> None:
    run("PRAGMA foreign_keys = 0")
    run("INSERT INTO loss_line (position, parent_id) VALUES (0, 77)")
    (fault,) = checking.check(busy.session)
    assert fault.where == "loss_line 1, naming complaint"
    assert checking.repair(busy.session).left == [fault]


def test_a_damaged_page_is_told(busy: Make) -> None:
    for number in range(60):
        busy.customer(name=f"商行{number}", phone=f"139{number:08}")
    path = busy.session.folder / database.FILE_NAME
    ((root,),) = run("SELECT min(rootpage) FROM sqlite_master WHERE tbl_name = 'customer' AND type = 'index'")
    ((size,),) = run("PRAGMA page_size")
    run("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    with path.open("r+b") as file:
        file.seek((int(str(root)) - 1) * int(str(size)))
        file.write(b"\xff" * 100)
    database.open_database(busy.session.folder)
    (fault,) = checking.check(busy.session)
    assert "is damaged" in fault.what
    assert fault.where == str(path)
    assert checking.repair(busy.session) == ([], [fault], None)


# Attachments.


@pytest.fixture
def attached(busy: Make, tmp_path: Path) -> attachments.File:
    source = tmp_path / "批号照.jpg"
    source.write_bytes(b"\xff\xd8 batch")
    return attachments.attach(busy.session, busy.complaint(), source, "photo")


def test_attachments_that_are_gone_or_changed_are_told(busy: Make, attached: attachments.File) -> None:
    assert whats(busy.session) == []
    attached.path.write_bytes(b"\xff\xd8 bauch")
    (fault,) = checking.check(busy.session)
    assert fault.what == "An attached file is not the one that was taken in."
    assert "批号照.jpg of TS-202611-0001" in fault.where
    assert attached.sha256 in fault.do
    attached.path.unlink()
    assert whats(busy.session) == ["An attached file is missing."]


def test_strangers_are_told_and_left_over_files_removed(busy: Make, attached: attachments.File) -> None:
    stranger = attached.path.with_name("0" * 64)
    stranger.write_bytes(b"?")
    folder = busy.session.folder / "attachments"
    old, new = folder / "incoming-1", folder / "incoming-2"
    for path, age in ((old, 7200), (new, 60)):
        path.write_bytes(b"half")
        then = busy.session.clock().timestamp() - age
        os.utime(path, (then, then))
    assert len(whats(busy.session)) == 2
    left = checking.repair(busy.session).left
    assert [fault.what for fault in left] == ["A file lies among the attachments that no record names."]
    assert stranger.exists()
    assert new.exists()
    assert not old.exists()


# Numbers.


def test_gaps_in_the_numbers_are_told_unless_something_explains_them(busy: Make) -> None:
    for _time in range(4):
        busy.objection(customer="KH-0001")
    numbering.reserve(busy.session, "complaint", 2)
    numbering.void_reserved(busy.session, "TS-202611-0001", "写坏了")
    assert whats(busy.session) == []
    run("PRAGMA foreign_keys = 0")
    for table in ("objection", "search_objection_key"):
        run(f"DELETE FROM {table} WHERE id IN (2, 3)")
    run("DELETE FROM search_objection WHERE rowid IN (2, 3)")
    (fault,) = checking.check(busy.session)
    assert fault.what == "Numbers are missing, and nothing explains why."
    assert fault.where == "objection 202611: 2–3"


def test_another_pattern_explains_the_numbers_of_the_first(busy: Make) -> None:
    branches.change_settings(busy.session, {"pattern_objection": "异议-{year}{month}-{n:03}"})
    busy.objection(customer="KH-0001")
    assert whats(busy.session) == []


def test_a_number_given_twice_is_told(busy: Make) -> None:
    busy.objection(customer="KH-0001")
    ((name,),) = run("SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '%UNIQUE%objection (branch_id, number)%'")
    run(f"DROP INDEX {name}")
    run("UPDATE objection SET number = 'YY-202611-0001'")
    assert "A number was given twice." in whats(busy.session)


def test_a_count_that_fell_behind_is_set_forward(busy: Make) -> None:
    run("UPDATE counter SET last = 0 WHERE kind = 'customer'")
    (fault,) = checking.check(busy.session)
    assert "fallen behind" in fault.what
    assert checking.repair(busy.session).left == []
    assert busy.customer(name="乙", phone="13700000000").number == "KH-0002"


# Repairing.


def test_a_repair_keeps_a_copy_and_says_so_in_the_history(busy: Make) -> None:
    run("UPDATE search_customer_key SET key = '别的' WHERE id = 1")
    result = checking.repair(busy.session)
    assert result.copy is not None
    assert result.copy.parent == busy.session.folder / "backups"
    copy = database.driver.connect(str(result.copy))
    assert copy.execute("SELECT key FROM search_customer_key WHERE id = 1").fetchone() == ("别的",)
    copy.close()
    entry = history.of("branch", busy.session.branch.id)[-1]
    assert entry.action == "repair"
    assert "search of customer" in entry.note


def test_nothing_is_done_where_nothing_is_wrong_or_nothing_can_be(busy: Make) -> None:
    assert checking.repair(busy.session) == ([], [], None)
    unguarded("UPDATE history SET who = '别人' WHERE id = 2")
    before = run("SELECT * FROM history")
    result = checking.repair(busy.session)
    assert (len(result.left), result.copy) == (1, None)
    assert run("SELECT * FROM history") == before


def test_repairing_is_the_administrators(busy: Make) -> None:
    busy.session.roles = frozenset({"clerk", "head"})
    with pytest.raises(NotPermitted):
        checking.repair(busy.session)


def test_a_check_can_be_stopped(busy: Make, attached: attachments.File) -> None:
    class Told(Progress):
        every = 1

        def __init__(self, most: int) -> None:
            super().__init__()
            self.most, self.sentences = most, list[str]()

        def report(self, done: int, total: int | None, sentence: str) -> None:
            self.sentences.append(sentence)
            if len(self.sentences) >= self.most:
                self.cancel()

    whole = Told(10_000)
    assert checking.check(busy.session, whole) == []
    assert {"Checking the history", "Checking the attachments", "Checking the numbers"} <= set(whole.sentences)
    for most in range(1, len(whole.sentences) - 1, 7):
        with pytest.raises(Cancelled):
            checking.check(busy.session, Told(most))
