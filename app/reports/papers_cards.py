"""Objection cards and pre-visit sheets put on paper, filled from what was read."""

from __future__ import annotations

from collections.abc import Sequence

from app.core import formats
from app.core.errors import UserError
from app.core.language import N_, _
from app.core.session import Session
from app.core.times import Moment, before
from app.models import classifications as of
from app.models import evidence
from app.models.cards import Card, proofs_of
from app.models.customers import Customer
from app.models.listing import COMPLAINTS, OBJECTIONS
from app.models.objections import Objection
from app.models.record import Record, moment_of
from app.reports.documents.cards import PocketCard, cards_sheaf
from app.reports.documents.visit import Answer, Case, Due, Person, Said, VisitSheet, visit_sheaf
from app.reports.papers_case import frame, local
from app.reports.pdf import Sheaf
from app.services import visits
from app.services.visits import OpenCase, Owed

_NOT_VALID = {"retired": N_("Retired"), "voided": N_("Void")}
_UNPUBLISHED = N_("Not published yet")


def is_valid(card: Record) -> bool:
    """Whether its paper may be carried to customers."""
    return bool(card.status == "published")


def pocket_cards(session: Session, cards: Sequence[Record]) -> Sheaf:
    """Cards to cut out. UserError where one is none."""
    for record in cards:
        if not isinstance(record, Card):
            raise UserError(_("{number} is no objection card.").format(number=record.number))
    ends = (cards[0].number, cards[-1].number)
    numbers = ends[0] if len(cards) == 1 else _("{first} to {last}").format(first=ends[0], last=ends[1])
    return cards_sheaf(frame(session, numbers), [_pocket_card(session, card) for card in cards])


def _pocket_card(session: Session, card: Record) -> PocketCard:
    return PocketCard(
        number=card.number,
        edition=card.edition,
        words=card.words,
        content=_label(card, "content"),
        answer=card.answer or "",
        method=_label(card, "method"),
        evidence=tuple(_proof(session, proof) for proof in proofs_of(card)),
        mark="" if is_valid(card) else _(_NOT_VALID.get(card.status, _UNPUBLISHED)),
    )


def _proof(session: Session, proof: evidence.Evidence) -> str:
    """What it is and where it stands; that it no longer holds is said."""
    told = _("{title} ({source})").format(title=proof.title, source=proof.source) if proof.source else str(proof.title)
    return _("{evidence} – no longer holds").format(evidence=told) if evidence.fault(session, proof) else told


def _label(record: Record, code: str) -> str:
    return formats.label(record.field(code), record[code]) if record[code] else ""


def visit_sheet(session: Session, customer: Record) -> Sheaf:
    """What to know before visiting a customer. UserError where the record is none."""
    if not isinstance(customer, Customer):
        raise UserError(_("{number} is no customer, so there is no visit to prepare.").format(number=customer.number))
    visit = visits.prepare(session, customer)
    return visit_sheaf(
        VisitSheet(
            paper=frame(session, customer.number),
            customer=customer.name,
            number=customer.number,
            tier=_label(customer, "tier"),
            integrity=_label(customer, "integrity"),
            type=_label(customer, "type"),
            route=customer.route or "",
            manager=customer.customer_manager or "",
            phone=customer.phone or "",
            licence=customer.licence or "",
            since=customer.customer_since,
            address=customer.address or "",
            contacts=tuple(
                Person(one["name"], one["role"] or "", one["phone"] or "", one["birthday"], bool(one["main"]))
                for one in visit.contacts
            ),
            cases=tuple(_case(session, one) for one in visit.cases),
            owed=tuple(_due(session, one) for one in visit.owed),
            objections=tuple(_said(session, one) for one in visit.objections),
            answers=tuple(
                Answer(one.card.number, one.card.words, one.card.answer or "", _rests_on(session, one.card))
                for one in visit.cards
            ),
        )
    )


def _rests_on(session: Session, card: Card) -> str:
    return _("; ").join(_proof(session, proof) for proof in proofs_of(card))


def _case(session: Session, one: OpenCase) -> Case:
    record = one.record
    statuses = OBJECTIONS if isinstance(record, Objection) else COMPLAINTS
    state = formats.label(statuses.field("status"), record.status)
    return Case(record.number, _local(session, one.since), one.what, state, record.handler or "")


def _due(session: Session, one: Owed) -> Due:
    late = before(one.due, session.clock(), session.branch.zone)
    return Due(one.what, _local(session, one.due), one.case, late)


def _said(session: Session, one: Objection) -> Said:
    at = moment_of(session, one, "occurred_at")
    assert at is not None  # an objection without a time cannot be written
    result = one.result or next((_(status.label) for status in of.OBJECTION_STATUSES if status.code == one.status), "")
    return Said(one.number, _local(session, at), one.what or "", result, one.satisfaction)


def _local(session: Session, value: Moment) -> Moment:
    found = local(value, session.branch.zone)
    assert found is not None  # a moment stays one
    return found
