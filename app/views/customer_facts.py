"""A customer at a glance: the card beside forms and cases."""

from __future__ import annotations

from datetime import timedelta

from app.core import formats
from app.core.language import _
from app.core.session import Session
from app.models.complaints import Complaint
from app.models.customers import Customer
from app.models.objections import Objection
from app.views.pieces.basics import label, row
from app.views.pieces.cards import Card
from app.views.pieces.pills import Pill, face
from app.views.preview import facts

_FACTS = ("phone", "address", "route", "customer_manager", "licence")


def last_year(session: Session, customer: Customer) -> tuple[int, int]:
    """Complaints and objections of the customer within the last 365 days."""
    since = session.clock() - timedelta(days=365)
    complaints = Complaint.select().where(
        Complaint.customer == customer.id, Complaint.received_at >= since, Complaint.status != "voided"
    )
    objections = Objection.select().where(
        Objection.customer == customer.id, Objection.occurred_at >= since, Objection.status != "voided"
    )
    return complaints.count(), objections.count()


def grade_pills(customer: Customer) -> list[Pill]:
    """Tier and integrity, where known."""
    return [
        Pill(formats.label(Customer.field(code), customer[code]), face(code, customer[code]))
        for code in ("tier", "integrity")
        if customer[code]
    ]


def customer_card(session: Session, customer: Customer, *, brief: bool = False) -> Card:
    """Name, grades, facts (not where it is brief), and how often they complained."""
    card = Card(customer.name)
    card.title.setWordWrap(True)
    pills = grade_pills(customer)
    if pills:
        card.body.addLayout(row(*pills, None, gap=6))
    if not brief:
        card.body.addLayout(facts(session, customer, _FACTS))
    complaints, objections = last_year(session, customer)
    words = _("Last year: {complaints} complaints, {objections} objections").format(complaints=complaints, objections=objections)
    card.body.addWidget(label(words, "small", wrap=True))
    return card
