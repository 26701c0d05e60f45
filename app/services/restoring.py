"""Putting a backup back: what it and the present data hold, the restore itself, and trying it out beside the data."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.core import database as store
from app.core import keyring, replacing
from app.core.database import FILE_NAME, explained
from app.core.errors import UserError
from app.core.language import N_, _
from app.core.progress import Progress
from app.core.session import Session
from app.core.store_file import opens_with
from app.models import history
from app.services import anchors, backup_file, backup_places, backups, erased_list, restore_rights, workplace
from app.services.anchors import Anchor, Parted
from app.services.backup_file import Manifest
from app.services.backup_places import Backup, State, home
from app.services.restore_rights import Right

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
    """What was put back, where the data from before lies (None where there was none), and how many attachments nobody has.

    `caution`: what to look at in the staff that came back; empty where there is none.
    """

    backup: Backup
    aside: Path | None
    missing: int
    caution: str = ""


class Prepared(NamedTuple):
    """A backup that was unpacked and checked and only has to change places; `missing` attachments nobody has."""

    folder: Path
    coming: Path
    backup: Backup
    right: Right
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
def prepared(folder: Path, path: Path, newest: int, now: datetime, progress: Progress, right: Right) -> Iterator[Prepared]:
    """Unpack and check a backup beside the data of a folder; whoever has it may `put_in_place` it within the block.

    UserError where it is refused or does not stand its check; the present data is as it was.
    """
    backup = look(path, newest, progress)
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with replacing.place_for_new(folder) as coming:
        with explained(coming):
            _unpack(backup, coming, progress, right.key)
            restore_rights.demand(coming, right, backup.manifest.time_zone, now)
            for path in backup_file.key_files(folder) if right.kept else ():
                shutil.copyfile(path, coming / path.name)
            erased_list.bring_together(folder, coming)
            missing = _attachments(backup, coming, folder, folder, progress, right.key)
        yield Prepared(folder, coming, backup, right, missing)


def _unpack(backup: Backup, coming: Path, progress: Progress, key: bytes | None) -> None:
    """Unpack and check a backup. UserError where it is not whole, or not to be opened by its key."""
    manifest = backup_file.unpack(backup.path, coming, progress)
    progress.step(0, None, _("Checking the database"))
    if not opens_with(coming, key):
        raise UserError(
            _("{file} cannot be opened by its key. Nothing was changed. Choose another backup.").format(file=backup.path.name)
        )
    backups.check_database(coming / FILE_NAME, manifest.counts, key)


def _attachments(
    backup: Backup, coming: Path, folder: Path, to: Path, progress: Progress, key: bytes | None, *, link: bool = False
) -> int:
    """Bring the attachments of an unpacked backup to a folder; how many of them nobody has."""
    sources, keys = (backup.path.parent, home(folder)), keyring.file_keys_by(coming, key)
    wanted = backup_file.attachments_of(backup.path)
    return len(backup_places.keep_attachments(wanted, sources, to, progress, trusted=False, link=link, keys=keys))


def put_in_place(ready: Prepared, now: datetime) -> Restored:
    """The last step, which nothing can break off halfway: the present data is set aside, the backup takes its place.

    What was done stands in the history of what comes: so it is there whatever happens next.
    """
    _write_down(ready, now)
    known = max(backup_places.restores(ready.folder), ready.backup.manifest.restores)
    backup_places.State(ready.folder).put(restores=known + 1)
    store.know(ready.folder, ready.right.here)
    aside = replacing.put_in_place(ready.folder, now)
    return Restored(ready.backup, aside, ready.missing, _caution(ready.right))


def _caution(right: Right) -> str:
    if right.key is not None and right.kept:
        return _("People and roles are those of the backup: look at Settings, People. Passwords stay as they are now.")
    if right.key is not None:
        return _(
            "People, roles and passwords are those of the backup, and who has left since can sign in again: look at Settings, "
            "People."
        )
    if right.here is not None:
        return _(
            "The backup is from a time without passwords: whoever opens the program may do everything. Turn them on again: "
            "Settings, People."
        )
    return ""


def _write_down(ready: Prepared, now: datetime) -> None:
    parted = _parted(ready)
    manifest = ready.backup.manifest
    zone = ZoneInfo(manifest.time_zone)
    note = _("Backup of {when}, {why}; history {anchor}.").format(
        when=f"{ready.backup.local:%Y-%m-%d %H:%M}", why=ready.backup.why, anchor=_anchor(manifest.history, manifest.head)
    )
    if store.exists(ready.folder):
        last = present(ready.folder)
        note += " " + _("Set aside in {folder}: history {anchor}, last entry {when}.").format(
            folder=replacing.aside_for(ready.folder, now).relative_to(ready.folder).as_posix(),
            anchor=_anchor(*parted.end[:2]) if parted.end else _("unreadable"),
            when=f"{last.last_at.astimezone(zone):%Y-%m-%d %H:%M}" if last and last.last_at else "—",
        )
    with workplace.apart(ready.coming, ready.right.key, ready.right.user, now) as session, store.transaction():
        history.write(session, "branch", session.branch.id, anchors.RESTORED, new=parted.as_json(), note=note)
    store.put_at_rest(ready.coming / FILE_NAME)


def _anchor(number: int, head: str) -> str:
    return f"{number}:{head[:16]}" if head else str(number)


def _parted(ready: Prepared) -> Parted:
    """What is known of the history that is set aside, behind what the backup has of it: also by backups and daily files."""
    after = ready.backup.manifest.history
    known, end = list(_told_elsewhere(ready.folder, ready.backup.manifest)), None
    if store.exists(ready.folder):
        with suppress(UserError), store.snapshot(ready.folder / FILE_NAME) as reading:
            written = list(anchors.written_after(0, reading))
            end = written[0] if written and written[0].number > after else None
            known += written
    kept = {str(one): one for one in known if one.number > after and one != end}
    return Parted(after, end, tuple(kept.values()))


def _told_elsewhere(folder: Path, manifest: Manifest) -> Iterator[Anchor]:
    for one in backup_places.listed(home(folder)).backups:
        if one.manifest.head and one.manifest.branch_code == manifest.branch_code:
            yield Anchor(one.manifest.history, one.manifest.head, "")
    second = backups.in_second(folder, manifest.branch_code)
    if second is not None and second.is_dir():
        with suppress(UserError):
            yield from anchors.in_place(manifest.branch_code, second)


def save_present(folder: Path, path: Path, now: datetime, progress: Progress) -> None:
    """A backup of what is there before `path` takes its place; what cannot be backed up is set aside all the same."""
    if present(folder) is not None and backups.changed(folder):
        backups.make(folder, "restore", now, progress, spare=path)


def restore(folder: Path, path: Path, newest: int, now: datetime, progress: Progress, right: Right) -> Restored:
    """Put a backup in the place of what a closed folder holds. UserError where it is refused; nothing is changed then."""
    store.know(folder, right.here)
    look(path, newest, progress)
    save_present(folder, path, now, progress)
    with prepared(folder, path, newest, now, progress, right) as ready:
        store.know(folder, right.here)
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
    with explained(folder), tempfile.TemporaryDirectory(prefix=".drill-", dir=folder) as name:
        place = Path(name)
        key = store.present_key() if backup_file.take_keys(found.path, place) else None
        for path in backup_file.key_files(place):
            path.unlink()
        _unpack(found, place, progress, key)
        return Drill(found, _attachments(found, place, folder, place, progress, key, link=True))
