"""Whole files that come in: archives, backups, key files, branches' workbooks, pictures, PDFs, and a text copied from a chat."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.fuzzing.harness import Harness, Try, file_of, memory_folder, parts, shared
from tests.naughty.strings import CHOSEN

MARK = b"\n%%\n"


def _branch(folder: Path) -> Any:
    """A branch with some records, as tests fill it."""
    from tests.branch import new_branch
    from tests.make import Make
    from tests.stores import fill

    place = folder / "branch"
    shutil.rmtree(place, ignore_errors=True)
    session = new_branch(place)
    fill(Make(session), folder)
    return session


def _archives(folder: Path) -> Try:
    from app.core.database import database
    from app.core.errors import UserError
    from app.core.progress import Progress
    from app.services import archive_form, unarchiving

    session = _branch(folder)
    columns = archive_form.columns_of(database.connection())
    names = sorted(columns)
    place = memory_folder()

    def one(data: bytes) -> None:
        manifest, name, line = parts(data, 3, MARK)
        table = names[len(name) % len(names)]
        try:
            values = archive_form.row_of(columns[table], line, table)
            again = archive_form.row_of(columns[table], archive_form.line_of(columns[table], tuple(values)), table)
            assert repr(again) == repr(values), "a row comes back otherwise"
        except UserError:
            pass
        path = place / "a.zip"
        _zipped(path, {"manifest.json": manifest, name.decode("utf-8", "replace")[:200] or "README.txt": line})
        with unarchiving._opened(path) as found:
            unarchiving._checked(found, path)

    def whole(data: bytes) -> None:
        if not data.startswith(b"PK"):
            return one(data)
        with file_of(place, data, "b.zip") as path:
            unarchiving.take_in(path, place / "new", session.clock(), Progress())

    return whole


def _zipped(path: Path, members: dict[str, bytes], comment: bytes = b"") -> None:
    with zipfile.ZipFile(path, "w") as made:
        for name, content in members.items():
            made.writestr(zipfile.ZipInfo(name), content)
        made.comment = comment


def _archive_seeds() -> Iterator[bytes]:
    from app.core import database as store
    from app.core.progress import Progress
    from app.services import archiving

    place = memory_folder()
    archiving.write(_branch(place), place / "a.zip", Progress())
    store.close()
    with zipfile.ZipFile(place / "a.zip") as found:
        manifest = found.read("manifest.json")
        for name in found.namelist():
            for line in found.read(name).splitlines()[:3]:
                yield MARK.join((manifest, name.encode(), line))
    yield (place / "a.zip").read_bytes()
    for text in ("NaN", "1e999", '{"raw": [1]}', '{"base64": "?"}', "[" * 900, '{"raw": 1' + "0" * 400 + "}"):
        yield MARK.join((manifest, b"tables/branch.jsonl", b'{"id": %s}' % text.encode()))


def _backups(folder: Path) -> Try:
    from app.core.errors import UserError
    from app.core.progress import Progress
    from app.services import backup_file, backup_places

    place = memory_folder()
    inner = place / "out"

    def one(data: bytes) -> None:
        path = place / "CD-20261123-143200_hand_h12.kesu"
        if data.startswith(b"PK"):
            path.write_bytes(data)
        else:
            manifest, database, files, name = parts(data, 4, MARK)
            fixed = manifest.replace(b"SHA", hashlib.sha256(database).hexdigest().encode())
            members = {"manifest.json": fixed, "kesu.db": database, "attachments.txt": files}
            _zipped(path, members | ({name.decode("utf-8", "replace")[:99]: b"{}"} if name else {}), b"0" * 64)
            content = path.read_bytes()[:-64]
            path.write_bytes(content + hashlib.sha256(content).hexdigest().encode())
        shutil.rmtree(inner, ignore_errors=True)
        inner.mkdir()
        backup_places.listed(place)
        for act in (
            lambda: backup_file.check_seal(path, Progress()),
            lambda: list(backup_file.attachments_of(path)),
            lambda: backup_file.manifest_of(path).as_json(),
            lambda: backup_file.unpack(path, inner, Progress()),
        ):
            try:
                act()
            except UserError:
                continue

    return one


def _backup_seeds() -> Iterator[bytes]:
    from app.core import database as store
    from app.services import backups

    place = memory_folder()
    session = _branch(place)
    path = backups.make(session.folder, "hand", session.clock()).backup.path
    store.close()
    content = path.read_bytes()
    with zipfile.ZipFile(path) as found:
        manifest = json.loads(found.read("manifest.json")) | {"sha256": "SHA", "size": 4}
        files = found.read("attachments.txt")
    yield content
    for changes in ({}, {"missing": ["a"]}, {"made_at": "9999-12-31T23:59:59+00:00"}, {"counts": {"a": 1e300}}, {"last_at": 5}):
        yield MARK.join((json.dumps(manifest | changes).encode(), b"test", files, b"keys.json"))
    yield MARK.join((json.dumps(manifest).encode(), b"test", b"0" * 64 + b" 99\n" + files, b"../up"))


def _key_files(folder: Path) -> Try:
    from app.core import key_file, keyring
    from app.core.errors import UserError
    from tests.core.protected import MINE, protected

    keyring.COST = (1, 64, 1)
    place = memory_folder()
    made = protected(place)

    def one(data: bytes) -> None:
        try:
            body = json.loads(data.partition(b"\n")[2])
            content = key_file.encode(body) if isinstance(body, dict) else data
        except (ValueError, RecursionError):
            content = data
        for name in key_file.FILE_NAMES:
            (place / name).write_bytes(content)
        (place / "tries.json").write_bytes(data[-200:] if len(data) % 2 else b"")
        for act in (
            lambda: keyring.people(place),
            lambda: keyring.unlock(place, "王敏", MINE),
            lambda: keyring.unlock_by_code(place, made.code),
            lambda: keyring.wait(place, "王敏"),
            lambda: keyring.new_code(place, made.key),
            lambda: keyring.is_unfinished(place),
        ):
            try:
                act()
            except UserError:
                continue

    return one


def _key_seeds() -> Iterator[bytes]:
    from app.core import key_file, keyring
    from tests.core.protected import MINE, protected

    keyring.COST = (1, 64, 1)
    place = memory_folder()
    made = protected(place)
    yield (place / "keys.json").read_bytes()
    body = key_file.read(place).body
    for name in ("people", "recovery", "macs", "files"):
        yield key_file.encode(body | {name: type(body[name])()})
    entry = next(iter(body["people"].values()))
    for part in entry:
        for wrong in (None, 5, "", [], {}, "?", "AAAA"):
            yield key_file.encode(body | {"people": {"王敏": entry | {part: wrong}}})
            yield key_file.encode(body | {"recovery": entry | {part: wrong}})
    del made, MINE


def _branch_workbooks(folder: Path) -> Try:
    from app.services import branch_workbooks, merging, register_files, workbook_facts
    from app.services.register_files import Register

    place = memory_folder()
    read = branch_workbooks._read

    def one(data: bytes) -> None:
        spool = io.BytesIO(_mended(data[1:], workbook_facts) + b'{"end": true}\n')
        try:
            names, sheets = register_files._index(Path("a.xlsx"), "", spool)
            for sheet in sheets:
                list(sheet.rows())
        except (ValueError, TypeError, KeyError, AttributeError):
            return  # the process of its own writes no such lines
        register = Register(Path("a.xlsx"), names, sheets, spool.close)
        facts = workbook_facts.parse
        if data[0] & 1:  # without the sums over the sheets, which an attacker makes fit
            workbook_facts.parse = lambda lines: replace(facts(lines), sums={})
        branch_workbooks.read = lambda path, progress=None: read(path, register)
        try:
            with merging.gather([place / "a.xlsx"]) as merged:
                merged.read_details()
        finally:
            workbook_facts.parse = facts

    return one


def _mended(data: bytes, workbook_facts: Any) -> bytes:
    """The lines of a workbook with the seal that its hidden sheet would have had."""
    out, rows, inside = [], [], False
    for line in data.splitlines():
        try:
            told = json.loads(line)
        except ValueError:
            continue
        if isinstance(told, dict):
            inside = told.get("sheet") == workbook_facts.SHEET
        elif inside and isinstance(told, list) and len(told) == 2 and isinstance(told[1], list) and len(told[1]) > 1:
            code, text = str(told[1][0]), "".join(map(str, told[1][1:]))
            if code == "seal":
                told[1][1:] = [workbook_facts.seal(rows)]
            rows.append((code, text))
        out.append(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))
    return b"\n".join(out) + b"\n"


def _workbook_seeds() -> Iterator[bytes]:
    from app.services import register_cells
    from tests.services.branches import send

    place = memory_folder()
    out = io.StringIO()
    register_cells._print_sheets(str(send(place, "CD", size=3).path), "", out)
    shutil.rmtree(place)
    lines = out.getvalue().encode("utf-8", "surrogatepass")
    yield b"\0" + lines
    yield b"\1" + lines


def _pictures(folder: Path) -> Try:
    from app.core.errors import UserError
    from app.reports import enclosures
    from app.views import pictures

    def one(data: bytes) -> None:
        enclosures.picture(data)
        for act in (pictures.look_of, pictures.picture):
            try:
                act(data)
            except UserError:
                continue

    return one


def _picture_seeds() -> Iterator[bytes]:
    from PIL import Image

    for kind in ("PNG", "JPEG", "GIF", "BMP", "WEBP"):
        for mode in ("RGB", "L"):
            content = io.BytesIO()
            Image.new(mode, (7, 5)).save(
                content, kind, **({"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"} if kind != "BMP" else {})
            )
            yield content.getvalue()
    content = io.BytesIO()
    Image.new("RGBA", (3, 3)).save(content, "PNG", dpi=(1, 1))
    yield content.getvalue()
    yield b"II*\0\x08\0\0\0\0\0\0\0"
    yield b"8BPS\0\1" + bytes(40)
    yield b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'


def _pdfs(folder: Path) -> Try:
    from app.core.errors import UserError
    from app.reports import enclosures, verifying
    from app.views import pictures

    session = _branch(folder)

    def one(data: bytes) -> None:
        for act in (lambda: _looked_at(pictures.pdf(data)), lambda: verifying._verdict(session, "a.pdf", data)):
            try:
                act()
            except UserError:
                continue
        if enclosures.page_sizes(data):
            _enclosed(data)

    return one


def _looked_at(data: bytes) -> None:
    from app.views.paper import Pages

    pages = Pages(data)
    for place in range(min(3, len(pages))):
        pages.image(place, 0.3)
    pages.close()


def _enclosed(data: bytes) -> None:
    """Its first page on a page of ours, as in the file of a case."""
    from typing import cast

    from reportlab.pdfgen.canvas import Canvas

    from app.models.attachments import File
    from app.reports import enclosures

    class Given:
        def content(self) -> bytes:
            return data

    ours = io.BytesIO()
    canvas = Canvas(ours, invariant=1)
    canvas.showPage()
    canvas.save()
    enclosures.filled(ours.getvalue(), [enclosures.Inset(0, cast(File, Given()), 0, 10, 10, 100, 100)])


def _pdf_seeds() -> Iterator[bytes]:
    from reportlab.pdfgen.canvas import Canvas

    for texts in (("a",), ("a", "b"), tuple(CHOSEN)[:3]):
        content = io.BytesIO()
        canvas = Canvas(content, invariant=1, pageCompression=0)
        for text in texts:
            canvas.drawString(20, 20, text)
            canvas.acroForm.textfield(name=text, x=1, y=1)
            canvas.linkURL("file:///etc/passwd", (0, 0, 9, 9))
            canvas.showPage()
        canvas.save()
        yield content.getvalue()
        yield content.getvalue().replace(b"/Type /Catalog", b"/Type /Catalog /OpenAction << /S /JavaScript /JS (app.alert(1)) >>")
        yield content.getvalue().replace(b"/MediaBox [ 0 0", b"/MediaBox [ -9e9 0")
    yield from shared("*.pdf", 60_000, 5)


def _chats(folder: Path) -> Try:
    from app.services import chat_text

    session = _branch(folder)

    def one(data: bytes) -> None:
        found = chat_text.read(session, data.decode("utf-8", "surrogateescape" if len(data) % 2 else "replace"))
        codes = [each.code for each in found.found]
        assert len(codes) == len(set(codes)), "a code is told twice"

    return one


def _chat_seeds() -> Iterator[bytes]:
    yield from (one.encode("utf-8", "surrogatepass") for one in CHOSEN.values())
    yield "昨天下午 3 点半，鑫瑞达商行 138-0000-1234 说云岭（硬）批次号：A2026/11 有霉变，生产 2026年1月5日".encode()
    yield "11-23 14:20 batch no. YL-01/7 11月20日晚上12点".encode()


HARNESSES = {
    "archives": Harness("open archives: table of contents, manifest, rows, and back", _archives, _archive_seeds),
    "backups": Harness("backups: manifest, seal, list of attachments, unpacking", _backups, _backup_seeds),
    "key_files": Harness("key files whose sum fits, tries, signing in with them", _key_files, _key_seeds),
    "branch_workbooks": Harness("rows of branches' workbooks whose seal fits, merged", _branch_workbooks, _workbook_seeds),
    "pictures": Harness("pictures as they are shown and put on paper", _pictures, _picture_seeds),
    "pdfs": Harness("PDFs as they are shown, verified and put into a file of a case", _pdfs, _pdf_seeds),
    "chats": Harness("a text copied from a chat", _chats, _chat_seeds),
}
