"""The power goes: what was synced is there, of what was not each disk keeps what it likes. Nothing acknowledged is lost by it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import pytest

from app.core import database as store
from app.core.database import FILE_NAME
from app.services import checking
from tests.branch import new_branch
from tests.faults.disk import Step, heeded
from tests.faults.trial import Trial, Tried, draw, opened
from tests.faults.work import lost, work

_VERBS = 120
_CUTS = 50
"""Of each recording."""
_SECTOR = 512
Said = dict[str, Any]
Recording = list[Step | Said]


def nothing(_rng: Random, _waiting: list[Step]) -> list[Step]:
    """All that was not synced is gone."""
    return []


def beginning(rng: Random, waiting: list[Step]) -> list[Step]:
    """The disk got as far as somewhere."""
    return waiting[: rng.randint(0, len(waiting))]


def some(rng: Random, waiting: list[Step]) -> list[Step]:
    """The disk wrote in an order of its own."""
    return [one for one in waiting if rng.random() < 0.5]


def torn(rng: Random, waiting: list[Step]) -> list[Step]:
    """Of each write some sectors, of the others what was there before."""
    kept = []
    for one in waiting:
        if one.what != "write":
            kept += some(rng, [one])
            continue
        for at in range(0, len(one.data), _SECTOR):
            if rng.random() < 0.7:
                kept.append(one._replace(at=one.at + at, data=one.data[at : at + _SECTOR]))
    return kept


MODES: dict[str, Callable[[Random, list[Step]], list[Step]]] = {
    "nothing": nothing, "beginning": beginning, "some": some, "torn": torn,
}  # fmt: skip


def recorded(folder: Path, seed: str) -> tuple[dict[str, bytearray], Recording]:
    """The files before, and all that was asked of the disk and told to the clerk since then."""
    new_branch(folder)
    store.close()
    before = {FILE_NAME: bytearray((folder / FILE_NAME).read_bytes())}
    steps: Recording = []
    with heeded(steps.append):
        for one in islice(work(opened(folder), draw(seed)), _VERBS):
            steps.append(one)
        end = len(steps)
    return before, steps[:end]  # what closing does is no clerk's work


def cut(folder: Path, times: int) -> Tried:
    """So many cuts of the power in each mode."""
    wrong: list[str] = []
    said = checkpoints = 0
    for turn, count in enumerate([_CUTS] * (times // _CUTS) + ([times % _CUTS] if times % _CUTS else [])):
        source = folder / f"recorded-{turn}"
        before, steps = recorded(source, f"power {turn}")
        checkpoints += sum(isinstance(one, Step) and one.what == "sync" and one.file == FILE_NAME for one in steps)
        said += sum(not isinstance(one, Step) for one in steps)
        rng = draw(f"cut {turn}")
        wrong += _after_each(folder / "cut", before, steps, sorted(rng.randint(1, len(steps)) for _cut in range(count)), rng)
        shutil.rmtree(source)
    return Tried(times * len(MODES), tuple(wrong), f"{said:,} acknowledged verbs on record, {checkpoints} checkpoints among them")


def _after_each(place: Path, disk: dict[str, bytearray], steps: Recording, cuts: list[int], rng: Random) -> Iterator[str]:
    """What is wrong after each of the cuts; `disk` grows along."""
    waiting: list[Step] = []
    told: list[Said] = []
    done = 0
    for at in cuts:
        for one in steps[done:at]:
            if not isinstance(one, Step):
                told.append(one)
            elif one.what == "sync":
                _apply(disk, [each for each in waiting if each.file == one.file])
                disk.setdefault(one.file, bytearray())
                waiting = [each for each in waiting if each.file != one.file]
            else:
                waiting.append(one)
        done = at
        for name, mode in MODES.items():
            left = {file: bytearray(content) for file, content in disk.items()}
            _apply(left, mode(rng, waiting))
            yield from (f"{name} at {at}: {what}" for what in _wrong(place, left, told))


def _apply(disk: dict[str, bytearray], steps: list[Step]) -> None:
    for one in steps:
        content = disk.setdefault(one.file, bytearray())
        if one.what == "truncate":
            del content[one.at :]
            continue
        content.extend(bytes(max(0, one.at - len(content))))
        content[one.at : one.at + len(one.data)] = one.data


def _wrong(place: Path, disk: dict[str, bytearray], told: list[Said]) -> list[str]:
    """Opened by the program as it is, with its own SQLite."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    for file, content in disk.items():
        (place / file).write_bytes(content)
    try:
        session = opened(place)
        return lost(session, told) + [f"{fault.where}: {fault.what}" for fault in checking.check(session)]
    except Exception as error:
        return [f"does not open: {error}"]
    finally:
        store.close()


def without_full(folder: Path, times: int) -> Tried:
    """The control: synchronous=NORMAL."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "PRAGMAS", tuple((name, 1 if name == "synchronous" else value) for name, value in store.PRAGMAS))
        return cut(folder, times)


TRIALS = (
    Trial(
        "power-cut",
        "power cuts at random points of a clerk's work, each in four modes (all unsynced writes lost; kept up to somewhere; "
        "some of them kept; torn at sectors): opened by the program's own SQLite, each acknowledged record compared, "
        "`kesu check` run; only the database: apsw sees no other file",
        cut, 1000, 8,
        "synchronous=NORMAL", without_full, 10,
    ),
)  # fmt: skip
