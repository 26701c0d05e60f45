"""Which column of a register is which field, chosen by a person; and the first rows as they would come in."""

from __future__ import annotations

from itertools import islice

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QGridLayout, QLabel, QSizePolicy, QTableWidget, QTableWidgetItem, QWidget

from app.core import formats
from app.core.errors import UserError
from app.core.fields import Choice, Field, Kind
from app.core.language import N_, _
from app.services.importing import Opened
from app.services.register_targets import CASES, KINDS, Target
from app.services.register_values import Read, plain
from app.views import style
from app.views.editors import ComboEditor
from app.views.pieces.basics import label
from app.views.pieces.cards import Card

MOST_COLUMNS = 120
_SAMPLED = 40
_SHOWN_SAMPLES = 3


def target_choice(kind: str, target: Target) -> Choice:
    """A field among those a column can be; those of parts and of the customer with their group before them."""
    group = KINDS[kind].PARTS[target.part].LABEL if target.part else N_("Customer") if target.only else ""
    return Choice(target.code, target.field.label, group=group)


def samples(opened: Opened) -> dict[int, list[str]]:
    """Place of a column → its first different values."""
    found: dict[int, list[str]] = {}
    for number, cells in islice((one for one in opened.sheet.rows() if one[0] > opened.header.row), _SAMPLED):
        del number
        for place, cell in enumerate(cells):
            text = " ".join(plain(cell).split())
            kept = found.setdefault(place, [])
            if text and text not in kept and len(kept) < _SHOWN_SAMPLES:
                kept.append(text[:30])
    return found


class FirstValues(QWidget):
    """The first values of a column on one line, elided where there is no room."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        """As high as a line of small type."""
        return QSize(style.px(120), style.px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Quiet: it is there to recognise the column by."""
        painter = QPainter(self)
        painter.setFont(style.font(style.SMALL))
        painter.setPen(style.colour("text3"))
        shown = style.metrics(style.SMALL).elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.end()


class ColumnsChoice(Card):
    """One line for each column: its header, its first values, and the field it is."""

    changed = Signal()

    def __init__(self, opened: Opened) -> None:
        super().__init__(
            _("Columns and fields"), _("the header is line {line} of the file").format(line=f"{opened.header.row:,}")
        )
        self._combos: dict[int, ComboEditor] = {}
        self._names: dict[int, QLabel] = {}
        kind = opened.mapping.kind
        choices = tuple(target_choice(kind, target) for target in opened.targets.values())
        field_of = {place: code for code, places in opened.header.columns.items() for place in places}
        shown = samples(opened)
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(6)
        self._heads(grid)
        places = [place for place, name in enumerate(opened.header.names) if name.strip() or shown.get(place)]
        for line, place in enumerate(places[:MOST_COLUMNS], 1):
            self._add(
                grid, line, place, opened.header.names[place], "  ·  ".join(shown.get(place, [])), choices, field_of.get(place)
            )
        grid.setColumnStretch(1, 1)
        self.body.addLayout(grid)
        self._count = label("", "hint")
        self.head.insertWidget(2, self._count)
        self._tell()

    @staticmethod
    def _heads(grid: QGridLayout) -> None:
        for place, word in enumerate((_("Column of the file"), _("First values"), _("Is the field"))):
            grid.addWidget(label(word, "small"), 0, place)

    def _add(
        self, grid: QGridLayout, line: int, place: int, name: str, values: str, choices: tuple[Choice, ...], code: str | None
    ) -> None:
        words = label(" ".join(name.split())[:40] or _("column {place}").format(place=place + 1))
        words.setToolTip(name)
        first = FirstValues(values)
        combo = ComboEditor(Field(f"column_{place}", words.text(), Kind.CHOICE), choices)
        combo.setAccessibleName(words.text())
        combo.setAccessibleDescription(values)
        combo.setItemText(0, _("leave out"))
        combo.setMinimumWidth(style.px(220))
        combo.set_value(code)
        combo.edited.connect(self._edited)
        words.setBuddy(combo)
        for column, widget in enumerate((words, first, combo)):
            grid.addWidget(widget, line, column)
        self._combos[place], self._names[place] = combo, words

    def _edited(self) -> None:
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        """Columns that are left out are grey."""
        mapped = {place for place, combo in self._combos.items() if combo.value()}
        for place, words in self._names.items():
            style.polish(words, role="strong" if place in mapped else "hint")
            style.polish(self._combos[place], quiet="0" if place in mapped else "1")
        self._count.setText(_("{mapped} of {total} are taken in").format(mapped=len(mapped), total=len(self._combos)))

    def chosen(self) -> dict[str, tuple[int, ...]]:
        """Field → places; several columns of one field are joined by a blank."""
        found: dict[str, tuple[int, ...]] = {}
        for place, combo in self._combos.items():
            code = combo.value()
            if code:
                found[str(code)] = (*found.get(str(code), ()), place)
        return found

    def combo(self, place: int) -> ComboEditor:
        """The choice of one column, by its place in the file."""
        return self._combos[place]


class PreviewTable(Card):
    """The first rows as they would come in; what cannot be read is red and says why."""

    def __init__(self, opened: Opened) -> None:
        super().__init__(_("First rows as they would come in"))
        self._now = opened.session.now()
        self.table = rows_table()
        self.table.setObjectName("preview")
        self.table.setAccessibleName(_("First rows as they would come in"))
        self._numbers = label("", "hint", wrap=True)
        self.body.addWidget(self.table)
        self.body.addWidget(self._numbers)

    def show_rows(self, opened: Opened) -> None:
        """Read the rows anew."""
        try:
            rows = opened.preview()
        except UserError as error:
            self.hint.say(str(error))
            return
        wrong = sum(bool(one.errors) for one in rows)
        self.hint.say(_("{count} of these cannot be read in full").format(count=wrong) if wrong else "")
        codes = list(opened.header.columns)
        heads = {code: _(opened.targets[code].field.label) for code in codes}
        ours = opened.mapping.kind in CASES and "number" in heads
        if ours:
            kept = opened.targets["source_reference"].field
            heads["number"] = _(kept.label)
            words = _("Each new case gets a number of its own and keeps that of the register as “{field}”.")
            self._numbers.setText(words.format(field=_(kept.label)))
        self._numbers.setVisible(ours)
        self.table.setColumnCount(len(codes) + 1)
        self.table.setHorizontalHeaderLabels([_("Line"), *heads.values()])
        number_right(self.table)
        self.table.setRowCount(len(rows))
        for line, one in enumerate(rows):
            self._fill(line, one, [opened.targets[code] for code in codes], opened)
        fit(self.table, 5)

    def _fill(self, line: int, one: Read, targets: list[Target], opened: Opened) -> None:
        self.table.setItem(line, 0, cell(str(one.row), right=True, token="text3"))
        raw = opened.reader()
        for place, target in enumerate(targets, 1):
            error = one.errors.get(target.code, "")
            value = one.values.get(target.code)
            text = raw.text_of(one.cells, target.code) if error else formats.show(target.field, value, self._now)
            self.table.setItem(line, place, cell(text, hint=error, token="bad" if error else ""))


def rows_table() -> QTableWidget:
    """A small table to be read, reachable by Tab, walked by the arrow keys."""
    table = QTableWidget()
    table.setProperty("framed", "1")
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(style.px(30))
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    table.horizontalHeader().setHighlightSections(False)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    return table


def number_right(table: QTableWidget) -> None:
    """The head of the first column stands over its numbers."""
    head = table.horizontalHeaderItem(0)
    if head is not None:
        head.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


def cell(text: str, *, hint: str = "", token: str = "", right: bool = False) -> QTableWidgetItem:
    """A cell; elided text is whole in its tool tip."""
    made = QTableWidgetItem(" ".join(text.split()))
    made.setToolTip(hint or text)
    if token:
        made.setForeground(QColor(style.colour(token)))
    if right:
        made.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return made


def fit(table: QTableWidget, lines: int = 8) -> None:
    """Widths by what the columns hold, within reason; as high as the rows, at most `lines`."""
    table.resizeColumnsToContents()
    for place in range(table.columnCount()):
        table.setColumnWidth(place, min(style.px(280), max(style.px(72), table.columnWidth(place) + 8)))
    table.horizontalHeader().setStretchLastSection(True)
    height = table.horizontalHeader().sizeHint().height() + min(max(1, table.rowCount()), lines) * style.px(30)
    table.setFixedHeight(height + style.px(16))
