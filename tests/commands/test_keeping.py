"""The commands that keep a branch safe, inside the test's process."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.core.lock import WindowLock
from tests.commands.desk import Desk
from tests.commands.desk import desk as desk
from tests.commands.desk import template as template
from tests.staffed import ADMIN, OWN, PASSWORD, quick
from tests.stores import entered_in, tables_of


def test_a_backup_is_made_listed_and_put_back(desk: Desk, tmp_path: Path) -> None:
    made = desk.run("backup", "--json")
    assert made.code == 0
    assert (made.json["branch"], made.json["kind"], made.json["counts"]["complaint"]) == ("CD", "hand", 1)
    assert made.json["second"] is None
    before = entered_in(desk.folder)
    listed = desk.run("backup", "--list", "--json").json
    assert [one["file"] for one in listed] == [made.json["file"]]
    told = desk.run("backup", "--list")
    assert "by hand\t1\t0\t1\t0\t0\t" in told.out
    desk.run("add", "customer", given={"name": "后来的"})
    said = desk.refused("restore", made.json["file"])
    assert "Write --yes" in said
    done = desk.run("restore", made.json["file"], "--yes", "--json")
    assert done.code == 0
    assert Path(done.json["aside"], "kesu.db").exists()
    assert entered_in(desk.folder) == before
    assert "is back in" in desk.run("restore", made.json["file"], "--yes").out


def test_another_folder_gets_a_backup_that_makes_a_new_desk(desk: Desk, tmp_path: Path) -> None:
    usb = tmp_path / "usb"
    assert "Backed up and checked: " in desk.run("backup", usb).out
    (file,) = usb.glob("*.kesu")
    before = entered_in(desk.folder)
    shutil.rmtree(desk.folder)
    assert desk.run("restore", file).code == 0
    assert entered_in(desk.folder) == before
    assert "by hand" in desk.run("backup", usb, "--list").out


def test_the_newest_backup_is_tried_out(desk: Desk) -> None:
    assert "There is no backup yet" in desk.refused("backup", "--try")
    file = Path(desk.run("backup", "--json").json["file"])
    assert "was restored for a trial and is whole." in desk.run("backup", "--try").out
    assert desk.run("backup", "--try", "--json").json["file"] == str(file)
    assert len(desk.run("backup", "--list", "--json").json) == 1
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    assert "is damaged or no backup" in desk.refused("backup", "--try")


def test_attachments_that_are_gone_are_counted(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"a")
    desk.run("attach", "KH-0001", tmp_path / "a.jpg")
    shutil.rmtree(desk.folder / "attachments")
    made = desk.run("backup")
    assert (made.code, made.out.splitlines()[-1]) == (3, "Attachments that are gone or damaged: 1.")
    archived = desk.run("archive", tmp_path / "a.zip")
    assert (archived.code, archived.out.splitlines()[-1]) == (3, "Attachments that are gone or damaged: 1.")


def test_what_cannot_be_restored_is_refused(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "odd.kesu").write_bytes(b"no backup")
    assert "is damaged or no backup" in desk.refused("restore", tmp_path / "odd.kesu", "--yes")
    assert "There is no file" in desk.refused("restore", tmp_path / "gone.kesu", "--yes")
    file = desk.run("backup", "--json").json["file"]
    with WindowLock(desk.folder):
        assert "is open in another window" in desk.refused("restore", file, "--yes")


def test_a_missing_database_is_not_made_anew(desk: Desk) -> None:
    file = desk.run("backup", "--json").json["file"]
    (desk.folder / "kesu.db").unlink()
    for arguments in (("list", "customers"), ("init", "--branch-code", "CD", "--branch-name", "x")):
        told = desk.run(*arguments)
        assert told.code == 1
        assert f"kesu restore {file}" in told.err
    assert not (desk.folder / "kesu.db").exists()
    assert desk.run("restore", file, "--yes").code == 0
    assert desk.run("show", "KH-0001").code == 0


@pytest.mark.parametrize("name", ["out.zip"])
def test_an_archive_goes_out_and_in_again(desk: Desk, tmp_path: Path, name: str) -> None:
    written = desk.run("archive", tmp_path / name, "--json")
    assert (written.code, written.json["counts"]["customer"], written.json["missing"]) == (0, 1, 0)
    before = tables_of(desk.folder)
    assert "already holds a branch" in desk.refused("unarchive", tmp_path / name)
    assert "is a folder" in desk.refused("archive", tmp_path)
    shutil.rmtree(desk.folder)
    assert desk.run("unarchive", tmp_path / name, "--json").json["branch"] == "CD"
    after = tables_of(desk.folder)
    assert {table: rows for table, rows in after.items() if table != "schema_migration"} == {
        table: rows for table, rows in before.items() if table != "schema_migration"
    }


@pytest.fixture
def staffed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """王敏 administers it, 李华 is clerk; both have their own password."""
    quick(monkeypatch)
    monkeypatch.setenv("KESU_PASSWORD", PASSWORD)
    assert desk.run("staff", "protect", ADMIN).code == 0
    once = desk.run("staff", "add", "李华", "--role", "clerk", "--user", ADMIN, "--json").json["password"]
    monkeypatch.setenv("KESU_PASSWORD", once)
    monkeypatch.setenv("KESU_NEW_PASSWORD", OWN)
    assert desk.run("staff", "password", "--user", "李华").code == 0
    monkeypatch.setenv("KESU_PASSWORD", PASSWORD)
    return desk


def test_with_passwords_an_administrator_restores(staffed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    file = staffed.run("backup", "--user", ADMIN, "--json").json["file"]
    assert "An administrator can put a backup in their place. Write --user NAME" in staffed.refused(
        "restore", file, "--yes", code=5
    )
    monkeypatch.setenv("KESU_PASSWORD", OWN)
    assert "李华 is no administrator" in staffed.refused("restore", file, "--yes", "--user", "李华", code=5)
    assert "Name or password is wrong" in staffed.refused("restore", file, "--yes", "--user", ADMIN, code=5)
    monkeypatch.setenv("KESU_PASSWORD", PASSWORD)
    staffed.run("add", "customer", "--user", ADMIN, given={"name": "后来的"})
    assert "Write --yes" in staffed.refused("restore", file, "--user", ADMIN)
    assert staffed.run("restore", file, "--yes", "--user", ADMIN).code == 0
    assert "后来的" not in staffed.run("list", "customers", "--user", ADMIN).out
    assert staffed.run("check", "--user", ADMIN).code == 0


def test_a_backup_from_before_somebody_left_asks_for_its_own_password(staffed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    file = staffed.run("backup", "--user", ADMIN, "--json").json["file"]
    assert staffed.run("staff", "disable", "李华", "--user", ADMIN).code == 0
    monkeypatch.setenv("KESU_NEW_PASSWORD", "窗外的雨落在石板上很轻")
    assert staffed.run("staff", "password", "--user", ADMIN).code == 0
    monkeypatch.setenv("KESU_PASSWORD", "窗外的雨落在石板上很轻")
    told = staffed.run("restore", file, "--yes", "--user", ADMIN)
    assert told.code == 5
    assert "This backup has other keys than the data here" in told.err
    assert "Put it into KESU_BACKUP_PASSWORD" in told.err
    monkeypatch.setenv("KESU_BACKUP_PASSWORD", PASSWORD)
    assert staffed.run("restore", file, "--yes", "--user", ADMIN).code == 0
    monkeypatch.setenv("KESU_PASSWORD", PASSWORD)
    assert staffed.run("list", "customers", "--user", ADMIN).code == 0
