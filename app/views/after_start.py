"""What waits until the first page is painted: the line of the log that says what runs here, and the look for a newer version."""

from __future__ import annotations

import platform

from PySide6.QtCore import qVersion

from app.core import log, program
from app.core.database import store_version
from app.core.progress import Progress
from app.views.updates import Watch
from app.views.window import Window


def begin(window: Window) -> None:
    """Beside the window, which can be used meanwhile."""
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
