"""Killed at every step of changing key file and store: the old state or the new one, never neither, and no left-overs."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from app.core import database as store
from app.core import key_file, keyring, store_file
from app.core.database import database
from app.core.rewriting import rewrite
from app.core.store_file import COMING, GONE

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a process that is cheap to kill")

OLD, NEW = "雨后的茶园很安静没有人", "seven green umbrellas"
STEPS = {"open", "os.rename", "os.link", "os.remove", "os.truncate"}
NAMES = [("鑫瑞达",), ("金桥",)]


class Case(NamedTuple):
    """What is done to a folder, which is encrypted before or not."""

    encrypted: bool
    act: Callable[[Path], object]


def unlocked(folder: Path) -> bytes:
    return keyring.unlock(folder, "王敏", OLD).key


def make(folder: Path) -> None:
    with keyring.making(folder, "王敏", OLD) as made:
        _open_and(folder, None, made.key)


def rekey(folder: Path) -> None:
    key = unlocked(folder)
    with keyring.rekeying(folder, key, "刘洋") as coming:
        _open_and(folder, key, coming)


def leave(folder: Path) -> None:
    key = unlocked(folder)
    with keyring.leaving(folder, key):
        _open_and(folder, key, None)


def _open_and(folder: Path, before: bytes | None, after: bytes | None) -> None:
    store.open_database(folder, key=before)
    rewrite(after)


CASES = {
    "set_password": Case(True, lambda folder: keyring.set_password(folder, "王敏", OLD, NEW)),
    "make": Case(False, make),
    "rekey": Case(True, rekey),
    "leave": Case(True, leave),
}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "COST", (1, 64, 1))


@pytest.fixture
def folders(tmp_path: Path) -> dict[bool, Path]:
    """A small plain store and the same one encrypted."""
    plain, locked = tmp_path / "plain", tmp_path / "locked"
    store.make_file(plain)
    store.open_database(plain)
    database.execute_sql("CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT)")
    for name in NAMES:
        database.execute_sql("INSERT INTO customer (name) VALUES (?)", name)
    store.close()
    shutil.copytree(plain, locked)
    make(locked)
    keyring.add_person(locked, store.present_key() or b"", "刘洋", NEW)
    store.close()
    return {False: plain, True: locked}


def killed_at(step: int, folder: Path, act: Callable[[Path], object]) -> bool:
    """Do it in a process of its own that is killed before its n-th step on the disk; whether it was."""
    process = os.fork()
    if not process:
        try:
            left = [step]
            sys.addaudithook(lambda event, given: _die(left) if event in STEPS and _in(folder, given) else None)
            act(folder)
            os._exit(0)
        finally:
            os._exit(1)
    _process, status = os.waitpid(process, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def _in(folder: Path, given: tuple[object, ...]) -> bool:
    return str(folder) in str(given[0])


def _die(left: list[int]) -> None:
    left[0] -= 1
    if left[0] < 0:
        os.kill(os.getpid(), signal.SIGKILL)


def read_again(folder: Path) -> str:
    """Open what is left as a person would, and say how: by no password, the old or the new one."""
    store.close()
    if not keyring.exists(folder):
        store.open_database(folder)
        return "plain"
    for password in (OLD, NEW):
        try:
            key = keyring.unlock(folder, "王敏", password).key
        except keyring.SignInRefused:
            continue
        store.open_database(folder, key=key)
        if password == OLD:
            keyring.set_password(folder, "王敏", OLD, OLD)  # not still between two keys
        return password
    return "lost"


def outcomes(case: Case, folders: dict[bool, Path]) -> tuple[int, set[str]]:
    """At how many steps it was killed, and how it opened afterwards."""
    found, step = set(), 0
    while True:
        folder = folders[case.encrypted].with_name("tried")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(folders[case.encrypted], folder)
        if not killed_at(step, folder, case.act):
            return step, found
        found.add(read_again(folder))
        assert database.execute_sql("SELECT name FROM customer ORDER BY id").fetchall() == NAMES
        assert store_file.faults(folder / "kesu.db", store.present_key()) == []
        assert [path.name for path in folder.iterdir() if path.name.endswith((COMING, GONE))] == []
        assert not keyring.exists(folder) or list(folder.glob("*.part")) == []
        store.close()
        step += 1


@pytest.mark.parametrize(
    ("name", "ways"),
    [("set_password", {OLD, NEW}), ("make", {"plain", OLD}), ("rekey", {OLD}), ("leave", {OLD, "plain"})],
)
def test_killed_at_any_step_one_of_both_is_whole(folders: dict[bool, Path], name: str, ways: set[str]) -> None:
    steps, found = outcomes(CASES[name], folders)
    assert found == ways
    assert steps > 8


@pytest.mark.parametrize("name", ["make", "rekey", "leave"])
def test_killed_while_much_is_written_one_of_both_is_whole(folders: dict[bool, Path], name: str) -> None:
    case, draw, ways = CASES[name], random.Random(name), set()
    fill(folders[case.encrypted])
    start = time.perf_counter()
    wait_for(begun(case, folders), 10)
    span = time.perf_counter() - start
    for _turn in range(8):
        process = begun(case, folders)
        wait_for(process, draw.uniform(0, span))
        folder = folders[case.encrypted].with_name("tried")
        ways.add(read_again(folder))
        assert database.execute_sql("SELECT count(*), sum(length(bytes)) FROM ballast").fetchone() == (300, 3_000_000)
        assert store_file.faults(folder / "kesu.db", store.present_key()) == []
        assert list(folder.glob(f"*{COMING}*")) + list(folder.glob(f"*{GONE}*")) == []
        store.close()
    assert "lost" not in ways


def fill(folder: Path) -> None:
    """More than is written in a moment."""
    store.open_database(folder, key=unlocked(folder) if keyring.exists(folder) else None)
    database.execute_sql("CREATE TABLE ballast (bytes BLOB)")
    with store.transaction():
        for _row in range(300):
            database.execute_sql("INSERT INTO ballast VALUES (randomblob(10000))")
    store.close()


def begun(case: Case, folders: dict[bool, Path]) -> int:
    """A process that does it to a fresh copy."""
    folder = folders[case.encrypted].with_name("tried")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(folders[case.encrypted], folder)
    process = os.fork()
    if not process:
        try:
            case.act(folder)
        finally:
            os._exit(0)
    return process


def wait_for(process: int, seconds: float) -> None:
    """Until it has ended, or kill it then."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until and os.waitpid(process, os.WNOHANG) == (0, 0):
        time.sleep(0.002)
    with suppress(ProcessLookupError, ChildProcessError):
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


def test_a_key_file_written_in_place_is_lost(folders: dict[bool, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: these kills do find what is not written whole."""

    def in_place(folder: Path, body: dict[str, object]) -> None:
        streams = [(folder / name).open("wb") for name in key_file.FILE_NAMES]
        for stream in streams:
            stream.write(key_file.encode(body))
            (folder / "kept").touch()  # a step between
            stream.close()

    monkeypatch.setattr(key_file, "write", in_place)
    with pytest.raises(Exception, match="Both copies of the key file"):
        outcomes(CASES["set_password"], folders)


def test_a_key_forgotten_too_early_is_lost(folders: dict[bool, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with the new key alone in the file, the store of a killed change opens with nothing."""
    write = keyring._write

    def early(folder: Path, body: dict[str, object], *keys: bytes) -> None:
        for entry in keyring._entries(body):
            entry["sealed"] = entry["sealed"][-1:]
        write(folder, body, *keys)

    monkeypatch.setattr(keyring, "_write", early)
    with pytest.raises(Exception, match=r"damaged|changed by another program"):
        outcomes(CASES["rekey"], folders)
