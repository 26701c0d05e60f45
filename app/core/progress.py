"""How long work tells how far it is and learns that it shall stop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from threading import Event
from typing import TypeVar

from app.core.errors import Cancelled

T = TypeVar("T")


class Progress:
    """Told to nobody; the window and the terminal override `report`."""

    every = 100
    """Rows between two reports."""

    def __init__(self) -> None:
        self._stop = Event()

    def cancel(self) -> None:
        """Ask the work to stop; may be called from another thread."""
        self._stop.set()

    def report(self, done: int, total: int | None, sentence: str) -> None:
        """Show that `done` of `total` (None: unknown) is over."""

    def step(self, done: int, total: int | None = None, sentence: str = "") -> None:
        """Report, and raise `Cancelled` if that was asked for."""
        if self._stop.is_set():
            raise Cancelled
        self.report(done, total, sentence)

    def over(self, rows: Iterable[T], total: int | None = None, sentence: str = "") -> Iterator[T]:
        """The rows, reporting on the way."""
        done = 0
        for done, row in enumerate(rows, 1):
            if done % self.every == 1:
                self.step(done - 1, total, sentence)
            yield row
        self.step(done, total, sentence)
