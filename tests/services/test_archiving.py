"""The open archive: readable by others, equal when it comes back, and refused where it means harm."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.core import database as store
from app.core.errors import Cancelled, UserError
from app.core.progress import Progress
from app.core.session import Session
from app.models.customer_queries import suggest
from app.services import archive_form, archiving, checking, erased_list, erasures, unarchiving, workplace
from tests.make import Make
from tests.stores import files_of, fill, tables_of

Members = dict[str, bytes]


@pytest.fixture
def branch(make: Make, tmp_path: Path) -> Session:
    fill(make, tmp_path)
    return make.session


@pytest.fixture
def archive(branch: Session, tmp_path: Path) -> Path:
    path = tmp_path / "out.zip"
    archiving.write(branch, path, Progress())
    return path


def taken_in(path: Path, folder: Path, session: Session) -> dict[str, int]:
    return unarchiving.take_in(path, folder, session.clock(), Progress())


def members(path: Path) -> Members:
    with zipfile.ZipFile(path) as found:
        return {name: found.read(name) for name in found.namelist()}


def rezipped(path: Path, content: Members) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in content.items():
            made.writestr(name, data)
    return path


def test_an_archive_comes_back_equal(branch: Session, archive: Path, tmp_path: Path) -> None:
    counts = taken_in(archive, tmp_path / "new", branch)
    before, after = tables_of(branch.folder), tables_of(tmp_path / "new")
    assert before.keys() == after.keys()
    for name in before.keys() - {"schema_migration"}:
        assert after[name] == before[name], name
    assert sum(len(rows) for rows in before.values()) > 100
    assert counts["complaint"] == len(after["complaint"]) == 2
    assert files_of(tmp_path / "new") == files_of(branch.folder)
    again = workplace.open_folder(tmp_path / "new")
    assert [one.number for one in suggest(again, "13800001234")] == ["KH-0001"]
    assert Make(again).customer(name="下一个").number == "KH-0002"


def test_who_was_erased_is_known_where_the_archive_is_taken_in(branch: Session, make: Make, tmp_path: Path) -> None:
    erasures.erase(branch, make.customer(name="删除前的名字", phone="13900001111"), "客户要求")
    known = erased_list.listed(branch.folder)
    archiving.write(branch, tmp_path / "all.zip", Progress())
    taken_in(tmp_path / "all.zip", tmp_path / "new", branch)
    assert erased_list.listed(tmp_path / "new") == known
    assert checking.check(workplace.open_folder(tmp_path / "new")) == []


def test_others_can_read_it(branch: Session, archive: Path) -> None:
    content = members(archive)
    said = json.loads(content["manifest.json"])
    assert (said["format"], said["branch"]["name"]) == ("kesu-archive", "城东分公司")
    columns = {one["name"]: one for one in said["tables"]["complaint"]["columns"]}
    assert columns["received_at"]["kind"] == "instant"
    assert columns["description"]["label"] == "What happened"
    first = json.loads(content["tables/complaint.jsonl"].splitlines()[0])
    assert first["description"] == "霉变，烟纸发黄\n第二行"
    assert first["created_at"] == "2026-11-23T06:32:00.000+00:00"
    assert json.loads(content["tables/customer.jsonl"])["tags"] == ["大户"]
    assert not any(b'"raw"' in data for name, data in content.items() if name.startswith("tables/"))
    assert all(rows["rows"] == len(content[f"tables/{name}.jsonl"].splitlines()) for name, rows in said["tables"].items())
    assert "tables/schema_migration.jsonl" not in content


ODD: tuple[tuple[str, Any], ...] = (
    ("money", 12345), ("money", "odd"), ("money", 1.5), ("quantity", 1500), ("quantity", 0), ("day", "2026-11-23"),
    ("day", "odd"), ("day", 7),
    ("instant", 0), ("instant", -5), ("instant", 10**18), ("instant", "odd"), ("tags", "大户\n团购"),
    ("tags", ""), ("tags", "\n"),
    ("boolean", 1), ("boolean", 0), ("boolean", 7), ("text", "a\u2028\r\n\x00"), ("text", 5), ("text", b"\xff"), ("number", None),
    ("number", 2**62), ("number", 0.1), ("text", ""), ("text", "{\"raw\": 1}"),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "value"), ODD)
def test_whatever_is_stored_comes_back_as_it_is(kind: str, value: Any) -> None:
    columns = [archive_form.Column("x", kind, "")]
    (back,) = archive_form.row_of(columns, archive_form.line_of(columns, (value,)), "t:1")
    assert (back, type(back)) == (value, type(value))


def test_a_file_that_is_gone_is_named_and_the_rest_comes(branch: Session, tmp_path: Path) -> None:
    gone, spoilt = sorted((branch.folder / "attachments").glob("*/*"))
    gone.unlink()
    spoilt.write_bytes(b"x")
    done = archiving.write(branch, tmp_path / "out.zip", Progress())
    assert (set(done.missing), done.files) == ({gone.name, spoilt.name}, 0)
    taken_in(tmp_path / "out.zip", tmp_path / "new", branch)


def test_a_branch_is_not_written_over(branch: Session, archive: Path) -> None:
    with pytest.raises(UserError, match="already holds a branch"):
        taken_in(archive, branch.folder, branch)


def test_an_archive_that_breaks_off_leaves_the_older_file(branch: Session, archive: Path) -> None:
    before = archive.read_bytes()
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        archiving.write(branch, archive, progress)
    assert archive.read_bytes() == before
    assert not list(archive.parent.glob(".*.part"))


def test_an_archive_of_an_older_program_is_brought_up_to_date(branch: Session, tmp_path: Path) -> None:
    """Its tables are made as they were, filled, and opened as any older database is."""
    (row,) = store.database.execute_sql("SELECT code, name, time_zone, created_at FROM branch").fetchall()
    store.close()
    older = replace(branch, folder=tmp_path / "older")
    store.make_file(older.folder)
    store.open_database(older.folder)
    workplace.make_tables(workplace.LATEST - 1)
    columns = "code, name, address, phone, legal_name, credit_code, representative, letterhead, time_zone, sample, created_at"
    store.database.execute_sql(f"INSERT INTO branch ({columns}) VALUES (?, ?, '', '', '', '', '', '', ?, 0, ?)", row)
    archiving.write(older, tmp_path / "older.zip", Progress())
    store.close()
    taken_in(tmp_path / "older.zip", tmp_path / "new", branch)
    assert workplace.open_folder(tmp_path / "new").branch.code == "CD"
    assert store.database.execute_sql("PRAGMA user_version").fetchone() == (workplace.LATEST,)


# Hostile archives.


def manifest(content: Members, **values: object) -> Members:
    return content | {"manifest.json": json.dumps(json.loads(content["manifest.json"]) | values).encode()}


def row(content: Members, table: str, **values: object) -> Members:
    name = f"tables/{table}.jsonl"
    first, *rest = content[name].splitlines(keepends=True)
    changed = json.dumps(json.loads(first) | values).encode() + b"\n"
    return content | {name: b"".join((changed, *rest))}


HARM: dict[str, tuple[Callable[[Members], Members], str]] = {
    "slip": (lambda content: content | {"../evil.txt": b"x"}, "has no place"),
    "absolute": (lambda content: content | {"/tmp/evil.txt": b"x"}, "has no place"),
    "slip in tables": (lambda content: content | {"tables/../../evil.jsonl": b"x"}, "has no place"),
    "windows": (lambda content: content | {"C:\\evil.txt": b"x"}, "has no place"),
    "device": (lambda content: content | {"attachments/NUL": b"x"}, "has no place"),
    "more files": (lambda content: content | {f"attachments/{'ab' * 32}": b"x"}, "does not hold what"),
    "bomb": (lambda content: content | {"README.txt": bytes(300 << 20)}, "would unpack to"),
    "no manifest": (lambda content: {name: data for name, data in content.items() if name != "manifest.json"}, "manifest cannot"),
    "other manifest": (lambda content: content | {"manifest.json": b"[1]"}, "manifest cannot"),
    "deep": (lambda content: content | {"manifest.json": b"[" * 200_000}, "manifest cannot"),
    "newer tables": (lambda content: manifest(content, schema=workplace.LATEST + 1), "newer program"),
    "newer form": (lambda content: manifest(content, edition=2), "newer program"),
    "no version": (lambda content: manifest(content, schema=0), "does not hold what"),
    "older tables": (lambda content: manifest(content, schema=1), "not those of its version"),
    "no json": (lambda content: content | {"tables/customer.jsonl": b"{\n"}, "customer:1"),
    "other columns": (lambda content: row(content, "customer", evil=1), "other columns"),
    "a list": (lambda content: row(content, "customer", name=[1]), "customer:1"),
    "odd money": (lambda content: row(content, "complaint", claim_amount="many"), "complaint:1"),
    "too large": (lambda content: row(content, "customer", id=2**70), "customer"),
    "twice": (
        lambda content: content | {"tables/customer.jsonl": content["tables/customer.jsonl"] * 2},
        "table customer: UNIQUE",
    ),
    "too few": (lambda content: content | {"tables/setting.jsonl": b"", "tables/history.jsonl": b""}, "more or fewer rows"),
    "no such customer": (lambda content: row(content, "complaint", customer_id=77), "refers to one that is not there"),
}


@pytest.mark.parametrize("harm", HARM)
def test_a_hostile_archive_is_refused_and_leaves_nothing(branch: Session, archive: Path, tmp_path: Path, harm: str) -> None:
    change, words = HARM[harm]
    path = rezipped(archive, change(members(archive)))
    before = {one.name for one in tmp_path.iterdir()}
    with pytest.raises(UserError, match=words) as caught:
        taken_in(path, tmp_path / "new", branch)
    assert "Nothing was changed" in str(caught.value)
    assert {one.name for one in tmp_path.iterdir()} - before <= {"new"}
    left = [one.name for one in (tmp_path / "new").glob("*")] if (tmp_path / "new").exists() else []
    assert set(left) <= {"replacing.lock"}
    assert not workplace.is_expected(tmp_path / "new")


def test_an_attachment_that_is_not_what_its_name_says_is_refused(branch: Session, archive: Path, tmp_path: Path) -> None:
    content = members(archive)
    name = next(one for one in content if one.startswith("attachments/"))
    with pytest.raises(UserError, match="is not what its name says"):
        taken_in(rezipped(archive, content | {name: bytes(len(content[name]))}), tmp_path / "new", branch)
    assert not workplace.is_expected(tmp_path / "new")


def test_a_bomb_whose_parts_overlap_is_refused(branch: Session, archive: Path, tmp_path: Path) -> None:
    """Many names for the same packed bytes: each by itself is not too dense."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("README.txt", bytes(12 << 20))
    data = buffer.getvalue()
    start = data.index(b"PK\x01\x02")
    central, end = data[start : data.index(b"PK\x05\x06")], data[data.index(b"PK\x05\x06") :]
    entries = b"".join(
        central.replace(b"README.txt", name) for name in (b"README.txt", *(b"README.%03d" % n for n in range(200)))
    )
    tail = end[:8] + struct.pack("<HHII", 201, 201, len(entries), start) + end[20:]
    archive.write_bytes(data[:start] + entries + tail)
    with pytest.raises(UserError, match=r"has no place|would unpack to"):
        taken_in(archive, tmp_path / "new", branch)


@pytest.mark.parametrize("size", [0, 3, 1000])
def test_what_is_no_archive_is_said(branch: Session, archive: Path, tmp_path: Path, size: int) -> None:
    archive.write_bytes(archive.read_bytes()[:size])
    with pytest.raises(UserError, match="damaged or no archive"):
        taken_in(archive, tmp_path / "new", branch)


def test_a_disk_without_room_is_said_before_anything_is_unpacked(
    branch: Session, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: type("Usage", (), {"free": 1000})())
    with pytest.raises(UserError, match="Make room"):
        taken_in(archive, tmp_path / "new", branch)
    assert not store.exists(tmp_path / "new")
