"""Checks everything that is kept: history, database, search, attachments, numbers; and repairs what needs no guessing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from app.core.database import transaction
from app.core.progress import Progress
from app.core.session import Session
from app.models import history, permissions
from app.services import anchors, backups, check_files, check_history, check_numbers, check_store
from app.services.anchors import Anchor
from app.services.backup_places import State
from app.services.faults import Fault


class Repaired(NamedTuple):
    """What was put right, what is still wrong, and the copy that was made before; None where nothing could be done."""

    done: list[Fault]
    left: list[Fault]
    copy: Path | None


def check(session: Session, progress: Progress | None = None, known: Iterable[Anchor] = ()) -> list[Fault]:
    """All faults; when it was looked and how many there were is remembered.

    `known`: anchors from papers and other places, beside those issued here and those in the second place.
    """
    found = _found(session, progress or Progress(), known)
    State(session.folder).put(checked_at=session.clock(), check_faults=len(found))
    return found


def _found(session: Session, told: Progress, known: Iterable[Anchor]) -> list[Fault]:
    if damaged := list(check_store.file(told)):
        return damaged
    return [
        *check_history.check(session, told, chain(anchors.issued(), known, _in_second(session))),
        *check_store.check(session, told),
        *check_files.check(session, told),
        *check_numbers.check(session, told),
    ]


def _in_second(session: Session) -> Iterator[Anchor]:
    """Those of the daily files beside the copies of the backups, where that place can be reached."""
    place = backups.in_second(session.folder, session.branch.code)
    if place is not None and place.is_dir():
        yield from anchors.in_place(session.branch.code, place)


def quick(session: Session) -> list[Fault]:
    """What can be said at once, however large the database is."""
    return list(check_history.lately(session))


def repair(session: Session, progress: Progress | None = None, known: Iterable[Anchor] = ()) -> Repaired:
    """Put right what can be without guessing, after a copy of the database; everything else stays as it is and is told."""
    permissions.require(session, "branch.repair")
    anchored = list(known)
    found = check(session, progress, anchored)
    mendable = [fault for fault in found if fault.mend is not None]
    if not mendable:
        return Repaired([], found, None)
    copy = backups.make(session.folder, "repair", session.clock()).backup.path
    with session.changed.after(), transaction():
        for fault in mendable:
            assert fault.mend is not None
            fault.mend()
        history.write(
            session, "branch", session.branch.id, "repair", note="\n".join(f"{one.where}: {one.what}" for one in mendable)
        )
    return Repaired(mendable, check(session, progress, anchored), copy)
