"""How wide the columns of a list are: as the person left them, as declared, or as their words need where there is little room."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView

from app.core.fields import Kind
from app.views import style
from app.views.table_model import TableModel
from app.views.table_paint import CellPainter

LEAST_STRETCHED, WANTED_STRETCHED, LEAST = 160, 240, 64
SQUEEZED = (Kind.TEXT, Kind.CHOICE, Kind.TAGS, Kind.RECORD)
MEASURED = 40
"""Rows whose words decide how wide a column must be."""
EXTRA = 12
"""The first column starts further in, at the page's edge."""
_MOST = 0.7
"""The share of what columns of words could do without that is taken from them."""


class _Room(Enum):
    """How much of it there is. Where there is none, times of other years are shown without the clock."""

    WIDE = 1
    SCARCE = 2
    NONE = 3


class Widths:
    """By the place of a column among those declared."""

    def __init__(self, rows: TableModel, cells: CellPainter, head: QHeaderView) -> None:
        self._rows, self._cells, self._head = rows, cells, head
        self.by_hand: set[str] = set()
        """Columns whose width a person chose."""
        self._needs: dict[tuple[int, bool], int] = {}

    def forget(self) -> None:
        """Other rows, or another size of type: measure anew."""
        self._needs.clear()

    def shared(self, visible: Sequence[int], room: int) -> dict[int, int]:
        """What is left goes to the column that stretches; where little is, the others get what their words need."""
        place, least = self._stretched(visible)
        widths = self._widths(visible, _Room.WIDE)
        if sum(widths.values()) + style.px(WANTED_STRETCHED) > room:
            widths = self._widths(visible, _Room.SCARCE)
            if self._least(widths) + least > room:
                widths = self._widths(visible, _Room.NONE)
            self._squeeze(widths, sum(widths.values()) + least - room)
        return widths | {place: max(least, room - sum(widths.values()))}

    def fit(self, visible: Sequence[int], room: int) -> bool:
        """Whether all of them can be seen at once in so many pixels."""
        _place, least = self._stretched(visible)
        return self._least(self._widths(visible, _Room.NONE)) + least <= room

    def _widths(self, visible: Sequence[int], room: _Room) -> dict[int, int]:
        """Of all but the column that stretches."""
        place, _least = self._stretched(visible)
        return {other: self._width(other, room) for other in visible if other != place}

    def _least(self, widths: dict[int, int]) -> float:
        """What is left of widths once the columns of words gave what they can."""
        return sum(widths.values()) - _MOST * sum(self._spare(widths).values())

    def _stretched(self, visible: Sequence[int]) -> tuple[int, int]:
        """The column that stretches, and what it gets at least."""
        place = next((place for place in visible if self._rows.columns[place].stretch), visible[-1])
        return place, style.px(min(LEAST_STRETCHED, self._rows.columns[place].width))

    def _squeeze(self, widths: dict[int, int], over: int) -> None:
        """Take what is too much from columns of words, before hiding a column behind a scroll bar."""
        spare = self._spare(widths)
        if 0 < over <= sum(spare.values()) * _MOST:
            for place, some in spare.items():
                widths[place] -= -(-some * over // sum(spare.values()))

    def _spare(self, widths: dict[int, int]) -> dict[int, int]:
        """What columns of words (not names, numbers, times) could do without."""
        return {
            place: max(0, width - max(style.px(LEAST), self._head_width(place)))
            for place, width in widths.items()
            if not self._chosen(place) and self._rows.columns[place].kind in SQUEEZED and self._rows.columns[place].face == "text"
        }

    def _chosen(self, place: int) -> bool:
        return self._rows.columns[place].code in self.by_hand

    def _head_width(self, place: int) -> int:
        title = str(self._rows.headerData(place, Qt.Orientation.Horizontal))
        return style.width(title, style.SMALL) + 26

    def _width(self, place: int, room: _Room) -> int:
        """Of a column: as the person left it, else as declared, wider or (where room is scarce) narrower as its words ask."""
        column = self._rows.columns[place]
        if self._chosen(place):
            return self._head.sectionSize(place)
        declared, needed = style.px(column.width), self._needed(place, brief=room is _Room.NONE)
        # A status is icon, word and colour: its word is not cut. Nor is a day, which would be another one.
        whole = column.face == "pill" or column.dated
        wanted = needed if whole else max(self._head_width(place), min(needed, round(declared * 1.4)))
        return (max(declared, wanted) if room is _Room.WIDE else wanted) + (EXTRA if self._cells.first == place else 0)

    def _needed(self, place: int, *, brief: bool) -> int:
        """What the words of a column's first rows and its head need; of days and times, what any of them could."""
        if (place, brief) not in self._needs:
            rows = [self._cells.wide(row, place, brief=brief) for row in self._rows.at_hand()[:MEASURED]]
            usual = self._rows.columns[place].width
            self._needs[place, brief] = max(max(rows, default=usual), self._cells.widest(place, brief=brief))
        return max(self._needs[place, brief], self._head_width(place))
