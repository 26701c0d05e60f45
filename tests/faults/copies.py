"""Backups and restores that are killed: every backup that has a name is whole, a restore leaves the old data or the new."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from app.core import database as store
from app.core import replacing
from app.core.progress import Progress
from app.services import backups, restoring, workplace
from app.services.restore_rights import Right
from tests.branch import STARTED, new_branch
from tests.faults.trial import Trial, Tried, draw, killed_at, opened, process, read_all
from tests.make import Make
from tests.stores import entered_in

_STEPS = {"open", "os.rename", "os.link", "os.remove", "os.truncate", "os.mkdir", "os.rmdir"}


def _hooked(work: Callable[[], object]) -> Callable[[Callable[[], None]], object]:
    """Each step on the disk is one at which it may be killed."""

    def hooked(before: Callable[[], None]) -> object:
        sys.addaudithook(lambda event, _given: before() if event in _STEPS else None)
        return work()

    return hooked


def _two_backups(folder: Path) -> tuple[Path, list[Any]]:
    """A branch, an older backup of it, and what both hold."""
    session = new_branch(folder / "source")
    make = Make(session)
    make.customer()
    path = backups.make(session.folder, "hand", STARTED).backup.path
    store.close()
    older = entered_in(session.folder)
    opened(session.folder)
    make.complaint()
    store.close()
    return path.relative_to(session.folder), [older, entered_in(session.folder)]


def restore_killed(folder: Path, times: int, spoil: Callable[[], object] = list) -> Tried:
    """At every step on the disk where so many are wanted, else at some."""
    path, contents = _two_backups(folder)
    place, wrong, ends, step, done = folder / "tried", [], set(), 0, 0
    stride = max(1, 200 // times)

    def work() -> None:
        spoil()
        restoring.restore(place, place / path, workplace.LATEST, STARTED + timedelta(hours=1), Progress(), Right("王敏"))

    while True:
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(folder / "source", place)
        if not killed_at(step, _hooked(work)):
            break
        done += 1
        try:
            opened(place)
            store.close()
            ends.add(contents.index(entered_in(place)))
        except Exception as error:
            wrong.append(f"step {step}: neither of both: {type(error).__name__}: {error}"[:200])
            store.close()
        wrong += [f"step {step}: {name} is left over" for name in (".coming", ".making") if (place / name).exists()]
        step += stride
    return Tried(done, tuple(wrong), f"{'old and new' if ends == {0, 1} else ends} seen")


def moved_plainly(folder: Path, times: int) -> Tried:
    """The control: without the plan, the files simply changed one after the other."""

    def put_in_place(target: Path, _now: object) -> None:
        (target / store.FILE_NAME).write_bytes(b"")
        for path in (target / ".coming" / "new").iterdir():
            with path.open("rb") as reader, (target / path.name).open("wb") as writer:
                (target / "half").touch()
                shutil.copyfileobj(reader, writer)
                writer.flush()
                (target / "half").unlink()

    def spoil() -> None:  # of the process that will be killed
        replacing.put_in_place = put_in_place

    return restore_killed(folder, times, spoil)


def backup_killed(folder: Path, times: int) -> Tried:
    """Killed at random; every backup that has a name is then put back and compared with what the branch holds."""
    session = new_branch(folder / "data")
    Make(session).complaint()
    store.close()
    data, rng, wrong, restored = folder / "data", draw("backups"), [], 0
    before = entered_in(data)
    good = backups.make(data, "hand", STARTED).backup.path

    def work(end: int) -> None:
        os.write(end, b".")
        for turn in range(1000):
            backups.make(data, "hand", STARTED + timedelta(seconds=turn + 1))

    for turn in range(times):
        with process(work) as (child, end):
            os.read(end, 1)
            time.sleep(rng.uniform(0, 0.15))
            os.kill(child, signal.SIGKILL)
            assert not read_all(end).strip(b".")
        found = sorted((data / "backups").glob("*.kesu"))
        for path in found if turn % 10 == 0 or turn == times - 1 else found[-1:]:
            place = folder / "restored"
            shutil.rmtree(place, ignore_errors=True)
            restoring.restore(place, path, workplace.LATEST, STARTED, Progress(), Right("王敏"))
            restored += 1
            wrong += [] if entered_in(place) == before else [f"kill {turn}: {path.name} is not equal"]
        wrong += [] if found else [f"kill {turn}: no backup is left of {good.name}"]
        wrong += [] if entered_in(data) == before else [f"kill {turn}: the branch is not as it was"]
    return Tried(times, tuple(wrong), f"{restored} backups put back, each equal")


def backup_careless(folder: Path, times: int) -> Tried:
    """The control: a copy of the file under the name of the last one."""
    session = new_branch(folder / "data")
    Make(session).complaint()
    store.close()
    source, copy, rng, wrong = folder / "data" / store.FILE_NAME, folder / "copy.db", draw("careless"), []
    content = source.read_bytes() * 40
    wanted = bytes(content)

    def work(end: int) -> None:
        os.write(end, b".")
        while True:
            copy.write_bytes(content)

    for turn in range(times):
        with process(work) as (child, end):
            os.read(end, 1)
            time.sleep(rng.uniform(0.01, 0.1))
            os.kill(child, signal.SIGKILL)
        wrong += [] if copy.read_bytes() == wanted else [f"kill {turn}: the only copy is half"]
    return Tried(times, tuple(wrong))


TRIALS = (
    Trial(
        "backup-killed",
        "kill -9 at a random moment while backups are made; all that have a name are put back and compared with the branch",
        backup_killed, 100, 5,
        "a copy under the name of the last one", backup_careless, 20,
    ),
    Trial(
        "restore-killed",
        "a restore, killed before each of its steps on the disk; opened again: the old data or the new, nothing left over",
        restore_killed, 200, 8,
        "the file replaced in place", moved_plainly, 200,
    ),
)  # fmt: skip
