"""Key figures: a name, a large number, its changes as sentences, perhaps a small line of its months."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from app.core.language import _
from app.views import icons, style

_PAD = 14
ARROWS = {1: "arrow-up-right", -1: "arrow-down-right", 0: "minus"}


class Change(NamedTuple):
    """A sentence; `direction` 1, 0, -1 gives the arrow; `tone` text2 for counts, ok and bad for rates and delays only."""

    sentence: str
    direction: int = 0
    tone: str = "text2"


class KeyFigure(QAbstractButton):
    """A card; Enter or a click lists the cases behind it."""

    def __init__(
        self, name: str, number: str, unit: str = "", changes: Sequence[Change] = (), months: Sequence[float] = ()
    ) -> None:
        super().__init__()
        self._name, self._number, self._unit = name, number, unit
        self._changes, self._months = tuple(changes[:2]), tuple(months)
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        told = (f"{name} {number} {unit}".strip(), *(one.sentence for one in self._changes))
        self.setAccessibleName(_(", ").join(told))
        self.setToolTip("\n".join(told))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        """As high as its lines."""
        height = style.px(18) + style.px(36) + len(self._changes) * style.px(19) + (style.px(30) if self._months else 0)
        return QSize(style.px(150), height + 2 * _PAD)

    def minimumSizeHint(self) -> QSize:
        """The number in full."""
        number = style.metrics(style.FIGURE, bold=True).horizontalAdvance(self._number) + style.metrics().horizontalAdvance(
            self._unit
        )
        return QSize(number + 2 * _PAD + 10, self.sizeHint().height())

    def needed(self) -> int:
        """How wide it must be to say all."""
        small = style.metrics(style.SMALL)
        sentences = [small.horizontalAdvance(one.sentence) + style.px(14) + 3 for one in self._changes]
        return max(self.minimumSizeHint().width(), *(width + 2 * _PAD for width in (0, *sentences)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter lists, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """From above: name, number and unit, changes, months."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter)
        left, top, width = _PAD, _PAD, self.width() - 2 * _PAD
        painter.setFont(style.font(style.SMALL))
        painter.setPen(style.colour("text2"))
        name = style.metrics(style.SMALL).elidedText(self._name, Qt.TextElideMode.ElideRight, width)
        painter.drawText(QRectF(left, top, width, style.px(18)), Qt.AlignmentFlag.AlignVCenter, name)
        top += style.px(18)
        self._paint_number(painter, QRectF(left, top, width, style.px(36)))
        top += style.px(36)
        for change in self._changes:
            self._paint_change(painter, change, QRectF(left, top, width, style.px(19)))
            top += style.px(19)
        if len(self._months) > 1:
            self._spark(painter, QRectF(left, top + 4, width - 6, style.px(22)))
        painter.end()

    def _ground(self, painter: QPainter) -> None:
        painter.setPen(QPen(style.colour("line"), 1))
        painter.setBrush(style.colour("surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(style.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)

    def _paint_number(self, painter: QPainter, rect: QRectF) -> None:
        painter.setFont(style.font(style.FIGURE, bold=True))
        painter.setPen(style.colour("text"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, self._number)
        wide = style.metrics(style.FIGURE, bold=True).horizontalAdvance(self._number) + 5
        painter.setFont(style.font())
        painter.setPen(style.colour("text2"))
        painter.drawText(rect.adjusted(wide, 5, 0, 0), Qt.AlignmentFlag.AlignVCenter, self._unit)

    def _paint_change(self, painter: QPainter, change: Change, rect: QRectF) -> None:
        size = style.px(14)
        icons.paint(
            painter, ARROWS[change.direction], change.tone, rect.left(), rect.top() + (rect.height() - size) / 2 + 1, size
        )
        painter.setFont(style.font(style.SMALL))
        painter.setPen(style.colour(change.tone))
        rest = rect.adjusted(size + 3, 0, 0, 0)
        words = style.metrics(style.SMALL).elidedText(change.sentence, Qt.TextElideMode.ElideRight, int(rest.width()))
        painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, words)

    def _spark(self, painter: QPainter, rect: QRectF) -> None:
        """From its own least to its most; the last point marked."""
        least, most = min(self._months), max(self._months)
        step = rect.width() / (len(self._months) - 1)
        span = (most - least) or 1
        points = [
            QPointF(rect.left() + place * step, rect.bottom() - 3 - (rect.height() - 6) * (value - least) / span)
            for place, value in enumerate(self._months)
        ]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(style.colour("series3"), 1.5))
        painter.drawPolyline(QPolygonF(points))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.colour("accent"))
        painter.drawEllipse(points[-1], 3, 3)
