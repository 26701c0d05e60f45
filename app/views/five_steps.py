"""The five steps of a talk about an objection: each ticked with a note, and what helps at the one that is due."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QCheckBox, QFrame, QLineEdit, QVBoxLayout, QWidget

from app.core.language import _
from app.models.objections import STEP_NAMES
from app.services import coach
from app.views.field_grid import FieldRow
from app.views.pieces.basics import box, column, label


class FiveSteps(QWidget):
    """The first step that is not ticked is due, or the one where the cursor stands; it shows its coach text and its note."""

    def __init__(self, rows: Sequence[FieldRow]) -> None:
        super().__init__()
        self._rows = {one.declared.code: one for one in rows}
        self._coach: dict[str, QFrame] = {}
        self._below: dict[str, QWidget] = {}
        self._here = ""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for code, word in STEP_NAMES:
            tick, note = self._rows[f"step_{code}"], self._rows[f"step_{code}_note"]
            tick.editor.edited.connect(self._ticked)  # type: ignore[attr-defined]
            note.editor.edited.connect(self.show_due)  # type: ignore[attr-defined]
            note.editor.setAccessibleName(f"{_(word)} {_('Note')}")
            if isinstance(note.editor, QLineEdit):
                note.editor.setPlaceholderText(_("Main points of this step, if any"))
            for one in (tick.editor, note.editor):
                one.installEventFilter(self)
            self._coach[code] = coached(code)
            tick.name.setParent(self)
            tick.name.hide()
            if isinstance(tick.editor, QCheckBox):
                tick.editor.setText(_(word))
            layout.addWidget(tick)
            self._below[code] = QWidget()
            self._below[code].setLayout(column(self._coach[code], note, gap=4, margins=(24, 0, 0, 4)))
            layout.addWidget(self._below[code])
        self.show_due()

    def show_due(self) -> None:
        """Follow what is ticked and noted."""
        due = self._here or next((code for code, _word in STEP_NAMES if not self._value(f"step_{code}")), "")
        for code, shown in self._coach.items():
            shown.setVisible(code == due)
            self._below[code].setVisible(code == due or bool(self._value(f"step_{code}_note")))

    def _ticked(self) -> None:
        self._here = ""
        self.show_due()

    def _value(self, code: str) -> object:
        return self._rows[code].editor.value()  # type: ignore[attr-defined]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Where the cursor is, the step is shown."""
        if event.type() == QEvent.Type.FocusIn:
            self._here = next(code for code, _word in STEP_NAMES if watched.objectName().startswith(f"step_{code}"))
            self.show_due()
        return super().eventFilter(watched, event)


def coached(code: str) -> QFrame:
    """What helps at a step, on a ground of its own."""
    made = box("block")
    words = "\n".join(coach.of_step("objection_steps", code))
    made.setLayout(column(label(words, "small", wrap=True), margins=(10, 6, 10, 6)))
    return made
