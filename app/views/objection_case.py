"""The page of an objection."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.language import N_, _
from app.models.objections import STEP_NAMES
from app.views.case_page import CasePage, Tab
from app.views.facts import counted, fact_grid
from app.views.pieces.basics import IconMark, label, row
from app.views.preview import fact_pairs

_OBJECTION_SOURCE = (
    "channel", "handler", "solved_on_spot", "promised_at", "replied_at", "closed_at", "result", "satisfaction", "fed_back_at",
    "fed_back_to", "complaint", "source_reference",
)  # fmt: skip


class ObjectionPage(CasePage):
    """An objection: whose turn, the five elements, classification, the five steps, files."""

    nav = "objections"
    topics = ("objection", "customer", "card")
    papers = (("objection", N_("Objection record")),)

    def tabs(self) -> list[Tab]:
        """Four tabs."""
        return [
            ("elements", _("The five elements")),
            ("axes", _("Classification")),
            ("steps", _("The five steps")),
            ("source", _("Record")),
            ("attachments", counted(_("Files"), len(self.case.files))),
        ]

    def tab(self, code: str) -> QWidget:
        """What stands in a tab."""
        record, session = self.case.record, self.session
        if code == "elements":
            return fact_grid(fact_pairs(session, record, ("what", "wish", "occurred_at", "where", "who", "product")), columns=2)
        if code == "axes":
            codes = ("expression", "nature", "hidden_demand", "content", "family", "cause", "method", "method_reason", "card")
            return fact_grid(fact_pairs(session, record, codes))
        if code == "steps":
            return self._steps()
        if code == "source":
            return fact_grid(fact_pairs(session, record, _OBJECTION_SOURCE))
        return self.files()

    def _steps(self) -> QWidget:
        made = QWidget()
        layout = QVBoxLayout(made)
        layout.setContentsMargins(0, 0, 0, 0)
        for code, word in STEP_NAMES:
            done, note = self.case.values[f"step_{code}"], self.case.values[f"step_{code}_note"]
            mark = IconMark("circle-check" if done else "circle-dashed", "accent" if done else "text3", 18)
            layout.addLayout(
                row(mark, label(_(word), "strong" if done else "secondary"), label(note or "", "hint", wrap=True), None)
            )
        return made
