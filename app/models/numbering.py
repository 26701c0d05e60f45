"""Numbers of records: unique for ever, one sequence per kind and period, safe with several processes at once; and reserved blank forms."""

from __future__ import annotations

from datetime import datetime

import peewee

from app.core.database import InstantColumn, database, transaction
from app.core.errors import UserError
from app.core.language import _
from app.core.session import Session


class Counter(peewee.Model):
    """The last number given of a kind in a period."""

    branch_id = peewee.IntegerField()
    kind = peewee.TextField()
    period = peewee.TextField()
    last = peewee.IntegerField()

    class Meta:
        database = database
        primary_key = peewee.CompositeKey("branch_id", "kind", "period")


class Reserved(peewee.Model):
    """A number printed on a blank form, until it is entered or voided."""

    branch_id = peewee.IntegerField()
    kind = peewee.TextField()
    number = peewee.TextField()
    status = peewee.TextField(default="reserved")
    at = InstantColumn()
    who = peewee.TextField()
    reason = peewee.TextField(default="")

    class Meta:
        database = database
        indexes = ((("branch_id", "number"), True),)


def take(session: Session, kind: str, moment: datetime, count: int = 1) -> list[str]:
    """The next `count` numbers of a kind for the local month of `moment`; call it inside the transaction that uses them."""
    local = moment.astimezone(session.branch.zone)
    pattern = session.settings[f"pattern_{kind}"]
    period = f"{local:%Y%m}" if "{month}" in pattern else f"{local:%Y}" if "{year}" in pattern else ""
    row = database.execute_sql(
        "INSERT INTO counter (branch_id, kind, period, last) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (branch_id, kind, period) DO UPDATE SET last = counter.last + excluded.last RETURNING last",
        (session.branch.id, kind, period, count),
    ).fetchone()
    last = int(row[0])
    return [_number(session, pattern, local, n) for n in range(last - count + 1, last + 1)]


def _number(session: Session, pattern: str, local: datetime, n: int) -> str:
    return str(pattern.format(year=f"{local:%Y}", month=f"{local:%m}", n=n, branch=session.branch.code))


def check_pattern(pattern: str) -> None:
    """UserError where a pattern cannot give unique numbers."""
    try:
        made = {pattern.format(year="2026", month=month, n=n, branch="A") for month in ("10", "11") for n in (1, 2)}
    except (KeyError, ValueError, IndexError):
        made = set()
    if len(made) not in (2, 4) or ("{month}" in pattern and "{year}" not in pattern) or "{n" not in pattern:
        raise UserError(_("“{pattern}” gives no unique numbers. Write it like TS-{{year}}{{month}}-{{n:04}}.").format(pattern=pattern))


def reserve(session: Session, kind: str, count: int = 1) -> list[str]:
    """Take numbers for blank forms and list them as reserved."""
    with transaction():
        numbers = take(session, kind, session.clock(), count)
        for number in numbers:
            Reserved.create(branch_id=session.branch.id, kind=kind, number=number, at=session.clock(), who=session.user)
    return numbers


def reserved(session: Session, kind: str) -> list[str]:
    """Numbers of blank forms that were neither entered nor voided."""
    rows = Reserved.select(Reserved.number).where(
        Reserved.branch_id == session.branch.id, Reserved.kind == kind, Reserved.status == "reserved"
    )
    return [number for (number,) in rows.order_by(Reserved.id).tuples()]


def enter(session: Session, kind: str, number: str) -> None:
    """Use a reserved number for the record that is being written; inside its transaction. UserError if it is not free."""
    done = (
        Reserved.update(status="entered")
        .where(Reserved.branch_id == session.branch.id, Reserved.kind == kind, Reserved.number == number, Reserved.status == "reserved")
        .execute()
    )
    if not done:
        raise UserError(_("{number} is not the number of an open blank form.").format(number=number))


def void_reserved(session: Session, number: str, reason: str) -> None:
    """Explain the gap that a spoilt blank form leaves."""
    with transaction():
        done = (
            Reserved.update(status="voided", reason=reason)
            .where(Reserved.branch_id == session.branch.id, Reserved.number == number, Reserved.status == "reserved")
            .execute()
        )
        if not done:
            raise UserError(_("{number} is not the number of an open blank form.").format(number=number))
