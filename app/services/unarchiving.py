"""Taking an open archive in: a new branch equal to the one it was made of. Archives may come from anywhere: none is trusted."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any, NamedTuple

from app.core import database as store
from app.core import replacing, search_index, soundness
from app.core.database import APPLICATION, FILE_NAME, database, explained, transaction
from app.core.errors import UserError
from app.core.files import digest_of, opened_zip, sync
from app.core.language import _
from app.core.progress import Progress
from app.models import attachments
from app.services import backup_places, erased_list, workplace
from app.services.archive_form import EDITION, FORMAT, MANIFEST, README, Column, columns_of, row_of

_MEMBER = re.compile(r"tables/([a-z0-9_]{1,60})\.jsonl|attachments/([0-9a-f]{64})")
_MOST_MEMBERS = 1_000_000
_MOST_MANIFEST = 32 << 20
_LONGEST_LINE = 32 << 20
"""Longer ones would take more memory than a desk has, made of nothing but brackets."""
_DENSEST = 200
"""No honest archive unpacks to more times its length: text of one branch comes to thirty."""
_SMALL = 16 << 20
"""Bytes that may be as dense as they like."""
_AT_ONCE = 500
_BYTES_AT_ONCE = 16 << 20
_BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, UnicodeDecodeError, zlib.error)


class Inside(NamedTuple):
    """What the manifest says: the version of the tables, rows by table, size of each attachment by hash; whose, and when."""

    schema: int
    tables: Mapping[str, int]
    files: Mapping[str, int]
    code: str = ""
    name: str = ""
    made_at: datetime | None = None
    erased: Mapping[str, str] = {}


def look(path: Path) -> Inside:
    """What an archive says it holds; only its table of contents is looked at. UserError where it is refused."""
    with _opened(path) as found:
        return _checked(found, path)


def take_in(path: Path, folder: Path, now: datetime, progress: Progress) -> dict[str, int]:
    """Make a new branch of an archive; the rows by table. UserError where the folder holds one, or the archive is not sound.

    Nothing is in the folder then, but perhaps attachments.
    """
    if workplace.is_expected(folder):
        raise UserError(_("{folder} already holds a branch. Choose another data folder.").format(folder=folder))
    store.close()
    with _opened(path) as found:
        inside = _checked(found, path)
        with explained(folder):
            folder.mkdir(parents=True, exist_ok=True)
        _check_room(found, folder)
        with replacing.place_for_new(folder) as coming:
            _make_database(found, inside, coming, progress)
            _take_files(found, inside, folder, progress)
            if inside.erased:
                erased_list.keep(coming, inside.erased)
            replacing.put_in_place(folder, now)
    return dict(inside.tables)


def _refused(what: str) -> UserError:
    return UserError(_("The archive is refused: {what}. Nothing was changed.").format(what=what))


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with explained(path), opened_zip(path) as found:
            yield found
    except _BROKEN as error:
        raise _refused(_("it is damaged or no archive ({error})").format(error=str(error)[:100])) from None
    finally:
        store.close()


def _checked(found: zipfile.ZipFile, path: Path) -> Inside:
    """Look at the table of contents before anything is unpacked."""
    entries = found.infolist()
    if len(entries) > _MOST_MEMBERS or len({one.filename for one in entries}) != len(entries):
        raise _refused(_("names in it stand twice, or it has more than a million files"))
    for one in entries:
        if one.filename not in (MANIFEST, README) and not _MEMBER.fullmatch(one.filename):
            raise _refused(
                _("“{name}” has no place in an archive").format(name=one.filename[:60].encode("unicode_escape").decode())
            )
        if one.flag_bits & 1 or one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _refused(_("“{name}” is encrypted or packed in another way").format(name=one.filename))
    unpacked = sum(one.file_size for one in entries)
    if unpacked > _SMALL + _DENSEST * path.stat().st_size or any(
        one.file_size > _SMALL + _DENSEST * one.compress_size for one in entries
    ):
        raise _refused(_("it would unpack to {size} MB, far more than it can hold").format(size=f"{unpacked >> 20:,}"))
    return _inside(found)


def _check_room(found: zipfile.ZipFile, folder: Path) -> None:
    with explained(folder):
        free = shutil.disk_usage(folder).free
    needed = sum(one.file_size for one in found.infolist())
    if needed > free:
        words = _("It needs {needed} MB, and only {free} MB are free in {folder}. Make room, or choose another disk.")
        raise UserError(words.format(needed=f"{needed >> 20:,}", free=f"{free >> 20:,}", folder=folder))


def _inside(found: zipfile.ZipFile) -> Inside:
    try:
        if found.getinfo(MANIFEST).file_size > _MOST_MANIFEST:
            raise _refused(_("its manifest is too long"))
        content = json.loads(found.read(MANIFEST))
        if content["format"] != FORMAT:
            raise ValueError(FORMAT)
        tables = {str(name): int(one["rows"]) for name, one in content["tables"].items()}
        files = {str(digest): int(size) for digest, size in content["attachments"].items()}
        branch, made_at = content.get("branch", {}), content.get("made_at")
        inside = Inside(
            int(content["schema"]),
            tables,
            files,
            str(branch.get("code", "")),
            str(branch.get("name", "")),
            made_at and datetime.fromisoformat(made_at),
            {str(key): str(when) for key, when in content.get("erased", {}).items()},
        )
        newer = int(content["edition"]) > EDITION or inside.schema > workplace.LATEST
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError):
        raise _refused(_("its manifest cannot be read")) from None
    if newer:
        raise _refused(_("a newer program made it; install the newer program here too"))
    names = {one.filename for one in found.infolist()}
    said = {*(f"tables/{name}.jsonl" for name in tables), *(f"attachments/{digest}" for digest in files)}
    if names - {README, MANIFEST} != said or inside.schema < 1:
        raise _refused(_("it does not hold what its manifest says"))
    return inside


def _make_database(found: zipfile.ZipFile, inside: Inside, coming: Path, progress: Progress) -> None:
    """The tables as they were at its version, filled, indexed and checked."""
    store.make_file(coming)
    store.open_database(coming)
    try:
        with explained(coming / FILE_NAME):
            workplace.make_tables(inside.schema)
            database.execute_sql("PRAGMA foreign_keys = 0")  # rows come in the order of the tables; they are checked below
            with transaction():
                _fill(found, inside, progress)
            database.execute_sql(f"PRAGMA application_id = {APPLICATION}")
            _check(inside)
    finally:
        store.close()
    store.put_at_rest(coming / FILE_NAME)


def _fill(found: zipfile.ZipFile, inside: Inside, progress: Progress) -> None:
    connection = database.connection()
    here = columns_of(connection)
    if set(here) != set(inside.tables):
        raise _refused(_("its tables are not those of its version"))
    done, total = 0, sum(inside.tables.values())
    for name, columns in here.items():
        if connection.execute(f'SELECT EXISTS (SELECT * FROM "{name}")').fetchone()[0]:
            connection.execute(f'DELETE FROM "{name}"')
        for rows in _rows(found, name, columns):
            done += len(rows)
            progress.step(done, total, _("Taking in records"))
            _insert(connection, name, columns, rows)


def _insert(connection: Any, name: str, columns: list[Column], rows: list[list[Any]]) -> None:  # noqa: ANN401
    names, marks = ", ".join(f'"{one.name}"' for one in columns), ", ".join("?" * len(columns))
    try:
        connection.executemany(f'INSERT INTO "{name}" ({names}) VALUES ({marks})', rows)
        if name.startswith("search_"):
            indexed = [(row[0], search_index.tokens(str(row[1]))) for row in rows]
            connection.executemany(f"REPLACE INTO {name.removesuffix('_key')} (rowid, tokens) VALUES (?, ?)", indexed)
    except (*store.CONSTRAINTS, OverflowError) as error:
        raise _refused(_("table {table}: {error}").format(table=name, error=error)) from None


def _rows(found: zipfile.ZipFile, table: str, columns: list[Column]) -> Iterator[list[list[Any]]]:
    rows: list[list[Any]] = []
    with found.open(f"tables/{table}.jsonl") as stream:
        number = size = 0
        while line := stream.readline(_LONGEST_LINE):
            number, size = number + 1, size + len(line)
            rows.append(row_of(columns, line, f"{table}:{number}"))
            if len(rows) == _AT_ONCE or size > _BYTES_AT_ONCE:
                yield rows
                rows, size = [], 0
    yield rows


def _check(inside: Inside) -> None:
    """The rows are as many as were said, refer to rows that are there, and the file is sound."""
    connection = database.connection()
    for name, count in inside.tables.items():
        if connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] != count:
            raise _refused(_("table {table} has more or fewer rows than its manifest says").format(table=name))
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        raise _refused(_("a row of {table} refers to one that is not there").format(table=broken[0]))
    if not soundness.is_sound(connection):
        raise _refused(_("the tables made of it are not sound"))


def _take_files(found: zipfile.ZipFile, inside: Inside, folder: Path, progress: Progress) -> None:
    for done, (digest, size) in enumerate(inside.files.items()):
        progress.step(done, len(inside.files), _("Taking in attachments"))
        target = backup_places.attachment(folder, digest)
        waiting = target.with_name(f".{digest}.part")
        with explained(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                _take_file(found, digest, size, waiting)
                waiting.replace(target)
            finally:
                waiting.unlink(missing_ok=True)


def _take_file(found: zipfile.ZipFile, digest: str, size: int, waiting: Path) -> None:
    with found.open(f"attachments/{digest}") as stream, waiting.open("wb") as writer:
        length, seen = _copy(stream, writer, min(size, attachments.LARGEST))
    if (length, seen) != (size, digest):
        raise _refused(_("attachment {name} is not what its name says").format(name=digest[:12]))
    sync(waiting)


def _copy(stream: IO[bytes], writer: IO[bytes], most: int) -> tuple[int, str]:
    digest, length = digest_of(stream, most, writer.write)
    return length + len(stream.read(1)), digest
