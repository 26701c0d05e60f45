"""The figures of merged cases, counted from the rows of their details: of a branch, and of all together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from decimal import Decimal
from statistics import fmean, median
from types import MappingProxyType
from typing import Any

from app.models import classifications as of
from app.services.figures import AXES, Axis, by_remedy, crossed, nearest_rank, satisfied_by_method, shares_of, words_of
from app.services.figures import SATISFIED as LEAST
from app.services.figures_course import owed
from app.services.figures_details import Column, Value
from app.services.figures_listed import IN_TIME
from app.services.figures_values import Both, Figures, Pareto, Share, TrendMonth, pareto_rows, rate
from app.services.periods import Period
from app.services.workbook_facts import Facts, Lists

_LAST_AGES = (1, 3, 7, 30)


class Counted:
    """Rows of one kind, kept by column: what is counted of them, and the names of customers and products."""

    def __init__(self, columns: Sequence[Column], kept: Iterable[str]) -> None:
        places = {column.code: place for place, column in enumerate(columns)}
        self._places = {code: places[code] for code in kept if code in places}
        self.columns: dict[str, list[Any]] = {code: [] for code in self._places}
        self.names: dict[str, dict[str, str]] = {"customer": {}, "product": {}}

    def add(self, row: Sequence[Value], known: dict[Value, Value]) -> None:
        """One more case; `known` keeps equal texts once."""
        for code, place in self._places.items():
            value = row[place]
            self.columns[code].append(known.setdefault(value, value) if isinstance(value, str) else value)

    def name(self, told: Mapping[str, Value]) -> None:
        """What the customer and the product of a case are called."""
        for kind, names in self.names.items():
            if told[kind]:
                names[str(told[kind])] = str(told[f"{kind}_name"] or told[kind])

    def own(self, code: str) -> list[Any]:
        """A column of the period's own cases."""
        return [value for value, inside in zip(self.columns[code], self.columns["in_period"], strict=True) if inside]

    def extend(self, other: Counted) -> None:
        """The cases of another branch, too."""
        for code, values in other.columns.items():
            self.columns[code] += values
        for kind, names in other.names.items():
            self.names[kind] |= names


@dataclass
class Totals:
    """What is counted of one branch or of all."""

    code: str
    name: str
    zone: tzinfo
    period: Period
    now: datetime
    cases: Both[Counted]
    facts: list[Facts] = field(default_factory=list)
    lists: Lists = field(default_factory=Lists)


def compute(totals: Totals) -> Figures:
    """All figures; rates from the summed parts, medians from the cases."""
    objections, complaints = totals.cases
    of_objections = {code: objections.own(code) for code in objections.columns}
    of_complaints = {code: complaints.own(code) for code in complaints.columns}
    found = _shares(of_objections, objections, AXES.objections) | _shares(of_complaints, complaints, AXES.complaints)
    found["by_method"] = satisfied_by_method(found["by_method"], of_objections)
    size = Both(len(of_objections["in_period"]), len(of_complaints["in_period"]))
    durations = Both(*(sorted(hours for hours in kind.columns["hours"] if hours is not None) for kind in totals.cases))
    scores = [row.result for row in totals.lists.follow_ups]
    ages = [_ages(kind.columns["age"]) for kind in totals.cases]
    lines = [row.line for row in totals.lists.agreed]
    promises = totals.lists.promises
    return Figures(
        branch_code=totals.code,
        branch_name=totals.name,
        zone=totals.zone,
        period=totals.period,
        now=totals.now,
        objections=size.objections,
        complaints=size.complaints,
        previous=_added(facts.previous for facts in totals.facts),
        year_before=_added(facts.year_before for facts in totals.facts),
        shares=MappingProxyType(found),
        content_by_nature=crossed(of_objections),
        solved_on_spot_rate=_part(flag is True for flag in of_objections["solved_on_spot"]),
        same_day_reply_rate=_part(flag for flag in of_complaints["same_day"] if flag is not None),
        promise_kept_rate=_part(row.outcome == IN_TIME for row in promises),
        close_rate=Both(_part(of_objections["ended"]), _part(of_complaints["ended"])),
        on_time_rate=_part(flag for flag in complaints.columns["in_time"] if flag is not None),
        handling_hours_median=_each(durations, median),
        handling_hours_mean=_each(durations, fmean),
        handling_hours_p90=_each(durations, nearest_rank),
        satisfied_rate=_part(score >= LEAST for score in scores),
        satisfaction_mean=fmean(scores) if scores else None,
        reopened=sum(number > 1 for number in of_complaints["round"]),
        repeat_rate=Both(_part(of_objections["repeated"]), _part(of_complaints["repeated"])),
        escalated=sum(of_objections["escalated"]),
        active_customers=sum(facts.active_customers for facts in totals.facts),
        valid_rate=_part(flag for flag in of_complaints["valid"] if flag is not None),
        compensation_cost=sum((line.amount for line in lines), Decimal("0.00")),
        by_remedy=by_remedy(lines),
        promised_vs_delivered=owed((row.line for row in totals.lists.owed), words_of(of.REMEDIES)),
        ageing=tuple(Both(*bucket) for bucket in zip(*ages, strict=True)),
        pareto=_pareto(totals.cases, of_objections, of_complaints),
        trend=_trend(totals),
        silent_factor=max(facts.silent_factor for facts in totals.facts),
    )


def _part(flags: Iterable[object]) -> float | None:
    """The share of the true."""
    known = [bool(flag) for flag in flags]
    return rate(sum(known), len(known))


def _each(durations: Both[list[float]], of_values: Callable[[list[float]], float]) -> Both[float | None]:
    return Both(*(of_values(values) if values else None for values in durations))


def _added(pairs: Iterable[Both[int]]) -> Both[int]:
    found = list(pairs)
    return Both(sum(pair.objections for pair in found), sum(pair.complaints for pair in found))


def _trend(totals: Totals) -> tuple[TrendMonth, ...]:
    months = {month.start: [0, 0] for month in totals.period.trend_months()}
    known = [row for facts in totals.facts for row in facts.trend if row.month in months]
    for row in known:
        months[row.month][0] += row.objections
        months[row.month][1] += row.complaints
    return tuple(TrendMonth(month, both[0], both[1]) for month, both in months.items())


def _ages(ages: Iterable[int | None]) -> list[int]:
    counted = [0] * (len(_LAST_AGES) + 1)
    for age in ages:
        if age is not None:
            counted[sum(age > last for last in _LAST_AGES)] += 1
    return counted


def _shares(own: Mapping[str, list[Any]], kind: Counted, axes: tuple[Axis, ...]) -> dict[str, tuple[Share, ...]]:
    return {axis.figure: shares_of(Counter(own[_column(axis)]), _words(axis, kind.names)) for axis in axes}


def _column(axis: Axis) -> str:
    return axis.column.removesuffix("_id")


def _words(axis: Axis, names: Mapping[str, Mapping[str, str]]) -> Callable[[object], tuple[str, str]]:
    """What turns a code into code and label."""
    known = names.get(_column(axis)) or words_of(axis.choices)
    return lambda code: (str(code), known.get(str(code), str(code)))


def _pareto(kinds: Both[Counted], objections: Mapping[str, list[Any]], complaints: Mapping[str, list[Any]]) -> Pareto:
    causes = Counter(objections["cause"]) + Counter(complaints["cause"])
    customers = Counter(objections["customer"]) + Counter(complaints["customer"])
    names = {"customer": kinds.objections.names["customer"] | kinds.complaints.names["customer"]}
    by_cause = next(axis for axis in AXES.objections if axis.figure == "by_cause")
    by_customer = next(axis for axis in AXES.objections if axis.figure == "by_customer")
    return Pareto(
        causes=pareto_rows(shares_of(causes, _words(by_cause, {}))),
        customers=pareto_rows(shares_of(customers, _words(by_customer, names)), until=0.8),
    )
