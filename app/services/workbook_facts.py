"""What a monthly workbook says to programs: whose it is, of which period, what its columns hold, and sums over its cells.

It stands in a hidden sheet. The sums show that a cell was changed by hand; they prove nothing against somebody who means to
deceive: that takes the issuing database (`kesu verify`).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NamedTuple

from app.core import language
from app.core.language import _
from app.core.program import version
from app.core.session import Session
from app.services import figures_details
from app.services.figures_course import OwedLine
from app.services.figures_details import AgreedRow
from app.services.figures_listed import FollowUpRow, Listed, OverdueRow, OwedRow, PromiseRow
from app.services.figures_rows import KINDS, AgreedLine, fetch
from app.services.figures_values import Both, Figures, TrendMonth
from app.services.periods import Kind, Period
from app.services.register_cells import ERRORS

SHEET = "kesu"
FORMAT = 1
MONTH, CONSOLIDATED = "month", "consolidated"
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_AT_ONCE = 500
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


class Lists(NamedTuple):
    """What stands in the workbook one by one beside the cases, as the branch's program had it."""

    agreed: tuple[AgreedRow, ...] = ()
    promises: tuple[PromiseRow, ...] = ()
    follow_ups: tuple[FollowUpRow, ...] = ()
    overdue: tuple[OverdueRow, ...] = ()
    owed: tuple[OwedRow, ...] = ()

    def kept(self, change: Callable[[Any], Any]) -> Lists:
        """The rows as `change` makes them; those of which it makes nothing are left out."""
        changed: dict[str, Any] = {
            name: tuple(new for row in rows if (new := change(row)) is not None) for name, rows in self._asdict().items()
        }
        return Lists(**changed)

    def joined(self, other: Lists) -> Lists:
        """These rows, then those."""
        changed: dict[str, Any] = {name: rows + getattr(other, name) for name, rows in self._asdict().items()}
        return Lists(**changed)


_ROWS: dict[str, Callable[..., Any]] = {
    "agreed": lambda line, number: AgreedRow(AgreedLine(*line), number),
    "promises": PromiseRow,
    "follow_ups": FollowUpRow,
    "overdue": OverdueRow,
    "owed": lambda line, number: OwedRow(OwedLine(*line), number),
}
_PARTS = ("words", "uids", "tables", "sums")


def _json(value: object) -> str:
    """Days and moments, and amounts, keep saying that they are."""
    return json.dumps(value, ensure_ascii=False, default=lambda one: {"n" if isinstance(one, Decimal) else "t": str(one)})


def _typed(told: dict[str, Any]) -> Any:  # noqa: ANN401 - what stood there
    if told.keys() == {"n"}:
        return Decimal(told["n"])
    if told.keys() == {"t"}:
        text = told["t"]
        return date.fromisoformat(text) if len(text) == len("2026-11-30") else datetime.fromisoformat(text)
    return told


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
    """Of the cases that the lists name: number → uid."""
    lists: Lists
    silent_factor: int
    tables: Mapping[str, Table] = field(default_factory=dict)
    sums: Mapping[str, str] = field(default_factory=dict)
    """By the title of a sheet: the sum over its cells."""

    def lines(self) -> Iterator[tuple[str, str]]:
        """Rows of the hidden sheet; the last is the sum of those before it."""
        said = asdict(self) | {"format": FORMAT, "tables": {code: table._asdict() for code, table in self.tables.items()}}
        said |= {"period": [self.period.kind.value, self.period.start.isoformat(), self.period.end.isoformat()]}
        said |= {"now": self.now.isoformat(), "made": self.made.isoformat()}
        said |= {"trend": [[month.isoformat(), *both] for month, *both in self.trend]}
        for name in _PARTS:
            said |= {f"{name}.{key}": value for key, value in said.pop(name).items()}
        del said["lists"]
        rows = [(code, _json(value)) for code, value in said.items()]
        rows += [(f"lists.{name}", _json(row)) for name, listed in self.lists._asdict().items() for row in listed]
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
    *rows, (last, sealed) = lines
    if last != "seal" or sealed != seal(rows):
        raise ValueError(last)
    said: dict[str, Any] = {name: {} for name in _PARTS}
    lists: dict[str, list[Any]] = {name: [] for name in _ROWS}
    for code, told in rows:
        name, point, key = code.partition(".")
        value = json.loads(told, object_hook=_typed)
        if name == "lists":
            lists[key].append(_ROWS[key](*value))
        elif point:
            said[name][key] = value
        else:
            said[code] = value
    said["lists"] = Lists(**{name: tuple(listed) for name, listed in lists.items()})
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


def of_figures(session: Session, figures: Figures, agreed: tuple[AgreedRow, ...], listed: Listed) -> Facts:
    """The facts of a branch's workbook."""
    words = figures_details.words() | {"cell": cell_words()}
    lists = Lists(agreed, *listed)
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
        _uids(session, lists),
        lists,
        figures.silent_factor,
    )


def _uids(session: Session, lists: Lists) -> dict[str, str]:
    numbers = sorted({case_of(row) for listed in lists for row in listed})
    found: dict[str, str] = {}
    for kind in KINDS:
        for start in range(0, len(numbers), _AT_ONCE):
            asked = numbers[start : start + _AT_ONCE]
            places = ", ".join("?" * len(asked))
            sql = f"SELECT number, uid FROM {kind.table} WHERE branch_id = ? AND number IN ({places})"
            found |= dict(fetch(sql, (session.branch.id, *asked)))
    return found


def case_of(row: Any) -> str:  # noqa: ANN401 - a row of one of the lists
    """The number of the case that a row of a list is about."""
    return str(row.case if isinstance(row, PromiseRow | OverdueRow) else row.complaint)
