"""Days to think of: birthdays of contacts, and how long customers have been customers."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from app.core.database import database
from app.core.session import Session

AHEAD = 14
"""Days that one looks ahead, today included."""
_BIRTHDAYS = """
SELECT c.number, c.name, p.name, p.birthday FROM contact AS p JOIN customer AS c ON c.id = p.parent_id
WHERE substr(p.birthday, 6) IN ({days}) AND p.birthday IS NOT NULL AND p.until IS NULL AND c.branch_id = ? AND p.birthday < ?
AND c.status = 'active'
ORDER BY c.tier = 'key' DESC, p.id LIMIT ?
"""
_SINCE = """
SELECT c.number, c.name, '', c.customer_since FROM customer AS c
WHERE c.branch_id = ? AND substr(c.customer_since, 6) IN ({days}) AND c.customer_since < ? AND c.status = 'active'
ORDER BY c.tier = 'key' DESC, c.id LIMIT ?
"""


class Anniversary(NamedTuple):
    """A day that comes: whose, of which customer (no contact: since then it is one), and how many years it is."""

    day: date
    number: str
    customer: str
    contact: str
    years: int


def _days(today: date) -> Iterator[tuple[date, tuple[str, ...]]]:
    """The days ahead with the endings of dates that fall on them: 29 February falls on the 28th where there is none."""
    for ahead in range(AHEAD):
        day = today + timedelta(days=ahead)
        leap = ("02-29",) if (day.month, day.day) == (2, 28) and not isleap(day.year) else ()
        yield day, (f"{day:%m-%d}", *leap)


def coming(session: Session, limit: int) -> list[Anniversary]:
    """The first anniversaries of the days ahead, birthdays and key customers first; reads day by day until there are enough."""
    today, branch = session.now().date(), session.branch.id
    found: list[Anniversary] = []
    for day, endings in _days(today):
        room = limit - len(found)
        for sql in (_BIRTHDAYS, _SINCE):
            asked = sql.format(days=_listed(endings))
            rows = database.execute_sql(asked, (branch, today.isoformat(), room)).fetchall()
            found += [_made(day, *row) for row in rows]
        if len(found) >= limit:
            break
    return found[:limit]


def _listed(endings: Iterable[str]) -> str:
    return ", ".join(f"'{ending}'" for ending in endings)


def _made(day: date, number: str, customer: str, contact: str, first: str) -> Anniversary:
    return Anniversary(day, number, customer, contact, day.year - int(first[:4]))


def of_customer(session: Session, customer_id: int) -> list[Anniversary]:
    """Those of one customer in the days ahead."""
    today = session.now().date()
    sql = (
        "SELECT c.number, c.name, '', c.customer_since FROM customer AS c WHERE c.id = ? UNION ALL "
        "SELECT c.number, c.name, p.name, p.birthday FROM contact AS p JOIN customer AS c ON c.id = p.parent_id "
        "WHERE c.id = ? AND p.until IS NULL"
    )
    rows = [row for row in database.execute_sql(sql, (customer_id, customer_id)).fetchall() if row[3]]
    past = [row for row in rows if row[3] < today.isoformat()]
    return [_made(day, *row) for day, endings in _days(today) for row in past if row[3][5:] in endings]


def is_near(session: Session) -> str:
    """The condition in SQL for active customers `c` with an anniversary in the days ahead; both halves go through an index."""
    today = session.now().date()
    days = _listed(ending for _day, endings in _days(today) for ending in endings)
    return (
        "c.status = 'active' AND c.id IN (SELECT d.id FROM customer AS d"
        f" WHERE d.branch_id = {session.branch.id} AND substr(d.customer_since, 6) IN ({days}) AND d.customer_since < '{today}'"
        " UNION SELECT p.parent_id FROM contact AS p"
        f" WHERE substr(p.birthday, 6) IN ({days}) AND p.birthday IS NOT NULL AND p.birthday < '{today}' AND p.until IS NULL)"
    )
