"""What the page of a customer tells besides its fields: the last year in figures."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from statistics import fmean
from typing import NamedTuple

from app.core.session import Session
from app.models.agreements import Agreement
from app.models.complaints import Complaint
from app.models.customers import Customer
from app.models.objections import Objection

_YEAR = timedelta(days=365)


class Year(NamedTuple):
    """The last 365 days: cases received, what signed agreements cost in yuan, and the mean satisfaction (None: none is known)."""

    complaints: int
    objections: int
    compensation: Decimal
    satisfaction: float | None


def last_year(session: Session, customer: Customer) -> Year:
    """The last 365 days of a customer."""
    since, first = session.clock() - _YEAR, (session.now() - _YEAR).date()
    mine = (Complaint.customer == customer.id) & (Complaint.status != "voided")
    objections = Objection.select().where(
        Objection.customer == customer.id, Objection.occurred_at >= since, Objection.status != "voided"
    )
    signed = (
        Agreement.select(Agreement.cost)
        .join(Complaint, on=Agreement.complaint == Complaint.id)
        .where(Complaint.customer == customer.id, Agreement.status == "signed", Agreement.signed_on >= first)
    )
    scores = Complaint.select(Complaint.satisfaction).where(
        mine, Complaint.closed_at >= since, Complaint.satisfaction.is_null(False)
    )
    asked = [score for (score,) in scores.tuples()]
    return Year(
        Complaint.select().where(mine, Complaint.received_at >= since).count(),
        objections.count(),
        sum((cost for (cost,) in signed.tuples() if cost is not None), Decimal("0.00")),
        fmean(asked) if asked else None,
    )
