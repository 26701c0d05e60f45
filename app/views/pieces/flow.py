"""Rows that wrap: a layout that breaks lines, and toggles in it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QWidget

from app.views.pieces.basics import Button


class Flow(QLayout):
    """Widgets beside each other, on as many lines as they need."""

    def __init__(self, parent: QWidget | None = None, gap: int = 8, between: int | None = None) -> None:
        """`between` lines; as widgets are apart where nothing is said."""
        super().__init__(parent)
        self._gap, self._between = gap, gap if between is None else between
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Qt's way in; `addWidget` uses it."""
        self._items.append(item)

    def count(self) -> int:
        """Of widgets."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """None beyond the end, as Qt expects."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """None beyond the end, as Qt expects."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Takes no more than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Narrow means high."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The lines needed."""
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        """Place all."""
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        """On one line."""
        sizes = [item.sizeHint() for item in self._items]
        width = sum(size.width() for size in sizes) + self._gap * max(0, len(sizes) - 1)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        """One below the other."""
        sizes = [item.minimumSize() for item in self._items]
        return QSize(max((size.width() for size in sizes), default=0), max((size.height() for size in sizes), default=0))

    def _place(self, rect: QRect, *, move: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        for item in self._items:
            size = item.sizeHint()
            if item.isEmpty():
                continue
            if x > rect.x() and x + size.width() > rect.right() + 1:
                x, y, line = rect.x(), y + line + self._between, 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), size))
            x += size.width() + self._gap
            line = max(line, size.height())
        return y + line - rect.y()


class ToggleRow(QWidget):
    """Chips that are on or off, each by itself."""

    toggled = Signal()

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        flow = Flow(self)
        self._chips: dict[str, Button] = {}
        for code, word in pairs:
            chip = Button(word, "chip", name=f"toggle_{code}")
            chip.setCheckable(True)
            chip.clicked.connect(self._clicked)
            chip.toggled.connect(lambda on, chip=chip: _show(chip, on))
            self._chips[code] = chip
            flow.addWidget(chip)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        if self._chips:
            self.setFocusProxy(next(iter(self._chips.values())))

    def chosen(self) -> tuple[str, ...]:
        """Codes that are on, in order."""
        return tuple(code for code, chip in self._chips.items() if chip.isChecked())

    def choose(self, codes: Sequence[str]) -> None:
        """Turn on exactly these, without telling."""
        for code, chip in self._chips.items():
            chip.setChecked(code in codes)

    def _clicked(self) -> None:
        self.toggled.emit()


def _show(chip: Button, on: bool) -> None:
    chip.setProperty("on", "1" if on else "0")
    chip.style().unpolish(chip)
    chip.style().polish(chip)
