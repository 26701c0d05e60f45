"""Files that belong to a record, kept once by their SHA-256 beside the database, and what each of them shows."""

from __future__ import annotations

import hashlib
import mimetypes
import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import IO, Any, NamedTuple

import peewee

from app.core import fields, keyring, sealed_files, text
from app.core.database import InstantColumn, database, explained, instant, transaction
from app.core.errors import Cancelled, NotPermitted, UserError, ValidationError
from app.core.fields import Choice, Field, Kind
from app.core.files import reason
from app.core.language import N_, _
from app.core.progress import Progress
from app.core.session import Session
from app.models import history, permissions, sight
from app.models.record import Record
from app.models.steps import REASON

LARGEST = 200 * 1024 * 1024
_OLD = timedelta(days=1)

SHOWS = (
    Choice("photo", N_("Photo")),
    Choice("product_photo", N_("Photo of the product")),
    Choice("batch_photo", N_("Photo of the batch number")),
    Choice("invoice", N_("Invoice")),
    Choice("order", N_("Order")),
    Choice("statement", N_("Statement of facts")),
    Choice("advertising", N_("Advertising material")),
    Choice("talk", N_("Chat or call record")),
    Choice("inspection", N_("Inspection report")),
    Choice("approval_scan", N_("Scan of the approval")),
    Choice("agreement_scan", N_("Scan of the agreement")),
    Choice("signed_agreement", N_("Agreement with electronic signature")),
    Choice("delivery_proof", N_("Proof of delivery")),
    Choice("licence", N_("Licence or certificate")),
)
"""What a file may show; anything else is said in free words."""
FIELDS = (Field("name", N_("File name"), required=True, max_length=255), Field("shows", N_("What it shows"), max_length=200))


class Attachment(peewee.Model):
    """A file of a record; `size` in bytes, `shows` a code of SHOWS or free words. What is void stays, with its reason."""

    kind = peewee.TextField()
    record_id = peewee.IntegerField()
    name = peewee.TextField()
    media_type = peewee.TextField()
    size = peewee.BigIntegerField()
    sha256 = peewee.TextField()
    who = peewee.TextField()
    at = InstantColumn()
    shows = peewee.TextField(default="")
    voided_at = InstantColumn(null=True)
    voided_by = peewee.TextField(null=True)
    void_reason = peewee.TextField(null=True)
    withheld = peewee.BooleanField(default=False)

    class Meta:
        database = database
        indexes = ((("kind", "record_id"), False),)


class File(NamedTuple):
    """An attachment and where its bytes lie; `voided_at` is None while it counts.

    `withheld`: it is kept of an erased customer, and closed until somebody looks at it.
    """

    id: int
    name: str
    media_type: str
    size: int
    sha256: str
    who: str
    at: datetime
    shows: str
    voided_at: datetime | None
    voided_by: str | None
    void_reason: str | None
    withheld: bool
    path: Path

    def content(self, most: int | None = None) -> bytes:
        """What was attached, or no more than its first bytes. UserError where it is missing, damaged or withheld."""
        if self.withheld:
            raise NotPermitted(_("{name} is kept of an erased customer and closed.").format(name=self.name))
        try:
            with explained(self.path):
                keys = keyring.file_keys(self.path.parents[2])
                content = sealed_files.content(self.path, keys, most)
            if keys and most is None and hashlib.sha256(content).hexdigest() != self.sha256:
                raise sealed_files.Damaged
            return content
        except sealed_files.Damaged:
            raise UserError(_("{name} is damaged on the disk. Put it back from a backup.").format(name=self.name)) from None


def shown(shows: str) -> str:
    """What a file shows in the user's words; empty where nobody said it."""
    return next((_(choice.label) for choice in SHOWS if choice.code == shows), shows)


def _meant(session: Session, shows: str) -> str:
    """The code where what was typed is one or its word, else the words as they are."""
    typed = str(fields.clean(FIELDS[1:], {"shows": shows}, session.now())["shows"] or "")
    return next((choice.code for choice in SHOWS if text.key(typed) in _names(choice)), typed)


def _names(choice: Choice) -> set[str]:
    return {choice.code, text.key(choice.label), text.key(_(choice.label))}


def attach(session: Session, record: Record, source: Path, shows: str = "") -> File:
    """Keep a copy of a file with a record; the same file showing the same is kept once. UserError where it cannot be read."""
    return attach_together(session, record, [source], shows)[0]


def attach_together(session: Session, record: Record, sources: Sequence[Path], shows: str = "") -> list[File]:
    """Keep copies of several files with a record: of all of them or of none."""
    permissions.require(session, "attachment.add")
    if sight.is_withheld(record):
        raise UserError(record.frozen() or "")
    meant = _meant(session, shows)
    names = [fields.clean(FIELDS[:1], {"name": text.tame(source.name)}, session.now())["name"] for source in sources]
    for source in sources:
        _check(source)
    with explained(session.folder):
        stored = [_store_file(session.folder, source) for source in sources]
    here = {(file.sha256, file.shows): file for file in counting(of(session, record))}
    with session.changed.after(), transaction():
        for name, (digest, size) in zip(names, stored, strict=True):
            if (digest, meant) not in here:
                here[digest, meant] = _enter(session, record, name, meant, digest, size)
        kept = [here[digest, meant] for digest, _size in stored]
    for digest, _size in stored:
        _settle(session.folder, digest)
    return kept


def keep(session: Session, record: Record, name: str, content: bytes, shows: str) -> File:
    """Keep a file that the program made, inside the caller's transaction; `settle` it after."""
    permissions.require(session, "attachment.add")
    with explained(session.folder):
        digest, size = _store(session.folder, BytesIO(content))
    return _enter(session, record, name, shows, digest, size)


def settle(session: Session, file: File) -> None:
    """A record names the bytes now, and it is committed."""
    _settle(session.folder, file.sha256)


def _settle(folder: Path, digest: str) -> None:
    if not database.in_transaction():  # else what is around it may still be broken off; the next start looks
        _mark(folder, digest).unlink(missing_ok=True)


def _mark(folder: Path, digest: str) -> Path:
    """An empty file that says: these bytes are stored, and no record names them yet."""
    return folder / "attachments" / f"{sealed_files.INCOMING}{digest}"


class LeftOver(NamedTuple):
    """What an attaching left that was broken off: its mark, or the beginning of a file; and the bytes, if they are there."""

    mark: Path
    stored: Path | None

    def remove(self) -> None:
        """Take it away, unless a record names it by now; inside a transaction, so that none begins to."""
        if self.stored is not None and not _is_named(self.stored.name):
            self.stored.unlink(missing_ok=True)
        self.mark.unlink(missing_ok=True)


def _is_named(digest: str) -> bool:
    return bool(Attachment.select().where(Attachment.sha256 == digest).exists())


def marked(folder: Path) -> set[Path]:
    """Where bytes lie, or will in a moment, that no record may name yet."""
    marks = (folder / "attachments").glob(f"{sealed_files.INCOMING}*")
    return {place_of(folder, mark.name.removeprefix(sealed_files.INCOMING)) for mark in marks}


def left_over(folder: Path, before: datetime) -> list[LeftOver]:
    """What was left behind until a moment; no record names it. A mark of what was kept after all is just taken away."""
    found = []
    for mark in sorted((folder / "attachments").glob(f"{sealed_files.INCOMING}*")):
        if mark.stat().st_mtime >= before.timestamp():
            continue
        stored = place_of(folder, mark.name.removeprefix(sealed_files.INCOMING))
        if _is_named(stored.name):
            mark.unlink(missing_ok=True)
        else:
            found.append(LeftOver(mark, stored if stored.exists() else None))
    return found


def sweep(session: Session) -> None:
    """Take away what was left behind more than a day ago: nobody is at it any more."""
    with explained(session.folder):
        for one in left_over(session.folder, session.clock() - _OLD):
            with transaction():
                one.remove()


SCAN = Field("scan", N_("Scan"), Kind.FILE, max_length=4096, hint=N_("Picture or PDF"))
"""Asked by the steps that record what was signed on paper."""


def attach_scan(session: Session, record: Record, path: str | None, shows: str) -> None:
    """Keep the scan that a step was given, inside its transaction. ValidationError where it cannot be kept."""
    if path is None:
        return
    try:
        attach(session, record, Path(path), shows)
    except UserError as error:
        raise ValidationError({SCAN.code: str(error)}) from None


def _check(source: Path) -> None:
    """UserError for what cannot be kept, before anything is."""
    try:
        if not source.is_file():
            raise UserError(_("There is no file {path}.").format(path=source))
        with source.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
    except OSError as error:
        raise UserError(_("{path} cannot be read: {reason}.").format(path=source, reason=reason(error))) from None
    if not 0 < size <= LARGEST:
        empty = _("{name} is empty (0 bytes). Save it anew where it comes from, or choose another file.")
        large = _("{name} is larger than 200 MB. Attach a smaller copy.")
        raise UserError((large if size else empty).format(name=text.tame(source.name)))


def _enter(session: Session, record: Record, name: str, meant: str, digest: str, size: int) -> File:
    row = Attachment.create(
        kind=record.KIND,
        record_id=record.id,
        name=name,
        media_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
        size=size,
        sha256=digest,
        who=session.user,
        at=session.clock(),
        shows=meant,
    )
    history.write(session, record.KIND, record.id, "attach", note=name)
    session.changed(record.KIND, record.number)
    return _file(session, row)


def _store_file(folder: Path, source: Path) -> tuple[str, int]:
    with source.open("rb") as reader:
        return _store(folder, reader)


def _store(folder: Path, reader: IO[bytes]) -> tuple[str, int]:
    """Write what is read to its place by hash, encrypted beside an encrypted store, whole and then renamed; SHA-256 and size."""
    digest, size, keys = hashlib.sha256(), 0, keyring.file_keys(folder)

    def pieces(reader: IO[bytes]) -> Iterator[bytes]:
        nonlocal size
        for piece in sealed_files.pieces_of(reader):
            digest.update(piece)
            size += len(piece)
            yield piece

    place = None
    waiting = folder / "attachments" / f"{sealed_files.INCOMING}{secrets.token_hex(8)}"
    waiting.parent.mkdir(parents=True, exist_ok=True)
    try:
        with waiting.open("wb") as writer:
            for block in sealed_files.sealed(pieces(reader), keys) if keys else pieces(reader):
                writer.write(block)
            writer.flush()
            os.fsync(writer.fileno())
        place = place_of(folder, digest.hexdigest())
        place.parent.mkdir(parents=True, exist_ok=True)
        _mark(folder, place.name).touch()
        waiting.replace(place)  # over an equal one, or over what a damaged disk left of it
    except OSError:
        if place is not None:
            _mark(folder, place.name).unlink(missing_ok=True)
        raise
    finally:
        waiting.unlink(missing_ok=True)
    return digest.hexdigest(), size


def place_of(folder: Path, digest: str) -> Path:
    return folder / "attachments" / digest[:2] / digest


def _file(session: Session, row: Attachment) -> File:
    own = (getattr(row, name) for name in File._fields[:-1])
    return File._make((*own, place_of(session.folder, row.sha256)))


def of(session: Session, record: Record) -> list[File]:
    """The files of a record, oldest first, void ones among them."""
    names = ", ".join(File._fields[:-1])
    rows = database.execute_sql(
        f"SELECT {names} FROM attachment WHERE kind = ? AND record_id = ? ORDER BY id", (record.KIND, record.id)
    ).fetchall()
    turned = (dict(zip(File._fields, row, strict=False)) for row in rows)
    return [File(**_moments(one), path=place_of(session.folder, one["sha256"])) for one in turned]


def looked_at(session: Session, record: Record, file: File) -> File:
    """The file open to who looks at it; of one that is withheld the look is recorded. NotPermitted where they may not."""
    if file.withheld:
        sight.look_at_kept(session, record.KIND, record.id, file.name)
    return file._replace(withheld=False)


def _moments(columns: dict[str, Any]) -> dict[str, Any]:
    return (
        columns
        | {"withheld": bool(columns["withheld"])}
        | {code: None if columns[code] is None else instant(columns[code]) for code in ("at", "voided_at")}
    )


def counting(files: Iterable[File]) -> list[File]:
    """Those that are not void."""
    return [file for file in files if file.voided_at is None]


def say(session: Session, record: Record, file_id: int, shows: str) -> File:
    """Say what a file shows. UserError where the record has no such file, or it is void."""
    meant = _meant(session, shows)
    return _changed(session, record, file_id, "attach-shows", shown(meant), shows=meant)


def void(session: Session, record: Record, file_id: int, reason: str) -> File:
    """Take a file out of what counts: it stays, with its bytes and the reason. UserError where there is no reason or file."""
    given = fields.clean((REASON,), {"reason": reason}, session.now())["reason"]
    voided = {"voided_at": session.clock(), "voided_by": session.user, "void_reason": given}
    return _changed(session, record, file_id, "attach-void", given, **voided)


def _changed(session: Session, record: Record, file_id: int, action: str, note: str, **columns: object) -> File:
    """Write columns of a file that counts, with their history."""
    permissions.require(session, "attachment.edit")
    with session.changed.after(), transaction():
        file = next((one for one in of(session, record) if one.id == file_id), None)
        if file is None:
            raise UserError(_("{number} has no attachment {id}.").format(number=record.number, id=file_id))
        if file.withheld:
            raise UserError(_("{name} is kept of an erased customer and closed.").format(name=file.name))
        if file.voided_at is not None:
            raise UserError(_("{name} is void already.").format(name=file.name))
        if file.shows != columns.get("shows"):
            Attachment.update(**columns).where(Attachment.id == file_id).execute()
            history.write(session, record.KIND, record.id, action, note=f"{file.name}: {note}")
            session.changed(record.KIND, record.number)
    return next(one for one in of(session, record) if one.id == file_id)


def hand_on(session: Session, record: Record, to: Record) -> None:
    """The files of a record belong to another one too, inside the caller's transaction; their bytes stay where they are."""
    for file in counting(of(session, record)):
        _enter(session, to, file.name, file.shows, file.sha256, file.size)


class Taken(NamedTuple):
    """What became of several files: those that are kept now, and (name, sentence) of each that could not be."""

    files: tuple[File, ...]
    refused: tuple[tuple[str, str], ...]


def attach_all(session: Session, record: Record, sources: Sequence[Path], shows: str, progress: Progress) -> Taken:
    """Keep copies of files, each in its own transaction; one that cannot be read stops no other. Cancelled keeps what is kept."""
    files: list[File] = []
    refused: list[tuple[str, str]] = []
    with session.changed.after():
        for place, source in enumerate(sources):
            try:
                progress.step(place, len(sources), _("Attaching {name}").format(name=text.tame(source.name)))
                files.append(attach(session, record, source, shows))
            except UserError as error:
                refused.append((text.tame(source.name), str(error)))
            except Cancelled:
                break
    return Taken(tuple(files), tuple(refused))
