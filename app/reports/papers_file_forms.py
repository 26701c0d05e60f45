"""What a case file holds besides files: the forms of the case, what was written down on its way, every change, and its cover."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from app.core import formats
from app.core.fields import Field, Kind
from app.core.language import _
from app.core.session import Session
from app.core.times import Moment
from app.models import actions, agreements, dispatches, promises
from app.models.complaints import Complaint
from app.models.listing import LISTINGS, listing_of
from app.models.objections import Objection
from app.models.promises import Promise
from app.models.record import Record, Values, find
from app.reports import papers_agreement, papers_approval, papers_case, papers_course, papers_quality
from app.reports.documents.case_file import Fact, Happened, Noted
from app.reports.documents.parts import moment
from app.reports.papers_case import Words, local
from app.reports.pdf import Sheaf
from app.services import cases, changes
from app.services.cases import Case

_ON_WAY = ("enquiries", "consultations", "changes", "assessments", "notices", "escalations", "extensions")
_ENDING = ("waived", "reject_reason", "turn_to", "result", "summary", "lesson", "closed_reason")


class Form(NamedTuple):
    """A document of the file and the day it is of."""

    sheaf: Sheaf
    on: Moment | None


def records(session: Session, case: Case) -> list[Record]:
    """All records that belong to a case, itself first."""
    found: list[Record] = [case.record]
    if isinstance(case.record, Complaint):
        found += [find(session, Objection, number) for number in case.from_objections]
        found += agreements.editions(session, case.record)
        found += dispatches.of_case(case.record)
        found += actions.of_cases(session, [case.record.number])
    return found


def forms(session: Session, case: Case) -> Iterator[Form]:
    """The forms in the order of the way."""
    zone = session.branch.zone
    if isinstance(case.record, Objection):
        yield Form(papers_case.objection_record(session, case), case.values["occurred_at"])
        return
    for number in case.from_objections:
        origin = cases.load(session, number)
        yield Form(papers_case.objection_record(session, origin), origin.values["occurred_at"])
    yield Form(papers_case.registration_form(session, case), case.values["received_at"])
    if case.record.status != "draft":
        yield Form(papers_course.receipt(session, case), case.values["signed_at"])
    for proposed in case.rounds:
        yield Form(papers_approval.approval_sheet(session, case, proposed), proposed.proposed_at)
    for edition in case.editions:
        paper = papers_agreement.agreement(session, case, edition, copy=_("File copy"), counted=False)
        yield Form(paper, edition.values["signed_on"] or edition.changed_at)
    assert isinstance(case.record, Complaint)
    for order in dispatches.of_case(case.record):
        yield Form(papers_course.dispatch_order(session, cases.case_of(session, order)), local(order.created_at, zone))
    if case.values["follow_ups"] or case.values["follow_up_at"]:
        yield Form(papers_course.follow_up(session, case), _last_call(case))
    for action in actions.of_cases(session, [case.record.number]):
        yield Form(papers_quality.notice(session, cases.case_of(session, action)), local(action.created_at, zone))


def _last_call(case: Case) -> Moment | None:
    calls = case.values["follow_ups"]
    at: Moment | None = calls[-1]["at"] if calls else case.values["follow_up_at"]
    return at


def course(session: Session, case: Case) -> list[tuple[str, Sequence[Noted]]]:
    """What was written down entry by entry; then the promises, and how the case ended. Nothing where nothing was."""
    kind = type(case.record)
    found = [(_(kind.PARTS[code].LABEL), _entries(session, case, code)) for code in _ON_WAY if code in kind.PARTS]
    found.append((_("Promises"), [_promised(session, one.number, one.status, one.values) for one in case.course.promises]))
    ending = [told(session, kind.field(code), case.values) for code in _ENDING if case.values.get(code)]
    found.append((_("How it ended"), [Noted(caption, text) for caption, text in ending]))
    return [(title, noted) for title, noted in found if noted]


def _entries(session: Session, case: Case, code: str) -> list[Noted]:
    fields = case.record.PARTS[code].FIELDS
    when = next(one for one in fields if one.kind is Kind.MOMENT)
    others = [one for one in fields if one is not when]
    return [Noted(told(session, when, line)[1], all_told(session, others, line)) for line in case.values[code]]


def _promised(session: Session, number: str, status: str, values: Values) -> Noted:
    declared = LISTINGS["promises"].field("status")
    named = [f"{number}  {formats.label(declared, status)}"]
    fields = [Promise.field(code) for code in ("subject", "due", "kept_at", "given_by", "note")]
    return Noted(told(session, Promise.field("given_at"), values)[1], "\n".join([*named, all_told(session, fields, values)]))


def all_told(session: Session, fields: Sequence[Field], values: Values) -> str:
    """Label and value of every field that holds something: the short ones in a line, then each long text in its own."""
    there = [one for one in fields if values.get(one.code) not in (None, "")]
    short, long = ([_pair(session, one, values) for one in there if (one.kind is Kind.MEMO) == memo] for memo in (False, True))
    return "\n".join(filter(None, ("    ".join(short), *long)))


def _pair(session: Session, declared: Field, values: Values) -> str:
    caption, value = told(session, declared, values)
    return _("{caption}: {value}").format(caption=caption, value=value)


def told(session: Session, declared: Field, values: Values) -> tuple[str, str]:
    """Label and value of a field."""
    return _(declared.label), formats.show(declared, values[declared.code], session.now())


def events(session: Session, case: Case) -> list[Happened]:
    """Everything that was done to any record of the case, oldest first."""
    concerned = records(session, case) + promises.of_case(session, case.record)
    found = [event for record in concerned for event in changes.of_record(session, record)]
    zone = session.branch.zone
    return [
        Happened(event.at.astimezone(zone), event.who, event.number, event.title, event.text)
        for event in sorted(found, key=lambda one: one.at)
    ]


_FACTS = {
    "complaint": ("customer_name", "complainant", "class", "severity", "received_at", "handler", "closed_at", "result"),
    "objection": ("customer_name", "occurred_at", "content", "nature", "handler", "closed_at", "result"),
}


def cover_facts(session: Session, case: Case) -> tuple[Fact, ...]:
    """The lines of the cover; what is not known stays empty, to be written by hand."""
    record = case.record
    words = Words(session, type(record), case.values)
    status = listing_of(record.KIND).field("status")
    found = [Fact(_(record.field(code).label), _value(words, record.field(code))) for code in _FACTS[record.KIND]]
    found.append(Fact(_("Status"), formats.label(status, str(record.status))))
    if case.edition is not None:
        cost = _("{cost} yuan").format(cost=formats.money(case.edition.values["cost"]))
        found.append(Fact(_("Agreement"), f"{case.edition.number}  {cost}"))
    return tuple(found)


def _value(words: Words, declared: Field) -> str:
    if declared.kind is Kind.CHOICE:
        return words.label(declared.code)
    return moment(words.moment(declared.code)) if declared.kind is Kind.MOMENT else words.text(declared.code)
