"""Looks for a newer version once a day, on a thread that may hang, and says quietly what it found."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot

from app.core import log, program
from app.core.errors import UserError
from app.core.language import _
from app.core.signing import read_key
from app.models import permissions
from app.services import updates
from app.services.updates import Refused, Release
from app.views.desk import Desk

LIMIT = 15_000
"""Milliseconds after which a folder is said not to answer."""
_EVERY, _OFTEN = 3_600_000, 50


class Aside(QObject):
    """Work on a share: told once, as a result, an error, or that it does not answer. Its thread never keeps the program.

    The thread knows a queue and nothing of the window, which looks into it: it may outlive the window.
    """

    def __init__(
        self, work: Callable[[], Any], told: Callable[[Any, Exception | None], object], parent: QObject, limit: int
    ) -> None:
        super().__init__(parent)
        self._told = told
        self._ended: SimpleQueue[tuple[Any, Exception | None]] = SimpleQueue()
        self._until = monotonic() + limit / 1000
        self._timer = QTimer(self, interval=_OFTEN)
        self._timer.timeout.connect(self._look)
        self._timer.start()
        Thread(target=_run, args=(work, self._ended), daemon=True).start()

    @Slot()
    def _look(self) -> None:
        if not self._ended.empty():
            self._tell(*self._ended.get())
        elif monotonic() > self._until:
            self._tell(None, UserError(_("The folder does not answer. Ask whoever looks after it, and look again later.")))

    def _tell(self, result: object, error: Exception | None) -> None:
        self._timer.stop()
        self.deleteLater()
        self._told(result, error)


def _run(work: Callable[[], Any], ended: SimpleQueue[tuple[Any, Exception | None]]) -> None:
    try:
        ended.put((work(), None))
    except Exception as error:  # whatever happened is told in the window's thread
        ended.put((None, error))


def look(desk: Desk, told: Callable[[Release | None, Exception | None], object], parent: QObject, limit: int = LIMIT) -> None:
    """Look into the folder that is set; what comes out is remembered, and told."""
    settings, preferences = desk.session.settings, desk.preferences
    folder, key = Path(settings["update_folder"]), read_key(settings["update_key"])
    seen = str(preferences.get("update_seen") or "")
    preferences.put("update_looked", f"{desk.session.now():%Y-%m-%d}")

    def ended(release: Release | None, error: Exception | None) -> None:
        log.note("update", outcome=type(error).__name__ if error else "newer" if release else "none")
        if release is not None:
            preferences.put("update_seen", release.version)
        told(release, error)

    Aside(lambda: updates.look(folder, key, program.version(), seen), ended, parent, limit)


class Watch(QObject):
    """Once a day, where a folder is set."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._timer = QTimer(self, interval=_EVERY)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self.look()

    def look(self) -> None:
        """Unless it was done today."""
        desk = self._desk
        if desk.session.settings["update_folder"] and desk.preferences.get("update_looked") != f"{desk.session.now():%Y-%m-%d}":
            look(desk, self._told, self)

    def _told(self, release: Release | None, error: Exception | None) -> None:
        if release is not None:
            words = _("Version {version} can be installed: Settings, Updates.").format(version=release.version)
            self._desk.say("info", words, ((_("Open settings"), partial(self._desk.go, "settings.updates")),))
        elif isinstance(error, Refused) and not permissions.refusal(self._desk.session, "settings.edit"):
            self._desk.say("warn", str(error))
        elif error is not None and not isinstance(error, UserError):
            raise error
