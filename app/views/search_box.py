"""The one search box above a list."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.core.language import _
from app.views import icons, style
from app.views.composed import ComposedEdit

_WAIT_MS = 150
_MOST, _AROUND = 300, 56
"""The hint is seen in full, up to a limit; what stands beside it in the box."""


class SearchBox(ComposedEdit):
    """Asks 150 ms after the last key, never while an input method composes. Esc clears, then leaves.

    ↓ and Enter go to what was found: to `below`, once the page has set it.
    """

    def __init__(self, hint: str, asked: Callable[[], object]) -> None:
        super().__init__()
        self.below: QWidget | None = None
        self.setObjectName("search")
        self.setPlaceholderText(hint)
        self.setToolTip(hint)
        self.setMinimumWidth(min(style.px(_MOST), style.metrics().horizontalAdvance(hint) + _AROUND))
        self.setAccessibleName(_("Search"))
        self.addAction(icons.icon("search", "text3"), QLineEdit.ActionPosition.LeadingPosition).setText(hint)
        self._asked = asked
        self.timer = QTimer(self, singleShot=True, interval=_WAIT_MS)
        self.timer.timeout.connect(self._ask)
        self.textChanged.connect(lambda _text: self.timer.start())
        # Composing began by replacing what was there, perhaps: then the question waits till it ended.
        self.ended.connect(self.timer.start)

    def _ask(self) -> None:
        if not self.composing:
            self._asked()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc clears; ↓ and Enter go to the list."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.timer.stop()
            self._ask()
            self.below.setFocus() if self.below is not None else self.focusNextChild()
        else:
            super().keyPressEvent(event)
