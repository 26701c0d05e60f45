"""What is known, to read: labels with values, and a few lines as a small table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.core import formats
from app.core.fields import Field
from app.core.language import _
from app.models.record import Values
from app.views import style
from app.views.line_table import LineTable
from app.views.pieces.basics import label

_WIDEST_TABLE, _WIDEST_CELL = 640, 200


def fact_grid(pairs: Sequence[tuple[str, str | QWidget]], *, columns: int = 2) -> QWidget:
    """Label and value, side by side; long values over the whole width."""
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(8)
    line, column = 0, 0
    for word, value in pairs:
        long = isinstance(value, str) and (len(value) > 40 or "\n" in value)
        if long and column:
            line, column = line + 1, 0
        name = label(word, "small")
        name.setMinimumHeight(style.metrics().height())
        grid.addWidget(name, line, 2 * column, Qt.AlignmentFlag.AlignTop)
        shown = _value(value) if isinstance(value, str) else value
        grid.addWidget(shown, line, 2 * column + 1, 1, 2 * columns - 1 if long else 1)
        column += columns if long else 1
        if column >= columns:
            line, column = line + 1, 0
    for place in range(columns):
        grid.setColumnStretch(2 * place + 1, 1)
    if not pairs:
        grid.addWidget(label(_("Nothing is known yet."), "secondary"), 0, 0)
    return made


def _value(words: str) -> QWidget:
    """At the height of its name, also beside one of several lines."""
    made = label(words, wrap=True, selectable=True)
    made.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    return made


def line_table(declared: Sequence[Field], lines: Sequence[Values], now: datetime) -> QWidget:
    """Lines as a small table: columns that hold something, the first of them side by side, the others below each row."""
    columns = [one for one in declared if any(line.get(one.code) is not None for line in lines)]
    head = [_(one.label) for one in columns]
    rows = [[formats.show(one, line.get(one.code), now) for one in columns] for line in lines]
    right = [one.kind.value in ("money", "quantity", "integer") for one in columns]
    kept = _room(head, rows)
    notes = ["   ".join(f"{word} {cell}" for word, cell in zip(head[kept:], cells[kept:], strict=True) if cell) for cells in rows]
    return LineTable(head[:kept], [cells[:kept] for cells in rows], right[:kept], notes)


def _room(head: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """How many columns can be read side by side."""
    measures, most, left = style.metrics(), style.px(_WIDEST_CELL), style.px(_WIDEST_TABLE)
    for place, word in enumerate(head):
        widest = max(measures.horizontalAdvance(text) for text in (word, *(cells[place] for cells in rows)))
        left -= min(widest, most) + 16
        if left < 0:
            return max(place, 1)
    return len(head)


def counted(word: str, count: int) -> str:
    """A word with its count, where there is something to count."""
    return f"{word} {count}" if count else word
