"""What is kept about a customer (PIPL art. 45), for the person who asks: nothing of the office's history, all else."""

from __future__ import annotations

from collections.abc import Iterator

from app.core.session import Session
from app.models import history, permissions
from app.models.customers import Customer
from app.services import cases, erasures
from app.services.cases import Case

GIVEN = "person"
"""The action in the history."""


def gather(session: Session, customer: Customer) -> Iterator[Case]:
    """The customer, records that were merged into it, and all its cases with what came of them.

    UserError for a record that was merged into another.
    """
    permissions.require(session, "customer.tell")
    reach = erasures.reach_of(session, customer)
    for one in (*reach.customers, *reach.records):
        yield cases.case_of(session, one)


def as_json(session: Session, customer: Customer) -> dict[str, object]:
    """All of it as `kesu show` gives it, without the history."""
    customers: list[dict[str, object]] = []
    records: list[dict[str, object]] = []
    for case in gather(session, customer):
        told = {code: value for code, value in cases.as_json(session, case).items() if code != "history"}
        (customers if isinstance(case.record, Customer) else records).append(told)
    return {"customer": customers[0], "merged": customers[1:], "records": records}


def keep_record(session: Session, customer: Customer, name: str) -> None:
    """Remember that it was given out, inside the caller's transaction."""
    history.write(session, customer.KIND, customer.id, GIVEN, note=name)
