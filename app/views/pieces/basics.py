"""The smallest pieces: buttons, labels, lines, key marks and boxes. All get their look from the sheet by property."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.views import icons, style

L = TypeVar("L", bound=QBoxLayout)
_ICON_TOKENS = {"primary": "on-accent", "text": "accent", "danger": "bad", "link": "accent", "tab": "text2"}
GAP = 7
"""Between an icon and its word."""
_UNIT = "（[^（）]{1,8}）"


class Button(QPushButton):
    """A button whose icon keeps its distance from the word and whose key is told on it.

    The key is a shortcut of the window as long as the button is visible. A disabled button says why: `lock`.
    """

    def __init__(self, text: str, kind: str = "outline", icon: str = "", key: str = "", name: str = "") -> None:
        super().__init__()
        self._key = key
        self._words = ""
        self.setProperty("kind", kind)
        self.setObjectName(name or text)
        self.setAutoDefault(False)
        if kind == "link":
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.say(text)
        if icon:
            self.show_icon(icon)

    def say(self, text: str) -> None:
        """Change the words; the key stays."""
        if self.property("kind") == "icon":
            self.setToolTip(f"{text}  {self._key}".strip())
        else:
            self._words = f"{text}  {native(self._key)}" if self._key else text
        self._write(self._words)
        self.setAccessibleName(text)

    def _write(self, words: str) -> None:
        self.setText(words.replace("&", "&&"))
        if self._key:  # which another text takes away
            self.setShortcut(QKeySequence(self._key))

    def shorten(self, on: bool) -> None:
        """Leave the key out, which the tool tip tells then."""
        words, _gap, key = self._words.partition("  ")
        if (shown := words if on else self._words) != self.text().replace("&&", "&"):
            self._write(shown)
        if key and self.toolTip() in ("", key):
            self.setToolTip(key if on else "")

    def show_icon(self, icon: str, token: str = "") -> None:
        """An icon before the words."""
        kind = str(self.property("kind"))
        self.setIcon(icons.icon(icon, token or _ICON_TOKENS.get(kind, "text2")))
        size = style.px(16)
        self.setIconSize(QSize(size if kind == "icon" else size + GAP, size))

    def lock(self, reason: str) -> None:
        """Disable with a reason, or with an empty one enable again."""
        self.setEnabled(not reason)
        self.setToolTip(reason)
        self.setAccessibleDescription(reason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A link that is too long for its place ends in dots and says the rest in its tool tip."""
        super().resizeEvent(event)
        if self.property("kind") == "link":
            wanted, measure = self.sizeHint().width(), self.fontMetrics()
            room = self.width() - wanted + measure.horizontalAdvance(self._words)
            # Widths of text are rounded: one or two pixels are no reason to cut it.
            cut = room + 2 < measure.horizontalAdvance(self._words)
            shown = measure.elidedText(self._words, Qt.TextElideMode.ElideRight, room) if cut else self._words
            if shown.replace("&", "&&") != self.text():
                self._write(shown)
                self.setToolTip(self._words if shown != self._words else "")

    def sizeHint(self) -> QSize:
        """Of a link's whole words, also where only their beginning is shown."""
        hint = super().sizeHint()
        if self.property("kind") != "link":
            return hint
        missing = self.fontMetrics().horizontalAdvance(self._words) - self.fontMetrics().horizontalAdvance(
            self.text().replace("&&", "&")
        )
        return QSize(hint.width() + max(0, missing), hint.height())

    def minimumSizeHint(self) -> QSize:
        """A link may be squeezed."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), style.px(60)), hint.height()) if self.property("kind") == "link" else hint

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.click()
            return
        super().keyPressEvent(event)


def native(key: str) -> str:
    """A key as this system writes it: signs on a Mac, the words on its keyboard elsewhere."""
    if sys.platform == "darwin":
        return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    return key.replace("Return", "Enter")


def button(
    text: str,
    kind: str = "outline",
    icon: str = "",
    key: str = "",
    *,
    name: str = "",
    on_click: Callable[[], object] | None = None,
) -> Button:
    """A button of a kind: primary, outline, text, danger, icon (the text is its tool tip), link."""
    made = Button(text, kind, icon, key, name)
    if on_click is not None:
        made.clicked.connect(lambda _checked=False: on_click())
    return made


def menu_button(text: str, menu: QMenu, *, icon: str = "", kind: str = "outline", name: str = "") -> Button:
    """A button that opens a menu; with an icon and kind `icon` the ⋯ of headers."""
    made = Button(text, kind, icon or "chevron-down", "", name)
    if not icon:
        made.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        made.setIcon(icons.icon("chevron-down", "text2", side=Qt.AlignmentFlag.AlignRight))
        menu.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    made.setMenu(menu)
    return made


def action(menu: QMenu, text: str, on_click: Callable[[], object], icon: str = "", key: str = "") -> QAction:
    """A row of a menu."""
    made = menu.addAction(text)
    if icon:
        made.setIcon(icons.icon(icon))
    if key:
        made.setShortcut(QKeySequence(key))
    made.triggered.connect(lambda _checked=False: on_click())
    return made


def label(text: str = "", role: str = "", *, wrap: bool = False, selectable: bool = False) -> QLabel:
    """Plain text in a role of the scale: title, card, strong, secondary, hint, small, error, warning, good, figure, number."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty("role", role)
    made.setWordWrap(wrap)
    if selectable:
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if wrap:
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.MinimumExpanding)
    return made


def breakable(path: Path) -> str:
    """A path that a label may break after each of its parts."""
    return str(path).replace(os.sep, f"{os.sep}\u200b")


def unbroken(text: str) -> str:
    """A text of which no line ends within a short （unit）."""
    return re.sub(_UNIT, lambda found: "\u2060".join(found[0]), text)


def box(ground: str) -> QFrame:
    """A frame with a ground of the sheet: surface, sunken, card, block, foot, pane, info, ok, warn, bad …"""
    made = QFrame()
    made.setProperty("ground", ground)
    return made


def hairline(*, vertical: bool = False) -> QFrame:
    """A line of one pixel."""
    made = box("line")
    if vertical:
        made.setFixedWidth(1)
    else:
        made.setFixedHeight(1)
    return made


def row(*items: QWidget | int | None, gap: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QHBoxLayout:
    """Widgets side by side; a number is a space, None takes what is left."""
    return _filled(QHBoxLayout(), items, gap, margins)


def column(*items: QWidget | int | None, gap: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QVBoxLayout:
    """Widgets below each other; a number is a space, None takes what is left."""
    return _filled(QVBoxLayout(), items, gap, margins)


def _filled(layout: L, items: tuple[QWidget | int | None, ...], gap: int, margins: tuple[int, int, int, int]) -> L:
    layout.setSpacing(gap)
    layout.setContentsMargins(*margins)
    for item in items:
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, int):
            layout.addSpacing(item)
        else:
            layout.addWidget(item)
    return layout


def lying(layout: QLayout) -> list[QWidget | QLayout]:
    """What lies in a layout that is on a widget, in its order.

    Not by `itemAt`: Python holds what it was shown as long as the layout, Qt lets go of it with its widget; another widget that
    comes to lie at its address ends the program when it goes.
    """
    parent = layout.parentWidget()
    within = [*(parent.children() if parent is not None else ()), *layout.children()]
    places = {one: layout.indexOf(one) for one in within if isinstance(one, QWidget | QLayout)}
    return sorted((one for one, place in places.items() if place >= 0), key=places.__getitem__)


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and throw it away."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear(inner)


class IconMark(QWidget):
    """An icon that stands alone, in a token's colour."""

    def __init__(self, name: str, token: str = "text2", size: int = 16) -> None:
        super().__init__()
        self._name, self._token, self._size = name, token, style.px(size)
        self.setFixedSize(self._size, self._size + 2)

    def change(self, name: str, token: str) -> None:
        """Another drawing or colour."""
        self._name, self._token = name, token
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """One below the middle: so low do Chinese characters sit."""
        painter = QPainter(self)
        icons.paint(painter, self._name, self._token, 0, (self.height() - self._size) / 2 + 1, self._size)
        painter.end()


class KeyMark(QLabel):
    """A key as it stands on a keyboard."""

    def __init__(self, key: str) -> None:
        super().__init__(native(key))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """20 high."""
        return QSize(style.metrics(style.SMALL).horizontalAdvance(self.text()) + 12, style.px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A sunken key with a thin border."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(style.colour("line"), 1))
        painter.setBrush(style.colour("sunken"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.setFont(style.font(style.SMALL))
        painter.setPen(style.colour("text3"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()
