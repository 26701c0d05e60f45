"""An entry of a customer's contact log, written with few keys: a digit for the kind, Tab, the text, Ctrl+Enter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout

from app.core.language import _
from app.models.customers import LOG_KINDS, ContactEntry
from app.models.record import Record
from app.models.steps import step_of
from app.views.desk import Desk
from app.views.forms import Form, Section, Shape
from app.views.pickers import pickers
from app.views.pieces.basics import row
from app.views.pieces.choosers import Segments, pairs_of
from app.views.step_panel import StepPanel

_USUAL = ("contact", "at", "who")
_OF_KIND = {
    "survey": ("why_us", "why_buy", "improve", "text"),
    "market": ("text", "brand", "company_told", "company_told_on", "maker_told", "maker_told_on"),
}
_WIDE = ("text", "why_us", "why_buy", "improve", "brand")


class LogPanel(StepPanel):
    """The fields follow the kind; what was typed stays when it changes."""

    def __init__(self, desk: Desk, record: Record) -> None:
        self._kind = LOG_KINDS[0].code
        self._typed: dict[str, Any] = {}
        super().__init__(desk, record, step_of(record, "log"))
        self.kinds = Segments(pairs_of(LOG_KINDS), self._kind, name="log_kind")
        self.kinds.setAccessibleName(_(ContactEntry.field("kind").label))
        self.kinds.chosen.connect(self._choose)
        self._layout().insertLayout(1, row(self.kinds, None))

    def _layout(self) -> QBoxLayout:
        made = self.layout()
        assert isinstance(made, QBoxLayout)
        return made

    def _codes(self) -> tuple[str, ...]:
        return (*_OF_KIND.get(self._kind, ("text",)), *_USUAL)

    def _shape(self) -> Shape:
        codes = self._codes()
        fields = {field.code: field for field in self._step.fields}
        return Shape(tuple(fields[code] for code in codes), (Section("", codes, wide=_WIDE),), numbered=False)

    def _choose(self, kind: str) -> None:
        before = self.form
        self._typed |= before.values()
        self._kind = kind
        self.form = Form(self._shape(), self.desk.session.now, pickers(self.desk))
        self.form.set_values(self._typed)
        self._layout().replaceWidget(before, self.form)
        before.hide()
        before.deleteLater()
        self._listen()

    def _take_up(self, content: Mapping[str, Any]) -> None:
        """With the fields of its kind."""
        self._choose(str(content["kind"]))
        super()._take_up(content)

    def _go_first(self) -> None:
        self.kinds.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def raw(self) -> dict[str, Any]:
        """With the kind that was chosen."""
        return super().raw() | {"kind": self._kind}
