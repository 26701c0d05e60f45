"""Icons: the drawings of resources/icons in the colour of a token, sharp at any scale, changing with the theme."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.core.paths import resources
from app.views import style

_drawn: dict[tuple[str, str, int], QPixmap] = {}


@cache
def _source(name: str) -> bytes:
    return (resources() / "icons" / f"{name}.svg").read_bytes()


def pixmap(name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
    """The drawing in #RRGGBB, `size` logical pixels wide and high."""
    pixels = max(1, round(size * ratio))
    key = (name, colour, pixels)
    if key not in _drawn:
        picture = QPixmap(pixels, pixels)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        QSvgRenderer(QByteArray(_source(name).replace(b"currentColor", colour.encode()))).render(painter)
        painter.end()
        _drawn[key] = picture
    drawn = QPixmap(_drawn[key])
    drawn.setDevicePixelRatio(pixels / size)
    return drawn


def forget() -> None:
    """Drop what was drawn; called when theme or scale change."""
    _drawn.clear()


def paint(painter: QPainter, name: str, token: str, x: float, y: float, size: int = 16) -> None:
    """Draw an icon with its top left corner at a place in logical pixels."""
    ratio = painter.device().devicePixelRatioF()
    painter.drawPixmap(QPointF(x, y), pixmap(name, style.look().hexes[token], size, ratio))


class _Engine(QIconEngine):
    """Draws at the left (or right) of a wider picture, so that text stands off; asks the token at paint time."""

    def __init__(self, name: str, token: str, side: Qt.AlignmentFlag) -> None:
        super().__init__()
        self._name, self._token, self._side = name, token, side

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        size = min(rect.width(), rect.height())
        left = rect.left() if self._side == Qt.AlignmentFlag.AlignLeft else rect.right() + 1 - size
        token = "text3" if mode == QIcon.Mode.Disabled else self._token
        paint(painter, self._name, token, left, rect.top() + (rect.height() - size) / 2, size)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        # `size` comes in logical pixels (since Qt 6.8).
        picture = QPixmap(round(size.width() * scale), round(size.height() * scale))
        picture.setDevicePixelRatio(scale)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return picture

    def actualSize(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QSize:
        return size

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._token, self._side)


def icon(name: str, token: str = "text2", *, side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft) -> QIcon:
    """An icon for buttons and menus; unknown names are our fault and raise at once."""
    _source(name)
    return QIcon(_Engine(name, token, side))


def mark(size: int, ratio: float = 1.0) -> QPixmap:
    """The program's own mark: the speech bubble on a square of the accent."""
    pixels = round(size * ratio)
    picture = QPixmap(pixels, pixels)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.colour("accent"))
    painter.drawRoundedRect(QRectF(0, 0, pixels, pixels), pixels * 0.2, pixels * 0.2)
    inner = round(pixels * 0.62)
    place = (pixels - inner) / 2
    painter.drawPixmap(QPointF(place, place), pixmap("message-report", style.look().hexes["on-accent"], inner))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture
