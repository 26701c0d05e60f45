"""The month's figures as plain values, with their words in the user's language. How they are counted stands in `figures`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Generic, NamedTuple, TypeVar

from app.core.language import N_
from app.services.periods import Period

T = TypeVar("T")
UNCLASSIFIED = "unclassified"
AGES = ("<=1", "2-3", "4-7", "8-30", ">30")
"""Buckets of the age of open cases in days."""
AGE_LABELS = (N_("1 day"), N_("2–3 days"), N_("4–7 days"), N_("8–30 days"), N_("over 30 days"))


class Both(NamedTuple, Generic[T]):
    """The same figure of both kinds of cases."""

    objections: T
    complaints: T


class Only(NamedTuple):
    """What all counted cases have: a field and a code, and both in the user's words."""

    field: str
    code: str
    label: str
    word: str


@dataclass(frozen=True, slots=True)
class Share:
    """Cases of one code. `share` of all counted, None if there are none; `satisfied_rate` only by method."""

    code: str
    label: str
    count: int
    share: float | None
    satisfied_rate: float | None = None


@dataclass(frozen=True, slots=True)
class Cross:
    """Objections of one content and nature."""

    content: str
    nature: str
    count: int


@dataclass(frozen=True, slots=True)
class RemedyCost:
    """Agreed lines of one remedy and what they cost."""

    code: str
    label: str
    count: int
    cost: Decimal


@dataclass(frozen=True, slots=True)
class Owed:
    """What agreements promised of one remedy in one unit, and what the customers had received of it."""

    code: str
    label: str
    unit: str
    agreed: Decimal
    delivered: Decimal

    @property
    def owed(self) -> Decimal:
        """What they had not."""
        return self.agreed - self.delivered


@dataclass(frozen=True, slots=True)
class ParetoRow:
    """One cause or customer; `cumulative` is None of what is unclassified."""

    code: str
    label: str
    count: int
    share: float
    cumulative: float | None


class Pareto(NamedTuple):
    """Causes, and customers until they make up 80 %, over objections and complaints together."""

    causes: tuple[ParetoRow, ...]
    customers: tuple[ParetoRow, ...]


class TrendMonth(NamedTuple):
    """Cases of a month by its first day."""

    month: date
    objections: int
    complaints: int


class SignedMonth(NamedTuple):
    """A closed month in a longer period by its first day: its cases as signed, and whether the period holds all of it."""

    month: date
    cases: Both[int]
    whole: bool


@dataclass(frozen=True)
class Figures:
    """All figures of a period as of `now`. Rates lie between 0 and 1, None where the divisor is 0; hours are clock hours."""

    branch_code: str
    branch_name: str
    zone: tzinfo
    period: Period
    now: datetime
    objections: int
    complaints: int
    previous: Both[int]
    year_before: Both[int]
    shares: Mapping[str, tuple[Share, ...]]
    """By code of the figure: `by_content` … `complaints_by_tier`; most first, unclassified last."""
    content_by_nature: tuple[Cross, ...]
    solved_on_spot_rate: float | None
    same_day_reply_rate: float | None
    promise_kept_rate: float | None
    close_rate: Both[float | None]
    on_time_rate: float | None
    handling_hours_median: Both[float | None]
    handling_hours_mean: Both[float | None]
    handling_hours_p90: Both[float | None]
    satisfied_rate: float | None
    satisfaction_mean: float | None
    reopened: int
    repeat_rate: Both[float | None]
    escalated: int
    active_customers: int
    valid_rate: float | None
    compensation_cost: Decimal
    by_remedy: tuple[RemedyCost, ...]
    promised_vs_delivered: tuple[Owed, ...]
    ageing: tuple[Both[int], ...]
    """Open cases by age, in the order of AGES."""
    pareto: Pareto
    trend: tuple[TrendMonth, ...]
    silent_factor: int
    """Customers who say nothing to one who complains: a rule of thumb, set by the branch."""
    only: tuple[Only, ...] = ()
    signed: tuple[SignedMonth, ...] = ()
    """The closed months in it, of which the period itself says what the records say today."""

    @property
    def scope(self) -> str:
        """The period, and what all counted cases have, in the user's words."""
        return " · ".join((self.period.label(), *(f"{one.label} {one.word}" for one in self.only)))

    @property
    def mom(self) -> Both[float | None]:
        """Change against the period before."""
        return Both(change(self.objections, self.previous.objections), change(self.complaints, self.previous.complaints))

    @property
    def yoy(self) -> Both[float | None]:
        """Change against the same a year earlier."""
        return Both(change(self.objections, self.year_before.objections), change(self.complaints, self.year_before.complaints))

    @property
    def complaint_rate(self) -> float | None:
        """Complaints for 1,000 active customers."""
        return self.complaints / self.active_customers * 1000 if self.active_customers else None

    @property
    def backlog(self) -> int:
        """Open cases of both kinds."""
        return sum(sum(bucket) for bucket in self.ageing)

    @property
    def silent_estimate(self) -> int:
        """How many customers may be as unhappy without a word; an estimate."""
        return self.complaints * self.silent_factor


def change(this: int, that: int) -> float | None:
    """By which part of `that` it grew."""
    return (this - that) / that if that else None


def rate(part: int, whole: int) -> float | None:
    """The part, None of nothing."""
    return part / whole if whole else None


def pareto_rows(shares: tuple[Share, ...], until: float | None = None) -> tuple[ParetoRow, ...]:
    """The shares with their running sum; `until` ends the list where it first reaches that. The unclassified stay outside."""
    total = sum(row.count for row in shares)
    rows: list[ParetoRow] = []
    summed = 0
    for row in shares:
        if row.code == UNCLASSIFIED:
            rows.append(ParetoRow(row.code, row.label, row.count, row.count / total, None))
        elif until is None or not total or summed / total < until:
            summed += row.count
            rows.append(ParetoRow(row.code, row.label, row.count, row.count / total, summed / total))
    return tuple(rows)
