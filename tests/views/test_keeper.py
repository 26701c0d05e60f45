"""What the window does by itself for the backups: the daily one, the one on closing, and the red bar."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.core.errors import Cancelled, UserError
from app.core.session import Session
from app.services import backup_places, backups
from app.services.backup_places import home, listed
from app.views.form_page import FormPage
from app.views.keeper import Keeper
from app.views.window import Window
from tests.conftest import Clock
from tests.make import Make
from tests.views.stage import Told, fill, finish, press


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
