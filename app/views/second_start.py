"""A second start on the same data brings the window that is open to the front."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, Qt
from PySide6.QtWidgets import QWidget

from app.core.lock import answer


def come_when_called(window: QWidget, folder: Path) -> None:
    """Watch the data folder for the bell of a second start, as long as the window lives."""

    def look(_folder: str) -> None:
        if answer(folder):
            window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
            window.show()
            window.raise_()
            window.activateWindow()

    answer(folder)  # one that nobody waits for any more
    watcher = QFileSystemWatcher([str(folder)], window)
    watcher.directoryChanged.connect(look)
