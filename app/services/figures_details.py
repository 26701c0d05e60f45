"""The cases from which every total of a period can be recounted: its own, those ended or due in it, and the open ones.

Those stand there, too, that only the lists beside them name: by a promise, follow-up or agreement of the period.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from enum import Enum
from typing import Any, NamedTuple

from app.core.database import database, instant
from app.core.language import N_, _
from app.core.session import Session
from app.core.times import day_of
from app.models import classifications as of
from app.services import figures_course as course
from app.services import figures_rows as rows
from app.services.figures import words_of
from app.services.figures_rows import KINDS, AgreedLine, CaseKind, Span, Worked
from app.services.periods import Period


class Form(Enum):
    """How a value stands in a cell."""

    TEXT = "text"
    MEMO = "memo"
    MOMENT = "moment"
    FLAG = "flag"
    COUNT = "count"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a detail sheet: its code, its words and how its values look."""

    code: str
    label: str
    form: Form = Form.TEXT
    width: float = 12
    printed: bool = False
    """Whether it goes on paper; these come first. The others are there to be filtered and counted."""


Value = str | int | float | date | datetime | bool | None
"""A moment is local without a zone, or a date where no time is known."""


class Details(NamedTuple):
    """Columns, and the rows read as they are asked for: first the period's own, each part in order of time.

    Rows of the records can be read once; those that were kept as often as wanted.
    """

    columns: tuple[Column, ...]
    rows: Iterable[tuple[Value, ...]]


class AgreedRow(NamedTuple):
    """A line of an agreement signed in the period, with the number of its complaint."""

    line: AgreedLine
    complaint: str


_HEAD = (Column("in_period", N_("In the period"), Form.FLAG, 7, True), Column("number", N_("Number"), width=17, printed=True))
_TAIL = (
    Column("ended", N_("Ended by then"), Form.FLAG, 9),
    Column("closed_in_period", N_("Ended in the period"), Form.FLAG, 9),
    Column("hours", N_("Handling hours"), Form.HOURS, 11),
    Column("repeated", N_("Repeated within 90 days"), Form.FLAG, 9),
    Column("age", N_("Open for days"), Form.COUNT, 9),
)
_UID = Column("uid", N_("Identifier"), width=36)
_REPLIED = Column("replied_at_exact", N_("Replied at, exactly"), width=28)
_CLOSED = Column("closed_at_exact", N_("Closed at, exactly"), width=28)
_COMMON = (
    Column("customer", N_("Customer number"), width=13),
    Column("tier", N_("Value tier"), width=11),
    Column("channel", N_("Channel"), width=11),
    Column("product", N_("Product number"), width=12),
    Column("product_name", N_("Product"), width=18),
    Column("replied_at", N_("Replied at"), Form.MOMENT, 17),
)
OBJECTION_COLUMNS = (
    *_HEAD,
    Column("occurred_at", N_("When"), Form.MOMENT, 17, True),
    Column("customer_name", N_("Customer"), Form.MEMO, 20, True),
    Column("content", N_("Content"), Form.MEMO, 11, True),
    Column("nature", N_("Nature"), Form.MEMO, 9, True),
    Column("cause", N_("Cause"), Form.MEMO, 24, True),
    Column("method", N_("Handling method"), Form.MEMO, 11, True),
    Column("what", N_("What"), Form.MEMO, 40, True),
    Column("handler", N_("Handler"), Form.MEMO, 10, True),
    Column("status", N_("Status"), Form.MEMO, 10, True),
    Column("closed_at", N_("Closed at"), Form.MOMENT, 17, True),
    Column("satisfaction", N_("Satisfaction (1–5)"), Form.COUNT, 11, True),
    Column("result", N_("Result"), Form.MEMO, 28, True),
    Column("family", N_("Family"), width=15),
    *_COMMON,
    Column("solved_on_spot", N_("Solved on the spot"), Form.FLAG, 9),
    Column("escalated", N_("Became a complaint"), Form.FLAG, 9),
    *_TAIL,
    _UID,
    Column("occurred_at_exact", N_("When, exactly"), width=28),
    _REPLIED,
    _CLOSED,
)
COMPLAINT_COLUMNS = (
    *_HEAD,
    Column("received_at", N_("Received at"), Form.MOMENT, 17, True),
    Column("customer_name", N_("Customer"), Form.MEMO, 20, True),
    Column("class", N_("Complaint class"), Form.MEMO, 11, True),
    Column("severity", N_("Severity"), Form.MEMO, 9, True),
    Column("cause", N_("Cause"), Form.MEMO, 24, True),
    Column("description", N_("What happened"), Form.MEMO, 40, True),
    Column("handler", N_("Handler"), Form.MEMO, 10, True),
    Column("status", N_("Status"), Form.MEMO, 10, True),
    Column("closed_at", N_("Closed at"), Form.MOMENT, 17, True),
    Column("satisfaction", N_("Satisfaction (1–5)"), Form.COUNT, 11, True),
    Column("result", N_("Result"), Form.MEMO, 28, True),
    Column("source_reference", N_("Outside number"), width=16),
    *_COMMON,
    Column("same_day", N_("Replied the same day"), Form.FLAG, 9),
    Column("valid", N_("Complaint valid"), Form.FLAG, 9),
    Column("round", N_("Round"), Form.COUNT, 7),
    Column("solution_due", N_("Solution due"), Form.MOMENT, 17),
    Column("solved_at", N_("Last round replied at"), Form.MOMENT, 17),
    Column("in_time", N_("Solved in time (if due in the period)"), Form.FLAG, 12),
    *_TAIL,
    _UID,
    Column("received_at_exact", N_("Received at, exactly"), width=28),
    _REPLIED,
    _CLOSED,
)
_CHOICES = {
    "tier": of.TIERS,
    "channel": of.CHANNELS,
    "content": of.CONTENTS,
    "nature": of.NATURES,
    "family": of.FAMILIES,
    "cause": of.CAUSES,
    "method": of.METHODS,
    "class": of.COMPLAINT_CLASSES,
    "severity": of.SEVERITIES,
}
_ELSEWHERE = {
    "customer": "cu.number",
    "customer_name": "COALESCE(cu.name, c.customer_name)",
    "tier": "cu.tier",
    "product": "p.number",
    "product_name": "p.name",
}


def objections(session: Session, period: Period, kind: CaseKind = KINDS.objections) -> Details:
    """The objections, each once."""
    return _details(session, period, kind, OBJECTION_COLUMNS)


def complaints(session: Session, period: Period, kind: CaseKind = KINDS.complaints) -> Details:
    """The complaints, each once."""
    return _details(session, period, kind, COMPLAINT_COLUMNS)


def agreed(session: Session, period: Period, kind: CaseKind = KINDS.complaints) -> tuple[AgreedRow, ...]:
    """The remedy lines of agreements signed in the period."""
    lines = rows.agreed_lines(session, period, kind)
    numbers = rows.complaint_numbers(line.complaint_id for line in lines)
    return tuple(AgreedRow(line, numbers[line.complaint_id]) for line in lines)


def words() -> dict[str, dict[str, str]]:
    """The word of each code, by `objections.column` and `complaints.column`."""
    kinds = (("objections", OBJECTION_COLUMNS, KINDS.objections), ("complaints", COMPLAINT_COLUMNS, KINDS.complaints))
    return {
        f"{name}.{code}": told
        for name, columns, kind in kinds
        for code, told in _words(kind).items()
        if any(column.code == code for column in columns)
    }


def _words(kind: CaseKind) -> dict[str, dict[str, str]]:
    return {code: words_of(choices) for code, choices in _CHOICES.items()} | {"status": statuses_of(kind)}


def _details(session: Session, period: Period, kind: CaseKind, columns: tuple[Column, ...]) -> Details:
    told = tuple(replace(column, label=_(column.label)) for column in columns)
    return Details(told, _read(session, rows.span(session, period), kind, columns))


def _read(session: Session, span: Span, kind: CaseKind, columns: tuple[Column, ...]) -> Iterator[tuple[Value, ...]]:
    stored = [column.code for column in columns if column.code not in _DERIVED] + ["imported"]
    stored += ["paused_at"] if kind.table == KINDS.complaints.table else []
    moments = [code for code in stored if code.endswith(("_at", "_due"))]
    names = [_ELSEWHERE.get(code, f'c."{code}"') for code in stored] + [f"c.{code}_day" for code in moments]
    sql = _statement(kind, [*names, _repeats(kind, span)], span)
    cursor = database.execute_sql(sql, _parameters(session, span, kind))
    teller = _Teller(session, span, kind)
    keys = [*stored, *(f"{code}_day" for code in moments), "repeated"]
    # One by one, however many are open.
    for row in cursor:
        values = dict(zip(keys, row, strict=True))
        yield tuple(teller.tell(values, column) for column in columns)


def _repeats(kind: CaseKind, span: Span) -> str:
    known = f"c.customer_id IS NOT NULL AND c.{kind.topic} IS NOT NULL AND {_within(kind, span)}"
    return f"CASE WHEN {known} THEN {rows.repeated(kind)} END"


def _within(kind: CaseKind, span: Span) -> str:
    return f"c.{kind.moment} >= {span.start} AND c.{kind.moment} < {span.end}"


_PROMISED = f'c.branch_id = ? AND c.number IN (SELECT p."case" FROM promise AS p WHERE {course.promised(KINDS)})'
_FOLLOWED_UP = "c.id IN (SELECT f.parent_id FROM follow_up AS f WHERE f.at >= ? AND f.at < ? AND f.result_score IS NOT NULL)"
_AGREED = "c.id IN (SELECT a.complaint_id FROM agreement AS a WHERE a.branch_id = ? AND a.signed_on >= ? AND a.signed_on < ?)"


def _statement(kind: CaseKind, names: list[str], span: Span) -> str:
    begun = f"+c.{kind.moment} < {span.until} AND {rows.counted(kind)}"
    conditions = [rows.of_period(kind), rows.closed_in(kind), rows.still_open(kind), f"{_PROMISED} AND {begun}"]
    if kind.table == KINDS.complaints.table:
        conditions += [course.deadline_in(kind), *(f"{named} AND {begun}" for named in (_FOLLOWED_UP, _AGREED))]
    ids = " UNION ".join(f"SELECT c.id FROM {kind.table} AS c WHERE {condition}" for condition in conditions)
    return (
        f"SELECT {', '.join(names)} FROM {kind.table} AS c LEFT JOIN customer AS cu ON cu.id = c.customer_id"
        f" LEFT JOIN product AS p ON p.id = c.product_id WHERE c.id IN ({ids})"
        f" ORDER BY CASE WHEN {_within(kind, span)} THEN 0 ELSE 1 END, c.{kind.moment}, c.id"
    )


def _parameters(session: Session, span: Span, kind: CaseKind) -> tuple[int | str, ...]:
    found = (span.branch, span.start, span.end, span.branch, span.start, span.until, *rows.open_parameters(span))
    due = (span.branch, *course.due_parameters(session, span))
    if kind.table != KINDS.complaints.table:
        return (*found, span.branch, *due)
    signed = (day_of(instant(bound), session.branch.zone).isoformat() for bound in (span.start, span.end))
    return (*found, span.branch, *due, *due, span.start, span.until, span.branch, *signed)


def statuses_of(kind: CaseKind) -> dict[str, str]:
    """The words of the statuses."""
    return words_of(of.OBJECTION_STATUSES if kind.table == KINDS.objections.table else of.COMPLAINT_STATUSES)


class _Teller:
    """Turns stored values into those of a detail sheet."""

    def __init__(self, session: Session, span: Span, kind: CaseKind) -> None:
        self.session, self.span, self.kind = session, span, kind
        self.zone: tzinfo = session.branch.zone
        self.today = rows.last_local_day(session, span)
        self.due = course.due_parameters(session, span)
        self.words = _words(kind)

    def tell(self, values: dict[str, Any], column: Column) -> Value:
        """One cell."""
        code = column.code
        if code in _DERIVED:
            return _DERIVED[code](self, values)
        value = values[code]
        if value is None:
            return None
        if code in self.words:
            return self.words[code].get(value, str(value))
        if column.form is Form.MOMENT:
            return self._moment(value, values[f"{code}_day"])
        return bool(value) if column.form is Form.FLAG else value

    def _moment(self, value: int, day: bool) -> date | datetime:
        local = instant(value).astimezone(self.zone).replace(tzinfo=None)
        return local.date() if day else local

    def in_period(self, values: dict[str, Any]) -> bool:
        """Whether the case counts as one of the period."""
        return bool(self.span.start <= values[self.kind.moment] < self.span.end)

    def ended(self, values: dict[str, Any]) -> bool:
        """Whether it was over at the end of the period, or by now."""
        return values["closed_at"] is not None and values["closed_at"] < self.span.until

    def ended_in_period(self, values: dict[str, Any]) -> bool:
        """Whether it ended in the period."""
        return self.ended(values) and values["closed_at"] >= self.span.start

    def hours(self, values: dict[str, Any]) -> float | None:
        """How long it took, if it ended in the period."""
        if not self.ended_in_period(values):
            return None
        began, closed = self.kind.moment, "closed_at"
        return rows.hours(Worked(values[began], values[f"{began}_day"], values[closed], values["closed_at_day"]), self.session)

    def age(self, values: dict[str, Any]) -> int | None:
        """For how many days it had been open."""
        if self.ended(values):
            return None
        return (self.today - day_of(instant(values[self.kind.moment]), self.zone)).days

    def same_day(self, values: dict[str, Any]) -> bool | None:
        """Whether the reply came on the day of receipt; None where that counts neither way."""
        if values["replied_at"] is None and values["imported"] and self.ended(values):
            return None
        return rows.same_day(self.session, values["received_at"], values["replied_at"])

    def in_time(self, values: dict[str, Any]) -> bool | None:
        """Whether the solution came in time; None where it did not fall due in the period, or counts neither way."""
        start, until, today = self.due
        at, day = values["solution_due"], values["solution_due_day"]
        if at is None or not start <= at < until or (day and at >= today):
            return None
        return course.solved_in_time(self.session, self.span, values)

    def escalated(self, values: dict[str, Any]) -> bool:
        """Whether it had become a complaint by then."""
        return values["status"] == "escalated" and self.ended(values)

    def repeated(self, values: dict[str, Any]) -> bool | None:
        """Whether it repeats another case; asked only of the period's own."""
        return bool(values["repeated"]) if self.in_period(values) else None


def _exact(code: str) -> Callable[[_Teller, dict[str, Any]], Value]:
    """A moment to the millisecond with its offset, or the day where no time is known."""

    def told(teller: _Teller, values: dict[str, Any]) -> Value:
        if values[code] is None:
            return None
        local = instant(values[code]).astimezone(teller.zone)
        return local.date().isoformat() if values[f"{code}_day"] else local.isoformat(timespec="milliseconds")

    return told


_DERIVED: dict[str, Callable[[_Teller, dict[str, Any]], Value]] = {
    **{f"{code}_exact": _exact(code) for code in ("occurred_at", "received_at", "replied_at", "closed_at")},
    "in_period": _Teller.in_period,
    "ended": _Teller.ended,
    "closed_in_period": _Teller.ended_in_period,
    "hours": _Teller.hours,
    "age": _Teller.age,
    "same_day": _Teller.same_day,
    "in_time": _Teller.in_time,
    "escalated": _Teller.escalated,
    "repeated": _Teller.repeated,
}
