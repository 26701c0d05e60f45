"""Making backups: when, of what, checked how; the second place, and what has to be said when one is missing."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from app.core import database as store
from app.core import soundness
from app.core.database import FILE_NAME, explained
from app.core.errors import UserError
from app.core.files import digest_of, sync
from app.core.language import _
from app.core.lock import Lock, Taken
from app.core.progress import Progress
from app.core.session import Session
from app.core.store_file import raw
from app.models import permissions
from app.services import anchors, backup_file, backup_places
from app.services.backup_file import Manifest
from app.services.backup_places import Backup, State, home

OVERDUE = timedelta(days=7)
"""After so long without a good backup it is said in red."""
DRILL = timedelta(days=31)
_LEEWAY = timedelta(days=1)
_PATIENCE = 10.0
"""Seconds to wait for another program that makes a backup."""


class Made(NamedTuple):
    """A backup that was made and checked, and why it is not in the second place too; empty where it is, or none is set."""

    backup: Backup
    second_failed: str = ""


def changed(folder: Path) -> bool:
    """Whether anything was written since the last backup; looks at the files from outside and reads none of them."""
    kept = State(folder).read()
    last = home(folder) / str(kept.get("last", ""))
    return kept.get("stamp") != _stamp(folder) or not last.is_file()


def _stamp(folder: Path) -> list[int]:
    """What differs after anything was written: length and time of the database and of its write-ahead log."""
    stamp: list[int] = []
    for path in (folder / FILE_NAME, folder / f"{FILE_NAME}-wal"):
        with suppress(OSError):
            seen = path.stat()
            if seen.st_size:
                stamp += [seen.st_size, seen.st_mtime_ns]
    return stamp


def before(session: Session, kind: str, progress: Progress | None = None) -> Made | None:
    """A backup, unless nothing changed since the last one or the branch is a sample."""
    if session.branch.sample or not changed(session.folder):
        return None
    return make(session.folder, kind, session.clock(), progress)


def make(
    folder: Path,
    kind: str,
    now: datetime,
    progress: Progress | None = None,
    *,
    place: Path | None = None,
    spare: Path | None = None,
) -> Made:
    """Back up the database of a folder with its attachments, in `backups` and the second place, or in `place` alone.

    Older ones that need not stay are taken away, but `spare`.

    UserError where it cannot be made or does not stand its check; nothing is left of it then, and all older ones stay.
    """
    told = progress or Progress()
    target = place or home(folder)
    with _one_at_a_time(folder, told), explained(target):
        work = target / ".making"
        backup_places.clear(work)
        work.mkdir(parents=True)
        for left in target.glob(".*.part"):  # by a program that was killed
            left.unlink(missing_ok=True)
        try:
            stamp, manifest = _copied(folder, work, kind, now, told)
            manifest = _with_attachments(folder, target, work, manifest, told, link=place is None)
            backup = _written(folder, target, work, manifest, told)
        finally:
            backup_places.clear(work)
        if place is None:
            State(folder).put(stamp=stamp, last=backup.path.name, failed="", drill_failed="")
        backup_places.thin_out(target, spare, backup.path)
        return Made(backup) if place else Made(backup, bring_to_second(folder, backup, now, told))


def _one_at_a_time(folder: Path, progress: Progress) -> Lock:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            return Lock(home(folder), "making.lock", _("Another program is making a backup of {folder}. Wait until it is done."))
        except Taken:
            if time.monotonic() > until:
                raise
            progress.step(0, None, _("Waiting for another backup"))
            time.sleep(0.1)


def _copied(folder: Path, work: Path, kind: str, now: datetime, progress: Progress) -> tuple[list[int], Manifest]:
    """Copy the database and hold the copy against what it was made of."""
    _settle_log(folder)
    stamp = _stamp(folder)
    copy = work / FILE_NAME
    with store.snapshot(folder / FILE_NAME) as reading:
        facts = _facts(reading)
        store.copy_to(copy, reading, progress)
    progress.step(0, None, _("Checking the copy"))
    check_database(copy, facts["counts"])
    with copy.open("rb") as stream:
        sha256, size = digest_of(stream)
    restores = backup_places.restores(folder)
    return stamp, Manifest(
        kind=kind, made_at=now, size=size, sha256=sha256, files=0, files_size=0, missing=(), restores=restores, **facts
    )


def _settle_log(folder: Path) -> None:
    """Bring what is in the write-ahead log into the file, so that closing the program changes nothing more."""
    with explained(folder / FILE_NAME):
        connection = store.open_file(folder / FILE_NAME, fixed=False)
        try:
            connection.execute("PRAGMA busy_timeout = 200")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            connection.close()


def _facts(connection: Any) -> dict[str, Any]:  # noqa: ANN401 - the driver's connection
    branch = connection.execute("SELECT code, name, time_zone FROM branch ORDER BY id LIMIT 1").fetchone()
    number, last = connection.execute("SELECT max(id), max(at) FROM history").fetchone()
    return {
        "branch_code": branch[0] if branch else "",
        "branch_name": branch[1] if branch else "",
        "time_zone": branch[2] if branch else "Asia/Shanghai",
        "schema": connection.execute("PRAGMA user_version").fetchone()[0],
        "counts": counts(connection),
        "history": number or 0,
        "last_at": None if last is None else store.instant(last),
        "head": _head(connection),
    }


def _head(connection: Any) -> str:  # noqa: ANN401 - the driver's connection
    """What the newest entry of the history is chained to; empty where it is of a version that did not chain."""
    if not any(row[1] == "hash" for row in connection.execute("PRAGMA table_info(history)").fetchall()):
        return ""
    row = connection.execute("SELECT hash FROM history ORDER BY id DESC LIMIT 1").fetchone()
    return row[0].hex() if row else ""


def counts(connection: Any) -> dict[str, int]:  # noqa: ANN401 - the driver's connection
    """Rows of each table; what the index of searches is made of is left out."""
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*' AND name NOT GLOB 'search_*' ORDER BY 1"
    ).fetchall()
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in tables}


def check_database(path: Path, expected: Mapping[str, int], key: bytes | None = None) -> None:
    """UserError unless SQLite finds nothing wrong in a copy and it holds as many rows of each table as it should.

    `key`: of an encrypted one; without it, that of the open database.
    """
    with explained(path):
        connection = store.open_file(path) if key is None else raw(path, key, "?mode=ro&immutable=1")
        try:
            sound = soundness.is_sound(connection) and counts(connection) == dict(expected)
        finally:
            connection.close()
    if not sound:
        raise UserError(_("The copy did not stand its check: the database or the disk is damaged. Check the disk."))


def _with_attachments(folder: Path, target: Path, work: Path, manifest: Manifest, progress: Progress, *, link: bool) -> Manifest:
    """Have the attachments beside the backup and their list in it."""
    connection = store.open_file(work / FILE_NAME)
    try:
        wanted = connection.execute("SELECT sha256, max(size) FROM attachment GROUP BY sha256 ORDER BY 1").fetchall()
    finally:
        connection.close()
    missing = backup_places.keep_attachments(wanted, (folder,), target, progress, trusted=True, link=link)
    listing = "".join(f"{digest} {size}\n" for digest, size in wanted)
    (work / "attachments.txt").write_text(listing, encoding="ascii")
    return manifest._replace(files=len(wanted), files_size=sum(size for _digest, size in wanted), missing=tuple(missing))


def _written(folder: Path, target: Path, work: Path, manifest: Manifest, progress: Progress) -> Backup:
    """Write the file, read it again, and only then give it its name."""
    waiting = work / "backup"
    beside = backup_file.beside(folder)
    backup_file.write(waiting, work / FILE_NAME, manifest, beside, work / "attachments.txt", progress)
    backup_file.check_seal(waiting, progress)
    (work / "again").mkdir()
    backup_file.unpack(waiting, work / "again", progress)
    path = target / backup_places.file_name(manifest, target)
    waiting.replace(path)
    sync(target)
    return backup_places.found_at(path)


def second_place(folder: Path) -> Path | None:
    """The folder that each backup is copied to as well, as it was chosen; None where none was."""
    chosen = State(folder).read().get("second")
    return Path(chosen) if isinstance(chosen, str) and chosen else None


def set_second_place(session: Session, chosen: Path | None) -> None:
    """Choose another disk or a share for the copies. UserError where it cannot be one."""
    permissions.require(session, "backup.place")
    if chosen is not None:
        inside = chosen.absolute()
        if inside == session.folder.absolute() or session.folder.absolute() in inside.parents:
            raise UserError(_("{place} lies in the data folder itself. Choose another disk or a share.").format(place=chosen))
        if not chosen.is_dir():
            raise UserError(_("There is no folder {place}. Plug the disk in, or choose another folder.").format(place=chosen))
    State(session.folder).put(
        second=None if chosen is None else str(chosen.absolute()), second_since=session.clock(), second_at=None
    )


def in_second(folder: Path, branch_code: str) -> Path | None:
    """Where in the second place the backups of this branch lie."""
    chosen = second_place(folder)
    return chosen and chosen / f"kesu-{backup_places.plain(branch_code)}"


def bring_newest_to_second(session: Session, progress: Progress | None = None) -> None:
    """Copy the newest backup to the second place, made first where there is none. UserError where it does not get there."""
    newest = next(iter(backup_places.listed(home(session.folder)).backups), None)
    if newest is None:
        failed = make(session.folder, "hand", session.clock(), progress).second_failed
    else:
        failed = bring_to_second(session.folder, newest, session.clock(), progress)
    if failed:
        raise UserError(failed)


def is_same_disk(folder: Path, place: Path) -> bool:
    """Whether a second place lies on the disk of the data, and goes with it when it breaks."""
    with suppress(OSError):
        return folder.stat().st_dev == place.stat().st_dev
    return False


def bring_to_second(folder: Path, backup: Backup, now: datetime, progress: Progress | None = None) -> str:
    """Copy a backup to the second place; why that did not succeed, empty where it did or none is set."""
    chosen = second_place(folder)
    if chosen is None:
        return ""
    try:
        with explained(chosen):
            if not chosen.is_dir():
                raise UserError(_("The second place {place} is not reachable. Plug the disk in.").format(place=chosen))
            place = in_second(folder, backup.manifest.branch_code)
            assert place is not None
            backup_places.bring_backup(backup, place, progress or Progress())
            if backup.manifest.head:
                anchors.write_daily(backup.manifest, place)
    except UserError as error:
        return str(error)
    State(folder).put(second_at=now, second_name=backup.path.name)
    return ""


class Outlook(NamedTuple):
    """How it stands with the backups of a branch: what the page shows and what is said in red."""

    newest: Backup | None
    changed: bool
    overdue_since: datetime | None
    """Since when there is no good backup of what was written, where that is too long."""
    second: Path | None
    second_at: datetime | None
    second_overdue: bool
    drill_at: datetime | None
    drill_due: bool


def outlook(session: Session) -> Outlook:
    """Looks at the data folder only, never at the second place: a share that does not answer would hold it up."""
    folder, now = session.folder, session.clock()
    state = State(folder)
    newest = next(iter(backup_places.listed(home(folder)).backups), None)
    made_at = newest.manifest.made_at if newest else _started(folder)
    is_changed = changed(folder)
    second, second_at = second_place(folder), state.moment("second_at")
    known = second_at or state.moment("second_since")
    drill_at = state.moment("drill_at")
    first = drill_at or _started(folder)
    return Outlook(
        newest=newest,
        changed=is_changed,
        overdue_since=made_at if is_changed and _long_ago(made_at, now, OVERDUE) else None,
        second=second,
        second_at=second_at,
        second_overdue=second is not None and known is not None and _long_ago(known, now, OVERDUE) and not _copied_last(state),
        drill_at=drill_at,
        drill_due=newest is not None and (_long_ago(first, now, DRILL) or bool(state.read().get("drill_failed"))),
    )


def _long_ago(since: datetime, now: datetime, span: timedelta) -> bool:
    """Whether it is too long ago. By a clock that was set back nobody can tell of what lies ahead: that counts as too long."""
    return not -_LEEWAY <= now - since <= span


def _copied_last(state: State) -> bool:
    kept = state.read()
    return kept.get("second_at") is not None and kept.get("second_name") == kept.get("last")


def _started(folder: Path) -> datetime:
    """When the branch was started."""
    with store.snapshot(folder / FILE_NAME) as reading:
        return store.instant(reading.execute("SELECT min(created_at) FROM branch").fetchone()[0])


def daily_is_due(session: Session) -> bool:
    """Whether something was written and no backup of this local day is there."""
    if session.branch.sample or not changed(session.folder):
        return False
    backups = backup_places.listed(home(session.folder)).backups
    return not backups or backups[0].local.date() != session.now().date()
