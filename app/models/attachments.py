"""Files that belong to a record, kept once by their SHA-256 beside the database."""

from __future__ import annotations

import hashlib
import mimetypes
import os
import shutil
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import peewee

from app.core.database import InstantColumn, database, explained, transaction
from app.core.errors import UserError
from app.core.language import _
from app.core.session import Session
from app.core.text import admit
from app.models import history
from app.models.record import Record

LARGEST = 200 * 1024 * 1024
_BLOCK = 1024 * 1024


class Attachment(peewee.Model):
    """A file of a record; `size` in bytes, `shows` says what is to be seen."""

    kind = peewee.TextField()
    record_id = peewee.IntegerField()
    name = peewee.TextField()
    media_type = peewee.TextField()
    size = peewee.BigIntegerField()
    sha256 = peewee.TextField()
    who = peewee.TextField()
    at = InstantColumn()
    shows = peewee.TextField(default="")

    class Meta:
        database = database
        indexes = ((("kind", "record_id"), False),)


class File(NamedTuple):
    """An attachment and where its bytes lie."""

    name: str
    media_type: str
    size: int
    sha256: str
    who: str
    at: datetime
    shows: str
    path: Path


def attach(session: Session, record: Record, source: Path, shows: str = "") -> File:
    """Keep a copy of a file with a record. UserError where it cannot be read or is too large."""
    session.require("clerk")
    if not source.is_file():
        raise UserError(_("There is no file {path}.").format(path=source))
    if source.stat().st_size > LARGEST:
        raise UserError(_("{name} is larger than 200 MB. Attach a smaller copy.").format(name=source.name))
    with explained(source):
        digest = _store(session.folder, source)
    with transaction():
        row = Attachment.create(
            kind=record.KIND,
            record_id=record.id,
            name=admit(source.name),
            media_type=mimetypes.guess_type(source.name)[0] or "application/octet-stream",
            size=source.stat().st_size,
            sha256=digest,
            who=session.user,
            at=session.clock(),
            shows=admit(shows),
        )
        history.write(session, record.KIND, record.id, "attach", note=source.name)
    session.changed(record.KIND, record.number)
    return _file(session, row)


def _store(folder: Path, source: Path) -> str:
    """Copy a file to its place by hash: written whole under a temporary name, then renamed."""
    digest = hashlib.sha256()
    waiting = folder / "attachments" / f"incoming-{os.getpid()}"
    waiting.parent.mkdir(parents=True, exist_ok=True)
    try:
        with source.open("rb") as reader, waiting.open("wb") as writer:
            while block := reader.read(_BLOCK):
                digest.update(block)
                writer.write(block)
            writer.flush()
            os.fsync(writer.fileno())
        place = _place(folder, digest.hexdigest())
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.exists():
            waiting.unlink()
        else:
            shutil.move(waiting, place)
    finally:
        waiting.unlink(missing_ok=True)
    return digest.hexdigest()


def _place(folder: Path, digest: str) -> Path:
    return folder / "attachments" / digest[:2] / digest


def _file(session: Session, row: Attachment) -> File:
    return File(row.name, row.media_type, row.size, row.sha256, row.who, row.at, row.shows, _place(session.folder, row.sha256))


def of(session: Session, record: Record) -> list[File]:
    """The files of a record, oldest first."""
    rows = Attachment.select().where(Attachment.kind == record.KIND, Attachment.record_id == record.id).order_by(Attachment.id)
    return [_file(session, row) for row in rows]
