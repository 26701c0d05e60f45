"""The list as people use it: keys, copying, choosing columns, widths that are remembered. Rows and painting stand beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView

from app.core import text as gate
from app.core.language import _
from app.views import style
from app.views.table_model import Column, Source, TableModel
from app.views.table_paint import CellPainter
from app.views.table_widths import EXTRA, Widths

ROW, COMPACT, TWO_LINES, HEAD = 36, 30, 50, 32
COPY_CAP = 10_000
SETTLE_MS = 120
"""A selection tells the preview only when the keys rest."""
State = Mapping[str, Any]


class _Head(QHeaderView):
    """Of a fixed height: Qt would lay out the labels of all columns, hidden ones too, to find one."""

    def sizeHint(self) -> QSize:
        """The width is the table's."""
        return QSize(0, style.px(HEAD))


class ListView(QTableView):
    """A table of whole rows over a `TableModel`.

    `state`/`remember`: order, widths, hidden columns and sorting of last time, and who keeps them. `edge`: the list fills
    the page, so its first column starts at the page's edge.
    """

    opened = Signal(int)
    """The id of the row that Enter or a double click opened."""
    rested = Signal(int)
    """The id of the current row once the selection has settled; -1 for none."""
    sort_asked = Signal(str, bool)
    """Column and whether descending; the page gives a new source."""
    copied = Signal(int)
    """How many rows went to the clipboard."""

    def __init__(
        self,
        columns: Sequence[Column],
        now: Callable[[], datetime],
        *,
        state: State | None = None,
        remember: Callable[[dict[str, Any]], None] | None = None,
        edge: bool = True,
        row_height: int = ROW,
        name: str = "list",
    ) -> None:
        super().__init__()
        self.setHorizontalHeader(_Head(Qt.Orientation.Horizontal))
        self.setObjectName(name)
        self.setProperty("edge", "1" if edge else "0")
        self.rows = TableModel(columns, now, self)
        self._cells = CellPainter(self, self.rows, edge=edge)
        self._remember = remember
        self._row_height = row_height
        self._widths = Widths(self.rows, self._cells, self.horizontalHeader())
        self._fitting = False
        self._measured = False
        self._painted = False
        self._typed, self._typed_at = "", QTimer(self)
        self._rest = QTimer(self)
        self._set_up()
        self._set_up_head()
        self.restore(state or {})

    def _set_up(self) -> None:
        self.setModel(self.rows)
        self.setItemDelegate(self._cells)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(20)
        self.set_row_height(self._row_height)
        self.doubleClicked.connect(lambda index: self._open(index.row()))
        for timer, after in ((self._rest, SETTLE_MS), (self._typed_at, 900)):
            timer.setSingleShot(True)
            timer.setInterval(after)
        self._rest.timeout.connect(lambda: self.rested.emit(self.current_id()))
        self._typed_at.timeout.connect(lambda: setattr(self, "_typed", ""))

    def _set_up_head(self) -> None:
        head = self.horizontalHeader()
        head.setSectionsMovable(True)
        head.setSectionsClickable(True)
        head.setHighlightSections(False)
        head.setMinimumSectionSize(40)
        head.setFixedHeight(style.px(HEAD))
        head.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        head.customContextMenuRequested.connect(lambda place: self.choose_columns(head.mapToGlobal(place)))
        head.sectionClicked.connect(self._sort_by)
        head.sectionMoved.connect(lambda *_moved: self._columns_changed())
        head.sectionResized.connect(self._resized)

    def show_source(self, source: Source, *, keep: bool = False) -> None:
        """Show other rows; `keep` stays on the row number where one is (after a change elsewhere)."""
        row = self.currentIndex().row() if keep else -1
        self.rows.show(source)
        if self.rows.rowCount() and not self._measured:
            self._measured = True
            self._widths.forget()
            self.rows.row(0)
            self._fit()
        if self.rows.rowCount():
            self.go_to(min(max(0, row), self.rows.rowCount() - 1))
        else:
            self._rest.start()

    def go_to(self, row: int) -> None:
        """Make a row the current one."""
        first = self.horizontalHeader().logicalIndex(self._first_visual())
        self.setCurrentIndex(self.rows.index(row, max(0, first)))

    def go_to_record(self, record_id: int) -> None:
        """Make the row of a record the current one, if it is at hand."""
        found = next((row for row in self.rows.at_hand() if (self.rows.row(row) or (None,))[0] == record_id), None)
        if found is not None:
            self.go_to(found)

    def current_id(self) -> int:
        """The record's id of the current row; -1 for none."""
        index = self.currentIndex()
        row = self.rows.row(index.row()) if index.isValid() else None
        return int(row[0]) if row else -1

    def selected_ids(self) -> list[int]:
        """Ids of all selected rows, in order."""
        return [int(row[0]) for row in self._selected_rows(COPY_CAP)]

    def count_marked(self) -> int:
        """How many rows are selected; reads none of them."""
        return sum(part.height() for part in self.selectionModel().selection().toList())

    def set_row_height(self, height: int) -> None:
        """36 usually, 30 compact, 50 with two lines."""
        self._row_height = height
        self.verticalHeader().setDefaultSectionSize(style.px(height))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Ctrl+C copies, Home and End go to the first and last row."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not control:
            self._open(self.currentIndex().row())
        elif event.key() == Qt.Key.Key_C and control:
            self.copy()
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and not event.modifiers():
            if self.rows.rowCount():
                self.go_to(0 if event.key() == Qt.Key.Key_Home else self.rows.rowCount() - 1)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Jump to the next row at hand whose sorted (or first) column starts with what is typed; never fetches."""
        self._typed += search
        self._typed_at.start()
        place = max(0, self.rows.place_of(self.rows.sorted_by))
        wanted, here = gate.key(self._typed), self.currentIndex().row()
        at_hand = self.rows.at_hand()
        start = here if len(self._typed) > 1 else here + 1
        ordered = [row for row in at_hand if row >= start] + [row for row in at_hand if row < start]
        found = next((row for row in ordered if gate.key(self.rows.text(row, place)).startswith(wanted)), None)
        if found is not None:
            self.go_to(found)

    def _open(self, row: int) -> None:
        found = self.rows.row(row) if 0 <= row < self.rows.rowCount() else None
        if found is not None:
            self.opened.emit(int(found[0]))

    def selectionChanged(self, selected: Any, deselected: Any) -> None:  # noqa: ANN401
        """Tell once it rests."""
        super().selectionChanged(selected, deselected)
        if self._painted:
            self._rest.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        """What is to be told of the current row waits until the list is seen."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            self._rest.start()

    def copy(self) -> None:
        """The selected rows with the head line, as a table for a spreadsheet or a chat."""
        from app.reports import copied_table  # heavy: only who copies pays for it

        rows, now = self._selected_rows(COPY_CAP), self.rows.now()
        columns = [(place, self.rows.columns[place]) for place in self._visible_places()]
        table = [[copied_table.Cell(_(column.label)) for _place, column in columns]]
        table += [[copied_table.Cell(*column.copied(row[place + 1], now)) for place, column in columns] for row in rows]
        content = QMimeData()
        content.setText(copied_table.as_text(table))
        content.setHtml(copied_table.as_html(table))
        QGuiApplication.clipboard().setMimeData(content)
        self.copied.emit(len(rows))

    def _selected_rows(self, most: int) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = []
        for part in sorted(self.selectionModel().selection().toList(), key=lambda part: part.top()):
            if len(found) < most:
                found += self.rows.rows(part.top(), min(part.bottom(), part.top() + most - len(found) - 1))
        return found

    def _visible_places(self) -> list[int]:
        head = self.horizontalHeader()
        return [place for place in map(head.logicalIndex, range(head.count())) if not head.isSectionHidden(place)]

    def _first_visual(self) -> int:
        head = self.horizontalHeader()
        return next((visual for visual in range(head.count()) if not head.isSectionHidden(head.logicalIndex(visual))), 0)

    def choose_columns(self, place: QPoint) -> None:
        """A menu of all columns to check."""
        self._columns_menu().popup(place)

    def _columns_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        shown = self._visible_places()
        for number, column in enumerate(self.rows.columns):
            one = menu.addAction(_(column.label))
            one.setCheckable(True)
            one.setChecked(number in shown)
            one.setEnabled(len(shown) > 1 or number not in shown)
            one.toggled.connect(lambda on, number=number: self.show_column(number, on))
        menu.addSeparator()
        menu.addAction(_("As at first")).triggered.connect(lambda _checked=False: self._as_at_first())
        return menu

    def show_column(self, place: int, shown: bool) -> None:
        """Show or hide one column."""
        self.horizontalHeader().setSectionHidden(place, not shown)
        self._columns_changed()

    def _as_at_first(self) -> None:
        self.restore({})
        self._columns_changed()

    def restore(self, state: State) -> None:
        """Order, widths and hidden columns as they were; columns that are new stand where they were declared."""
        head, columns = self.horizontalHeader(), self.rows.columns
        head.blockSignals(True)
        widths, shown = state.get("widths", {}), state.get("shown")
        self._widths.by_hand = set(widths)
        for place, column in enumerate(columns):
            head.resizeSection(place, style.px(int(widths.get(column.code, column.width + (EXTRA if place == 0 else 0)))))
            head.setSectionHidden(place, column.code not in shown if shown is not None else not column.shown)
        codes = [column.code for column in columns]
        order = [code for code in state.get("order", ()) if code in codes] or codes
        for visual, code in enumerate(order):
            head.moveSection(head.visualIndex(codes.index(code)), visual)
        head.blockSignals(False)
        self.updateGeometries()
        self._fit()

    def arrangement(self) -> dict[str, Any]:
        """What to remember."""
        head, columns = self.horizontalHeader(), self.rows.columns
        return {
            "order": [columns[head.logicalIndex(visual)].code for visual in range(head.count())],
            "shown": [columns[place].code for place in self._visible_places()],
            "widths": {
                column.code: round(head.sectionSize(place) / style.look().scale)
                for place, column in enumerate(columns)
                if column.code in self._widths.by_hand
            },
        }

    def _columns_changed(self) -> None:
        self._fit()
        if self._remember is not None:
            self._remember(self.arrangement())

    def _resized(self, place: int, _old: int, _new: int) -> None:
        if self._fitting:
            return
        self._widths.by_hand.add(self.rows.columns[place].code)
        self._columns_changed()

    def _fit(self) -> None:
        """Share the room among the columns."""
        visible = self._visible_places()
        if not self.isVisible() or not visible:
            return  # it fits when it is shown
        head = self.horizontalHeader()
        self._cells.first = head.logicalIndex(self._first_visual())
        self._fitting = True
        for place, width in self._widths.shared(visible, self.viewport().width()).items():
            head.resizeSection(place, width)
        self._fitting = False

    def fits(self, room: int) -> bool:
        """Whether all columns that are shown can be seen at once in so many pixels."""
        return self._widths.fit(self._visible_places(), room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The stretching column follows."""
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """What came in or was arranged before is fitted once."""
        super().showEvent(event)
        self._fit()

    def _sort_by(self, place: int) -> None:
        column = self.rows.columns[place]
        if column.sortable:
            descending = not self.rows.descending if self.rows.sorted_by == column.code else False
            self.rows.sort_shown(column.code, descending=descending)
            self.sort_asked.emit(column.code, descending)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The whole row is under the pointer, not a cell."""
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(int(event.position().y())))

    def leaveEvent(self, event: QEvent) -> None:
        """No row is."""
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, row: int) -> None:
        if row == self._cells.hovered:
            return
        for one in (self._cells.hovered, row):
            if one >= 0:
                self.viewport().update(0, self.rowViewportPosition(one), self.viewport().width(), self.rowHeight(one))
        self._cells.hovered = row

    def changeEvent(self, event: QEvent) -> None:
        """Another size of type: measure anew."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._cells.forget()
            self._widths.forget()
            self.set_row_height(self._row_height)
            self.horizontalHeader().setFixedHeight(style.px(HEAD))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open and copy; pages may add to it by `more_actions`."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_("Open record")).triggered.connect(lambda _checked=False: self._open(self.currentIndex().row()))
        menu.addAction(_("Copy as table")).triggered.connect(lambda _checked=False: self.copy())
        self.more_actions(menu)
        menu.popup(event.globalPos())

    def more_actions(self, menu: QMenu) -> None:
        """What a page adds to the menu of a row; replaced on the instance or in a subclass."""
