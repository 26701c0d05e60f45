"""A line edit that knows whether an input method is still forming words in it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent
from PySide6.QtWidgets import QLineEdit


class ComposedEdit(QLineEdit):
    """What is being formed is no text yet: nothing is asked for it."""

    composing = False
    began = Signal()
    ended = Signal()
    """The words are there, or were given up."""

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Told by the input method."""
        self._compose(bool(event.preeditString()))
        super().inputMethodEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Not every input method says that it gave up when the focus goes."""
        self._compose(False)
        super().focusOutEvent(event)

    def _compose(self, on: bool) -> None:
        if on != self.composing:
            self.composing = on
            (self.began if on else self.ended).emit()
