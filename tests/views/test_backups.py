"""Backups in the window: the page, the daily one and the one on closing, the red bar, and putting back."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QStorageInfo
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core.errors import Cancelled, UserError
from app.core.session import Session
from app.models.customers import Customer
from app.services import backup_places, backups, workplace
from app.services.backup_places import home, listed
from app.services.restore_rights import Right
from app.views import restore
from app.views.form_page import FormPage
from app.views.keeper import Keeper
from app.views.messages import MessageBar
from app.views.pieces.basics import Button
from app.views.settings_backup import BackupPart
from app.views.volumes import elsewhere
from app.views.window import Window
from tests.conftest import Clock
from tests.make import Make
from tests.views.stage import Key as Keys
from tests.views.stage import Told, choose_file, fill, finish, focus_name, key, press, settle, words_of


@pytest.fixture
def part(window: Window, make: Make, qtbot: QtBot) -> BackupPart:
    make.customer()
    window.open_page("settings")
    window.page.show_part("backup")  # type: ignore[attr-defined]
    settle(qtbot)
    found: BackupPart = window.page.part()  # type: ignore[attr-defined]
    return found


def said(part: BackupPart) -> str:
    return " ".join(bar.words.text() for bar in part.findChildren(MessageBar) if bar.isVisible())


def test_a_backup_is_made_by_keyboard_and_listed(part: BackupPart, session: Session, qtbot: QtBot) -> None:
    assert "There is no backup yet." in words_of(part)
    assert not part.trial.isEnabled()
    part.setFocus()
    assert focus_name() == "back_up"
    key(Keys.Key_Return)
    finish(qtbot)
    (backup,) = listed(home(session.folder)).backups
    assert "Backed up and checked: Customers 1" in said(part)
    assert "Last backup: today 14:32, by hand" in words_of(part)
    (act,) = (one for one in part.findChildren(Button) if one.objectName() == f"restore_{backup.path.stem}")
    assert act.accessibleName() == "Restore the backup of 2026-11-23 14:32"


def test_the_monthly_trial_is_one_press(part: BackupPart, session: Session, qtbot: QtBot, clock: Clock) -> None:
    backups.make(session.folder, "hand", session.clock())
    clock.advance(days=40)
    part.refresh()
    settle(qtbot)
    assert "Once a month" in words_of(part)
    press(part, "drill")
    finish(qtbot)
    assert "was restored for a trial and is whole: Customers 1" in said(part)
    assert "Once a month" not in words_of(part)


def test_what_goes_wrong_is_said_in_the_page(part: BackupPart, session: Session, qtbot: QtBot) -> None:
    path = backups.make(session.folder, "hand", session.clock()).backup.path
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    part.refresh()
    press(part, "drill")
    finish(qtbot)
    assert "is damaged or no backup" in said(part)
    assert part.make.isEnabled()


def test_the_second_place_is_looked_for_on_another_disk(
    part: BackupPart, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getExistingDirectory", lambda *given: asked.append(given[2]) or "")
    press(part, "choose_second")
    here = QStorageInfo(str(session.folder))
    others = [Path(one.rootPath()) for one in QStorageInfo.mountedVolumes() if one.device() != here.device()]
    assert asked == [""] or (Path(asked[0]) in others and os.access(asked[0], os.W_OK))


def test_no_place_in_the_memory_is_another_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    in_memory = [one for one in QStorageInfo.mountedVolumes() if one.fileSystemType().endsWith(b"tmpfs")]
    monkeypatch.setattr(QStorageInfo, "mountedVolumes", lambda: in_memory)
    assert elsewhere(tmp_path) is None


def test_the_second_place_is_chosen_and_gets_the_newest(
    part: BackupPart, session: Session, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usb = tmp_path / "usb"
    usb.mkdir()
    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getExistingDirectory", lambda *_asked: str(usb))
    press(part, "choose_second")
    finish(qtbot)
    assert len(listed(usb / "kesu-CD").backups) == 1
    assert "in the second place too" in said(part)
    shutil.rmtree(usb)
    press(part, "copy_second")
    finish(qtbot)
    assert "is not reachable" in said(part)
    part.refresh()
    finish(qtbot)
    assert "It is not reachable now." in words_of(part)
    press(part, "forget_second")
    assert backups.second_place(session.folder) is None
    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getExistingDirectory", lambda *_asked: str(session.folder))
    press(part, "choose_second")
    assert "in the data folder itself" in said(part)


def test_a_long_list_shows_the_newest_first_and_all_when_asked(part: BackupPart, session: Session, clock: Clock) -> None:
    for _turn in range(10):
        backups.make(session.folder, "daily", session.clock())
        clock.advance(days=1)
    (home(session.folder) / "odd.kesu").write_bytes(b"x")
    part.refresh()
    QApplication.processEvents()
    assert sum(one.objectName().startswith("restore_CD") for one in part.findChildren(Button) if one.isVisible()) == 8
    assert "odd.kesu is damaged or no backup." in words_of(part)
    press(part, "show_all")
    QApplication.processEvents()
    assert sum(one.objectName().startswith("restore_CD") for one in part.findChildren(Button) if one.isVisible()) == 10


def test_both_sides_are_shown_before_anything_is_put_back(
    part: BackupPart, session: Session, make: Make, qtbot: QtBot, told: Told, monkeypatch: pytest.MonkeyPatch, window: Window
) -> None:
    path = backups.make(session.folder, "hand", session.clock()).backup.path
    make.customer(name="后来的")
    asked: list[Any] = []
    window.desk.wanted_end.disconnect()
    window.desk.wanted_end.connect(asked.append)
    choose_file(monkeypatch, path)
    for answer in ("", "restore"):
        told.answer(answer)
        press(part, "restore_file")
        finish(qtbot)
    assert "Restore the backup of 2026-11-23 14:32?" in told.dialogs[0]
    lines = told.dialogs[0].splitlines()
    place = lines.index("Customers")
    assert lines[place : place + 3] == ["Customers", "2", "1"]
    assert len(asked) == 1


def test_putting_back_closes_the_window_does_it_and_says_where_the_old_data_lies(
    session: Session, make: Make, told: Told, qtbot: QtBot
) -> None:
    make.customer()
    path = backups.make(session.folder, "hand", session.clock()).backup.path
    make.customer(name="后来的")
    told.answers.append(lambda _dialog: finish(qtbot))
    told.answer("go_on")
    assert restore.put_back(session.folder, path, Right(session.user))
    assert "What was there before lies in" in told.dialogs[-1]
    workplace.open_folder(session.folder)
    assert Customer.select().count() == 1
    path.write_bytes(b"x")
    told.answers.append(lambda _dialog: finish(qtbot))
    told.answer("close")
    assert not restore.put_back(session.folder, path, Right(session.user))
    assert "is damaged or no backup" in told.dialogs[-1]


# By itself.


@pytest.fixture
def keeper(window: Window, make: Make) -> Keeper:
    made = Keeper(window)
    make.customer()
    return made


def test_closing_makes_a_backup_and_then_closes(window: Window, keeper: Keeper, session: Session, qtbot: QtBot) -> None:
    assert not window.close()
    assert not window.sidebar.isEnabled()
    finish(qtbot)
    assert not window.isVisible()
    (backup,) = listed(home(session.folder)).backups
    assert backup.manifest.kind == "closing"


def _full(*_asked: object, **_named: object) -> None:
    raise UserError("the disk is full")


def begun(window: Window) -> FormPage:
    """A form in which something stands that is not saved."""
    window.open_form("complaint")
    assert isinstance(window.page, FormPage)
    fill(window.page.form, description="写到一半")
    return window.page


@pytest.mark.parametrize("answer", ["keep", "discard"])
def test_what_is_unsaved_is_asked_about_once_before_the_backup(
    window: Window, keeper: Keeper, qtbot: QtBot, told: Told, answer: str
) -> None:
    begun(window)
    told.answer(answer)
    assert not window.close()
    finish(qtbot)
    assert not window.isVisible()
    assert len(told.dialogs) == 1


def test_a_closing_backup_that_is_stopped_asks_nothing_more(window: Window, keeper: Keeper, qtbot: QtBot, told: Told) -> None:
    begun(window)
    told.answer("keep")
    assert not window.close()
    keeper._not_closed(Cancelled())
    assert not window.isVisible()
    finish(qtbot)


def test_who_stays_after_a_failed_backup_goes_on_and_is_not_closed_upon(
    window: Window, keeper: Keeper, qtbot: QtBot, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups, "make", _full)
    page = begun(window)
    told.answer("keep")
    window.close_for(lambda: None)
    finish(qtbot)
    told.expect("Not backed up: the disk is full")
    assert window.page is page
    assert page.isEnabled()
    assert window.afterwards is None
    assert not keeper.patience.isActive()
    fill(page.form, description="写到一半，又写")
    told.answer("")
    assert not window.close()
    assert window.sidebar.isEnabled()
    assert page.isEnabled()


def test_what_is_to_be_done_without_the_window_outlasts_the_backup_on_closing(
    window: Window, keeper: Keeper, qtbot: QtBot
) -> None:
    window.close_for(lambda: None)
    finish(qtbot)
    assert not window.isVisible()
    assert window.afterwards is not None


def test_where_nothing_changed_closing_closes_at_once(window: Window, keeper: Keeper, session: Session) -> None:
    backups.make(session.folder, "hand", session.clock())
    assert window.close()
    assert len(listed(home(session.folder)).backups) == 1


def test_a_second_closing_does_not_wait(window: Window, keeper: Keeper, session: Session, qtbot: QtBot) -> None:
    assert not window.close()
    assert window.close()
    finish(qtbot)


def test_a_backup_that_takes_too_long_is_given_up(window: Window, keeper: Keeper, qtbot: QtBot) -> None:
    assert not window.close()
    keeper.hurry()
    assert not window.isVisible()
    finish(qtbot)


def test_where_the_system_ends_nothing_holds_it_up(window: Window, keeper: Keeper) -> None:
    keeper.be_free()
    assert window.close()


def test_a_backup_that_fails_on_closing_is_said_once(
    window: Window, keeper: Keeper, session: Session, qtbot: QtBot, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups, "make", _full)
    assert not window.close()
    finish(qtbot)
    told.expect("Not backed up: the disk is full")
    assert window.isVisible()
    assert window.sidebar.isEnabled()
    assert backup_places.State(session.folder).read()["failed"] == "the disk is full"
    assert window.close()


def test_after_seven_days_it_is_said_in_red_with_the_act_that_mends_it(
    window: Window, keeper: Keeper, session: Session, clock: Clock, qtbot: QtBot, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups, "daily_is_due", lambda _session: False)
    clock.advance(days=9)
    keeper.look()
    finish(qtbot)
    assert window.standing.sentences() == ["No good backup for 9 days. What was entered since then would be lost with this disk."]
    window.open_page("complaints")
    assert window.standing.isVisible()
    press(window.standing, "Back up now")
    finish(qtbot)
    finish(qtbot)
    assert told.toasts == ["Backed up and checked."]
    assert window.standing.sentences() == []
    assert not window.standing.isVisible()


def test_a_backup_from_a_day_to_come_is_said_in_red_with_the_clock(
    window: Window,
    keeper: Keeper,
    session: Session,
    make: Make,
    clock: Clock,
    qtbot: QtBot,
    told: Told,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(backups, "daily_is_due", lambda _session: False)
    backups.make(session.folder, "hand", session.clock())
    clock.advance(days=-20)
    make.customer()
    keeper.look()
    finish(qtbot)
    assert window.standing.sentences() == [
        "The last backup is dated 2026-11-23 14:32, later than this computer's clock: nobody can tell how old it is. "
        "Set the clock right and back up."
    ]
    told.expect("The clock of this computer is behind")


def test_a_second_place_that_stays_away_is_said_in_red(
    window: Window, keeper: Keeper, session: Session, make: Make, clock: Clock, qtbot: QtBot, told: Told, tmp_path: Path
) -> None:
    usb = tmp_path / "usb"
    usb.mkdir()
    backups.set_second_place(session, usb)
    usb.rmdir()
    clock.advance(days=9)
    backups.make(session.folder, "hand", session.clock())
    keeper.look()
    finish(qtbot)
    assert "has had no backup for more than 7 days" in window.standing.sentences()[0]
    press(window.standing, "Copy there now")
    finish(qtbot)
    told.expect("is not reachable")
    usb.mkdir()
    press(window.standing, "Copy there now")
    finish(qtbot)
    finish(qtbot)
    assert window.standing.sentences() == []


def test_a_month_without_a_trial_is_said_with_the_act(
    window: Window, keeper: Keeper, session: Session, clock: Clock, qtbot: QtBot, told: Told
) -> None:
    clock.advance(days=32)
    backups.make(session.folder, "hand", session.clock())
    keeper.look()
    finish(qtbot)
    assert window.standing.sentences() == ["No restore was tried out for a month. A trial takes a moment and changes nothing."]
    press(window.standing, "Try a restore")
    finish(qtbot)
    finish(qtbot)
    assert told.toasts == ["The backup of 2026-12-25 14:32 was restored for a trial and is whole."]
    assert window.standing.sentences() == []


def test_a_trial_that_failed_stays_said_until_there_is_a_new_backup(
    window: Window, keeper: Keeper, session: Session, qtbot: QtBot, told: Told
) -> None:
    path = backups.make(session.folder, "hand", session.clock()).backup.path
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    keeper.try_out()
    finish(qtbot)
    told.expect("is damaged or no backup")
    keeper.look()
    finish(qtbot)
    assert window.standing.sentences()[0].startswith("The last trial of a restore failed: ")
    press(window.standing, "Back up now")
    finish(qtbot)
    finish(qtbot)
    assert window.standing.sentences() == []


def test_a_clock_that_is_set_back_meanwhile_is_said_once(
    window: Window, keeper: Keeper, make: Make, clock: Clock, qtbot: QtBot, told: Told
) -> None:
    clock.advance(hours=3)
    make.customer()
    clock.advance(hours=-3)
    for _turn in range(2):
        keeper.look()
        finish(qtbot)
        finish(qtbot)
    told.expect("The clock of this computer is behind: the last entry was made on 2026-11-23 17:32")


def test_a_daily_backup_that_fails_is_said_once_a_day(
    window: Window, keeper: Keeper, qtbot: QtBot, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups, "make", _full)
    for _turn in range(2):
        keeper.look()
        finish(qtbot)
        finish(qtbot)
    told.expect("the disk is full")


def test_once_a_day_a_backup_is_made_beside_the_work(window: Window, keeper: Keeper, session: Session, qtbot: QtBot) -> None:
    keeper.look()
    finish(qtbot)
    finish(qtbot)
    assert [one.manifest.kind for one in listed(home(session.folder)).backups] == ["daily"]
