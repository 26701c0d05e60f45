"""Asks the tests about each mutant: in a copy of the tree, in a forked process that has the libraries already.

The tests that come by a changed line are known from one run with contexts of coverage; only they are asked. All tests of its
module are asked where none is known to come by: of what runs at import, and of lines that coverage counts to another.
A mutant that makes a test hang counts as noticed.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from tests.mutation.mutants import Mutant
from tests.mutation.targets import Target

ROOT = Path(__file__).resolve().parents[2]
_COPIED = ("app", "docs", "resources", "scripts", "tests")
_PYTEST = (
    "-x",
    "-q",
    "-n",
    "0",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:randomly",
    "--no-header",
    "--tb=no",
    "--hypothesis-profile=ci",
)
# The libraries are there before pytest could look into them.
_LOADED = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
# Whatever tests bring in besides the program itself: loaded once, before the first fork.
_LIBRARIES = (
    *("pytest", "hypothesis", "peewee", "playhouse.sqlcipher_ext", "sqlcipher3", "argon2.low_level", "openpyxl", "lxml.etree"),
    *(
        "cryptography.hazmat.primitives.ciphers.aead",
        "cryptography.hazmat.primitives.asymmetric.x25519",
        "reportlab.pdfgen.canvas",
    ),
    *(
        "cryptography.hazmat.primitives.kdf.hkdf",
        "PIL.Image",
        "PySide6.QtWidgets",
        "PySide6.QtTest",
        "pypdfium2",
        "holidays.countries",
        "pypinyin",
    ),
)
LEAST_SECONDS = 20


class Asked(NamedTuple):
    """What the tests of a module are, by line, and how long all of them take."""

    everything: tuple[str, ...]
    by_line: dict[int, list[str]]
    seconds: float

    def of(self, mutant: Mutant) -> list[str]:
        """The tests that come by the place, in their order; all where none does."""
        wanted = {test for line in mutant.lines for test in self.by_line.get(line, ())}
        return [test for test in self.everything if test in wanted] or list(self.everything)


class Answer(NamedTuple):
    """What became of a mutant: killed, timeout, or survived."""

    key: str
    outcome: str
    seconds: float


def copy_tree(place: Path) -> None:
    """A copy of what tests need, to be changed as one likes."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for name in _COPIED:
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in ROOT.iterdir():
        if path.is_file() and path.name != ".git":
            shutil.copy(path, place / path.name)


def ask_which(target: Target, tree: Path) -> Asked:
    """Run the tests of a module unchanged, and see which of them come by which line. RuntimeError where they fail."""
    seen = tree / "lines.json"
    command = [
        sys.executable,
        "-m",
        "pytest",
        *_PYTEST,
        "-p",
        "tests.mutation.contexts",
        "-k",
        f"not ({target.but})",
        *target.tests,
    ]
    watched = {"KESU_TEST_MODULE": str(tree / target.path), "KESU_TEST_LINES": str(seen)}
    started = time.monotonic()
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, env=_environment() | watched)
    if done.returncode:
        raise RuntimeError(f"The tests of {target.path} fail without any change:\n{done.stdout[-3000:]}")
    found = json.loads(seen.read_text(encoding="utf-8"))
    by_line = {int(line): tests for line, tests in found["lines"].items()}
    return Asked(tuple(found["tests"]), by_line, time.monotonic() - started)


def _environment() -> dict[str, str]:
    return os.environ | {"QT_QPA_PLATFORM": "offscreen"}


def ask(target: Target, asked: Asked, mutants: Sequence[Mutant], tree: Path) -> Iterator[Answer]:
    """The answer for each mutant, one after the other, in one copy of the tree."""
    path = tree / target.path
    original = path.read_text(encoding="utf-8")
    moment = int(path.stat().st_mtime)
    unchanged = Mutant("", original, 0, range(0), "", "")
    if (control := _answer(unchanged, list(asked.everything), tree, max(LEAST_SECONDS, asked.seconds * 3))).outcome != "survived":
        raise RuntimeError(f"The tests of {target.path} fail here without any change: {control.outcome}")
    try:
        for turn, mutant in enumerate(mutants, 1):
            path.write_text(mutant.source, encoding="utf-8")
            os.utime(path, (moment + turn, moment + turn))  # compiled files are told apart by it
            yield _answer(mutant, asked.of(mutant), tree, max(LEAST_SECONDS, asked.seconds * 3))
    finally:
        path.write_text(original, encoding="utf-8")


def _answer(mutant: Mutant, tests: list[str], tree: Path, limit: float) -> Answer:
    started = time.monotonic()
    child = os.fork()
    if not child:
        _run(tests, tree)
    code = _waited(child, started + limit)
    outcome = {None: "timeout", 0: "survived"}.get(code, "killed")
    return Answer(mutant.key, outcome, time.monotonic() - started)


def _run(tests: list[str], tree: Path) -> None:
    """In the child: the tests, quietly, and gone."""
    code = 99
    try:
        os.setpgid(0, 0)
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        os.chdir(tree)
        import pytest

        code = int(pytest.main([*_PYTEST, *_LOADED, *tests]))
    finally:
        os._exit(code)


def _waited(child: int, until: float) -> int | None:
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done or time.monotonic() > until:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(child, signal.SIGKILL)  # and what it may have started
            if not done:
                os.waitpid(child, 0)
                return None
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)


def prepare(tree: Path) -> None:
    """Become a process that looks like one of that tree, with the libraries but nothing of the program in it."""
    os.environ.update(_environment())
    os.environ["QT_LOGGING_RULES"] = "qt.qpa.fonts=false"
    os.chdir(tree)
    sys.path[:] = [str(tree), *(place for place in sys.path if place not in ("", str(ROOT)))]
    _load(_LIBRARIES)
    for name in [name for name in sys.modules if name.split(".")[0] in ("app", "tests", "scripts")]:
        del sys.modules[name]
    gc.collect()
    gc.freeze()  # what is here is not looked through at the end of each child


def _load(names: Iterable[str]) -> None:
    for name in names:
        with suppress(ImportError):
            importlib.import_module(name)
