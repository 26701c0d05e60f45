"""A program that is killed, a disk that fills up, a place that cannot be written: the last good backup and the data stay whole.

KESU_TEST_KILLS says how often each program is killed: 6 in the short profile, 100 for the figures.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from app.core import database as store
from app.core.errors import UserError
from app.core.progress import Progress
from app.core.session import Session
from app.models.customers import Customer
from app.services import backup_file, backup_places, backups, restoring, workplace
from app.services.backup_places import home, listed
from app.services.restore_rights import Right
from tests.end_to_end.program import ROOT
from tests.end_to_end.test_command_lines import fill as fill_disk
from tests.end_to_end.test_command_lines import mounted
from tests.make import Make
from tests.stores import entered_in, fill

KILLS = int(os.environ.get("KESU_TEST_KILLS", "6"))
BACKING_UP = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from app.services import backups
print("ready", flush=True)
for _turn in range(1000):
    time.sleep(float(sys.argv[2]))
    print(backups.make(Path(sys.argv[1]), "hand", datetime.now(UTC)).backup.path.name, flush=True)
"""
RESTORING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from app.core.progress import Progress
from app.services import restoring, workplace
from app.services.restore_rights import Right
print("ready", flush=True)
while True:
    for path in sys.argv[2:]:
        restoring.restore(Path(sys.argv[1]), Path(path), workplace.LATEST, datetime.now(UTC), Progress(), Right("x"))
        print("done", flush=True)
"""
CARELESS = """
import shutil, sys
from pathlib import Path
print("ready", flush=True)
while True:
    for name in sys.argv[2:]:
        shutil.copyfile(name, Path(sys.argv[1]) / "kesu.db")
        print("done", flush=True)
"""
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a killed process of Windows is tested elsewhere")


@pytest.fixture
def branch(make: Make, tmp_path: Path) -> Session:
    fill(make, tmp_path)
    return make.session


def killed(source: str, arguments: list[object], seconds: float) -> list[str]:
    """What a program told before it was killed, so long after it was ready."""
    command = [sys.executable, "-c", source, *map(str, arguments)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        assert child.stdout.readline() == "ready\n", child.stderr.read()
        time.sleep(seconds)
        child.kill()
        told = child.stdout.read().splitlines()
        assert "Traceback" not in (failed := child.stderr.read()), failed
    return told


def moments() -> Iterator[float]:
    rng = Random(7)
    yield from (rng.uniform(0.0, 0.8) for _turn in range(KILLS))


def test_killed_while_backing_up_the_good_ones_stay_and_no_half_one_counts(branch: Session) -> None:
    store.close()
    before = entered_in(branch.folder)
    acknowledged: list[str] = []
    for seconds in moments():
        acknowledged += killed(BACKING_UP, [branch.folder, 0], seconds)
        found = listed(home(branch.folder))
        assert found.unreadable == ()
        for backup in found.backups:
            backup_file.check_seal(backup.path, Progress())
        if acknowledged:
            assert acknowledged[-1] in {backup.path.name for backup in found.backups}
    assert acknowledged
    assert entered_in(branch.folder) == before
    last = backups.make(branch.folder, "hand", branch.clock()).backup
    assert not [path for path in home(branch.folder).iterdir() if path.name.startswith(".")]
    restoring.restore(branch.folder, last.path, workplace.LATEST, branch.clock(), Progress(), Right("王敏"))
    assert entered_in(branch.folder) == before


def two_backups(branch: Session, make: Make, place: Path) -> tuple[list[Path], list[dict[str, list[tuple[object, ...]]]]]:
    paths, contents = [], []
    for name in ("一", "二"):
        make.customer(name=name * 3)
        paths.append(backups.make(branch.folder, "hand", branch.clock(), place=place).backup.path)
        contents.append(entered_in(branch.folder))
    store.close()
    return paths, contents


def test_killed_while_restoring_it_is_the_one_or_the_other(branch: Session, make: Make, tmp_path: Path) -> None:
    paths, contents = two_backups(branch, make, tmp_path / "usb")
    done = 0
    for seconds in moments():
        done += len(killed(RESTORING, [branch.folder, *paths], seconds))
        workplace.open_folder(branch.folder)
        assert store.database.execute_sql("PRAGMA integrity_check").fetchone() == ("ok",)
        store.close()
        assert entered_in(branch.folder) in contents
        assert not (branch.folder / ".coming").exists()
        for aside in (branch.folder / "aside").glob("*"):
            assert entered_in(aside) in contents
    assert done


def test_killed_while_copying_over_it_is_neither(branch: Session, make: Make, tmp_path: Path) -> None:
    """The control: a careless copy in place of the database is found half done."""
    paths, _contents = two_backups(branch, make, tmp_path / "usb")
    large = []
    for path in paths:
        (tmp_path / path.stem).mkdir()
        backup_file.unpack(path, tmp_path / path.stem, Progress())
        copy = tmp_path / path.stem / store.FILE_NAME
        connection = store.open_file(copy, fixed=False)
        connection.execute("CREATE TABLE ballast AS SELECT randomblob(60000000) AS x")
        connection.close()
        large.append(copy)
    wanted = {path.read_bytes() for path in large}
    for _turn in range(20):
        killed(CARELESS, [branch.folder, *large], 0.3)
        if (branch.folder / store.FILE_NAME).read_bytes() not in wanted:
            return
    pytest.fail("the control found nothing: the test proves nothing")


def said_by(folder: Path, branch: Session) -> str:
    """Why no backup could be made; empty where one was."""
    try:
        backups.make(folder, "daily", branch.clock())
    except UserError as error:
        return str(error)
    return ""


def test_a_disk_that_is_full_leaves_the_good_backup_and_the_data(branch: Session, make: Make, tmp_path: Path) -> None:
    store.close()
    full = tmp_path / "full"
    size = (branch.folder / store.FILE_NAME).stat().st_size
    with mounted("-t", "tmpfs", "-o", f"size={size * 4}", "kesu-test", at=full):
        folder = Path(shutil.copytree(branch.folder, full / "data"))
        good = backups.make(folder, "hand", branch.clock()).backup
        for free in range(0, size * 2, size // 6):
            with (full / "rest").open("wb") as rest:
                rest.write(bytes(max(0, shutil.disk_usage(full).free - free)))
            before = sorted(path.name for path in home(folder).glob("*.kesu"))
            told = said_by(folder, branch)
            assert not told or "full" in told
            assert not told or sorted(path.name for path in home(folder).glob("*.kesu")) == before
            assert not [path for path in home(folder).iterdir() if path.name.startswith(".")]
            for one in (good, *listed(home(folder)).backups):
                backup_file.check_seal(one.path, Progress())
            (full / "rest").unlink()
        then = entered_in(folder)
        fill_disk(full / "rest")
        with pytest.raises(UserError, match="full"):
            restoring.restore(folder, good.path, workplace.LATEST, branch.clock(), Progress(), Right("王敏"))
        assert entered_in(folder) == then
        assert not (folder / ".coming").exists()
        (full / "rest").unlink()
        restoring.restore(folder, good.path, workplace.LATEST, branch.clock(), Progress(), Right("王敏"))
        assert entered_in(folder) == entered_in(branch.folder)
        store.close()


def test_a_place_that_can_only_be_read_is_said_and_a_backup_on_it_can_be_restored(branch: Session, tmp_path: Path) -> None:
    usb = tmp_path / "usb"
    path = backups.make(branch.folder, "hand", branch.clock(), place=usb).backup.path
    store.close()
    with mounted("--bind", "-o", "ro", str(usb), at=tmp_path / "readonly"):
        place = tmp_path / "readonly"
        with pytest.raises(UserError, match=r"only be read|cannot be"):
            backups.make(branch.folder, "hand", branch.clock(), place=place)
        done = restoring.restore(tmp_path / "new", place / path.name, workplace.LATEST, branch.clock(), Progress(), Right("王敏"))
        assert done.missing == 0
    assert entered_in(tmp_path / "new") == entered_in(branch.folder)


def test_two_programs_back_up_at_once_while_a_third_writes(branch: Session, make: Make) -> None:
    command = [sys.executable, "-c", BACKING_UP, str(branch.folder), "0.3"]  # each leaves the other a turn
    children = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _turn in range(2)]
    try:
        for child in children:
            assert child.stdout is not None
            child.stdout.readline()
        for turn in range(10):
            make.customer(name=f"店{turn}")
        told = [child.stdout.readline() for child in children if child.stdout is not None]
    finally:
        for child in children:
            child.kill()
            child.wait()
            assert child.stdout is not None
            child.stdout.close()
    assert all(one.endswith(".kesu\n") for one in told)
    assert Customer.select().count() == 11
    for backup in listed(home(branch.folder)).backups:
        backup_file.check_seal(backup.path, Progress())
    assert backup_places.newest_good(home(branch.folder)) is not None
