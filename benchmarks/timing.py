"""Times of two ways to do the same, taken in turns so that a busy machine slows both alike; and how a result is written down."""

from __future__ import annotations

import gc
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import NamedTuple

ROUNDS = 15
FELT = 0.2
"""Below this a ratio says nothing: calling a function costs more than the floor does."""


class Result(NamedTuple):
    """What a measure found at one size: the program's value, the floor's, and the most that the ratio may be."""

    measure: str
    what: str
    size: int
    ours: float
    floor: float
    goal: float | None = None
    unit: str = "ms"
    note: str = ""
    more: float | None = None
    """Where the goal is no ratio: by how much the program's value may exceed the floor's."""

    @property
    def ratio(self) -> float:
        """How many times the floor."""
        return self.ours / self.floor if self.floor else float("nan")

    @property
    def reached(self) -> bool:
        """Whether the goal is met; what has none always is, and what takes less than `FELT` milliseconds, too."""
        if self.more is not None:
            return self.ours - self.floor <= self.more
        return self.goal is None or self.ratio <= self.goal or (self.unit == "ms" and self.ours < FELT)

    @property
    def goal_said(self) -> str:
        """The goal in a word; empty where there is none."""
        if self.more is not None:
            return f"≤ +{self.more:g} {self.unit}"
        return "" if self.goal is None else f"≤ {self.goal:.3g}"


def milliseconds(action: Callable[[], object]) -> float:
    """How long one call takes."""
    started = perf_counter()
    action()
    return (perf_counter() - started) * 1000


def race(ours: Callable[[], object], floor: Callable[[], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """Medians in milliseconds, after one call of each that does not count."""
    ours()
    floor()
    times: tuple[list[float], list[float]] = ([], [])
    gc.collect()
    gc.disable()
    try:
        for turn in range(rounds):
            for place in (0, 1) if turn % 2 else (1, 0):
                times[place].append(milliseconds((ours, floor)[place]))
    finally:
        gc.enable()
    return median(times[0]), median(times[1])
