"""Reminders: each promise once, in one bar, without taking the focus."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget
from pytestqt.qtbot import QtBot

from app.core import database
from app.core.session import Session
from app.views import application
from app.views.sign_in import Cover
from app.views.window import Window
from app.views.work import pool
from tests.conftest import Clock
from tests.make import Make
from tests.models.stands import complaint_in
from tests.views.stage import Told, throw_away


@pytest.fixture
def promised(make: Make) -> str:
    record = make.steps(complaint_in(make, "registered"), ("accept", {"promised_at": "2026-11-23 15:00"}))
    return str(record.number)


def test_what_falls_due_within_half_an_hour_is_named_once(window: Window, promised: str, clock: Clock, told: Told) -> None:
    assert [one.case for one in window.reminders.look()] == [promised]
    told.expect("15:00")
    assert window.reminders.look() == ()
    clock.advance(minutes=40)
    assert window.reminders.look() == ()


def test_a_window_that_nobody_sees_reminds_too(
    qapp: QApplication, qtbot: QtBot, session: Session, promised: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application.FirstPainting.__init__, "__defaults__", (30,))
    window = application.make_window(qapp, session)
    assert not window.reminders._timer.isActive()
    qtbot.waitUntil(window.reminders._timer.isActive)
    qtbot.waitUntil(lambda: window.sidebar.items["promises"].accessibleDescription() == "1 due")
    pool().waitForDone()
    throw_away(window)


def test_what_waits_for_the_painting_begins_once(qtbot: QtBot) -> None:
    begun: list[int] = []
    window = QWidget()
    qtbot.addWidget(window)
    application.FirstPainting(window, lambda: begun.append(1), unseen=200)
    window.show()
    qtbot.waitUntil(lambda: bool(begun))
    qtbot.wait(300)
    assert begun == [1]


def test_what_is_due_later_is_not_named_yet(window: Window, make: Make, clock: Clock, told: Told) -> None:
    make.steps(complaint_in(make, "registered"), ("accept", {"promised_at": "2026-11-23 17:30"}))
    assert window.reminders.look() == ()
    clock.advance(hours=2, minutes=45)
    assert len(window.reminders.look()) == 1
    told.expect("17:30")


def test_what_was_kept_is_not_named(window: Window, make: Make, promised: str, told: Told) -> None:
    make.steps(make.again(complaint_in(make, "approved")), ("reply", {"reply_text": "好"}))
    assert [one.case for one in window.reminders.look()] == [promised]
    told.expect("15:00")


def test_nothing_is_looked_for_in_a_store_that_is_closed(window: Window, promised: str) -> None:
    database.close()
    assert window.reminders.look() == ()


def test_a_reminder_takes_no_focus(window: Window, promised: str, told: Told) -> None:
    before = QApplication.focusWidget()
    window.reminders.look()
    QApplication.processEvents()
    assert QApplication.focusWidget() is before
    told.expect("15:00")


@pytest.fixture
def said(window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the system was asked to show; another window has the focus."""
    told: list[str] = []
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: True))
    monkeypatch.setattr(QSystemTrayIcon, "supportsMessages", staticmethod(lambda: True))
    monkeypatch.setattr(QSystemTrayIcon, "show", lambda _self: None)
    monkeypatch.setattr(QSystemTrayIcon, "showMessage", lambda _self, _title, text, _icon: told.append(text))
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(lambda: not window.isActiveWindow())
    return told


def test_the_system_says_how_many_and_never_whose(window: Window, promised: str, said: list[str], told: Told) -> None:
    window.reminders.look()
    assert said == ["Promises due: 1"]
    told.expect("15:00")
    window.reminders.look()
    assert len(said) == 1


def test_what_else_waits_is_summed_up_once_and_again_when_more_comes(
    window: Window, make: Make, said: list[str], clock: Clock, told: Told
) -> None:
    complaint_in(make, "proposed")
    window.reminders.look()
    assert said == ["Proposals to decide: 1"]
    window.reminders.look()
    assert len(said) == 1
    complaint_in(make, "following_up")
    clock.advance(hours=24 * 30)
    window.reminders.look()
    assert said[1:] == ["Promises due: 2; Calls back due: 1; Proposals to decide: 1"]


def test_a_backup_that_is_overdue_is_told_outside_once(window: Window, said: list[str]) -> None:
    for days in (0, 8, 9):
        window.reminders.heed_backup(days)
    assert said == ["no backup for 8 days"]


def test_who_may_not_decide_is_told_of_no_proposal(window: Window, session: Session, make: Make, said: list[str]) -> None:
    complaint_in(make, "proposed")
    session.roles = frozenset({"clerk"})
    window.reminders.look()
    assert said == []


def test_a_click_on_it_leads_to_the_case(window: Window, promised: str, said: list[str], told: Told) -> None:
    window.reminders.look()
    tray = window.reminders.findChild(QSystemTrayIcon)
    assert isinstance(tray, QSystemTrayIcon)
    told.expect("15:00")
    tray.messageClicked.emit()
    assert promised in window.page.name()


def test_who_turned_it_off_is_told_in_the_window_only(window: Window, promised: str, said: list[str], told: Told) -> None:
    window.open_page("settings")
    window.page.show_part("desk")  # type: ignore[attr-defined]
    window.page.part().notify.chosen.emit("0")  # type: ignore[attr-defined]
    window.reminders.look()
    assert said == []
    told.expect("15:00")


def test_a_locked_desk_is_told_nothing_outside(window: Window, promised: str, said: list[str], told: Told) -> None:
    Cover(window)
    window.reminders.look()
    assert said == []
    told.expect("15:00")


def test_a_window_that_is_looked_at_needs_no_notice(
    window: Window, promised: str, said: list[str], told: Told, qtbot: QtBot
) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.reminders.look()
    assert said == []
    told.expect("15:00")
