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
BELL_NAME = "window.call"
"""Made by a second start, taken away by the window that comes to the front."""
_PATIENCE, _ANSWER, _PAUSE = 10.0, 2.0, 0.05
"""Seconds that `held` waits, that `ring` waits, and between two looks."""


class AlreadyOpen(UserError):
    """Another window works on the folder."""


class WindowLock:
    """Held while a window works on the folder."""

    def __init__(self, folder: Path) -> None:
        """Take the lock; AlreadyOpen where another window has it."""
        path = folder / FILE_NAME
        with explained(path):
            folder.mkdir(parents=True, exist_ok=True)
            self._file: IO[str] = path.open("a+")
        try:
            _take(self._file)
        except OSError:
            self._file.close()
            raise AlreadyOpen(
                _("{folder} is open in another window already. Go on there, or close it first.").format(folder=folder)
            ) from None

    def release(self) -> None:
        """Let go; the file stays, it means nothing by itself."""
        self._file.close()


def ring(folder: Path) -> bool:
    """Ask the window that works on the folder to come to the front; whether it answers within two seconds."""
    bell = folder / BELL_NAME
    with suppress(OSError):
        bell.touch()
        until = time.monotonic() + _ANSWER
        while bell.exists() and time.monotonic() < until:
            time.sleep(_PAUSE)
        answered = not bell.exists()
        bell.unlink(missing_ok=True)
        return answered
    return False


def answer(folder: Path) -> bool:
    """Whether somebody rang; takes the bell away, which is the answer."""
    try:
        (folder / BELL_NAME).unlink()
    except OSError:
        return False
    return True


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
