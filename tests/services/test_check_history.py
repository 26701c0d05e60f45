"""A history that was changed, cut or written anew is found: by its own links, or by an anchor alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core import chain
from app.core.database import transaction
from app.core.errors import UserError
from app.core.session import Session
from app.models import history, prints
from app.models.record import edit
from app.services import anchors, backups, checking
from app.services.backup_file import Manifest
from tests.make import Make
from tests.services.tampering import at_work, run, unguarded, whats


def now_of(session: Session) -> Manifest:
    """What a backup made now says of the history."""
    return backups.make(session.folder, "hand", session.clock()).backup.manifest


@pytest.fixture
def busy(make: Make) -> Make:
    return at_work(make)


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
    "what is no text": ("UPDATE history SET who = CAST(x'ff' AS TEXT) WHERE id = 2", "is not the one that was written"),
    "a hash as text": ("UPDATE history SET hash = 'x' || hash WHERE id = 2", "is not the one that was written"),
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
    path = anchors.write_daily(now_of(busy.session), tmp_path)
    assert path.name == "kesu-history-CD-2026-11-23.txt"
    assert whats(busy.session, *anchors.in_place(busy.session.branch.code, tmp_path)) == []
    WAYS[way][0](busy.session)
    (fault,) = checking.check(busy.session, known=anchors.in_place(busy.session.branch.code, tmp_path))
    assert WAYS[way][1] in fault.what
    assert path.name in fault.where


def test_a_daily_file_that_says_nothing_is_told(session: Session, tmp_path: Path) -> None:
    anchors.write_daily(now_of(session), tmp_path).write_text("x")
    with pytest.raises(UserError, match="no anchor any more"):
        list(anchors.in_place(session.branch.code, tmp_path))
    with pytest.raises(UserError, match="cannot be"):
        anchors.write_daily(now_of(session), tmp_path / "nowhere")


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
