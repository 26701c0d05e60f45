"""Corrective actions: the list, the page with its check of the effect, and the form."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.language import N_, _
from app.models.actions import Action
from app.models.listing import ACTIONS
from app.models.record import Record, add
from app.views.case_page import CasePage, Tab
from app.views.facts import counted, fact_grid
from app.views.form_page import FormPage
from app.views.forms import Section, Shape
from app.views.lists import ListPage
from app.views.pieces.basics import button, label, row
from app.views.preview import fact_pairs

_CAUSE = ("complaint", "cause", "root_cause")
_MEASURE = ("immediate", "lasting", "department", "person", "due", "check_on")
_FACTS = (
    "root_cause", "cause", "immediate", "lasting", "department", "person", "due", "done_at", "done_note", "check_on",
    "checked_at", "check_note", "published_at", "published_by",
)  # fmt: skip


class ActionsPage(ListPage):
    """All corrective actions."""

    listing, title, nav = ACTIONS, N_("Corrective actions"), "actions"
    topics = ("action",)
    new_kind, new_label, empty_icon = "action", N_("Add corrective action"), "clipboard-check"
    empty_words = N_("Add one for what keeps coming back: its root cause, the measures, and whether they helped.")
    stretch = "root_cause"


class ActionPage(CasePage):
    """An action: cause, measures, what was done and whether it helped."""

    nav = "actions"
    topics = ("action", "complaint")

    def tabs(self) -> list[Tab]:
        """Two tabs."""
        return [("measures", _("Cause and measures")), ("attachments", counted(_("Files"), len(self.case.files)))]

    def tab(self, code: str) -> QWidget:
        """What stands in a tab."""
        if code != "measures":
            return self.files()
        made = QWidget()
        layout = QVBoxLayout(made)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(fact_grid(fact_pairs(self.session, self.case.record, _FACTS)))
        number = self.case.record.complaint.number
        layout.addLayout(
            row(label(_("Complaint"), "small"), button(number, "link", on_click=partial(self.desk.open, number)), None)
        )
        return made


class ActionForm(FormPage):
    """A corrective action for a complaint."""

    kind = Action
    nav = "actions"
    title_new, title_edit = N_("Add corrective action"), N_("Edit corrective action")

    def shape(self) -> Shape:
        """Where it comes from, then what is done."""
        codes = (*_CAUSE, *_MEASURE)
        sections = (
            Section(N_("Root cause"), _CAUSE, wide=("root_cause",)),
            Section(N_("Measures"), _MEASURE, wide=("immediate", "lasting")),
        )
        return Shape(tuple(Action.field(code) for code in codes), sections)

    def first_field(self) -> str:
        """What went wrong."""
        return "root_cause"

    def title_of(self, values: dict[str, Any]) -> str:
        """What went wrong, in short."""
        return _("Corrective action: {what}").format(what=str(values.get("root_cause") or "").replace("\n", " ")[:20]).strip()

    def write(self, raw: dict[str, Any]) -> Record:
        """A new action."""
        return add(self.session, Action, raw)
