"""Dispatch orders: what each department has to deliver of what was agreed, and what it delivered."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, NamedTuple

import peewee

from app.core.database import database
from app.core.fields import Field, Kind
from app.core.language import N_, _
from app.core.session import Session
from app.core.times import Moment, instant_of
from app.models import agreements, proposals
from app.models import classifications as of
from app.models.complaints import Complaint
from app.models.proposals import Proposal, measure
from app.models.record import Part, Record, Values, moment_of, parts_of

_DEPARTMENT_OF = {"refund": "finance", "money": "finance", "discount": "finance", "reward": "finance"}


class Dispatch(Record):
    """An order to one department to deliver what a customer was promised."""

    KIND = "dispatch"
    LABEL = N_("dispatch order")
    FOUND_BY = ("number", "agreement", "customer_name", "note")
    FIRST_STATUS = "issued"
    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("complaint", N_("Complaint"), Kind.RECORD, refers="complaint", derived=True),
        Field("agreement", N_("Agreement"), Kind.CODE, derived=True, width=130),
        Field("department", N_("Department"), Kind.CHOICE, choices=of.DEPARTMENTS, derived=True, width=100),
        Field("due", N_("Due"), Kind.DATE, derived=True, width=110, indexed=True),
        Field("note", N_("Note"), Kind.MEMO, width=200),
        Field("accepted_by", N_("Accepted by"), max_length=100, derived=True, width=90),
        Field("accepted_at", N_("Accepted at"), Kind.MOMENT, derived=True, width=110),
        Field("done_at", N_("Delivered at"), Kind.MOMENT, derived=True, width=110, indexed=True),
        Field("chased_at", N_("Last chased at"), Kind.MOMENT, derived=True, width=110),
        Field("customer_name", N_("Customer"), derived=True, width=160, indexed=True),
    )
    PARTS: ClassVar[dict[str, type[Part]]] = {}

    withheld = peewee.BooleanField(default=False)

    def frozen(self) -> str | None:
        """What was delivered stands."""
        if self.status == "done" and not self.withheld:
            return _("{number} is delivered and cannot be changed.").format(number=self.number)
        return super().frozen()


class DispatchLine(Part):
    """One thing to deliver: `proposal` and `place` say which of the promised ones; a report to an authority has none."""

    LABEL = N_("To deliver")
    APPENDED = True
    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("remedy", N_("Remedy"), Kind.CHOICE, choices=of.REMEDIES, width=130),
        Field("description", N_("Content"), max_length=500, width=240),
        Field("quantity", N_("Quantity"), Kind.QUANTITY, required=True, width=90),
        Field("unit", N_("Unit"), max_length=20, width=60),
        Field("delivered", N_("Delivered"), Kind.QUANTITY, width=90),
    )
    parent = peewee.ForeignKeyField(Dispatch)
    proposal = peewee.IntegerField(default=0)
    place = peewee.IntegerField(default=0)


class Delivery(Part):
    """Something that reached the customer, with its proof."""

    LABEL = N_("Deliveries")
    APPENDED = True
    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("at", N_("When"), Kind.MOMENT, required=True, happened=True, width=130),
        Field("line", N_("Line"), Kind.INTEGER, required=True, width=60),
        Field("quantity", N_("Quantity"), Kind.QUANTITY, required=True, width=90),
        Field("received_by", N_("Received by"), max_length=100, width=100),
        Field("proof", N_("Proof"), max_length=300, width=200, hint=N_("Receipt number, photo, signature")),
        Field("who", N_("Who"), max_length=100, width=90),
    )
    parent = peewee.ForeignKeyField(Dispatch)


Dispatch.PARTS |= {"lines": DispatchLine, "deliveries": Delivery}


class Promised(NamedTuple):
    """A remedy that binds us, and how far it is: the quantities are all of the same unit."""

    proposal: int
    place: int
    remedy: str
    description: str
    unit: str
    quantity: Decimal
    issued: Decimal
    delivered: Decimal

    @property
    def to_issue(self) -> Decimal:
        """What no department has been told of."""
        return self.quantity - self.issued

    @property
    def owed(self) -> Decimal:
        """What has not reached the customer."""
        return self.quantity - self.delivered


def department_of(remedy: str) -> str:
    """Who usually delivers a remedy."""
    return _DEPARTMENT_OF.get(remedy, "warehouse" if remedy in of.GOODS else "marketing")


def of_case(complaint: Complaint) -> list[Dispatch]:
    """The dispatch orders of a case, oldest first."""
    return Dispatch.fetch("t.complaint_id = ? ORDER BY t.id", complaint.id)


def lines_of(dispatch: Dispatch) -> list[DispatchLine]:
    """What an order is to deliver, in order."""
    found = parts_of(dispatch, "lines")
    return [line for line in found if isinstance(line, DispatchLine)]


_ISSUED = """
SELECT line.proposal, line.place, sum(line.quantity), sum(coalesce(line.delivered, 0))
FROM dispatch_line AS line JOIN dispatch AS d ON d.id = line.parent_id
WHERE d.complaint_id = ? AND d.status <> 'voided' AND line.proposal > 0
GROUP BY line.proposal, line.place
"""


def promised(session: Session, complaint: Complaint) -> list[Promised]:
    """All that a case's agreements (or decisions that none is needed) bind us to, with what is issued and delivered of it."""
    settled = Proposal.fetch("t.complaint_id = ? AND t.settled <> '' ORDER BY t.id", complaint.id)
    if not settled:
        return []
    rows = database.execute_sql(_ISSUED, (complaint.id,)).fetchall()
    known = {(proposal, place): (issued, delivered) for proposal, place, issued, delivered in rows}
    found = []
    for proposal in settled:
        for place, line in enumerate(_bound_lines(session, complaint, proposal)):
            quantity, unit = measure(line)
            issued, delivered = known.get((proposal.id, place), (0, 0))
            thousandth = Decimal("0.001")
            found.append(
                Promised(
                    proposal.id,
                    place,
                    line["remedy"],
                    line.get("description") or "",
                    unit,
                    quantity,
                    issued * thousandth,
                    delivered * thousandth,
                )
            )
    return found


def _bound_lines(session: Session, complaint: Complaint, proposal: Proposal) -> list[Values]:
    """The lines as the signed agreement words them, else as they were proposed."""
    if proposal.settled == "agreement":
        for one in reversed(agreements.editions(session, complaint)):
            if one.status == "signed" and one.proposal == proposal.id:
                return agreements.lines_of(session, one)
    return proposals.lines_of(session, proposal)


def received_at(session: Session, complaint: Complaint) -> Moment | None:
    """When the last of what was promised reached the customer; None while some of it is owed."""
    if any(one.owed > 0 for one in promised(session, complaint)):
        return None
    found: list[Moment] = []
    for order in of_case(complaint):
        promised_lines = {line.position + 1 for line in lines_of(order) if line.proposal}
        arrived = (one for one in parts_of(order, "deliveries") if one["line"] in promised_lines)
        found += filter(None, (moment_of(session, one, "at") for one in arrived))
    return max(found, key=lambda at: instant_of(at, session.branch.zone), default=None)


def open_of(complaint: Complaint) -> list[Dispatch]:
    """The orders that are still under way."""
    return [one for one in of_case(complaint) if one.status in ("issued", "accepted")]
