"""A page of the complaints list: the first, the middle, the last, by another column, filtered; and counting."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from app.models.listing import COMPLAINTS, Listing, Query
from benchmarks import raw
from benchmarks.store import NOW, Store
from benchmarks.timing import Result, race

PAGE = 50


class Asked(NamedTuple):
    """A page, and how raw SQL finds its ids: condition, order, offset."""

    what: str
    query: Query
    condition: str
    order: str
    offset: int = 0
    goal: float | None = 3.0


def late(listing: Listing, ids: str) -> str:
    """The rows of the ids that a statement finds, with all columns of the list: names of other records are looked up."""
    columns = ", ".join(f'c."{code}"' for code in listing.columns if code not in ("customer", "product"))
    return (
        f"SELECT c.id, {columns}, k.name, p.name FROM ({ids}) AS hit JOIN complaint AS c ON c.id = hit.id "
        "LEFT JOIN customer AS k ON k.id = c.customer_id LEFT JOIN product AS p ON p.id = c.product_id"
    )


def measure(store: Store) -> Iterator[Result]:
    """Pages of the list beside the same rows in raw SQL."""
    with raw.connection(store) as floor:
        for asked in _asked(store):
            yield _page(store, floor, asked)
        count = race(lambda: COMPLAINTS.count(store.session, Query()), lambda: floor.execute(_COUNT).fetchall())
        yield Result("list", "count of all", store.size, *count, 3.0)
        for asked in _filters():
            ids = f"SELECT id FROM complaint AS c WHERE branch_id = 1 AND {asked.condition} LIMIT 10001"
            counting = f"SELECT count(*) FROM ({ids})"
            both = race(lambda: COMPLAINTS.count(store.session, asked.query), lambda: floor.execute(counting).fetchall(), 7)  # noqa: B023
            yield Result("list", f"count, {asked.what}", store.size, *both, None)


_NAMES = "customer_keys DESC, customer_name DESC, id DESC"
_COUNT = "SELECT count(*) FROM complaint WHERE branch_id = 1"


def _asked(store: Store) -> Iterator[Asked]:
    newest = "received_at DESC, id DESC"
    yield Asked("first page", Query(), "1", newest)
    yield Asked("first page, oldest first", Query(descending=False), "1", "received_at, id")
    yield Asked("jump to the middle", Query(), "1", newest, store.size // 2)
    yield Asked("jump to the end", Query(), "1", newest, max(0, store.size - PAGE))
    yield Asked("first page by customer_name", Query(sort="customer_name"), "1", _NAMES)
    for column in ("status", "handler", "promised_at", "number", "closed_at", "severity"):
        yield Asked(f"first page by {column}", Query(sort=column), "1", f"{column} DESC, id DESC")
    yield Asked("middle by customer_name", Query(sort="customer_name"), "1", _NAMES, store.size // 2)
    for column in ("channel", "phone"):
        yield Asked(f"first page by {column} (no index)", Query(sort=column), "1", f"{column} DESC, id DESC")
    yield from _filters()


def _filters() -> Iterator[Asked]:
    newest = "received_at DESC, id DESC"
    yield Asked("one status", Query(where={"status": ("investigating",)}), "status = 'investigating'", newest)
    yield Asked("closed only", Query(where={"status": ("closed",)}), "status = 'closed'", newest)
    yield Asked(
        "not ended",
        Query(where={"status": ("open_cases",)}),
        "status NOT IN ('closed', 'rejected', 'escalated', 'voided')",
        newest,
    )
    yield Asked("a severity", Query(where={"severity": ("urgent",)}), "severity = 'urgent'", newest)
    since = NOW.date() - timedelta(days=30)
    start = f"received_at >= {int((NOW - timedelta(days=30)).timestamp() // 86400 * 86400 - 28800) * 1000}"
    yield Asked("the last 30 days", Query(since=since), start, newest)
    where = {
        "status": ("closed",), "severity": ("urgent", "major"), "class": ("product",), "channel": ("phone", "hotline"),
        "cause": ("product.quality", "company.delivery"),
    }  # fmt: skip
    eight = (
        "status = 'closed' AND severity IN ('urgent', 'major') AND class = 'product' AND channel IN ('phone', 'hotline') "
        "AND cause IN ('product.quality', 'company.delivery')"
    )
    yield Asked("five filters", Query(where=where), eight, newest)


def _page(store: Store, floor: Any, asked: Asked) -> Result:  # noqa: ANN401 - the driver's connection
    found = f"SELECT id FROM complaint WHERE branch_id = 1 AND {asked.condition} ORDER BY {asked.order}"
    found += f" LIMIT {PAGE} OFFSET {asked.offset}"
    sql = late(COMPLAINTS, found)
    ours = COMPLAINTS.page(store.session, asked.query, asked.offset, PAGE)
    same = [row[0] for row in ours] == [number for (number,) in floor.execute(found).fetchall()]
    assert same, f"{asked.what}: the program finds other rows than SQL does"
    both = race(lambda: COMPLAINTS.page(store.session, asked.query, asked.offset, PAGE), lambda: floor.execute(sql).fetchall(), 9)
    return Result("list", asked.what, store.size, *both, asked.goal)
