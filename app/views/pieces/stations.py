"""The station line: where a case stands among its stations. Each is a button; narrow windows show only the middle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QSizePolicy, QWidget

from app.core.language import N_, _
from app.views import icons, style
from app.views.pieces.basics import label

DONE, NOW, TODO = "done", "now", "todo"
HEIGHT = 86
NARROW = 900
_STATES = {DONE: N_("done"), NOW: N_("now"), TODO: N_("to come")}


class Station(NamedTuple):
    """A station: `word` is translated; `when` and `who` stand below it (of the present one: since when, and who)."""

    code: str
    word: str
    state: str
    when: str = ""
    who: str = ""
    icon: str = "hourglass"
    tone: str = "wait"
    """Colour of the present station."""


class StationButton(QAbstractButton):
    """One station with its halves of the lines to its neighbours."""

    def __init__(self, station: Station, place: int, before: str, after: str) -> None:
        super().__init__()
        self.station, self._place, self._before, self._after = station, place, before, after
        self.setObjectName(f"station_{station.code}")
        told = (f"{place} {station.word}", _(_STATES[station.state]), station.when, station.who)
        self.setText(_(", ").join(part for part in told if part))
        self.setAccessibleName(self.text())
        self.setToolTip(self.text())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        """86 high."""
        return QSize(style.px(96), style.px(HEIGHT))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter shows, ←→ go to the neighbours."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Right)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Circle, lines, word, when, who."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(self.width() / 2, style.px(19))
        self._lines(painter, middle)
        radius = style.px(12) if self.station.state == NOW else style.px(10)
        self._circle(painter, middle, radius)
        self._words(painter)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(style.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(3, 1, -3, -1), 6, 6)
        painter.end()

    def _lines(self, painter: QPainter, middle: QPointF) -> None:
        free = style.px(18)
        for solid, exists, x1, x2 in (
            (self.station.state in (DONE, NOW), self._before, 0.0, middle.x() - free),
            (self._after in (DONE, NOW), self._after, middle.x() + free, float(self.width())),
        ):
            if exists:
                pen = QPen(style.colour("accent" if solid else "field"), 2 if solid else 1.5)
                if not solid:
                    pen.setDashPattern([4, 3])
                painter.setPen(pen)
                painter.drawLine(QPointF(x1, middle.y()), QPointF(x2, middle.y()))

    def _circle(self, painter: QPainter, middle: QPointF, radius: float) -> None:
        state, size = self.station.state, style.px(14)
        corner = (middle.x() - size / 2, middle.y() - size / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        if state == DONE:
            painter.setBrush(style.colour("accent"))
            painter.drawEllipse(middle, radius, radius)
            icons.paint(painter, "check", "on-accent", *corner, size)
        elif state == NOW:
            tone = self.station.tone
            painter.setBrush(style.colour(f"{tone}-soft"))
            painter.drawEllipse(middle, radius + 4, radius + 4)
            painter.setBrush(style.colour("surface"))
            painter.setPen(QPen(style.colour(tone), 2))
            painter.drawEllipse(middle, radius, radius)
            icons.paint(painter, self.station.icon, tone, *corner, size)
        else:
            painter.setBrush(style.colour("surface"))
            painter.setPen(QPen(style.colour("field"), 1.5))
            painter.drawEllipse(middle, radius, radius)
            painter.setFont(style.font(style.SMALL))
            painter.setPen(style.colour("text3"))
            painter.drawText(
                QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius),
                Qt.AlignmentFlag.AlignCenter,
                str(self._place),
            )

    def _words(self, painter: QPainter) -> None:
        now = self.station.state == NOW
        top = style.px(34)
        painter.setFont(style.font(style.BODY, bold=now))
        painter.setPen(style.colour(self.station.tone if now else "text2" if self.station.state == TODO else "text"))
        painter.drawText(QRectF(0, top, self.width(), style.px(20)), Qt.AlignmentFlag.AlignCenter, self.station.word)
        painter.setFont(style.font(style.SMALL))
        painter.setPen(style.colour("text2"))
        for place, words in enumerate(part for part in (self.station.when, self.station.who) if part):
            rect = QRectF(2, top + style.px(19) + place * style.px(15), self.width() - 4, style.px(15))
            shown = style.metrics(style.SMALL).elidedText(words, Qt.TextElideMode.ElideRight, int(rect.width()))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, shown)


class StationLine(QFrame):
    """All stations in equal parts. `round_words` (第 2 轮) stands in front when a case came back."""

    activated = Signal(str)

    def __init__(self, stations: Sequence[Station] = (), round_words: str = "") -> None:
        super().__init__()
        self.setProperty("ground", "card")
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(12, 6, 12, 6)
        self._layout.setSpacing(0)
        self._buttons: list[StationButton] = []
        self._round = label("", "small")
        self._count = label("", "small")
        self._layout.addWidget(self._round)
        self._layout.addWidget(self._count)
        self.show_stations(stations, round_words)

    def show_stations(self, stations: Sequence[Station], round_words: str = "") -> None:
        """Show other states."""
        for old in self._buttons:
            self._layout.removeWidget(old)
            old.hide()
            old.deleteLater()
        states = ["", *(one.state for one in stations), ""]
        self._buttons = [StationButton(one, place, states[place - 1], states[place + 1]) for place, one in enumerate(stations, 1)]
        for made in self._buttons:
            made.clicked.connect(lambda _checked=False, code=made.station.code: self.activated.emit(code))
            self._layout.insertWidget(self._layout.count() - 1, made, 1)
        self._round.setText(round_words)
        self._round.setVisible(bool(round_words))
        self._fold()

    def _fold(self) -> None:
        narrow = self.width() < style.px(NARROW) and len(self._buttons) > 3
        states = [made.station.state for made in self._buttons]
        here = states.index(NOW) if NOW in states else max(0, states.count(DONE) - 1)
        first = min(max(0, here - 1), max(0, len(states) - 3))
        for place, made in enumerate(self._buttons):
            made.setVisible(not narrow or first <= place < first + 3)
        self._count.setText(f"{here + 1}/{len(states)}")
        self._count.setVisible(narrow)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold under 900."""
        super().resizeEvent(event)
        self._fold()

    def minimumSizeHint(self) -> QSize:
        """Three stations."""
        return QSize(style.px(300), style.px(HEIGHT) + 14)

    def buttons(self) -> list[QWidget]:
        """The stations, in order."""
        return list(self._buttons)
