"""Whether a database file is sound: what SQLite itself finds wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlcipher3 import dbapi2 as driver

from app.core.database import database
from app.core.errors import Cancelled
from app.core.progress import Progress

_STEPS = 1_000_000
"""Of SQLite's machine between two questions whether to go on: some hundredths of a second."""


def is_sound(connection: Any) -> bool:  # noqa: ANN401 - the driver's connection
    """Whether SQLite finds nothing wrong in any page; reads all of it."""
    try:
        return bool(connection.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",))
    except driver.DatabaseError:
        return False


def integrity(progress: Progress, sentence: str) -> list[str]:
    """What SQLite finds wrong with the file, in its own words. It reads all of it, and may be cancelled."""

    def going_on() -> int:
        with suppress(Cancelled):
            progress.step(0, None, sentence)
            return 0
        return 1

    connection = database.connection()
    connection.set_progress_handler(going_on, _STEPS)
    try:
        rows = connection.execute("PRAGMA integrity_check").fetchall()
    except driver.DatabaseError as error:
        progress.step(0)  # raises where it was interrupted
        if not isinstance(error, driver.OperationalError):
            return [str(error)]  # so damaged that SQLite cannot go on
        raise
    finally:
        connection.set_progress_handler(None, 0)
    return [message for (message,) in rows if message != "ok"]


@contextmanager
def readable_text() -> Iterator[None]:
    """What is read inside comes even where it is no text at all, as after damage: as an escape that no text has."""
    connection = database.connection()
    usual = connection.text_factory
    connection.text_factory = lambda stored: stored.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        connection.text_factory = usual


def lost_references() -> list[tuple[str, int, str]]:
    """Rows that name another row which is not there: table, row, and the table that it names."""
    found = database.execute_sql("PRAGMA foreign_key_check").fetchall()
    return [(table, row, other) for table, row, other, _key in found]
