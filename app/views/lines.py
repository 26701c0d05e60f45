"""A table in which lines are typed: products, losses, remedies. The last row is always an empty one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QObject,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from app.core import fields
from app.core.fields import Field, Kind
from app.core.language import _
from app.views import icons, style
from app.views.autocomplete import Picker, RecordEditor
from app.views.editors import Clock, ComboEditor, TextEditor, plain_enter
from app.views.lines_model import AnyIndex, Line, LinesModel, alignment
from app.views.pieces.basics import label

ROW = 34
LEAST_ROWS, MOST_ROWS = 1, 8


class LineCells(QStyledItemDelegate):
    """Paints and edits the cells."""

    def __init__(self, view: LinesView, model: LinesModel, now: Clock, prompt: str) -> None:
        super().__init__(view)
        self._view, self._model, self._now, self._prompt = view, model, now, prompt

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Words, yes as a tick, what is wrong with a red line below; the empty row prompts."""
        rect: QRect = option.rect
        current = bool(option.state & QStyle.StateFlag.State_HasFocus)
        if option.state & QStyle.StateFlag.State_Selected:  # Qt has painted that, and it says no more than the frame
            painter.fillRect(rect, style.colour("surface"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, style.colour("line"))
        inner = rect.adjusted(10, 0, -10, -1)
        declared, row = self._model.declared[index.column()], index.row()
        if self._model.problem(row, index.column()):
            painter.fillRect(rect.adjusted(0, 0, 0, -1), style.colour("bad-soft"))
            painter.fillRect(rect.left(), rect.bottom() - 1, rect.width(), 2, style.colour("bad"))
        words = self._model.words(row, index.column())
        painter.setFont(style.font())
        painter.setPen(style.colour("text"))
        if row >= len(self._model.lines):
            # The cells beside it are empty: the words may run on, unless they are being replaced.
            words = self._prompt if index.column() == 0 and self._view.indexWidget(index) is None else ""
            inner.setRight(self._view.viewport().width() - 10)
            painter.setPen(style.colour("text3"))
        if declared.kind is Kind.BOOLEAN and words:
            self._tick(painter, inner, self._model.raw(row, index.column()), words)
        else:
            words = style.metrics().elidedText(words.replace("\n", " "), Qt.TextElideMode.ElideRight, inner.width())
            painter.drawText(inner, alignment(declared), words)
        if current:
            painter.setPen(QPen(style.colour("accent"), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -2))

    def _tick(self, painter: QPainter, rect: QRect, raw: object, words: str) -> None:
        size = style.px(14)
        if raw in (True, "true", "yes"):
            icons.paint(painter, "check", "ok", rect.left(), rect.top() + (rect.height() - size) / 2, size)
        painter.drawText(rect.adjusted(size + 5, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, words)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> QWidget:
        """The editor of the field's kind, without a border of its own."""
        declared = self._model.declared[index.column()]
        picker = self._model.pickers.get(declared.refers)
        editor: QWidget
        if declared.kind is Kind.RECORD and picker is not None:
            editor = RecordEditor(declared, picker)
            editor.chosen.connect(partial(self._chosen, editor))
        elif declared.kind is Kind.CHOICE:
            editor = ComboEditor(declared)
        elif declared.kind is Kind.BOOLEAN:
            editor = ComboEditor(declared, fields.YES_NO)
        else:
            editor = TextEditor(declared, self._now)
        editor.setProperty("cell", "1")
        editor.setParent(parent)
        parent.update()
        editor.setAccessibleName(_(declared.label))
        return editor

    def setEditorData(self, editor: QWidget, index: AnyIndex) -> None:
        """What stands in the cell."""
        value = self._model.raw(index.row(), index.column())
        if isinstance(value, bool):
            value = "true" if value else "false"
        editor.set_value(value)  # type: ignore[attr-defined]
        if hasattr(editor, "selectAll"):
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: AnyIndex) -> None:
        """Take what was typed."""
        if hasattr(editor, "settle"):
            editor.settle()
        value = editor.value()  # type: ignore[attr-defined]
        if self._model.declared[index.column()].kind is Kind.BOOLEAN:
            value = {"true": True, "false": False}.get(value)
        self._model.setData(index, value)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Over the whole cell; text right-aligned or not stays where it was painted."""
        editor.setGeometry(option.rect.adjusted(0, 0, 0, -1))

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Enter and Tab commit and move on; several lines are pasted into rows. Who leaves to add a record comes back."""
        if isinstance(editor, RecordEditor) and editor.adding:
            return False
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(editor, QWidget):
            if isinstance(editor, RecordEditor) and editor.is_open() and event.key() != Qt.Key.Key_Tab:
                return False
            if plain_enter(event) or event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                self._commit(editor)
                self._view.move_on(back=event.key() == Qt.Key.Key_Backtab)
                return True
            if event.matches(QKeySequence.StandardKey.Paste) and _is_table(QGuiApplication.clipboard().text()):
                self._commit(editor)
                self._view.paste()
                return True
            if self._view.line_key(event):
                return True
        return super().eventFilter(editor, event)

    def _chosen(self, editor: QWidget, _number: str) -> None:
        self._commit(editor)
        self._view.move_on()

    def _commit(self, editor: QWidget) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.NoHint)

    def helpEvent(self, event: Any, view: QAbstractItemView, option: QStyleOptionViewItem, index: AnyIndex) -> bool:  # noqa: ANN401
        """What is wrong, else the whole text."""
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return False
        text = self._model.problem(index.row(), index.column()) or self._model.words(index.row(), index.column())
        QToolTip.showText(event.globalPos(), text.replace("<", "&lt;"), view)
        return True


class LinesView(QTableView):
    """The keys of the table."""

    removed = Signal(int, object)

    def __init__(self, model: LinesModel, now: Clock, prompt: str) -> None:
        super().__init__()
        self._lines = model
        self.setProperty("framed", "1")
        self.setModel(model)
        self._cells = LineCells(self, model, now, prompt)
        self.setItemDelegate(self._cells)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.AnyKeyPressed | triggers.EditKeyPressed | triggers.DoubleClicked | triggers.SelectedClicked)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(style.px(ROW))
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setFixedHeight(style.px(32))
        head.setMinimumSectionSize(40)
        head.setStretchLastSection(True)

    def sizeHint(self) -> QSize:
        """High enough for its lines, up to eight."""
        rows = min(MOST_ROWS, max(LEAST_ROWS, self._lines.rowCount()))
        wide = self.horizontalHeader().length() > self.viewport().width()
        return QSize(200, style.px(32) + rows * style.px(ROW) + 2 + (12 if wide else 0))

    def fit(self) -> None:
        """Follow the number of lines."""
        self.setFixedHeight(self.sizeHint().height())

    def _share(self) -> None:
        """Columns as declared where there is room, else narrower in proportion, but never than their heads."""
        head, room = self.horizontalHeader(), self.viewport().width()
        small = style.metrics(style.SMALL)
        titles = [str(self._lines.headerData(place, Qt.Orientation.Horizontal)) for place in range(self._lines.columnCount())]
        least = [small.horizontalAdvance(title) + 24 for title in titles]
        more = [max(0, style.px(one.width) - narrow) for one, narrow in zip(self._lines.declared, least, strict=True)]
        part = min(1.0, max(0.0, (room - sum(least)) / max(1, sum(more))))
        for place, (narrow, extra) in enumerate(zip(least, more, strict=True)):
            head.resizeSection(place, narrow + int(extra * part))

    def resizeEvent(self, event: Any) -> None:  # noqa: ANN401 - QResizeEvent
        """Another width may need a scroll bar."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._share()
        self.fit()

    def move_on(self, *, back: bool = False) -> None:
        """To the next cell, wrapping to the next line; from the empty line on to the next widget."""
        index = self.currentIndex()
        place = index.row() * self._lines.columnCount() + index.column() + (-1 if back else 1)
        leaving = not back and index.row() >= len(self._lines.lines)
        if leaving or place < 0:
            self.setFocus()
            self.focusNextPrevChild(not back) if back else self.leave()
            return
        row, column = divmod(place, self._lines.columnCount())
        self.setCurrentIndex(self._lines.index(row, column))
        self.setFocus()
        if row < len(self._lines.lines) or column == 0:
            self.edit(self.currentIndex())

    def leave(self) -> None:
        """Go on behind the table."""
        self.setTabKeyNavigation(False)
        self.focusNextChild()
        self.setTabKeyNavigation(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter edits, or on the empty line leaves; Ctrl+Delete removes, Ctrl+V fills."""
        index = self.currentIndex()
        if self.line_key(event):
            return
        if plain_enter(event):
            self.edit(index) if index.isValid() and self._lines.writable else self.leave()
        elif event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self.move_on(back=event.key() == Qt.Key.Key_Backtab)
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste() if self._lines.writable else None
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and index.isValid() and self._lines.writable:
            self._lines.setData(index, None)
        else:
            super().keyPressEvent(event)

    def line_key(self, event: QKeyEvent) -> bool:
        """Ctrl+Delete, in a cell or on it."""
        if event.key() == Qt.Key.Key_Delete and event.modifiers() == Qt.KeyboardModifier.ControlModifier and self._lines.writable:
            row = self.currentIndex().row()
            self.setFocus()
            taken = self._lines.remove(row)
            if taken is not None:
                self.removed.emit(row, taken)
            return True
        return False

    def focusInEvent(self, event: Any) -> None:  # noqa: ANN401 - QFocusEvent
        """Coming by Tab one is in the first cell."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid():
            self.setCurrentIndex(self._lines.index(0, 0))

    def paste(self) -> None:
        """Rows and cells of the clipboard from the current cell on; a word that names no one record is typed, for the list."""
        start = self.currentIndex()
        rows = [line.split("\t") for line in QGuiApplication.clipboard().text().replace("\r", "").rstrip("\n").split("\n")]
        if [len(cells) for cells in rows] == [1] and self._picker(start.column()) and not self._meant(start.column(), rows[0][0]):
            self.edit(start)
            if isinstance(editor := QApplication.focusWidget(), RecordEditor):
                editor.paste()
            return
        for down, cells in enumerate(rows):
            for right, text in enumerate(cells):
                column = max(0, start.column()) + right
                if column < self._lines.columnCount():
                    self._take(max(0, start.row()) + down, column, text.strip())

    def _picker(self, column: int) -> Picker | None:
        return self._lines.pickers.get(self._lines.declared[column].refers)

    def _meant(self, column: int, text: str) -> str:
        """The number of the only record of that name or number; else empty."""
        picker = self._picker(column)
        fitting = [one for one in picker.suggest(text) if text in (one.title, one.number)] if picker and text else []
        return fitting[0].number if len(fitting) == 1 else ""

    def _take(self, row: int, column: int, text: str) -> None:
        value = self._meant(column, text) or text or None
        self._lines.setData(self._lines.index(min(row, self._lines.rowCount() - 1), column), value)


def _is_table(text: str) -> bool:
    return "\t" in text or "\n" in text.strip("\r\n")


class LinesEditor(QWidget):
    """The table as an editor of a form: `value` is a list of lines."""

    edited = Signal()
    undoable = Signal(str, object)

    def __init__(
        self,
        code: str,
        declared: Sequence[Field],
        now: Clock,
        pickers: Mapping[str, Picker],
        columns: Sequence[str] = (),
        prompt: str = "",
    ) -> None:
        super().__init__()
        shown = [one for name in columns for one in declared if one.code == name] or list(declared)
        self._code = code
        self._model = LinesModel(shown, now, pickers, self)
        self.view = LinesView(self._model, now, prompt)
        self.view.setObjectName(code)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(self.view)
        self._note = label("", "error", wrap=True)
        layout.addWidget(self._note)
        self._note.hide()
        self._model.edited.connect(self._say)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._model.edited.connect(self.edited)
        self.view.removed.connect(self._removed)
        for signal in (self._model.rowsInserted, self._model.rowsRemoved, self._model.modelReset):
            signal.connect(lambda *_told: self.view.fit())
        self.view.fit()

    def model(self) -> LinesModel:
        """The lines."""
        return self._model

    def value(self) -> list[Line]:
        """Lines in which something stands, with all their values, also those not shown."""
        return self._model.filled()

    def set_value(self, lines: object) -> None:
        """Show lines."""
        self._model.set_lines(lines if isinstance(lines, (list, tuple)) else [])

    def set_errors(self, errors: Mapping[str, str]) -> None:
        """Sentences by `code[row].field`."""
        self._model.errors = {}
        for key, sentence in errors.items():
            place, _dot, name = key.partition(".")
            number = place.partition("[")[2].rstrip("]")
            if number.isdigit():
                self._model.errors[(int(number), name)] = sentence
        self.view.viewport().update()
        self._say()
        if self._model.errors:
            row, name = next(iter(self._model.errors))
            codes = [one.code for one in self._model.declared]
            self.view.setCurrentIndex(self._model.index(row, codes.index(name) if name in codes else 0))

    def _say(self) -> None:
        """The first thing that is wrong, in words below the table."""
        rows, columns = len(self._model.lines), self._model.columnCount()
        cells = ((row, column) for row in range(rows) for column in range(columns))
        first = next(((row, column) for row, column in cells if self._model.problem(row, column)), None)
        self._note.setVisible(first is not None or bool(self._model.errors))
        if first is None and self._model.errors:  # of a column that is not seen here
            (place, _code), sentence = next(iter(self._model.errors.items()))
            self._note.setText(_("Line {n}: {sentence}").format(n=place + 1, sentence=sentence))
        if first is not None:
            name = _(self._model.declared[first[1]].label)
            sentence = self._model.problem(*first).removeprefix(_("{field}: {sentence}").format(field=name, sentence=""))
            self._note.setText(_("Line {n}, {field}: {sentence}").format(n=first[0] + 1, field=name, sentence=sentence))

    def faulty(self) -> bool:
        """Whether a cell cannot be read, or something was refused."""
        if self._model.errors:
            return True
        rows, columns = len(self._model.lines), self._model.columnCount()
        return any(self._model.problem(row, column) for row in range(rows) for column in range(columns))

    def set_read_only(self) -> None:
        """Show only."""
        self._model.beginResetModel()
        self._model.writable = False
        self._model.endResetModel()

    def _removed(self, row: int, line: Line) -> None:
        self.undoable.emit(_("Line {n} removed").format(n=row + 1), lambda: self._model.put_back(row, line))
