"""Restoring where there are passwords: the rescue page and the settings ask who may, and for the keys of the backup."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core import database as store
from app.core.session import Session
from app.models.customers import Customer
from app.services import backups, staffing, workplace
from app.views import application, restore
from app.views.messages import MessageBar
from app.views.welcome import Welcome
from app.views.window import Window
from tests.make import Make
from tests.staffed import ADMIN, OWN, PASSWORD, join, protected, quick, signed_in
from tests.views.stage import Told, choose_file, finish, press, settle, throw_away, words_of


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
    told.answer("begin")
    told.answers.append(typing("李华", OWN, left))
    told.answers.append(lambda _dialog: finish(qtbot))
    told.answer("close")
    press(welcome, "move_in")
    assert "protected by passwords" in told.dialogs[0]
    assert "李华 is no administrator" in told.dialogs[-1]
    assert welcome.opened is None
    told.answer("begin")
    told.answers.append(typing(ADMIN, PASSWORD, left))
    told.answers.append(lambda _dialog: finish(qtbot))
    told.answer("go_on")
    press(welcome, "move_in")
    assert welcome.opened == tmp_path / "new"
    staffing.sign_in(tmp_path / "new", ADMIN, PASSWORD, clock=staffed.clock)
    assert Customer.get().name == "从前的"


# Data that cannot be opened.


def test_damaged_data_is_said_and_the_newest_good_backup_offered(session: Session, make: Make, told: Told, qtbot: QtBot) -> None:
    make.customer()
    backups.make(session.folder, "hand", session.clock())
    store.close()
    (session.folder / store.FILE_NAME).write_bytes(b"x" * 5000)
    told.answer("newest")
    told.answers.append(lambda _dialog: finish(qtbot))
    told.answer("go_on")
    assert restore.rescue(session.folder, "kesu.db is damaged.")
    assert "kesu.db is damaged." in told.dialogs[0]
    workplace.open_folder(session.folder)
    assert Customer.select().count() == 1


def test_without_a_backup_another_one_can_be_chosen(
    session: Session, told: Told, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backups.make(session.folder, "hand", session.clock(), place=tmp_path / "usb")
    store.close()
    (session.folder / store.FILE_NAME).unlink()
    wrong = tmp_path / "wrong.kesu"
    wrong.write_bytes(b"x")

    def choose(dialog: Any) -> None:
        for path in (wrong, next((tmp_path / "usb").glob("*.kesu"))):
            choose_file(monkeypatch, path)
            press(dialog, "dialog_file")
            if path == wrong:
                assert "is damaged or no backup" in words_of(dialog)

    told.answers.append(choose)
    told.answers.append(lambda _dialog: finish(qtbot))
    told.answer("go_on")
    assert restore.rescue(session.folder, "There is no database.")
    told.answer("")
    assert not restore.rescue(session.folder, "again")


def test_the_program_opens_anew_after_what_was_done_without_the_window(
    session: Session, make: Make, told: Told, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.customer()
    store.close()
    done: list[str] = []

    def stay() -> int:
        (window,) = (one for one in QApplication.topLevelWidgets() if isinstance(one, Window) and one.isVisible())
        window.may_close = lambda: True
        if not done:
            window.desk.wanted_end.emit(partial(done.append, "done"))
        else:
            window.close()
        return 7

    monkeypatch.setattr(qapp, "exec", stay)
    assert application.open_window(session.folder, "王敏", "en") == 7
    assert done == ["done"]
    assert store.database.is_closed()


def test_the_program_says_what_is_wrong_and_offers_the_backup(
    session: Session, told: Told, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    backups.make(session.folder, "hand", session.clock())
    store.close()
    (session.folder / store.FILE_NAME).write_bytes(b"")
    monkeypatch.setattr(qapp, "exec", lambda: pytest.fail("the window was opened"))
    told.answer("")
    assert application.open_window(session.folder, "王敏", "en") == 1
    assert "is damaged. Nothing was changed." in told.dialogs[0]
    assert "kesu restore" not in told.dialogs[0]
    assert (session.folder / store.FILE_NAME).read_bytes() == b""
