"""The one model behind all lists: rows fetched a page at a time from a source, any page at once, few kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.core import formats
from app.core.fields import Field, Kind
from app.core.language import _
from app.views.due_words import is_late, overdue

PAGE = 100
KEPT = 24
"""Pages in memory: some screens around where one is."""
RIGHT = (Kind.MONEY, Kind.QUANTITY, Kind.INTEGER)
Index = QModelIndex | QPersistentModelIndex


class Source(Protocol):
    """Where rows come from. A row is the record's id, then one value per column of the table."""

    def count(self) -> int:
        """How many rows there are."""

    def page(self, offset: int, limit: int) -> Sequence[tuple[Any, ...]]:
        """Rows from `offset` on."""


class Rows:
    """A source of rows that are at hand already."""

    def __init__(self, rows: Sequence[tuple[Any, ...]] = ()) -> None:
        self._rows = rows

    def count(self) -> int:
        """All of them."""
        return len(self._rows)

    def page(self, offset: int, limit: int) -> Sequence[tuple[Any, ...]]:
        """A slice."""
        return self._rows[offset : offset + limit]


class Column(NamedTuple):
    """A column: `label` is English and translated where shown.

    `face`: how its cells are painted: text, strong, soft (secondary), pill, due (until which), until (valid so long).
    `second`: below it.
    `pills`: under which field of the pill faces its codes are looked up.
    """

    code: str
    label: str
    kind: Kind = Kind.TEXT
    width: int = 120
    face: str = "text"
    sortable: bool = False
    shown: bool = True
    stretch: bool = False
    second: str = ""
    pills: str = ""
    kept_by: tuple[str, ...] = ()
    """Of a due time: the columns of which one is filled once it no longer presses."""
    declared: Field | None = None

    @property
    def right(self) -> bool:
        """Whether values stand at the right: amounts and counts."""
        return self.kind in RIGHT

    @property
    def dated(self) -> bool:
        """Whether values are days or times."""
        return self.kind in (Kind.MOMENT, Kind.DATE)

    def text(self, value: Any, now: datetime, *, brief: bool = False) -> str:  # noqa: ANN401 - a value of any kind
        """The value in the user's words; `brief`: as a narrow column shows it."""
        if value is None:
            return "—" if self.right else ""
        if self.dated and not isinstance(value, str):
            return formats.brief(value, now) if brief else formats.near(value, now)
        if self.declared is not None:
            return formats.show(self.declared, value, now)
        return str(value)

    def copied(self, value: Any, now: datetime) -> tuple[str, Any]:  # noqa: ANN401
        """The words for a spreadsheet, with the date in full, and the number, day or local time behind them; None of text."""
        if value is None:
            return "", None
        if isinstance(value, date):
            local = value.astimezone(now.tzinfo) if isinstance(value, datetime) else value
            return formats.moment(value, now.tzinfo or UTC), local
        return self.text(value, now), value if self.right and isinstance(value, int | Decimal) else None


def column_of(declared: Field, *, shown: bool = True, **special: Any) -> Column:  # noqa: ANN401 - the attributes of Column
    """The column of a declared field; `special` says what differs."""
    usual: dict[str, Any] = {
        "code": declared.code,
        "label": declared.label,
        "kind": declared.kind,
        "width": declared.width,
        "sortable": declared.indexed,
        "stretch": declared.kind is Kind.MEMO,
        "shown": shown,
        "declared": declared,
    }
    if declared.code in ("status", "severity"):
        usual |= {"face": "pill", "pills": declared.code}
    elif declared.code == "promised_at":
        usual |= {"face": "due", "kept_by": ("replied_at", "closed_at")}
    elif declared.code == "number":
        usual["face"] = "soft"
    return Column(**(usual | special))


class TableModel(QAbstractTableModel):
    """Read only. Never asks for rows that are not shown; a failing source raises out of the slot, as any fault does."""

    def __init__(self, columns: Sequence[Column], now: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._places = {column.code: place for place, column in enumerate(self.columns)}
        self._now = now
        self._source: Source = Rows()
        self._count = 0
        self._pages: OrderedDict[int, Sequence[tuple[Any, ...]]] = OrderedDict()
        self._today = now()
        self.sorted_by = ""
        self.descending = False

    def show(self, source: Source) -> None:
        """Show the rows of a source, from the first on."""
        self.beginResetModel()
        self._source = source
        self._count = source.count()
        self._pages.clear()
        self._today = self._now()
        self.endResetModel()

    def reload(self) -> None:
        """Ask the same source again."""
        self.show(self._source)

    def sort_shown(self, code: str, *, descending: bool) -> None:
        """Say in the head what the source sorts by."""
        self.sorted_by, self.descending = code, descending
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, max(0, len(self.columns) - 1))

    def row(self, number: int) -> tuple[Any, ...] | None:
        """Row `number`; None where the source has become shorter meanwhile."""
        page, place = divmod(number, PAGE)
        rows = self._pages.get(page)
        if rows is None:
            rows = self._pages[page] = self._source.page(page * PAGE, PAGE)
            if len(self._pages) > KEPT:
                self._pages.popitem(last=False)
        else:
            self._pages.move_to_end(page)
        return rows[place] if place < len(rows) else None

    def rows(self, first: int, last: int) -> list[tuple[Any, ...]]:
        """Rows first … last, both included, without keeping them."""
        return list(self._source.page(first, last - first + 1))

    def at_hand(self) -> list[int]:
        """Numbers of the rows in memory, in order."""
        return sorted(page * PAGE + place for page, rows in self._pages.items() for place in range(len(rows)))

    def value(self, row: int, column: int) -> Any:  # noqa: ANN401
        """The value behind a cell."""
        found = self.row(row)
        return None if found is None else found[column + 1]

    def text(self, row: int, column: int) -> str:
        """The words of a cell."""
        return self.columns[column].text(self.value(row, column), self._today)

    def spoken(self, row: int, column: int) -> str:
        """The words of a cell with those below it, and that it is overdue; its head is told by the table."""
        one, value = self.columns[column], self.value(row, column)
        words = [self.text(row, column)]
        if one.second and words[0]:
            words.append(self.text(row, self.place_of(one.second)))
        if one.face == "due" and isinstance(value, date) and self.pressing(row, column) and is_late(value, self._today):
            words.insert(0, overdue(value, self._today))
        return _(", ").join(word for word in words if word)

    def pressing(self, row: int, column: int) -> bool:
        """Whether a due time still is one: not kept yet, and the record not void."""
        over = any(
            self.value(row, place) is not None for code in self.columns[column].kept_by if (place := self.place_of(code)) >= 0
        )
        status = self.place_of("status")
        return not over and (status < 0 or self.value(row, status) != "voided")

    def now(self) -> datetime:
        """The moment that words like 今天 are meant from."""
        return self._today

    def place_of(self, code: str) -> int:
        """The number of a column; -1 where there is none."""
        return self._places.get(code, -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Known without fetching."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """As declared."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Text and alignment; the delegate asks more directly."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(index.row(), index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.spoken(index.row(), index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(self.columns[index.column()])
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """The label, with an arrow where the list is sorted by it."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        sorted_here = column.code == self.sorted_by
        if role == Qt.ItemDataRole.DisplayRole:
            return _(column.label) + ((" ↓" if self.descending else " ↑") if sorted_here else "")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return _(column.label) + ((_(", descending") if self.descending else _(", ascending")) if sorted_here else "")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        return None


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
