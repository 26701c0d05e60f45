"""A field of a form with its label and the sentence below it, and the grid that gives fields several columns or one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.core.fields import Field
from app.core.language import _
from app.views import style
from app.views.pieces.basics import IconMark, label, row, unbroken
from app.views.pieces.choosers import Segments

TWO_COLUMNS = 620
WIDEST_LABEL = 150
LEAST_BESIDE = 150
"""An editor that would get less has its label above."""


class FieldRow(QWidget):
    """An editor with the sentence below it. Its label stands beside it in the grid."""

    def __init__(self, declared: Field, editor: QWidget) -> None:
        super().__init__()
        self.declared, self.editor = declared, editor
        self.name = QLabel(self._caption())
        self.name.setObjectName(f"label_{declared.code}")
        self.name.setBuddy(editor)
        self.name.setWordWrap(True)
        self.name.setProperty("role", "secondary")
        editor.setAccessibleName(_(declared.label))
        self._describe("")
        self._mark = IconMark("alert-circle", "bad", 14)
        self._words = label("", "error", wrap=True)
        self._note = QWidget()
        beside = row(self._mark, self._words, gap=4)
        beside.setAlignment(self._mark, Qt.AlignmentFlag.AlignTop)
        beside.setStretch(1, 1)
        self._note.setLayout(beside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(editor)
        layout.addWidget(self._note)
        self._note.hide()
        self._told = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def _caption(self) -> str:
        words = unbroken(_(self.declared.label)).replace("&", "&amp;").replace("<", "&lt;")
        star = f'<span style="color:{style.look().hexes["bad"]}">*</span> ' if self.declared.required else ""
        return f"{star}{words}"

    def label_width(self) -> int:
        """What its label needs on one line."""
        star = "* " if self.declared.required else ""
        return style.metrics().horizontalAdvance(f"{star}{_(self.declared.label)}") + 4

    def repaint_caption(self) -> None:
        """The star in the colour of another theme."""
        self.name.setText(self._caption())

    def say(self, sentence: str, *, error: bool) -> None:
        """Show a sentence below: red and with a red border, or amber; an empty one shows nothing."""
        self._told = sentence if error else ""
        self._words.setText(sentence)
        style.polish(self._words, role="error" if error else "warning")
        self._mark.change("alert-circle" if error else "alert-triangle", "bad" if error else "warn")
        self._note.setVisible(bool(sentence))
        style.polish(self.editor, error="1" if error and sentence else "0")
        self._describe(sentence)

    def _describe(self, sentence: str) -> None:
        """The star and the sentence for who does not see them."""
        self.editor.setAccessibleDescription(sentence or (_("Required") if self.declared.required else ""))

    def put_beside(self, widget: QWidget) -> None:
        """Something at the right of the editor."""
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.removeWidget(self.editor)
        beside = row(self.editor, widget, gap=2)
        beside.setStretch(0, 1)
        layout.insertLayout(0, beside)

    def error(self) -> str:
        """The error shown; empty where there is none."""
        return self._told


def _wanted(editor: QWidget) -> int:
    """The width below which an editor rather has a line of its own: segments stay on one line as long as they can."""
    return (editor.sizeHint() if isinstance(editor, Segments) else editor.minimumSizeHint()).width()


class FieldGrid(QWidget):
    """Rows of fields in two or three columns where there is room, else in one."""

    def __init__(self, rows: Sequence[FieldRow], wide: frozenset[str], *, above: bool = False, most: int = 2) -> None:
        """`most` columns where there is room."""
        super().__init__()
        self.most = most
        self._rows, self._wide, self.above = list(rows), wide, above
        self._arranged: tuple[int, frozenset[str], bool] = (0, frozenset(), above)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSizeConstraint(QGridLayout.SizeConstraint.SetNoConstraint)
        self._grid.setHorizontalSpacing(12)
        self._label_width = 0
        self.align_labels(self.label_width())

    def label_width(self) -> int:
        """What its widest label needs; beyond a limit labels take a second line."""
        return min(style.px(WIDEST_LABEL), max([style.px(64), *(one.label_width() for one in self._rows)]))

    def align_labels(self, width: int) -> None:
        """Give all labels one width, so that the cards of a form line up."""
        self._label_width = width
        columns, whole, above = self._arranged
        self._arranged = (0, frozenset(), above)
        self._arrange(columns or self.most, whole or self._wide, above)

    def _least(self) -> int:
        return min(style.px(280), max((one.editor.minimumSizeHint().width() for one in self._rows), default=0))

    def minimumSizeHint(self) -> QSize:
        """One column must do, labels above, whatever stands now: else a scroll area would never let it get narrow."""
        return QSize(max(self._least(), self.label_width()), super().minimumSizeHint().height())

    def _too_wide(self, columns: int, width: int) -> frozenset[str]:
        """Fields whose editor finds no room in one of so many columns."""
        room = width // columns - (0 if self.above else self._label_width + 12) - 12
        return frozenset(one.declared.code for one in self._rows if _wanted(one.editor) > room)

    def _whole(self, columns: int, width: int) -> frozenset[str]:
        """Fields that take a whole line: those declared so, and those that find no room beside others."""
        return self._wide | (self._too_wide(columns, width) if columns > 1 else frozenset())

    def _columns(self, width: int) -> int:
        """As many as there is room for: three only where each field finds its place."""
        if width < style.px(TWO_COLUMNS):
            return 1
        return next(n for n in range(self.most, 1, -1) if n == 2 or not self._too_wide(n, width) - self._wide)

    def _arrange(self, columns: int, wide: frozenset[str], above: bool) -> None:
        if (columns, wide, above) == self._arranged:
            return
        self._arranged = (columns, wide, above)
        for one in self._rows:
            # Not `takeAt`: Qt asks only the first item of a widget anew, and that one would still be there.
            self._grid.removeWidget(one.name)
            self._grid.removeWidget(one)
        line, column = 0, 0
        for one in self._rows:
            whole = one.declared.code in wide or columns == 1
            if whole and column:
                line, column = line + 1, 0
            self._put(one, line, column, columns if whole else 1, above)
            column += columns if whole else 1
            if column >= columns:
                line, column = line + 1, 0
        for place in range(2 * self.most):
            in_use = place < columns * (1 if above else 2)
            self._grid.setColumnStretch(place, 1 if in_use and (above or place % 2) else 0)
        self._grid.setVerticalSpacing(4 if above else 10)

    def _put(self, one: FieldRow, line: int, column: int, span: int, above: bool) -> None:
        top = Qt.AlignmentFlag.AlignTop
        if above:
            one.name.setMinimumSize(0, style.px(26))
            one.name.setMaximumWidth(self.maximumWidth())
            one.name.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
            self._grid.addWidget(one.name, 2 * line, column, 1, span)
            self._grid.addWidget(one, 2 * line + 1, column, 1, span, top)
            return
        one.name.setFixedWidth(self._label_width)
        one.name.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        one.name.setMinimumHeight(style.px(32))
        self._grid.addWidget(one.name, line, 2 * column, top)
        self._grid.addWidget(one, line, 2 * column + 1, 1, 2 * span - 1, top)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Several columns from 620 on."""
        super().resizeEvent(event)
        width = event.size().width()
        columns = self._columns(width)
        tight = columns == 1 and width < self._label_width + 12 + max(self._least(), style.px(LEAST_BESIDE))
        self._arrange(columns, self._whole(columns, width), self.above or tight)
