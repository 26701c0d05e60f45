"""What a file from another computer holds, before it is taken in: a backup or an open archive."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from app.services import backup_file, restoring, unarchiving, workplace


class Held(NamedTuple):
    """Whose data a file holds, rows by table; moments by the branch's clock, None where the file does not tell.

    `last_at`: its newest entry. `locked`: a password of it is needed.
    """

    code: str
    name: str
    made_at: datetime | None
    last_at: datetime | None
    counts: Mapping[str, int]
    locked: bool


def is_backup(path: Path) -> bool:
    """Whether it goes by the name of a backup; an archive otherwise."""
    return path.suffix.lower() == backup_file.ENDING


def look(path: Path) -> Held:
    """What it holds. UserError where it is damaged, none of ours, or of a newer program."""
    if not is_backup(path):
        inside = unarchiving.look(path)
        return Held(inside.code, inside.name, inside.made_at, None, inside.tables, locked=False)
    backup = restoring.look(path, workplace.LATEST)
    held = backup.manifest
    last = held.last_at and held.last_at.astimezone(backup.local.tzinfo)
    return Held(held.branch_code, held.branch_name, backup.local, last, held.counts, backup_file.is_encrypted(path))
