"""kill -9 while a clerk works: what was acknowledged is there, and nothing is half written."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import peewee

from app.core import database as store
from app.services import checking
from tests.branch import new_branch
from tests.faults.trial import Trial, Tried, draw, opened, process, read_all
from tests.faults.work import line, lost, read, work

_EACH = 20
"""Kills of one branch before the next is begun."""


def _clerk(folder: Path, seed: str, spoil: Callable[[], object], end: int) -> None:
    spoil()
    place = folder.with_name("sources")
    place.mkdir(exist_ok=True)
    for one in work(opened(folder), draw(seed), place):
        os.write(end, line(one))


def killed(folder: Path, times: int, spoil: Callable[[], object] = list) -> Tried:
    """Begin, wait for a moment, kill, and look."""
    rng, wrong, said, unfinished = draw("kills"), [], 0, False
    data = folder / "data"
    for turn in range(times):
        if turn % _EACH == 0:
            store.close()
            shutil.rmtree(data, ignore_errors=True)
            new_branch(data)
        with process(partial(_clerk, data, f"clerk {turn}", spoil)) as (child, end):
            first = os.read(end, 1)
            time.sleep(rng.uniform(0, 0.15))
            os.kill(child, signal.SIGKILL)
            acknowledged = read(first + read_all(end))
        said += len(acknowledged)
        session = opened(data)
        found = [fault for fault in checking.check(session) if "attachments" not in str(fault.where)]
        unfinished = unfinished or any((data / "attachments").glob("incoming-*"))
        wrong += [f"kill {turn}: {what}" for what in lost(session, acknowledged)]
        wrong += [f"kill {turn}: {fault.where}: {fault.what}" for fault in found]
    store.close()
    left = "a kill may leave the beginning of an attached file, which a check names and removes" if unfinished else ""
    return Tried(times, tuple(wrong), "; ".join(filter(None, (f"{said:,} acknowledged verbs", left))))


def each_statement_for_itself(folder: Path, times: int) -> Tried:
    """The control: a verb without its transaction."""

    def spoil() -> None:  # of the process that will be killed
        peewee.DatabaseProxy.atomic = lambda *_how: nullcontext()
        store._Store.in_transaction = lambda _self: True

    return killed(folder, times, spoil)


TRIALS = (
    Trial(
        "kill",
        "kill -9 at a random moment while a process adds, edits, attaches and takes steps and tells each after its commit; "
        "then opened, every acknowledged record compared, `kesu check` run",
        killed, 500, 8,
        "the verbs without their transaction", each_statement_for_itself, 20,
    ),
)  # fmt: skip
