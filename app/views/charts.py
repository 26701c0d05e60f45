"""Painting the shapes of a chart, and reaching its bars by pointer and keys. What is drawn where is worked out in reports."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip

from app.core.errors import UserError
from app.core.language import _
from app.reports.shapes import Align, Chart, Line, Mark, Marker, Measure, Polyline, Rect, Region, Shape, Text
from app.views import style
from app.views.pieces.graphic import Graphic

Build = Callable[[float, float, Measure], Chart]
"""A chart for a width, a height and the widths of texts."""


def measure(text: str, size: float, bold: bool) -> float:
    """How wide a text is in the window's font at 100 %; painting scales everything alike."""
    return style.metrics(round(size), bold=bold).horizontalAdvance(text) / style.look().scale


def paint(painter: QPainter, shape: Shape) -> None:
    """Draw one shape."""
    match shape:
        case Line():
            _paint_line(painter, shape)
        case Polyline():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(_pen(shape.colour, shape.width, shape.dash))
            painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in shape.points]))
        case Rect():
            painter.setPen(QPen(style.colour(shape.outline), 1) if shape.outline else Qt.PenStyle.NoPen)
            painter.setBrush(style.colour(shape.colour))
            painter.drawRoundedRect(QRectF(shape.x, shape.y, shape.width, shape.height), shape.radius, shape.radius)
        case Marker():
            _paint_marker(painter, shape)
        case Text():
            _paint_text(painter, shape)


def _pen(colour: str, width: float, dash: tuple[float, ...]) -> QPen:
    pen = QPen(style.colour(colour), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if dash:
        pen.setDashPattern([part / width for part in dash])
    return pen


def _paint_line(painter: QPainter, line: Line) -> None:
    if not line.dash and line.width == 1 and line.y1 == line.y2:
        # A pen of one pixel between two rows of pixels would be two grey ones.
        painter.fillRect(QRectF(line.x1, round(line.y1), line.x2 - line.x1, 1), style.colour(line.colour))
        return
    painter.setPen(_pen(line.colour, line.width, line.dash))
    painter.drawLine(QPointF(line.x1, line.y1), QPointF(line.x2, line.y2))


def _paint_marker(painter: QPainter, marker: Marker) -> None:
    painter.setPen(QPen(style.colour("surface"), 2))
    painter.setBrush(style.colour(marker.colour))
    half = marker.size / 2 + 1
    box = QRectF(marker.x - half, marker.y - half, 2 * half, 2 * half)
    if marker.mark is Mark.CIRCLE:
        painter.drawEllipse(box)
    else:
        painter.drawRect(box)


def _paint_text(painter: QPainter, text: Text) -> None:
    font = style.font(round(text.size), bold=text.bold)
    font.setPixelSize(round(text.size))
    painter.setFont(font)
    painter.setPen(style.colour(text.colour))
    sides = {
        Align.LEFT: Qt.AlignmentFlag.AlignLeft,
        Align.CENTRE: Qt.AlignmentFlag.AlignHCenter,
        Align.RIGHT: Qt.AlignmentFlag.AlignRight,
    }
    room = 2000.0
    left = text.x - room * text.align.value
    place = QRectF(left, text.y - 12, room, 24)
    painter.drawText(place, sides[text.align] | Qt.AlignmentFlag.AlignVCenter, text.text)


class ChartView(Graphic):
    """A chart as wide as there is room. ←→ go through its bars and points, Enter or a click opens the cases behind one."""

    opened = Signal(str, str)
    """Figure and row, as the region names them."""

    def __init__(self, build: Build | None = None, height: int = 260, name: str = "chart") -> None:
        super().__init__()
        self._build = build
        self._chart: Chart | None = None
        self._current = -1
        self._height = height
        self.setObjectName(name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMinimumSize(style.px(260), style.px(min(120, height)))

    def show_chart(self, build: Build, height: int | None = None) -> None:
        """Show other figures; `build` is asked again whenever there is another width."""
        self._build, self._current, self._chart = build, -1, None
        if height is not None:
            self._height = height
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Of the height asked for."""
        return QSize(style.px(420), style.px(self._height))

    def chart(self) -> Chart | None:
        """The shapes for the present size; worked out when they are needed."""
        scale = style.look().scale
        width, height = self.width() / scale, self.height() / scale
        if self._build is not None and (self._chart is None or (self._chart.width, self._chart.height) != (width, height)):
            self._chart = self._build(width, height, measure)
            self.setAccessibleName(self._chart.sentence)
        return self._chart

    def paintEvent(self, event: QPaintEvent) -> None:
        """All shapes, and a border round the region that the keys are at."""
        painter = QPainter(self)
        self._draw(painter)
        chart = self._chart
        if chart is not None and self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(style.colour("accent"), 2))
            if 0 <= self._current < len(chart.regions):
                painter.drawRoundedRect(_box(chart.regions[self._current]).adjusted(-3, -3, 3, 3), 4, 4)
            else:
                painter.drawRoundedRect(QRectF(1, 1, chart.width - 2, chart.height - 2), 4, 4)
        painter.end()

    def _draw(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(style.look().scale, style.look().scale)
        if (chart := self.chart()) is not None:
            for shape in chart.shapes:
                paint(painter, shape)

    def drawn(self, ratio: float = 2.0) -> QPixmap:
        """The chart on the ground of a card, for the clipboard or a file."""
        made = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
        made.setDevicePixelRatio(ratio)
        made.fill(style.colour("surface"))
        painter = QPainter(made)
        self._draw(painter)
        painter.end()
        return made

    def copy_picture(self) -> None:
        """Into the clipboard."""
        QGuiApplication.clipboard().setPixmap(self.drawn())

    def save_picture(self, path: Path) -> None:
        """As a PNG. UserError where it cannot be written."""
        if not self.drawn().save(str(path), "PNG"):
            raise UserError(_("The picture could not be written to {path}. Choose another folder.").format(path=path))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """←→ Home End move, Enter opens."""
        chart = self.chart()
        last = len(chart.regions) - 1 if chart is not None else -1
        moves = {
            Qt.Key.Key_Left: self._current - 1,
            Qt.Key.Key_Right: self._current + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        if last >= 0 and event.key() in moves:
            self._go_to(min(last, max(0, moves[Qt.Key(event.key())])))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and 0 <= self._current <= last and chart is not None:
            self._open(chart.regions[self._current])
        else:
            super().keyPressEvent(event)

    def _go_to(self, place: int) -> None:
        assert self._chart is not None
        self._current = place
        self.setAccessibleDescription(self._chart.regions[place].text)
        self.update()

    def _open(self, region: Region) -> None:
        self.opened.emit(region.figure, region.code)

    def _at(self, place: QPointF) -> Region | None:
        chart, scale = self.chart(), style.look().scale
        here = QPointF(place.x() / scale, place.y() / scale)
        return next((one for one in reversed(chart.regions) if _box(one).contains(here)), None) if chart is not None else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand over what opens."""
        found = self._at(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if found is not None else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens."""
        if (found := self._at(event.position())) is not None:
            self._open(found)

    def event(self, event: QEvent) -> bool:
        """What a bar says."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = self._at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), found.text if found is not None else "", self)
            return True
        return super().event(event)


def _box(region: Region) -> QRectF:
    return QRectF(region.x, region.y, region.width, region.height)
