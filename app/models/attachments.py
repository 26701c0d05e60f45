"""Files that belong to a record, kept once by their SHA-256 beside the database."""

from __future__ import annotations

import hashlib
import mimetypes
import os
import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import peewee

from app.core import fields
from app.core.database import InstantColumn, database, explained, transaction
from app.core.errors import UserError
from app.core.fields import Field
from app.core.files import reason
from app.core.language import N_, _
from app.core.session import Session
from app.models import history
from app.models.record import Record, Values

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


FIELDS = (Field("name", N_("File name"), required=True, max_length=255), Field("shows", N_("What it shows"), max_length=200))


def attach(session: Session, record: Record, source: Path, shows: str = "") -> File:
    """Keep a copy of a file with a record. UserError where it cannot be read or is too large."""
    return attach_all(session, record, [source], shows)[0]


def attach_all(session: Session, record: Record, sources: Sequence[Path], shows: str = "") -> list[File]:
    """Keep copies of several files with a record: of all of them or of none."""
    session.require("clerk")
    given = [fields.clean(FIELDS, {"name": source.name, "shows": shows}, session.now()) for source in sources]
    for source in sources:
        _check(source)
    with explained(session.folder):
        stored = [_store(session.folder, source) for source in sources]
    with session.changed.after(), transaction():
        return [_enter(session, record, values, *kept) for values, kept in zip(given, stored, strict=True)]


def _check(source: Path) -> None:
    """UserError for what cannot be kept, before anything is."""
    try:
        if not source.is_file():
            raise UserError(_("There is no file {path}.").format(path=source))
        with source.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
    except OSError as error:
        raise UserError(_("{path} cannot be read: {reason}.").format(path=source, reason=reason(error))) from None
    if size > LARGEST:
        raise UserError(_("{name} is larger than 200 MB. Attach a smaller copy.").format(name=source.name))


def _enter(session: Session, record: Record, given: Values, digest: str, size: int) -> File:
    name = given["name"]
    row = Attachment.create(
        kind=record.KIND,
        record_id=record.id,
        name=name,
        media_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
        size=size,
        sha256=digest,
        who=session.user,
        at=session.clock(),
        shows=given["shows"] or "",
    )
    history.write(session, record.KIND, record.id, "attach", note=name)
    session.changed(record.KIND, record.number)
    return _file(session, row)


def _store(folder: Path, source: Path) -> tuple[str, int]:
    """Copy a file to its place by hash, written whole under a temporary name and then renamed; its SHA-256 and size."""
    digest = hashlib.sha256()
    waiting = folder / "attachments" / f"incoming-{secrets.token_hex(8)}"
    waiting.parent.mkdir(parents=True, exist_ok=True)
    try:
        with source.open("rb") as reader, waiting.open("wb") as writer:
            while block := reader.read(_BLOCK):
                digest.update(block)
                writer.write(block)
            writer.flush()
            os.fsync(writer.fileno())
            size = writer.tell()
        place = _place(folder, digest.hexdigest())
        place.parent.mkdir(parents=True, exist_ok=True)
        waiting.replace(place)  # over an equal one, or over what a damaged disk left of it
    finally:
        waiting.unlink(missing_ok=True)
    return digest.hexdigest(), size


def _place(folder: Path, digest: str) -> Path:
    return folder / "attachments" / digest[:2] / digest


def _file(session: Session, row: Attachment) -> File:
    return File(row.name, row.media_type, row.size, row.sha256, row.who, row.at, row.shows, _place(session.folder, row.sha256))


def of(session: Session, record: Record) -> list[File]:
    """The files of a record, oldest first."""
    rows = Attachment.select().where(Attachment.kind == record.KIND, Attachment.record_id == record.id).order_by(Attachment.id)
    return [_file(session, row) for row in rows]
