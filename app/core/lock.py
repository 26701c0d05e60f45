"""One window to a data folder, one backup or restore at a time: locks of the operating system, free when the program ends."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO, Self

from app.core.database import explained
from app.core.errors import UserError
from app.core.language import _

FILE_NAME = "window.lock"


class Taken(UserError):
    """Somebody else has the lock."""


class Lock:
    """Held from its making to its release; its file stays, it means nothing by itself. UserError where it cannot be had."""

    def __init__(self, folder: Path, name: str, taken: str) -> None:
        path = folder / name
        with explained(path):
            folder.mkdir(parents=True, exist_ok=True)
            self._file: IO[str] = path.open("a+")
        try:
            _take(self._file)
        except OSError:
            self._file.close()
            raise Taken(taken.format(folder=folder)) from None

    def release(self) -> None:
        """Let go."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.release()


class WindowLock(Lock):
    """Held while a window works on the folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, FILE_NAME, _("{folder} is open in another window already. Go on there, or close it first."))


if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[str]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
