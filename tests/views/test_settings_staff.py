"""Staff in the settings, by keyboard: turning passwords on and off, people who come, change and leave, and what is locked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel
from pytestqt.qtbot import QtBot

from app.core import keyring
from app.core.session import Session
from app.models import staff
from app.views.messages import Dialog
from app.views.pieces.basics import Button
from app.views.recovery import RecoverySheet
from app.views.settings_staff import StaffPart
from app.views.window import Window
from app.views.work import pool
from tests.make import Make
from tests.staffed import ADMIN, OWN, PASSWORD, join, protected, quick, signed_in
from tests.views.stage import Told, open_window, press, throw_away
from tests.views.test_sign_in import enter, fill

Key = Qt.Key


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)


def part_of(window: Window) -> StaffPart:
    window.open_page("settings")
    window.page.show_part("staff")
    part = window.page.part()
    assert isinstance(part, StaffPart)
    part.refresh()
    QApplication.processEvents()
    return part


def keep(dialog: Dialog) -> None:
    """The recovery code is seen, and said to be kept."""
    code = dialog.findChild(QLabel, "recovery_code")
    kept = dialog.findChild(QCheckBox, "kept")
    assert isinstance(code, QLabel)
    assert isinstance(kept, QCheckBox)
    assert len(code.text()) == 29
    QTest.keyClick(dialog, Key.Key_Escape)
    assert dialog.isVisible()
    QTest.keyClick(kept, Key.Key_Space)
    press(dialog, "dialog_done")


def test_an_open_branch_turns_passwords_on_and_off(window: Window, session: Session, told: Told) -> None:
    part = part_of(window)

    def choose(dialog: Dialog) -> None:
        enter(dialog)
        fill(dialog, password="short", again="short")
        enter(dialog)
        assert "10 characters" in " ".join(one.text() for one in dialog.findChildren(QLabel))
        fill(dialog, admin=ADMIN, password=PASSWORD, again=PASSWORD)
        enter(dialog)

    told.answers += [choose, keep]
    press(part, "protect")
    assert (session.open, session.user) == (False, ADMIN)
    assert keyring.exists(session.folder)
    assert window.sidebar._roles.text() == "All roles"

    def off(dialog: Dialog) -> None:
        fill(dialog, password=PASSWORD)
        enter(dialog)

    told.answers.append(off)
    press(part_of(window), "unprotect")
    assert session.open
    assert not keyring.exists(session.folder)
    assert window.sidebar._roles.text() == "Open branch, all roles"


@pytest.fixture
def office(session: Session) -> Iterator[Session]:
    yield protected(session)
    pool().waitForDone()  # the backup of a window that was closed needs the key


def test_somebody_is_added_and_their_password_shown_once(office: Session, window: Window, told: Told) -> None:
    part = part_of(window)
    assert part.adding is not None
    part.adding.save()
    assert part.adding.form.rows["name"].error()
    part.adding.form.set_values({"name": "李静", "roles": ("clerk", "handler")})
    part.adding.dirty = True
    seen: list[str] = []

    def shown(dialog: Dialog) -> None:
        found = dialog.findChild(QLabel, "one_time_password")
        assert isinstance(found, QLabel)
        seen.append(found.text())
        press(dialog, "dialog_")

    told.answers.append(shown)
    part.save()
    assert [one.name for one in staff.listed(office)] == [ADMIN, "李静"]
    assert signed_in(office, "李静", seen[0]).must_change
    assert "not signed in yet" in told_by(part)


def told_by(part: StaffPart) -> str:
    words = [one.text() for one in part.findChildren(QLabel)]
    return " ".join([*words, *(str(one.accessibleName()) for one in part.findChildren(object) if hasattr(one, "accessibleName"))])


def test_roles_are_changed_and_somebody_leaves(office: Session, window: Window, told: Told) -> None:
    join(office, "李静", "handler")
    join(office, "刘洋", "handler")
    objection = Make(office).objection(handler="李静")
    part = part_of(window)

    def change(dialog: Dialog) -> None:
        dialog.form.set_values({"code": "02", "roles": ("manager",), "since": None, "until": None})  # type: ignore[attr-defined]
        press(dialog, "dialog_save")

    told.answers.append(change)
    press(part, "roles_02")
    assert staff.find(office, "李静").roles == ("manager",)

    def leave(dialog: Dialog) -> None:
        fill(dialog, heir="没有这个人")
        enter(dialog)
        assert dialog.isVisible()
        fill(dialog, heir="刘洋")
        enter(dialog)

    told.answers.append(leave)
    press(part, "disable_02")
    assert staff.find(office, "李静").status == "disabled"
    assert Make(office).again(objection).handler == "刘洋"


def test_what_is_grave_asks_for_the_password_after_five_minutes(office: Session, window: Window, told: Told) -> None:
    join(office, "李静", "handler")
    part = part_of(window)
    office.proved_at = None

    def password(dialog: Dialog) -> None:
        fill(dialog, password=PASSWORD)
        enter(dialog)

    told.answer("yes")
    told.answers.append(password)
    told.answer("")
    press(part, "reset_02")
    assert staff.find(office, "李静").one_time
    office.proved_at = None
    told.answer("yes")
    told.answer("")
    press(part, "reset_02")
    told.expect("password once more")


def test_a_clerk_sees_who_works_here_and_why_the_rest_is_locked(office: Session, qtbot: QtBot, told: Told) -> None:
    join(office, "李静", "clerk")
    clerk = signed_in(office, "李静")
    window = open_window(qtbot, clerk)
    try:
        part = part_of(window)
        assert "This needs the role administrator." in told_by(part)
        assert part.adding is None
        assert part.findChild(Button, "reset_01") is None
        window.page.show_part("branch")
        branch = window.page.part()
        assert not branch.button.isEnabled()
        assert branch.form.editor("name").isReadOnly()

        def change(dialog: Dialog) -> None:
            fill(dialog, old=OWN, password="又一句完全不一样的话呀", again="又一句完全不一样的话呀")
            enter(dialog)

        told.answers.append(change)
        press(part_of(window), "change_password")
        assert signed_in(office, "李静", "又一句完全不一样的话呀").user == "李静"
    finally:
        throw_away(window)


def test_the_recovery_sheet_is_saved(office: Session, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = RecoverySheet(office, "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE")
    qtbot.addWidget(dialog)
    assert dialog.save_to(tmp_path / "sheet.pdf") == "Saved to sheet.pdf."
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")


def test_what_one_may_not_do_is_locked_before_anything_is_typed(
    office: Session, qtbot: QtBot, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    join(office, "陈志强", "head")
    window = open_window(qtbot, signed_in(office, "陈志强"))
    try:
        page = window.page
        window.open_form("customer")
        told.expect("This needs the role clerk")
        assert window.page is page
        menu = window.sidebar.findChild(Button, "nav_new").menu()  # type: ignore[union-attr]
        menu.aboutToShow.emit()
        assert {act.isEnabled() for act in menu.actions()} == {False}
        assert "clerk" in menu.actions()[0].toolTip()
        window.open_page("import")
        window.page.choose_file()
        told.expect("This needs the role clerk")
        window.session.roles, window.session.heed = frozenset({"clerk"}), lambda _session: None
        menu.aboutToShow.emit()
        assert {act.isEnabled() for act in menu.actions()} == {True}
        window.open_page("customers")
        window.page.output.export()
        told.expect("This needs the role manager")
    finally:
        throw_away(window)
