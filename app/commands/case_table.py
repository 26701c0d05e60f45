"""A record with everything that belongs to it as lines for a terminal; scripts read the JSON instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.core import formats
from app.core.fields import Field
from app.core.language import _
from app.core.session import Session
from app.models.actions import Action
from app.models.agreements import Agreement
from app.models.dispatches import Dispatch
from app.models.listing import listing_of
from app.models.promises import Promise
from app.models.proposals import REMEDY_FIELDS, WAYS
from app.models.record import Record, Values
from app.services import timeline
from app.services.cases import Case, Edition, Round

Line = tuple[str, str]
_SHOWN = {
    "dispatch": ("department", "due", "accepted_by", "done_at"),
    "promise": ("subject", "due", "kept_at"),
    "action": ("root_cause", "due", "check_on"),
}
_WAY = Field("way", "", choices=WAYS)


def lines(session: Session, case: Case) -> Iterator[Line]:
    """Caption and value: what the record says, its parts, rounds, agreements, files, and what happened, oldest first."""
    record = case.record
    yield _("Number"), record.number
    yield _("Status"), _status(type(record), record.status)
    yield _("Version"), str(record.version)
    for declared in record.FIELDS:
        if case.values.get(declared.code) is not None:
            yield _(declared.label), formats.show(declared, case.values[declared.code], session.now())
    for code, part in record.PARTS.items():
        for line in case.values[code]:
            yield _(part.LABEL), _told(session, part.FIELDS, line)
    for one in case.rounds:
        yield from _round(session, one)
    for edition in () if record.KIND == "agreement" else case.editions:
        yield _("Agreement"), _edition(edition)
    for number in case.from_objections:
        yield _("Objection"), number
    yield from _course(session, case)
    for event in reversed(timeline.of_case(session, record)):
        yield formats.moment(event.at, session.branch.zone), _joined((event.who, event.title, event.text))


def _course(session: Session, case: Case) -> Iterator[Line]:
    """What is promised and delivered, by whom, and what is done against its happening again."""
    for owed in case.course.promised:
        amounts = _("promised {quantity}, dispatched {issued}, delivered {delivered}, owed {owed} {unit}").format(
            quantity=formats.quantity(owed.quantity),
            issued=formats.quantity(owed.issued),
            delivered=formats.quantity(owed.delivered),
            owed=formats.quantity(owed.owed),
            unit=owed.unit,
        )
        yield formats.label(REMEDY_FIELDS[0], owed.remedy), _joined((owed.description, amounts))
    for kind, stands in ((Dispatch, case.course.orders), (Promise, case.course.promises), (Action, case.course.actions)):
        for one in stands:
            shown = (formats.show(kind.field(code), one.values.get(code), session.now()) for code in _SHOWN[kind.KIND])
            yield _(kind.LABEL), _joined((one.number, _status(kind, one.status), *shown))
    for recurrence in case.course.recurrences:
        yield _("Recurrence"), recurrence.sentence


def _status(kind: type[Record], status: str) -> str:
    declared = listing_of(kind.KIND).field("status")
    return formats.label(declared, status)


def _told(session: Session, fields: Iterable[Field], line: Values) -> str:
    shown = (f"{_(one.label)} {formats.show(one, line[one.code], session.now())}" for one in fields if line[one.code] is not None)
    return _(", ").join(shown)


def _round(session: Session, one: Round) -> Iterator[Line]:
    cost = _("{cost} yuan").format(cost=formats.money(one.cost))
    yield _("Proposal"), _joined((one.proposed_by, cost, one.text))
    for line in one.lines:
        yield _("Remedies"), _told(session, REMEDY_FIELDS, line)
    for decision in one.decisions:
        what = _("Approved") if decision.result == "approved" else _("Returned")
        who = decision.paper_approver or decision.who
        yield what, _joined((who, formats.label(_WAY, decision.way), decision.opinion))


def _edition(one: Edition) -> str:
    edition = _("edition {edition}").format(edition=one.edition)
    return _joined((one.number, edition, _status(Agreement, one.status), one.void_reason))


def _joined(words: Iterable[str]) -> str:
    return _(", ").join(filter(None, words))
