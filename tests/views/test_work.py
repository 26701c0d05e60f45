"""Long work beside the window: it ends in peace, whatever became of who asked for it."""

from __future__ import annotations

from threading import Event

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core.progress import Progress
from app.views.work import Job, pool, start
from tests.views.stage import bury


@pytest.mark.parametrize("wrong", [False, True])
def test_work_whose_owner_is_gone_tells_nobody(qtbot: QtBot, wrong: bool) -> None:
    owner, begun, go_on = QObject(), Event(), Event()
    told: list[object] = []

    def work(progress: Progress) -> int:
        begun.set()
        go_on.wait()
        progress.report(1, 2, "Half of it")
        return 1 // (not wrong)

    start(Job(work, told.append, told.append, owner, connected=False))
    begun.wait()
    owner.deleteLater()
    bury()
    go_on.set()
    pool().waitForDone()
    QApplication.processEvents()
    assert told == []


def test_work_tells_its_owner_how_it_ended(qtbot: QtBot) -> None:
    owner = QObject()
    told: list[object] = []
    start(Job(lambda _progress: 38, told.append, told.append, owner, connected=False))
    qtbot.waitUntil(lambda: told == [38])
