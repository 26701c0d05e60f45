"""Numbers of records: unique for ever, one sequence per kind and period, safe with several processes at once.

Numbers of blank forms are reserved here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from string import Formatter

import peewee

from app.core import fields
from app.core.database import InstantColumn, database, transaction
from app.core.errors import UserError
from app.core.fields import Field, Kind
from app.core.language import N_, _
from app.core.session import Session
from app.core.text import quoted
from app.models import permissions

REASON = Field("reason", N_("Reason"), Kind.MEMO, required=True)


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
    numbers: list[str] = []
    while len(numbers) < count:
        given = _next(session, kind, local, count - len(numbers))
        used = _in_use(session, kind, given)
        numbers += [number for number in given if number not in used]
    return numbers


def _next(session: Session, kind: str, local: datetime, count: int) -> list[str]:
    pattern = session.settings[f"pattern_{kind}"]
    period = f"{local:%Y%m}" if "{month}" in pattern else f"{local:%Y}" if "{year}" in pattern else ""
    row = database.execute_sql(
        "INSERT INTO counter (branch_id, kind, period, last) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (branch_id, kind, period) DO UPDATE SET last = counter.last + excluded.last RETURNING last",
        (session.branch.id, kind, period, count),
    ).fetchone()
    last = int(row[0])
    return [_filled(session, kind, local, n) for n in range(last - count + 1, last + 1)]


def _filled(session: Session, kind: str, local: datetime, n: object) -> str:
    pattern: str = session.settings[f"pattern_{kind}"]
    return pattern.format(n=n, year=f"{local:%Y}", month=f"{local:%m}", branch=session.branch.code)


def _in_use(session: Session, kind: str, numbers: list[str]) -> set[str]:
    """Numbers that records or blank forms have already: brought along by a register, or made by an earlier pattern."""
    used: set[str] = set()
    for table in (kind, "reserved"):
        sql = f'SELECT number FROM "{table}" WHERE branch_id = ? AND number IN (SELECT value FROM json_each(?))'
        used |= {number for (number,) in database.execute_sql(sql, (session.branch.id, json.dumps(numbers))).fetchall()}
    return used


def shape(session: Session, pattern: str) -> re.Pattern[str]:
    """What a number given by a pattern looks like; its groups are `n`, `year` and `month`, as far as the pattern has them."""
    places = {"n": r"(?P<n>\d{1,15})", "year": r"(?P<year>\d{4})", "month": r"(?P<month>\d{2})"}
    places |= {"branch": re.escape(session.branch.code), "": ""}
    parts = Formatter().parse(pattern)
    return re.compile("".join(re.escape(literal) + places[name or ""] for literal, name, _spec, _conversion in parts))


def counted(found: re.Match[str]) -> tuple[str, int]:
    """The period and the count that a number of a shape stands for."""
    named = found.groupdict()
    return named.get("year", "") + named.get("month", ""), int(named["n"])


_WIDTH = re.compile("0[1-9]")


def check_pattern(pattern: str) -> None:
    """UserError where a pattern cannot give unique numbers, or is none."""
    try:
        parts = [part[1:] for part in Formatter().parse(pattern) if part[1] is not None]
    except ValueError:
        parts = []
    names = [name for name, _spec, _conversion in parts]
    plain = all(not conversion and (not spec or (name == "n" and _WIDTH.fullmatch(spec))) for name, spec, conversion in parts)
    known = set(names) <= {"n", "year", "month", "branch"} and len(names) == len(set(names))
    if not plain or not known or "n" not in names or ("month" in names and "year" not in names):
        raise UserError(
            _("“{pattern}” gives no unique numbers. Write it like TS-{{year}}{{month}}-{{n:04}}.").format(pattern=quoted(pattern))
        )


def reserve(session: Session, kind: str, count: int = 1) -> list[str]:
    """Take numbers for blank forms and list them as reserved."""
    permissions.require(session, "form.reserve")
    with transaction():
        numbers = take(session, kind, session.clock(), count)
        for number in numbers:
            Reserved.create(branch_id=session.branch.id, kind=kind, number=number, at=session.clock(), who=session.user)
    session.changed("reserved")
    return numbers


@contextmanager
def reserving(session: Session, kind: str, count: int = 1) -> Iterator[list[str]]:
    """Numbers for blank forms that are printed or saved meanwhile; void where that fails."""
    numbers = reserve(session, kind, count)
    try:
        yield numbers
    except BaseException:
        for number in numbers:
            void_reserved(session, number, _("The form could not be printed."))
        raise


class _Open:
    """A count that is not known yet."""

    def __format__(self, width: str) -> str:
        return "_" * int(width or 4)


def outline(session: Session, kind: str) -> str:
    """A number of this month with room where its count will stand; takes none."""
    return _filled(session, kind, session.now(), _Open())


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
        .where(
            Reserved.branch_id == session.branch.id,
            Reserved.kind == kind,
            Reserved.number == number,
            Reserved.status == "reserved",
        )
        .execute()
    )
    if not done:
        raise UserError(_("{number} is not the number of an open blank form.").format(number=quoted(number)))


def void_reserved(session: Session, number: str, reason: str) -> None:
    """Explain the gap that a spoilt blank form leaves. ValidationError where no reason is given."""
    permissions.require(session, "form.reserve")
    given = fields.clean((REASON,), {"reason": reason}, session.now())
    with transaction():
        done = (
            Reserved.update(status="voided", **given)
            .where(Reserved.branch_id == session.branch.id, Reserved.number == number, Reserved.status == "reserved")
            .execute()
        )
        if not done:
            raise UserError(_("{number} is not the number of an open blank form.").format(number=quoted(number)))
    session.changed("reserved")
