"""A PDF that leaves the window in another hand: dragged into another program, or attached to a new mail."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QProcess, Qt, QUrl
from PySide6.QtGui import QAction, QDesktopServices, QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app.core import program
from app.core.errors import UserError
from app.core.language import _
from app.views import icons, style
from app.views.desk import Desk
from app.views.pieces.basics import Button


class Dragged:
    """What a drag takes along. `given` makes the file and records that it goes out; None where that was refused.

    What was dropped nowhere has not gone out: the next drag takes the same file and is no second issue.
    """

    def __init__(self, given: Callable[[], Path | None]) -> None:
        self._given = given
        self._waiting: Path | None = None

    def drag(self, source: QWidget) -> None:
        """Until it is dropped."""
        self._waiting = self._waiting or self._given()
        if self._waiting is None:
            return
        drag = QDrag(source)
        content = QMimeData()
        content.setUrls([QUrl.fromLocalFile(str(self._waiting))])
        drag.setMimeData(content)
        drag.setPixmap(icons.pixmap("file-text", style.look().hexes["accent"], style.px(32), source.devicePixelRatioF()))
        if drag.exec(Qt.DropAction.CopyAction) != Qt.DropAction.IgnoreAction:
            self._waiting = None


class DragHandle(Button):
    """Where a drag begins."""

    def __init__(self, given: Callable[[], Path | None]) -> None:
        super().__init__(_("Drag the PDF into another program"), "icon", "file-text", name="drag_out")
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # there is no drag by keys; saving is for them
        self._dragged = Dragged(given)
        self._from: QPoint | None = None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Perhaps the beginning of a drag."""
        self._from = event.position().toPoint() if event.button() == Qt.MouseButton.LeftButton else None
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Far enough from where it was pressed it is one."""
        if _is_far(self._from, event):
            self._from = None
            self.setDown(False)
            self._dragged.drag(self)


class DragMenu(QMenu):
    """Its rows are papers: a click opens one, and each can be dragged out, too."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setToolTipsVisible(True)
        self._rows: dict[QAction, Dragged] = {}
        self._from: QPoint | None = None

    def let_drag(self, row: QAction, given: Callable[[], Path | None]) -> None:
        """A row that takes this along."""
        row.setToolTip(_("Drag the PDF into another program"))
        self._rows[row] = Dragged(given)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Perhaps the beginning of a drag."""
        self._from = event.position().toPoint() if event.button() == Qt.MouseButton.LeftButton else None
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Far enough from where it was pressed it is one."""
        found = self._rows.get(self.actionAt(self._from)) if self._from is not None else None
        if found is not None and _is_far(self._from, event):
            self._from = None
            found.drag(self)
            self.hide()
        else:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click, after all."""
        self._from = None
        super().mouseReleaseEvent(event)


def _is_far(start: QPoint | None, event: QMouseEvent) -> bool:
    return start is not None and (event.position().toPoint() - start).manhattanLength() >= QApplication.startDragDistance()


def mail_command(path: Path, subject: str) -> list[str]:
    """What asks the system's mail program for a message with the file. UserError where there is nothing to ask."""
    if sys.platform == "win32":
        return program.child("app.core.mapi", str(path), subject)
    asked = shutil.which("xdg-email")
    if asked is None:
        raise UserError(_("No mail program is set up on this computer. Save the PDF and attach it where you write mail."))
    return [asked, "--utf8", "--subject", subject, "--attach", str(path)]


def mail_out(desk: Desk, given: Callable[[], Path | None]) -> None:
    """Attach what is given to a new message, under its name; nothing is given where there is no mail program to ask."""
    if desk.attempt(lambda: mail_command(Path(), "")) and (path := given()) is not None:
        mail(desk, path, path.stem)


def mail(desk: Desk, path: Path, subject: str) -> QProcess:
    """Open a new message with the file; where no mail program answers, say so and offer the folder that it lies in."""
    command = mail_command(path, subject)
    process = QProcess(desk)
    process.finished.connect(
        lambda code, status: _ended(desk, path, failed=bool(code) or status != QProcess.ExitStatus.NormalExit)
    )
    process.errorOccurred.connect(
        lambda error: _ended(desk, path, failed=True) if error == QProcess.ProcessError.FailedToStart else None
    )
    process.start(command[0], command[1:])
    return process


def _ended(desk: Desk, path: Path, *, failed: bool) -> None:
    if failed:
        sentence = _("No mail program took the PDF. It lies in a folder until the window is closed; attach it from there.")
        desk.say("warn", sentence, ((_("Open folder"), partial(_open_folder, path)),))


def _open_folder(path: Path) -> None:
    """With the file marked, where the system can do that."""
    if sys.platform == "win32":
        QProcess.startDetached("explorer", ["/select,", str(path)])
    else:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))
