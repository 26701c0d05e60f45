"""Status pills: icon, word and colour at once. Painted, in a widget of its own or by the delegate of a table."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from app.views import icons, style

HEIGHT = 22


class Face(NamedTuple):
    """Colour class (mute, accent, wait, warn, ok, bad) and icon of a pill."""

    tone: str
    icon: str


PLAIN = Face("mute", "flag")
# By field and code; what is not told apart by field stands under "".
FACES: dict[str, dict[str, Face]] = {
    "status": {
        "draft": Face("mute", "pencil"),
        "registered": Face("accent", "file-text"),
        "accepted": Face("accent", "user-check"),
        "investigating": Face("accent", "search"),
        "proposed": Face("wait", "hourglass"),
        "returned": Face("warn", "arrow-back-up"),
        "approved": Face("ok", "check"),
        "replied": Face("accent", "message-2"),
        "agreed": Face("accent", "signature"),
        "executing": Face("accent", "truck"),
        "following_up": Face("warn", "phone-call"),
        "closed": Face("ok", "circle-check"),
        "rejected": Face("mute", "hand-stop"),
        "voided": Face("mute", "ban"),
        "open": Face("accent", "file-text"),
        "promised": Face("warn", "calendar-due"),
        "escalated": Face("mute", "git-branch"),
        "released": Face("ok", "file-certificate"),
        "signed": Face("ok", "signature"),
        "issued": Face("wait", "hourglass"),
        "done": Face("ok", "circle-check"),
        "effective": Face("ok", "circle-check"),
        "kept": Face("ok", "check"),
        "late": Face("warn", "clock"),
        "broken": Face("bad", "alert-triangle"),
        "moved": Face("mute", "calendar"),
        "collected": Face("mute", "pencil"),
        "discussed": Face("accent", "messages"),
        "rehearsed": Face("wait", "users"),
        "published": Face("ok", "cards"),
        "retired": Face("mute", "ban"),
        "active": Face("ok", "circle-check"),
        "lost": Face("mute", "minus"),
        "ended": Face("mute", "circle-check"),
    },
    "severity": {"general": Face("mute", "flag"), "major": Face("warn", "flag"), "urgent": Face("bad", "flag")},
    "tier": {
        "key": Face("accent", "star"), "ordinary": Face("mute", "user"), "small": Face("mute", "user"),
        "poor": Face("warn", "user"),
    },
    "integrity": {
        "A": Face("ok", "shield-check"), "B": Face("accent", "shield"), "C": Face("warn", "shield"), "D": Face("bad", "shield"),
    },
    "evidence": {"expired": Face("warn", "alert-triangle")},
    "due": {"late": Face("bad", "alert-triangle"), "today": Face("warn", "clock"), "waiting": Face("warn", "signature")},
}  # fmt: skip


def face(kind: str, code: str) -> Face:
    """The face of a code of a field; grey where none was declared."""
    return FACES.get(kind, {}).get(code, PLAIN)


def width(text: str) -> int:
    """Of a pill with this word, in logical pixels."""
    return style.width(text, style.SMALL) + style.px(14) + 24


def paint_pill(painter: QPainter, shape: Face, text: str, x: float, y: float, *, on_selected: bool = False) -> None:
    """Draw a pill with its top left corner at a place; on a selected row it gets the surface as ground."""
    height, size = style.px(HEIGHT), style.px(14)
    rect = QRectF(x, y, width(text), height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.colour("surface" if on_selected else f"{shape.tone}-soft"))
    painter.drawRoundedRect(rect, height / 2, height / 2)
    icons.paint(painter, shape.icon, shape.tone, x + 8, y + (height - size) / 2, size)
    painter.setFont(style.font(style.SMALL))
    painter.setPen(style.colour(shape.tone))
    painter.drawText(rect.adjusted(size + 12, 0, -6, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
    painter.restore()


class Pill(QLabel):
    """A pill that stands alone."""

    def __init__(self, text: str = "", shape: Face = PLAIN) -> None:
        super().__init__(text)
        self._face = shape
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def show_as(self, text: str, shape: Face) -> None:
        """Another word and colour."""
        self._face = shape
        self.setText(text)
        self.setAccessibleName(text)
        self.update()

    def sizeHint(self) -> QSize:
        """22 high."""
        return QSize(width(self.text()), style.px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        """As in tables."""
        painter = QPainter(self)
        paint_pill(painter, self._face, self.text(), 0, 0)
        painter.end()
