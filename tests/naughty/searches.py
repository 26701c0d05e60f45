"""Records are found again by what was written into them, and offered while it is typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from app.core import text
from app.core.session import Session
from app.models import customer_queries
from app.models.listing import LISTINGS, Query
from app.models.record import Record
from tests.naughty.outputs import Output
from tests.naughty.walk import Walked

FOUND = Output("found")


def searches(session: Session, walked: Walked) -> Iterator[tuple[str, Callable[[], Output]]]:
    """By name, each to be asked; what must come is FOUND."""
    typed = walked.pen.typed or ""
    if not text.key(typed):
        return
    for name, record in walked.records.items():
        if _holds(record, walked):
            yield f"search of {name}", partial(_searched, session, record, typed)
    if _holds(walked.records["customer"], walked):
        yield "offered customers", partial(_offered, session, walked.records["customer"], typed)


def _searched(session: Session, record: Record, typed: str) -> Output:
    listing = next(one for one in LISTINGS.values() if one.kind is type(record))
    hits = {row[0] for row in listing.all(session, Query(typed))}
    if listing.count(session, Query(typed)).rows != len(hits):
        return Output("counted otherwise than found")
    return FOUND if record.id in hits else Output("not found")


def _offered(session: Session, customer: Record, typed: str) -> Output:
    offered = {one.id for one in customer_queries.suggest(session, typed, 10_000)}
    return FOUND if customer.id in offered else Output("not offered")


def _holds(record: Record, walked: Walked) -> bool:
    """Whether the text was taken by a field that is searched."""
    searchable = text.key(record.search_text(record.__data__))
    return any(text.key(one) in searchable for one in walked.pen.kept.values())
