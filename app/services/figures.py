"""The figures of a period, counted from its cases. What each means is said in the workbook's definitions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from statistics import fmean, median
from types import MappingProxyType
from typing import NamedTuple

from app.core.database import milliseconds
from app.core.fields import Choice
from app.core.language import _
from app.core.session import Session
from app.models import classifications as of
from app.models import customer_queries
from app.services import figures_course as course
from app.services import figures_rows as rows
from app.services import signed_counts
from app.services.figures_rows import CaseKind, Chosen, Named, Span
from app.services.figures_values import (
    UNCLASSIFIED,
    Both,
    Cross,
    Figures,
    Pareto,
    RemedyCost,
    Share,
    TrendMonth,
    pareto_rows,
    rate,
)
from app.services.periods import Period


class Axis(NamedTuple):
    """A classification that cases are counted by: the figure's code, the column, and its words where these are declared."""

    figure: str
    column: str
    choices: tuple[Choice, ...] = ()


OBJECTION_AXES = (
    Axis("by_content", "content", of.CONTENTS),
    Axis("by_nature", "nature", of.NATURES),
    Axis("by_family", "family", of.FAMILIES),
    Axis("by_cause", "cause", of.CAUSES),
    Axis("by_channel", "channel", of.CHANNELS),
    Axis("by_method", "method", of.METHODS),
    Axis("by_handler", "handler"),
    Axis("by_tier", "tier", of.TIERS),
    Axis("by_product", "product_id"),
    Axis("by_customer", "customer_id"),
)
COMPLAINT_AXES = (
    Axis("complaints_by_class", "class", of.COMPLAINT_CLASSES),
    Axis("complaints_by_cause", "cause", of.CAUSES),
    Axis("complaints_by_channel", "channel", of.CHANNELS),
    Axis("complaints_by_product", "product_id"),
    Axis("complaints_by_customer", "customer_id"),
    Axis("complaints_by_handler", "handler"),
    Axis("complaints_by_severity", "severity", of.SEVERITIES),
    Axis("complaints_by_tier", "tier", of.TIERS),
)
AXES = Both(OBJECTION_AXES, COMPLAINT_AXES)
_REPLIED = ("imported", "received_at", "replied_at", "closed_at")
_READ = Both(
    (
        "content", "nature", "family", "cause", "channel", "method", "handler", "product_id", "customer_id",
        "satisfaction", "solved_on_spot", "status", "closed_at",
    ),
    (
        '"class"', "cause", "channel", "handler", "severity", "product_id", "customer_id",
        "valid", "round", *_REPLIED,
    ),
)  # fmt: skip
Columns = Mapping[str, Sequence[object]]
SATISFIED = 4
NONE_SIGNED: Mapping[str, Both[int]] = MappingProxyType({})


class _Cases(NamedTuple):
    """The cases of one kind: their columns, and what the customers and products in them are called."""

    kind: CaseKind
    size: int
    columns: dict[str, tuple[object, ...]]
    customers: dict[int, Named]
    products: dict[int, Named]


def compute(session: Session, period: Period, chosen: Chosen = rows.ALL) -> Figures:
    """All figures of the period as of the earlier of its end and the present. UserError if it lies in the future."""
    span, kinds = rows.span(session, period), chosen.kinds
    objections, complaints = _read(kinds.objections, _READ.objections, span), _read(kinds.complaints, _READ.complaints, span)
    worked = Both(rows.worked(kinds.objections, span), rows.worked(kinds.complaints, span))
    durations = Both(*(sorted(rows.hours(case, session) for case in cases) for cases in worked))
    shares = _all_shares(objections, AXES.objections) | _all_shares(complaints, AXES.complaints)
    scores = [one.score for one in course.scores(span, kinds.complaints)]
    agreed = rows.agreed_lines(session, period, kinds.complaints)
    active = customer_queries.active_at(session, rows.last_local_day(session, span))
    ages = [rows.ageing(kind, session, span) for kind in kinds]
    months = tuple(period.trend_months())
    signed = signed_counts.between(session, min(period.start, months[0].start), period.last_day) if not chosen.only else {}
    known = {month: both for month, both in signed.items() if month != period.month}
    return Figures(
        branch_code=session.branch.code,
        branch_name=session.branch.name,
        zone=session.branch.zone,
        period=period,
        now=span.now,
        objections=objections.size,
        complaints=complaints.size,
        previous=counts(session, period.previous(), kinds, known),
        year_before=counts(session, period.year_before(), kinds, known),
        shares=MappingProxyType(shares),
        content_by_nature=crossed(objections.columns),
        solved_on_spot_rate=_solved_on_spot_rate(objections.columns["solved_on_spot"]),
        same_day_reply_rate=_same_day_reply_rate(session, complaints.columns, span),
        promise_kept_rate=_met_rate(course.promises(session, span, kinds)),
        close_rate=Both(_close_rate(objections, span), _close_rate(complaints, span)),
        on_time_rate=_met_rate(course.deadlines(session, span, kinds.complaints)),
        handling_hours_median=_each(durations, median),
        handling_hours_mean=_each(durations, fmean),
        handling_hours_p90=_each(durations, nearest_rank),
        satisfied_rate=rate(sum(score >= SATISFIED for score in scores), len(scores)),
        satisfaction_mean=fmean(scores) if scores else None,
        reopened=sum(number > 1 for number in complaints.columns["round"]),  # type: ignore[operator]
        repeat_rate=Both(_repeat_rate(objections, span), _repeat_rate(complaints, span)),
        escalated=_escalated(objections.columns, span),
        active_customers=active,
        valid_rate=_valid_rate(complaints.columns["valid"]),
        compensation_cost=sum((line.amount for line in agreed), Decimal("0.00")),
        by_remedy=by_remedy(agreed),
        promised_vs_delivered=course.owed(course.owed_lines(session, period, span, kinds.complaints), words_of(of.REMEDIES)),
        ageing=tuple(Both(*bucket) for bucket in zip(*ages, strict=True)),
        pareto=_pareto(objections, complaints),
        trend=tuple(TrendMonth(month.start, *counts(session, month, kinds, known)) for month in months),
        silent_factor=session.settings["silent_factor"],
        only=chosen.only,
        signed=signed_counts.within(period, signed),
    )


class Headline(NamedTuple):
    """The four of the figures that a workbench shows."""

    objections: int
    complaints: int
    solved_on_spot_rate: float | None
    same_day_reply_rate: float | None


def headline(session: Session, period: Period) -> Headline:
    """These as `compute` gives them, read from their own columns alone."""
    span = rows.span(session, period)
    objections = rows.columns(rows.KINDS.objections, span, ("solved_on_spot",))["solved_on_spot"]
    complaints = rows.columns(rows.KINDS.complaints, span, _REPLIED)
    return Headline(
        len(objections),
        len(complaints["imported"]),
        _solved_on_spot_rate(objections),
        _same_day_reply_rate(session, complaints, span),
    )


def nearest_rank(ordered: Sequence[float]) -> float:
    """The 90th percentile of ascending values: the ⌈0.9 n⌉-th."""
    # In whole numbers: 0.9 * 10 is no exact float.
    return ordered[-(-9 * len(ordered) // 10) - 1]


def _each(durations: Both[list[float]], of_values: Callable[[list[float]], float]) -> Both[float | None]:
    return Both(*(of_values(values) if values else None for values in durations))


def _read(kind: CaseKind, names: tuple[str, ...], span: Span) -> _Cases:
    columns = rows.columns(kind, span, names)
    found = rows.customers(columns["customer_id"])
    tiers = {key: named.tier for key, named in found.items()}
    columns["tier"] = tuple(tiers.get(key) for key in columns["customer_id"])
    return _Cases(kind, len(columns["cause"]), columns, found, rows.products(columns["product_id"]))


def _all_shares(cases: _Cases, axes: tuple[Axis, ...]) -> dict[str, tuple[Share, ...]]:
    shares = {axis.figure: shares_of(Counter(cases.columns[axis.column]), _words(axis, cases)) for axis in axes}
    if "by_method" in shares:
        shares["by_method"] = satisfied_by_method(shares["by_method"], cases.columns)
    return shares


def _words(axis: Axis, cases: _Cases) -> Callable[[object], tuple[str, str]]:
    """What turns a stored value into code and label."""
    if axis.column.endswith("_id"):
        named = cases.customers if axis.column == "customer_id" else cases.products
        return lambda key: (named[key].number, named[key].name)  # type: ignore[index]
    labels = words_of(axis.choices)
    return lambda code: (str(code), labels.get(str(code), str(code)))


def words_of(choices: Iterable[Choice]) -> dict[str, str]:
    """Codes with their words in the user's language; of two levels both."""
    return {choice.code: f"{_(choice.group)}·{_(choice.label)}" if choice.group else _(choice.label) for choice in choices}


def shares_of(counted: Counter[object], words: Callable[[object], tuple[str, str]]) -> tuple[Share, ...]:
    """Most first, then by code; what has no value is `unclassified`, last."""
    total = counted.total()
    unknown = counted.pop(None, 0) + counted.pop("", 0)
    named = sorted(((*words(value), count) for value, count in counted.items()), key=lambda row: (-row[2], row[0]))
    found = [Share(code, label, count, count / total) for code, label, count in named]
    if unknown:
        found.append(Share(UNCLASSIFIED, _("Unclassified"), unknown, unknown / total))
    return tuple(found)


def satisfied_by_method(shares: tuple[Share, ...], columns: Columns) -> tuple[Share, ...]:
    scored: Counter[object] = Counter()
    satisfied: Counter[object] = Counter()
    for method, score in zip(columns["method"], columns["satisfaction"], strict=True):
        if score is not None:
            scored[method or UNCLASSIFIED] += 1
            satisfied[method or UNCLASSIFIED] += score >= SATISFIED  # type: ignore[operator]
    return tuple(replace(row, satisfied_rate=rate(satisfied[row.code], scored[row.code])) for row in shares)


def crossed(columns: Columns) -> tuple[Cross, ...]:
    """In the order of the declared contents and natures, unclassified last."""
    counted = Counter(
        (content or UNCLASSIFIED, nature or UNCLASSIFIED)
        for content, nature in zip(columns["content"], columns["nature"], strict=True)
    )
    order = {choice.code: place for place, choice in enumerate(of.CONTENTS + of.NATURES)}
    last = len(order)
    places = sorted(counted.items(), key=lambda item: (order.get(item[0][0], last), order.get(item[0][1], last), item[0]))  # type: ignore[call-overload]
    return tuple(Cross(str(content), str(nature), count) for (content, nature), count in places)


def counts(session: Session, period: Period, kinds: Both[CaseKind], signed: Mapping[str, Both[int]] = NONE_SIGNED) -> Both[int]:
    """The cases of a period; of a month that is closed, as many as were signed."""
    if period.month in signed:
        return signed[str(period.month)]
    start, end = (milliseconds(bound) for bound in period.bounds(session.branch.zone))
    return Both(*(rows.count(kind, session.branch.id, start, end) for kind in kinds))


def _solved_on_spot_rate(solved: Sequence[object]) -> float | None:
    return rate(sum(map(bool, solved)), len(solved))


def _same_day_reply_rate(session: Session, columns: Columns, span: Span) -> float | None:
    """Imported cases that were over without a known reply count neither way."""
    same = counted = 0
    for received, replied, closed, imported in zip(
        columns["received_at"], columns["replied_at"], columns["closed_at"], columns["imported"], strict=True
    ):
        if replied is None and imported and closed is not None and closed < span.until:  # type: ignore[operator]
            continue
        counted += 1
        same += rows.same_day(session, received, replied)  # type: ignore[arg-type]
    return rate(same, counted)


def _close_rate(cases: _Cases, span: Span) -> float | None:
    return rate(sum(closed is not None and closed < span.until for closed in cases.columns["closed_at"]), cases.size)  # type: ignore[operator]


def _met_rate(fallen_due: Sequence[course.Met]) -> float | None:
    return rate(sum(one.in_time for one in fallen_due), len(fallen_due))


def _escalated(columns: Columns, span: Span) -> int:
    """Objections that had become complaints by then."""
    return sum(
        status == "escalated" and closed is not None and closed < span.until  # type: ignore[operator]
        for status, closed in zip(columns["status"], columns["closed_at"], strict=True)
    )


def _repeat_rate(cases: _Cases, span: Span) -> float | None:
    return rate(rows.count_repeated(cases.kind, span), cases.size)


def _valid_rate(judged: Sequence[object]) -> float | None:
    known = [bool(valid) for valid in judged if valid is not None]
    return rate(sum(known), len(known))


def by_remedy(agreed: Iterable[rows.AgreedLine]) -> tuple[RemedyCost, ...]:
    """Counts and costs in the order of the declared remedies."""
    counted: Counter[str] = Counter()
    cost: dict[str, Decimal] = {}
    for line in agreed:
        counted[line.remedy] += line.sign
        cost[line.remedy] = cost.get(line.remedy, Decimal("0.00")) + line.amount
    words = words_of(of.REMEDIES)
    order = list(words)
    known = sorted(counted, key=lambda code: (order.index(code) if code in words else len(order), code))
    named = (RemedyCost(code, words.get(code, code), counted[code], cost[code]) for code in known)
    return tuple(row for row in named if row.count or row.cost)


def _pareto(objections: _Cases, complaints: _Cases) -> Pareto:
    causes = Counter(objections.columns["cause"]) + Counter(complaints.columns["cause"])
    by_customer = Counter(objections.columns["customer_id"]) + Counter(complaints.columns["customer_id"])
    both = complaints._replace(customers=objections.customers | complaints.customers)
    return Pareto(
        causes=pareto_rows(shares_of(causes, _words(Axis("pareto", "cause", of.CAUSES), both))),
        customers=pareto_rows(shares_of(by_customer, _words(Axis("pareto", "customer_id"), both)), until=0.8),
    )
