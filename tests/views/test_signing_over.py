"""A locked desk is left to another person."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from app.core import database
from app.core.session import Session
from app.models import unfinished
from app.views import application
from app.views.messages import Dialog
from app.views.sign_in import SignIn
from app.views.window import Window
from app.views.work import pool
from tests.staffed import ADMIN, OWN, PASSWORD, join, protected, quick
from tests.views.signing import enter, fill
from tests.views.stage import Told, press, throw_away


def leave_in_the_middle(window: Window) -> None:
    """A form is begun, the handbook lies over it, and the desk is locked."""
    window.open_form("customer")
    name = window.page.findChild(QLineEdit, "name")
    assert isinstance(name, QLineEdit)
    name.setFocus()
    QTest.keyClicks(name, "Corner shop")
    window.open_help()
    window.desk.wanted_lock.emit()
    window.hide()


def test_somebody_else_signs_in_at_a_locked_desk_and_what_was_typed_waits(
    session: Session, qapp: QApplication, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The way of the real start: the loop of events is what the first person does, then the second."""
    quick(monkeypatch)
    office = protected(session)
    join(office, "李静", "clerk")
    database.close()
    hook = sys.excepthook
    names: list[str] = []
    seen: list[tuple[str, list[str]]] = []

    def at_work(*_none: object) -> int:
        window = next(one for one in qapp.topLevelWidgets() if isinstance(one, Window) and one.isVisible())
        seen.append((window.session.user, [one.title for one in unfinished.of(window.session)]))
        if window.session.user == ADMIN and len(seen) == 1:
            leave_in_the_middle(window)
        return 0

    def sign_in(name: str, password: str) -> None:
        def answer(dialog: Dialog) -> None:
            assert isinstance(dialog, SignIn)
            names.append(dialog.secrets.editors["name"].text())
            fill(dialog, name=name, password=password)
            enter(dialog)

        told.answers.append(answer)

    left: list[int] = []
    monkeypatch.setattr(QApplication, "exec", at_work)
    monkeypatch.setattr(QApplication, "exit", left.append)
    sign_in(ADMIN, PASSWORD)
    told.answers.append(lambda dialog: press(dialog, "change"))
    sign_in("李静", OWN)
    try:
        assert application.open_window(office.folder, lang="en") == 0
        assert seen == [(ADMIN, []), ("李静", [])]
        assert (left, names[-1]) == ([0], "")
        sign_in(ADMIN, PASSWORD)
        application.open_window(office.folder, lang="en")
        assert len(seen[-1][1]) == 1
        assert "Corner shop" in seen[-1][1][0]
    finally:
        pool().waitForDone()
        sys.excepthook = hook
        for window in qapp.topLevelWidgets():
            if isinstance(window, Window):
                throw_away(window)
