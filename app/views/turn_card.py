"""Whose turn it is: who holds the case since when, what can be done, what is missing, what cannot be done yet and why."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.core import formats
from app.core.language import _
from app.core.session import Session
from app.models import agreements, dispatches, gaps, steps
from app.models.agreements import Agreement
from app.models.complaints import Complaint
from app.models.record import Record, find_any
from app.models.steps import Option
from app.services import case_course
from app.services.cases import Case
from app.views.desk import Desk
from app.views.pieces.basics import Button, IconMark, action, button, clear, label, menu_button, row
from app.views.pieces.cards import Card
from app.views.pieces.flow import Flow
from app.views.step_panel import StepPanel, tell_lost
from app.views.turn_words import deadline, headline, holder

_ICONS = {
    "sign": "signature", "hand-over": "users", "accept": "user-check", "reject": "hand-stop", "investigate": "search",
    "consult": "messages", "change": "replace", "assess": "scale", "propose": "pencil", "approve": "check",
    "return": "arrow-back-up", "reply": "message-2", "promise": "calendar-due", "notice": "phone-call", "escalate": "git-branch",
    "extend": "calendar", "pause": "clock", "resume": "refresh", "agreement": "file-certificate", "release": "file-certificate",
    "sign-agreement": "signature", "waive": "minus", "dispatch": "truck", "deliver": "package", "chase": "clock",
    "follow-up": "phone-call", "action": "clipboard-check", "close": "circle-check", "reopen": "refresh", "void": "ban",
    "finish": "check", "check": "search", "publish": "upload", "discuss": "messages", "rehearse": "users", "retire": "ban",
    "make-card": "cards",
}  # fmt: skip
_LOUDEST = (
    "sign", "accept", "investigate", "propose", "approve", "reply", "release", "sign-agreement", "dispatch", "deliver",
    "follow-up", "close", "finish", "check", "publish", "rehearse", "discuss",
)  # fmt: skip
_SEEN = (*_LOUDEST, "return", "agreement", "waive", "escalate", "promise", "notice", "assess", "chase", "make-card", "retire")
_STANDING = ("escalate", "promise", "notice")
"""Steps that are nearly always possible: they stay quiet, after the others. All that is not seen stands under ⋯."""


_MISSING_SHOWN = 6


class Act(NamedTuple):
    """A step of a record; `about`: which of several records, where the page shows another one."""

    owner: Record
    option: Option
    about: str = ""

    @property
    def code(self) -> str:
        """The step's."""
        return self.option.step.code

    @property
    def word(self) -> str:
        """What stands on the button."""
        return f"{_(self.option.step.label)}·{self.about}" if self.about else _(self.option.step.label)

    @property
    def icon(self) -> str:
        """Of the step."""
        return _ICONS.get(self.code, "")

    @property
    def name(self) -> str:
        """Of the button."""
        return f"act_{self.code}"


class TurnCard(Card):
    """The card below the station line. `moved`: a step was taken."""

    moved = Signal(object)
    wanted = Signal(str)
    """A field that is missing: the page leads there."""
    opened = Signal(object)
    """The Act whose fields are asked for now."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Now"))
        self.desk = desk
        self.about: Callable[[Act], QWidget | None] = lambda _act: None
        """What has to be read before a step is taken."""
        self._panel: StepPanel | None = None
        self._case: Case | None = None
        self._offered: list[Act] = []
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
        self.title.setText(headline(case))
        self._when.setText(deadline(session, record))
        self._line.setText(holder(session, record))
        self._say_deadlines(case)
        if self._panel is not None and self._panel.goes_on(find_any(session, self._panel.number)):
            return
        self._panel = None
        clear(self._place)
        clear(self._rest)
        own = [Act(record, one) for one in steps.options(session, record)]
        self._fill(case, own, _acts_beside(session, record) if isinstance(record, Complaint) else [])

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

    def _fill(self, case: Case, own: list[Act], beside: list[Act]) -> None:
        possible = [act for act in (*own, *beside) if act.option.possible]
        loudest = _loudest(possible, case)
        seen = [act for act in possible if act is loudest or act.code in _SEEN]
        rest = [act for act in possible if act not in seen] + [act for act in own if act.option.waivable]
        self._case, self._offered = case, [*seen, *rest]
        if possible or rest:
            holder_of_acts = QWidget()
            flow = Flow(holder_of_acts)
            for act in sorted(seen, key=lambda act: (act is not loudest, act.code in _STANDING)):
                flow.addWidget(self._button(case, act, loud=act is loudest))
            if rest:
                flow.addWidget(self._more(case, rest))
            self._place.addWidget(holder_of_acts)
        self._fill_rest(own)

    def _fill_rest(self, own: list[Act]) -> None:
        """What is missing, each thing once, and what is not possible yet."""
        lacking: dict[str, tuple[Act, steps.Missing]] = {}
        for act in own:
            for lack in () if act.option.step.danger else act.option.missing:
                lacking.setdefault(lack.sentence, (act, lack))
        locks = [act for act in own if act.option.locked and act.code in _LOUDEST and not _past(act, own)]
        columns = QHBoxLayout()
        columns.setSpacing(24)
        if lacking:
            columns.addLayout(self._missing(list(lacking.values())), 1)
        if locks:
            columns.addLayout(_locks(locks), 1)
        if lacking or locks:
            self._rest.addLayout(columns)

    def _button(self, case: Case, act: Act, *, loud: bool) -> Button:
        kind = "primary" if loud else "danger" if act.option.step.danger else "outline"
        return button(act.word, kind, act.icon, name=act.name, on_click=partial(self._start, case, act))

    def _more(self, case: Case, rest: list[Act]) -> Button:
        menu = QMenu(self)
        for act in rest:
            word = _("{step} (with a reason)").format(step=act.word) if act.option.waivable else act.word
            action(menu, word, partial(self._start, case, act), act.icon).setObjectName(f"menu_{act.code}")
        return menu_button(_("More"), menu, name="more_acts")

    def start(self, code: str) -> bool:
        """As if the button of a step was pressed, or it was chosen under ⋯; whether it is offered."""
        found = next((act for act in self._offered if act.code == code), None)
        if found is not None and self._case is not None:
            self._start(self._case, found)
        return found is not None

    def go_on(self, code: str) -> None:
        """With a step of the record itself that was being typed."""
        assert self._case is not None
        record = self._case.record
        own = any(act.owner is record and act.code == code for act in self._offered)
        if not own or not self.start(code):
            tell_lost(self.desk, record, code, self)

    def _start(self, case: Case, act: Act) -> None:
        if isinstance(act.owner, Agreement) and not isinstance(case.record, Agreement):
            self.desk.open(act.owner.number)  # its paper is looked at first
            return
        panel = self._panel = StepPanel(self.desk, act.owner, act.option.step)
        panel.done.connect(self._moved)
        panel.gone.connect(partial(self._gone, case))
        clear(self._place)
        if (about := self.about(act)) is not None:
            self._place.addWidget(about)
        self._place.addWidget(panel)
        self.opened.emit(act)

    def _gone(self, case: Case) -> None:
        self._panel = None
        self.show_case(case)

    def _moved(self, record: Record) -> None:
        self._panel = None
        self.moved.emit(record)

    def _missing(self, found: list[tuple[Act, steps.Missing]]) -> QVBoxLayout:
        made = QVBoxLayout()
        made.setSpacing(4)
        made.addWidget(label(_("What is missing"), "small"))
        for act, lack in found[:_MISSING_SHOWN]:
            words = _("{step}: {why}").format(step=act.word, why=lack.sentence)
            made.addWidget(button(words, "link", "circle-dashed", on_click=partial(self._go, lack.field)))
        return made

    def _go(self, place: str) -> None:
        """To what brings the missing thing: a step here, or a field elsewhere."""
        if place.startswith("@"):
            self.start(place[1:])
        self.wanted.emit(place)


def _locks(found: list[Act]) -> QVBoxLayout:
    made = QVBoxLayout()
    made.setSpacing(4)
    made.addWidget(label(_("Not possible yet"), "small"))
    for act in found[:3]:
        made.addLayout(locked(act.word, act.option.locked))
    return made


def locked(act: str, reason: str) -> QHBoxLayout:
    """What cannot be done yet and on what condition."""
    made = row(IconMark("lock", "text3", 16), label(act), label(reason, "hint", wrap=True))
    made.setStretch(2, 1)
    return made


def _loudest(possible: list[Act], case: Case) -> Act | None:
    """The next act: the loudest thing on the page."""
    by_code = {act.code: act for act in reversed(possible)}
    if isinstance(case.record, Complaint) and case.record.status == "following_up" and gaps.satisfied(case.record):
        by_code.pop("follow-up", None)
    wanted = [code for code in _LOUDEST if code in by_code]
    if "agreement" in by_code and case.edition is None and case.record.status == "replied":
        wanted = ["agreement"]
    elif case.record.status == "investigating" and "propose" in by_code and case.values.get("enquiries"):
        wanted = ["propose"]
    elif "close" in wanted and case.record.status == "following_up":
        wanted = ["close"]
    return by_code[wanted[0]] if wanted else None


def _past(act: Act, own: list[Act]) -> bool:
    """A step that lies behind the case is not “not yet”."""
    codes = [one.code for one in own]
    first = next((place for place, one in enumerate(own) if one.option.possible and one.code in _LOUDEST), len(codes))
    return codes.index(act.code) < first


def _acts_beside(session: Session, record: Complaint) -> list[Act]:
    """What can be done with the agreement of a complaint, and with the orders that are under way."""
    agreement = agreements.current(session, record)
    found = [] if agreement is None else [Act(agreement, one) for one in steps.options(session, agreement) if not one.step.danger]
    for order in dispatches.open_of(record):
        about = formats.label(order.field("department"), order.department)
        found += [Act(order, one, about) for one in steps.options(session, order) if one.step.code in ("accept", "deliver")]
    return [act for act in found if act.option.possible]
