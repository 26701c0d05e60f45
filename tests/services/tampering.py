"""What somebody does to a database with another program, and what the check says of it."""

from __future__ import annotations

from app.core import chain, database
from app.core.session import Session
from app.models.record import edit
from app.services import anchors, checking
from tests.make import Make


def run(sql: str, *values: object) -> list[tuple[object, ...]]:
    return list(database.database.execute_sql(sql, values).fetchall())


def whats(session: Session, *known: anchors.Anchor) -> list[str]:
    return [fault.what for fault in checking.check(session, known=known)]


def unguarded(*statements: str) -> None:
    """What somebody does with another program: take the triggers away, do it, put them back."""
    for name in chain.TRIGGERS:
        run(f"DROP TRIGGER {name}")
    for statement in statements:
        run(statement)
    for statement in chain.TRIGGERS.values():
        run(statement)


def at_work(make: Make) -> Make:
    """A branch in which some things were done."""
    customer = make.customer()
    for phone in ("13800000001", "13800000002", "13800000003"):
        customer = edit(make.session, customer, {"phone": phone}, customer.version)
    make.objection(customer=customer.number)
    return make
