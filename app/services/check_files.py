"""Whether the attachments are all there as they were taken in, and nothing else lies among them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

from app.core import keyring, sealed_files
from app.core.database import database, explained
from app.core.language import _
from app.core.progress import Progress
from app.core.session import Session
from app.models import attachments
from app.models.attachments import place_of
from app.services.faults import Fault, number_of, told

_STRAY = timedelta(hours=1)
"""After this a file that was being written is what a crash left."""


def check(session: Session, progress: Progress) -> Iterator[Fault]:
    """Every file by its hash, and what lies beside them."""
    yield from told(_wrong(session, progress))
    with explained(session.folder):
        broken_off = attachments.left_over(session.folder, session.clock() - _STRAY)
        unknown, left_over = _strangers(session), _left_over(session)
    yield from told(_unknown(session, path) for path in unknown)
    yield from told(_stray(session, one.mark, one.remove) for one in broken_off)
    yield from told(_stray(session, path, partial(path.unlink, missing_ok=True)) for path in left_over)


def _wrong(session: Session, progress: Progress) -> Iterator[Fault]:
    rows = database.execute_sql(
        "SELECT sha256, size, min(name), min(kind), min(record_id) FROM attachment GROUP BY sha256, size ORDER BY min(id)"
    ).fetchall()
    keys = keyring.file_keys(session.folder)
    for done, (digest, size, name, kind, record_id) in enumerate(rows):
        step = partial(progress.step, done, len(rows), _("Checking the attachments"))
        step()
        path = place_of(session.folder, digest)
        if what := _what_is_wrong(path, digest, size, keys, step):
            where = _("{name} of {record}").format(name=name, record=number_of(kind, record_id))
            do = _("Take {file} from a backup, or attach the file again from where it came.")
            yield Fault(what, where, do.format(file=path.relative_to(session.folder)))


def _what_is_wrong(path: Path, digest: str, size: int, keys: Sequence[bytes], step: Callable[[], None]) -> str:
    try:
        if not path.is_file():
            return _("An attached file is missing.")
        if (not keys and path.stat().st_size != size) or _digest(path, keys, step) != digest:
            return _("An attached file is not the one that was taken in.")
    except sealed_files.Damaged:
        return _("An attached file is not the one that was taken in.")
    except OSError:
        return _("An attached file cannot be read.")
    return ""


def _digest(path: Path, keys: Sequence[bytes], step: Callable[[], None]) -> str:
    digest = hashlib.sha256()
    for piece in sealed_files.pieces(path, keys):
        digest.update(piece)
        step()
    return digest.hexdigest()


def _strangers(session: Session) -> list[Path]:
    """Files among the attachments that no record names."""
    known = {digest for (digest,) in database.execute_sql("SELECT DISTINCT sha256 FROM attachment").fetchall()}
    lying = (path for path in (session.folder / "attachments").glob("**/*") if path.is_file())
    named = {place_of(session.folder, digest) for digest in known} | attachments.marked(session.folder)
    rest = (path for path in lying if path not in named and path.suffix != ".part")
    return sorted(path for path in rest if not path.name.startswith(sealed_files.INCOMING))


def _unknown(session: Session, path: Path) -> Fault:
    return Fault(
        _("A file lies among the attachments that no record names."),
        str(path.relative_to(session.folder)),
        _("Look at it. Move it out of the folder if nobody misses it."),
    )


def _left_over(session: Session) -> list[Path]:
    """Files that were never finished, because program or computer stopped."""
    before = (session.clock() - _STRAY).timestamp()
    places = (session.folder, session.folder / "backups", *(session.folder / "attachments").glob("*"))
    waiting = (path for place in places for path in place.glob("*.part"))
    return sorted(path for path in waiting if path.stat().st_mtime < before)


def _stray(session: Session, path: Path, remove: Callable[[], object]) -> Fault:
    return Fault(
        _("A file is left over from writing that was broken off."),
        str(path.relative_to(session.folder)),
        _("“Repair” removes it."),
        remove,
    )
