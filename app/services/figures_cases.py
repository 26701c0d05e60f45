"""Which cases stand behind a figure: what a list is asked for when somebody clicks on a bar or a number."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from app.core.errors import UserError
from app.core.language import _
from app.core.session import Session
from app.models import classifications as of
from app.models.listing import FILTERED_CAP, Query
from app.services import figures_course as course
from app.services import figures_rows as rows
from app.services.figures import AXES
from app.services.figures_rows import KINDS, CaseKind, Span
from app.services.figures_values import AGES, UNCLASSIFIED
from app.services.periods import Period, month_of


class Behind(NamedTuple):
    """The list (`objections`, `complaints`, `agreements`, `promises`) and what it is asked for."""

    listing: str
    query: Query


_COLUMNS = {axis.figure: axis.column.removesuffix("_id") for axes in AXES for axis in axes}
_SIMPLE: Mapping[str, tuple[str, str, str]] = {
    # figure → list, field, value
    "solved_on_spot_rate": ("objections", "solved_on_spot", "true"),
    "valid_rate": ("complaints", "valid", "true"),
}
MISSED = "missed"
"""The row of a rate of promises or deadlines that stands for those that were not met."""
_BOTH = ("objections", "complaints")


def cases(session: Session, period: Period, figure: str, code: str = "") -> tuple[Behind, ...]:
    """The cases counted in a figure, or in one of its rows: one answer per kind of record, objections first.

    `code` is the row's: a code of the classification, `content|nature` of the cross table, a month of the trend, a bucket of age,
    `remedy|unit` of what is owed; of promises and deadlines that were not met, `missed`. A rate lists what it counts (the closed,
    the repeated, …), an average what it was taken of; satisfaction lists all that were asked. UserError for an unknown figure.
    """
    span = rows.span(session, period)
    if figure in ("objections", "complaints"):
        return (Behind(figure, _of(period, figure, {})),)
    if figure in _COLUMNS:
        return (_classified(session, period, span, figure, code),)
    if figure in _SIMPLE:
        listing, field, value = _SIMPLE[figure]
        return (Behind(listing, _of(period, listing, {field: (value,)})),)
    if figure == "content_by_nature":
        content, _bar, nature = code.partition("|")
        return (Behind("objections", _of(period, "objections", {"content": (content,), "nature": (nature,)})),)
    if figure in ("pareto.causes", "pareto.customers"):
        field = "cause" if figure.endswith("causes") else "customer"
        return tuple(Behind(listing, _of(period, listing, {field: (code,)})) for listing in _BOTH)
    if figure in ("trend", "trend.objections", "trend.complaints"):
        month, kind = month_of(date.fromisoformat(f"{code}-01")), figure.partition(".")[2]
        return tuple(Behind(listing, _of(month, listing, {})) for listing in _BOTH if kind in ("", listing))
    if figure in ("compensation_cost", "by_remedy"):
        return (Behind("agreements", Query(ids=_agreements(session, period, code))),)
    if figure == "promised_vs_delivered":
        return (Behind("agreements", Query(ids=_owing(session, period, span, code))),)
    if figure == "promise_kept_rate":
        return (Behind("promises", Query(ids=_met(course.promises(session, span), code))),)
    return tuple(Behind(listing, Query(ids=_found(session, span, listing, figure, code))) for listing in _kinds(figure))


def _kinds(figure: str) -> tuple[str, ...]:
    if figure == "escalated":
        return ("objections",)
    of_complaints = ("same_day_reply_rate", "on_time_rate", "reopened", "satisfied_rate", "satisfaction_mean")
    return ("complaints",) if figure in of_complaints else _BOTH


def _of(period: Period, listing: str, where: Mapping[str, tuple[str, ...]]) -> Query:
    statuses = of.OBJECTION_STATUSES if listing == "objections" else of.COMPLAINT_STATUSES
    counted = tuple(choice.code for choice in statuses if choice.code != "voided")
    return Query(where={"status": counted, **where}, since=period.start, until=period.last_day)


def _classified(session: Session, period: Period, span: Span, figure: str, code: str) -> Behind:
    listing = "complaints" if figure.startswith("complaints_") else "objections"
    column = _COLUMNS[figure]
    if column != "tier":
        return Behind(listing, _of(period, listing, {column: (code,)} if code else {}))
    kind = _kind(listing)
    inner = "SELECT id FROM customer WHERE tier IS NOT NULL" + ("" if code == UNCLASSIFIED else " AND tier = ?")
    condition = (
        f"(c.customer_id IS NULL OR c.customer_id NOT IN ({inner}))" if code == UNCLASSIFIED else f"c.customer_id IN ({inner})"
    )
    parameters = (span.branch, span.start, span.end, *(() if code == UNCLASSIFIED else (code,)))
    return Behind(listing, Query(ids=_ids(kind, f"{rows.of_period(kind)} AND {condition}", parameters)))


def _kind(listing: str) -> CaseKind:
    return KINDS.objections if listing == "objections" else KINDS.complaints


def _ids(kind: CaseKind, condition: str, parameters: tuple[object, ...]) -> tuple[int, ...]:
    # One more than a list can show: it then says that there are more.
    sql = f"SELECT c.id FROM {kind.table} AS c WHERE {condition} ORDER BY c.{kind.moment} DESC LIMIT {FILTERED_CAP + 1}"
    return tuple(number for (number,) in rows.fetch(sql, parameters))


def _found(session: Session, span: Span, listing: str, figure: str, code: str) -> tuple[int, ...]:
    kind = _kind(listing)
    of_period, period = rows.of_period(kind), (span.branch, span.start, span.end)
    if figure == "close_rate":
        return _ids(kind, f"{of_period} AND c.closed_at < ?", (*period, span.until))
    if figure == "repeat_rate":
        return _ids(kind, f"{of_period} AND {rows.repeated(kind)}", period)
    if figure == "reopened":
        return _ids(kind, f"{of_period} AND c.round > 1", period)
    if figure == "same_day_reply_rate":
        return rows.replied_same_day(session, span)[: FILTERED_CAP + 1]
    if figure.startswith("handling_hours_"):
        return _ids(kind, rows.closed_in(kind), (span.branch, span.start, span.until))
    if figure == "escalated":
        return _ids(kind, f"{of_period} AND c.status = 'escalated' AND c.closed_at < ?", (*period, span.until))
    if figure == "on_time_rate":
        return _met(course.deadlines(session, span), code)
    if figure.startswith("satisf"):
        return tuple(sorted({one.complaint_id for one in course.scores(span)}, reverse=True))[: FILTERED_CAP + 1]
    if figure in ("backlog", "ageing") and code in ("", *AGES):
        condition = rows.still_open(kind) + (f" AND {rows.age_condition(kind, session, span, AGES.index(code))}" if code else "")
        return _ids(kind, condition, rows.open_parameters(span))
    raise UserError(_("There is no figure “{code}”.").format(code=figure))


def _met(fell_due: list[course.Met], code: str) -> tuple[int, ...]:
    """Those that were met in time, or those that were missed."""
    return tuple(one.id for one in fell_due if one.in_time is not (code == MISSED))[: FILTERED_CAP + 1]


def _owing(session: Session, period: Period, span: Span, code: str) -> tuple[int, ...]:
    lines = course.owed_lines(session, period, span)
    return tuple(sorted({line.agreement_id for line in lines if code in ("", f"{line.remedy}|{line.unit}")}))


def _agreements(session: Session, period: Period, code: str) -> tuple[int, ...]:
    agreed = rows.agreed_lines(session, period)
    return tuple(sorted({line.agreement_id for line in agreed if line.sign > 0 and code in ("", line.remedy)}))
