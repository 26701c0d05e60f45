"""The open archive: everything of a branch as JSON lines and files in a zip, which needs no program of ours to be read."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from app.core import database as store
from app.core.database import FILE_NAME, explained, transaction
from app.core.errors import UserError
from app.core.files import sync
from app.core.language import _
from app.core.progress import Progress
from app.core.session import Session
from app.models import history, permissions
from app.services import backup_places, erased_list
from app.services.archive_form import EDITION, FORMAT, MANIFEST, README, Column, columns_of, line_of

_AT_ONCE = 500
_README = """Kesu Desk archive

manifest.json        what is in this archive: branch, tables with their columns and number of rows, attachments with their size
tables/NAME.jsonl    one row to a line, a JSON object with one key to a column, UTF-8
attachments/HASH     the files, named by the SHA-256 of their content; table "attachment" says what each belongs to

Kinds of columns: instant ISO 8601 in UTC; day YYYY-MM-DD; money yuan as text with two decimals; quantity text; tags an array;
boolean; number; text. A column NAME_day next to an instant says that only the day is known. NAME_id and parent_id are the id of a
row of another table. {"raw": x} is a stored value that does not fit its column's kind, {"base64": x} are bytes. null is unknown.
"""


class Archived(NamedTuple):
    """What an archive holds: rows by table, its files, and those that could not be read."""

    counts: dict[str, int]
    files: int
    missing: tuple[str, ...]


def write(session: Session, path: Path, progress: Progress) -> Archived:
    """Write the archive of the branch; there whole or not at all. It is readable by everybody who has the file."""
    permissions.require(session, "branch.archive")
    waiting = path.with_name(f".{path.name[:40]}.{os.getpid()}.part")
    with explained(path):
        if path.is_dir():
            raise UserError(_("{path} is a folder. Write the name of a file.").format(path=path))
        try:
            # First, so that the archive holds it too: one that failed leaves a trace, and none goes out without.
            with transaction():
                history.write(session, "branch", session.branch.id, "archive", note=path.name)
            with store.snapshot(session.folder / FILE_NAME) as reading, zipfile.ZipFile(waiting, "x", allowZip64=True) as made:
                done = _write(session, reading, made, progress)
            sync(waiting)
            waiting.replace(path)
        finally:
            waiting.unlink(missing_ok=True)
    return done


def _write(session: Session, reading: Any, made: zipfile.ZipFile, progress: Progress) -> Archived:  # noqa: ANN401
    tables = columns_of(reading)
    counts = {name: reading.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}
    made.writestr(README, _README, zipfile.ZIP_DEFLATED)
    done, total = 0, sum(counts.values())
    for name, columns in tables.items():
        with made.open(_entry(f"tables/{name}.jsonl", zipfile.ZIP_DEFLATED), "w", force_zip64=True) as writer:
            for lines in _lines(reading, name, columns):
                writer.write(b"".join(lines))
                done += len(lines)
                progress.step(done, total, _("Archiving records"))
    files, missing = _files(session, reading, made, progress)
    content = {
        "format": FORMAT,
        "edition": EDITION,
        "made_at": session.now().isoformat(timespec="seconds"),
        "branch": {"code": session.branch.code, "name": session.branch.name, "time_zone": session.branch.time_zone},
        "schema": reading.execute("PRAGMA user_version").fetchone()[0],
        "tables": {
            name: {"rows": counts[name], "columns": [_described(column) for column in columns]}
            for name, columns in tables.items()
        },
        "attachments": files,
        "missing": missing,
        "erased": erased_list.listed(session.folder),
    }
    made.writestr(MANIFEST, json.dumps(content, ensure_ascii=False, indent=1), zipfile.ZIP_DEFLATED)
    return Archived(counts, len(files), tuple(missing))


def _described(column: Column) -> dict[str, str]:
    return {"name": column.name, "kind": column.kind} | ({"label": column.label} if column.label else {})


def _entry(name: str, way: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.compress_type = way
    return entry


def _lines(reading: Any, table: str, columns: list[Column]) -> Iterator[list[bytes]]:  # noqa: ANN401 - the driver's connection
    names = ", ".join(f'"{column.name}"' for column in columns)
    cursor = reading.execute(f'SELECT {names} FROM "{table}" ORDER BY 1')
    while rows := cursor.fetchmany(_AT_ONCE):
        yield [line_of(columns, row) for row in rows]


def _files(
    session: Session,
    reading: Any,  # noqa: ANN401 - the driver's connection
    made: zipfile.ZipFile,
    progress: Progress,
) -> tuple[dict[str, int], list[str]]:
    """The attachments as they are, but for those that are not there or not what their name says."""
    files: dict[str, int] = {}
    missing: list[str] = []
    for (digest,) in reading.execute("SELECT DISTINCT sha256 FROM attachment ORDER BY 1").fetchall():
        progress.step(len(files), None, _("Archiving attachments"))
        source = backup_places.attachment(session.folder, digest)
        if backup_places.is_whole(source, digest):
            files[digest] = _put(made, digest, source)
        else:
            missing.append(digest)
    return files, missing


def _put(made: zipfile.ZipFile, digest: str, source: Path) -> int:
    size = 0
    with made.open(_entry(f"attachments/{digest}", zipfile.ZIP_STORED), "w", force_zip64=True) as writer:
        for piece in backup_places.content(source):
            size += writer.write(piece)
    return size
