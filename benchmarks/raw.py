"""The floor's connection: the same SQLite with the same settings, and nothing of the program above it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlcipher3 import dbapi2 as driver

from app.core.database import CACHE_KIB, PRAGMAS
from app.core.store_file import FILE_NAME
from benchmarks.store import Store


@contextmanager
def connection(store: Store) -> Iterator[Any]:
    """A second connection to the store's file, in autocommit."""
    made = driver.connect(str(store.folder / FILE_NAME), isolation_level=None)
    try:
        for name, value in (*PRAGMAS, ("cache_size", -CACHE_KIB), ("temp_store", "memory")):
            made.execute(f"PRAGMA {name} = {value}")
        yield made
    finally:
        made.close()
