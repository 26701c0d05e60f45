"""What a check says: how much was tried and refused, and what went wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

NOW = datetime(2026, 11, 23, 6, 32, tzinfo=UTC)
BRANCH = {"code": "CD", "name": "城东分公司"}


class Fault(NamedTuple):
    """Something that went wrong with a text: in which field or output, and what."""

    text: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.text[:60]!a} · {self.where}: {self.what}"


class Report(NamedTuple):
    """How much was tried, how much of it was refused by a sentence, and what went wrong."""

    tried: int = 0
    refused: int = 0
    faults: tuple[Fault, ...] = ()

    def __add__(self, other: object) -> Report:
        assert isinstance(other, Report)
        return Report(self.tried + other.tried, self.refused + other.refused, self.faults + other.faults)
