"""Pieces to choose by: segments for two to four short choices, chips with a menu, tabs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from app.core.fields import Choice
from app.core.language import _
from app.views import icons, style
from app.views.pieces.basics import Button
from app.views.pieces.flow import Flow
from app.views.spoken import describe

Pair = tuple[str, str]
"""A code and its word, already translated."""


class Segments(QWidget):
    """One of a few choices beside each other: ←→ move, digits choose. With `clearable`, Delete or a second click chooses none.

    `wraps`: on more lines where there is no room; where a row cannot get higher they stay on one.
    """

    chosen = Signal(str)
    """The code, empty for none; only when a person changed it."""

    def __init__(
        self, pairs: Sequence[Pair], value: str = "", *, clearable: bool = False, wraps: bool = False, name: str = ""
    ) -> None:
        super().__init__()
        self._pairs = list(pairs)
        self._value = value
        self._clearable, self._wraps = clearable, wraps
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Minimum if wraps else QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(wraps)
        self.setSizePolicy(policy)
        describe(self)

    def value(self) -> str:
        """The code chosen; empty for none."""
        return self._value

    def set_value(self, code: str) -> None:
        """Choose without telling."""
        self._value = code
        describe(self)
        self.update()

    def sizeHint(self) -> QSize:
        """Room for each word in bold, so that choosing moves nothing."""
        return QSize(sum(self._widths()), style.px(32))

    def minimumSizeHint(self) -> QSize:
        """One below the other, or the same."""
        return QSize(max(self._widths(), default=0), style.px(32)) if self._wraps else self.sizeHint()

    def heightForWidth(self, width: int) -> int:
        """The lines needed."""
        return max((spot.bottom() + 1 for spot in self._spots(width)), default=style.px(32))

    def _spots(self, width: int) -> list[QRect]:
        """Where each word stands."""
        found: list[QRect] = []
        x, y, high = 0, 0, style.px(32)
        for wide in self._widths():
            if self._wraps and x and x + wide > width:
                x, y = 0, y + high
            found.append(QRect(x, y, wide, high))
            x += wide
        return found

    def _widths(self) -> list[int]:
        bold = style.metrics(style.BODY, bold=True)
        return [max(style.px(40), bold.horizontalAdvance(word) + 26) for _code, word in self._pairs]

    def _place(self) -> int:
        return next((place for place, (code, _word) in enumerate(self._pairs) if code == self._value), -1)

    def _choose(self, code: str) -> None:
        if code == self._value and self._clearable:
            code = ""
        if code != self._value:
            self.set_value(code)
            self.chosen.emit(code)

    def spoken_value(self) -> str:
        """The word chosen."""
        return dict(self._pairs).get(self._value, "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """←→, digits, Delete."""
        place, last = self._place(), len(self._pairs) - 1
        number = event.key() - Qt.Key.Key_1
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if event.key() == Qt.Key.Key_Right else -1
            wanted = min(last, max(0, place + step))
            if wanted != place:
                self._choose(self._pairs[wanted][0])
        elif 0 <= number <= last and not event.modifiers():
            if number != place:
                self._choose(self._pairs[number][0])
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._clearable and self._value:
            self._choose(self._value)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose what is under the pointer."""
        for (code, _word), spot in zip(self._pairs, self._spots(self.width()), strict=True):
            if spot.contains(event.position().toPoint()) and self.isEnabled():
                self._choose(code)
                return

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus."""
        super().focusInEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A sunken bar; the chosen word on a raised field; the focus as a border of two pixels."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.colour("mute-soft"))
        spots = self._spots(self.width())
        for line in {spot.y(): spot for spot in spots}.values():  # the last of each line
            painter.drawRoundedRect(QRectF(0, line.y(), line.right() + 1, line.height()), 4, 4)
        place = self._place()
        for number, ((_code, word), spot) in enumerate(zip(self._pairs, spots, strict=True)):
            self._paint_one(painter, QRectF(spot), word, chosen=number == place)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(style.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        painter.end()

    def _paint_one(self, painter: QPainter, rect: QRectF, word: str, *, chosen: bool) -> None:
        if chosen:
            painter.setBrush(style.colour("surface" if self.isEnabled() else "mute-soft"))
            painter.setPen(QPen(style.colour("field" if self.isEnabled() else "line"), 1))
            painter.drawRoundedRect(rect.adjusted(1.5, 1.5, -1.5, -1.5), 4, 4)
        painter.setFont(style.font(style.BODY, bold=chosen))
        painter.setPen(style.colour("text" if chosen else "text2") if self.isEnabled() else style.colour("text3"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, word)


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
        layout = Flow(self, 18, 0)
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
