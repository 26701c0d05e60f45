"""Buttons of which one is chosen. Who listens hears radio buttons of a group with a name, as Qt gives them to any button."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QGroupBox


class Options(QGroupBox):
    """One is chosen, or none: ←→ and digits choose, as seen; with `clearable`, Delete or a second click chooses none.

    Tab stops at the one that is chosen, else at the first. What `hold` is given are buttons with one parent.
    """

    chosen = Signal(str)
    """The code, empty for none; only when a person changed it."""
    left = Signal()
    """The focus went elsewhere."""

    def __init__(self, name: str, value: str = "", *, clearable: bool = False) -> None:
        super().__init__()
        self.setObjectName(name)
        self._options: dict[str, QAbstractButton] = {}
        self._value, self._clearable = value, clearable

    def hold(self, code: str, option: QAbstractButton) -> None:
        """One more to choose from."""
        option.setCheckable(True)
        option.setObjectName(f"{self.objectName()}_{code}")
        option.clicked.connect(partial(self._clicked, code))
        option.installEventFilter(self)
        self._options[code] = option
        self._check()

    def arrange(self, codes: Sequence[str]) -> None:
        """The order that is seen."""
        self._options = {code: self._options[code] for code in codes}
        self._check()

    def value(self) -> str:
        """The code chosen; empty for none."""
        return self._value

    def set_value(self, code: str) -> None:
        """Choose without telling."""
        self._value = code
        self._check()

    def option(self, code: str) -> QAbstractButton:
        """The button of a code."""
        return self._options[code]

    def setAccessibleDescription(self, words: str) -> None:
        """What is said of the group is heard at each of its buttons, for there the focus is."""
        super().setAccessibleDescription(words)
        for option in self._options.values():
            option.setAccessibleDescription(words)

    def _check(self) -> None:
        """Check what is chosen, and let Tab stop there alone."""
        stop = self._value if self._value in self._options else next(iter(self._options), "")
        for code, option in self._options.items():
            option.setAutoExclusive(False)  # or what is checked could not be taken back
            option.setChecked(code == self._value)
            option.setAutoExclusive(True)
            option.setFocusPolicy(Qt.FocusPolicy.StrongFocus if code == stop else Qt.FocusPolicy.ClickFocus)
        if self._options and self.focusProxy() is not self._options[stop]:
            here = any(option.hasFocus() for option in self._options.values())
            self.setFocusProxy(self._options[stop])
            if here:
                self._options[stop].setFocus(Qt.FocusReason.OtherFocusReason)

    def _clicked(self, code: str, _checked: bool = False) -> None:
        self._choose("" if code == self._value and self._clearable else code)

    def _choose(self, code: str) -> None:
        if code != self._value:
            self.set_value(code)
            self.chosen.emit(code)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """←→, digits, Delete."""
        codes = list(self._options)
        place, last = codes.index(self._value) if self._value in codes else -1, len(codes) - 1
        digit = event.key() - Qt.Key.Key_1
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if event.key() == Qt.Key.Key_Right else -1
            self._choose(codes[min(last, max(0, place + step))])
        elif 0 <= digit <= last and not event.modifiers():
            self._choose(codes[digit])
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._clearable:
            self._choose("")
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys of its buttons but Space are the group's; and it is left when the focus goes to none of them."""
        if event.type() == QEvent.Type.FocusOut:
            here = QApplication.focusWidget()
            if here is None or not self.isAncestorOf(here):
                self.left.emit()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() != Qt.Key.Key_Space:
            event.ignore()  # and goes on to what it stands in
            return True
        return False
