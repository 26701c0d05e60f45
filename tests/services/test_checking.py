"""A check finds each thing that was tampered with or broke, and a repair puts right only what needs no guessing."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from app.core import database
from app.core.errors import Cancelled, NotPermitted
from app.core.progress import Progress
from app.models import attachments, branches, history, numbering, prints, tallies
from app.models.listing import CUSTOMERS, Query
from app.services import backup_file, backups, checking, workplace
from tests.make import Make
from tests.services.tampering import at_work, run, unguarded, whats


@pytest.fixture
def busy(make: Make) -> Make:
    return at_work(make)


def test_a_branch_at_work_has_no_faults(busy: Make) -> None:
    case = busy.proposed()
    prints.record_print(busy.session, case, "form", b"%PDF")
    assert checking.check(busy.session) == []
    assert checking.quick(busy.session) == []


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


def broken_off(make: Make, place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The bytes that an attaching stored before it was broken off."""
    source = place / "断电.jpg"
    source.write_bytes(b"\xff\xd8 never named")

    def fail(*_asked: object, **_named: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(attachments.Attachment, "create", fail)
        with pytest.raises(KeyboardInterrupt):
            attachments.attach(make.session, make.complaint(), source)
    (stored,) = (make.session.folder / "attachments").glob("??/*")
    return stored


def aged(folder: Path, moment: float) -> None:
    for path in (folder / "attachments").glob("incoming-*"):
        os.utime(path, (moment, moment))


def test_what_an_attaching_left_that_was_broken_off_is_known_as_such(
    busy: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = broken_off(busy, tmp_path, monkeypatch)
    folder, now = busy.session.folder, busy.session.clock().timestamp()
    aged(folder, now - 60)
    assert whats(busy.session) == []  # somebody may be at it
    aged(folder, now - 7200)
    assert whats(busy.session) == ["A file is left over from writing that was broken off."]
    result = checking.repair(busy.session)
    assert result.left == []
    assert result.copy is not None
    assert not stored.exists()
    assert list((folder / "attachments").glob("incoming-*")) == []


def test_the_next_start_takes_away_what_is_older_than_a_day(busy: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = broken_off(busy, tmp_path, monkeypatch)
    folder, now = busy.session.folder, busy.session.clock().timestamp()
    for age, stays in ((80_000, True), (90_000, False)):
        aged(folder, now - age)
        database.close()
        workplace.open_folder(folder, clock=busy.session.clock)
        assert stored.exists() == stays
    assert whats(busy.session) == []


def test_bytes_that_a_record_names_by_now_stay(busy: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken off, and then attached again: the mark of the first time takes nothing away."""
    stored = broken_off(busy, tmp_path, monkeypatch)
    folder, now = busy.session.folder, busy.session.clock().timestamp()
    attachments.attach(busy.session, busy.complaint(), tmp_path / "断电.jpg")
    assert list((folder / "attachments").glob("incoming-*")) == []
    (folder / "attachments" / f"incoming-{stored.name}").touch()
    aged(folder, now - 90_000)
    attachments.sweep(busy.session)
    assert stored.exists()
    assert list((folder / "attachments").glob("incoming-*")) == []


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


@pytest.mark.parametrize("kind", ["customer", "objection"])
def test_a_tally_that_is_not_that_of_the_records_is_counted_anew(busy: Make, kind: str) -> None:
    run(f"UPDATE tally SET number = number + 1 WHERE kind = '{kind}'")
    (fault,) = checking.check(busy.session)
    assert "tally" in fault.what
    assert checking.repair(busy.session).left == []
    assert tallies.wrong() == []


# Repairing.


def test_a_repair_keeps_a_copy_and_says_so_in_the_history(busy: Make, tmp_path: Path) -> None:
    run("UPDATE search_customer_key SET key = '别的' WHERE id = 1")
    result = checking.repair(busy.session)
    assert result.copy is not None
    assert result.copy.parent == busy.session.folder / "backups"
    backup_file.unpack(result.copy, tmp_path, Progress())
    copy = database.driver.connect(str(tmp_path / "kesu.db"))
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


def test_a_cut_tail_is_found_by_what_lies_in_the_second_place(busy: Make, tmp_path: Path) -> None:
    usb = tmp_path / "usb"
    usb.mkdir()
    backups.set_second_place(busy.session, usb)
    backups.before(busy.session, "daily")
    unguarded("DELETE FROM history WHERE id = (SELECT max(id) FROM history)")
    assert checking.check(busy.session)
    for path in usb.rglob("kesu-history-*.txt"):  # the control: without the file nobody can tell
        path.unlink()
    assert checking.check(busy.session) == []
