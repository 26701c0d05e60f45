"""The lines of an editable table as typed, with one empty row behind them. Painting and keys stand in `lines`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from app.core import fields, formats
from app.core.errors import UserError
from app.core.fields import Field, Kind
from app.core.language import _
from app.views.autocomplete import Picker
from app.views.editors import Clock
from app.views.table_model import RIGHT

Line = dict[str, Any]
AnyIndex = QModelIndex | QPersistentModelIndex
EDIT = Qt.ItemDataRole.EditRole


class LinesModel(QAbstractTableModel):
    """The lines as typed, and one empty row behind them."""

    edited = Signal()

    def __init__(self, declared: Sequence[Field], now: Clock, pickers: Mapping[str, Picker], parent: QObject) -> None:
        super().__init__(parent)
        self.declared = tuple(declared)
        self._now, self.pickers = now, pickers
        self.lines: list[Line] = []
        self.errors: dict[tuple[int, str], str] = {}
        self.writable = True
        self._names: dict[tuple[str, str], str] = {}

    def set_lines(self, lines: Sequence[Mapping[str, Any]]) -> None:
        """Show these."""
        self.beginResetModel()
        self.lines = [dict(line) for line in lines]
        self.errors = {}
        self.endResetModel()

    def filled(self) -> list[Line]:
        """Lines in which something stands."""
        return [line for line in self.lines if any(value not in (None, "") for value in line.values())]

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """The empty row is one more."""
        return 0 if parent.isValid() else len(self.lines) + (1 if self.writable else 0)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """One per field."""
        return 0 if parent.isValid() else len(self.declared)

    def raw(self, row: int, column: int) -> Any:  # noqa: ANN401 - as typed
        """What stands in a cell."""
        return self.lines[row].get(self.declared[column].code) if row < len(self.lines) else None

    def words(self, row: int, column: int) -> str:
        """The cell as shown: what can be read in full, what cannot as typed."""
        declared, raw = self.declared[column], self.raw(row, column)
        if raw is None:
            return ""
        if declared.kind is Kind.RECORD:
            return self._name(declared.refers, str(raw)) or str(raw)
        try:
            return formats.show(declared, fields.read(declared, raw, self._now()), self._now())
        except UserError:
            return str(raw)

    def _name(self, kind: str, number: str) -> str:
        """Empty where the record is not known."""
        picker = self.pickers.get(kind)
        key = (kind, number)
        if picker is not None and key not in self._names:
            self._names[key] = picker.name_of(number)
        return self._names.get(key, "")

    def problem(self, row: int, column: int) -> str:
        """What is wrong with a cell: that no record is chosen, the model's sentence, else what cannot be read."""
        declared, raw = self.declared[column], self.raw(row, column)
        told = self.errors.get((row, declared.code), "")
        if declared.kind is Kind.RECORD:
            return self._unchosen(row, column) or told
        if told or raw is None:
            return told
        try:
            fields.read(declared, raw, self._now())
        except UserError as error:
            return str(error)
        return ""

    def _unchosen(self, row: int, column: int) -> str:
        """The sentence about a cell whose text names no record yet."""
        kind, text = self.declared[column].refers, str(self.raw(row, column) or "")
        picker = self.pickers.get(kind)
        return picker.unchosen(text) if picker is not None and text and not self._name(kind, text) else ""

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - by role
        """Words, raw values and sentences."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.words(index.row(), index.column())
        if role == EDIT:
            return self.raw(index.row(), index.column())
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return self.problem(index.row(), index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return alignment(self.declared[index.column()])
        return None

    def setData(self, index: AnyIndex, value: Any, role: int = EDIT) -> bool:  # noqa: ANN401 - as typed
        """Take what was typed; in the empty row it begins a line."""
        if role != EDIT or not index.isValid():
            return False
        code = self.declared[index.column()].code
        if value in (None, "") and index.row() >= len(self.lines):
            return True
        if index.row() >= len(self.lines):
            self.beginInsertRows(QModelIndex(), len(self.lines) + 1, len(self.lines) + 1)
            self.lines.append({})
            self.endInsertRows()
        if self.lines[index.row()].get(code) != value:
            self.lines[index.row()][code] = value
            self.errors.pop((index.row(), code), None)
            self.dataChanged.emit(self.index(index.row(), 0), self.index(index.row(), len(self.declared) - 1))
            self.edited.emit()
        return True

    def remove(self, row: int) -> Line | None:
        """Take a line out; None where there is none."""
        if not 0 <= row < len(self.lines):
            return None
        self.beginRemoveRows(QModelIndex(), row, row)
        taken = self.lines.pop(row)
        self.errors = {}
        self.endRemoveRows()
        self.edited.emit()
        return taken

    def put_back(self, row: int, line: Line) -> None:
        """Undo a removal."""
        row = min(row, len(self.lines))
        self.beginInsertRows(QModelIndex(), row, row)
        self.lines.insert(row, line)
        self.endInsertRows()
        self.edited.emit()

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """All cells can be typed into."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return usual | Qt.ItemFlag.ItemIsEditable if self.writable else usual

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Labels, a star before required ones."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.declared):
            return None
        declared = self.declared[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return ("* " if declared.required else "") + _(declared.label)
        return alignment(declared) if role == Qt.ItemDataRole.TextAlignmentRole else None


def alignment(declared: Field) -> Qt.AlignmentFlag:
    """Amounts and counts at the right."""
    side = Qt.AlignmentFlag.AlignRight if declared.kind in RIGHT else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
