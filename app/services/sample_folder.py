"""Starting and taking away the folder of the sample branch. What the sample holds stands in sample.py."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.core import database
from app.core.errors import UserError
from app.core.language import _
from app.core.lock import WindowLock
from app.core.session import Session
from app.services import workplace

BRANCH = {
    "code": "CD",
    "name": "城东分公司",
    "address": "城东区解放路 6 号",
    "phone": "0571-5550 0123",
    "representative": "周海英",
}


_OURS = (database.FILE_NAME, f"{database.FILE_NAME}-wal", f"{database.FILE_NAME}-shm", "attachments")


def start(folder: Path, user: str = "") -> Session:
    """An empty sample branch in a folder, in place of the one that was there. UserError where it holds a real one."""
    _check(folder)
    remove(folder)
    return workplace.init(folder, BRANCH, user=user, sample=True)


@contextmanager
def making(folder: Path, user: str = "") -> Iterator[Session]:
    """The same, to be filled: where that fails, what was there comes back. UserError where a window is open on it."""
    _check(folder)
    is_new = not folder.exists()
    lock = WindowLock(folder)
    aside = folder / ".before"
    try:
        aside.mkdir(exist_ok=True)
        _move(folder, aside)
        try:
            yield workplace.init(folder, BRANCH, user=user, sample=True)
        except BaseException:
            remove(folder)
            _move(aside, folder)
            raise
    except BaseException:
        if is_new:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        lock.release()


def _check(folder: Path) -> None:
    if not database.exists(folder):
        return
    session = workplace.open_folder(folder)
    database.close()
    if not session.branch.sample:
        raise UserError(_("{folder} holds a real branch. Choose another folder for the sample.").format(folder=folder))


def _move(there: Path, here: Path) -> None:
    for path in (there / name for name in _OURS):
        if path.exists():
            path.rename(here / path.name)


def remove(folder: Path) -> None:
    """Take away a sample branch; nothing else in the folder."""
    database.close()
    for path in (folder / name for name in _OURS):
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
