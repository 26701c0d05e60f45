"""A customer at a glance: the card beside forms and cases."""

from __future__ import annotations

from app.core import formats
from app.core.language import _
from app.core.session import Session
from app.models.anniversaries import Anniversary
from app.models.customers import Customer
from app.services import customer_file
from app.views.pieces.basics import label, row
from app.views.pieces.cards import Card
from app.views.pieces.pills import Pill, face
from app.views.preview import facts

_FACTS = ("phone", "address", "route", "customer_manager", "licence")


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
    year = customer_file.last_year(session, customer)
    words = _("Last year: {complaints} complaints, {objections} objections")
    words = words.format(complaints=year.complaints, objections=year.objections)
    card.body.addWidget(label(words, "small", wrap=True))
    return card


def anniversary_words(one: Anniversary) -> str:
    """Whose birthday, or how many years as a customer."""
    if one.contact:
        return _("Birthday of {name}").format(name=one.contact)
    return _("customer for {count} years").format(count=one.years)
