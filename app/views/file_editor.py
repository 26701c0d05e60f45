"""The editor of a field that takes the path of a file or a folder: typed, chosen, or dropped on it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from app.core.fields import Field
from app.core.language import _
from app.views import style
from app.views.pieces.basics import Button, button, row

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class _Line(QLineEdit):
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on."""
        if event.key() in _ENTER and not event.modifiers():
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()


class FileEditor(QWidget):
    """A line with the path, and the system's dialog beside it."""

    edited = Signal()
    left = Signal()

    def __init__(self, declared: Field) -> None:
        super().__init__()
        self.setObjectName(declared.code)
        self._line = _Line()
        self._line.setObjectName(f"{declared.code}_path")
        self._line.setMaxLength(declared.max_length)
        self._line.setPlaceholderText(_(declared.hint))
        self._line.setMinimumWidth(style.metrics().horizontalAdvance(self._line.placeholderText()) + style.px(28))
        self._line.textEdited.connect(lambda _text: self.edited.emit())
        self._line.left.connect(self.left.emit)
        self._choose = self._button(f"choose_{declared.code}")
        self.setLayout(row(self._line, self._choose, gap=8))
        self.setFocusProxy(self._line)
        self.setAcceptDrops(True)

    def setAccessibleName(self, name: str) -> None:
        """Also of the line, which has the focus."""
        super().setAccessibleName(name)
        self._line.setAccessibleName(name)

    def value(self) -> object:
        """The path, None where there is none."""
        return self._line.text() or None

    def set_value(self, value: object) -> None:
        """Show a path without telling."""
        self._line.setText(str(value or ""))

    def setReadOnly(self, on: bool) -> None:
        """It is seen, and not changed."""
        self._line.setReadOnly(on)
        self._choose.setEnabled(not on)
        self.setAcceptDrops(not on)

    def _button(self, name: str) -> Button:
        return button(_("Choose file"), "text", "paperclip", name=name, on_click=self.choose)

    def choose(self) -> None:
        """By the system's dialog."""
        path, _kind = QFileDialog.getOpenFileName(self, self._line.accessibleName())
        if path:
            self._take(path)

    def _take(self, path: str) -> None:
        self.set_value(path)
        self.edited.emit()
        self.left.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """The first of the files."""
        event.acceptProposedAction()
        self._take(next(url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()))


class FolderEditor(FileEditor):
    """The same for a folder."""

    def _button(self, name: str) -> Button:
        return button(_("Choose folder"), "text", "folder-open", name=name, on_click=self.choose)

    def choose(self) -> None:
        """By the system's dialog."""
        path = QFileDialog.getExistingDirectory(self, self._line.accessibleName())
        if path:
            self._take(path)
