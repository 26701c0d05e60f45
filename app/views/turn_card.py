"""Whose turn it is: who holds the case since when, what can be done, what is missing, what cannot be done yet and why."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.core import formats
from app.core.language import N_, _
from app.core.session import Session
from app.models import agreements, steps
from app.models.complaints import Complaint
from app.models.objections import Objection
from app.models.record import Record, moment_of
from app.models.steps import Option
from app.services import case_course, timeline
from app.services.cases import Case
from app.views.bench_lines import since
from app.views.desk import Desk
from app.views.pieces.basics import Button, IconMark, action, button, clear, label, menu_button, row
from app.views.pieces.cards import Card
from app.views.pieces.flow import Flow
from app.views.step_panel import StepPanel

_ICONS = {
    "sign": "signature", "hand-over": "users", "accept": "user-check", "investigate": "search", "propose": "pencil",
    "approve": "check", "return": "arrow-back-up", "reply": "message-2", "promise": "calendar-due",
    "agreement": "file-certificate", "release": "file-certificate", "sign-agreement": "signature", "waive": "minus",
    "close": "circle-check", "void": "ban", "escalate": "git-branch",
}  # fmt: skip
_MORE_ICONS = {
    "reject": "hand-stop", "consult": "messages", "change": "replace", "assess": "scale", "notice": "phone-call",
    "extend": "calendar", "pause": "clock", "resume": "refresh", "dispatch": "truck", "deliver": "package", "chase": "clock",
    "follow-up": "phone-call", "action": "clipboard-check", "reopen": "refresh", "finish": "check", "check": "search",
    "publish": "upload",
}  # fmt: skip
_LOUDEST = (
    "sign", "accept", "investigate", "propose", "approve", "reply", "release", "sign-agreement", "dispatch", "deliver",
    "follow-up", "close", "finish", "check",
)  # fmt: skip
_SEEN = (*_LOUDEST, "return", "agreement", "waive", "escalate", "promise", "notice", "assess", "publish", "chase")
_STANDING = ("escalate", "promise", "notice")
"""Steps that are nearly always possible: they stay quiet, after the others. All that is not seen stands under ⋯."""


class TurnCard(Card):
    """The card below the station line. `moved`: a step was taken."""

    moved = Signal(object)
    wanted = Signal(str)
    """A field that is missing: the page leads there."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Now"))
        self.desk = desk
        self._acts = QWidget()
        self._place = QVBoxLayout()
        self._rest = QVBoxLayout()
        self._when = label("", "secondary")
        self.add_act(self._when)
        self._line = label("", "secondary", wrap=True)
        self.body.addWidget(self._line)
        times = QWidget()
        self._times = Flow(times)
        self.body.addWidget(times)
        self.body.addLayout(self._place)
        self.body.addLayout(self._rest)

    def show_case(self, case: Case) -> None:
        """Everything for a record as it stands."""
        session, record = self.desk.session, case.record
        clear(self._place)
        clear(self._rest)
        self.title.setText(headline(case))
        self._when.setText(_deadline(session, record))
        self._line.setText(holder(session, record))
        self._say_deadlines(case)
        found = steps.options(session, record)
        if isinstance(record, Complaint):
            found += _agreement_options(session, case)
        self._fill(record, case, found)

    def _say_deadlines(self, case: Case) -> None:
        """Contact and solution with what remains; that the case recurs; a calendar that is not published yet."""
        clear(self._times)
        record = case.record
        if not isinstance(record, Complaint) or record.status in ("draft", "voided", "rejected"):
            return
        for one in case_course.deadlines(self.desk.session, record):
            words = _("{what}: {when}").format(what=one.word, when=one.sentence)
            if not one.certain and one.tone == "mute":
                words = _("{words} (the days off of that year are not published yet)").format(words=words)
            self._times.addWidget(label(words, {"bad": "error", "warn": "warning", "ok": "good"}.get(one.tone, "small")))
        if case.course.recurrences:
            most = max(case.course.recurrences, key=lambda one: one.times)
            self._times.addWidget(label(most.sentence, "warning"))

    def _fill(self, record: Record, case: Case, found: list[Option]) -> None:
        possible = [one for one in found if one.possible]
        loudest = self._loudest(possible, case)
        seen = [one for one in possible if one is loudest or one.step.code in _SEEN]
        rest = [one for one in possible if one not in seen] + [one for one in found if one.waivable]
        if possible:
            self._acts = QWidget()
            flow = Flow(self._acts)
            for one in sorted(seen, key=lambda one: (one is not loudest, one.step.code in _STANDING)):
                flow.addWidget(self._button(record, case, one, loud=one is loudest))
            if rest:
                flow.addWidget(self._more(record, case, rest))
            self._place.addWidget(self._acts)
        missing = [(one, lack) for one in found if not one.step.danger for lack in one.missing]
        locked = [one for one in found if one.locked and one.step.code in _LOUDEST and not _past(one, found)]
        if not missing and not locked:
            return
        columns = QHBoxLayout()
        columns.setSpacing(24)
        if missing:
            columns.addLayout(self._missing(missing), 1)
        if locked:
            columns.addLayout(self._locked(locked), 1)
        self._rest.addLayout(columns)

    def _loudest(self, possible: list[Option], case: Case) -> Option | None:
        codes = [one.step.code for one in possible]
        if "agreement" in codes and case.edition is None and case.record.status == "replied":
            return possible[codes.index("agreement")]
        wanted = [code for code in _LOUDEST if code in codes]
        if case.record.status == "investigating" and "propose" in codes and case.values.get("enquiries"):
            wanted = ["propose"]
        return possible[codes.index(wanted[0])] if wanted else None

    def _button(self, record: Record, case: Case, one: Option, *, loud: bool) -> Button:
        kind = "primary" if loud else "danger" if one.step.danger else "outline"
        owner = record if one.step in steps.STEPS[record.KIND] else None
        return button(
            _(one.step.label),
            kind,
            _icon(one),
            name=f"act_{one.step.code}",
            on_click=partial(self._start, owner, case, one),
        )

    def _more(self, record: Record, case: Case, rest: list[Option]) -> Button:
        menu = QMenu(self)
        for one in rest:
            word = _("{step} (with a reason)") if one.waivable else "{step}"
            act = action(menu, word.format(step=_(one.step.label)), partial(self._start, record, case, one), _icon(one))
            act.setObjectName(f"menu_{one.step.code}")
        return menu_button(_("More"), menu, name="more_acts")

    def start(self, code: str) -> None:
        """Press the button of a step, or choose it under ⋯."""
        found = self.findChild(Button, f"act_{code}")
        listed = self.findChild(QAction, f"menu_{code}")
        if isinstance(found, Button):
            found.click()
        elif isinstance(listed, QAction):
            listed.trigger()

    def _start(self, record: Record | None, case: Case, one: Option) -> None:
        if record is None:
            assert case.edition is not None
            self.desk.open(case.edition.number)
            return
        panel = StepPanel(self.desk, record, one.step)
        panel.done.connect(self._moved)
        panel.gone.connect(partial(self.show_case, case))
        clear(self._place)
        self._place.addWidget(panel)

    def _moved(self, record: Record) -> None:
        self.moved.emit(record)

    def _missing(self, found: list[tuple[Option, steps.Missing]]) -> QVBoxLayout:
        made = QVBoxLayout()
        made.setSpacing(4)
        made.addWidget(label(_("What is missing"), "small"))
        for one, lack in found[:_MISSING_SHOWN]:
            words = _("{step}: {why}").format(step=_(one.step.label), why=lack.sentence)
            made.addWidget(button(words, "link", "circle-dashed", on_click=partial(self._go, lack.field)))
        return made

    def _go(self, place: str) -> None:
        """To what brings the missing thing: a step here, or a field elsewhere."""
        if place.startswith("@"):
            self.start(place[1:])
        self.wanted.emit(place)

    def _locked(self, found: list[Option]) -> QVBoxLayout:
        made = QVBoxLayout()
        made.setSpacing(4)
        made.addWidget(label(_("Not possible yet"), "small"))
        for one in found[:3]:
            made.addLayout(locked(_(one.step.label), one.locked))
        return made


def _icon(one: Option) -> str:
    return _ICONS.get(one.step.code) or _MORE_ICONS.get(one.step.code, "")


def locked(act: str, reason: str) -> QHBoxLayout:
    """What cannot be done yet and on what condition."""
    made = row(IconMark("lock", "text3", 16), label(act), label(reason, "hint", wrap=True))
    made.setStretch(2, 1)
    return made


def _past(one: Option, found: list[Option]) -> bool:
    """A step that lies behind the case is not “not yet”."""
    codes = [option.step.code for option in found]
    first = next((place for place, option in enumerate(found) if option.possible and option.step.code in _LOUDEST), len(codes))
    return codes.index(one.step.code) < first


def _agreement_options(session: Session, case: Case) -> list[Option]:
    agreement = agreements.current(session, case.record)
    if agreement is None:
        return []
    return [one for one in steps.options(session, agreement) if one.step.code != "void" and one.possible]


_WAITS = {
    "dispatch": {"accepted": N_("Now: deliver"), "done": N_("Delivered")},
    "action": {"open": N_("Now: carry the measures out"), "done": N_("Now: check the effect"), "effective": N_("Effective")},
}
_MISSING_SHOWN = 6


def headline(case: Case) -> str:
    """What is waited for, in a few words."""
    words = {
        "draft": _("Now: to be signed"),
        "registered": _("Now: somebody has to accept it"),
        "accepted": _("Now: enquire"),
        "investigating": _("Now: find the cause and propose"),
        "proposed": _("Now: waits for approval"),
        "approved": _("Now: reply to the customer"),
        "replied": _("Now: agreement"),
        "agreed": _("Now: dispatch what was promised"),
        "executing": _("Now: what was promised is delivered"),
        "following_up": _("Now: ask whether the customer is satisfied"),
        "issued": _("Now: the department has to accept it"),
        "open": _("Now: solve it or promise a reply"),
        "promised": _("Now: a reply is owed"),
    }
    ended = {
        "closed": _("Closed"),
        "voided": _("Void"),
        "escalated": _("Became a complaint"),
        "rejected": _("Not accepted"),
    }
    status = str(case.record.status)
    if case.record.KIND in _WAITS and status in _WAITS[case.record.KIND]:
        return _(_WAITS[case.record.KIND][status])
    if status == "agreed" and not case.course.promised:
        return words["following_up"]
    if status == "replied" and case.record.KIND == "objection":
        return _("Now: can be closed")
    return words.get(status) or ended.get(status, status)


def holder(session: Session, record: Record) -> str:
    """Who holds it since when."""
    step = timeline.last_step(session, record)
    if step is None:
        return ""
    who = getattr(record, "handler", None) or getattr(record, "accepted_by", None) or step.who
    if record.void_reason:
        return _("{person}: {reason}").format(person=step.who, reason=record.void_reason)
    return _("{person}, for {span}").format(person=who, span=since(session.clock() - step.at))


def _deadline(session: Session, record: Record) -> str:
    if not isinstance(record, Complaint | Objection):
        return ""
    promised = moment_of(session, record, "promised_at")
    if promised is None or record.replied_at is not None or record.closed_at is not None:
        return ""
    return _("Reply promised: {when}").format(when=formats.near(promised, session.now()))
