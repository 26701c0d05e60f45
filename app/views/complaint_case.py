"""The page of a complaint."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core import formats
from app.core.language import N_, _
from app.models import (
    case_entries,  # noqa: F401 - it enters what is read of a case
    proposals,
)
from app.models.complaints import Complaint
from app.models.objections import Objection
from app.models.products import Product
from app.models.record import Values, find
from app.services import timeline
from app.services.cases import Round
from app.views import complaint_tabs
from app.views.bench_lines import since
from app.views.case_page import CasePage, Tab
from app.views.facts import counted, fact_grid, line_table
from app.views.pieces.basics import button, hairline, label, row
from app.views.pieces.pills import Pill, face
from app.views.pieces.stations import Station, StationLine
from app.views.preview import fact_pairs
from app.views.turn_card import Act


class Stop(NamedTuple):
    """A station: the statuses in which a case stands there, the steps that pass it, and the tab that tells of it."""

    code: str
    word: str
    statuses: tuple[str, ...]
    steps: tuple[str, ...]
    tab: str


STATIONS = (
    Stop("register", N_("Registration"), ("draft",), ("sign",), "claim"),
    Stop("enquire", N_("Investigation"), ("registered", "accepted", "investigating"), ("investigate",), "enquiries"),
    Stop("propose", N_("Proposal"), (), ("propose",), "proposals"),
    Stop("approve", N_("Approval"), ("proposed",), ("approve",), "proposals"),
    Stop("reply", N_("Reply"), ("approved",), ("reply",), "told"),
    Stop("agree", N_("Agreement"), ("replied",), ("sign-agreement", "waive"), "agreements"),
    Stop("execute", N_("Execution"), ("agreed", "executing"), ("dispatch", "deliver"), "execution"),
    Stop("follow_up", N_("Follow-up"), ("following_up",), ("follow-up", "close"), "follow_ups"),
)
_ABOUT = {
    ("complaint", "investigate"): "enquiries",
    ("complaint", "consult"): "enquiries",
    ("complaint", "change"): "enquiries",
    ("complaint", "assess"): "judgement",
    ("complaint", "propose"): "enquiries",
    ("complaint", "reply"): "proposals",
    ("complaint", "agreement"): "proposals",
    ("complaint", "waive"): "proposals",
    ("complaint", "promise"): "told",
    ("complaint", "notice"): "told",
    ("complaint", "escalate"): "told",
    ("complaint", "dispatch"): "execution",
    ("complaint", "follow-up"): "execution",
    ("complaint", "action"): "improvement",
    ("dispatch", "accept"): "execution",
    ("dispatch", "deliver"): "execution",
}
"""The tab that is read while a step is taken."""
_DECISIONS = ("approve", "return")
_CLAIM = ("description", "wish", "feeling", "went_wrong", "reason")
_TOLD_BEFORE = ("occurred_at", "where", "who", "hidden_demand", "method", "handler", "result")
_SOURCE = (
    "received_at", "channel", "complainant", "phone", "address", "end_user", "class", "severity", "external", "tags",
    "source_reference", "recorder", "signed_at", "handed_to", "handed_person", "handed_at", "taken_over_at", "handler",
    "contact_due", "contacted_at", "solution_due", "solved_at", "promised_at", "replied_at", "reply_text", "waived",
    "reject_reason", "turn_to", "closed_at", "closed_reason", "result", "satisfaction", "summary", "lesson",
)  # fmt: skip


class ComplaintPage(CasePage):
    """A complaint: eight stations, whose turn, claims, products, enquiries, judgement, proposals, agreement, files."""

    nav = "complaints"
    topics = ("complaint", "agreement", "customer", "dispatch", "promise", "action")

    def _lay_out(self) -> None:
        super()._lay_out()
        self.turn.about = self._about
        self.turn.opened.connect(self._started)

    def pills(self) -> list[tuple[str, str]]:
        """Status and severity."""
        severity = self.case.record["severity"]
        return [*super().pills(), *([("severity", severity)] if severity else [])]

    def stations(self) -> QWidget:
        """The eight stations; those that were passed say when and by whom."""
        record = self.case.record
        passed = {entry.action: (formats.near(entry.at, self.session.now()), entry.who) for entry in self.case.history}
        now = next((place for place, one in enumerate(STATIONS) if record.status in one.statuses), len(STATIONS))
        if record.status in ("voided", "rejected"):
            now = -1
        made = StationLine([self._station(place, now, passed) for place in range(len(STATIONS))], self._round_words())
        made.activated.connect(self._asked)
        return made

    def _round_words(self) -> str:
        number = getattr(self.case.record, "round", 1)
        return _("Round {n}").format(n=number) if number > 1 else ""

    def _station(self, place: int, now: int, passed: dict[str, tuple[str, str]]) -> Station:
        one = STATIONS[place]
        state = "done" if 0 <= place < now else "now" if place == now else "todo"
        found = next((passed[code] for code in one.steps if code in passed), ("", ""))
        if state == "now":
            step = timeline.last_step(self.session, self.case.record)
            found = (since(self.session.clock() - step.at) if step else "", self.case.record["handler"] or "")
        when, who = found if state != "todo" else ("", "")
        waits = self.case.record.status == "proposed"
        return Station(one.code, _(one.word), state, when, who, "hourglass" if waits else "pencil", "wait" if waits else "accent")

    def _about(self, act: Act) -> QWidget | None:
        """What is decided on stands above the decision."""
        return self._round(self.case.rounds[-1]) if act.code in _DECISIONS and self.case.rounds else None

    def _started(self, act: Act) -> None:
        if (found := _ABOUT.get((act.owner.KIND, act.code))) is not None:
            self.open_tab(found)

    def _asked(self, code: str) -> None:
        self.open_tab(next(one.tab for one in STATIONS if one.code == code))

    def tabs(self) -> list[Tab]:
        """With counts where there is something to count."""
        values, course = self.case.values, self.case.course
        return [
            ("claim", _("Claim")),
            ("enquiries", counted(_("Investigation"), len(values["enquiries"]))),
            ("judgement", _("Judgement")),
            ("proposals", counted(_("Proposal"), len(self.case.rounds))),
            ("agreements", counted(_("Agreement"), len(self.case.editions))),
            ("execution", counted(_("Execution"), len(course.orders))),
            ("told", counted(_("Promises"), len(course.promises))),
            ("follow_ups", counted(_("Follow-up"), len(values["follow_ups"]))),
            ("improvement", counted(_("Improvement"), len(course.actions))),
            ("source", _("Record")),
            ("attachments", counted(_("Files"), len(self.case.files))),
        ]

    def tab(self, code: str) -> QWidget:
        """What stands in a tab."""
        made: dict[str, Callable[[], QWidget]] = {
            "claim": self._claim,
            "enquiries": lambda: complaint_tabs.enquiries(self.session, self.case),
            "judgement": lambda: complaint_tabs.judgement(self.session, self.case),
            "proposals": self._proposals,
            "agreements": self._agreements,
            "execution": lambda: complaint_tabs.execution(self.desk, self.case),
            "told": lambda: complaint_tabs.told(self.desk, self.case),
            "follow_ups": lambda: complaint_tabs.follow_ups(self.session, self.case),
            "improvement": lambda: complaint_tabs.improvement(self.desk, self.case),
            "source": lambda: fact_grid(fact_pairs(self.session, self.case.record, _SOURCE)),
        }
        return made.get(code, self.files)()

    def _claim(self) -> QWidget:
        made = QWidget()
        layout = QVBoxLayout(made)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(fact_grid(fact_pairs(self.session, self.case.record, _CLAIM), columns=1))
        if self.case.values["product_lines"]:
            layout.addWidget(label(_("Products"), "small"))
            layout.addWidget(self._lines("product_lines"))
        if self.case.values["loss_lines"]:
            layout.addWidget(label(_("Losses"), "small"))
            layout.addWidget(self._lines("loss_lines"))
        for number in self.case.from_objections:
            layout.addLayout(
                row(label(_("From objection"), "small"), button(number, "link", on_click=partial(self.desk.open, number)), None)
            )
            layout.addWidget(fact_grid(fact_pairs(self.session, find(self.session, Objection, number), _TOLD_BEFORE)))
        return made

    def _lines(self, code: str) -> QWidget:
        lines = self.case.values[code]
        if not lines:
            return label(_("Nothing is known yet."), "secondary")
        return line_table(Complaint.PARTS[code].FIELDS, self._named(lines), self.session.now())

    def _named(self, lines: Sequence[Values]) -> list[Values]:
        """Products by name."""
        numbers = {line["product"] for line in lines if line.get("product")}
        names = {
            p.number: p.name
            for p in Product.select().where(Product.branch_id == self.session.branch.id, Product.number.in_(numbers))
        }
        return [line | ({"product": names.get(line["product"], line["product"])} if "product" in line else {}) for line in lines]

    def _proposals(self) -> QWidget:
        made = QWidget()
        layout = QVBoxLayout(made)
        layout.setContentsMargins(0, 0, 0, 0)
        for one in reversed(self.case.rounds):
            layout.addWidget(self._round(one))
        if not self.case.rounds:
            layout.addWidget(label(_("No proposal yet."), "secondary"))
        return made

    def _round(self, one: Round) -> QWidget:
        made = QWidget()
        layout = QVBoxLayout(made)
        layout.setContentsMargins(0, 0, 0, 8)
        status = {"proposed": "proposed", "approved": "approved", "returned": "returned"}[one.status]
        words = {"proposed": _("Waits for approval"), "approved": _("Approved"), "returned": _("Returned")}[one.status]
        when = f"{one.proposed_by}   {formats.near(one.proposed_at, self.session.now())}"
        total = _("in all {cost} yuan").format(cost=formats.money(one.cost))
        layout.addLayout(
            row(
                label(_("Round {n}").format(n=one.round), "strong"),
                Pill(words, face("status", status)),
                label(when, "hint"),
                None,
                label(total, "strong"),
            )
        )
        layout.addWidget(label(one.text, wrap=True, selectable=True))
        if one.lines:
            layout.addWidget(line_table(proposals.REMEDY_FIELDS, one.lines, self.session.now()))
        for decision in one.decisions:
            result = _("Approved") if decision.result == "approved" else _("Returned")
            way = next((_(choice.label) for choice in proposals.WAYS if choice.code == decision.way), decision.way)
            who = decision.paper_approver or decision.who
            layout.addWidget(label(f"{result}   {who}   {way}   {formats.near(decision.at, self.session.now())}", "small"))
            if decision.opinion:
                layout.addWidget(label(decision.opinion, "secondary", wrap=True))
        layout.addWidget(hairline())
        return made

    def _agreements(self) -> QWidget:
        made = QWidget()
        layout = QVBoxLayout(made)
        layout.setContentsMargins(0, 0, 0, 0)
        words = {"draft": _("Draft"), "released": _("Released"), "signed": _("Signed"), "voided": _("Void")}
        for one in reversed(self.case.editions):
            title = _("{number}, edition {edition}").format(number=one.number, edition=one.edition)
            cost = _("{cost} yuan").format(cost=formats.money(one.values["cost"]))
            look = button(title, "link", "file-certificate", on_click=partial(self.desk.open, one.number))
            layout.addLayout(
                row(
                    look,
                    Pill(words[one.status], face("status", one.status)),
                    label(cost, "secondary"),
                    label(one.void_reason, "hint"),
                    None,
                )
            )
        if not self.case.editions:
            layout.addWidget(label(_("No agreement yet."), "secondary"))
        return made
