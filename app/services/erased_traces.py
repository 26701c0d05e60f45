"""What has to follow the commit of an erasure, and may be broken off: files that nothing needs are deleted, traces swept out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from app.core import search_index
from app.core.database import database, explained, transaction
from app.core.errors import Cancelled, UserError
from app.core.files import write_durable
from app.core.progress import Progress
from app.core.replacing import ERASING
from app.models import attachments

MARK = ERASING


def note(folder: Path, digests: Iterable[str]) -> None:
    """Before the commit: these files have to go, by hash, and traces have to be swept out."""
    write_durable(folder / MARK, json.dumps(sorted({*_going(folder), *digests})).encode())


def finish(folder: Path, progress: Progress | None = None) -> bool:
    """Do it; whether all is done. What is not is done when the folder is opened again: the person is erased either way."""
    noted = _noted(folder)
    try:
        with explained(folder):
            for digest in (one for one in _going(folder) if not is_used(one)):
                attachments.place_of(folder, digest).unlink(missing_ok=True)
            if not sweep(progress):
                return False
            _strike(folder, noted)
    except (UserError, Cancelled):
        return False
    return True


def _strike(folder: Path, noted: tuple[int, int] | None) -> None:
    """Where somebody was erased meanwhile, that erasure is followed up by itself."""
    with transaction():
        if _noted(folder) == noted:
            (folder / MARK).unlink(missing_ok=True)


def _noted(folder: Path) -> tuple[int, int] | None:
    """Which writing of the mark is there."""
    with suppress(OSError):
        found = (folder / MARK).stat()
        return found.st_ino, found.st_mtime_ns
    return None


def _going(folder: Path) -> list[str]:
    """The files that have to go; none where the mark cannot be read."""
    with suppress(OSError, ValueError):
        return [str(one) for one in json.loads((folder / MARK).read_text("utf-8"))]
    return []


def is_used(digest: str) -> bool:
    """Whether a record has the file."""
    return bool(database.execute_sql("SELECT 1 FROM attachment WHERE sha256 = ? LIMIT 1", (digest,)).fetchone())


def sweep(progress: Progress | None = None) -> bool:
    """Take what was deleted out of the search indexes and the write-ahead log; False where another program hinders it.

    An index without content only marks what was deleted; it is gone when its parts are put together anew.
    """
    search_index.compact(progress)
    return not database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
