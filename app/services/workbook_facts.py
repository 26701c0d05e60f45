"""What a monthly workbook says to programs: whose it is, of which period, what its columns hold, and sums over its cells.

It stands in a hidden sheet. The sums show that a cell was changed by hand; they prove nothing against somebody who means to
deceive: that takes the issuing database (`kesu verify`).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NamedTuple

from app.core import language
from app.core.language import _
from app.core.program import version
from app.core.session import Session
from app.models import classifications as of
from app.services import figures_details
from app.services.figures import words_of
from app.services.figures_details import AgreedRow
from app.services.figures_values import Both, Figures, TrendMonth
from app.services.periods import Kind, Period
from app.services.register_cells import ERRORS

SHEET = "kesu"
FORMAT = 1
MONTH, CONSOLIDATED = "month", "consolidated"
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_BETWEEN = "\x1f"


def plain(value: object) -> str:
    """A cell's value as it stays when another program saves the workbook: numbers of 14 digits, times of milliseconds."""
    if isinstance(value, str):
        while "_x" in value and (read := _ESCAPE.sub(lambda found: chr(int(found[1], 16)), value)) != value:
            value = read
        text = value.replace("\r\n", "\n").strip()
        return "" if text in ERRORS else text
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value)
    if isinstance(value, int | float | Decimal):
        return f"{value:.14g}"
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return value.isoformat(timespec="milliseconds") if isinstance(value, datetime) else str(value)


class CellSum:
    """A sum over rows: the same whatever their order and however many empty ones lie between, for people sort tables.

    `apart`: words of formulas' results, which stand in no sum: who reads a workbook may not have them calculated.
    """

    def __init__(self, apart: Iterable[str]) -> None:
        self._apart = frozenset(apart)
        self._total = 0

    def add(self, cells: Iterable[object]) -> None:
        """One more row, from the first column on."""
        said = ["" if (text := plain(cell)) in self._apart else text for cell in cells]
        row = _BETWEEN.join(said).rstrip(_BETWEEN)
        if row:
            self._total += int.from_bytes(hashlib.sha256(row.encode("utf-8", "surrogatepass")).digest())

    def __str__(self) -> str:
        return f"{self._total % 2**256:064x}"


class Table(NamedTuple):
    """Where rows stand that programs read: below these heads of a sheet; the code of each column."""

    sheet: str
    heads: tuple[str, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """All that is said of a workbook. What of the figures the cases in it do not give is here as counts."""

    book: str
    program: str
    language: str
    branch_code: str
    branch_name: str
    zone: str
    period: Period
    now: datetime
    made: datetime
    only: str
    counts: Both[int]
    previous: Both[int]
    year_before: Both[int]
    active_customers: int
    trend: tuple[TrendMonth, ...]
    words: Mapping[str, Mapping[str, str]]
    """By `table.column`: the word of each code. `cell`: the words for yes, no, agrees, differs."""
    uids: Mapping[str, str]
    """Of the complaints whose agreements count: number → uid."""
    tables: Mapping[str, Table] = field(default_factory=dict)
    sums: Mapping[str, str] = field(default_factory=dict)
    """By the title of a sheet: the sum over its cells."""

    def lines(self) -> Iterator[tuple[str, str]]:
        """Rows of the hidden sheet; the last is the sum of those before it."""
        said = asdict(self) | {"format": FORMAT, "tables": {code: table._asdict() for code, table in self.tables.items()}}
        said |= {"period": [self.period.kind.value, self.period.start.isoformat(), self.period.end.isoformat()]}
        said |= {"now": self.now.isoformat(), "made": self.made.isoformat()}
        said |= {"trend": [[month.isoformat(), *both] for month, *both in self.trend]}
        for name in ("words", "uids", "tables", "sums"):
            said |= {f"{name}.{key}": value for key, value in said.pop(name).items()}
        rows = [(code, json.dumps(value, ensure_ascii=False)) for code, value in said.items()]
        yield from rows
        yield "seal", seal(rows)


def seal(rows: Sequence[tuple[str, str]]) -> str:
    """The sum of the hidden sheet, by which a workbook's content is known."""
    total = CellSum(())
    for row in rows:
        total.add(row)
    return str(total)


def parse(lines: Sequence[tuple[str, str]]) -> Facts:
    """The facts in a hidden sheet. ValueError where it is not as it was written."""
    *rows, (last, told) = lines
    if last != "seal" or told != seal(rows):
        raise ValueError(last)
    said: dict[str, Any] = {name: {} for name in ("words", "uids", "tables", "sums")}
    for code, value in rows:
        name, point, key = code.partition(".")
        if point:
            said[name][key] = json.loads(value)
        else:
            said[code] = json.loads(value)
    del said["format"]
    kind, start, end = said["period"]
    said["period"] = Period(date.fromisoformat(start), date.fromisoformat(end), Kind(kind))
    said["trend"] = tuple(TrendMonth(date.fromisoformat(month), *both) for month, *both in said["trend"])
    said |= {code: datetime.fromisoformat(said[code]) for code in ("now", "made")}
    said |= {code: Both(*said[code]) for code in ("counts", "previous", "year_before")}
    said["tables"] = {
        code: Table(table["sheet"], tuple(table["heads"]), tuple(table["columns"])) for code, table in said["tables"].items()
    }
    return Facts(**said)


def cell_words() -> dict[str, str]:
    """What stands in cells for yes and no, and what checks say."""
    return {"yes": _("yes"), "no": _("no"), "agrees": _("agrees"), "differs": _("differs")}


def of_figures(session: Session, figures: Figures, agreed: Sequence[AgreedRow]) -> Facts:
    """The facts of a branch's workbook."""
    words = figures_details.words() | {"agreed.remedy": words_of(of.REMEDIES), "cell": cell_words()}
    return Facts(
        MONTH,
        version(),
        language.chosen(),
        figures.branch_code,
        figures.branch_name,
        session.branch.time_zone,
        figures.period,
        figures.now,
        session.clock(),
        " · ".join(f"{one.label} {one.word}" for one in figures.only),
        Both(figures.objections, figures.complaints),
        figures.previous,
        figures.year_before,
        figures.active_customers,
        figures.trend,
        words,
        {row.complaint: row.uid for row in agreed},
    )
