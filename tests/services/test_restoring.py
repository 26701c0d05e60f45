"""Restoring: what comes back is equal, what was there is kept, and what is not whole is refused."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from app.core import database as store
from app.core import replacing
from app.core.errors import UserError
from app.core.progress import Progress
from app.core.session import Session
from app.models.customers import Customer
from app.services import backup_file, backup_places, backups, erased_list, erasures, restoring, workplace
from app.services.backup_places import State, home
from app.services.restore_rights import Right
from app.services.restoring import Restored
from tests.make import Make
from tests.stores import entered_in, files_of, fill

LATEST = workplace.LATEST


@pytest.fixture
def branch(make: Make, tmp_path: Path) -> Session:
    fill(make, tmp_path)
    return make.session


def made(session: Session, place: Path | None = None) -> Path:
    return backups.make(session.folder, "hand", session.clock(), place=place).backup.path


def restored(session: Session, path: Path, folder: Path | None = None) -> Restored:
    return restoring.restore(folder or session.folder, path, LATEST, session.clock(), Progress(), Right(session.user))


def test_what_comes_back_into_an_empty_folder_is_equal(branch: Session, tmp_path: Path) -> None:
    path = made(branch, tmp_path / "usb")
    done = restored(branch, path, tmp_path / "new")
    assert (done.aside, done.missing) == (None, 0)
    assert entered_in(tmp_path / "new") == entered_in(branch.folder)
    assert files_of(tmp_path / "new") == files_of(branch.folder)
    assert sorted(one.name for one in (tmp_path / "new").iterdir()) == ["attachments", "backups", "kesu.db", "replacing.lock"]
    assert workplace.open_folder(tmp_path / "new").branch.name == "城东分公司"


def test_in_place_the_present_data_is_set_aside_and_backed_up(branch: Session, make: Make) -> None:
    path = made(branch)
    then = entered_in(branch.folder)
    make.customer(name="后来的")
    now = entered_in(branch.folder)
    (branch.folder / "keys.json").write_text("{}")
    done = restored(branch, path)
    assert entered_in(branch.folder) == then
    assert done.aside is not None
    assert entered_in(done.aside) == now
    assert (done.aside / "keys.json").exists()
    assert not (branch.folder / "keys.json").exists()
    kinds = [one.manifest.kind for one in backup_places.listed(home(branch.folder)).backups]
    assert "restore" in kinds
    before = next(one for one in backup_places.listed(home(branch.folder)).backups if one.manifest.kind == "restore")
    restored(branch, before.path)
    assert entered_in(branch.folder) == now
    assert (branch.folder / "keys.json").exists()


def test_a_damaged_backup_is_refused_and_nothing_is_changed(branch: Session) -> None:
    path = made(branch)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    before = entered_in(branch.folder)
    with pytest.raises(UserError, match="is damaged or no backup"):
        restored(branch, path)
    assert entered_in(branch.folder) == before
    assert not (branch.folder / "aside").exists()


def resealed(path: Path, members: dict[str, bytes]) -> Path:
    """A backup of other members, as somebody could make it who means no good."""
    with zipfile.ZipFile(path) as found:
        inside = {name: found.read(name) for name in found.namelist()} | members
    with zipfile.ZipFile(path, "w") as made:
        for name, content in inside.items():
            made.writestr(name, content)
        made.comment = b"0" * 64
    with path.open("r+b") as stream:
        seal, _length = backup_file.digest_of(stream, path.stat().st_size - 64)
        stream.seek(-64, 2)
        stream.write(seal.encode())
    return path


@pytest.mark.parametrize(
    "members",
    [
        {"../evil.txt": b"x"},
        {"/etc/evil": b"x"},
        {"keys/../../evil.json": b"x"},
        {"attachments.txt": b"../../etc/passwd 1\n"},
        {"attachments.txt": b"x" * 1_000_000},
        {"manifest.json": b"[]"},
        {"manifest.json": b'{"kind": 1}'},
        {"manifest.json": b"[" * 100_000},
        {"kesu.db": b"SQLite format 3\0 but another"},
    ],
)
def test_a_backup_made_to_do_harm_is_refused(branch: Session, tmp_path: Path, members: dict[str, bytes]) -> None:
    path = resealed(made(branch, tmp_path / "usb"), members)
    outside = {one.name for one in tmp_path.iterdir()}
    with pytest.raises(UserError, match="is damaged or no backup"):
        restored(branch, path, tmp_path / "new")
    assert {one.name for one in tmp_path.iterdir()} - outside <= {"new"}
    assert not store.exists(tmp_path / "new")
    assert not (tmp_path / "new" / ".coming").exists()


def test_a_backup_of_a_newer_program_is_refused(branch: Session) -> None:
    path = made(branch)
    with pytest.raises(UserError, match="newer program"):
        restoring.restore(branch.folder, path, LATEST - 1, branch.clock(), Progress(), Right("王敏"))


def test_attachments_that_nobody_has_are_counted(branch: Session, tmp_path: Path) -> None:
    path = made(branch, tmp_path / "usb")
    shutil.rmtree(tmp_path / "usb" / "attachments")
    assert restored(branch, path, tmp_path / "new").missing == 2
    assert restored(branch, path).missing == 0  # the folder itself has them


def test_a_spoilt_attachment_is_mended_from_the_backup(branch: Session, tmp_path: Path) -> None:
    path = made(branch, tmp_path / "usb")
    before = files_of(branch.folder)
    spoilt = next((branch.folder / "attachments").glob("*/*"))
    spoilt.write_bytes(bytes(len(spoilt.read_bytes())))
    restored(branch, path)
    assert files_of(branch.folder) == before


def test_a_database_that_another_program_has_open_is_not_replaced(branch: Session) -> None:
    path = made(branch)
    other = store.open_file(branch.folder / store.FILE_NAME, fixed=False)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM customer").fetchone()
    try:
        with pytest.raises(UserError, match="five seconds"):
            restored(branch, path)
    finally:
        other.close()
    assert not (branch.folder / "aside").exists()
    assert workplace.open_folder(branch.folder).branch.code == "CD"


def test_a_damaged_or_missing_database_is_set_aside_and_the_newest_good_backup_named(branch: Session) -> None:
    path = made(branch)
    then = entered_in(branch.folder)
    store.close()
    file = branch.folder / store.FILE_NAME
    file.write_bytes(b"\xa5" * 5000)
    with pytest.raises(store.Unusable, match=r"is damaged.*The newest good backup is of 2026-11-23 14:32: kesu restore .*CD_"):
        workplace.open_folder(branch.folder)
    done = restored(branch, path)
    assert done.aside is not None
    assert (done.aside / "kesu.db").read_bytes() == b"\xa5" * 5000
    assert entered_in(branch.folder) == then
    file.unlink()
    with pytest.raises(store.Unusable, match=r"There is no database in .*The newest good backup"):
        workplace.open_folder(branch.folder)
    with pytest.raises(store.Unusable, match=r"is missing\. Put a backup back"):
        workplace.init(branch.folder, {"code": "CD", "name": "x"})
    assert not file.exists()


def test_the_newest_good_one_is_offered_not_the_newest(branch: Session, make: Make) -> None:
    good = made(branch)
    branch.clock.advance(days=1)  # type: ignore[attr-defined]
    make.customer(name="后来的")
    bad = made(branch)
    bad.write_bytes(bad.read_bytes()[:-1] + b"x")
    found = backup_places.newest_good(home(branch.folder))
    assert found is not None
    assert found.path == good


def test_the_drill_opens_the_newest_backup_and_takes_it_away_again(branch: Session) -> None:
    with pytest.raises(UserError, match="no backup yet"):
        restoring.drill(branch, LATEST, Progress())
    path = made(branch)
    before = sorted(one.name for one in branch.folder.iterdir())
    done = restoring.drill(branch, LATEST, Progress())
    assert (done.backup.path, done.missing) == (path, 0)
    assert sorted(one.name for one in branch.folder.iterdir()) == before
    assert State(branch.folder).moment("drill_at") == branch.clock()
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(UserError, match="is damaged"):
        restoring.drill(branch, LATEST, Progress())
    assert "is damaged" in State(branch.folder).read()["drill_failed"]


def test_the_drill_is_due_a_month_after_the_last(branch: Session) -> None:
    made(branch)
    assert not backups.outlook(branch).drill_due
    branch.clock.advance(days=32)  # type: ignore[attr-defined]
    assert backups.outlook(branch).drill_due
    restoring.drill(branch, LATEST, Progress())
    assert not backups.outlook(branch).drill_due


def test_what_is_there_is_told_in_numbers(branch: Session, tmp_path: Path) -> None:
    there = restoring.present(branch.folder)
    assert there is not None
    assert (there.counts["complaint"], there.last_at) == (2, branch.clock())
    assert restoring.present(tmp_path) is None


# Broken off.


class _Killed(BaseException):
    pass


@pytest.mark.parametrize("turn", range(12))
def test_broken_off_at_any_rename_it_ends_as_the_old_or_the_new(
    branch: Session, make: Make, turn: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each rename in turn is the one that does not happen any more."""
    (branch.folder / "keys.json").write_text("new")
    path = made(branch)
    then = entered_in(branch.folder)
    (branch.folder / "keys.json").write_text("old")
    make.customer(name="后来的")
    now = entered_in(branch.folder)
    store.close()
    left = [turn]
    replace = Path.replace

    def broken(self: Path, target: Path) -> Path:
        if ".coming" in (*self.parts, *Path(target).parts) or "aside" in Path(target).parts:
            left[0] -= 1
            if left[0] < 0:
                raise _Killed
        return replace(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", broken)
        try:
            with restoring.prepared(branch.folder, path, LATEST, branch.clock(), Progress(), Right("王敏")) as ready:
                restoring.put_in_place(ready, branch.clock())
        except _Killed:
            pass
    workplace.open_folder(branch.folder)
    store.close()
    keys = (branch.folder / "keys.json").read_text()
    assert (entered_in(branch.folder), keys) in ((then, "new"), (now, "old"))
    assert not (branch.folder / ".coming").exists()
    aside = list((branch.folder / "aside").glob("*")) if keys == "new" else []
    assert [(entered_in(one), (one / "keys.json").read_text()) for one in aside] == [(now, "old")] * len(aside)


def test_without_the_plan_a_break_loses_the_database(branch: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: set aside and replaced without a plan, a break between the two leaves no database."""
    path = made(branch)
    store.close()
    monkeypatch.setattr(replacing, "_write", lambda *_asked: None)
    with restoring.prepared(branch.folder, path, LATEST, branch.clock(), Progress(), Right("王敏")) as _ready:
        replacing._set_aside(branch.folder, "x")
    assert not store.exists(branch.folder)
    with pytest.raises(store.Unusable):
        workplace.open_folder(branch.folder)


def test_while_one_is_being_put_back_nobody_opens_the_folder(branch: Session) -> None:
    path = made(branch)
    with restoring.prepared(branch.folder, path, LATEST, branch.clock(), Progress(), Right("王敏")):
        workplace.open_folder(branch.folder)  # what is here counts until the plan is written
        (branch.folder / ".coming" / "plan.json").write_text("{}")
        with pytest.raises(UserError, match="is being replaced just now"):
            workplace.open_folder(branch.folder)
        (branch.folder / ".coming" / "plan.json").unlink()


def test_who_was_erased_is_erased_again_when_older_data_come_back(branch: Session, make: Make) -> None:
    gone = make.customer(name="删除前的名字", phone="13900001111")
    path = made(branch)
    erasures.erase(branch, gone, "客户要求")
    restored(branch, path)
    workplace.open_folder(branch.folder)
    back = Customer.get(Customer.number == gone.number)
    assert "删除前的名字" not in back.name
    store.database.execute_sql("UPDATE customer SET name = '删除前的名字' WHERE number = ?", (gone.number,))
    store.close()
    workplace.open_folder(branch.folder)  # only once: the next start does not look through all customers
    assert Customer.get(Customer.number == gone.number).name == "删除前的名字"


def test_who_was_erased_is_known_on_another_computer_too(branch: Session, make: Make, tmp_path: Path) -> None:
    """There an older backup, or a register, could else bring the person back."""
    gone = make.customer(name="删除前的名字", phone="13900001111")
    older = made(branch)
    erasures.erase(branch, gone, "客户要求")
    newer, known = made(branch, tmp_path / "stick"), erased_list.listed(branch.folder)
    restored(branch, newer, tmp_path / "new")
    assert erased_list.listed(tmp_path / "new") == known
    session = workplace.open_folder(tmp_path / "new")
    assert erasures.is_erased(session, Customer.get(Customer.number == gone.number))
    restored(session, older, tmp_path / "new")
    workplace.open_folder(tmp_path / "new")
    assert "删除前的名字" not in Customer.get(Customer.number == gone.number).name
    assert erased_list.listed(tmp_path / "new").keys() >= known.keys()


def test_after_a_restore_what_is_made_is_newer_than_what_was_set_aside(branch: Session, make: Make) -> None:
    """Though its history is shorter: the longer one was given up."""
    path = made(branch)
    for name in ("甲", "乙", "丙"):
        make.customer(name=name)
    folder = branch.folder
    longer = made(branch)
    restored(branch, path)
    after = backups.make(folder, "hand", branch.clock()).backup
    assert after.manifest.history < backup_places.found_at(longer).manifest.history
    assert backup_places.listed(backup_places.home(folder)).backups[0].path == after.path
