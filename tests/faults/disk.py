"""A disk under SQLite that remembers what was written when, or that fails: apsw's virtual file system under peewee."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import apsw
import pytest
from playhouse.apsw_ext import APSWDatabase

from app.core import database as store
from app.core import text

NAME = "kesu-faults"


class Step(NamedTuple):
    """Something that was asked of the disk: write, truncate or sync of a file."""

    what: str
    file: str
    at: int = 0
    data: bytes = b""


Heed = Callable[[Step], None]
"""Hears of each step before it is done, and may raise in its place."""


class _Disk(apsw.VFS):  # type: ignore[misc, unused-ignore]
    def __init__(self, heed: Heed) -> None:
        self.heed = heed
        super().__init__(NAME, "")

    def xOpen(self, name: Any, flags: list[int]) -> _File:
        return _File(self.heed, name, flags)


class _File(apsw.VFSFile):  # type: ignore[misc, unused-ignore]
    def __init__(self, heed: Heed, name: Any, flags: list[int]) -> None:
        self.heed = heed
        self.name = Path(name.filename() if hasattr(name, "filename") else str(name)).name
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        self.heed(Step("write", self.name, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:
        self.heed(Step("truncate", self.name, size))
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:
        self.heed(Step("sync", self.name))
        super().xSync(flags)


class _Store(APSWDatabase):  # type: ignore[misc, unused-ignore]
    """In the place of the program's own: the same settings of every connection, on such a disk."""

    def __init__(self, path: Path, key: bytes | None) -> None:
        assert key is None
        super().__init__(str(path), vfs=NAME, thread_safe=True)
        self.key = None

    def _connect(self) -> Any:
        connection = super()._connect()
        connection.create_scalar_function("text_key", lambda value: text.key(value or ""), 1, deterministic=True)
        store._set_up(connection)
        return connection


@contextmanager
def heeded(heed: Heed) -> Iterator[None]:
    """While inside, databases are opened on a disk that tells of each step."""
    disk = _Disk(heed)
    with pytest.MonkeyPatch.context() as patch:
        # Of failures for which SQLite has no use, as in a checkpoint after the commit, which is tried again.
        patch.setattr(sys, "unraisablehook", lambda _raised: None)
        patch.setattr(store, "_Store", _Store)
        patch.setattr(store, "_DRIVER_ERRORS", (*store._DRIVER_ERRORS, apsw.Error))
        patch.setattr(store, "CONSTRAINTS", (*store.CONSTRAINTS, apsw.ConstraintError))
        try:
            yield
        finally:
            store.close()
            disk.unregister()
