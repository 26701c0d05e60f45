"""What surrounds the data: two starts at once, locks after a kill, clocks, waits; and what other tests hold, with figures."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.core import database as store
from app.core import keyring, tries
from app.core.lock import Taken, WindowLock
from app.core.tries import SignInRefused
from app.models import permissions
from app.services import staffing, workplace
from tests.branch import STARTED, new_branch
from tests.end_to_end.program import ROOT, compiled_once
from tests.faults.trial import Trial, Tried, draw, process, read_all
from tests.make import Make
from tests.staffed import ADMIN, PASSWORD, protected

_START = """
import sys
from pathlib import Path
from app.core.lock import AlreadyOpen, WindowLock
try:
    lock = WindowLock(Path(sys.argv[1]))
except AlreadyOpen:
    print("refused", flush=True)
else:
    print("open", flush=True)
    sys.stdin.read()
"""


def _starts(folder: Path, script: str) -> list[str]:
    """What two processes say that start at once; both are killed."""
    command = [sys.executable, "-c", script, str(folder)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    both = [subprocess.Popen(command, cwd=ROOT, env=compiled_once(os.environ), **pipes) for _start in range(2)]
    try:
        return [one.stdout.readline().strip() for one in both if one.stdout is not None]
    finally:
        for one in both:
            one.kill()
            one.wait()
            assert one.stdin is not None
            assert one.stdout is not None
            one.stdin.close()
            one.stdout.close()


def locks(folder: Path, times: int) -> Tried:
    """Two windows start on one folder, again and again; after the kill of both the lock must be free at once."""
    wrong = []
    for turn in range(times):
        said = sorted(_starts(folder, _START))
        wrong += [] if said == ["open", "refused"] else [f"{turn}: both were {said}"]
        try:
            WindowLock(folder).release()
        except Taken:
            wrong.append(f"{turn}: the lock outlived who had it")
    return Tried(times, tuple(wrong))


_NAIVE = """
import sys
from pathlib import Path
path = Path(sys.argv[1]) / "naive.lock"
if path.exists():
    print("refused", flush=True)
else:
    path.touch()
    print("open", flush=True)
    sys.stdin.read()
"""


def naive_locks(folder: Path, times: int) -> Tried:
    """The control: a file that says that somebody is there."""
    wrong = []
    for turn in range(times):
        said = sorted(_starts(folder, _NAIVE))
        wrong += [] if said == ["open", "refused"] else [f"{turn}: both were {said}"]
    return Tried(times, tuple(wrong))


def clock_back(folder: Path, times: int) -> Tried:
    """Set back again and again, by days and months: said at the opening, and no number is given twice."""
    session = new_branch(folder / "data")
    rng, wrong, last = draw("clock"), [], STARTED
    Make(session).complaint()
    for turn in range(times):
        now = STARTED - timedelta(days=rng.randint(1, 400), minutes=rng.randint(0, 1000))
        store.close()
        session = workplace.open_folder(folder / "data", user="王敏", clock=lambda now=now: now)
        last = _last_at()
        if bool(session.notices) != (last > now + timedelta(minutes=2)):
            wrong.append(f"{turn}: {'nothing' if not session.notices else session.notices} was said")
        make = Make(session)
        make.complaint(received_at=now - timedelta(hours=1))
    numbers = [row[0] for row in store.database.execute_sql("SELECT number FROM complaint").fetchall()]
    wrong += [] if len(set(numbers)) == len(numbers) == times + 1 else ["a number was given twice"]
    store.close()
    return Tried(times, tuple(wrong), f"{len(numbers)} numbers, each once")


def _last_at() -> Any:
    from app.models import history

    return history.last_at() or STARTED.astimezone(UTC)


def clock_unheeded(folder: Path, times: int) -> Tried:
    """The control: nobody looks at the clock."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workplace, "of_the_clock", lambda _session: ())
        return clock_back(folder, times)


def waits(folder: Path, times: int) -> Tried:
    """Wrong passwords, the program ended by kill -9 after each; the wait stands at the next start, and ends by time alone."""
    return _waits(folder, times, list)


def _waits(folder: Path, times: int, spoil: Callable[[], object]) -> Tried:
    wrong, data = [], folder / "data"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keyring, "COST", (1, 64, 1))
        protected(new_branch(data))
        for turn in range(times):
            tries.forget(data, ADMIN)
            told = [_guessed(data, spoil) for _guess in range(8)]
            if told[:4] != [0, 0, 0, 0] or not all(told[4:]) or max(told) > 60:
                wrong.append(f"{turn}: the waits were {told}")
        tries.forget(data, ADMIN)
        staffing.sign_in(data, ADMIN, PASSWORD)
        store.close()
    return Tried(times * 8, tuple(wrong))


def _guessed(data: Path, spoil: Callable[[], object]) -> int:
    """How long a process is told to wait that gives a wrong password and is killed."""

    def guess(end: int) -> None:
        spoil()
        try:
            keyring.unlock(data, ADMIN, "wrong password")
        except SignInRefused as error:
            os.write(end, f"{error.wait}\n".encode())
        os.kill(os.getpid(), signal.SIGKILL)

    with process(guess) as (_child, end):
        return int(read_all(end) or b"-1")


def forgetful(folder: Path, times: int) -> Tried:
    """The control: the tries are kept by the program alone."""

    def spoil() -> None:  # of the process that will be killed
        tries._save = lambda *_given: None

    return _waits(folder, times, spoil)


# What other tests hold, run here with their figures


def _pytest(*words: str, **environment: str) -> tuple[int, int, str]:
    """Tests that passed and failed, and the end of what was said."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "--tb=line", *words]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    last = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else done.stderr[-300:]
    passed, failed = (int(found[1]) if (found := re.search(rf"(\d+) {word}", last)) else 0 for word in ("passed", "failed"))
    return passed, failed, last


_MATRIX = "tests/services/test_permissions.py"


def matrix(_folder: Path, times: int) -> Tried:
    """Every verb driven with every role, every step offered to every role."""
    only = ("-k", "matrix and customer") if times < 100 else ()
    passed, failed, last = _pytest(_MATRIX, *only)
    wrong = (last,) if failed or not passed else ()
    roles = len(permissions.EVERYBODY)
    figures = f"{len(permissions.RULES)} verbs × {roles} roles, each driven; all steps × {roles} roles; {passed} tests"
    return Tried(len(permissions.RULES) * roles, wrong, figures)


def matrix_unasked(_folder: Path, _times: int) -> Tried:
    """The control: verbs that do not ask."""
    _passed, failed, last = _pytest(_MATRIX, "-p", "tests.faults.unasked", "-k", "matrix and customer")
    return Tried(5, (last,) if failed else ())


def naughty(_folder: Path, _times: int) -> Tried:
    """The whole product with every published text."""
    command = [sys.executable, "-m", "tests.naughty"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    lines = done.stdout.strip().splitlines() or [done.stderr[-300:]]
    tried = re.search(r"([\d,]+) combinations", done.stdout)
    wrong = tuple(lines[1:6]) or (lines[0],) if done.returncode else ()
    return Tried(int(tried[1].replace(",", "")) if tried else 0, wrong, lines[0])


def naughty_unescaped(_folder: Path, _times: int) -> Tried:
    """The control that its own test holds: five guards left out."""
    test = "tests/end_to_end/test_naughty_texts.py::test_the_check_finds_what_is_not_escaped"
    passed, _failed, last = _pytest(test)
    return Tried(1, (f"found by its own test: {last}",) if passed else ())


TRIALS = (
    Trial(
        "locks",
        "two starts of a window on the same folder at once: one opens, one is refused; both killed, and the lock is free",
        locks, 30, 2,
        "a lock that is a file", naive_locks, 3,
    ),
    Trial(
        "clock-back",
        "the clock set back by up to a year before each start: said, and no number given twice",
        clock_back, 100, 10,
        "nobody looks at the clock", clock_unheeded, 5,
    ),
    Trial(
        "waits",
        "eight wrong passwords, each in a process that is killed afterwards: the wait stands at the next start",
        waits, 20, 2,
        "tries kept in memory", forgetful, 2,
    ),
    Trial(
        "roles",
        "every verb × every role, every step × every role: done by those of the table, refused to the others without a trace",
        matrix, 100, 0,
        "verbs that do not ask", matrix_unasked, 1,
    ),
    Trial(
        "naughty",
        "every text of the published list × every form, step, paper, sheet, search, register and command "
        "(`python -m tests.naughty`)",
        naughty, 1, 0,
        "five guards left out", naughty_unescaped, 1,
    ),
)  # fmt: skip
