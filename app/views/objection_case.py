"""The page of an objection."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from app.core import formats
from app.core.language import _
from app.models import methods
from app.models.objections import STEP_NAMES, Objection, missing_elements, undiscovered
from app.views.case_page import CasePage, Tab
from app.views.facts import counted, fact_grid
from app.views.five_steps import coached
from app.views.messages import MessageBar
from app.views.pieces.basics import IconMark, button, column, label, row
from app.views.preview import fact_pairs

_AXES = ("expression", "nature", "hidden_demand", "content", "family", "cause", "method", "method_reason", "card")
_OBJECTION_SOURCE = (
    "channel", "handler", "solved_on_spot", "promised_at", "replied_at", "closed_at", "result", "satisfaction", "fed_back_at",
    "fed_back_to", "source_reference",
)  # fmt: skip


class ObjectionPage(CasePage):
    """An objection: whose turn, the five elements, classification, the five steps, files."""

    nav = "objections"
    topics = ("objection", "customer", "card")

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
        made = {"elements": self._elements, "axes": self._axes, "steps": self._steps, "source": self._source}
        return made.get(code, self.files)()

    def _elements(self) -> QWidget:
        """The five elements, and which of them nobody knows yet."""
        codes = ("what", "wish", "occurred_at", "where", "who", "product")
        parts: list[QWidget] = [fact_grid(fact_pairs(self.session, self.case.record, codes), columns=2)]
        missing = _(", ").join(_(Objection.field(code).label) for code in missing_elements(self.case.values))
        if missing:
            acts = [] if self.case.record.frozen() else [(_("Edit"), self.edit)]
            parts.append(MessageBar("info", _("Not known yet: {missing}").format(missing=missing), acts))
        return _stack(parts)

    def _axes(self) -> QWidget:
        """The classification, the guard of the method, and the demand behind a hidden objection."""
        values = self.case.values
        parts: list[QWidget] = [fact_grid(fact_pairs(self.session, self.case.record, _AXES))]
        if values["method"]:
            tone = "info" if methods.fits(values["method"], values) else "warn"
            word = formats.label(Objection.field("method"), values["method"])
            sentence = _("{field}: {sentence}").format(field=word, sentence=methods.guard(values["method"]))
            parts.append(MessageBar(tone, sentence))
        elif not self.case.record.frozen():
            best = (formats.label(Objection.field("method"), code) for code in methods.recommended(values))
            if fitting := _(", ").join(best):
                parts.append(label(_("Methods that fit: {methods}").format(methods=fitting), "secondary", wrap=True))
        if sentence := undiscovered(values):
            parts.append(MessageBar("warn", sentence, [] if self.case.record.frozen() else [(_("Edit"), self.edit)]))
        return _stack(parts)

    def _steps(self) -> QWidget:
        """What was done and noted; what helps stands at those that are open."""
        parts: list[QWidget] = []
        for code, word in STEP_NAMES:
            done, note = self.case.values[f"step_{code}"], self.case.values[f"step_{code}_note"]
            mark = IconMark("circle-check" if done else "circle-dashed", "accent" if done else "text3", 18)
            line = QWidget()
            line.setLayout(
                row(mark, label(_(word), "strong" if done else "secondary"), label(note or "", "hint", wrap=True), None)
            )
            parts += [line] if done or self.case.record.frozen() else [line, coached(code)]
        return _stack(parts)

    def _source(self) -> QWidget:
        """How it went, and the complaint that it became."""
        parts: list[QWidget] = [fact_grid(fact_pairs(self.session, self.case.record, _OBJECTION_SOURCE))]
        if number := self.case.values["complaint"]:
            line = QWidget()
            line.setLayout(
                row(
                    label(_("Complaint it became"), "small"),
                    button(number, "link", on_click=partial(self.desk.open, number)),
                    None,
                )
            )
            parts.append(line)
        return _stack(parts)


def _stack(parts: list[QWidget]) -> QWidget:
    made = QWidget()
    made.setLayout(column(*parts))
    return made
