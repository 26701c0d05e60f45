"""Signing in at the window, by keyboard: wrong, forgotten and one-time passwords, waits, and the lock of an idle desk."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from app.core import database
from app.core.preferences import Preferences
from app.core.session import ROLES, Session
from app.models import staff
from app.services import staffing
from app.views import application
from app.views.application import make_window
from app.views.guard import Guard
from app.views.messages import Dialog, MessageBar
from app.views.sign_in import Cover, Locked, SignIn
from app.views.window import Window
from app.views.work import pool
from tests.staffed import ADMIN, OWN, PASSWORD, join, protected, quick, signed_in
from tests.views.signing import enter, fill
from tests.views.stage import Told, open_window, press, throw_away

Key = Qt.Key


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)


@pytest.fixture
def office(session: Session) -> Iterator[Session]:
    yield protected(session)
    pool().waitForDone()  # the backup of a window that was closed needs the key


def said(dialog: Dialog) -> str:
    return " ".join(bar.words.text() for bar in dialog.findChildren(MessageBar))


def dialog_for(qtbot: QtBot, folder: Path, name: str = "") -> SignIn:
    database.close()
    made = SignIn(folder, name)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_name_and_password_are_typed_and_entered(office: Session, qtbot: QtBot) -> None:
    dialog = dialog_for(qtbot, office.folder)
    assert dialog.secrets.editors["password"].echoMode() is QLineEdit.EchoMode.Password
    fill(dialog, name=ADMIN, password=PASSWORD)
    enter(dialog)
    assert dialog.chosen == "done"
    assert dialog.session is not None
    assert (dialog.session.user, dialog.session.roles) == (ADMIN, frozenset(ROLES))


def test_the_name_of_the_last_time_is_there_and_the_password_has_the_focus(office: Session, qtbot: QtBot) -> None:
    dialog = dialog_for(qtbot, office.folder, ADMIN)
    assert dialog.secrets.editors["name"].text() == ADMIN
    assert dialog.focusWidget() is dialog.secrets.editors["password"]


def test_what_is_empty_stands_at_its_field(office: Session, qtbot: QtBot) -> None:
    dialog = dialog_for(qtbot, office.folder)
    enter(dialog)
    assert dialog.secrets.error("name") == "Full name is missing."
    assert dialog.secrets.error("password") == "Password is missing."


def test_a_wrong_password_is_said_and_after_five_the_wait(office: Session, qtbot: QtBot) -> None:
    dialog = dialog_for(qtbot, office.folder, ADMIN)
    for _turn in range(5):
        fill(dialog, password="wrong wrong wrong")
        enter(dialog)
        assert "Name or password is wrong." in said(dialog)
        assert dialog.secrets.editors["password"].text() == ""
    fill(dialog, password=PASSWORD)
    enter(dialog)
    assert "Wait 1 min" in said(dialog)
    assert dialog.session is None


def test_a_password_for_one_time_is_changed_before_anything_else(office: Session, qtbot: QtBot, told: Told) -> None:
    once = staffing.add(office, {"name": "李静", "roles": ["clerk"]}).password
    database.close()

    def sign_in(dialog: Dialog) -> None:
        fill(dialog, name="李静", password=once)
        enter(dialog)

    def choose(dialog: Dialog) -> None:
        fill(dialog, password=OWN, again="又一句完全不一样的话呀")
        enter(dialog)
        assert "differ" in " ".join(one.text() for one in dialog.findChildren(QLabel))
        fill(dialog, password=OWN, again=OWN)
        enter(dialog)

    told.answers += [sign_in, choose]
    session = SignIn(office.folder).person()
    assert session is not None
    assert (session.user, session.must_change, session.roles) == ("李静", False, {"clerk"})


def test_who_does_not_change_it_does_not_come_in(office: Session, told: Told) -> None:
    once = staffing.add(office, {"name": "李静", "roles": ["clerk"]}).password
    database.close()

    def sign_in(dialog: Dialog) -> None:
        fill(dialog, name="李静", password=once)
        enter(dialog)

    told.answers.append(sign_in)
    told.answer("")
    told.answer("")
    assert SignIn(office.folder).person() is None


def test_the_recovery_code_opens_and_sets_a_new_password(session: Session, told: Told) -> None:
    code = staffing.protect(session, ADMIN, PASSWORD)
    database.close()

    def forgot(dialog: Dialog) -> None:
        press(dialog, "recover")

    def recover(dialog: Dialog) -> None:
        fill(dialog, code=code[:-1] + "2", name=ADMIN, password=OWN, again=OWN)
        enter(dialog)
        fill(dialog, code=code, name=ADMIN, password=OWN, again=OWN)
        enter(dialog)

    told.answers += [forgot, recover]
    found = SignIn(session.folder).person()
    assert found is not None
    assert found.user == ADMIN


def locked_after(window_session: Session, minutes: float, guard: Guard) -> None:
    later = window_session.uptime() + 60 * minutes
    window_session.uptime = lambda: later
    guard.look()


def test_an_idle_desk_locks_and_keeps_what_is_typed(office: Session, qapp: QApplication, qtbot: QtBot, told: Told) -> None:
    window = make_window(qapp, office)
    qtbot.addWidget(window)
    window.show()
    guard = window.findChild(Guard)
    assert isinstance(guard, Guard)
    window.open_form("customer")
    name = window.page.findChild(QLineEdit, "name")
    assert isinstance(name, QLineEdit)
    name.setText("鑫瑞达商行")
    locked_after(office, 9, guard)
    assert told.dialogs == []

    def unlock(dialog: Dialog) -> None:
        assert isinstance(dialog, Locked)
        cover = window.findChild(Cover)
        assert isinstance(cover, Cover)
        assert cover.isVisible()
        assert cover.geometry() == window.rect()
        QTest.keyClick(dialog, Key.Key_Escape)
        assert dialog.isVisible()
        fill(dialog, password="wrong wrong wrong")
        enter(dialog)
        assert "wrong" in said(dialog)
        fill(dialog, password=PASSWORD)
        enter(dialog)

    told.answers.append(unlock)
    locked_after(office, 2, guard)
    assert len(told.dialogs) == 1
    assert name.text() == "鑫瑞达商行"
    assert not any(one.isVisible() for one in window.findChildren(Cover))


def test_somebody_who_works_is_not_locked_out(office: Session, qapp: QApplication, qtbot: QtBot, told: Told) -> None:
    window = make_window(qapp, office)
    qtbot.addWidget(window)
    guard = window.findChild(Guard)
    assert isinstance(guard, Guard)
    later = office.uptime() + 590
    office.uptime = lambda: later
    QTest.keyClick(window, Key.Key_Shift)
    locked_after(office, 9, guard)
    assert told.dialogs == []


def test_the_first_touch_after_the_computer_slept_unlocks_nothing(
    office: Session, qapp: QApplication, qtbot: QtBot, told: Told
) -> None:
    """No timer ran while it slept, so that touch is the first that happens; it must not count as somebody who was there."""
    window = make_window(qapp, office)
    window.show()
    window.open_form("customer")
    name = window.page.findChild(QLineEdit, "name")
    assert isinstance(name, QLineEdit)
    later = office.uptime() + 3600
    office.uptime = lambda: later

    def unlock(dialog: Dialog) -> None:
        fill(dialog, password=PASSWORD)
        enter(dialog)

    told.answers.append(unlock)
    QTest.keyClick(name, "a")
    qtbot.waitUntil(lambda: len(told.dialogs) == 1)
    assert name.text() == ""
    QTest.keyClick(name, "b")
    assert name.text() == "b"
    throw_away(window)


def test_an_open_branch_never_locks(session: Session, qapp: QApplication, qtbot: QtBot, told: Told) -> None:
    window = make_window(qapp, session)
    qtbot.addWidget(window)
    guard = window.findChild(Guard)
    assert isinstance(guard, Guard)
    locked_after(session, 600, guard)
    guard.lock()
    assert told.dialogs == []


def test_nobody_signs_in_under_another_name(office: Session, qapp: QApplication, qtbot: QtBot) -> None:
    join(office, "李静", "clerk")
    Preferences(office.folder).put("user", "李静")
    window = make_window(qapp, office, "陈志强")
    qtbot.addWidget(window)
    assert window.session.user == ADMIN
    window.open_page("settings")
    window.page.show_part("desk")
    editor = window.page.part().user
    editor.setText("别人")
    editor.editingFinished.emit()
    assert (window.session.user, editor.text()) == (ADMIN, ADMIN)


def test_the_program_starts_with_the_sign_in_and_closes_where_nobody_comes(
    office: Session, qapp: QApplication, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The way of the real start, up to the loop of events."""
    database.close()
    monkeypatch.setattr(QApplication, "exec", lambda *_none: 7)
    hook = sys.excepthook

    def sign_in(dialog: Dialog) -> None:
        fill(dialog, name=ADMIN, password=PASSWORD)
        enter(dialog)

    told.answers.append(sign_in)
    try:
        assert application.open_window(office.folder, lang="en") == 7
        assert Preferences(office.folder).get("user") == ADMIN
        told.answer("")
        assert application.open_window(office.folder, lang="en") == 0
    finally:
        sys.excepthook = hook
        for window in qapp.topLevelWidgets():
            if isinstance(window, Window):
                throw_away(window)


def test_each_begins_where_they_were_and_who_is_new_at_the_workbench(office: Session, qtbot: QtBot, told: Told) -> None:
    join(office, "李华", "clerk")
    admin = open_window(qtbot, signed_in(office, ADMIN, PASSWORD))
    admin.open_page("settings")
    throw_away(admin)
    clerk = open_window(qtbot, signed_in(office, "李华"))
    assert clerk.page.nav == "workbench"
    clerk.open_page("customers")
    throw_away(clerk)
    again = open_window(qtbot, signed_in(office, ADMIN, PASSWORD))
    assert again.page.nav == "settings"
    throw_away(again)


def test_who_is_disabled_while_at_work_is_locked_out(
    office: Session, qapp: QApplication, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[int] = []
    monkeypatch.setattr(QApplication, "exit", left.append)
    join(office, "李华", "clerk")
    clerk = signed_in(office, "李华")
    window = application.make_window(qapp, clerk)
    window.show()
    guard = window.findChild(Guard)
    assert isinstance(guard, Guard)
    guard.look()
    staff.edit(signed_in(office, ADMIN, PASSWORD), "李华", {"roles": ["head"]})
    guard.look()
    assert window.session.roles == {"head"}
    staffing.disable(signed_in(office, ADMIN, PASSWORD), "李华")
    told.answer("close")
    guard.look()
    assert "李华 does not work here now" in told.dialogs[-1]
    assert left == [0]
    throw_away(window)


def test_an_open_file_dialog_is_covered_too(office: Session, qapp: QApplication, qtbot: QtBot, told: Told) -> None:
    """Qt's own one: a native dialog is no window of ours. An open branch, which never locks, keeps that of the system."""
    own = Qt.ApplicationAttribute.AA_DontUseNativeDialogs
    window = make_window(qapp, office)
    window.show()
    guard = window.findChild(Guard)
    assert isinstance(guard, Guard)
    assert QApplication.testAttribute(own)
    dialog = QFileDialog(window)
    dialog.open()
    covered: list[bool] = []

    def unlock(asked: Dialog) -> None:
        covered.extend(one.findChild(Cover) is not None for one in (window, dialog))
        fill(asked, password=PASSWORD)
        enter(asked)

    told.answers.append(unlock)
    guard.lock()
    assert covered == [True, True]
    assert dialog.isVisible()
    staffing.unprotect(office, PASSWORD)
    assert not QApplication.testAttribute(own)
    dialog.close()
    throw_away(window)
