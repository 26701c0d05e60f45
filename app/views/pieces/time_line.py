"""The time line: what happened, with icons along a gutter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.language import _
from app.views import icons, style
from app.views.pieces.basics import button, label, row
from app.views.pieces.pills import Face, Pill

FIRST = 40
"""Entries shown before one asks for more."""
CIRCLE = 22


class Entry(NamedTuple):
    """One event; all words are translated. `target` makes the title a link, `heading` (a month) stands above where it changes."""

    icon: str
    title: str
    note: str
    quote: str = ""
    target: str = ""
    heading: str = ""
    tone: str = "text2"
    pills: tuple[tuple[str, Face], ...] = ()


class _Event(QWidget):
    """An event beside its circle."""

    def __init__(self, entry: Entry, *, last: bool) -> None:
        super().__init__()
        self._entry, self._last = entry, last
        self.layout_ = QVBoxLayout(self)
        self.layout_.setContentsMargins(style.px(CIRCLE) + 10, 2, 0, 12)
        self.layout_.setSpacing(2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Circle with icon, and the line down to the next."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = style.px(CIRCLE) / 2
        middle = QPointF(radius + 1, radius + 1)
        if not self._last:
            painter.fillRect(int(middle.x()), int(2 * radius + 4), 1, self.height(), style.colour("line"))
        painter.setPen(QPen(style.colour("line"), 1))
        painter.setBrush(style.colour("surface"))
        painter.drawEllipse(middle, radius, radius)
        size = style.px(14)
        icons.paint(painter, self._entry.icon, self._entry.tone, middle.x() - size / 2, middle.y() - size / 2, size)
        painter.end()


class TimeLine(QWidget):
    """Events, newest first as given; the first forty, more on asking."""

    opened = Signal(str)

    def __init__(self, entries: Sequence[Entry] = ()) -> None:
        super().__init__()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._entries: list[Entry] = []
        self.show_entries(entries)

    def show_entries(self, entries: Sequence[Entry], shown: int = FIRST) -> None:
        """Show other events."""
        while (item := self._layout.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._entries = list(entries)
        if not self._entries:
            self._layout.addWidget(label(_("Nothing is known yet."), "secondary"))
        heading = ""
        for place, entry in enumerate(self._entries[:shown]):
            if entry.heading != heading:
                heading = entry.heading
                self._layout.addWidget(label(heading, "small"))
                self._layout.addSpacing(6)
            follows = self._entries[place + 1 : place + 2]
            self._layout.addWidget(self._event(entry, last=not follows or follows[0].heading != heading))
        rest = len(self._entries) - shown
        if rest > 0:
            words = _("Show {n} more").format(n=rest)
            more = button(
                words, "link", name="more_events", on_click=lambda: self.show_entries(self._entries, len(self._entries))
            )
            self._layout.addLayout(row(more, None))

    def _event(self, entry: Entry, *, last: bool) -> QWidget:
        made = _Event(entry, last=last)
        if entry.target:
            link = button(entry.title, "link", name=f"event_{entry.target}", on_click=lambda: self.opened.emit(entry.target))
            made.layout_.addLayout(row(link, None))
        else:
            made.layout_.addWidget(label(entry.title, wrap=True, selectable=True))
        if entry.note:
            made.layout_.addWidget(label(entry.note, "hint", wrap=True))
        if entry.quote:
            made.layout_.addWidget(label(entry.quote, "secondary", wrap=True, selectable=True))
        if entry.pills:
            made.layout_.addLayout(row(*(Pill(words, face) for words, face in entry.pills), None, gap=6))
        made.setAccessibleName(f"{entry.title} {entry.note}")
        return made
