"""Long work beside the window: a Qt-free function runs on one worker thread and comes back as a result or an error."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot
from shiboken6 import isValid

from app.core import log
from app.core.database import connection
from app.core.progress import Progress


class _Told(Progress):
    """Hands every report on to the window."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        self._job = job

    def report(self, done: int, total: int | None, sentence: str) -> None:
        self._job.reported.emit(done, total or 0, sentence)


class Job(QObject):
    """One piece of work. `reported`: done, total (0: unknown), sentence; `ended`: just before it tells how.

    It belongs to nobody, for its worker tells it things at any time; whoever asked may be gone by then, and is told nothing.
    """

    reported = Signal(int, int, str)
    ended = Signal()
    _finished = Signal(object)
    _failed = Signal(object)

    def __init__(
        self,
        function: Callable[[Progress], Any],
        done: Callable[[Any], object],
        failed: Callable[[Exception], object],
        owner: QObject,
        *,
        connected: bool = True,
    ) -> None:
        super().__init__()
        self._owner, self._connected = owner, connected
        self._function, self._done, self._fail = function, done, failed
        self.progress = _Told(self)
        # The slots live in the window's thread, so what the worker emits is handled there.
        self._finished.connect(self._on_finished)
        self._failed.connect(self._on_failed)

    def cancel(self) -> None:
        """Ask the work to stop; it fails with `Cancelled`."""
        self.progress.cancel()

    def work(self) -> None:
        """On the worker thread, with a database connection of its own unless it works on a closed database."""
        try:
            with connection() if self._connected else nullcontext(), log.timed(self._function):
                result = self._function(self.progress)
        except Exception as error:  # whatever happened is told in the window's thread
            self._failed.emit(error)
        else:
            self._finished.emit(result)

    @Slot(object)
    def _on_finished(self, result: object) -> None:
        self._end(self._done, result)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        self._end(self._fail, error)

    def _end(self, told: Callable[[Any], object], what: object) -> None:
        _running.discard(self)
        self.ended.emit()
        self.deleteLater()
        if isValid(self._owner):
            told(what)


_running: set[Job] = set()
"""Kept until they have told how they ended."""


class _Runnable(QRunnable):
    def __init__(self, job: Job) -> None:
        super().__init__()
        self._job = job

    def run(self) -> None:
        self._job.work()


def pool() -> QThreadPool:
    """The one worker thread."""
    found = QThreadPool.globalInstance()
    found.setMaxThreadCount(1)
    return found


def start(job: Job) -> Job:
    """Queue a job."""
    _running.add(job)
    pool().start(_Runnable(job))
    return job
