"""Full-text search that finds Chinese words of any length: which rows hold a text. Knows tables by name only.

FTS5's trigram tokenizer cannot find two-character words. Here a text is split beforehand into all its characters and all
neighbouring pairs; a longer word asks for its pairs and is verified against the kept key. What only SQLite can do stands here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from app.core import text
from app.core.database import database, transaction
from app.core.language import _
from app.core.progress import Progress

COUNT_CAP = 1000
"""More hits than this are said as “1000+”: counting or sorting all of them would read what nobody sees."""

_PAGES = 500
"""Written in one step of putting an index together anew: a tenth of a second."""
_VERIFIED = 200
"""Words of a search that are looked up in the kept keys; SQLite takes no expression of a thousand terms."""
_MARKS = "!#$%&()*+,-./:;<=>?@[\\]^_`{|}~"


def create_index(table: str) -> None:
    """Make the index of a table; part of a migration."""
    tokenizer = f"ascii tokenchars '{_MARKS}''\"\"'"
    database.execute_sql(
        f"CREATE VIRTUAL TABLE search_{table} USING fts5(tokens, content='', contentless_delete=1, detail=none, "
        f'tokenize="{tokenizer}")'
    )
    database.execute_sql(f"CREATE TABLE search_{table}_key (id INTEGER PRIMARY KEY, key TEXT NOT NULL)")


def tokens(key: str) -> str:
    """All characters and neighbouring pairs of a key's words."""
    parts: list[str] = []
    for word in key.split(" "):
        parts.extend(dict.fromkeys(word))
        parts.extend([word[place : place + 2] for place in range(len(word) - 1)])
    return " ".join(parts)


def put(table: str, rows: Iterable[tuple[int, str]]) -> None:
    """Index (id, text) rows, replacing what these ids had; within the caller's transaction."""
    keys = [(number, text.key(content)) for number, content in rows]
    cursor = database.cursor()
    cursor.executemany(
        f"REPLACE INTO search_{table} (rowid, tokens) VALUES (?, ?)", [(number, tokens(key)) for number, key in keys]
    )
    cursor.executemany(f"REPLACE INTO search_{table}_key (id, key) VALUES (?, ?)", keys)


def keys(table: str, first: int, last: int) -> dict[int, str]:
    """What is indexed of the ids first … last, both included, id → key; without those that only half of the index has."""
    rows = database.execute_sql(
        f"SELECT kept.id, kept.key FROM search_{table}_key AS kept JOIN search_{table}_docsize AS found ON found.id = kept.id "
        "WHERE kept.id BETWEEN ? AND ?",
        (first, last),
    ).fetchall()
    return dict(rows)


def strangers(table: str) -> int:
    """How many ids the index has of which there is no record."""
    places = (f"search_{table}_key", f"search_{table}_docsize")
    sql = " + ".join(f'(SELECT count(*) FROM {place} WHERE id NOT IN (SELECT id FROM "{table}"))' for place in places)
    return int(database.execute_sql(f"SELECT {sql}").fetchone()[0])


def empty(table: str) -> None:
    """Take everything out of an index, within the caller's transaction."""
    database.execute_sql(f"INSERT INTO search_{table} (search_{table}) VALUES ('delete-all')")
    database.execute_sql(f"DELETE FROM search_{table}_key")


def compact(progress: Progress | None = None) -> None:
    """Put all indexes together anew: what was deleted is only marked in them until then. `Cancelled` where that is asked for.

    Piece by piece, each in a transaction of its own: a million records take ten seconds, and others save in between.
    FTS5's secure-delete does not help here: it works on indexes that keep their content.
    """
    progress, done = progress or Progress(), 0
    found = database.execute_sql("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE search%USING fts5%'")
    for (index,) in found.fetchall():
        pages = (
            -_PAGES
        )  # all parts become one task, which goes on as long as something is written (sqlite.org/fts5.html, “merge”)
        while _merge(index, pages):
            pages, done = _PAGES, done + 1
            progress.step(done, None, _("Sweeping the search"))


def _merge(index: str, pages: int) -> bool:
    """Whether there was something to put together."""
    with transaction():
        before = _changes()
        database.execute_sql(f"INSERT INTO {index} ({index}, rank) VALUES ('merge', {pages})")
        return _changes() - before >= 2


def _changes() -> int:
    return int(database.execute_sql("SELECT total_changes()").fetchone()[0])


class Condition(NamedTuple):
    """A piece of SQL over `source` (the index, its row id being the record's) and its parameters."""

    source: str
    sql: str
    parameters: tuple[str, ...]
    order: str


def condition(table: str, typed: str) -> Condition | None:
    """What finds the rows that hold every word typed (full-width as half-width, any case); None where nothing was typed."""
    words = text.key(typed).split(" ")
    if words == [""]:
        return None
    match = " ".join(_quoted(pair) for pair in dict.fromkeys(pair for word in words for pair in _pairs(word)))
    long = list(dict.fromkeys(word for word in words if len(word) > 2))[:_VERIFIED]
    source = f"search_{table} AS found"
    if long:
        source += f" JOIN search_{table}_key AS kept ON kept.id = found.rowid"
    sql = f"found.search_{table} MATCH ?" + " AND instr(kept.key, ?) > 0" * len(long)
    return Condition(source, sql, (match, *long), "found.rowid DESC")


def _pairs(word: str) -> list[str]:
    """The neighbouring pairs of a word's characters; a single character is its own."""
    return [word[place : place + 2] for place in range(max(1, len(word) - 1))]


def _quoted(pair: str) -> str:
    return '"' + pair.replace('"', '""') + '"'


def pairs_of(typed: str) -> frozenset[str]:
    """All neighbouring pairs of a text, by which two texts can be compared."""
    return frozenset(pair for word in text.key(typed).split(" ") for pair in _pairs(word) if len(pair) == 2)


def sharing(table: str, typed: str) -> Condition | None:
    """What finds the rows that share any pair of characters with what was typed; None where that has no pair."""
    pairs = sorted(pairs_of(typed))[:_VERIFIED]
    if not pairs:
        return None
    match = " OR ".join(_quoted(pair) for pair in pairs)
    return Condition(f"search_{table} AS found", f"found.search_{table} MATCH ?", (match,), "found.rowid DESC")
