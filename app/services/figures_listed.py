"""What stands one by one in the workbook beside the cases: promises, follow-ups, what is overdue, and what agreements owe."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from app.core.database import instant
from app.core.language import N_
from app.core.session import Session
from app.core.times import day_of
from app.services import figures_course as course
from app.services import figures_rows as rows
from app.services.figures_course import FOLLOW_UPS, SOLUTION, OwedLine, Stamp
from app.services.figures_rows import ALL, CaseKind, Chosen, Span
from app.services.periods import Period

Local = date | datetime | None
"""Local without a zone, or a date where no time is known."""
OUTCOMES = (N_("Kept in time"), N_("Kept late"), N_("Not kept"))
IN_TIME, LATE, NOT_KEPT = OUTCOMES


class PromiseRow(NamedTuple):
    """A promise that fell due; `outcome`: one of OUTCOMES, as of now."""

    number: str
    case: str
    customer: str
    subject: str
    due: Local
    kept_at: Local
    outcome: str
    handler: str


class FollowUpRow(NamedTuple):
    """A follow-up that told how satisfied a customer was; `way` None: the satisfaction of an imported complaint."""

    at: Local
    complaint: str
    customer: str
    way: str | None
    result: int
    process: int | None
    about: str
    who: str
    handler: str


class OverdueRow(NamedTuple):
    """A deadline or promise of an open case that was over; `subject`: what was promised, None for the solution itself."""

    case: str
    customer: str
    subject: str | None
    due: Local
    days: int
    handler: str
    status: str


class OwedRow(NamedTuple):
    """A line of an agreement with the number of its complaint."""

    line: OwedLine
    complaint: str


class Listed(NamedTuple):
    """All of them: promises and follow-ups in order of time, the overdue from the longest on."""

    promises: tuple[PromiseRow, ...] = ()
    follow_ups: tuple[FollowUpRow, ...] = ()
    overdue: tuple[OverdueRow, ...] = ()
    owed: tuple[OwedRow, ...] = ()


NOTHING = Listed()


def listed(session: Session, period: Period, chosen: Chosen = ALL) -> Listed:
    """What the period holds of them, as it stood at now."""
    reader = _Reader(session, rows.span(session, period))
    complaints = chosen.kinds.complaints
    owed = course.owed_lines(session, period, reader.span, complaints)
    numbers = rows.complaint_numbers(line.complaint_id for line in owed)
    overdue = [*reader.unsolved(complaints), *(one for kind in chosen.kinds for one in reader.unkept(kind))]
    return Listed(
        tuple(reader.promises(chosen)),
        tuple(reader.follow_ups(complaints)),
        tuple(sorted(overdue, key=lambda row: (-row.days, row.case))),
        tuple(OwedRow(line, numbers[line.complaint_id]) for line in owed),
    )


_PROMISE = 'p.number, p."case", p.customer_name, p.subject, p.due, p.due_day, p.kept_at, p.kept_at_day, p.handler'
_FOLLOW_UP = (
    "f.at, f.at_day, c.number, c.customer_name, f.way, f.result_score, f.process_score, f.dissatisfied_about, f.who, c.handler"
)
_IMPORTED = "c.closed_at, c.closed_at_day, c.number, c.customer_name, NULL, c.satisfaction, NULL, NULL, NULL, c.handler"
# The plus keeps the indexes on the deadlines out: whatever is open is less than what ever fell due.
_UNKEPT = """
SELECT p."case", p.customer_name, p.subject, p.due, p.due_day, p.handler, c.status
FROM {table} AS c CROSS JOIN promise AS p ON p.branch_id = c.branch_id AND p."case" = c.number
WHERE {open} AND +p.due < ? AND (NOT p.due_day OR p.due < ?) AND p.status NOT IN ('voided', 'moved')
AND (p.kept_at IS NULL OR p.kept_at >= ?)
"""


class _Reader:
    """Reads rows of one period."""

    def __init__(self, session: Session, span: Span) -> None:
        self.session, self.span, self.zone = session, span, session.branch.zone
        self.today = rows.last_local_day(session, span)
        self.due = course.due_parameters(session, span)

    def _local(self, at: int | None, day: int) -> Local:
        if at is None:
            return None
        local = instant(at).astimezone(self.zone).replace(tzinfo=None)
        return local.date() if day else local

    def promises(self, chosen: Chosen) -> Iterator[PromiseRow]:
        """Those that fell due, in order of time."""
        sql = f"SELECT {_PROMISE} FROM promise AS p WHERE {course.promised(chosen.kinds)} ORDER BY p.due, p.id"
        for number, case, customer, subject, due, due_day, kept, kept_day, handler in rows.fetch(
            sql, (self.span.branch, *self.due)
        ):
            kept = kept if kept is not None and kept < self.span.until else None
            in_time = kept is not None and course.in_time(self.session, Stamp(due, due_day), Stamp(kept, kept_day))
            outcome = IN_TIME if in_time else NOT_KEPT if kept is None else LATE
            times = self._local(due, due_day), self._local(kept, kept_day)
            yield PromiseRow(number, case, customer or "", subject, *times, outcome, handler or "")

    def follow_ups(self, kind: CaseKind) -> Iterator[FollowUpRow]:
        """Those that were done and told a score, and the imported ones, in order of time."""
        span = self.span
        done = rows.fetch(
            f"SELECT {_FOLLOW_UP} FROM {FOLLOW_UPS} WHERE {course.follow_ups_in(kind)}", (span.start, span.until, span.branch)
        )
        imported = rows.fetch(
            f"SELECT {_IMPORTED} FROM complaint AS c WHERE {course.satisfied_in(kind)}", (span.branch, span.start, span.until)
        )
        for at, day, number, customer, way, result, process, about, who, handler in sorted(
            (*done, *imported), key=lambda row: (row[0], row[2])
        ):
            texts = about or "", who or "", handler or ""
            yield FollowUpRow(self._local(at, day), number, customer or "", way, result, process, *texts)

    def unsolved(self, kind: CaseKind) -> Iterator[OverdueRow]:
        """Open complaints that had not been answered for good when their time was over."""
        span, (_start, until, today) = self.span, self.due
        chosen = ", ".join(f"c.{column}" for column in ("number", "customer_name", "handler", *SOLUTION))
        over = (
            "+c.solution_due < ? AND (NOT c.solution_due_day OR c.solution_due < ?) AND (c.solved_at IS NULL OR c.solved_at >= ?)"
        )
        sql = f"SELECT {chosen} FROM complaint AS c WHERE {rows.still_open(kind)} AND {over}"
        for number, customer, handler, *stored in rows.fetch(sql, (*rows.open_parameters(span), until, today, until)):
            values = dict(zip(SOLUTION, stored, strict=True))
            if not course.stands_still(self.session, values):
                due = values["solution_due"], values["solution_due_day"]
                yield self._overdue(number, customer, None, *due, handler, values["status"])

    def unkept(self, kind: CaseKind) -> Iterator[OverdueRow]:
        """Promises of open cases that had not been kept when their time was over, but for those that were moved."""
        _start, until, today = self.due
        sql = _UNKEPT.format(table=kind.table, open=rows.still_open(kind))
        for row in rows.fetch(sql, (*rows.open_parameters(self.span), until, today, until)):
            yield self._overdue(*row)

    def _overdue(
        self, case: str, customer: str | None, subject: str | None, due: int, day: int, handler: str | None, status: str
    ) -> OverdueRow:
        days = (self.today - day_of(instant(due), self.zone)).days
        return OverdueRow(case, customer or "", subject, self._local(due, day), days, handler or "", status)
