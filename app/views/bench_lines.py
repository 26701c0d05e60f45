"""The rows, counts and cards of the first page, painted; all of them can be reached by Tab."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QVBoxLayout, QWidget

from app.core.language import _
from app.views import icons, style
from app.views.pieces.basics import box, column, label, row


def since(span: timedelta) -> str:
    """How long something is over, in the largest unit that fits."""
    minutes = int(span.total_seconds() // 60)
    if minutes >= 24 * 60:
        return _("{count} d").format(count=minutes // (24 * 60))
    if minutes >= 60:
        return _("{count} h").format(count=minutes // 60)
    return _("{count} min").format(count=max(1, minutes))


def beside(*parts: str) -> str:
    """Words of one cell, on one line, with a dot between those that there are."""
    return "·".join(part for part in parts if part).replace("\n", " ")


class Line(QAbstractButton):
    """A row that opens something: painted columns, Tab reaches it, Enter and a click open."""

    def __init__(self, cells: list[tuple[str, str, bool, float]], icon: tuple[str, str], *, second: str = "") -> None:
        """`cells`: text, token, bold, share of the width (negative: this wide, at the right); `second`: a line below.

        What finds no room stands in the tool tip.
        """
        super().__init__()
        self._cells, self._icon, self._second = cells, icon, second
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        words = " ".join(text for text, _token, _bold, _share in cells if text)
        self.setAccessibleName(words)
        self.setToolTip(f"{words}\n{second}".strip())

    def sizeHint(self) -> QSize:
        """36 high, 50 with a second line."""
        return QSize(style.px(200), style.px(50 if self._second else 34))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, ↑↓ move."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A hairline below; the focus as a border."""
        painter = QPainter(self)
        rect = self.rect()
        if self.underMouse():
            painter.fillRect(rect, style.colour("hover"))
        painter.fillRect(0, rect.height() - 1, rect.width(), 1, style.colour("line"))
        if self.hasFocus():
            painter.setPen(QPen(style.colour("accent"), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        self._paint_cells(painter)
        painter.end()

    def _paint_cells(self, painter: QPainter) -> None:
        size = style.px(16)
        middle = style.px(17) if self._second else self.height() / 2
        left = 8.0
        if self._icon[0]:
            icons.paint(painter, self._icon[0], self._icon[1], left, middle - size / 2 + 1, size)
            left += size + 10
        fixed = sum(-share for _text, _token, _bold, share in self._cells if share < 0)
        room = self.width() - left - 8 - style.px(fixed)
        for text, token, bold, share in self._cells:
            wide = style.px(-share) if share < 0 else room * share
            self._paint_text(
                painter, QRectF(left, middle - style.px(14), wide - 8, style.px(28)), text, token, bold=bold, right=share < 0
            )
            left += wide
        if self._second:
            start = 8.0 + (size + 10 if self._icon[0] else 0)
            spot = QRectF(start, style.px(26), self.width() * 0.6, style.px(20))
            self._paint_text(painter, spot, self._second, "text2", size=style.SMALL)

    def _paint_text(
        self,
        painter: QPainter,
        spot: QRectF,
        text: str,
        token: str,
        *,
        bold: bool = False,
        right: bool = False,
        size: int = style.BODY,
    ) -> None:
        measures = style.metrics(size, bold=bold)
        painter.setFont(style.font(size, bold=bold))
        painter.setPen(style.colour(token))
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        elided = measures.elidedText(text, Qt.TextElideMode.ElideRight, int(spot.width()))
        painter.drawText(spot, Qt.AlignmentFlag.AlignVCenter | side, elided)


class Station(QAbstractButton):
    """How many cases stand at a station; opens them."""

    def __init__(self, word: str, count: int) -> None:
        super().__init__()
        self._word, self._count, self._told = word, count, f"{count:,}"
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{word} {self._told}")
        self.setToolTip(f"{word} {self._told}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """A small card."""
        return QSize(style.px(70), style.px(64))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Word above, number below."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(style.colour("accent" if self.hasFocus() else "line"), 2 if self.hasFocus() else 1))
        painter.setBrush(style.colour("hover" if self.underMouse() else "sunken"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.setFont(style.font(style.SMALL))
        painter.setPen(style.colour("text2"))
        words = style.metrics(style.SMALL).elidedText(self._word, Qt.TextElideMode.ElideRight, self.width() - 16)
        painter.drawText(QRectF(10, 6, self.width() - 12, style.px(22)), Qt.AlignmentFlag.AlignVCenter, words)
        painter.setFont(style.font(style.TITLE, bold=self._count > 0))
        painter.setPen(style.colour("text" if self._count else "text3"))
        painter.drawText(QRectF(10, style.px(28), self.width() - 12, style.px(30)), Qt.AlignmentFlag.AlignVCenter, self._told)
        painter.end()


def card(title: str, *extra: QWidget) -> tuple[QFrame, QVBoxLayout]:
    """A card with its title line; returns it and the layout for what it holds."""
    made = box("card")
    inside = column(gap=0, margins=(0, 6, 0, 0))
    head = row(label(title, "card"), None, *extra, gap=10)
    outer = QVBoxLayout(made)
    outer.setContentsMargins(16, 12, 16, 14)
    outer.setSpacing(4)
    outer.addLayout(head)
    outer.addLayout(inside)
    return made, inside
