"""A fault that is done to the real program again and again, and the control that must find what the program guards against."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from app.core import database as store
from app.core.database import database
from app.core.session import Session
from app.services import workplace
from tests.branch import STARTED

WHO = "王敏"
MOST_SHOWN = 5


class Tried(NamedTuple):
    """What came of it: how often it was done, what went wrong, and figures that were measured on the way."""

    times: int
    wrong: tuple[str, ...] = ()
    figures: str = ""


Act = Callable[[Path, int], Tried]
"""Does it in an empty folder, about so often."""


class Trial(NamedTuple):
    """`done` and `control` say what is done; `act` must find nothing wrong, `without` must find something.

    `full`, `short` and `controls`: how often, for the report, in the tests and in the control. Where `short` is 0 the tests
    have it elsewhere.
    """

    name: str
    done: str
    act: Act
    full: int
    short: int
    control: str
    without: Act
    controls: int


def opened(folder: Path, key: bytes | None = None) -> Session:
    """The branch of a folder as a person opens it, by the clock of the tests."""
    return workplace.open_folder(folder, user=WHO, key=key, clock=lambda: STARTED)


def content() -> dict[str, list[Any]]:
    """All rows of all tables of the open database, but for the inside of the search indexes."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND (name NOT GLOB 'search_*' OR name GLOB 'search_*_key')"
    names = [name for (name,) in database.execute_sql(query).fetchall()]
    return {name: sorted(database.execute_sql(f'SELECT * FROM "{name}"').fetchall(), key=repr) for name in names}


def files_in(folder: Path) -> dict[str, int]:
    """Every file with its size, but for locks, which mean nothing by themselves."""
    lying = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {str(path.relative_to(folder)): path.stat().st_size for path in lying}


_LEFT = (".part", ".making", ".coming", "incoming-", ".gone", ".drill-")


def litter(folder: Path, before: dict[str, int]) -> list[str]:
    """New files without content, and what was left of writing that was broken off."""
    found = {name: size for name, size in files_in(folder).items() if name not in before}
    empty = [f"{name} is empty" for name, size in found.items() if not size and not name.endswith(("-wal", "-shm", "-journal"))]
    return empty + [f"{name} is left over" for name in found if any(mark in name for mark in _LEFT)]


@contextmanager
def process(work: Callable[[int], object]) -> Iterator[tuple[int, int]]:
    """A process of its own, cheap to start, that works with the end of a pipe; (its id, the other end). Killed at last."""
    store.close()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(reading)
            work(writing)
            os._exit(0)
        except BaseException as error:
            os.write(writing, f"!{type(error).__name__}: {error}\n".encode())
        finally:
            os._exit(1)
    os.close(writing)
    try:
        yield child, reading
    finally:
        os.close(reading)
        if os.waitpid(child, os.WNOHANG) == (0, 0):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def killed_at(step: int, work: Callable[[Callable[[], None]], object]) -> bool:
    """Do the work in a process of its own that is killed when it comes to its n-th step; whether it was.

    The work is given what it calls before each step.
    """
    store.close()
    left = [step]

    def before() -> None:
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if not child:
        try:
            work(before)
            os._exit(0)
        finally:
            os._exit(1)
    _child, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status) and os.WEXITSTATUS(status):
        raise AssertionError(f"the work failed by itself after fewer than {step} steps")
    return os.WIFSIGNALED(status)


def read_all(end: int) -> bytes:
    """What still comes out of a pipe."""
    parts = []
    while part := os.read(end, 65536):
        parts.append(part)
    return b"".join(parts)


def draw(name: str) -> Random:
    """Random numbers that are the same each time."""
    return Random(name)
