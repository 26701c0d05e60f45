"""Opens a register: a workbook (read in a process of its own, within limits) or a text table. No column is understood here."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time as clock
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any

from app.core import program
from app.core.errors import Cancelled, UserError
from app.core.files import BROKEN_ZIP, opened_zip, reason
from app.core.language import _
from app.core.progress import Progress
from app.services import register_text
from app.services.register_cells import MOST_SECONDS

Cell = str | int | float | bool | datetime | date | time | None
"""As the file has it: instants without a zone, whole numbers as int; an empty cell is None."""
Row = tuple[int, tuple[Cell, ...]]
"""The physical line, 1-based and counting empty ones, and its cells without empty ones at the end."""

MOST_BYTES = 20 << 20
MOST_UNPACKED = 200 << 20
MOST_MEMBERS = 200
_READER = "app.services.register_cells"
_ZIP, _OLE, _GZIP = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b"
_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")


@dataclass(frozen=True)
class Sheet:
    """The filled rows of one sheet. `rows` starts anew at each call; `about` is roughly how many come."""

    name: str
    rows: Callable[[], Iterator[Row]]
    about: int


@dataclass(frozen=True)
class Register:
    """An opened file: all sheets, or the one that was asked for. Close it when done."""

    path: Path
    names: tuple[str, ...]
    sheets: tuple[Sheet, ...]
    close: Callable[[], None]
    encoding: str = ""

    def __enter__(self) -> Register:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()


def open_register(
    path: Path, *, sheet: str | None = None, encoding: str | None = None, progress: Progress | None = None
) -> Register:
    """Open a workbook or a text table, by what it holds rather than by its name. UserError says why it can't be read."""
    progress = progress or Progress()
    start = _first_bytes(path)
    if start.startswith((_ZIP, _OLE, *_BIFF)):
        _check_workbook(path, start)
        return _read_workbook(path, sheet, progress)
    if sheet:
        raise UserError(_("{file} is a text table and has no sheets. Leave the sheet out.").format(file=path.name))
    table = register_text.open_table(path, packed=start.startswith(_GZIP), encoding=encoding, progress=progress)
    only = Sheet("", lambda: register_text.rows(table), table.lines)
    return Register(path, (), (only,), lambda: None, table.encoding)


def _first_bytes(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():  # a pipe could be read only once, and waiting for it has no end
            raise UserError(_("{file} is a folder or no file at all. Name a file.").format(file=path))
        with path.open("rb") as stream:
            start = stream.read(8)
    except FileNotFoundError:
        raise UserError(_("There is no file {file}.").format(file=path)) from None
    except OSError as error:
        raise UserError(_("{file} can't be read: {reason}.").format(file=path, reason=reason(error))) from None
    if not start:
        raise UserError(_("{file} is empty.").format(file=path.name))
    return start


def _check_workbook(path: Path, start: bytes) -> None:
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise UserError(
            _("{file} has {size} MB, {most} MB are possible. Save it as CSV or divide it.").format(
                file=path.name, size=size >> 20, most=MOST_BYTES >> 20
            )
        )
    if not start.startswith(_ZIP):
        return
    try:
        with opened_zip(path) as archive:
            members = archive.infolist()
    except (OSError, *BROKEN_ZIP):
        raise _damaged(path) from None
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
        raise UserError(
            _("{file} unpacks to more than {most} MB or {members} parts. Save it as CSV or divide it.").format(
                file=path.name, most=MOST_UNPACKED >> 20, members=MOST_MEMBERS
            )
        )
    if not {"xl/workbook.xml", "xl/workbook.bin", "content.xml"} & {member.filename for member in members}:
        raise UserError(_("{file} is an archive, no table. Unpack it and take the table in it.").format(file=path.name))


def _damaged(path: Path) -> UserError:
    sentence = _("{file} is damaged or no workbook. Open it in Excel or WPS and save it anew as .xlsx.")
    return UserError(sentence.format(file=path.name))


def _read_workbook(path: Path, sheet: str | None, progress: Progress) -> Register:
    spool = tempfile.TemporaryFile()  # noqa: SIM115 - the register closes it
    try:
        _run_reader(path, sheet or "", spool, progress)
        names, sheets = _index(path, sheet or "", spool)
    except BaseException:
        spool.close()
        raise
    return Register(path, names, sheets, spool.close)


def _run_reader(path: Path, sheet: str, spool: IO[bytes], progress: Progress) -> None:
    command = program.child(_READER, str(path.absolute()), sheet)
    window = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    reader = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=spool, stderr=subprocess.DEVNULL, creationflags=window)
    start = clock.monotonic()
    try:
        while reader.poll() is None:
            progress.step(0, None, _("Reading {file}").format(file=path.name))
            if clock.monotonic() - start > MOST_SECONDS:
                raise UserError(
                    _("{file} took longer than {seconds} seconds to read. Save it as CSV and take that.").format(
                        file=path.name, seconds=MOST_SECONDS
                    )
                )
            clock.sleep(0.01)
    except (UserError, Cancelled, KeyboardInterrupt):
        reader.kill()
        reader.wait()
        raise


def _index(path: Path, wanted: str, spool: IO[bytes]) -> tuple[tuple[str, ...], tuple[Sheet, ...]]:
    """Where each sheet starts in the spool; UserError if the reader broke off."""
    names: tuple[str, ...] = ()
    starts: list[tuple[str, int, int]] = []
    count, last = 0, b""
    spool.seek(0)
    while line := spool.readline():
        if line.startswith(b"["):
            count += 1
        elif line.startswith(b'{"sheets"'):
            names = tuple(json.loads(line)["sheets"])
        elif line.startswith(b'{"sheet"'):
            starts.append((json.loads(line)["sheet"], spool.tell(), count))
        last = line
    _check_end(path, wanted, names, last)
    if not starts:
        raise _damaged(path)
    ends = [begin for _name, _at, begin in starts[1:]] + [count]
    sheets = (_sheet(spool, name, at, end - begin) for (name, at, begin), end in zip(starts, ends, strict=True))
    return names, tuple(sheets)


def _sheet(spool: IO[bytes], name: str, at: int, count: int) -> Sheet:
    return Sheet(name, lambda: _spooled(spool, at), count)


def _spooled(spool: IO[bytes], at: int) -> Iterator[Row]:
    while True:
        spool.seek(at)
        line = spool.readline()
        at = spool.tell()
        if not line.startswith(b"["):
            return
        number, cells = json.loads(line)
        yield number, tuple(_cell(cell) if isinstance(cell, dict) else cell for cell in cells)


def _cell(tagged: dict[str, Any]) -> Cell:
    if "m" in tagged:
        return datetime.fromisoformat(tagged["m"])
    return date.fromisoformat(tagged["d"]) if "d" in tagged else time.fromisoformat(tagged["t"])


def _check_end(path: Path, wanted: str, names: tuple[str, ...], last: bytes) -> None:
    try:
        end = json.loads(last)
    except ValueError:
        end = None
    if isinstance(end, dict) and end.get("end"):
        return
    error = end.get("error") if isinstance(end, dict) else "size"  # killed by its limits
    if error == "password":
        sentence = _("{file} is protected by a password. Open it in Excel or WPS and save it without.")
        raise UserError(sentence.format(file=path.name))
    if error == "sheet":
        raise UserError(
            _("{file} has no sheet “{sheet}”. It has: {names}.").format(file=path.name, sheet=wanted, names=_(", ").join(names))
        )
    if error == "size":
        raise UserError(
            _("{file} is too large to read: its cells lie far apart or there are too many. Save the table alone as CSV.").format(
                file=path.name
            )
        )
    raise _damaged(path)
