"""Who may put a backup back where there are passwords, with whose keys it opens, and what the history says of it afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core import database as store
from app.core.errors import Cancelled, NotPermitted, PasswordNeeded, UserError
from app.core.progress import Progress
from app.core.session import Session
from app.core.tries import SignInRefused
from app.models import history, prints
from app.models.customers import Customer
from app.services import anchors, backup_places, backups, checking, restore_rights, restoring, staffing, workplace
from app.services.backup_places import home
from app.services.restore_rights import Ask, Given, Question, Right
from app.services.restoring import Restored
from tests.conftest import Clock
from tests.make import Make
from tests.services.tampering import unguarded, whats
from tests.staffed import ADMIN, OWN, PASSWORD, join, quick, signed_in

LATEST = workplace.LATEST
NEWER = "窗外的雨落在石板上很轻"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)


@pytest.fixture
def code() -> list[str]:
    return []


@pytest.fixture
def staffed(make: Make, code: list[str]) -> Iterator[Session]:
    """With 王敏 as administrator, 李华 as clerk, and a customer."""
    make.customer(name="从前的")
    code.append(staffing.protect(make.session, ADMIN, PASSWORD))
    join(make.session, "李华", "clerk")
    yield signed_in(make.session, ADMIN, PASSWORD)
    store.close()


def made(session: Session) -> Path:
    return backups.make(session.folder, "hand", session.clock()).backup.path


class Door:
    """Types what it was told to, one after the other, and keeps what was asked."""

    def __init__(self, *typed: Given) -> None:
        self.typed, self.asked = list(typed), []  # type: ignore[var-annotated]

    def __call__(self, question: Question, attempt: object) -> None:
        self.asked.append(question.of_backup)
        if not self.typed:
            raise Cancelled
        attempt(self.typed.pop(0))  # type: ignore[operator]


def restored(session: Session, path: Path, ask: Ask) -> Restored:
    store.close()
    store.know(session.folder, None)
    right = restore_rights.of_folder(session.folder, path, "谁", session.clock(), ask)
    return restoring.restore(session.folder, path, LATEST, session.clock(), Progress(), right)


def test_who_became_administrator_early_this_morning_is_one(make: Make, clock: Clock) -> None:
    """In China the day begins while it is still yesterday in UTC."""
    clock.advance(hours=-7)
    staffing.protect(make.session, ADMIN, PASSWORD)
    key = store.present_key()
    assert clock().date() < make.session.now().date()
    assert restore_rights.is_administrator(make.session.folder, key, ADMIN, clock())


def names() -> list[str]:
    return [one.name for one in Customer.select().order_by(Customer.id)]


def told() -> history.Entry:
    (found,) = (one for one in history.of("branch", 1) if one.action == "restore")
    return found


def test_an_administrator_puts_a_backup_back_and_the_history_says_so(staffed: Session) -> None:
    path = made(staffed)
    before = history.head()
    Customer.update(name="后来的").execute()
    staffing.add(staffed, {"name": "张三", "roles": ("handler",)})
    aside = history.head()
    door = Door(Given(ADMIN, PASSWORD))
    done = restored(staffed, path, door)
    assert door.asked == [False]
    assert done.aside is not None
    again = signed_in(staffed, ADMIN, PASSWORD)
    assert names() == ["从前的"]
    entry = told()
    assert entry.who == ADMIN
    assert entry.note == (
        f"Backup of 2026-11-23 14:32, by hand; history {before.number}:{before.hash.hex()[:16]}. Set aside in "
        f"aside/{done.aside.name}: history {aside.number}:{aside.hash.hex()[:16]}, last entry 2026-11-23 14:32."
    )
    assert checking.check(again) == []
    kinds = [one.manifest.kind for one in backup_places.listed(home(staffed.folder)).backups]
    assert "restore" in kinds  # also without a window: the key was given


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        (Given("李华", OWN), NotPermitted),
        (Given(ADMIN, "不对的密码不对的"), SignInRefused),
        (Given("无此人", PASSWORD), SignInRefused),
    ],
)
def test_others_may_not(staffed: Session, given: Given, refused: type[UserError]) -> None:
    path = made(staffed)
    Customer.update(name="后来的").execute()
    with pytest.raises(refused):
        restored(staffed, path, Door(given))
    assert not (staffed.folder / "aside").exists()
    signed_in(staffed, ADMIN, PASSWORD)
    assert names() == ["后来的"]


def test_who_gives_up_changes_nothing(staffed: Session) -> None:
    path = made(staffed)
    with pytest.raises(Cancelled):
        restored(staffed, path, Door())
    assert not (staffed.folder / "aside").exists()


def test_the_recovery_code_will_do_for_an_administrator(staffed: Session, code: list[str]) -> None:
    path = made(staffed)
    with pytest.raises(NotPermitted):
        restored(staffed, path, Door(Given("李华", code[0], by_code=True)))
    restored(staffed, path, Door(Given(ADMIN, code[0], by_code=True)))
    signed_in(staffed, ADMIN, PASSWORD)
    assert told().who == ADMIN


def test_passwords_changed_since_stay_as_they_are_now(staffed: Session) -> None:
    """The key is the same: nobody has to remember an older password."""
    path = made(staffed)
    staffing.change_password(staffed, PASSWORD, NEWER)
    restored(staffed, path, Door(Given(ADMIN, NEWER)))
    signed_in(staffed, ADMIN, NEWER)
    with pytest.raises(SignInRefused):
        signed_in(staffed, ADMIN, PASSWORD)


def test_a_backup_with_other_keys_is_opened_before_it_takes_the_place(staffed: Session) -> None:
    path = made(staffed)
    staffing.disable(staffed, "李华")
    staffing.change_password(staffed, PASSWORD, NEWER)
    door = Door(Given(ADMIN, NEWER))
    with pytest.raises(Cancelled):
        restored(staffed, path, door)
    assert door.asked == [False, True]
    assert not (staffed.folder / "aside").exists()
    with pytest.raises(SignInRefused):
        restored(staffed, path, Door(Given(ADMIN, NEWER), Given(ADMIN, "不对的密码不对的")))
    signed_in(staffed, ADMIN, NEWER)
    restored(staffed, path, Door(Given(ADMIN, NEWER), Given(ADMIN, PASSWORD)))
    again = signed_in(staffed, ADMIN, PASSWORD)
    assert told().who == ADMIN
    assert checking.check(again) == []


def test_the_password_given_already_is_tried_on_older_keys_first(staffed: Session) -> None:
    path = made(staffed)
    staffing.disable(staffed, "李华")
    door = Door(Given(ADMIN, PASSWORD))
    restored(staffed, path, door)
    assert door.asked == [False]
    signed_in(staffed, ADMIN, PASSWORD)


@pytest.mark.parametrize("lost", ["database", "keys", "cut"])
def test_where_the_present_data_are_lost_the_backup_decides(staffed: Session, lost: str) -> None:
    path = made(staffed)
    store.close()
    if lost == "database":
        (staffed.folder / "kesu.db").unlink()
    elif lost == "keys":
        for one in staffed.folder.glob("keys*.json"):
            one.write_bytes(b"x")
    else:
        content = (staffed.folder / "kesu.db").read_bytes()
        (staffed.folder / "kesu.db").write_bytes(content[:100] + bytes(4000) + content[4096:])
    for given, refused in ((Given("李华", OWN), NotPermitted), (Given(ADMIN, "不对的密码不对的"), SignInRefused)):
        with pytest.raises(refused):
            restored(staffed, path, Door(given))
        assert not (staffed.folder / "aside").exists()
    door = Door(Given(ADMIN, PASSWORD))
    restored(staffed, path, door)
    assert door.asked == [lost != "cut"]
    again = signed_in(staffed, ADMIN, PASSWORD)
    assert told().who == ADMIN
    assert checking.check(again) == []


def test_a_new_computer_gets_a_protected_backup_from_its_administrator(staffed: Session, tmp_path: Path) -> None:
    path = backups.make(staffed.folder, "hand", staffed.clock(), place=tmp_path / "usb").backup.path
    store.close()
    new = tmp_path / "new"
    right = restore_rights.of_folder(new, path, "谁", staffed.clock(), Door(Given("李华", OWN)))
    with pytest.raises(NotPermitted):
        restoring.restore(new, path, LATEST, staffed.clock(), Progress(), right)
    right = restore_rights.of_folder(new, path, "谁", staffed.clock(), Door(Given(ADMIN, PASSWORD)))
    restoring.restore(new, path, LATEST, staffed.clock(), Progress(), right)
    staffing.sign_in(new, ADMIN, PASSWORD, clock=staffed.clock)
    assert names() == ["从前的"]


def test_attachments_sealed_since_with_newer_keys_are_brought_in_their_older_form(staffed: Session, tmp_path: Path) -> None:
    """A file attached again after the key was changed lies there in a form that the older keys cannot read."""
    from app.models import attachments

    source = tmp_path / "a.jpg"
    source.write_bytes(b"photo")
    customer = Customer.get()
    attachments.attach(staffed, customer, source)
    path = backups.make(staffed.folder, "hand", staffed.clock(), place=tmp_path / "usb").backup.path
    staffing.disable(staffed, "李华")
    attachments.attach(staffed, Customer.get(), source, "photo")
    restored(staffed, path, Door(Given(ADMIN, PASSWORD)))
    again = signed_in(staffed, ADMIN, PASSWORD)
    assert [one.content() for one in attachments.of(again, Customer.get())] == [b"photo"]


def test_at_the_window_only_administrators_who_gave_their_password_just_now(staffed: Session) -> None:
    path = made(staffed)
    staffed.proved_at = None
    with pytest.raises(PasswordNeeded):
        restore_rights.of_session(staffed, path, Door())
    staffed.prove()
    right = restore_rights.of_session(staffed, path, Door())
    assert (right.user, right.kept, right.key) == (ADMIN, True, store.present_key())
    with pytest.raises(NotPermitted):
        restore_rights.of_session(signed_in(staffed, "李华"), path, Door())


def test_an_encrypted_backup_is_opened_by_the_monthly_trial(staffed: Session) -> None:
    path = made(staffed)
    assert restoring.drill(staffed, LATEST, Progress()).backup.path == path
    staffing.disable(staffed, "李华")
    with pytest.raises(UserError, match="cannot be opened by its key"):
        restoring.drill(staffed, LATEST, Progress())


# What the check makes of it, in an open branch.


def back(session: Session, path: Path) -> Session:
    store.close()
    right = restore_rights.of_folder(session.folder, path, session.user, session.clock(), Door())
    restoring.restore(session.folder, path, LATEST, session.clock(), Progress(), right)
    return workplace.open_folder(session.folder, user=session.user, clock=session.clock)


def printed(make: Make) -> anchors.Anchor:
    make.customer()
    prints.record_print(make.session, make.objection(), "objection", b"%PDF")
    make.customer()
    return anchors.parse(str(next(anchors.issued())))


def test_an_anchor_from_after_the_backup_is_explained_by_the_restore(make: Make) -> None:
    path = made(make.session)
    lost = printed(make)
    last = anchors.parse(str(history.head()))
    again = back(make.session, path)
    Make(again).customer()
    assert whats(again, lost, last) == []
    assert anchors.stands(lost)
    assert not anchors.holds(lost)


def test_an_anchor_that_was_never_written_is_told_also_after_a_restore(make: Make) -> None:
    path = made(make.session)
    lost = printed(make)
    again = back(make.session, path)
    (fault,) = checking.check(again, known=[lost._replace(digits="0" * 32)])
    assert "is not the one that was written down" in fault.what or "has lost its end" in fault.what
    assert "A backup was restored" in fault.do
    beyond = anchors.Anchor(10_000, "0" * 32, "")
    assert "A backup was restored" not in checking.check(again, known=[beyond])[0].do


def test_what_is_cut_after_a_restore_is_found(make: Make) -> None:
    path = made(make.session)
    printed(make)
    again = back(make.session, path)
    mine = printed(Make(again))
    assert whats(again, mine) == []
    unguarded(f"DELETE FROM history WHERE id >= {mine.number}", "DELETE FROM print")
    assert any("has lost its end" in what for what in whats(again, mine))


def test_without_the_row_of_the_restore_the_anchor_is_a_fault(make: Make) -> None:
    """The control: it is the row that explains it."""
    path = made(make.session)
    lost = printed(make)
    again = back(make.session, path)
    unguarded("DELETE FROM history WHERE action = 'restore'")
    assert len(whats(again, lost)) == 1


def test_an_older_restore_is_remembered_when_a_still_older_backup_comes_back(make: Make) -> None:
    oldest = made(make.session)
    make.customer()
    older = made(make.session)
    first = printed(make)
    again = back(make.session, older)
    second = printed(Make(again))
    again = back(again, oldest)
    assert whats(again, first, second) == []


def test_the_backup_of_an_older_program_is_brought_up_to_date_before_it_takes_the_place(make: Make, tmp_path: Path) -> None:
    folder = tmp_path / "older"
    store.close()
    store.make_file(folder)
    store.open_database(folder)
    workplace.make_tables(8)
    known: dict[str, object] = {
        "id": 1,
        "code": "CD",
        "name": "旧",
        "time_zone": "Asia/Shanghai",
        "sample": 0,
        "created_at": 1000,
    }
    names = [row[1] for row in store.database.execute_sql("PRAGMA table_info(branch)").fetchall()]
    sql = f"INSERT INTO branch ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
    store.database.execute_sql(sql, [known.get(name, "") for name in names])
    path = backups.make(folder, "hand", make.session.clock(), place=tmp_path / "usb").backup.path
    store.close()
    new = tmp_path / "new"
    restoring.restore(new, path, LATEST, make.session.clock(), Progress(), Right("谁"))
    assert workplace.open_folder(new, clock=make.session.clock).branch.name == "旧"
    assert told().who == "谁"
