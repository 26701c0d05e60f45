"""Where backups lie, which are kept, the attachments beside them, and what is remembered of them."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from app.core import database as store
from app.core import keyring, sealed_files
from app.core.database import explained
from app.core.errors import UserError
from app.core.files import copy_whole, sync, write_whole
from app.core.language import _
from app.core.progress import Progress
from app.services import backup_file
from app.services.backup_file import ENDING, KINDS, Manifest

DAYS, MONTHS, EACH = 30, 12, 5
"""Kept: the newest backup of each of so many days and months, and the newest so many of each kind of `_APART` besides."""
_BEFORE = ("import", "migration", "repair", "restore")
"""Made before something, perhaps of data that was not right: the day's backup does not make way for them."""
_APART = ("hand", *_BEFORE)
_STATE = "state.json"


class Backup(NamedTuple):
    """A backup that can be read; not checked."""

    path: Path
    manifest: Manifest
    size: int

    @property
    def local(self) -> datetime:
        """When it was made, in the branch's zone."""
        return self.manifest.made_at.astimezone(ZoneInfo(self.manifest.time_zone))

    @property
    def why(self) -> str:
        """Why it was made, in the user's words."""
        return _(KINDS.get(self.manifest.kind, self.manifest.kind))


class Listed(NamedTuple):
    """The backups of a place, those with the newest content first, and the files that are none though they are called so."""

    backups: tuple[Backup, ...]
    unreadable: tuple[Path, ...]


def home(folder: Path) -> Path:
    """Where the backups of a data folder lie."""
    return folder / "backups"


def found_at(path: Path) -> Backup:
    """A backup by its file. UserError where it cannot be read."""
    manifest = backup_file.manifest_of(path)
    try:
        ZoneInfo(manifest.time_zone)
    except (ValueError, KeyError, OSError):
        raise backup_file.damaged(path) from None
    return Backup(path, manifest, path.stat().st_size)


def listed(place: Path) -> Listed:
    """All backups of a place. UserError where the place cannot be read; one that is not there holds none."""
    backups: list[Backup] = []
    unreadable: list[Path] = []
    with explained(place):
        paths = sorted(path for path in place.iterdir() if path.suffix == ENDING) if place.exists() else []
    for path in paths:
        try:
            backups.append(found_at(path))
        except UserError:
            unreadable.append(path)
    backups.sort(key=lambda one: (*one.manifest.age, one.path.name), reverse=True)
    return Listed(tuple(backups), tuple(unreadable))


def restores(folder: Path) -> int:
    """How often a folder was restored, as far as its backups and their state tell; UserError where they cannot be read."""
    known = State(folder).read().get("restores", 0)
    return max([int(known), *(one.manifest.restores for one in listed(home(folder)).backups)])


def newest_good(place: Path, progress: Progress | None = None) -> Backup | None:
    """The newest backup that is as it was written."""
    for backup in listed(place).backups:
        with suppress(UserError):
            backup_file.check_seal(backup.path, progress or Progress())
            return backup
    return None


def kept(backups: Iterable[Backup]) -> set[Path]:
    """Those that stay, of backups that come newest first."""
    days: dict[object, Path] = {}
    months: dict[object, Path] = {}
    apart: dict[str, list[Path]] = {}
    for one in backups:
        apart.setdefault(one.manifest.kind, []).append(one.path)
        if one.manifest.kind not in _BEFORE:
            days.setdefault(one.local.date(), one.path)
            months.setdefault((one.local.year, one.local.month), one.path)
    stay = {*list(days.values())[:DAYS], *list(months.values())[:MONTHS]}
    return stay.union(*(apart.get(kind, [])[:EACH] for kind in _APART))


def thin_out(place: Path, *spare: Path | None) -> None:
    """Take away what need not stay, and attachments that then belong to no backup. What cannot be read stays, and all with it.

    `spare` are needed just now: what is restored, and what was just made, which is not the newest where the clock was set back.
    """
    found = listed(place)
    stay = kept(found.backups) | {one.path for one in found.backups if one.path in spare}
    gone = [one.path for one in found.backups if one.path not in stay]
    if gone and not found.unreadable:
        wanted = {digest for path in stay for digest, _size in backup_file.attachments_of(path)}
        gone += [path for path in (place / "attachments").glob("*/*") if path.name not in wanted]
    for path in gone:
        with suppress(OSError):
            path.unlink()


def attachment(place: Path, digest: str) -> Path:
    """Where an attachment lies in a data folder or beside backups."""
    return place / "attachments" / digest[:2] / digest


def keep_attachments(
    wanted: Iterable[tuple[str, int]],
    sources: Iterable[Path],
    place: Path,
    progress: Progress,
    *,
    trusted: bool,
    link: bool = False,
    keys: Sequence[bytes] | None = None,
) -> list[str]:
    """Have each attachment (hash, bytes) in a place, from the first source that has it whole; the hashes of which none has.

    `trusted`: what is there with the right length was checked when it was copied, and is not read again. `link`: on the same
    disk a second name for the file is enough; it is safe from being deleted or replaced, not from a disk that spoils it.
    `keys`: of the files that belong to another store than the open one.
    """
    missing = []
    places = list(sources)
    for done, (digest, size) in enumerate(wanted):
        progress.step(done, None, _("Attachments"))
        target = attachment(place, digest)
        if not (_has_length(target, size) and (trusted or is_whole(target, digest, keys))) and not any(
            _bring(attachment(source, digest), target, digest, progress, link=link, keys=keys) for source in places
        ):
            missing.append(digest)
    return missing


def _has_length(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size or sealed_files.is_sealed(path)
    except OSError:
        return False


def is_whole(path: Path, digest: str, keys: Sequence[bytes] | None = None) -> bool:
    """Whether an attachment is there and what its name says; a sealed one can only be looked into by who is signed in.

    `keys`: of files that belong to another store than the open one.
    """
    try:
        if keys is None and store.present_key() is None and sealed_files.is_sealed(path):
            return True
        found = hashlib.sha256()
        for piece in content(path) if keys is None else sealed_files.pieces(path, keys):
            found.update(piece)
        return found.hexdigest() == digest
    except (OSError, sealed_files.Damaged):
        return False


def content(path: Path) -> Iterator[bytes]:
    """What an attachment says, in pieces, by the key of the open store; OSError or `sealed_files.Damaged` where it cannot be."""
    keys = [] if store.present_key() is None else keyring.file_keys(Path(store.database.database).parent)
    return sealed_files.pieces(path, keys)


def _bring(source: Path, target: Path, digest: str, progress: Progress, *, link: bool, keys: Sequence[bytes] | None) -> bool:
    """Have a file that is what its name says under another name."""
    if not is_whole(source, digest, keys):
        return False
    with explained(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        if link:
            with suppress(OSError):
                os.link(source, target)
                return True
        copy_whole(source, target, lambda _block: progress.step(0, None, _("Attachments")))
        return is_whole(target, digest, keys)


def bring_backup(backup: Backup, place: Path, progress: Progress) -> Path:
    """Copy a backup with its attachments to another place, and read it again there. UserError where that does not come out."""
    with explained(place):
        place.mkdir(parents=True, exist_ok=True)
        for left in place.glob(".*.part"):
            left.unlink()
        sources = (backup.path.parent,)
        wanted = backup_file.attachments_of(backup.path)
        keep_attachments(wanted, sources, place, progress, trusted=True)
        target = place / backup.path.name
        waiting = place / f".{backup.path.name}.part"
        try:
            copy_whole(backup.path, waiting, lambda _block: progress.step(0, None, _("Copying the backup")))
            backup_file.check_seal(waiting, progress)
            waiting.replace(target)
            sync(place)
        finally:
            waiting.unlink(missing_ok=True)
    thin_out(place, target)
    return target


def plain(code: str) -> str:
    """The code of a branch as a part of a file's name."""
    return re.sub(r"[^\w-]+", "-", code)[:20]


def file_name(manifest: Manifest, place: Path) -> str:
    """Branch, local time, kind, number and head of the history: a name that is free in the place."""
    code = plain(manifest.branch_code)
    local = manifest.made_at.astimezone(ZoneInfo(manifest.time_zone))
    anchor = f"h{manifest.history}" + (f"-{manifest.head[:16]}" if manifest.head else "")
    stem = f"{code}_{local:%Y%m%d-%H%M%S}_{manifest.kind}_{anchor}"
    name, turn = f"{stem}{ENDING}", 1
    while (place / name).exists():
        turn += 1
        name = f"{stem}_{turn}{ENDING}"
    return name


class State:
    """What is remembered of backups between starts: a small file beside them, read anew each time."""

    def __init__(self, folder: Path) -> None:
        self._path = home(folder) / _STATE

    def read(self) -> Mapping[str, Any]:
        """All of it; empty where nothing was remembered or it cannot be read."""
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}

    def moment(self, name: str) -> datetime | None:
        """An instant that was remembered."""
        try:
            return datetime.fromisoformat(str(self.read()[name]))
        except (KeyError, ValueError):
            return None

    def put(self, **values: object) -> None:
        """Remember JSON values and instants; what cannot be written costs memory, never a backup."""
        plain = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}
        with suppress(UserError, OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._path, json.dumps({**self.read(), **plain}, ensure_ascii=False, indent=1).encode())


def clear(place: Path) -> None:
    """Take away a folder that something was being made in."""
    shutil.rmtree(place, ignore_errors=True)
