"""The bundle that people install beside a run from source: window seen, memory, size. Nothing where none was made."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from shutil import which
from statistics import median

from app.core.preferences import Preferences
from benchmarks.store import Store
from benchmarks.timing import Result
from benchmarks.windows import screen
from installer.places import NAME, WORK

_ROUNDS = 7
_AIM = 130.0
"""MB installed."""
_STARTED = 60.0


def measure(store: Store) -> Iterator[Result]:
    """The window of each on the store, in turns; seen from outside, as both are told nothing."""
    Preferences(store.folder).put("page", "complaints")
    for flavour in ("current", "old"):
        folder = WORK / f"bundle-{flavour}" / "dist" / NAME
        if not folder.exists() or which("xdotool") is None or which("Xvfb") is None:
            print(f"# no bundle {flavour}, or no xdotool and Xvfb to look at it", file=sys.stderr)
            continue
        commands = ([str(folder / "kesu")], [sys.executable, "-m", "app"])
        with screen(store.folder.parent / "compiled") as (environment, where):
            turns = [[_seen(command, store.folder, environment) for command in commands] for _turn in range(_ROUNDS + 1)][1:]
        (ours, our_memory), (floor, memory) = (
            [median(one) for one in zip(*side, strict=True)] for side in zip(*turns, strict=True)
        )
        yield Result("bundle", f"{flavour}: window seen", store.size, ours, floor, note=f"{where}; floor: from source")
        yield Result("bundle", f"{flavour}: memory", store.size, our_memory, memory, unit="MB", note="floor: from source")
        size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink()) / 1e6
        yield Result("bundle", f"{flavour}: installed", store.size, size, _AIM, 1.0, unit="MB", note="floor: what was aimed at")


def _seen(command: Sequence[str], folder: Path, environment: dict[str, str]) -> tuple[float, float]:
    """Milliseconds until the window can be seen, and MB of memory a moment later."""
    started = time.monotonic()
    told = {**os.environ, **environment, "KESU_LANG": "en"}
    running = subprocess.Popen([*command, "--data", str(folder)], env=told, stderr=subprocess.DEVNULL)
    try:
        while not _is_there(environment):
            if running.poll() is not None or time.monotonic() - started > _STARTED:
                raise RuntimeError(f"{command} shows no window")
        seen = (time.monotonic() - started) * 1000
        time.sleep(1)
        lines = Path(f"/proc/{running.pid}/status").read_text(encoding="ascii").splitlines()
        return seen, next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))
    finally:
        running.terminate()
        running.wait()


def _is_there(environment: dict[str, str]) -> bool:
    command = ("xdotool", "search", "--onlyvisible", "--name", "Kesu Desk")
    return subprocess.run(command, env={**os.environ, **environment}, capture_output=True).returncode == 0
