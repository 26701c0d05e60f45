"""Takes in registers: opens a file, finds its columns, writes its rows in one transaction and says what became of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from app.core.database import transaction
from app.core.errors import UserError
from app.core.language import _
from app.core.progress import Progress
from app.core.session import Session
from app.models import permissions
from app.services import backups
from app.services.register_files import Cell, Register, Row, Sheet, open_register
from app.services.register_headers import Header, locate, recognise
from app.services.register_mapping import Mapping as ColumnMapping
from app.services.register_mapping import read_mapping
from app.services.register_records import OUTSIDE, Intake, Rejection
from app.services.register_targets import CASES, KINDS, Target, targets
from app.services.register_values import Read, RowReader, mapped_rows, plain

BATCH = 1_000
PREVIEWED = 20


@dataclass(frozen=True)
class Rejected:
    """A row that could not come in: physical line, the column to look at, its value as it came, and why."""

    row: int
    column: str
    value: str
    reason: str
    cells: tuple[Cell, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Result:
    """What became of the rows of a register. `unmapped`: field → value → how often it was left unclassified."""

    read: int
    created: int
    updated: int
    unchanged: int
    unmapped: Mapping[str, Mapping[str, int]]
    rejected: tuple[Rejected, ...]
    warnings: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    sheet: str = ""

    def as_json(self) -> dict[str, object]:
        """As `kesu import --json` prints it."""
        return {
            "read": self.read,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "unmapped": {code: dict(values) for code, values in self.unmapped.items()},
            "rejected": [
                {"row": one.row, "column": one.column, "value": one.value, "reason": one.reason} for one in self.rejected
            ],
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True)
class Opened:
    """A register whose columns were found; close it when done. `mapping` is complete and can be written out."""

    session: Session
    register: Register
    sheet: Sheet
    header: Header
    mapping: ColumnMapping
    targets: Mapping[str, Target]
    warnings: tuple[str, ...] = ()

    def __enter__(self) -> Opened:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self.register.close()

    def reader(self) -> RowReader:
        """What reads the rows by the mapping."""
        return RowReader(self.mapping, self.header, self.targets, self.session.now())

    def rows(self, reader: RowReader) -> Iterator[Row]:
        """The rows that hold anything for us."""
        return mapped_rows(self.sheet.rows(), reader)

    def preview(self, count: int = PREVIEWED) -> list[Read]:
        """The first rows as they would come in."""
        reader = self.reader()
        return [reader.read(row, cells) for row, cells in islice(self.rows(reader), count)]

    def with_columns(self, columns: Mapping[str, tuple[int, ...]]) -> Opened:
        """The same register with columns that a person chose, field → places of columns. UserError where they cannot be."""
        header = Header(self.header.row, self.header.names, dict(columns))
        names = {code: tuple(header.names[place] for place in places) for code, places in columns.items()}
        mapping = self.mapping.with_columns(names, header.row)
        chosen = replace(self, header=header, mapping=mapping, warnings=_warnings(mapping))
        _check_mapping(chosen)
        return chosen


def open_for_import(
    session: Session,
    kind: str,
    path: Path,
    *,
    mapping: Path | ColumnMapping | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    by_hand: bool = False,
    progress: Progress | None = None,
) -> Opened:
    """Open a register of customers, products, objections or complaints.

    UserError where no column is found in it; `by_hand`: a person chooses the columns then, so it comes without any.
    """
    permissions.require(session, "register.import")
    if kind not in KINDS:
        raise UserError(_("There are no registers of “{kind}”.").format(kind=kind))
    known = targets(kind)
    wanted = read_mapping(mapping, kind, known) if isinstance(mapping, Path) else mapping or ColumnMapping(kind)
    register = _open(path, sheet, wanted.sheet, encoding, progress)
    try:
        found, header = _find_columns(register, wanted, known, by_hand=by_hand)
        complete = wanted.with_columns(_header_texts(header), header.row)
        complete = replace(complete, sheet=found.name)
        opened = Opened(session, register, found, header, complete, known, _warnings(complete))
        _check_mapping(opened)
    except BaseException:
        register.close()
        raise
    return opened


def _open(path: Path, sheet: str | None, usual: str, encoding: str | None, progress: Progress | None) -> Register:
    """The sheet that the mapping names is a wish: the rejects of an import come back as a workbook of their own."""
    register = open_register(path, sheet=sheet, encoding=encoding, progress=progress)
    if sheet or not usual or not register.names:
        return register
    named = tuple(one for one in register.sheets if one.name.strip().casefold() == usual.strip().casefold())
    if not named and len(register.names) > 1:
        register.close()
        raise UserError(
            _("{file} has no sheet “{sheet}”. It has: {names}.").format(
                file=path.name, sheet=usual, names=_(", ").join(register.names)
            )
        )
    return replace(register, sheets=named or register.sheets)


def _header_texts(header: Header) -> dict[str, tuple[str, ...]]:
    return {code: tuple(header.names[place] for place in places) for code, places in header.columns.items()}


def _find_columns(
    register: Register, wanted: ColumnMapping, known: Mapping[str, Target], *, by_hand: bool
) -> tuple[Sheet, Header]:
    """The sheet and header row that fit best."""
    if wanted.columns:
        return _wanted_columns(register, wanted)
    fields = {code: target.field for code, target in known.items()}
    headers = ((sheet, recognise(sheet.rows(), wanted.kind, fields, wanted.header_row)) for sheet in register.sheets)
    found = [(sheet, header) for sheet, header in headers if header is not None]
    if not found and by_hand and (unknown := _widest_row(register)):
        return unknown
    if not found:
        raise UserError(
            _("No column of {file} is recognised. Write a mapping that names its columns.").format(file=register.path.name)
        )
    sheet, header = max(found, key=lambda pair: len(pair[1].columns))
    columns = dict(header.columns)
    if wanted.kind in CASES and "number" in columns:
        columns.pop("source_reference", None)  # a case has one outside number, and its own column is the surer one
    return sheet, Header(header.row, header.names, columns)


def _widest_row(register: Register) -> tuple[Sheet, Header] | None:
    """The first sheet that holds anything, and the row at its start that looks most like a header: the most texts."""
    for sheet in register.sheets:
        rows = list(islice(sheet.rows(), PREVIEWED))
        if rows:
            row, cells = max(rows, key=lambda one: sum(isinstance(cell, str) and bool(cell.strip()) for cell in one[1]))
            return sheet, Header(row, tuple(plain(cell) for cell in cells), {})
    return None


def _wanted_columns(register: Register, wanted: ColumnMapping) -> tuple[Sheet, Header]:
    missing: tuple[str, ...] = ()
    for sheet in register.sheets:
        found = locate(sheet.rows(), wanted.columns, wanted.header_row)
        if isinstance(found, Header):
            return sheet, found
        missing = found if not missing or len(found) < len(missing) else missing
    raise UserError(
        _("{file} has no row with all the columns of the mapping. Missing: {names}.").format(
            file=register.path.name, names=_(", ").join(missing or sum(wanted.columns.values(), ()))
        )
    )


def _warnings(mapping: ColumnMapping) -> tuple[str, ...]:
    return tuple(
        _("The mapping has values for {field}, but no column.").format(field=code)
        for code in (*mapping.values, *mapping.formats)
        if code not in mapping.columns
    )


def _check_mapping(opened: Opened) -> None:
    """UserError for values of the mapping that its fields can't take, and for two columns that mean the same."""
    opened.reader()
    if opened.mapping.kind in CASES and set(OUTSIDE[opened.mapping.kind]) <= opened.mapping.columns.keys():
        raise UserError(_("A case has one outside number. Map either number or source_reference."))


class _TriedOut(Exception):
    """Not an error: it undoes what a dry run wrote."""


def take_in(opened: Opened, *, dry_run: bool = False, progress: Progress | None = None) -> Result:
    """Write the rows: all of them that can come in, or, where it is cancelled or fails, none. A dry run only counts."""
    session = opened.session
    permissions.require(session, "register.import")
    reader = opened.reader()
    if not dry_run:
        backups.before(session, "import", progress)
    intake: Intake | None = None
    try:
        with session.changed.after(), transaction():
            intake = Intake(session, opened.mapping.kind, reader, opened.targets)
            for batch in _batches(opened, reader, progress or Progress()):
                intake.take(batch)
            if dry_run:
                raise _TriedOut
    except _TriedOut:
        pass
    assert intake is not None
    result = _result(opened, reader, intake)
    if not dry_run and (result.created or result.updated):
        session.changed(KINDS[opened.mapping.kind].KIND)
    return result


def _batches(opened: Opened, reader: RowReader, progress: Progress) -> Iterator[list[Row]]:
    rows = opened.rows(reader)
    sentence = _("Taking in {file}").format(file=opened.register.path.name)
    while batch := list(islice(rows, BATCH)):
        progress.step(batch[0][0], max(opened.sheet.about, batch[-1][0]), sentence)
        yield batch
    progress.step(opened.sheet.about, opened.sheet.about, sentence)


def _result(opened: Opened, reader: RowReader, intake: Intake) -> Result:
    tally = intake.tally
    return Result(
        read=tally.created + tally.updated + tally.unchanged + len(tally.rejected),
        created=tally.created,
        updated=tally.updated,
        unchanged=tally.unchanged,
        unmapped={code: _most_first(values) for code, values in reader.unmapped.items() if values},
        rejected=tuple(_rejected(reader, one) for one in tally.rejected),
        warnings=opened.warnings + _left_out(reader),
        headers=opened.header.names,
        sheet=opened.sheet.name,
    )


def _left_out(reader: RowReader) -> tuple[str, ...]:
    sentence = _("Invisible control characters that other programs left in the register are not taken in: {count}.")
    return (sentence.format(count=f"{reader.unseen:,}"),) if reader.unseen else ()


def _most_first(values: Counter[str]) -> dict[str, int]:
    return dict(values.most_common())


def _rejected(reader: RowReader, rejection: Rejection) -> Rejected:
    row, cells, errors = rejection
    code = next(iter(errors)).rpartition(".")[2]
    return Rejected(row, reader.column_of(code), reader.text_of(cells, code), " ".join(errors.values()), cells)


def rejected_rows(result: Result) -> Iterator[tuple[tuple[str, ...], str]]:
    """The rejected rows as they came, as text, and the reason of each."""
    for one in result.rejected:
        yield tuple(plain(cell) for cell in one.cells), one.reason
