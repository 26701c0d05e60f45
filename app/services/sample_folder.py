"""Starting and taking away the folder of the sample branch. What the sample holds stands in sample.py."""

from __future__ import annotations

import shutil
from pathlib import Path

from app.core import database
from app.core.errors import UserError
from app.core.language import _
from app.core.session import Session
from app.services import workplace

BRANCH = {
    "code": "CD",
    "name": "城东分公司",
    "address": "城东区解放路 6 号",
    "phone": "0571-5550 0123",
    "representative": "周海英",
}


def start(folder: Path, user: str = "") -> Session:
    """An empty sample branch in a folder, in place of the one that was there. UserError where it holds a real one."""
    if database.exists(folder):
        session = workplace.open_folder(folder)
        database.close()
        if not session.branch.sample:
            raise UserError(_("{folder} holds a real branch. Choose another folder for the sample.").format(folder=folder))
        remove(folder)
    folder.mkdir(parents=True, exist_ok=True)
    return workplace.init(folder, BRANCH, user=user, sample=True)


def remove(folder: Path) -> None:
    """Take away a sample branch; nothing else in the folder."""
    database.close()
    for name in (database.FILE_NAME, f"{database.FILE_NAME}-wal", f"{database.FILE_NAME}-shm"):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / "attachments", ignore_errors=True)
