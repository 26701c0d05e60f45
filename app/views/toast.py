"""What was done, told in passing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QFrame, QWidget

from app.core.language import _
from app.views.pieces.basics import Button, label, row
from app.views.pieces.heads import Head
from app.views.spoken import announce

_TOAST_MS = 6000
_FOLLOW_MS = 200


class Toast(QFrame):
    """What was done, in passing, with a way to undo it; never an error, never takes the focus."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setProperty("ground", "toast")
        self._undo: Callable[[], object] | None = None
        self.words = label("", "toast")
        self.button = Button(_("Undo  Ctrl+Z"), "toast", name="toast_undo")
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(lambda _checked=False: self.undo())
        self.setLayout(row(self.words, self.button, gap=16, margins=(14, 8, 10, 8)))
        self._timer = QTimer(self, singleShot=True, interval=_TOAST_MS)
        self._timer.timeout.connect(self.hide)
        self._following = QTimer(self, singleShot=True)
        self._following.timeout.connect(self._follow)
        self.hide()

    def tell(self, sentence: str, undo: object = None) -> None:
        """Show a sentence for six seconds."""
        self._undo = undo if callable(undo) else None
        self.words.setText(sentence)
        self.setAccessibleName(sentence)
        self.button.setVisible(self._undo is not None)
        self.adjustSize()
        self.place()
        self.show()
        self.raise_()
        announce(self, sentence)
        self._timer.start()
        self._following.start(0)

    def _follow(self) -> None:
        """What it speaks of may build the page anew, or lead to another one."""
        if self.isVisible():
            self.place()
            self._following.start(_FOLLOW_MS)

    def undo(self) -> None:
        """Take back what the toast speaks of, while it is seen."""
        act, self._undo = self._undo, None
        if act is not None and self.isVisible():
            self.hide()
            act()

    def place(self) -> None:
        """In the head of the page, between title and acts, where nothing is; without that room at the foot."""
        window = self.parentWidget()
        if window is None:
            return
        gaps = [head.gap(window) for head in window.findChildren(Head) if head.isVisible()]
        gap = next((one for one in gaps if one.width() >= self.width()), None)
        middle = gap.center() if gap is not None else QPoint(window.width() // 2, window.height() - 28 - self.height() // 2)
        self.move(middle - self.rect().center())

    def enterEvent(self, event: QEnterEvent) -> None:
        """It waits under the pointer."""
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        """And goes on afterwards."""
        self._timer.start()
