"""The scheduled export in the settings: registered by the branch head with the password, seen by all, withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from app.core.errors import SignInNeeded
from app.core.session import Session
from app.services import scheduled_export
from app.views.messages import Dialog
from app.views.settings_export import ExportPart
from app.views.window import Window
from app.views.work import pool
from tests.staffed import OWN, join, protected, quick, signed_in
from tests.views.stage import Told, buttons, open_window, press, throw_away
from tests.views.test_sign_in import enter, fill

HEAD, CLERK = "赵磊", "李静"


@pytest.fixture
def office(session: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Session]:
    """赵磊 is the branch head; the account of the system keeps its files in a folder of the test."""
    quick(monkeypatch)
    monkeypatch.setattr("platformdirs.user_config_dir", lambda *_asked, **_named: str(tmp_path / "account"))
    made = protected(session)
    join(made, HEAD, "head")
    join(made, CLERK, "clerk")
    yield made
    pool().waitForDone()  # the backup of a window that was closed needs the key


def window_of(office: Session, qtbot: QtBot, name: str) -> Window:
    return open_window(qtbot, signed_in(office, name))


def part_of(window: Window) -> ExportPart:
    window.open_page("settings")
    window.page.show_part("export")
    part = window.page.part()
    assert isinstance(part, ExportPart)
    return part


def words(part: ExportPart | Dialog) -> str:
    return "\n".join(one.text() for one in part.findChildren(QLabel)).replace("\u200b", "")


def password(dialog: Dialog) -> None:
    fill(dialog, password=OWN)
    enter(dialog)


def choosing(monkeypatch: pytest.MonkeyPatch, folder: Path | str) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_asked: str(folder))


def test_the_head_registers_the_export_with_the_password_and_withdraws_it(
    office: Session, qtbot: QtBot, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "monthly reports"
    out.mkdir()
    choosing(monkeypatch, out)
    window = window_of(office, qtbot, HEAD)
    try:
        window.session.proved_at = None
        told.answers.append(password)
        told.answer("yes")
        press(part_of(window), "register_export")
        assert f"Whoever can open {out} reads them" in told.dialogs[-1]
        found = scheduled_export.registered()
        assert found is not None
        assert (found.who, found.folder) == (HEAD, out)
        part = part_of(window)
        assert HEAD in words(part)
        assert str(out) in words(part)
        press(part, "copy_command")
        copied = QGuiApplication.clipboard().text()
        assert "--on-first-working-day" in copied
        assert str(window.session.folder) in copied
        folder = window.session.folder
        told.answer("yes")
        press(part, "withdraw_export")
        assert scheduled_export.registered() is None
        assert "withdraw_export" not in buttons(part)
        with pytest.raises(SignInNeeded):
            scheduled_export.open_for(folder, out)
    finally:
        throw_away(window)


def test_without_the_password_a_folder_or_a_yes_nothing_is_registered(
    office: Session, qtbot: QtBot, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = window_of(office, qtbot, HEAD)
    try:
        part = part_of(window)
        choosing(monkeypatch, "")
        press(part, "register_export")
        choosing(monkeypatch, tmp_path)
        told.answer("no")
        press(part, "register_export")
        window.session.proved_at = None
        told.answer("")
        press(part, "register_export")
        told.expect("password once more")
        assert scheduled_export.registered() is None
        assert not (tmp_path / "account").exists()
    finally:
        throw_away(window)


def test_others_see_where_it_goes_and_why_they_may_not(office: Session, qtbot: QtBot, told: Told, tmp_path: Path) -> None:
    scheduled_export.register(signed_in(office, HEAD), tmp_path)
    window = window_of(office, qtbot, CLERK)
    try:
        part = part_of(window)
        assert str(tmp_path) in words(part)
        assert "This needs the role branch head." in words(part)
        assert not {"register_export", "withdraw_export"} & buttons(part)
    finally:
        throw_away(window)


def test_an_administrator_can_only_withdraw_it(office: Session, qtbot: QtBot, told: Told, tmp_path: Path) -> None:
    join(office, "孙丽", "admin")
    scheduled_export.register(signed_in(office, HEAD), tmp_path)
    window = window_of(office, qtbot, "孙丽")
    try:
        part = part_of(window)
        assert "register_export" not in buttons(part)
        told.answer("no")
        press(part, "withdraw_export")
        assert scheduled_export.registered() is not None
        told.answer("yes")
        press(part, "withdraw_export")
        assert scheduled_export.registered() is None
    finally:
        throw_away(window)


def test_an_open_branch_needs_no_registration(window: Window, told: Told) -> None:
    part = part_of(window)
    assert "needs no registration" in words(part)
    assert "register_export" not in buttons(part)
