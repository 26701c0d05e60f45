"""With whom the retention of personal data is over: whose last case is long ago, and erasing all of them at one go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from app.core.database import database, instant, milliseconds
from app.core.language import _
from app.core.progress import Progress
from app.core.session import Session
from app.models import classifications as of
from app.models import history, permissions
from app.models.customers import Customer
from app.models.record import Record
from app.services import erased_traces, erasures, in_bulk
from app.services.erased_list import listed
from app.services.in_bulk import Summary

_OVER = ", ".join(f"'{code}'" for code in (*of.ENDED, "voided"))
_NEVER = -(2**62)
_NONE_OPEN = f"""
NOT EXISTS (SELECT 1 FROM complaint WHERE customer_id = o.id AND status NOT IN ({_OVER}))
AND NOT EXISTS (SELECT 1 FROM objection WHERE customer_id = o.id AND status NOT IN ({_OVER}))
AND NOT EXISTS (SELECT 1 FROM promise WHERE customer_id = o.id AND status = 'open')
"""
_DUE = f"""
SELECT o.id, o.number, o.name, o.last FROM (
  SELECT n.id, n.number, n.name, MAX(n.came, COALESCE((SELECT MAX(closed_at) FROM complaint WHERE customer_id = n.id), n.came),
    COALESCE((SELECT MAX(closed_at) FROM objection WHERE customer_id = n.id), n.came)) AS last
  FROM (
    SELECT c.id, c.number, c.name,
      MAX(COALESCE((SELECT MAX(received_at) FROM complaint WHERE customer_id = c.id), {_NEVER}),
        COALESCE((SELECT MAX(occurred_at) FROM objection WHERE customer_id = c.id), {_NEVER})) AS came
    FROM customer AS c WHERE c.branch_id = ? AND c.status <> 'merged'
  ) AS n WHERE n.came > {_NEVER} AND n.came < ?
) AS o WHERE o.last < ? AND {_NONE_OPEN} ORDER BY o.number
"""
"""The newest case comes from an index; only where it is old enough the customer's cases are read."""


class Due(NamedTuple):
    """A customer, and the local day on which the last case came in or ended."""

    id: int
    number: str
    name: str
    last: date


def over_on(session: Session, last: date) -> date:
    """The day on which the retention is over of a customer whose last case was on that day."""
    return erasures.years_later(last, session.settings["retention_years"])


def due(session: Session, ahead: int = 0) -> list[Due]:
    """Customers without an open case whose last one is older than the retention; nobody is erased by it.

    `ahead`: also those with whom it will be so in as many days.
    """
    until = session.now().date() + timedelta(days=ahead)
    known, erased = listed(session.folder), history.all_erased("customer")
    found = []
    for row, number, name, last in database.execute_sql(_DUE, (session.branch.id, *_before(session, until))).fetchall():
        one = Due(row, number, name, instant(last).astimezone(session.branch.zone).date())
        if over_on(session, one.last) <= until and not (row in erased and _is_done(session, row, known)):
            found.append(one)
    return found


def _before(session: Session, until: date) -> tuple[int, int]:
    """A moment after which no last case is old enough yet, twice."""
    day = erasures.years_later(until, -session.settings["retention_years"]) + timedelta(days=1)
    moment = milliseconds(datetime.combine(day, time(), session.branch.zone))
    return moment, moment


def _is_done(session: Session, row: int, known: dict[str, str]) -> bool:
    """Whether a customer who was erased need not be erased again: nothing is kept any more, or its time is not over."""
    customer = Customer.get_by_id(row)
    if erasures.key_of(customer) not in known:
        return False
    return not _is_withheld(row) or bool(erasures.plan(session, customer).kept)


def _is_withheld(row: int) -> bool:
    """Whether something is still kept of a customer who was erased."""
    sql = (
        "SELECT 1 FROM agreement AS a JOIN complaint AS c ON c.id = a.complaint_id WHERE c.customer_id = ? AND a.withheld LIMIT 1"
    )
    return database.execute_sql(sql, (row,)).fetchone() is not None


class Erased(NamedTuple):
    """What became of each. `clean`: nothing of those who were erased is left in the files, as in `erasures.Done`."""

    summary: Summary
    clean: bool


def erase_all(session: Session, ids: Sequence[int], reason: str, progress: Progress | None = None) -> Erased:
    """Erase several customers, each in its own transaction; the traces of all are swept out together.

    Stopped, those who are erased stay so. ValidationError without a reason.
    """
    permissions.require(session, "customer.erase")
    given = erasures.given_reason(session, reason)

    def do(customer: Record) -> object:
        return erasures.enter(session, Customer.get_by_id(customer.id), given)

    summary = in_bulk.each(session, Customer, ids, do, progress or Progress(), _("Erasing"))
    return Erased(summary, erased_traces.finish(session.folder) if summary.done else True)
