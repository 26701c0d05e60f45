"""Restoring where there are passwords: the rescue page and the settings ask who may, and for the keys of the backup."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core import database as store
from app.core.session import Session
from app.models.customers import Customer
from app.services import backups, staffing
from app.views import application, restore
from app.views.messages import MessageBar
from app.views.welcome import Welcome
from tests.make import Make
from tests.staffed import ADMIN, OWN, PASSWORD, join, protected, quick, signed_in
from tests.views.stage import Told, choose_file, press, settle, throw_away
from tests.views.test_backups import finish


@pytest.fixture
def staffed(make: Make, monkeypatch: pytest.MonkeyPatch) -> Session:
    quick(monkeypatch)
    make.customer(name="从前的")
    protected(make.session)
    join(make.session, "李华", "clerk")
    return signed_in(make.session, ADMIN, PASSWORD)


def typing(name: str, password: str, left: list[str]) -> Callable[[Any], None]:
    """Types into the dialog that asks; what stands in it afterwards, where it stays open."""

    def type_in(dialog: Any) -> None:
        dialog.secrets.editors["name"].setText(name)
        dialog.secrets.editors["password"].setText(password)
        dialog.go()
        left.append(" ".join(bar.words.text() for bar in dialog.findChildren(MessageBar)))

    return type_in


def test_the_rescue_page_asks_for_an_administrator_where_the_keys_are_there(staffed: Session, told: Told, qtbot: QtBot) -> None:
    backups.make(staffed.folder, "hand", staffed.clock())
    store.close()
    file = staffed.folder / store.FILE_NAME
    content = file.read_bytes()
    file.write_bytes(content[:100] + bytes(4000) + content[4096:])
    left: list[str] = []

    def clerk_and_then_the_administrator(dialog: Any) -> None:
        typing(ADMIN, "不对的密码不对的", left)(dialog)
        typing(ADMIN, PASSWORD, left)(dialog)

    told.answer("newest")
    told.answers.append(clerk_and_then_the_administrator)
    told.answers.append(lambda _dialog: finish(qtbot))
    told.answer("go_on")
    assert restore.rescue(staffed.folder, "kesu.db is damaged.")
    assert left[0] == "Name or password is wrong."
    assert "Who restores the backup?" in told.dialogs[1]
    assert "Passwords stay as they are now." in told.dialogs[-1]
    signed_in(staffed, ADMIN, PASSWORD)
    assert Customer.get().name == "从前的"


def test_the_rescue_page_lets_no_clerk_restore(staffed: Session, told: Told, qtbot: QtBot) -> None:
    backups.make(staffed.folder, "hand", staffed.clock())
    store.close()
    left: list[str] = []
    told.answer("newest")
    told.answers.append(typing("李华", OWN, left))
    assert not restore.rescue(staffed.folder, "x")
    assert left == ["李华 is no administrator and may not restore a backup. Ask an administrator."]
    assert not (staffed.folder / "aside").exists()


def test_at_the_window_a_backup_with_older_keys_asks_for_their_password(
    staffed: Session, told: Told, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = backups.make(staffed.folder, "hand", staffed.clock()).backup.path
    staffing.disable(staffed, "李华")
    window = application.make_window(QApplication.instance(), staffed)  # type: ignore[arg-type]
    window.show()
    window.open_page("settings")
    window.page.show_part("backup")  # type: ignore[attr-defined]
    settle(qtbot)
    asked: list[Any] = []
    window.desk.wanted_end.disconnect()
    window.desk.wanted_end.connect(asked.append)
    left: list[str] = []
    told.answer("restore")
    told.answers.append(typing(ADMIN, PASSWORD, left))
    window.page.part().ask_restore(path)  # type: ignore[attr-defined]
    finish(qtbot)
    assert "This backup has other keys" in told.dialogs[-1]
    assert [one.args[2].kept for one in asked] == [False]
    throw_away(window)


def test_a_new_computer_begins_with_a_backup(
    staffed: Session, told: Told, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = backups.make(staffed.folder, "hand", staffed.clock(), place=tmp_path / "usb").backup.path
    store.close()
    store.know(staffed.folder, None)
    welcome = Welcome(tmp_path / "new", "")
    qtbot.addWidget(welcome)
    welcome.show()
    choose_file(monkeypatch, path)
    left: list[str] = []
    told.answers.append(typing("李华", OWN, left))
    told.answers.append(lambda _dialog: finish(qtbot))
    told.answer("close")
    press(welcome, "restore")
    assert "李华 is no administrator" in told.dialogs[-1]
    assert welcome.opened is None
    told.answers.append(typing(ADMIN, PASSWORD, left))
    told.answers.append(lambda _dialog: finish(qtbot))
    told.answer("go_on")
    press(welcome, "restore")
    assert welcome.opened == tmp_path / "new"
    staffing.sign_in(tmp_path / "new", ADMIN, PASSWORD, clock=staffed.clock)
    assert Customer.get().name == "从前的"
