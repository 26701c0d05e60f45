"""What one should know before visiting a customer: who is there, what is open and owed, what was objected, which cards fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from app.core.errors import UserError
from app.core.formats import label
from app.core.language import _
from app.core.session import Session
from app.core.times import Moment, instant_of
from app.models.complaints import Complaint
from app.models.customers import Customer
from app.models.listing import CUSTOMERS
from app.models.objections import Objection
from app.models.promises import Promise
from app.models.record import Record, Values, moment_of, parts_of, row_values
from app.services import card_suggestions
from app.services.card_suggestions import Suggestion

_OBJECTIONS, _CARDS, _EACH = 5, 4, 2
_ROUTES_NAMED = 12
_OPEN = "t.customer_id = ? AND t.closed_at IS NULL AND t.status <> 'voided'"


class OpenCase(NamedTuple):
    """A complaint or an objection that is not over."""

    record: Record
    since: Moment
    what: str


class Owed(NamedTuple):
    """Something that was promised to the customer and has not happened yet."""

    case: str
    due: Moment
    what: str


@dataclass(frozen=True)
class Visit:
    """Everything for one customer: contacts who are still there, cases and objections newest first, promises in order of time."""

    customer: Customer
    contacts: tuple[Values, ...]
    cases: tuple[OpenCase, ...]
    owed: tuple[Owed, ...]
    objections: tuple[Objection, ...]
    cards: tuple[Suggestion, ...]


def prepare(session: Session, customer: Customer) -> Visit:
    """Read it all as it is now."""
    cases = _open_cases(session, customer)
    objections = tuple(
        Objection.fetch(
            f"t.customer_id = ? AND t.status <> 'voided' ORDER BY t.occurred_at DESC LIMIT {_OBJECTIONS}", customer.id
        )
    )
    return Visit(
        customer=customer,
        contacts=_contacts(session, customer),
        cases=cases,
        owed=_owed(session, customer),
        objections=objections,
        cards=_fitting(session, objections),
    )


def _contacts(session: Session, customer: Customer) -> tuple[Values, ...]:
    today = session.now().date()
    here = [line for line in parts_of(customer, "contacts") if line["until"] is None or line["until"] >= today]
    return tuple(row_values(session, line) for line in sorted(here, key=lambda line: not line["main"]))


def _open_cases(session: Session, customer: Customer) -> tuple[OpenCase, ...]:
    found: list[OpenCase] = []
    for kind, at, what in ((Complaint, "received_at", "description"), (Objection, "occurred_at", "what")):
        for case in kind.fetch(f"{_OPEN} ORDER BY t.{at} DESC", customer.id):
            since = moment_of(session, case, at)
            assert since is not None  # a case without a time cannot be written
            found.append(OpenCase(case, since, case[what] or ""))
    return tuple(sorted(found, key=lambda one: instant_of(one.since, session.branch.zone), reverse=True))


def _owed(session: Session, customer: Customer) -> tuple[Owed, ...]:
    """The promises that are neither kept nor moved to another day."""
    condition = "t.customer_id = ? AND t.branch_id = ? AND t.status = 'open' ORDER BY t.due, t.id"
    found = []
    for one in Promise.fetch(condition, customer.id, session.branch.id):
        due = moment_of(session, one, "due")
        assert due is not None  # a promise is a date
        found.append(Owed(one["case"], due, label(Promise.field("subject"), one.subject)))
    return tuple(found)


def _fitting(session: Session, objections: tuple[Objection, ...]) -> tuple[Suggestion, ...]:
    """The cards that fit the last objections, each once."""
    found: dict[int, Suggestion] = {}
    for one in objections:
        for card in card_suggestions.suggest(session, one.what or "", one.content, one.cause, _EACH):
            found.setdefault(card.card.id, card)
    return tuple(found.values())[:_CARDS]


def on_route(session: Session, route: str) -> list[Customer]:
    """The active customers of a district or route. UserError where it has none."""
    condition = "t.branch_id = ? AND t.route = ? AND t.status = 'active' ORDER BY t.id"
    found = Customer.fetch(condition, session.branch.id, route.strip())
    if not found:
        known = _(", ").join(CUSTOMERS.known(session, "route", _ROUTES_NAMED)) or "—"
        raise UserError(_("No active customer is on “{route}”. Known routes: {known}.").format(route=route, known=known))
    return found
