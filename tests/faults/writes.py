"""The n-th write fails, n pages fit on the disk, the n-th file cannot be made: refused in words, nothing half or left."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import apsw
import peewee
import pytest

from app.core import database as store
from app.core import keyring
from app.models import history
from app.reports import papers_many
from tests.branch import new_branch
from tests.faults.disk import Step, heeded
from tests.faults.trial import Trial, Tried
from tests.faults.verbs import FILES, ONCE, VERBS, Stage

_NO_APSW = frozenset({"passwords.switch", "branch.repair"}) | set(FILES)
"""Not by way of apsw, which knows no encryption and none of the reading of damaged text; nor where files are what counts."""
_MOST = 500
_PAGE = 4096


class Countdown:
    """Fails once, at the n-th step from when it is set."""

    def __init__(self) -> None:
        self.left = -1
        self.struck = False

    def set(self, step: int) -> None:
        self.left, self.struck = step, False

    def now(self) -> bool:
        """Whether this step is the one."""
        self.left -= 1
        self.struck = self.struck or self.left == 0
        return self.left == 0

    def stop(self) -> None:
        self.left = -1


FailAt = Callable[[int], AbstractContextManager[Countdown]]


def _each(folder: Path, name: str, fail_at: FailAt) -> tuple[int, list[str]]:
    """Do a verb again and again, failing at one point after the other, until there is none left; how often, what was wrong.

    Where it is done although something failed, it must be done well.
    """
    stage, wrong, fresh = Stage(folder / "0", name), [], True
    for step in range(1, _MOST):
        if not fresh:
            stage = _anew(folder, step, name)
        with fail_at(step) as countdown:
            try:
                failed = stage.failed()
            except Exception as error:  # a fault of the program would be said to the person as such
                wrong.append(f"{name}, {step}: no sentence but {type(error).__name__}: {error}")
                failed = True
        found = stage.wrong() if failed else stage.wrong_in_the_end()
        wrong += [f"{name}, {step}{'' if failed else ', done'}: {what}" for what in found]
        if not failed and not countdown.struck:
            return step - 1, wrong
        fresh = failed and name not in ONCE
    return _MOST, [*wrong, f"{name} is never done"]


def _anew(folder: Path, step: int, name: str) -> Stage:
    store.close()
    shutil.rmtree(folder / str(step - 2), ignore_errors=True)
    return Stage(folder / str(step - 1), name)


def _all(folder: Path, names: list[str], fail_at: Callable[[Path], FailAt]) -> Tried:
    total, wrong = 0, []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keyring, "COST", (1, 64, 1))
        for place, name in enumerate(names):
            own = folder / str(place)
            own.mkdir()
            tried, found = _each(own, name, fail_at(own))
            total, wrong = total + tried, [*wrong, *found]
            store.close()
            shutil.rmtree(own)
    return Tried(total, tuple(wrong), f"{len(names)} verbs and steps, each at each of its points")


def some(names: Iterator[str] | list[str], times: int) -> list[str]:
    """So many of them, evenly drawn; all where there are no more."""
    listed = list(names)
    return listed[:: max(1, len(listed) // times)] if times < len(listed) else listed


def writes_fail(folder: Path, times: int) -> Tried:
    """Each write, truncation and sync that SQLite asks for, as an I/O error and as a full disk in turns."""
    countdown = Countdown()

    def heed(step: Step) -> None:
        if countdown.now():
            full = step.what == "write" and step.at // _PAGE % 2 == 0
            raise apsw.FullError("database or disk is full") if full else apsw.IOError("disk I/O error")

    @contextmanager
    def fail_at(step: int) -> Iterator[Countdown]:
        countdown.set(step)
        yield countdown
        countdown.stop()

    new_branch(folder / "first")  # its tables are made by the program's own
    with heeded(heed):
        return _all(folder, some([name for name in VERBS if name not in _NO_APSW], times), lambda _own: fail_at)


def disk_full(folder: Path, times: int) -> Tried:
    """A real file system on which n pages are free."""
    if (
        os.name == "nt"
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m", "kesu-faults", folder], check=False).returncode
    ):
        return Tried(0, ("this account may mount nothing: not tried",))
    try:
        return _all(folder, some(list(VERBS), times), _pages_free)
    finally:
        store.close()
        subprocess.run(["umount", folder], check=True)


def _pages_free(own: Path) -> FailAt:
    """So many pages, growing faster as it goes on: a large file need not fail at each of its pages."""
    rest = own.parent / "rest"

    @contextmanager
    def fail_at(step: int) -> Iterator[Countdown]:
        pages = step - 1 if step < 40 else int(40 * 1.1 ** (step - 40))
        with rest.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(1, shutil.disk_usage(own).free - pages * _PAGE))
        yield Countdown()
        rest.unlink()

    return fail_at


_STEPS = {"open", "os.rename", "os.link", "os.mkdir", "os.truncate"}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_countdown = Countdown()
_hooked: list[Path] = []


def _heed(event: str, given: tuple[Any, ...]) -> None:
    if _countdown.left < 0 or event not in _STEPS or not _hooked or not str(given[0]).startswith(str(_hooked[-1])):
        return
    if event == "open" and not given[2] & _WRITING:
        return
    if str(given[0]).endswith(".lock"):
        return
    if _countdown.now():
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(given[0]))


def files_fail(folder: Path, times: int) -> Tried:
    """Each file that is opened to be written, renamed, linked, synced or cut, and each folder that is made."""
    if not _hooked:
        sys.addaudithook(_heed)
    _hooked.append(folder)
    sync = os.fsync

    def fsync(handle: int) -> None:
        if _countdown.left >= 0 and _countdown.now():
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        sync(handle)

    @contextmanager
    def fail_at(step: int) -> Iterator[Countdown]:
        _countdown.set(step)
        yield _countdown
        _countdown.stop()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        names = [*FILES, "attachment.add", "list.export", "figures.export", "customer.erase", "branch.archive", "register.import"]
        try:
            return _all(folder, some(names, times), lambda _own: fail_at)
        finally:
            _hooked.append(Path("/nowhere"))


# Controls


def without_transactions(folder: Path, times: int) -> Tried:
    """The control: each statement of a verb for itself."""
    new_branch(folder / "before")
    store.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(peewee.DatabaseProxy, "atomic", lambda *_how: nullcontext())
        patch.setattr(history, "_locked", nullcontext)
        return writes_fail(folder, times)


def in_place(path: Path, written: bytes) -> None:
    """A file written as most programs do."""
    with store.explained(path), path.open("wb") as file:
        file.flush()
        os.fsync(file.fileno())
        file.write(written)


@contextmanager
def _whole_in_place(path: Path, written: bytes) -> Iterator[None]:
    in_place(path, written)
    yield


def careless(folder: Path, times: int) -> Tried:
    """The control: documents are written in place, on the full disk and on the one that fails."""
    (folder / "full").mkdir()
    (folder / "failing").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(papers_many, "whole_file", _whole_in_place)
        patch.setattr(sys.modules[__name__], "some", lambda *_asked: ["document to a file"])
        full, failing = disk_full(folder / "full", times), files_fail(folder / "failing", times)
    return Tried(full.times + failing.times, full.wrong + failing.wrong if full.wrong and failing.wrong else ())


TRIALS = (
    Trial(
        "write-fails",
        "each verb and step, again and again, the n-th write, truncation or sync of SQLite failing as an I/O error or a full "
        "disk, for each n: refused by a sentence, all tables as before, then done and checked",
        writes_fail, 1000, 4,
        "the verbs without their transaction", without_transactions, 4,
    ),
    Trial(
        "disk-full",
        "each verb and step, and what else writes files, on a real file system with n free pages, for each n until it fits: "
        "refused by a sentence, tables as before, no empty file, none left over",
        disk_full, 1000, 3,
        "documents written in place", careless, 1,
    ),
    Trial(
        "file-fails",
        "what writes files (documents, workbooks, archive, backups in two places, restore, key file, new key, attachments, "
        "erasure), the n-th file to be made, renamed, linked or synced failing, for each n",
        files_fail, 1000, 3,
        "documents written in place", careless, 1,
    ),
)  # fmt: skip
