"""Zip files made to do harm, by every door that takes one: a sentence, nothing left behind, and no memory beyond bounds."""

from __future__ import annotations

import io
import struct
import sys
import threading
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from app.core import files
from app.core.errors import UserError
from app.core.progress import Progress
from app.core.session import Session
from app.models.frozen_months import Piece
from app.reports import verifying
from app.services import backup_file, kept_content, unarchiving
from app.services.register_files import open_register
from tests.services.workbooks import raw_workbook

NAMES = ("manifest.json", "xl/workbook.xml", "docProps/core.xml", "kesu.db")


def zipped(way: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file with a member for each door."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", way) as archive:
        for name in NAMES:
            archive.writestr(name, b'{"format": "kesu-archive"}' * 20)
    return made.getvalue()


def end(content: bytes) -> int:
    return content.rindex(b"PK\x05\x06")


def patched(content: bytes, place: int, new: bytes) -> bytes:
    return content[:place] + new + content[place + len(new) :]


def central(content: bytes, offset: int, new: bytes) -> bytes:
    """Each entry of the table of contents changed."""
    place = content.find(b"PK\x01\x02")
    while place >= 0:
        content = patched(content, place + offset, new)
        place = content.find(b"PK\x01\x02", place + 4)
    return content


def streams(content: bytes) -> bytes:
    """What is packed is damaged, the table of contents is right."""
    place = content.find(b"PK\x03\x04")
    while place >= 0:
        start = place + 30 + struct.unpack_from("<H", content, place + 26)[0]
        content = patched(content, start, b"\xff\xff\xff")
        place = content.find(b"PK\x03\x04", place + 4)
    return content


HARM: dict[str, Callable[[], bytes]] = {
    "no end": lambda: zipped()[:-22],
    "only a beginning": lambda: zipped()[:40],
    "packed by LZMA": lambda: zipped(zipfile.ZIP_LZMA),
    "packed by bzip2": lambda: zipped(zipfile.ZIP_BZIP2),
    "packed in an unknown way": lambda: central(zipped(), 10, b"\x63\x00"),
    "encrypted": lambda: central(zipped(), 8, b"\x01\x00"),
    "packed bytes that are damaged": lambda: streams(zipped()),
    "names that are no UTF-8": lambda: central(central(zipped(), 8, b"\x00\x08"), 46, b"\xff\xfe"),
    "names in the parts that are no UTF-8": lambda: (
        central(zipped(), 8, b"\x00\x08")
        .replace(b"docProps", b"\xff\xfecProps", 1)
        .replace(b"xl/work", b"\xff\xfe/work", 1)
        .replace(b"manifest", b"\xff\xfenifest", 1)
        .replace(b"kesu.db", b"\xff\xfesu.db", 1)
    ),
    "a place before the beginning": lambda: patched(zipped(), end(zipped()) + 16, b"\xff\xff\xff\x7f"),
    "members beyond the end": lambda: central(zipped(), 42, b"\xff\xff\xff\x7f"),
    "more entries than there are": lambda: patched(zipped(), end(zipped()) + 8, b"\xff\x7f\xff\x7f"),
    "a length that is not true": lambda: central(zipped(), 24, b"\x01\x00\x00\x00"),
}


@pytest.mark.parametrize("harm", HARM.values(), ids=list(HARM))
def test_each_door_says_it(tmp_path: Path, session: Session, harm: Callable[[], bytes]) -> None:
    path = tmp_path / "CD-20261123-143200_hand_h12.kesu"
    path.write_bytes(harm())
    doors: tuple[Callable[[], object], ...] = (
        lambda: open_register(path).close(),
        lambda: unarchiving.take_in(path, tmp_path / "new", session.clock(), Progress()),
        lambda: backup_file.manifest_of(path),
        lambda: backup_file.unpack(path, tmp_path, Progress()),
        lambda: list(backup_file.attachments_of(path)),
    )
    for door in doors:
        with pytest.raises(UserError) as told:
            door()
        assert len(str(told.value)) < 400
    said = ""
    try:
        verifying.verify(session, path)
    except UserError as error:
        said = str(error)
    assert said in ("", "This file is neither a PDF nor a workbook that can be read.")
    assert not list(tmp_path.rglob("*.part"))
    assert not (tmp_path / "new" / "kesu.db").exists()


def test_links_and_ways_out_in_a_backup_are_refused(tmp_path: Path) -> None:
    for name in ("../kesu.db", "/etc/kesu.db", "keys.json/../../up.json", "keys\\..\\up.json", "kesu.db/", "KESU.DB"):
        path = tmp_path / "one.kesu"
        with zipfile.ZipFile(path, "w") as made:
            made.writestr("manifest.json", "{}")
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o120777 << 16  # a link
            made.writestr(entry, "/etc/passwd")
        (tmp_path / "into").mkdir(exist_ok=True)
        with pytest.raises(UserError):
            backup_file.unpack(path, tmp_path / "into", Progress())
        assert list((tmp_path / "into").iterdir()) == []


def test_rows_of_an_archive_are_taken_by_the_bytes_they_are_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five hundred rows of thirty megabytes would not fit into memory together."""
    monkeypatch.setattr(unarchiving, "_BYTES_AT_ONCE", 1000)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        made.writestr("tables/one.jsonl", (b'{"a": "' + b"x" * 600 + b'"}\n') * 9)
    columns = [unarchiving.Column("a", "text", "")]
    with zipfile.ZipFile(content) as found:
        assert [len(rows) for rows in unarchiving._rows(found, "one", columns)] == [2, 2, 2, 2, 1]


def test_a_kept_month_that_unpacks_without_end_is_damaged() -> None:
    bomb = zlib.compress(bytes(kept_content._MOST_PIECE + 1))
    tracemalloc.start()
    with pytest.raises(UserError, match="is damaged"):
        kept_content.unpack(lambda _part: [Piece("figures", bomb)], "0" * 64, "2026-10")
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3 * kept_content._MOST_PIECE


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("con.jpg", "_con.jpg"),
        ("NUL", "_NUL"),
        ("Com1 .txt", "_Com1 .txt"),
        ("lpt¹.pdf", "_lpt¹.pdf"),
        ("CONIN$", "_CONIN$"),
        ("console.jpg", "console.jpg"),
        ("../../etc/passwd", "..-..-etc-passwd"),
        ("C:\\x.exe:stream", "C--x.exe-stream"),
        ("照片\u202egpj.exe", "照片_gpj.exe"),
        ("a\x00b\nc", "a_b_c"),
        ("name. . ", "name"),
        ("...", "_"),
        ("城东 (1).pdf", "城东 (1).pdf"),
    ],
)
def test_names_that_a_system_takes_for_something_else_are_made_plain(name: str, plain: str) -> None:
    assert files.plain_name(name) == plain


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of memory for a process")
@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/styles.xml"])
def test_entities_that_grow_in_other_parts_do_no_harm(tmp_path: Path, part: str) -> None:
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha" * 50}">' for n in range(10))
    words = f'<?xml version="1.0"?><!DOCTYPE x [{levels}]><sst><si><t>&a9;</t></si></sst>'
    path = raw_workbook(tmp_path / "a.xlsx", '<row r="1"><c r="A1" t="s"><v>0</v></c></row>', extra={part: words.encode()})
    before = threading.active_count()
    try:
        with open_register(path) as register:
            cells = [cell for sheet in register.sheets for _row, row in sheet.rows() for cell in row]
            assert all(len(str(cell)) < 10_000 for cell in cells)
    except UserError:
        pass
    assert threading.active_count() == before
