"""Start to the first painted list, and memory with the list open, each in a process of its own, beside a bare table window."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from statistics import median
from typing import NamedTuple

from app.core.preferences import Preferences
from benchmarks.store import Store
from benchmarks.timing import Result

_ROUNDS = 7
_SCRIPT = Path(__file__).with_name("first_paint.py")
_MILLION = 1_000_000
_MORE_MEMORY = 60.0


class _Seen(NamedTuple):
    """What a window tells: milliseconds from the start of its process to the first painted list, MB then and after scrolling."""

    painted: float
    memory: float
    scrolled: float


def measure(store: Store) -> Iterator[Result]:
    """The window on the store, in turns with the bare one."""
    preferences = Preferences(store.folder)
    with screen(store.folder.parent / "compiled") as (environment, where):
        for page, name in (("complaints", "list"), ("workbench", "workbench")):
            preferences.put("page", page)
            mine, least = _in_turns(environment, page, str(store.folder))
            goal = (2.0 if store.size >= _MILLION else 1.6) if page == "complaints" else None
            yield Result("start", f"first painted {name}", store.size, mine.painted, least.painted, goal, note=where)
            if page == "complaints":
                yield Result("memory", "list open", store.size, mine.memory, least.memory, unit="MB", more=_MORE_MEMORY)
                yield Result(
                    "memory", "list scrolled through", store.size, mine.scrolled, least.scrolled, unit="MB", more=_MORE_MEMORY
                )


def _in_turns(environment: dict[str, str], page: str, folder: str) -> tuple[_Seen, _Seen]:
    """Medians of the program's window and of the bare one; the first turn warms up."""
    ours, bare = [], []
    for _turn in range(_ROUNDS + 1):
        ours.append(_seen(environment, page, folder))
        bare.append(_seen(environment, "bare"))
    mine, least = (_Seen(*map(median, zip(*seen[1:], strict=True))) for seen in (ours, bare))
    return mine, least


def _seen(environment: dict[str, str], what: str, *arguments: str) -> _Seen:
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, str(_SCRIPT), what, *arguments], env=environment, capture_output=True, text=True, timeout=120
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    told = json.loads(done.stdout.splitlines()[-1])
    return _Seen((told["painted"] - started) * 1000, told["memory"], told["scrolled"])


@contextmanager
def screen(kept: Path) -> Iterator[tuple[dict[str, str], str]]:
    """An X server of its own that does not reset between windows; where there is none, Qt's own drawing into memory."""
    root = str(Path(__file__).resolve().parents[1])
    environment = {**os.environ, "PYTHONPATH": root, "KESU_LANG": "zh_CN", "QT_LOGGING_RULES": "qt.qpa.*=false"}
    # As on any desk: the first start compiles, the others read what it kept.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = str(kept)
    server = which("Xvfb")
    if server is None:
        yield environment | {"QT_QPA_PLATFORM": "offscreen"}, "no X server: drawn into memory"
        return
    read, write = os.pipe()
    command = [server, "-noreset", "-displayfd", str(write), "-screen", "0", "1366x768x24", "-nolisten", "tcp"]
    running = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    try:
        os.close(write)
        display = os.read(read, 20).decode().strip()
        yield environment | {"DISPLAY": f":{display}", "QT_QPA_PLATFORM": "xcb"}, "Xvfb"
    finally:
        running.terminate()
        running.wait()
        os.close(read)
