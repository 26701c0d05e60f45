"""Reads the monthly workbook of a branch back: whole and unchanged, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from app.core.errors import UserError
from app.core.language import _
from app.core.progress import Progress
from app.services import workbook_facts
from app.services.figures_details import COMPLAINT_COLUMNS, OBJECTION_COLUMNS, Column, Form, Value
from app.services.register_files import Register, Sheet, open_register
from app.services.workbook_facts import CellSum, Facts, Table

FOREIGN, CHANGED, NEWER, OLDER, PARTIAL, CONSOLIDATED = "foreign", "changed", "newer", "older", "partial", "consolidated"
UNREADABLE = "unreadable"
COLUMNS = {"objections": OBJECTION_COLUMNS, "complaints": COMPLAINT_COLUMNS}
Row = tuple[Value, ...]


class Unusable(UserError):
    """Why a file cannot be merged; `code` says which kind of reason it is."""

    def __init__(self, code: str, sentence: str) -> None:
        self.code = code
        super().__init__(sentence)


@dataclass(frozen=True)
class BranchWorkbook:
    """What a workbook holds: rows of the kind's own columns with codes, yes and no as booleans, local moments without a zone."""

    path: Path
    facts: Facts
    seal: str
    zone: ZoneInfo
    cases: Mapping[str, list[Row]]
    """By `objections` and `complaints`."""


class _Hidden(NamedTuple):
    facts: Facts
    seal: str


def read(path: Path, progress: Progress | None = None) -> BranchWorkbook:
    """The workbook, its cells proved to be those that were written. Unusable says why not and what to do."""
    try:
        with open_register(path, progress=progress) as register:
            return _read(path, register)
    except Unusable:
        raise
    except UserError as error:
        raise Unusable(UNREADABLE, str(error)) from None


def _read(path: Path, register: Register) -> BranchWorkbook:
    sheets = {sheet.name: sheet for sheet in register.sheets}
    hidden = _hidden(sheets.get(workbook_facts.SHEET))
    try:
        rows = {name: _rows_of(sheets, hidden.facts, name) for name in hidden.facts.tables}
        _check_sums(sheets, hidden.facts)
        cases = {name: _typed(hidden.facts, name, rows[name]) for name in COLUMNS}
        found = BranchWorkbook(path, hidden.facts, hidden.seal, ZoneInfo(hidden.facts.zone), cases)
        _check_counts(found)
    except (ValueError, TypeError, KeyError, IndexError, ArithmeticError):
        raise _changed(workbook_facts.SHEET) from None
    return found


def _hidden(sheet: Sheet | None) -> _Hidden:
    """The facts of a whole workbook of a month."""
    lines = (
        []
        if sheet is None
        else [(str(cells[0]), "".join(map(str, cells[1:]))) for _number, cells in sheet.rows() if len(cells) > 1]
    )
    told = dict(lines)
    if not {"format", "book", "seal"} <= told.keys():
        raise Unusable(
            FOREIGN,
            _("This is no monthly workbook, or one of an older program. Ask the branch to export the month again."),
        )
    if told["format"] != str(workbook_facts.FORMAT):
        raise Unusable(NEWER, _("This workbook was made by a newer program. Update this program, then merge again."))
    try:
        facts = workbook_facts.parse(lines)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise _changed(workbook_facts.SHEET) from None
    if facts.book == workbook_facts.CONSOLIDATED:
        raise Unusable(CONSOLIDATED, _("This is itself a merged workbook. Merge the workbooks of the branches."))
    if facts.only:
        raise Unusable(
            PARTIAL,
            _("This workbook holds only a part of the cases ({part}). Ask the branch for the whole month.").format(
                part=facts.only
            ),
        )
    return _Hidden(facts, told["seal"])


def _changed(sheet: str) -> Unusable:
    return Unusable(
        CHANGED,
        _(
            "Cells on sheet “{sheet}” were changed by hand. Ask the branch to export the month again and to send it as it is."
        ).format(sheet=sheet),
    )


def _check_sums(sheets: Mapping[str, Sheet], facts: Facts) -> None:
    words = facts.words["cell"]
    for title, told in facts.sums.items():
        total = CellSum((words["agrees"], words["differs"]))
        for _number, cells in sheets[title].rows() if title in sheets else ():
            total.add(cells)
        if str(total) != told:
            raise _changed(title)


def _check_counts(found: BranchWorkbook) -> None:
    """The period's own cases in the details are as many as the figures say."""
    for (name, rows), told in zip(found.cases.items(), found.facts.counts, strict=True):
        if sum(row[0] is True for row in rows) != told:
            raise _changed(found.facts.tables[name].sheet)


def _rows_of(sheets: Mapping[str, Sheet], facts: Facts, name: str) -> list[tuple[Any, ...]]:
    """The rows below the heads of a table, as wide as these."""
    table = facts.tables[name]
    return [] if table.sheet not in sheets else list(_below(sheets[table.sheet], table))


def _below(sheet: Sheet, table: Table) -> Iterator[tuple[Any, ...]]:
    heads = tuple(map(workbook_facts.plain, table.heads))
    inside = False
    for _number, cells in sheet.rows():
        padded = (*cells, *[None] * (len(heads) - len(cells)))[: len(heads)]
        if inside and any(cell is not None for cell in padded):
            yield padded
        inside = inside or tuple(map(workbook_facts.plain, padded)) == heads


def _typed(facts: Facts, name: str, rows: Iterable[Sequence[Any]]) -> list[Row]:
    """Rows in the order of this program's own columns."""
    reads = _reads(facts, name, COLUMNS[name])
    return [tuple(None if row[place] is None else read(row[place]) for place, read in reads) for row in rows]


def _reads(facts: Facts, name: str, columns: Sequence[Column]) -> list[tuple[int, Callable[[Any], Value]]]:
    """Of each column its place, and what makes a value of a cell."""
    places = {code: place for place, code in enumerate(facts.tables[name].columns)}
    if missing := [_(column.label) for column in columns if column.code not in places]:
        raise Unusable(
            OLDER,
            _(
                "This workbook was made by an older program and lacks {columns}. Ask the branch to update and export again."
            ).format(columns=_(", ").join(missing)),
        )
    found: list[tuple[int, Callable[[Any], Value]]] = []
    for column in columns:
        exact = f"{column.code}_exact"
        source = exact if column.form is Form.MOMENT and exact in places else column.code
        found.append((places[source], _reader(facts, name, column, source)))
    return found


def _reader(facts: Facts, name: str, column: Column, source: str) -> Callable[[Any], Value]:
    if words := facts.words.get(f"{name}.{column.code}"):
        codes = {workbook_facts.plain(word): code for code, word in words.items()}
        return lambda cell: codes.get(workbook_facts.plain(cell), str(cell))
    if column.form is Form.FLAG:
        cell_words = facts.words["cell"]
        flags = {cell_words["yes"]: True, cell_words["no"]: False}
        return lambda cell: flags[cell]
    if source != column.code:
        return _moment
    simple: dict[Form, Callable[[Any], Value]] = {Form.COUNT: int, Form.HOURS: _hours, Form.MOMENT: _as_it_is}
    return simple.get(column.form, str)


def _moment(told: str) -> date | datetime:
    if len(told) == len("2026-11-30"):
        return date.fromisoformat(told)
    return datetime.fromisoformat(told).replace(tzinfo=None)


def _hours(cell: float) -> float:
    """As they were before the workbook rounded them: they are whole milliseconds."""
    return round(cell * 3_600_000) / 3_600_000


def _as_it_is(cell: Any) -> Value:  # noqa: ANN401 - a date or a moment
    return cell if isinstance(cell, date) else None


def listed(paths: Sequence[Path], but: Path | None = None) -> list[Path]:
    """The files, and of folders the .xlsx in them by name; `but` is where the result goes. UserError where there is none."""
    found: dict[Path, None] = {}
    for path in paths:
        inside = sorted(path.glob("*.xlsx")) if path.is_dir() else [path]
        found |= {one: None for one in inside if not one.name.startswith("~$") and not (but and _same(one, but))}
    if not found:
        raise UserError(_("There is no .xlsx file in {folder}.").format(folder=_(", ").join(map(str, paths))))
    return list(found)


def _same(one: Path, other: Path) -> bool:
    with suppress(OSError):
        return one.resolve() == other.resolve()
    return False
