"""How the cells of lists are painted: text, two lines, pill, due time, amounts; one delegate for all tables."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from app.core import formats
from app.core.fields import Kind
from app.core.times import Moment, day_of
from app.views import icons, style
from app.views.due_words import is_late, overdue
from app.views.pieces.pills import face, paint_pill
from app.views.pieces.pills import width as pill_width
from app.views.table_model import Column, TableModel
from app.views.tips import tip

PADDING = 12
EDGE = 24
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def due_face(value: Moment, now: datetime) -> tuple[str, str, str]:
    """Colour, icon and kind of a time until which: late, today, later. `now` is local."""
    if is_late(value, now):
        return "bad", "alert-triangle", "late"
    if now.tzinfo is not None and day_of(value, now.tzinfo) == now.date():
        return "warn", "clock", "today"
    return "text2", "calendar", "later"


def _marks() -> int:
    """The room of an icon before words."""
    return style.px(14) + 6


class CellPainter(QStyledItemDelegate):
    """Paints whole rows: ground, line below, accent bar; then each cell by its column's face."""

    def __init__(self, view: QAbstractItemView, model: TableModel, *, edge: bool) -> None:
        super().__init__(view)
        self._view, self._model, self._edge = view, model, edge
        self.hovered = -1
        self.first = 0
        """The column that is shown first, which gets edge and bar."""
        self._elided: dict[tuple[str, int, int, bool], str] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Heights are the view's."""
        return QSize(self._model.columns[index.column()].width, style.px(36))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """One cell."""
        rect: QRect = option.rect
        selected = self._view.selectionModel().isSelected(index)
        row, place = index.row(), index.column()
        if selected:
            painter.fillRect(rect, style.colour("accent-soft"))
        elif row == self.hovered:
            painter.fillRect(rect, style.colour("hover"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, style.colour("line"))
        if selected and place == self.first:
            painter.fillRect(rect.left(), rect.top(), 3, rect.height(), style.colour("accent"))
        column = self._model.columns[place]
        inner = rect.adjusted(self._left(place), 0, -PADDING, -1)
        value = self._model.value(row, place)
        if value is None or value == "":
            self._words(painter, inner, column.text(value, self._model.now()), column, "text3")
        elif column.face == "pill":
            self._pill(painter, inner, column, value, selected)
        elif column.face == "due" and isinstance(value, date) and self._model.pressing(row, place):
            self._due(painter, inner, value)
        elif column.face == "until" and value < self._model.now().date():
            self._marked(painter, inner, "bad", "alert-triangle", column.text(value, self._model.now()))
        elif column.second:
            self._two(painter, inner, row, column, value)
        else:
            token = "text3" if column.face == "due" else ""
            self._words(painter, inner, self.fitting(row, place, inner.width()), column, token)

    def fitting(self, row: int, place: int, room: int) -> str:
        """The words of a cell; of a day or time that has no room the brief ones."""
        column, value, now = self._model.columns[place], self._model.value(row, place), self._model.now()
        words = column.text(value, now)
        return column.text(value, now, brief=True) if column.dated and style.width(words) > room else words

    def _left(self, place: int) -> int:
        return EDGE if self._edge and place == self.first else PADDING

    def _words(self, painter: QPainter, rect: QRect, text: str, column: Column, token: str = "") -> None:
        strong = column.face == "strong"
        painter.setFont(style.font(style.BODY, bold=True) if strong else self._view.font())
        painter.setPen(style.colour(token or ("text2" if column.face == "soft" else "text")))
        painter.drawText(rect, _RIGHT if column.right else _LEFT, self.elided(text, rect.width(), style.BODY, strong))

    def _two(self, painter: QPainter, rect: QRect, row: int, column: Column, value: Any) -> None:  # noqa: ANN401
        middle = rect.top() + rect.height() // 2 + 2
        upper = QRect(rect.left(), rect.top() + 4, rect.width(), middle - rect.top() - 4)
        self._words(painter, upper, column.text(value, self._model.now()), column)
        painter.setFont(style.font(style.SMALL))
        painter.setPen(style.colour("text3"))
        below = self._model.text(row, self._model.place_of(column.second))
        lower = QRect(rect.left(), middle, rect.width(), rect.bottom() - middle - 4)
        painter.drawText(lower, _LEFT, self.elided(below, rect.width(), style.SMALL, False))

    def _pill(self, painter: QPainter, rect: QRect, column: Column, value: Any, selected: bool) -> None:  # noqa: ANN401
        word = column.text(value, self._model.now())
        room = rect.width() - style.px(14) - 22
        top = rect.top() + (rect.height() - style.px(22)) / 2
        shape = face(column.pills or column.code, str(value))
        paint_pill(painter, shape, self.elided(word, room, style.SMALL, False), rect.left(), top, on_selected=selected)

    def _due(self, painter: QPainter, rect: QRect, value: Moment) -> None:
        now = self._model.now()
        token, icon, _state = due_face(value, now)
        words = self._due_words(value)
        if style.width(words) > rect.width() - _marks():
            words = self._due_words(value, brief=True)
        self._marked(painter, rect, token, icon, words)

    def _marked(self, painter: QPainter, rect: QRect, token: str, icon: str, words: str) -> None:
        """Words behind an icon, in the colour of both."""
        size = style.px(14)
        icons.paint(painter, icon, token, rect.left(), rect.top() + (rect.height() - size) / 2 + 1, size)
        painter.setFont(self._view.font())
        painter.setPen(style.colour(token))
        rest = rect.adjusted(size + 6, 0, 0, 0)
        painter.drawText(rest, _LEFT, self.elided(words, rest.width(), style.BODY, False))

    def elided(self, text: str, width: int, size: int, bold: bool) -> str:
        """The text as far as it fits; line breaks become blanks."""
        key = (text, width, size, bold)
        found = self._elided.get(key)
        if found is None:
            if len(self._elided) > 4000:
                self._elided.clear()
            # What lies far behind the edge need not be measured.
            plain = text[:400].replace("\n", " ")
            if style.width(plain, size, bold=bold) > width:
                plain = style.metrics(size, bold=bold).elidedText(plain, Qt.TextElideMode.ElideRight, width)
            found = self._elided[key] = plain
        return found

    def wide(self, row: int, place: int, *, brief: bool = False) -> int:
        """What a cell needs, paddings included; `brief`: with the day alone of a time of another year."""
        column, value = self._model.columns[place], self._model.value(row, place)
        if value is None or value == "":
            return 0
        if column.face == "pill":
            return pill_width(column.text(value, self._model.now())) + 2 * PADDING
        pressing = column.face == "due" and isinstance(value, date) and self._model.pressing(row, place)
        return self._wide(column, value, brief=brief, pressing=pressing)

    def widest(self, place: int, *, brief: bool) -> int:
        """What a cell of days or times needs that are of another year, whichever rows are at hand; 0 of other columns."""
        column, now = self._model.columns[place], self._model.now()
        if not column.dated:
            return 0
        marked = column.face in ("due", "until")
        days = formats.farthest(now, timed=column.kind is Kind.MOMENT)
        return max(self._wide(column, one, brief=brief) for one in days) + (_marks() if marked else 0)

    def _wide(self, column: Column, value: Any, *, brief: bool, pressing: bool = False) -> int:  # noqa: ANN401
        brief = brief and isinstance(value, date) and formats.of_other_year(value, self._model.now())
        if pressing:
            return style.width(self._due_words(value, brief=brief)) + _marks() + 2 * PADDING + 2
        words = column.text(value, self._model.now(), brief=brief)[:60]
        return style.width(words, bold=column.face == "strong") + 2 * PADDING + 2

    def _due_words(self, value: Moment, *, brief: bool = False) -> str:
        now = self._model.now()
        if due_face(value, now)[2] == "late":
            return overdue(value, now)
        return formats.brief(value, now) if brief else formats.near(value, now)

    def forget(self) -> None:
        """Measures changed with the size of type."""
        self._elided.clear()

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> bool:
        """The whole text where a cell shows only its beginning."""
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return False
        text = self._model.text(index.row(), index.column())
        whole = view.visualRect(self._model.index(index.row(), index.column()))
        room = whole.width() - self._left(index.column()) - PADDING
        wide = "\n" in text or style.metrics().horizontalAdvance(text[:400]) > room
        QToolTip.showText(event.globalPos(), tip(text) if wide else "", view)
        return True
