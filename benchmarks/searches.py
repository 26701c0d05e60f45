"""Searching Chinese words of one to four characters, common and rare ones: the newest 50, and whether counts are right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.core import text
from app.core.search_index import COUNT_CAP
from app.models.listing import COMPLAINTS, Query
from benchmarks import raw, texts
from benchmarks.lists import PAGE, late
from benchmarks.store import Store
from benchmarks.timing import Result, race


def measure(store: Store) -> Iterator[Result]:
    """Pages of hits beside raw full-text search, and counting them. A list counts first, so both know how many there are."""
    with raw.connection(store) as floor:
        for usual, words in (("common", texts.COMMON), ("rare", texts.RARE)):
            for word in words:
                yield _page(store, floor, word, usual)
                yield _count(store, floor, word, usual)


def _matches(word: str, limit: int) -> str:
    """The newest hits; a word of more than two characters is looked for in the kept text, too."""
    pairs = [word[place : place + 2] for place in range(max(1, len(word) - 1))]
    match = " ".join(f'"{pair}"' for pair in pairs)
    kept = f"JOIN search_complaint_key AS kept ON kept.id = found.rowid AND instr(kept.key, '{word}')" if len(word) > 2 else ""
    return (
        f"SELECT found.rowid AS id FROM search_complaint AS found {kept} WHERE found.search_complaint MATCH '{match}' "
        f"ORDER BY found.rowid DESC LIMIT {limit}"
    )


def _newest(word: str, hits: int) -> str:
    """Of hits that can all be looked at, those that came in last."""
    if hits > COUNT_CAP:
        return _matches(word, PAGE)
    sort = f"ORDER BY h.received_at DESC, h.id DESC LIMIT {PAGE}"
    return f"SELECT h.id FROM ({_matches(word, COUNT_CAP)}) AS every JOIN complaint AS h ON h.id = every.id {sort}"


def _page(store: Store, floor: Any, word: str, usual: str) -> Result:  # noqa: ANN401 - the driver's connection
    query = Query(text=word)
    counted = COMPLAINTS.count(store.session, query)
    ids = _newest(word, len(floor.execute(_matches(word, COUNT_CAP + 1)).fetchall()))
    found = [row[0] for row in COMPLAINTS.page(store.session, query, 0, PAGE)]
    assert found == [number for (number,) in floor.execute(ids).fetchall()], f"{word}: other cases than SQL finds"
    sql = late(COMPLAINTS, ids)
    both = race(lambda: COMPLAINTS.page(store.session, query, 0, PAGE, counted), lambda: floor.execute(sql).fetchall())
    return Result("search", f"{len(word)} characters, {usual}: {word}", store.size, *both, 3.0)


def _count(store: Store, floor: Any, word: str, usual: str) -> Result:  # noqa: ANN401 - the driver's connection
    counted = COMPLAINTS.count(store.session, Query(text=word))
    columns = ("description", "wish", "customer_name", "complainant", "address")
    like = f"SELECT count(*) FROM complaint WHERE {' OR '.join(f'{column} LIKE ?' for column in columns)}"
    right = floor.execute(like, [f"%{text.key(word)}%"] * len(columns)).fetchone()[0]
    wrong = f"{word}: {counted}, but LIKE finds {right}"
    assert (counted.rows, counted.capped) == (min(right, COUNT_CAP), right > COUNT_CAP), wrong
    sql = f"SELECT count(*) FROM ({_matches(word, COUNT_CAP + 1)})"
    both = race(lambda: COMPLAINTS.count(store.session, Query(text=word)), lambda: floor.execute(sql).fetchall())
    said = f"{counted.rows}{'+' * counted.capped} = LIKE"
    return Result("search", f"count, {len(word)} characters, {usual}: {word}", store.size, *both, None, note=said)
