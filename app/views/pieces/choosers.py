"""Pieces to choose by: segments for two to four short choices, chips with a menu, tabs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from app.core.fields import Choice
from app.core.language import _
from app.views import icons, style
from app.views.pieces.basics import Button, row
from app.views.pieces.flow import Flow
from app.views.pieces.options import Options

Pair = tuple[str, str]
"""A code and its word, already translated."""


class Segment(QAbstractButton):
    """A word in the bar; the chosen one stands on a raised field."""

    def __init__(self, word: str) -> None:
        super().__init__()
        self.setText(word)
        self.setAccessibleName(word)

    def sizeHint(self) -> QSize:
        """Room for the word in bold, so that choosing moves nothing."""
        bold = style.metrics(style.BODY, bold=True)
        return QSize(max(style.px(40), bold.horizontalAdvance(self.text()) + 26), style.px(32))

    def minimumSizeHint(self) -> QSize:
        """The same: a word is not cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The field, the word, and the focus as a border of two pixels."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        rect, chosen, able = QRectF(self.rect()), self.isChecked(), self.isEnabled()
        if chosen:
            painter.setBrush(style.colour("surface" if able else "mute-soft"))
            painter.setPen(QPen(style.colour("field" if able else "line"), 1))
            painter.drawRoundedRect(rect.adjusted(1.5, 1.5, -1.5, -1.5), 4, 4)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(style.colour("accent"), 2))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 4, 4)
        painter.setFont(style.font(style.BODY, bold=chosen))
        painter.setPen(style.colour("text" if chosen else "text2") if able else style.colour("text3"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()


class Segments(Options):
    """A few choices beside each other, in a sunken bar.

    `wraps`: on more lines where there is no room; where a row cannot get higher they stay on one.
    """

    def __init__(
        self, pairs: Sequence[Pair], value: str = "", *, clearable: bool = False, wraps: bool = False, name: str = ""
    ) -> None:
        super().__init__(name, value, clearable=clearable)
        layout = Flow(self, 0) if wraps else row(gap=0)
        for code, word in pairs:
            segment = Segment(word)
            layout.addWidget(segment)
            self.hold(code, segment)
        self.setLayout(layout)
        policy = QSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Minimum if wraps else QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(wraps)
        self.setSizePolicy(policy)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The bar behind the words, line by line."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.colour("mute-soft"))
        spots = (option.geometry() for option in self._options.values())
        for last in {spot.y(): spot for spot in spots}.values():
            painter.drawRoundedRect(QRectF(0, last.y(), last.right() + 1, last.height()), 4, 4)
        painter.end()


class _CheckMenu(QMenu):
    """Stays open while several rows are checked by Space or by clicking; Enter and Esc close it."""

    def _check(self, chosen: QAction | None) -> bool:
        if chosen is None or not chosen.isCheckable() or not chosen.isEnabled():
            return False
        chosen.trigger()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space checks."""
        if event.key() != Qt.Key.Key_Space or not self._check(self.activeAction()):
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click checks."""
        if not self._check(self.actionAt(event.position().toPoint())):
            super().mouseReleaseEvent(event)


class Chip(Button):
    """A filter: opens a checkable menu (click, Space, Alt+↓); on, it shows what it lets through; × or Delete clears it."""

    changed = Signal()

    def __init__(self, code: str, title: str, pairs: Sequence[Pair] = (), name: str = "") -> None:
        super().__init__(title, "chip", name=name or f"chip_{code}")
        self.code = code
        self._title = title
        self._pairs: list[Pair] = []
        self._chosen: frozenset[str] = frozenset()
        self._menu = _CheckMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._menu.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.offer(pairs)
        self.clicked.connect(self.open_menu)

    def offer(self, pairs: Sequence[Pair]) -> None:
        """The codes to choose from; what was chosen and still is offered stays."""
        self._pairs = list(pairs)
        self.set_value(self.value())

    def offered(self) -> set[str]:
        """The codes that can be chosen."""
        return {code for code, _word in self._pairs}

    def value(self) -> tuple[str, ...]:
        """The codes chosen, in the order offered."""
        return tuple(code for code, _word in self._pairs if code in self._chosen)

    def set_value(self, codes: Sequence[str]) -> None:
        """Choose without telling."""
        self._chosen = frozenset(codes) & self.offered()
        self._show()

    def clear(self) -> None:
        """Let everything through again."""
        if self.value():
            self.set_value(())
            self.changed.emit()

    def open_menu(self) -> None:
        """Show the menu below, on its first row."""
        self._menu.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))
        if self._pairs:
            self._menu.setActiveAction(self._menu.actions()[0])

    def menu_of_choices(self) -> QMenu:
        """The same menu under the chip's title, for where the chip itself has no room."""
        self._menu.setTitle(self._title)
        return self._menu

    def _fill(self) -> None:
        """Rows are made when they are seen: most menus of a page never are."""
        self._menu.clear()
        for code, word in self._pairs:
            made = self._menu.addAction(word.replace("&", "&&"))
            made.setCheckable(True)
            made.setChecked(code in self._chosen)
            made.toggled.connect(partial(self._toggled, code))

    def _toggled(self, code: str, _on: bool) -> None:
        self._chosen ^= {code}
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        words = [word for code, word in self._pairs if code in self._chosen]
        told = _(", ").join(words[:2]) + (f" +{len(words) - 2}" if len(words) > 2 else "")
        self.setText(_("{title}: {value}").format(title=self._title, value=told).replace("&", "&&") if words else self._title)
        self.setAccessibleName(self._title)
        self.setAccessibleDescription(_(", ").join(words))
        self.setIcon(
            icons.icon("x" if words else "chevron-down", "accent" if words else "text2", side=Qt.AlignmentFlag.AlignRight)
        )
        self.setIconSize(QSize(style.px(14) + 4, style.px(14)))
        style.polish(self, on="1" if words else "0")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """On the × clear, elsewhere open."""
        if self.value() and event.position().x() > self.width() - style.px(26):
            self.clear()
            return
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Alt+↓ open, Delete clears."""
        alt_down = event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier
        if alt_down or event.key() == Qt.Key.Key_Space:
            self.open_menu()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear()
        else:
            super().keyPressEvent(event)


class Tabs(QWidget):
    """Words in a row of which one is underlined: ←→ move. A second row where one has no room."""

    chosen = Signal(str)

    def __init__(self, pairs: Sequence[Pair]) -> None:
        super().__init__()
        self._buttons: dict[str, Button] = {}
        layout = Flow(self, 14, 0)
        for code, word in pairs:
            made = Button(word, "tab", name=f"tab_{code}")
            made.setCheckable(True)
            made.setAutoExclusive(True)
            made.setMinimumWidth(style.metrics(style.BODY, bold=True).horizontalAdvance(word) + 8)
            made.clicked.connect(lambda _checked=False, code=code: self.chosen.emit(code))
            self._buttons[code] = made
            layout.addWidget(made)
        if self._buttons:
            next(iter(self._buttons.values())).setChecked(True)

    def value(self) -> str:
        """The code of the tab that is open."""
        return next((code for code, made in self._buttons.items() if made.isChecked()), "")

    def set_value(self, code: str) -> None:
        """Open a tab without telling."""
        self._buttons[code].setChecked(True)

    def say(self, code: str, word: str) -> None:
        """Change a word, for example its count."""
        self._buttons[code].say(word)


def pairs_of(choices: Sequence[Choice]) -> list[Pair]:
    """Codes and translated words of declared choices; those of two levels show both."""
    return [(choice.code, f"{_(choice.group)}·{_(choice.label)}" if choice.group else _(choice.label)) for choice in choices]
