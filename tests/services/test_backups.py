"""Backups: made, checked, thinned out, copied to the second place, and missed when they are missing."""

from __future__ import annotations

import json
import threading
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from app.core import database as store
from app.core.errors import Cancelled, UserError
from app.core.progress import Progress
from app.core.session import Session
from app.services import backup_file, backup_places, backups, importing
from app.services.backup_file import Manifest
from app.services.backup_places import Backup, State, home, listed
from tests.conftest import Clock
from tests.make import Make
from tests.stores import fill


@pytest.fixture
def branch(make: Make, tmp_path: Path) -> Session:
    fill(make, tmp_path)
    return make.session


def made(session: Session, kind: str = "hand", place: Path | None = None) -> Backup:
    return backups.make(session.folder, kind, session.clock(), place=place).backup


def names(place: Path) -> list[str]:
    return sorted(path.name for path in place.iterdir())


def test_a_backup_is_one_file_that_says_what_it_holds(branch: Session) -> None:
    backup = made(branch)
    assert backup.path.name.startswith("CD_20261123-143200_hand_h")
    held = backup.manifest
    assert (held.branch_name, held.counts["complaint"], held.counts["customer"], held.files) == ("城东分公司", 2, 1, 2)
    assert held.history == max(row[0] for row in store.database.execute_sql("SELECT id FROM history").fetchall())
    assert held.missing == ()
    assert names(home(branch.folder)) == sorted([backup.path.name, "attachments", "making.lock", "state.json"])
    assert len(list((home(branch.folder) / "attachments").glob("*/*"))) == 2
    with zipfile.ZipFile(backup.path) as found:
        assert found.namelist() == ["manifest.json", "kesu.db", "attachments.txt"]
        assert found.testzip() is None


def test_nothing_changed_means_no_backup_and_no_look_into_the_database(
    branch: Session, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert backups.before(branch, "closing")
    monkeypatch.setattr(store, "open_file", lambda *_asked, **_named: pytest.fail("the database was opened"))
    assert backups.before(branch, "closing") is None
    store.close()
    assert not backups.changed(branch.folder)
    monkeypatch.undo()
    store.open_database(branch.folder)
    assert not backups.changed(branch.folder)
    make.customer(name="后来的")
    assert backups.changed(branch.folder)
    assert backups.before(branch, "closing")
    next(iter(home(branch.folder).glob("*.kesu"))).unlink()
    State(branch.folder).put(last="gone.kesu")
    assert backups.changed(branch.folder)


def test_key_files_are_in_every_backup(branch: Session) -> None:
    for name in ("keys.json", "keys-copy.json"):
        (branch.folder / name).write_text(f'{{"wrapped": "{name}"}}')
    backup = made(branch)
    with zipfile.ZipFile(backup.path) as found:
        assert json.loads(found.read("keys.json")) == {"wrapped": "keys.json"}
        assert "keys-copy.json" in found.namelist()


def test_what_is_written_meanwhile_is_in_the_next_one(branch: Session, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_to = store.copy_to

    def slow(target: Path, reading: object, progress: Progress) -> None:
        make.customer(name="正在登记")
        copy_to(target, reading, progress)

    monkeypatch.setattr(store, "copy_to", slow)
    assert made(branch).manifest.counts["customer"] == 1
    monkeypatch.undo()
    assert backups.changed(branch.folder)
    assert made(branch).manifest.counts["customer"] == 2


def test_an_attachment_that_is_gone_or_spoilt_is_named_and_the_rest_is_kept(branch: Session) -> None:
    first, second = sorted((branch.folder / "attachments").glob("*/*"))
    first.unlink()
    second.write_bytes(b"spoilt")
    assert set(made(branch).manifest.missing) == {first.name, second.name}


# Damage.


def is_found(path: Path) -> bool:
    try:
        backup_file.check_seal(path, Progress())
        backup_file.manifest_of(path)
    except UserError as error:
        return "is damaged or no backup" in str(error)
    return False


def test_any_byte_that_changes_is_found(branch: Session) -> None:
    path = made(branch).path
    whole = path.read_bytes()
    assert not is_found(path)
    rng = Random(7)
    for place in [*rng.sample(range(len(whole)), 60), 0, len(whole) - 1]:
        spoilt = bytearray(whole)
        spoilt[place] ^= 1 << rng.randrange(8)
        path.write_bytes(spoilt)
        assert is_found(path), place
    for length in (0, 1, 63, 64, 100, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        assert is_found(path), length
    path.write_bytes(whole + b"x")
    assert is_found(path)


def test_without_the_check_damage_is_not_found(branch: Session, tmp_path: Path) -> None:
    """The control: SQLite alone opens a plain copy with a changed text as if nothing were wrong."""
    with store.snapshot(branch.folder / store.FILE_NAME) as reading:
        store.copy_to(tmp_path / "kesu.db", reading, Progress())
        counted = backups.counts(reading)
    content = (tmp_path / "kesu.db").read_bytes()
    (tmp_path / "kesu.db").write_bytes(content.replace("霉变".encode(), "完好".encode()))
    backups.check_database(tmp_path / "kesu.db", counted)


def test_a_backup_that_does_not_come_out_right_leaves_the_older_ones(
    branch: Session, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = made(branch)
    before = names(home(branch.folder))
    make.customer(name="后来的")
    copy_to = store.copy_to

    def spoil(target: Path, reading: object, progress: Progress) -> None:
        copy_to(target, reading, progress)
        content = target.read_bytes()
        target.write_bytes(content[:20480] + b"\xa5" * 8192 + content[28672:])

    monkeypatch.setattr(store, "copy_to", spoil)
    with pytest.raises(UserError, match=r"did not stand its check|is damaged"):
        made(branch)
    assert names(home(branch.folder)) == before
    assert not is_found(backup.path)


def test_it_can_be_stopped_with_nothing_left(branch: Session) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        backups.make(branch.folder, "closing", branch.clock(), progress)
    assert names(home(branch.folder)) == ["making.lock"]


def test_a_place_that_is_no_folder_is_said(branch: Session, tmp_path: Path) -> None:
    place = tmp_path / "readonly"
    place.write_text("a file in the way of the folder")
    with pytest.raises(UserError, match="readonly"):
        made(branch, place=place)


def test_two_at_once_wait_for_each_other(branch: Session) -> None:
    failed: list[BaseException] = []

    def work() -> None:
        try:
            with store.connection():
                made(branch)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _turn in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len({one.path for one in listed(home(branch.folder)).backups}) >= 1
    assert not any(is_found(one.path) for one in listed(home(branch.folder)).backups)


def test_another_program_that_takes_too_long_is_named(branch: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backups, "_PATIENCE", 0.0)
    with backups._one_at_a_time(branch.folder, Progress()), pytest.raises(UserError, match="is making a backup"):
        made(branch)


# Rotation.


def backup_at(moment: datetime, kind: str = "daily") -> Backup:
    manifest = Manifest(kind, moment, "CD", "x", "Asia/Shanghai", 1, 0, "", {}, None, 0, "", 0, 0, ())
    return Backup(Path(f"{kind}-{moment:%Y%m%d-%H%M}.kesu"), manifest, 0)


def test_thirty_days_and_twelve_months_stay_and_what_was_made_before_something() -> None:
    last = datetime(2026, 11, 23, 10, tzinfo=UTC)
    every = [backup_at(last - timedelta(hours=12 * turn)) for turn in range(1400)]
    imports = [backup_at(last - timedelta(days=3, hours=turn), "import") for turn in range(9)]
    old = backup_at(last - timedelta(days=400), "migration")
    ordered = sorted([*every, *imports, old], key=lambda one: one.manifest.made_at, reverse=True)
    kept = backup_places.kept(ordered)
    stay = [one for one in ordered if one.path in kept]
    daily = [one for one in stay if one.manifest.kind == "daily"]
    assert len({one.local.date() for one in daily[:30]}) == 30
    assert (last - daily[29].manifest.made_at).days in (29, 30)
    assert len({(one.local.year, one.local.month) for one in daily}) == 12
    assert [one for one in stay if one.manifest.kind == "import"] == imports[:5]
    assert old in stay
    assert len(stay) <= 30 + 12 + 5 + 1


def test_the_newest_of_a_day_stays_and_attachments_go_with_the_last_that_needs_them(branch: Session) -> None:
    early = made(branch, "closing")
    place = home(branch.folder)
    stray = backup_places.attachment(place, "ab" * 32)
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"of a backup that is gone")
    branch.clock.advance(hours=1)  # type: ignore[attr-defined]
    late = made(branch, "closing")
    assert [one.path for one in listed(place).backups] == [late.path]
    assert not early.path.exists()
    assert not stray.exists()
    assert len(list((place / "attachments").glob("*/*"))) == 2


def test_a_file_that_cannot_be_read_stays_and_all_attachments_with_it(branch: Session) -> None:
    place = home(branch.folder)
    made(branch, "closing")
    (place / "odd.kesu").write_bytes(b"no zip")
    stray = backup_places.attachment(place, "ab" * 32)
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"perhaps of the one that cannot be read")
    branch.clock.advance(hours=1)  # type: ignore[attr-defined]
    made(branch, "closing")
    assert [path.name for path in listed(place).unreadable] == ["odd.kesu"]
    assert stray.exists()
    assert backup_places.newest_good(place) is not None


# The second place.


def test_each_backup_is_copied_to_the_second_place_with_its_attachments(branch: Session, tmp_path: Path, make: Make) -> None:
    usb = tmp_path / "usb"
    usb.mkdir()
    backups.set_second_place(branch, usb)
    assert backups.make(branch.folder, "hand", branch.clock()).second_failed == ""
    (copy,) = listed(usb / "kesu-CD").backups
    assert not is_found(copy.path)
    assert len(list((usb / "kesu-CD" / "attachments").glob("*/*"))) == 2
    usb.rename(tmp_path / "pulled out")
    make.customer(name="后来的")
    failed = backups.make(branch.folder, "hand", branch.clock())
    assert "not reachable" in failed.second_failed
    assert failed.backup.path.exists()
    assert State(branch.folder).moment("second_at") == branch.clock()


def test_a_second_place_in_the_data_folder_or_nowhere_is_refused(branch: Session, tmp_path: Path) -> None:
    (branch.folder / "inner").mkdir()
    for place, words in ((branch.folder / "inner", "in the data folder itself"), (tmp_path / "gone", "There is no folder")):
        with pytest.raises(UserError, match=words):
            backups.set_second_place(branch, place)
    assert backups.second_place(branch.folder) is None


def test_a_backup_from_elsewhere_is_complete_on_its_own(branch: Session, tmp_path: Path) -> None:
    place = tmp_path / "elsewhere"
    backup = made(branch, place=place)
    assert names(place) == sorted([backup.path.name, "attachments"])
    assert backups.changed(branch.folder)


def test_an_import_is_preceded_by_a_backup(branch: Session, tmp_path: Path) -> None:
    register = tmp_path / "customers.csv"
    register.write_text("编号,客户名称\nA1,福来便利店\n", encoding="utf-8")
    with importing.open_for_import(branch, "customers", register) as opened:
        importing.take_in(opened, dry_run=True)
        assert listed(home(branch.folder)).backups == ()
        importing.take_in(opened)
    (before,) = listed(home(branch.folder)).backups
    assert (before.manifest.kind, before.manifest.counts["customer"]) == ("import", 1)


def test_moments_and_memory_that_cannot_be_read_are_none(branch: Session) -> None:
    home(branch.folder).mkdir(exist_ok=True)
    for content in (b"[]", b"\xff", b'{"second_at": 7, "second": 7}'):
        (home(branch.folder) / "state.json").write_bytes(content)
        assert State(branch.folder).moment("second_at") is None
        assert backups.second_place(branch.folder) is None


def test_a_backup_that_was_made_by_a_clock_set_back_stays(branch: Session, clock: Clock, make: Make, tmp_path: Path) -> None:
    """It is older than the others by its date, and what was written last is in it alone."""
    (tmp_path / "usb").mkdir()
    backups.set_second_place(branch, tmp_path / "usb")
    for _turn in range(6):
        backups.make(branch.folder, "hand", clock())
        clock.advance(minutes=1)
    clock.advance(hours=-1)
    make.customer(name="后来的店")
    made = backups.make(branch.folder, "hand", clock())
    assert made.second_failed == ""
    assert made.backup.path.is_file()
    assert (tmp_path / "usb" / "kesu-CD" / made.backup.path.name).is_file()


def test_the_newest_is_what_holds_most_though_the_clock_was_set_back(branch: Session, clock: Clock, make: Make) -> None:
    older = made(branch)
    clock.advance(days=-40)
    make.customer(name="后来的")
    newer = made(branch)
    assert newer.manifest.made_at < older.manifest.made_at
    found = backup_places.listed(backup_places.home(branch.folder)).backups
    assert [one.path for one in found] == [newer.path, older.path]
    newest = backup_places.newest_good(backup_places.home(branch.folder))
    assert newest is not None
    assert newest.path == newer.path
    outlook = backups.outlook(branch).newest
    assert outlook is not None
    assert outlook.path == newer.path


def test_rotation_keeps_the_newest_content_of_a_day_that_came_twice(branch: Session, clock: Clock, make: Make) -> None:
    made(branch, "daily")
    clock.advance(hours=-1)
    make.customer(name="后来的")
    newer = made(branch, "daily")
    backup_places.thin_out(backup_places.home(branch.folder))
    assert [one.path for one in backup_places.listed(backup_places.home(branch.folder)).backups] == [newer.path]
