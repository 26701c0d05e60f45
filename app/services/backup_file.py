"""The form of a backup: one file with the database, its key files, what it holds in words and numbers, and a seal over all of it.

A zip file: `manifest.json`, `kesu.db`, the key files, and `attachments.txt` with hash and size of each attachment. The
attachments themselves lie beside it, once by hash. The last bytes are the SHA-256 of all before them.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO, Any, NamedTuple, Self

from app.core.database import FILE_NAME, explained
from app.core.errors import UserError
from app.core.files import BLOCK, BROKEN_ZIP, digest_of, opened_zip, sync
from app.core.language import N_, _
from app.core.progress import Progress
from app.core.replacing import ERASED, KEYS
from app.core.store_file import MAGIC as PLAIN

ENDING = ".kesu"
KINDS = {
    "closing": N_("on closing"),
    "daily": N_("daily"),
    "hand": N_("by hand"),
    "import": N_("before an import"),
    "migration": N_("before an update"),
    "repair": N_("before a repair"),
    "restore": N_("before a restore"),
}
"""Why a backup was made, with its words."""
FORMAT = 1
_MANIFEST, _ATTACHMENTS = "manifest.json", "attachments.txt"
_KEY_FILE = re.compile(r"keys[\w.-]{0,40}\.json[\w.-]{0,20}")
_SEAL = 64
_MOST_MANIFEST = 1 << 20
_MOST_ERASED = 64 << 20
_LISTED = re.compile(r"([0-9a-f]{64}) ([0-9]{1,12})\n?")


class Manifest(NamedTuple):
    """What a backup holds: `made_at` an instant, `size` of the database in bytes, `counts` rows by table.

    `last_at` is the newest entry of the history, `history` its number and `head` what it is chained to (empty: not chained).
    `files` attachments of `files_size` bytes belong to it; `missing` are those that could not be read when it was made.
    """

    kind: str
    made_at: datetime
    branch_code: str
    branch_name: str
    time_zone: str
    schema: int
    size: int
    sha256: str
    counts: Mapping[str, int]
    last_at: datetime | None
    history: int
    head: str
    files: int
    files_size: int
    missing: tuple[str, ...]
    restores: int = 0
    """How often the folder had been restored before: what was set aside then is older than all that came after."""

    @property
    def age(self) -> tuple[int, int, datetime]:
        """The greater, the newer is what it holds. The clock may have been set back between two of them: the history grows."""
        return self.restores, self.history, self.made_at

    def as_json(self) -> dict[str, object]:
        """As it stands in the file."""
        last = self.last_at.isoformat() if self.last_at else None
        return {"format": FORMAT, **self._asdict(), "made_at": self.made_at.isoformat(), "last_at": last}

    @classmethod
    def from_json(cls, content: Any) -> Self:  # noqa: ANN401 - JSON of any shape
        """KeyError, TypeError, ValueError or OverflowError where the content is no manifest."""
        values = {name: content[name] for name in cls._fields if name not in cls._field_defaults}
        values["restores"] = content.get("restores", 0)
        for name in ("schema", "size", "history", "files", "files_size", "restores"):
            values[name] = int(values[name])
        values["counts"] = {str(table): int(count) for table, count in values["counts"].items()}
        values["made_at"] = datetime.fromisoformat(values["made_at"])
        values["last_at"] = values["last_at"] and datetime.fromisoformat(values["last_at"])
        values["missing"] = tuple(map(str, values["missing"]))
        values["made_at"].astimezone()  # a moment without a zone would fail later
        return cls(**values)


def damaged(path: Path) -> UserError:
    """What is said of a backup that is not as it was made."""
    return UserError(_("{file} is damaged or no backup. Nothing was changed. Choose another backup.").format(file=path.name))


def write(path: Path, database: Path, manifest: Manifest, beside: Iterable[Path], files: Path, progress: Progress) -> None:
    """Write a backup under a name that nobody takes for complete; it is sealed and synced."""
    with explained(path):
        with zipfile.ZipFile(path, "w", allowZip64=True) as made:
            content = json.dumps(manifest.as_json(), ensure_ascii=False, indent=1)
            made.writestr(_MANIFEST, content, zipfile.ZIP_DEFLATED)
            _put(made, FILE_NAME, database, _way(database), progress)
            for one in beside:
                _put(made, one.name, one, zipfile.ZIP_STORED, progress)
            _put(made, _ATTACHMENTS, files, zipfile.ZIP_DEFLATED, progress)
            made.comment = b"0" * _SEAL
        with path.open("r+b") as stream:
            seal, _length = digest_of(stream, path.stat().st_size - _SEAL)
            stream.seek(-_SEAL, os.SEEK_END)
            stream.write(seal.encode())
        sync(path)


def _way(database: Path) -> int:
    """What is encrypted cannot be made smaller."""
    with database.open("rb") as stream:
        return zipfile.ZIP_DEFLATED if stream.read(len(PLAIN)) == PLAIN else zipfile.ZIP_STORED


def _put(made: zipfile.ZipFile, name: str, source: Path, way: int, progress: Progress) -> None:
    entry = zipfile.ZipInfo(name)
    entry.compress_type, entry.file_size = way, source.stat().st_size
    entry._compresslevel = 1  # type: ignore[attr-defined]  # noqa: SLF001 - ZipInfo has no other way before 3.13
    with source.open("rb") as reader, made.open(entry, "w", force_zip64=True) as writer:
        for block in _blocks(reader, entry.file_size, progress, _("Writing the backup (MB)")):
            writer.write(block)


def _blocks(stream: IO[bytes], most: int, progress: Progress, sentence: str) -> Iterator[bytes]:
    """At most so many bytes of a stream."""
    done = 0
    while block := stream.read(min(BLOCK, most - done)):
        done += len(block)
        progress.step(done // BLOCK, max(1, most // BLOCK), sentence)
        yield block


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The file as a zip; whatever does not fit its form is said as damage."""
    with explained(path):
        try:
            with opened_zip(path) as found:
                yield found
        except BROKEN_ZIP:
            raise damaged(path) from None


def manifest_of(path: Path) -> Manifest:
    """What a backup says it holds, unchecked. UserError where it cannot be read."""
    with _opened(path) as found:
        try:
            if found.getinfo(_MANIFEST).file_size > _MOST_MANIFEST:
                raise damaged(path)
            return Manifest.from_json(json.loads(found.read(_MANIFEST)))
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError):
            raise damaged(path) from None


def check_seal(path: Path, progress: Progress) -> None:
    """UserError unless every byte is as it was written."""
    digest = hashlib.sha256()
    with explained(path), path.open("rb") as stream:
        most = os.fstat(stream.fileno()).st_size - _SEAL
        for block in _blocks(stream, max(0, most), progress, _("Checking the backup (MB)")):
            digest.update(block)
        if most <= 0 or stream.read() != digest.hexdigest().encode():
            raise damaged(path)


def unpack(path: Path, folder: Path, progress: Progress) -> Manifest:
    """Write database, key files and the list of who was erased into a folder.

    UserError where the backup is not whole; what was written stays then.
    """
    manifest = manifest_of(path)
    with _opened(path) as found:
        for entry in found.infolist():
            if entry.filename == FILE_NAME:
                _take(found, entry, folder / FILE_NAME, manifest.size, progress)
            elif _KEY_FILE.fullmatch(entry.filename):
                _take(found, entry, folder / entry.filename, _MOST_MANIFEST, progress)
            elif entry.filename == ERASED:
                _take(found, entry, folder / ERASED, _MOST_ERASED, progress)
            elif entry.filename not in (_MANIFEST, _ATTACHMENTS):
                raise damaged(path)
    with (folder / FILE_NAME).open("rb") if (folder / FILE_NAME).exists() else _nothing(path) as stream:
        if digest_of(stream) != (manifest.sha256, manifest.size):
            raise damaged(path)
    return manifest


def _nothing(path: Path) -> IO[bytes]:
    raise damaged(path)


def _take(found: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, most: int, progress: Progress) -> None:
    with found.open(entry) as reader, target.open("xb") as writer:
        for block in _blocks(reader, most, progress, _("Unpacking the backup (MB)")):
            writer.write(block)
        writer.flush()
        os.fsync(writer.fileno())


def is_encrypted(path: Path) -> bool:
    """Whether nobody without a password of it can open its database."""
    with _opened(path) as found, found.open(FILE_NAME) if FILE_NAME in found.namelist() else _nothing(path) as stream:
        return stream.read(len(PLAIN)) != PLAIN


def take_keys(path: Path, folder: Path) -> bool:
    """Write the key files of a backup into a folder; whether its database needs them. UserError where it would, and has none."""
    encrypted = is_encrypted(path)
    with _opened(path) as found:
        keys = [entry for entry in found.infolist() if _KEY_FILE.fullmatch(entry.filename)]
        for entry in keys if encrypted else ():
            _take(found, entry, folder / entry.filename, _MOST_MANIFEST, Progress())
    if encrypted and not keys:
        raise UserError(
            _("{file} is encrypted and holds no key file: nobody could open it. Choose another backup.").format(file=path.name)
        )
    return encrypted


def attachments_of(path: Path) -> Iterator[tuple[str, int]]:
    """(hash, bytes) of each attachment that belongs to the backup."""
    with _opened(path) as found:
        if _ATTACHMENTS not in found.namelist():
            raise damaged(path)
        with found.open(_ATTACHMENTS) as stream:
            for line in iter(partial(stream.readline, 100), b""):
                yield _attachment(path, line.decode("ascii", "replace"))


def _attachment(path: Path, line: str) -> tuple[str, int]:
    listed = _LISTED.fullmatch(line)
    if listed is None:
        raise damaged(path)
    return listed[1], int(listed[2])


def beside(folder: Path) -> list[Path]:
    """What belongs into a backup with the database: its key files, and who was erased."""
    return [*key_files(folder), *(path for path in (folder / ERASED,) if path.exists())]


def key_files(folder: Path) -> list[Path]:
    """The key files beside a database."""
    return sorted(path for path in folder.glob(KEYS) if _KEY_FILE.fullmatch(path.name))
