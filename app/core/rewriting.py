"""Writing the store anew with another key, or none. Killed at any moment, the old one or the new one is whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import Any

from app.core import database as store
from app.core.database import database, explained
from app.core.errors import UserError
from app.core.language import _
from app.core.store_file import COMING, faults, key_words, raw, swap, wipe


def rewrite(key: bytes | None) -> None:
    """Write the open database anew with another key, None for a plain one, and open it again.

    UserError where another connection is open to it, or where it is damaged; it is as it was then.
    """
    path, present = Path(database.database), store.present_key()
    store.close()
    try:
        rewrite_file(path, present, key)
        present = key
    finally:
        store.open_database(path.parent, key=present)


def rewrite_file(path: Path, present: bytes | None, key: bytes | None) -> None:
    """The same for a file that is not open here."""
    coming = path.with_name(f"{path.name}{COMING}")
    with explained(path), _alone(path, present) as connection:
        wipe(coming, path)
        try:
            _write(connection, coming, key)
            _check(connection, path, coming, key)
            if os.name == "nt":
                connection.close()  # there an open file keeps its name; who comes between keeps it too, and this fails
            swap(path, coming)
        finally:
            wipe(coming, path)


@contextmanager
def _alone(path: Path, key: bytes | None) -> Iterator[Any]:
    """A connection that nobody else can work beside, and no write-ahead log."""
    connection = raw(path, key)
    try:
        connection.execute("PRAGMA busy_timeout = 2000")
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        try:
            connection.execute("PRAGMA journal_mode = DELETE").fetchone()
            connection.execute("BEGIN EXCLUSIVE")  # in this locking mode the lock outlives the transaction
            connection.execute("COMMIT")
        except Exception as error:
            if "locked" not in str(error):
                raise
            raise UserError(
                _("Another window or command is at work on these data. Close it, then do it again; nothing was changed.")
            ) from error
        yield connection
    finally:
        connection.close()


def _write(connection: Any, coming: Path, key: bytes | None) -> None:  # noqa: ANN401 - the driver's connection
    connection.execute(f"ATTACH DATABASE ? AS coming KEY {key_words(key)}", (str(coming),))
    connection.execute("PRAGMA coming.journal_mode = OFF")  # nobody needs a half of it, and it is put on the disk at the end
    connection.execute("PRAGMA coming.synchronous = OFF")
    connection.execute("SELECT sqlcipher_export('coming')").fetchone()
    for pragma in ("application_id", "user_version"):
        value = connection.execute(f"PRAGMA main.{pragma}").fetchone()[0]
        connection.execute(f"PRAGMA coming.{pragma} = {value}")


def _check(connection: Any, path: Path, coming: Path, key: bytes | None) -> None:  # noqa: ANN401 - the driver's connection
    """UserError unless both hold the same, table by table and row by row, and the new one is sound."""
    query = "SELECT type, name, tbl_name, sql FROM {}.sqlite_master ORDER BY type, name"
    declared = connection.execute(query.format("main")).fetchall()
    same = declared == connection.execute(query.format("coming")).fetchall()
    tables = [name for kind, name, _table, sql in declared if kind == "table" and "VIRTUAL TABLE" not in (sql or "").upper()]
    same = same and all(_same_rows(connection, name) for name in tables)
    connection.execute("DETACH DATABASE coming")
    if not same or faults(coming, key):
        raise UserError(_("{path} could not be written anew without a difference. It is as it was.").format(path=path))
    with coming.open("rb+") as file:
        os.fsync(file.fileno())


def _same_rows(connection: Any, table: str) -> bool:  # noqa: ANN401 - the driver's connection
    both = [connection.execute(f'SELECT * FROM {schema}."{table}" NOT INDEXED') for schema in ("main", "coming")]
    return all(mine == theirs for mine, theirs in zip_longest(*both))
