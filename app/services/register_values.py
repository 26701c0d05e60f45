"""Turns the cells of a register's row into typed values by a mapping. What the values mean for records is decided elsewhere."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from app.core import fields, text
from app.core.errors import UserError
from app.core.fields import Field, Kind, Value
from app.core.language import _
from app.services.register_dates import read_moment
from app.services.register_files import Cell
from app.services.register_headers import Header, header_key
from app.services.register_mapping import ANYTHING, Given
from app.services.register_mapping import Mapping as ColumnMapping
from app.services.register_targets import Target, in_all_languages

Convert = Callable[[Cell], Value]
_REMEMBERED = 20_000
_SEPARATORS = re.compile("[,，、;；]")
_REPEATING = (Kind.TEXT, Kind.PHONE, Kind.CHOICE, Kind.TAGS, Kind.MOMENT, Kind.DATE, Kind.BOOLEAN, Kind.INTEGER)
Unmapped = dict[str, Counter[str]]


@dataclass(frozen=True)
class Read:
    """A row as typed values by target code, None where empty; `errors`: target code → sentence."""

    row: int
    cells: tuple[Cell, ...]
    values: Mapping[str, Value]
    errors: Mapping[str, str] = field(default_factory=dict)


def plain(cell: Cell) -> str:
    """The cell as text: numbers as a spreadsheet shows them, days and times in ISO notation."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.15g}"
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes" if not cell.second else "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


def row_key(cells: tuple[Cell, ...], seen: Counter[str]) -> str:
    """What a row without a number is known by: the hash of all its cells, and which of its equals in the file it is."""
    content = json.dumps([plain(cell) for cell in cells], ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:40]
    seen[digest] += 1
    return f"{digest}-{seen[digest]}"


class RowReader:
    """Reads rows by a mapping whose columns were found.

    `unmapped` counts what no classification is known for, `unseen` the invisible characters that were left out.
    """

    def __init__(self, mapping: ColumnMapping, header: Header, targets: Mapping[str, Target], now: datetime) -> None:
        self.unmapped: Unmapped = {}
        self.unseen = 0
        self.header = header
        self._now = now
        self._targets = targets
        self._header_cells = {place: header_key(name) for place, name in enumerate(header.names)}
        self._columns = [(code, places, self._converter(mapping, targets[code])) for code, places in header.columns.items()]
        self._places = tuple(place for _code, places, _convert in self._columns for place in places)
        self._defaults = {code: _checked(targets[code], given, mapping, now) for code, given in mapping.defaults.items()}

    def is_empty(self, cells: tuple[Cell, ...]) -> bool:
        """Whether no mapped column holds anything."""
        return all(not _filled(cells, place) for place in self._places)

    def is_header(self, cells: tuple[Cell, ...]) -> bool:
        """Whether the row repeats the header, as on every page of a printed list."""
        first = self._places[0]
        if first >= len(cells) or cells[first] != self.header.names[first]:
            return False
        return all(place < len(cells) and header_key(cells[place]) == self._header_cells[place] for place in self._places)

    def text_of(self, cells: tuple[Cell, ...], code: str) -> str:
        """What the row holds for a field, as it came."""
        return " ".join(plain(cells[place]) for place in self.header.columns.get(code, ()) if _filled(cells, place))

    def column_of(self, code: str) -> str:
        """The header of a field's column."""
        return " + ".join(self.header.names[place] for place in self.header.columns.get(code, ()))

    def read(self, row: int, cells: tuple[Cell, ...]) -> Read:
        """The typed values of a row; what can't be read is in its errors."""
        values: dict[str, Value] = dict(self._defaults)
        errors: dict[str, str] = {}
        for code, places, convert in self._columns:
            cell = self._seen(_cell(cells, places))
            if cell is None:
                continue
            try:
                value = convert(cell)
            except UserError as error:
                errors[code] = _("{field}: {sentence}").format(field=_(self._targets[code].field.label), sentence=error)
                continue
            if value is not None or code not in values:
                values[code] = value
        return Read(row, cells, values, errors)

    def _seen(self, cell: Cell) -> Cell:
        if not isinstance(cell, str):
            return cell
        found = text.seen(cell)
        self.unseen += len(cell) - len(found)
        return _single(found)

    def _converter(self, mapping: ColumnMapping, target: Target) -> Convert:
        declared = target.field
        convert = self._by_kind(declared, mapping.formats.get(target.code, ()), target.code)
        pairs = mapping.values.get(target.code)
        if pairs:
            typed = {theirs: _checked(target, ours, mapping, self._now) for theirs, ours in pairs.items()}
            convert = _mapped(typed, convert)
        return _remembering(convert) if declared.kind in _REPEATING else convert

    def _by_kind(self, declared: Field, formats: tuple[str, ...], code: str) -> Convert:
        now = self._now
        if declared.kind is Kind.CHOICE:
            return self._choice(declared, code)
        if declared.kind is Kind.TAGS and declared.choices:
            return self._choices(declared, code)
        if declared.kind in (Kind.MOMENT, Kind.DATE):
            return lambda cell: fields.read(declared, read_moment(cell, formats), now)
        if declared.kind is Kind.BOOLEAN:
            return lambda cell: fields.read(declared, cell if isinstance(cell, bool) else plain(cell), now)
        return lambda cell: fields.read(declared, plain(cell), now)

    def _choice(self, declared: Field, code: str) -> Convert:
        labels = choice_labels(declared)
        counted = self.unmapped.setdefault(code, Counter())

        def read(cell: Cell) -> Value:
            words = plain(cell)
            found = labels.get(text.key(words))
            if found is None:
                counted[words] += 1
            return found

        # Counting each time is the point: a remembered answer would count once.
        read.counts = True  # type: ignore[attr-defined]
        return read

    def _choices(self, declared: Field, code: str) -> Convert:
        """Several choices in a cell; what is none of them is counted like any other classification."""
        one = self._choice(declared, code)

        def read(cell: Cell) -> Value:
            words = (part.strip() for part in _SEPARATORS.split(plain(cell)))
            found = [one(part) for part in words if part]
            return tuple(dict.fromkeys(tag for tag in found if tag is not None)) or None

        read.counts = True  # type: ignore[attr-defined]
        return read


def choice_labels(declared: Field) -> dict[str, str]:
    """Key of a code or of its words in any language → code. Words that two codes share stand for neither."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    for choice in declared.choices:
        for word in in_all_languages(choice.label):
            key = text.key(word)
            shared |= {key} if found.setdefault(key, choice.code) != choice.code else set()
    for key in shared:
        del found[key]
    return found | {text.key(choice.code): choice.code for choice in declared.choices}


def _filled(cells: tuple[Cell, ...], place: int) -> bool:
    return place < len(cells) and _single(cells[place]) is not None


def _single(cell: Cell) -> Cell:
    """The cell, or None where it holds only blanks."""
    return None if isinstance(cell, str) and (not cell or cell.isspace()) else cell


def _cell(cells: tuple[Cell, ...], places: tuple[int, ...]) -> Cell:
    if len(places) == 1:
        return _single(cells[places[0]]) if places[0] < len(cells) else None
    return " ".join(plain(cells[place]) for place in places if _filled(cells, place)) or None


def _mapped(typed: Mapping[str, Value], otherwise: Convert) -> Convert:
    by_key = {text.key(theirs): ours for theirs, ours in typed.items() if theirs != ANYTHING}

    def read(cell: Cell) -> Value:
        words = plain(cell)
        if words in typed and words != ANYTHING:
            return typed[words]
        key = text.key(words)
        if key in by_key:
            return by_key[key]
        return typed[ANYTHING] if ANYTHING in typed else otherwise(cell)

    read.counts = getattr(otherwise, "counts", False) and ANYTHING not in typed  # type: ignore[attr-defined]
    return read


def _remembering(convert: Convert) -> Convert:
    """Registers repeat themselves: days and classifications are read once."""
    if getattr(convert, "counts", False):
        return convert
    known: dict[tuple[type, Cell], Value] = {}

    def read(cell: Cell) -> Value:
        key = (type(cell), cell)
        if key not in known:
            if len(known) > _REMEMBERED:
                known.clear()
            known[key] = convert(cell)
        return known[key]

    return read


def _checked(target: Target, given: Given, mapping: ColumnMapping, now: datetime) -> Value:
    """A value of the mapping itself; UserError where the field can't take it."""
    declared = target.field
    if given == "":
        return None
    try:
        if declared.kind in (Kind.MOMENT, Kind.DATE) and isinstance(given, str):
            return fields.read(declared, _day_given(given, mapping.formats.get(target.code, ())), now)
        return fields.read(declared, given if isinstance(given, bool | str) else str(given), now)
    except UserError as error:
        raise UserError(
            _("The mapping gives {field} the value “{value}”: {sentence}").format(
                field=_(declared.label), value=given, sentence=error
            )
        ) from None


def _day_given(given: str, formats: tuple[str, ...]) -> object:
    try:
        return read_moment(given)
    except UserError:
        return read_moment(given, formats) if formats else given


def mapped_rows(rows: Iterator[tuple[int, tuple[Cell, ...]]], reader: RowReader) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """The rows below the header that hold anything for us."""
    for row, cells in rows:
        if row > reader.header.row and not reader.is_empty(cells) and not reader.is_header(cells):
            yield row, cells
