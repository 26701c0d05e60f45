"""Reminders: each promise once, in one bar, without taking the focus."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from app.views.window import Window
from tests.conftest import Clock
from tests.make import Make
from tests.models.stands import complaint_in
from tests.views.stage import Told


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


def test_a_reminder_takes_no_focus(window: Window, promised: str, told: Told) -> None:
    before = QApplication.focusWidget()
    window.reminders.look()
    QApplication.processEvents()
    assert QApplication.focusWidget() is before
    told.expect("15:00")


def test_the_tray_speaks_where_there_is_one(window: Window, promised: str, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: True))
    monkeypatch.setattr(QSystemTrayIcon, "supportsMessages", staticmethod(lambda: True))
    monkeypatch.setattr(QSystemTrayIcon, "show", lambda _self: None)
    monkeypatch.setattr(QSystemTrayIcon, "showMessage", lambda _self, _title, text, _icon: said.append(text))
    window.reminders.look()
    assert len(said) == 1
    told.expect("15:00")
