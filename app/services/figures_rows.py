"""What the figures are counted from: narrow rows of the period's cases, read once through the index on their time.

Every statement costs as much as the period holds, not as much as the store (docs/decisions/figures.md).
Counting stands in `figures`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from app.core.database import database, instant, milliseconds
from app.core.session import Session
from app.core.times import day_of
from app.models import tallies
from app.models.objections import Objection
from app.models.record import Record
from app.services.figures_values import Both, Only
from app.services.periods import Period, midnight

DAY = 86_400_000
REPEATS_WITHIN = 90 * DAY
LONG = 31 * DAY
"""Cases that took longer have an index of their own, by when they ended."""
_AGE_DAYS = (1, 3, 7, 30)
_AT_ONCE = 5000


class Span(NamedTuple):
    """A period as the queries need it: UTC milliseconds; `until` is the end of what had happened at `now`, exclusive."""

    branch: int
    start: int
    end: int
    until: int
    now: datetime


class CaseKind(NamedTuple):
    """How a kind of case is counted: its table, the moment it belongs to a period by, and what makes it a repeat.

    `only`: a condition on the row `c` that narrows all that is counted; empty where all cases count.
    """

    table: str
    moment: str
    topic: str
    only: str = ""


KINDS = Both(CaseKind("objection", "occurred_at", "content"), CaseKind("complaint", "received_at", '"class"'))


class Chosen(NamedTuple):
    """Which cases are counted: all, or by `only` the kinds narrowed to some."""

    kinds: Both[CaseKind] = KINDS
    only: tuple[Only, ...] = ()


ALL = Chosen()


class Worked(NamedTuple):
    """When a case began and ended, with the marks of days without a time."""

    began: int
    began_day: bool
    ended: int
    ended_day: bool


def span(session: Session, period: Period) -> Span:
    """The bounds of a period. UserError if it lies in the future."""
    zone = session.branch.zone
    start, end = (milliseconds(instant) for instant in period.bounds(zone))
    now = period.now(session.clock(), zone)
    # What happens in this very millisecond has happened.
    return Span(session.branch.id, start, end, min(end, milliseconds(now) + 1), now)


def kind_of(record: type[Record]) -> CaseKind:
    """How that kind of record is counted."""
    return KINDS.objections if record is Objection else KINDS.complaints


def of_period(kind: CaseKind) -> str:
    """The condition for cases of a period; its parameters are branch, start, end."""
    return f"c.branch_id = ? AND c.{kind.moment} >= ? AND c.{kind.moment} < ? AND {counted(kind)}"


def closed_in(kind: CaseKind) -> str:
    """The condition for cases that ended in a period, whenever they began; parameters branch, start, until."""
    return f"c.branch_id = ? AND c.closed_at >= ? AND c.closed_at < ? AND {counted(kind)}"


def still_open(kind: CaseKind) -> str:
    """The condition for cases begun, but not ended; its parameters are those of `open_parameters`.

    Three look-ups that cost what they find: cases of the last 31 days, older ones that have not ended to this day, and older ones
    that ended later, which are among those that took long. One index on the time of closing would read all that ended since.
    """
    moment, table = f"o.{kind.moment}", kind.table
    recent = f"{moment} >= ? AND {moment} < ? AND (+o.closed_at IS NULL OR +o.closed_at >= ?)"
    return (
        f"(c.id IN (SELECT o.id FROM {table} AS o WHERE o.branch_id = ? AND {recent}"
        f" UNION ALL SELECT o.id FROM {table} AS o INDEXED BY {table}_open"
        f" WHERE o.branch_id = ? AND {moment} < ? AND o.closed_at IS NULL"
        f" UNION ALL SELECT o.id FROM {table} AS o INDEXED BY {table}_long"
        f" WHERE o.branch_id = ? AND o.closed_at >= ? AND o.closed_at - {moment} > {LONG} AND {moment} < ?) AND {counted(kind)})"
    )


def counted(kind: CaseKind) -> str:
    """The condition for cases `c` that are counted at all."""
    return f"c.status <> 'voided' AND {kind.only}" if kind.only else "c.status <> 'voided'"


def repeated(kind: CaseKind) -> str:
    """The condition for a case that another one of the same customer and topic precedes by at most 90 days, or equals in time.

    Where one of the two has no time, days are compared: such a day is stored as its first instant.
    """
    own, other, day = f"c.{kind.moment}", f"o.{kind.moment}", DAY - 1
    return (
        f"EXISTS (SELECT 1 FROM {kind.table} AS o WHERE o.customer_id = c.customer_id"
        f" AND o.{kind.topic} = c.{kind.topic} AND o.id <> c.id AND o.status <> 'voided'"
        f" AND {other} BETWEEN {own} - {REPEATS_WITHIN + day} AND {own} + {day}"
        f" AND {other} >= {own} - {REPEATS_WITHIN} - CASE WHEN o.{kind.moment}_day AND NOT {own}_day THEN {day} ELSE 0 END"
        f" AND {other} <= {own} + CASE WHEN {own}_day AND NOT o.{kind.moment}_day THEN {day} ELSE 0 END)"
    )


def fetch(sql: str, parameters: Iterable[object]) -> list[tuple[Any, ...]]:
    """All rows of a statement, as they are stored."""
    rows: list[tuple[Any, ...]] = database.execute_sql(sql, tuple(parameters)).fetchall()
    return rows


def columns(kind: CaseKind, span: Span, names: tuple[str, ...]) -> dict[str, tuple[Any, ...]]:
    """The named columns of the period's cases, each as one tuple: they are counted column by column."""
    chosen = ", ".join(f"c.{name}" for name in names)
    rows = fetch(f"SELECT {chosen} FROM {kind.table} AS c WHERE {of_period(kind)}", (span.branch, span.start, span.end))
    by_column = zip(*rows, strict=True) if rows else ((),) * len(names)
    return {name.strip('"'): column for name, column in zip(names, by_column, strict=True)}


def count(kind: CaseKind, branch: int, start: int, end: int) -> int:
    """How many cases a period holds: whole hours from the tally, but for narrowed cases, which nobody tallied."""
    first, last = -(-start // tallies.HOUR), end // tallies.HOUR
    if kind.only or first >= last:
        return _count(kind, branch, start, end)
    parts = ((start, first * tallies.HOUR), (last * tallies.HOUR, end))
    rest = sum(_count(kind, branch, *part) for part in parts if part[0] < part[1])
    return tallies.between(branch, kind.table, first, last) + rest


def _count(kind: CaseKind, branch: int, start: int, end: int) -> int:
    sql = f"SELECT count(*) FROM {kind.table} AS c WHERE {of_period(kind)}"
    return int(fetch(sql, (branch, start, end))[0][0])


def count_repeated(kind: CaseKind, span: Span) -> int:
    """How many cases of the period repeat an earlier one."""
    known = f"c.customer_id IS NOT NULL AND c.{kind.topic} IS NOT NULL"
    sql = f"SELECT count(*) FROM {kind.table} AS c WHERE {of_period(kind)} AND {known} AND {repeated(kind)}"
    return int(fetch(sql, (span.branch, span.start, span.end))[0][0])


def worked(kind: CaseKind, span: Span) -> list[Worked]:
    """The cases that ended in the period."""
    chosen = f"c.{kind.moment}, c.{kind.moment}_day, c.closed_at, c.closed_at_day"
    rows = fetch(f"SELECT {chosen} FROM {kind.table} AS c WHERE {closed_in(kind)}", (span.branch, span.start, span.until))
    return [Worked(*row) for row in rows]


def hours(case: Worked, session: Session) -> float:
    """Clock hours from beginning to end; whole days where either has no time."""
    if not case.began_day and not case.ended_day:
        return (case.ended - case.began) / 3_600_000
    zone = session.branch.zone
    return (day_of(instant(case.ended), zone) - day_of(instant(case.began), zone)).days * 24.0


def last_local_day(session: Session, span: Span) -> date:
    """The local date of the last instant before now."""
    return day_of(instant(span.until - 1), session.branch.zone)


def age_condition(kind: CaseKind, session: Session, span: Span, bucket: int) -> str:
    """The condition for open cases of one bucket of age, 0 being the youngest."""
    today, zone = last_local_day(session, span), session.branch.zone
    first = [milliseconds(midnight(today - timedelta(days=days), zone)) for days in _AGE_DAYS]
    edges = ([f"c.{kind.moment} < {first[bucket - 1]}"] if bucket else []) + (
        [f"c.{kind.moment} >= {first[bucket]}"] if bucket < len(first) else []
    )
    return " AND ".join(edges)


def ageing(kind: CaseKind, session: Session, span: Span) -> tuple[int, ...]:
    """Open cases by age, youngest first."""
    edges = (age_condition(kind, session, span, bucket) for bucket in range(len(_AGE_DAYS) + 1))
    sums = ", ".join(f"COALESCE(SUM(CASE WHEN {edge} THEN 1 ELSE 0 END), 0)" for edge in edges)
    sql = f"SELECT {sums} FROM {kind.table} AS c WHERE {still_open(kind)}"
    return tuple(int(number) for number in fetch(sql, open_parameters(span))[0])


def open_parameters(span: Span) -> tuple[int, ...]:
    """What `still_open` asks for."""
    lately = span.until - LONG
    return (span.branch, lately, span.until, span.until, span.branch, lately, span.branch, span.until, lately)


def same_day(session: Session, received: int, replied: int | None) -> bool:
    """Whether the reply went out on the local day on which the case came in."""
    zone = session.branch.zone
    return replied is not None and day_of(instant(replied), zone) == day_of(instant(received), zone)


def replied_same_day(session: Session, span: Span) -> tuple[int, ...]:
    """The complaints of the period that were, by their ids."""
    found = columns(KINDS.complaints, span, ("id", "received_at", "replied_at"))
    every = zip(found["id"], found["received_at"], found["replied_at"], strict=True)
    return tuple(number for number, received, replied in every if same_day(session, received, replied))


class Named(NamedTuple):
    """A customer or product that a case points at."""

    number: str
    name: str
    tier: str | None = None


def customers(ids: Iterable[object]) -> dict[int, Named]:
    """Customers by their ids."""
    return _named("SELECT id, number, name, tier FROM customer", ids)


def products(ids: Iterable[object]) -> dict[int, Named]:
    """Products by their ids."""
    return _named("SELECT id, number, name FROM product", ids)


def complaint_numbers(ids: Iterable[object]) -> dict[int, str]:
    """The numbers of complaints by their ids."""
    return {row: named.number for row, named in _named("SELECT id, number, customer_name FROM complaint", ids).items()}


def _named(select: str, ids: Iterable[object]) -> dict[int, Named]:
    return {row[0]: Named(*row[1:]) for listed in in_lists(ids) for row in fetch(f"{select} WHERE id IN ({listed})", ())}


def in_lists(ids: Iterable[object]) -> Iterator[str]:
    """The numbers among them, each once, as texts for `IN (…)`, none longer than a statement may be."""
    known = sorted({number for number in ids if isinstance(number, int)})
    for start in range(0, len(known), _AT_ONCE):
        yield ", ".join(map(str, known[start : start + _AT_ONCE]))


class AgreedLine(NamedTuple):
    """A remedy line as it counts in a period; `sign` is −1 where a later edition of the agreement takes it back."""

    agreement_id: int
    agreement: str
    edition: int
    complaint_id: int
    signed_on: date
    remedy: str
    description: str
    quantity: Decimal | None
    unit: str
    amount: Decimal
    sign: int


class Edition(NamedTuple):
    """A signed edition of an agreement; `proposal`: the row that it words, 0 where there is none."""

    id: int
    number: str
    edition: int
    complaint_id: int
    signed_on: date
    proposal: int


class Line(NamedTuple):
    """A remedy line of an agreement."""

    remedy: str
    description: str
    quantity: Decimal | None
    unit: str
    amount: Decimal


def agreed_lines(session: Session, period: Period, kind: CaseKind = KINDS.complaints) -> list[AgreedLine]:
    """The lines of agreements signed in the period. A later edition counts by the difference: the one it replaces is taken back.

    An agreement of which only void editions are left counts nowhere.
    """
    counted: list[tuple[Edition, int, int]] = []
    for chain in signed_editions(session, period, kind).values():
        for place, edition in enumerate(chain):
            if period.start <= edition.signed_on < period.end:
                counted += [(edition, chain[place - 1].id, -1)] if place else []
                counted.append((edition, edition.id, 1))
    lines = lines_of(one for _edition, one, _sign in counted)
    return [
        AgreedLine(*edition[:5], *line._replace(amount=line.amount * sign), sign)
        for edition, one, sign in counted
        for line in lines[one]
    ]


def signed_editions(session: Session, period: Period, kind: CaseKind) -> dict[str, list[Edition]]:
    """Of agreements signed in the period, and now still standing: all signed editions, oldest first."""
    chosen = f" AND e.complaint_id IN (SELECT c.id FROM complaint AS c WHERE {kind.only})" if kind.only else ""
    signed = "a.branch_id = ? AND a.signed_on >= ? AND a.signed_on < ?"
    rows = fetch(
        "SELECT e.id, e.number, e.edition, e.complaint_id, e.signed_on, e.proposal FROM agreement AS e"
        f" WHERE e.branch_id = ? AND e.number IN (SELECT a.number FROM agreement AS a WHERE {signed}) AND e.signed_on IS NOT NULL"
        f"{chosen} AND (SELECT s.signed_on FROM agreement AS s WHERE s.branch_id = e.branch_id AND s.number = e.number"
        " AND s.status <> 'voided' ORDER BY s.edition DESC LIMIT 1) IS NOT NULL ORDER BY e.number, e.edition",
        (session.branch.id, session.branch.id, period.start.isoformat(), period.end.isoformat()),
    )
    found: dict[str, list[Edition]] = {}
    for row in rows:
        edition = Edition(row[0], row[1], row[2], row[3], date.fromisoformat(row[4]), row[5])
        found.setdefault(edition.number, []).append(edition)
    return found


def units(thousandths: int) -> Decimal:
    """A quantity as it is stored."""
    return Decimal(thousandths).scaleb(-3).normalize() + 0


def lines_of(editions: Iterable[int]) -> dict[int, list[Line]]:
    """The remedy lines of editions, in order."""
    chosen = "l.parent_id, l.remedy, iif(a.withheld, '', l.description), l.quantity, l.unit, l.amount"
    source = "agreement_line AS l JOIN agreement AS a ON a.id = l.parent_id"
    found: dict[int, list[Line]] = defaultdict(list)
    for listed in in_lists(editions):
        rows = fetch(f"SELECT {chosen} FROM {source} WHERE l.parent_id IN ({listed}) ORDER BY l.parent_id, l.position", ())
        for edition, remedy, description, quantity, unit, amount in rows:
            much = None if quantity is None else units(quantity)
            found[edition].append(Line(remedy, description or "", much, unit or "", Decimal(amount or 0).scaleb(-2)))
    return found
