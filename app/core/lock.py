"""Locks of the operating system, which free themselves when the program ends, however it ends: one window to one data folder."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from app.core.database import explained
from app.core.errors import UserError
from app.core.language import _

FILE_NAME = "window.lock"
_PATIENCE, _PAUSE = 10.0, 0.05
"""Seconds that `held` waits, and between two looks."""


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


@contextmanager
def held(path: Path) -> Iterator[None]:
    """The lock of a file, waited for while another has it. UserError after ten seconds; it is not the same thread's twice."""
    until = time.monotonic() + _PATIENCE
    with path.open("a+") as file:
        while not _taken(file):
            if time.monotonic() > until:
                raise UserError(
                    _("Another window or command is busy with {folder}. Wait a moment, then do it again.").format(
                        folder=path.parent
                    )
                )
            time.sleep(_PAUSE)
        yield


def _taken(file: IO[str]) -> bool:
    with suppress(OSError):
        _take(file)
        return True
    return False


if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[str]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
