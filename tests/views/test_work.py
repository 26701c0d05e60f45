"""Long work beside the window: it ends in peace, whatever became of who asked for it."""

from __future__ import annotations

from threading import Event

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core.errors import Cancelled
from app.core.progress import Progress
from app.views.messages import WorkBar
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


def test_the_bar_shows_and_stops_the_work_that_is_done_and_not_the_one_that_waits(qtbot: QtBot) -> None:
    owner, bar, begun, go_on = QObject(), WorkBar(), Event(), Event()
    qtbot.addWidget(bar)
    stopped: list[object] = []

    def first(progress: Progress) -> None:
        progress.report(1, 4, "Half of it")
        begun.set()
        go_on.wait()
        progress.step(2, 4, "Half of it")

    jobs = [Job(first, stopped.append, stopped.append, owner, connected=False)]
    jobs.append(Job(lambda progress: progress.step(1, 1, "The other"), stopped.append, stopped.append, owner, connected=False))
    for job in jobs:
        bar.follow(job)
        start(job)
    begun.wait()
    qtbot.waitUntil(lambda: not bar.isHidden())
    bar.cancel()
    go_on.set()
    qtbot.waitUntil(lambda: len(stopped) == 2)
    assert [type(one) for one in stopped] == [Cancelled, type(None)]
    assert bar.isHidden()


def test_work_tells_its_owner_how_it_ended(qtbot: QtBot) -> None:
    owner = QObject()
    told: list[object] = []
    start(Job(lambda _progress: 38, told.append, told.append, owner, connected=False))
    qtbot.waitUntil(lambda: told == [38])
