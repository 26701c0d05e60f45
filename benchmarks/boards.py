"""The other lists and the boards that people look at all day, beside raw SQL that finds the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from app.core.database import milliseconds
from app.core.fields import Kind
from app.core.times import day_of, instant_of
from app.models import anniversaries
from app.models.listing import LISTINGS, Listing, Query
from app.models.record import KINDS
from app.services import promise_board, workbench
from benchmarks import raw
from benchmarks.lists import PAGE
from benchmarks.store import Store
from benchmarks.timing import Result, race

LISTED = ("customers", "objections", "complaints", "agreements", "dispatches", "promises", "actions", "cards")
OWED = {"promises": "open", "dispatches": "issued", "actions": "open", "objections": "promised", "agreements": "signed"}
"""A status that a filter of each list asks for."""
ENDED = "('closed', 'rejected', 'escalated', 'voided')"


def measure(store: Store) -> Iterator[Result]:
    """First pages, middles and counts of each list, then board and workbench."""
    with raw.connection(store) as floor:
        for name in LISTED:
            yield from _list(store, floor, name)
        yield from _board(store, floor)
        yield from _workbench(store, floor)


def _row(listing: Listing, ids: str) -> str:
    """The rows of the ids that a statement finds, with all columns of the list."""
    counted = {one.code: sql for one, sql in listing.computed}
    columns, joins = ["c.id"], []
    for place, code in enumerate(listing.columns):
        declared = listing.field(code)
        if declared.kind is Kind.RECORD:
            named = "name" if "name" in {one.code for one in KINDS[declared.refers].FIELDS} else "number"
            joins.append(f'LEFT JOIN "{declared.refers}" AS r{place} ON r{place}.id = c."{code}_id"')
            columns.append(f"r{place}.{named}")
        else:
            columns.append(counted.get(code) or f'c."{code}"')
    table = f'"{listing.kind.KIND}"'
    return f"SELECT {', '.join(columns)} FROM ({ids}) AS hit JOIN {table} AS c ON c.id = hit.id {' '.join(joins)}"


def _list(store: Store, floor: Any, name: str) -> Iterator[Result]:  # noqa: ANN401 - the driver's connection
    listing = LISTINGS[name]
    hidden = "".join(f" AND status <> '{status}'" for status in listing.hidden)
    order = f'"{listing.sort}" DESC, id DESC'
    total = int(floor.execute(f'SELECT count(*) FROM "{listing.kind.KIND}"').fetchone()[0])
    asked = [("first page", Query(), hidden, 0), ("middle", Query(), hidden, total // 2)]
    if name in OWED:
        asked.append((f"first page, {OWED[name]}", Query(where={"status": (OWED[name],)}), f" AND status = '{OWED[name]}'", 0))
    for what, query, condition, offset in asked:
        ids = f'SELECT id FROM "{listing.kind.KIND}" WHERE branch_id = 1{condition} ORDER BY {order} LIMIT {PAGE} OFFSET {offset}'
        sql = _row(listing, ids)
        place = listing.columns.index("number") + 1
        ours = [row[place] for row in listing.page(store.session, query, offset, PAGE)]
        found = [number for (number,) in floor.execute(ids.replace("SELECT id", "SELECT number")).fetchall()]
        assert ours == found, f"{name}, {what}: the program finds other rows than SQL does"
        both = race(lambda: listing.page(store.session, query, offset, PAGE), lambda: floor.execute(sql).fetchall(), 9)  # noqa: B023
        yield Result("board", f"{name}: {what}", store.size, *both, 3.0)
    counting = f'SELECT count(*) FROM "{listing.kind.KIND}" WHERE branch_id = 1{hidden}'
    both = race(lambda: listing.count(store.session, Query()), lambda: floor.execute(counting).fetchall(), 9)
    yield Result("board", f"{name}: count", store.size, *both, 3.0)


_OWED = """
SELECT p.*, c.description, o.what FROM (
  SELECT * FROM promise WHERE branch_id = 1 AND status = 'open' ORDER BY due, id LIMIT {limit}
) AS p LEFT JOIN complaint AS c ON c.branch_id = 1 AND c.number = p."case"
LEFT JOIN objection AS o ON o.branch_id = 1 AND o.number = p."case" ORDER BY p.due, p.id
"""


def _late(store: Store) -> str:
    tomorrow = instant_of(day_of(store.session.clock(), store.session.branch.zone) + timedelta(days=1), store.session.branch.zone)
    return (
        f"SELECT count(*), sum(due < 0) FROM promise WHERE branch_id = 1 AND status = 'open' AND due < {milliseconds(tomorrow)}"
    )


def _board(store: Store, floor: Any) -> Iterator[Result]:  # noqa: ANN401 - the driver's connection
    session = store.session
    both = race(lambda: promise_board.owed(session), lambda: floor.execute(_OWED.format(limit=200)).fetchall())
    yield Result("board", "promise board, 200 lines", store.size, *both, 3.0)
    both = race(
        lambda: promise_board.owed(session, handler=session.user), lambda: floor.execute(_OWED.format(limit=200)).fetchall()
    )
    yield Result("board", "promise board, mine", store.size, *both, 3.0, note="floor: everybody's")
    late = _late(store)
    both = race(lambda: promise_board.count(session), lambda: floor.execute(late).fetchall())
    yield Result("board", "promises overdue and due today", store.size, *both, 3.0)
    since = session.clock() - timedelta(minutes=5)
    both = race(lambda: promise_board.falling_due(session, since), lambda: floor.execute(late).fetchall())
    yield Result("board", "what a reminder names", store.size, *both, 3.0, note="floor: the count")


def _coming(floor: Any, today: str) -> None:  # noqa: ANN401 - the driver's connection
    """Birthdays and years of the days ahead, until there are enough."""
    found = 0
    for ahead in range(anniversaries.AHEAD):
        day = f"{date.fromisoformat(today) + timedelta(days=ahead):%m-%d}"
        for sql in (
            "SELECT c.name, p.name FROM contact AS p JOIN customer AS c ON c.id = p.parent_id WHERE substr(p.birthday, 6) IN (?) "
            "AND p.birthday IS NOT NULL AND p.until IS NULL AND c.branch_id = 1 AND c.status = 'active' LIMIT 8",
            "SELECT name FROM customer WHERE branch_id = 1 AND substr(customer_since, 6) IN (?) AND status = 'active' LIMIT 8",
        ):
            found += len(floor.execute(sql, (day,)).fetchall())
        if found >= workbench.SHOWN:
            return


def _workbench(store: Store, floor: Any) -> Iterator[Result]:  # noqa: ANN401 - the driver's connection
    """All of the first page beside the same reads."""
    session, today = store.session, f"{day_of(store.session.clock(), store.session.branch.zone)}"
    reads = [
        _OWED.format(limit=workbench.SHOWN),
        _late(store),
        "SELECT * FROM dispatch WHERE branch_id = 1 AND status IN ('issued', 'accepted') "
        f"AND due < '{today}' ORDER BY due LIMIT {workbench.SHOWN}",
        f"SELECT * FROM complaint WHERE branch_id = 1 AND follow_up_at <= '{today}' AND status = 'following_up' "
        f"ORDER BY follow_up_at LIMIT {workbench.SHOWN}",
        "SELECT * FROM proposal AS p JOIN complaint AS c ON c.id = p.complaint_id WHERE p.status = 'proposed' "
        "ORDER BY p.proposed_at LIMIT 5",
        "SELECT count(*) FROM proposal WHERE status = 'proposed'",
        "SELECT status, count(*) FROM complaint WHERE branch_id = 1 AND status IN ('draft', 'registered', 'accepted', "
        "'investigating', 'proposed', 'approved', 'replied', 'agreed', 'executing', 'following_up') GROUP BY status",
        *(f"SELECT * FROM {kind} ORDER BY id DESC LIMIT {workbench.SHOWN}" for kind in ("complaint", "objection", "customer")),
    ]

    def first_page() -> None:
        for sql in reads:
            floor.execute(sql).fetchall()
        _coming(floor, today)

    both = race(lambda: workbench.load(session), first_page)
    small = store.size < 100_000  # what putting the page together costs is the same at any size
    yield Result("board", "workbench", store.size, *both, None if small else 3.0)
    for part in ("_late_orders", "_follow_ups", "_stations", "_recent"):
        one = getattr(workbench, part)
        both = race(lambda: one(session), lambda: [floor.execute(sql).fetchall() for sql in reads], 7)  # noqa: B023
        yield Result("board", f"workbench {part}", store.size, *both, None)
