"""Who reads the handbook: the people of a branch with passwords, and who is alone in one without, in either language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core.language import LANGUAGES, choose
from app.core.session import Session
from app.views.window import Window
from app.views.work import pool
from tests.staffed import ADMIN, OWN, PASSWORD, join, protected, quick, signed_in
from tests.views.stage import Told, open_window, throw_away
from tests.views.stage import told as told

DAY = {"clerk": "陈静", "handler": "孙丽", "manager": "周国强", "head": "刘建明"}
"""Who is what; the warehouse and who calls back are clerks, as the chapter about people says."""
Desk = Callable[..., AbstractContextManager[Window]]


@pytest.fixture(params=LANGUAGES)
def spoken(request: pytest.FixtureRequest) -> str:
    """The language that is read and seen."""
    code: str = request.param
    choose(code)
    return code


@pytest.fixture
def office(session: Session, spoken: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A branch with passwords, and somebody in each role."""
    quick(monkeypatch)
    made = protected(session)
    for role, name in DAY.items():
        join(made, name, role)
    yield made
    pool().waitForDone()


@pytest.fixture
def at(office: Session, qtbot: QtBot, told: Told) -> Desk:
    """Opens the window as somebody who signed in."""

    @contextmanager
    def opened(name: str, number: str = "") -> Iterator[Window]:
        window = open_window(qtbot, signed_in(office, name, PASSWORD if name == ADMIN else OWN))
        if number:
            window.open_record(number)
            QApplication.processEvents()
        yield window
        pool().waitForDone()
        QApplication.processEvents()
        throw_away(window)

    return opened


@pytest.fixture
def alone(session: Session, spoken: str, qtbot: QtBot, told: Told) -> Iterator[Window]:
    """The window of a branch without passwords."""
    window = open_window(qtbot, session)
    yield window
    pool().waitForDone()
    throw_away(window)
