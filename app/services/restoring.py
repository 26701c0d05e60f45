"""Putting a backup back: what it and the present data hold, the restore itself, and trying it out beside the data."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from app.core import database as store
from app.core import replacing
from app.core.database import FILE_NAME, explained
from app.core.errors import UserError
from app.core.language import N_, _
from app.core.progress import Progress
from app.core.session import Session
from app.services import backup_file, backup_places, backups
from app.services.backup_places import Backup, State, home

TOLD = (
    ("customer", N_("Customers")),
    ("objection", N_("Objections")),
    ("complaint", N_("Complaints")),
    ("agreement", N_("Agreements")),
    ("attachment", N_("Attachments")),
    ("history", N_("Entries of the history")),
)
"""The tables by which people know what a database holds."""


class Present(NamedTuple):
    """What a data folder holds now: rows by table, and the newest entry of its history."""

    counts: Mapping[str, int]
    last_at: datetime | None


class Restored(NamedTuple):
    """What was put back, where the data from before lies (None where there was none), and how many attachments nobody has."""

    backup: Backup
    aside: Path | None
    missing: int


class Prepared(NamedTuple):
    """A backup that was unpacked and checked and only has to change places; `missing` attachments nobody has."""

    folder: Path
    backup: Backup
    missing: int


def present(folder: Path) -> Present | None:
    """What is there now; None where there is no database or it cannot be read."""
    if not store.exists(folder):
        return None
    try:
        with store.snapshot(folder / FILE_NAME) as reading:
            counts = backups.counts(reading)
            if "history" not in counts:
                return None  # another program's
            last = reading.execute("SELECT max(at) FROM history").fetchone()[0]
            return Present(counts, None if last is None else store.instant(last))
    except UserError:
        return None


def look(path: Path, newest: int, progress: Progress | None = None) -> Backup:
    """A backup whose bytes are as they were written. UserError where it is damaged, or of a program newer than `newest`."""
    if not path.is_file():
        raise UserError(_("There is no file {path}.").format(path=path))
    backup = backup_places.found_at(path)
    if backup.manifest.schema > newest:
        raise UserError(
            _("{file} was made by a newer program. Nothing was changed. Install the newer program here too.").format(
                file=path.name
            )
        )
    backup_file.check_seal(path, progress or Progress())
    return backup


@contextmanager
def prepared(folder: Path, path: Path, newest: int, progress: Progress) -> Iterator[Prepared]:
    """Unpack and check a backup beside the data of a folder; whoever has it may `put_in_place` it within the block.

    UserError where it is refused or does not stand its check; the present data is as it was.
    """
    backup = look(path, newest, progress)
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with replacing.place_for_new(folder) as coming:
        yield Prepared(folder, backup, _unpacked(backup, coming, folder, folder, progress))


def _unpacked(backup: Backup, coming: Path, folder: Path, attached: Path, progress: Progress, *, link: bool = False) -> int:
    """Unpack and check the backup of a folder, its attachments going to `attached`; how many of them nobody has."""
    with explained(coming):
        manifest = backup_file.unpack(backup.path, coming, progress)
        progress.step(0, None, _("Checking the database"))
        if _can_be_opened(coming):
            backups.check_database(coming / FILE_NAME, manifest.counts)
        sources = (backup.path.parent, home(folder))
        wanted = backup_file.attachments_of(backup.path)
        return len(backup_places.keep_attachments(wanted, sources, attached, progress, trusted=False, link=link))


def _can_be_opened(coming: Path) -> bool:
    """Without its key an encrypted database shows nothing; its seal and its hash have been checked."""
    return not backup_file.key_files(coming)


def put_in_place(ready: Prepared, now: datetime) -> Restored:
    """The last step, which nothing can break off halfway: the present data is set aside, the backup takes its place."""
    aside = replacing.put_in_place(ready.folder, now)
    return Restored(ready.backup, aside, ready.missing)


def save_present(folder: Path, path: Path, now: datetime, progress: Progress) -> None:
    """A backup of what is there before `path` takes its place; what cannot be backed up is set aside all the same."""
    if present(folder) is not None and backups.changed(folder):
        backups.make(folder, "restore", now, progress, spare=path)


def restore(folder: Path, path: Path, newest: int, now: datetime, progress: Progress) -> Restored:
    """Put a backup in the place of what a closed folder holds. UserError where it is refused; nothing is changed then."""
    store.close()
    look(path, newest, progress)
    save_present(folder, path, now, progress)
    with prepared(folder, path, newest, progress) as ready:
        return put_in_place(ready, now)


class Drill(NamedTuple):
    """A backup that was put back for a trial: it holds what it says, but for `missing` attachments."""

    backup: Backup
    missing: int


def drill(session: Session, newest: int, progress: Progress) -> Drill:
    """Put the newest backup back into a folder of its own beside the data, open it, count, and take it away again.

    UserError where there is none or it does not come back as it was; that is remembered too.
    """
    found = next(iter(backup_places.listed(home(session.folder)).backups), None)
    if found is None:
        raise UserError(_("There is no backup yet. Make one first."))
    try:
        done = _tried(session.folder, found, newest, progress)
    except UserError as error:
        State(session.folder).put(drill_failed=str(error))
        raise
    State(session.folder).put(drill_at=session.clock(), drill_failed="")
    return done


def _tried(folder: Path, found: Backup, newest: int, progress: Progress) -> Drill:
    look(found.path, newest, progress)
    with explained(folder), tempfile.TemporaryDirectory(prefix=".drill-", dir=folder) as place:
        return Drill(found, _unpacked(found, Path(place), folder, Path(place), progress, link=True))
