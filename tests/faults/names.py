"""A file gets its name only once it is on the disk: else a power cut leaves an empty one under it."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from app.core import database as store
from app.core import key_file, keyring
from app.services import backup_places
from tests.faults.trial import Trial, Tried
from tests.faults.verbs import FILES, Stage
from tests.faults.writes import some

_NAMES = [*FILES, "attachment.add", "list.export", "figures.export", "customer.erase", "branch.archive", "passwords.switch"]
Inode = tuple[int, int]


class _Watch:
    """What was synced since the watch began, and what was renamed although it was not."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.known: set[Inode] = set()
        self.unsynced: list[str] = []
        self.renamed = 0

    def begin(self, folder: Path) -> None:
        """Files that are there already have been written long ago."""
        self.known = {_inode(os.stat(path)) for path in folder.rglob("*") if path.is_file()}
        self.folder = folder

    def heed(self, event: str, given: tuple[Any, ...]) -> None:
        if event != "os.rename" or self.folder is None or not str(given[0]).startswith(str(self.folder)):
            return
        with suppress(OSError):
            self.renamed += 1
            if _inode(os.stat(given[0])) not in self.known:
                self.unsynced.append(f"{Path(given[0]).name} becomes {Path(given[1]).name} before it is on the disk")


def _inode(seen: os.stat_result) -> Inode:
    return seen.st_dev, seen.st_ino


_watch = _Watch()
_hooked: list[bool] = []


def named(folder: Path, times: int) -> Tried:
    """Each verb that writes files, watched once."""
    if not _hooked:
        sys.addaudithook(_watch.heed)
        _hooked.append(True)
    sync, wrong, _watch.renamed = os.fsync, [], 0

    def fsync(handle: int) -> None:
        _watch.known.add(_inode(os.fstat(handle)))
        sync(handle)

    names = some(_NAMES, times)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keyring, "COST", (1, 64, 1))
        patch.setattr(os, "fsync", fsync)
        for name in names:
            stage = Stage(folder / name.replace(" ", "-"), name)
            _watch.begin(stage.root)
            assert not stage.failed()
            _watch.folder = None
            wrong += [f"{name}: {what}" for what in _watch.unsynced]
            _watch.unsynced = []
            store.close()
            shutil.rmtree(stage.root)
    return Tried(len(names), tuple(wrong), f"{_watch.renamed} files that got their name")


def unsynced(folder: Path, times: int) -> Tried:
    """The control: files are written whole, but not synced."""

    def write(path: Path, content: bytes) -> None:
        waiting = path.with_name(f".{path.name}.part")
        waiting.write_bytes(content)
        waiting.replace(path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(key_file, "write_durable", write)
        patch.setattr(backup_places, "write_whole", write)
        return named(folder, times)


TRIALS = (
    Trial(
        "names",
        "what writes files, watched by the system's own account of it: nothing is renamed that was not synced before",
        named, 100, 4,
        "key file and state of backups written whole, but not synced", unsynced, 100,
    ),
)  # fmt: skip
