"""Whose turn it is: who holds the case since when, what can be done, what is missing, what cannot be done yet and why."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core import formats
from app.core.language import _
from app.core.session import Session
from app.models import agreements, steps
from app.models.complaints import Complaint
from app.models.record import Record, moment_of
from app.models.steps import Option
from app.services import timeline
from app.services.cases import Case
from app.views.bench_lines import since
from app.views.desk import Desk
from app.views.pieces.basics import Button, IconMark, button, clear, label, row
from app.views.pieces.cards import Card
from app.views.pieces.flow import Flow
from app.views.step_panel import StepPanel

_ICONS = {
    "sign": "signature", "hand-over": "users", "accept": "user-check", "investigate": "search", "propose": "pencil",
    "approve": "check", "return": "arrow-back-up", "reply": "message-2", "promise": "calendar-due",
    "agreement": "file-certificate", "release": "file-certificate", "sign-agreement": "signature", "waive": "minus",
    "close": "circle-check", "void": "ban", "escalate": "git-branch",
}  # fmt: skip
_LOUDEST = ("sign", "accept", "investigate", "propose", "approve", "reply", "release", "sign-agreement", "close")
_QUIET = ("void", "promise", "hand-over")


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
        found = steps.options(session, record)
        if isinstance(record, Complaint):
            found += _agreement_options(session, case)
        self._fill(record, case, found)

    def _fill(self, record: Record, case: Case, found: list[Option]) -> None:
        possible = [one for one in found if one.possible]
        loudest = self._loudest(possible, case)
        if possible:
            self._acts = QWidget()
            flow = Flow(self._acts)
            for one in sorted(possible, key=lambda one: (one is not loudest, one.step.code in _QUIET)):
                flow.addWidget(self._button(record, case, one, loud=one is loudest))
            self._place.addWidget(self._acts)
        missing = [(one, lack) for one in found for lack in one.missing]
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
            _ICONS.get(one.step.code, ""),
            name=f"act_{one.step.code}",
            on_click=partial(self._start, owner, case, one),
        )

    def start(self, code: str) -> None:
        """Press the button of a step."""
        found = self.findChild(Button, f"act_{code}")
        if isinstance(found, Button):
            found.click()

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
        for one, lack in found:
            words = _("{step}: {why}").format(step=_(one.step.label), why=lack.sentence)
            made.addWidget(button(words, "link", "circle-dashed", on_click=partial(self.wanted.emit, lack.field)))
        return made

    def _locked(self, found: list[Option]) -> QVBoxLayout:
        made = QVBoxLayout()
        made.setSpacing(4)
        made.addWidget(label(_("Not possible yet"), "small"))
        for one in found[:3]:
            made.addLayout(locked(_(one.step.label), one.locked))
        return made


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
        "agreed": _("Now: can be closed"),
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
    if status == "replied" and case.record.KIND == "objection":
        return _("Now: can be closed")
    return words.get(status) or ended.get(status, status)


def holder(session: Session, record: Record) -> str:
    """Who holds it since when."""
    step = timeline.last_step(session, record)
    if step is None:
        return ""
    who = record["handler"] or step.who
    if record.void_reason:
        return _("{person}: {reason}").format(person=step.who, reason=record.void_reason)
    return _("{person}, for {span}").format(person=who, span=since(session.clock() - step.at))


def _deadline(session: Session, record: Record) -> str:
    promised = moment_of(session, record, "promised_at")
    if promised is None or record.replied_at is not None or record.closed_at is not None:
        return ""
    return _("Reply promised: {when}").format(when=formats.near(promised, session.now()))
