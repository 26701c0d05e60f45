"""One window to one data folder: an operating-system lock that frees itself when the program ends, however it ends."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO

from app.core.database import explained
from app.core.errors import UserError
from app.core.language import _

FILE_NAME = "window.lock"


class WindowLock:
    """Held while a window works on the folder."""

    def __init__(self, folder: Path) -> None:
        """Take the lock; UserError where another window has it."""
        path = folder / FILE_NAME
        with explained(path):
            folder.mkdir(parents=True, exist_ok=True)
            self._file: IO[str] = path.open("a+")
        try:
            _take(self._file)
        except OSError:
            self._file.close()
            raise UserError(
                _("{folder} is open in another window already. Go on there, or close it first.").format(folder=folder)
            ) from None

    def release(self) -> None:
        """Let go; the file stays, it means nothing by itself."""
        self._file.close()


if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[str]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
