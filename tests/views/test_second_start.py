"""A second start: the window that is open comes to the front, and only where none answers is a sentence shown."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.core import lock
from app.core.session import Session
from app.views import application, second_start


def rung(folder: Path) -> threading.Thread:
    """Somebody starts the program again."""
    caller = threading.Thread(target=lambda: answers.append(lock.ring(folder)))
    answers.clear()
    caller.start()
    return caller


answers: list[bool] = []


def test_the_open_window_comes_to_the_front(qtbot: QtBot, tmp_path: Path) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.showMinimized()
    second_start.come_when_called(window, tmp_path)
    for _turn in range(2):
        window.showMinimized()
        caller = rung(tmp_path)
        qtbot.waitUntil(lambda: not window.isMinimized(), timeout=5000)
        caller.join()
        assert answers == [True]
        assert list(tmp_path.iterdir()) == []


def test_where_no_window_answers_that_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "_ANSWER", 0.1)
    rung(tmp_path).join()
    assert answers == [False]
    assert list(tmp_path.iterdir()) == []
    assert not lock.ring(tmp_path / "nowhere")


@pytest.mark.parametrize(("answered", "code"), [(True, 0), (False, 1)])
def test_a_second_start_says_something_only_where_the_first_is_silent(
    qtbot: QtBot, session: Session, monkeypatch: pytest.MonkeyPatch, answered: bool, code: int
) -> None:
    said: list[str] = []
    monkeypatch.setattr(application, "ring", lambda folder: answered)
    monkeypatch.setattr(application, "stop_dialog", said.append)
    held = lock.WindowLock(session.folder)
    assert application.open_window(session.folder, lang="en") == code
    held.release()
    assert [("open in another window" in sentence) for sentence in said] == [True] * (not answered)


def test_a_window_says_what_was_noticed_while_opening(qtbot: QtBot, session: Session) -> None:
    session.notices = ("The clock of this computer is behind.",)
    window = application.make_window(application.prepare(), session)
    qtbot.addWidget(window)
    assert window.messages.sentences() == ["The clock of this computer is behind."]
