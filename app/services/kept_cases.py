"""Which cases stood behind a figure of a closed month when it was closed: the lists show them as they are today."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice

from app.core.session import Session
from app.models.listing import FILTERED_CAP, Query
from app.services import closing
from app.services import figures_rows as rows
from app.services.closing import Closed
from app.services.figures import AXES
from app.services.figures_cases import MISSED, Behind
from app.services.figures_content import Content
from app.services.figures_details import Details, Value
from app.services.figures_listed import IN_TIME
from app.services.figures_rows import ALL, Chosen
from app.services.figures_values import AGES, UNCLASSIFIED
from app.services.periods import Period

SATISFIED_BY_METHOD = "satisfied_by_method"
"""Objections handled by a method of which is known how satisfied the customer was."""
_Row = Mapping[str, Value]
_Counted = Callable[[_Row], bool]
_AT_ONCE = 5000
_OLDEST = (1, 3, 7, 30)
"""Days of the oldest cases of each bucket of age but the last."""
_BOTH, _OBJECTIONS, _COMPLAINTS = ("objections", "complaints"), ("objections",), ("complaints",)
_CONDITIONS: Mapping[str, tuple[tuple[str, ...], _Counted]] = {
    "objections": (_OBJECTIONS, lambda row: bool(row["in_period"])),
    "complaints": (_COMPLAINTS, lambda row: bool(row["in_period"])),
    "solved_on_spot_rate": (_OBJECTIONS, lambda row: bool(row["in_period"] and row["solved_on_spot"])),
    "escalated": (_OBJECTIONS, lambda row: bool(row["in_period"] and row["escalated"])),
    "valid_rate": (_COMPLAINTS, lambda row: bool(row["in_period"] and row["valid"])),
    "same_day_reply_rate": (_COMPLAINTS, lambda row: bool(row["in_period"] and row["same_day"])),
    "reopened": (_COMPLAINTS, lambda row: bool(row["in_period"] and row["round"] != 1)),
    "close_rate": (_BOTH, lambda row: bool(row["in_period"] and row["ended"])),
    "repeat_rate": (_BOTH, lambda row: bool(row["in_period"] and row["repeated"])),
    "backlog": (_BOTH, lambda row: row["age"] is not None),
    **dict.fromkeys(
        ("handling_hours_median", "handling_hours_mean", "handling_hours_p90"),
        (_BOTH, lambda row: bool(row["closed_in_period"])),
    ),
}
"""Of which kinds, and on what condition on a kept row, a case counts in a figure."""


def cases(session: Session, period: Period, figure: str, code: str = "", chosen: Chosen = ALL) -> tuple[Behind, ...] | None:
    """As `figures_cases.cases`, of a closed month: the cases that were counted, whatever became of them.

    None where the period is not closed, and of what is not counted from rows that were kept, as the trend of other months.
    UserError where what was kept is damaged.
    """
    kept = closing.closed(session, period, chosen)
    if kept is None:
        return None
    if figure in _AGREED:
        return (Behind("agreements", Query(ids=tuple(sorted(_AGREED[figure](kept.content, code))))),)
    if figure == "promise_kept_rate":
        wanted = code != MISSED
        numbers = [row.number for row in kept.content.listed.promises if (row.outcome == IN_TIME) is wanted]
        return (Behind("promises", Query(ids=_found(session, "promise", numbers))),)
    if figure in ("satisfied_rate", "satisfaction_mean"):
        numbers = list(dict.fromkeys(row.complaint for row in kept.content.listed.follow_ups))
        return (Behind("complaints", Query(ids=_found(session, "complaint", numbers))),)
    found = _condition(kept, figure, code)
    if found is None:
        return None
    kinds, counted = found
    return tuple(Behind(kind, Query(ids=_ids(session, kind, getattr(kept.content, kind), counted))) for kind in kinds)


def _signed(content: Content, code: str) -> set[int]:
    return {line.agreement_id for line, _complaint in content.agreed if line.sign > 0 and code in ("", line.remedy)}


def _owing(content: Content, code: str) -> set[int]:
    return {line.agreement_id for line, _complaint in content.listed.owed if code in ("", f"{line.remedy}|{line.unit}")}


_AGREED = {"compensation_cost": _signed, "by_remedy": _signed, "promised_vs_delivered": _owing}


def _condition(kept: Closed, figure: str, code: str) -> tuple[tuple[str, ...], _Counted] | None:
    named, _point, part = figure.partition(".")
    if named in _OF_ROWS:
        return _OF_ROWS[named](kept, part, code)
    for kind, axes in zip(_BOTH, AXES, strict=True):
        for axis in axes:
            if axis.figure == figure:
                return (kind,), _having(kept, figure, axis.column.removesuffix("_id"), code)
    return _CONDITIONS.get(figure)


_Answer = tuple[tuple[str, ...], _Counted] | None


def _ageing(_kept: Closed, _part: str, code: str) -> _Answer:
    return (_BOTH, _aged(AGES.index(code))) if code else _CONDITIONS["backlog"]


def _trend(kept: Closed, part: str, code: str) -> _Answer:
    return ((part,) if part else _BOTH, _CONDITIONS["objections"][1]) if code == kept.freeze.month else None


def _crossed(kept: Closed, _part: str, code: str) -> _Answer:
    content, _bar, nature = code.partition("|")
    one, other = _having(kept, "by_content", "content", content), _having(kept, "by_nature", "nature", nature)
    return _OBJECTIONS, lambda row: one(row) and other(row)


def _pareto(kept: Closed, part: str, code: str) -> _Answer:
    column = "cause" if part == "causes" else "customer"
    either = [_having(kept, f"{prefix}by_{column}", column, code) for prefix in ("", "complaints_")]
    return _BOTH, lambda row: any(one(row) for one in either)


def _satisfied_by_method(kept: Closed, _part: str, code: str) -> _Answer:
    by_method = _having(kept, "by_method", "method", code)
    return _OBJECTIONS, lambda row: by_method(row) and row["satisfaction"] is not None


def _in_time(_kept: Closed, _part: str, code: str) -> _Answer:
    return _COMPLAINTS, lambda row: row["in_time"] is (code != MISSED)


_OF_ROWS: Mapping[str, Callable[[Closed, str, str], _Answer]] = {
    "ageing": _ageing,
    "trend": _trend,
    "content_by_nature": _crossed,
    "pareto": _pareto,
    "on_time_rate": _in_time,
    SATISFIED_BY_METHOD: _satisfied_by_method,
}


def _having(kept: Closed, figure: str, column: str, code: str) -> _Counted:
    """The condition for a case of the period of one code; of any where it is empty. Rows hold words, or a number."""
    words = {share.code: share.label for share in kept.content.figures.shares[figure]}
    wanted = "" if code == UNCLASSIFIED else code if column in ("customer", "product") else words.get(code, code)
    return lambda row: bool(row["in_period"]) and (not code or (row[column] or "") == wanted)


def _aged(bucket: int) -> _Counted:
    least = _OLDEST[bucket - 1] + 1 if bucket else -1
    most = _OLDEST[bucket] if bucket < len(_OLDEST) else None

    def counted(row: _Row) -> bool:
        age = row["age"]
        return isinstance(age, int) and age >= least and (most is None or age <= most)

    return counted


def _ids(session: Session, kind: str, details: Details, counted: _Counted) -> tuple[int, ...]:
    codes = [column.code for column in details.columns]
    named = (dict(zip(codes, row, strict=True)) for row in details.rows)
    # One more than a list can show: it then says that there are more.
    numbers = list(islice((str(row["number"]) for row in named if counted(row)), FILTERED_CAP + 1))
    return _found(session, kind.removesuffix("s"), numbers)


def _found(session: Session, table: str, numbers: list[str]) -> tuple[int, ...]:
    found: list[int] = []
    for start in range(0, len(numbers), _AT_ONCE):
        some = numbers[start : start + _AT_ONCE]
        sql = f"SELECT id FROM {table} WHERE branch_id = ? AND number IN ({', '.join('?' * len(some))})"
        found += (one for (one,) in rows.fetch(sql, (session.branch.id, *some)))
    return tuple(found)
