"""Formulas that count again, from the detail sheets, what the tables of the workbook say; and where the details stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.core.language import _

_WORD = re.compile(r"[A-Za-z\u4e00-\u9fff]{2}")
_WILD = re.compile(r"[*?~<>=]")
EXACT_UP_TO = 2_000_000
"""Comparisons that exact formulas may take; beyond that a quicker one stands in for labels that it cannot mistake."""
NEAR = 0.000001


@dataclass(frozen=True)
class Detail:
    """Where the cases of a kind stand: an address with a place for the column's letter, the letters by code, and how many."""

    address: str
    letters: dict[str, str]
    rows: int

    def __getitem__(self, code: str) -> str:
        """The address of a column."""
        return self.address.format(c=self.letters[code])


def yes() -> str:
    """The word for yes, as a formula quotes it."""
    word = _("yes")
    return f'"{word}"'


def no() -> str:
    """The word for no, as a formula quotes it."""
    word = _("no")
    return f'"{word}"'


def having(detail: Detail, *conditions: tuple[str, str]) -> str:
    """How many cases meet all (column, criterion)."""
    pairs = ",".join(f"{detail[code]},{criterion}" for code, criterion in conditions)
    return f"COUNTIFS({pairs})"


def of_period(detail: Detail, *conditions: tuple[str, str]) -> str:
    """How many cases of the period meet the conditions."""
    return having(detail, ("in_period", yes()), *conditions)


def part(detail: Detail, code: str) -> str:
    """Yes among yes and no."""
    said = of_period(detail, (code, yes()))
    return f"{said}/({said}+{of_period(detail, (code, no()))})"


class Labels:
    """Recounts the rows of one table: exactly by their labels, however these are written."""

    def __init__(self, labels: Iterable[str], *details: Detail) -> None:
        found = list(labels)
        folded = Counter(label.casefold() for label in found)
        self._many = len(found) * sum(detail.rows for detail in details) > EXACT_UP_TO
        self._twice = {label for label, times in folded.items() if times > 1}

    def count(self, detail: Detail, column: str, cell: str, label: str | None) -> str:
        """Cases of the period whose column holds what `cell` says; None: nothing."""
        if label is None:
            return f'SUMPRODUCT(({detail["in_period"]}={yes()})*({detail[column]}=""))'
        if self._many and _WORD.search(label) and not _WILD.search(label) and label.casefold() not in self._twice:
            return of_period(detail, (column, cell))
        return f"SUMPRODUCT(({detail['in_period']}={yes()})*EXACT({detail[column]},{cell}))"


def near(one: str, other: str) -> str:
    """Whether two numbers are the same but for rounding."""
    return f"ABS(({one})-({other}))<{NEAR}"


def differs() -> str:
    """What a check says that does not hold."""
    return _("differs")


def agrees(conditions: Sequence[str]) -> str:
    """The formula of a check: one word if all hold, the other if not or if they cannot be worked out."""
    good, bad = _("agrees"), differs()
    return f'=IF(IFERROR(AND({",".join(conditions)}),FALSE),"{good}","{bad}")'
