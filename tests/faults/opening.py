"""A database of a gigabyte is opened and signed in to without being read through."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from app.core import database as store
from app.core import keyring, store_file
from app.core.database import FILE_NAME, database
from app.core.rewriting import rewrite
from app.core.store_file import raw
from app.models import staff
from app.services import staffing, workplace
from tests.branch import new_branch
from tests.faults import trial
from tests.faults.trial import Trial, Tried, process, read_all
from tests.make import Make
from tests.staffed import ADMIN, PASSWORD

_MOST = 20
"""Megabytes that may be read."""
_ROW = 3_000


def _filled(folder: Path, megabytes: int) -> None:
    """A branch in which somebody left very much half typed: rows of which opening has no need."""
    session = new_branch(folder)
    customer = Make(session).customer()
    with store.transaction():
        fill = (
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) INSERT INTO unfinished "
            "(branch_id, kind, number, title, content, who, version, saved_at) "
            "SELECT 1, 'customer', ?, 'x' || i, hex(randomblob(?)), '陈', 0, 0 FROM n"
        )
        database.execute_sql(fill, (megabytes * 1_000_000 // _ROW, customer.number, _ROW // 2))


def _read_by(work: Callable[[], object]) -> tuple[int, float, float]:
    """Bytes that a process of its own asks the system for, and the seconds that it takes, by the clock and of the processor."""

    def measure(end: int) -> None:
        before, started, used = _bytes_read(), perf_counter(), os.times()
        work()
        told = (_bytes_read() - before, perf_counter() - started, os.times().user - used.user)
        os.write(end, repr(told).encode())

    with process(measure) as (_child, end):
        told = read_all(end).decode()
    assert told.startswith("("), told
    read, seconds, processor = (float(one) for one in told.strip("()").split(", "))
    return int(read), seconds, processor


def _bytes_read() -> int:
    lines = Path("/proc/self/io").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("rchar")).split()[1])


def opened(folder: Path, times: int) -> Tried:
    """`times` megabytes, plain and then encrypted: opened five times each."""
    if not Path("/proc/self/io").exists():
        return Tried(0, (f"{sys.platform} does not tell what a process reads",))
    data = folder / "data"
    _filled(data, times)
    wrong, figures = [], [f"{(data / FILE_NAME).stat().st_size / 1e6:,.0f} MB"]
    found = [_read_by(lambda: trial.opened(data)) for _turn in range(5)]
    figures.append(_told("opened", found))
    wrong += [f"opening read {read / 1e6:.1f} MB" for read, _seconds, _used in found if read > _MOST * 1e6]
    with keyring.making(data, ADMIN, PASSWORD) as made:
        store.open_database(data)
        rewrite(made.key)
    _enter(data)
    signed = [_read_by(lambda: staffing.sign_in(data, ADMIN, PASSWORD)) for _turn in range(5)]
    stretched = [_read_by(lambda: keyring.check(data, ADMIN, PASSWORD)) for _turn in range(5)]
    figures += [_told("encrypted, signed in", signed), _told("of that the password (argon2id, key file)", stretched)]
    beside = median(one[1] for one in signed) - median(one[1] for one in stretched)
    figures.append(f"sign-in beside argon2 {beside * 1000:.0f} ms")
    wrong += [f"signing in read {read / 1e6:.1f} MB" for read, _seconds, _used in signed if read > _MOST * 1e6]
    wrong += ["signing in takes more than a second beside argon2"] if beside > 1 else []
    return Tried(times, tuple(wrong), "; ".join(figures))


def _enter(data: Path) -> None:
    """The person of the key file is staff too."""
    key = keyring.unlock(data, ADMIN, PASSWORD).key
    session = workplace.open_folder(data, user=ADMIN, key=key)
    with store.transaction():
        staff.enter_first(session, ADMIN)
    store.close()


def _told(what: str, found: list[tuple[int, float, float]]) -> str:
    reads, seconds, _used = zip(*found, strict=True)
    return f"{what}: {max(reads) / 1e6:.2f} MB read, {median(seconds) * 1000:.0f} ms"


def checked(folder: Path, times: int) -> Tried:
    """The control: a program that checks the file when it opens it."""
    data = folder / "data"
    _filled(data, times)

    def scan() -> None:
        connection = raw(data / FILE_NAME, None)
        connection.execute("PRAGMA quick_check").fetchall()
        connection.close()

    read, seconds, _used = _read_by(scan)
    assert store_file.is_plain(data / FILE_NAME)
    wrong = (f"read {read / 1e6:.0f} MB in {seconds:.1f} s",) if read > _MOST * 1e6 else ()
    return Tried(1, wrong, "; ".join(wrong))


TRIALS = (
    Trial(
        "opening",
        "a database of so many megabytes is opened, then encrypted and signed in to, in processes of their own whose reading the "
        "system counts",
        opened, 1000, 30,
        "a check of the file at its opening, 100 MB", checked, 100,
    ),
)  # fmt: skip
