"""Whether a complaint is one of several: the same customer, batch, cause or person within 90 days (rule 15)."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from app.core.database import database, milliseconds
from app.core.formats import label
from app.core.language import N_, _
from app.core.session import Session
from app.models.complaints import Complaint, ProductLine
from app.models.products import Product
from app.models.record import parts_of

KINDS = {
    "customer": N_("This customer"),
    "batch": N_("This batch"),
    "cause": N_("This cause"),
    "person": N_("This person responsible"),
}


class Recurrence(NamedTuple):
    """What recurs: `times` cases of it with this one, the numbers of the earlier ones, newest first."""

    kind: str
    what: str
    times: int
    numbers: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """As shown on the case."""
        return _("{what} {name}: case {count} within the time").format(what=_(KINDS[self.kind]), name=self.what, count=self.times)


_SAME = """
SELECT c.number FROM complaint AS c
WHERE c.branch_id = ? AND {same} AND c.received_at BETWEEN ? AND ? AND c.id <> ? AND c.status <> 'voided'
ORDER BY c.received_at DESC
"""
_NAMES_BATCH = "{case} IN (SELECT line.parent_id FROM product_line AS line WHERE line.product_id = ? AND line.batch = ?)"
_BATCH = _NAMES_BATCH.format(case="c.id")


def of(session: Session, complaint: Complaint) -> list[Recurrence]:
    """In which ways a complaint recurs; the time reaches back from when it was received."""
    asked: list[tuple[str, str, str, tuple[object, ...]]] = []
    if complaint.customer is not None:
        asked.append(("customer", complaint.customer_name, "c.customer_id = ?", (complaint.customer.id,)))
    lines = (line for line in parts_of(complaint, "product_lines") if isinstance(line, ProductLine))
    asked += [("batch", one.batch, _BATCH, (one.product.id, one.batch)) for one in lines if one.product and one.batch]
    if complaint.cause:
        asked.append(("cause", label(Complaint.field("cause"), complaint.cause), "c.cause = ?", (complaint.cause,)))
    if complaint.responsible_person:
        person = complaint.responsible_person
        asked.append(("person", person, "c.responsible_person = ?", (person,)))
    return [one for kind, what, same, values in asked if (one := _found(session, complaint, kind, what, same, values))]


def _found(
    session: Session, complaint: Complaint, kind: str, what: str, same: str, values: tuple[object, ...]
) -> Recurrence | None:
    until = complaint.received_at
    since = until - timedelta(days=session.settings["recurrence_days"])
    rows = database.execute_sql(
        _SAME.format(same=same), (session.branch.id, *values, milliseconds(since), milliseconds(until), complaint.id)
    ).fetchall()
    numbers = tuple(number for (number,) in rows)
    return Recurrence(kind, what, len(numbers) + 1, numbers) if numbers else None


def with_batch(session: Session, product: Product, batch: str) -> list[Complaint]:
    """All complaints that name a batch of a product, whenever they were received; void ones aside."""
    condition = f"t.branch_id = ? AND t.status <> 'voided' AND {_NAMES_BATCH.format(case='t.id')} ORDER BY t.received_at, t.id"
    return Complaint.fetch(condition, session.branch.id, product.id, batch)
