"""What waits until the first page is painted: what is owed, tool tips, backups, the history, newer versions."""

from __future__ import annotations

import platform
from functools import partial

from PySide6.QtCore import QTimer, qVersion
from PySide6.QtWidgets import QApplication

from app.core import log, program
from app.core.database import store_version
from app.core.progress import Progress
from app.views.keeper import Keeper
from app.views.tips import Tips
from app.views.updates import Watch
from app.views.window import Window

_HISTORY_AFTER, _REST_AFTER = 300, 2_000
"""Milliseconds in which whoever begins at once is not held up."""


def begin(app: QApplication, window: Window) -> None:
    """Called when the window was painted; it can be used meanwhile."""
    QTimer.singleShot(0, window, window.refresh_badge)
    window.reminders.begin()
    app.installEventFilter(Tips(window))
    app.commitDataRequest.connect(Keeper(window).be_free)
    QTimer.singleShot(_HISTORY_AFTER, window, partial(_look_at_history, window))
    QTimer.singleShot(_REST_AFTER, window, partial(_go_on, window))


def _look_at_history(window: Window) -> None:
    from app.views.history import told_lately  # heavy: the window can be used before it is there

    told_lately(window.desk, window.open_page)


def _go_on(window: Window) -> None:
    window.desk.run(_note, lambda _none: None, window, lambda _error: None, shown=False)
    Watch(window.desk, window)


def _note(_progress: Progress) -> None:
    log.note(
        "start",
        version=program.version(),
        python=platform.python_version(),
        qt=qVersion(),
        store=store_version(),
        system=platform.platform(),
    )
