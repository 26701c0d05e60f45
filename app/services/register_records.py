"""Decides what becomes of each row of a register: a new record, values for one that is here, nothing, or a rejection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.core import text
from app.core.database import database
from app.core.errors import UserError, ValidationError
from app.core.fields import Value
from app.core.language import _
from app.core.session import Session
from app.models import history, promises
from app.models import record as records
from app.models.bulk import New, insert_many
from app.models.customers import Customer
from app.models.products import Product
from app.models.record import Record, Values
from app.services.erased_list import Refusal
from app.services.register_files import Cell
from app.services.register_parties import Customers, Products
from app.services.register_targets import CASES, KINDS, Target
from app.services.register_values import Read, RowReader, row_key

OUTSIDE: Mapping[str, tuple[str, ...]] = {
    "customers": ("number", "licence"),
    "products": ("number", "code"),
    "objections": ("number", "source_reference"),
    "complaints": ("number", "source_reference"),
}
"""By which columns a row names its record, the first one filled."""

_MAY_MISS = ("customer", "description", "what")
"""Required of what is typed, not of a register."""

_OWN = {"customers": "number", "products": "number", "objections": "source_reference", "complaints": "source_reference"}
_STATUS = {"objections": "open", "complaints": "registered"}
Rejection = tuple[int, tuple[Cell, ...], Mapping[str, str]]
"""Row, its cells, target code → sentence (the first one is the column to look at)."""


@dataclass
class Tally:
    """What became of the rows so far."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Rejection] = field(default_factory=list)


class Intake:
    """Takes in the rows of one register, inside the caller's transaction, a batch at a time."""

    def __init__(self, session: Session, kind: str, reader: RowReader, targets: Mapping[str, Target]) -> None:
        self.tally = Tally()
        self._session = session
        self._kind = kind
        self._table: type[Record] = KINDS[kind]
        self._reader = reader
        self._targets = targets
        self._codes = tuple(code for code in OUTSIDE[kind] if code in reader.header.columns)
        self._erased = history.all_erased(self._table.KIND)
        self._taken: set[tuple[str, str]] = set()
        self._equal: Counter[str] = Counter()
        self._refusal = Refusal(session) if self._table is Customer else None
        self._customers = Customers(session) if kind in CASES else None
        self._products = Products(session) if kind in CASES else None

    def take(self, batch: Sequence[tuple[int, tuple[Cell, ...]]]) -> None:
        """Write what a batch of rows brings."""
        keyed = [(row, cells, self._key(cells)) for row, cells in batch]
        fresh = [(row, cells, key) for row, cells, key in keyed if key not in self._taken]
        known = self._known({key for _row, _cells, key in fresh})
        new: list[New] = []
        for row, cells, key in keyed:
            if key in self._taken:
                self.tally.unchanged += 1
                continue
            try:
                made = self._one(self._reader.read(row, cells), key, known.get(key))
            except ValidationError as error:
                self.tally.rejected.append((row, cells, error.errors))
                continue
            self._taken.add(key)
            if made is not None:
                new.append(made)
        self._write(new)

    def _key(self, cells: tuple[Cell, ...]) -> tuple[str, str]:
        for code in self._codes:
            written = text.seen(self._reader.text_of(cells, code))
            if number := written if written.isalnum() else text.trim_ends(written):
                return code, number
        return "source_key", row_key(cells, self._equal)

    def _known(self, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], dict[str, Any]]:
        """The records that are here already, as columns, by the key of the row that names them."""
        table = self._table
        wanted: dict[str, list[str]] = {}
        for code, number in keys:
            wanted.setdefault(code, []).append(number)
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for code, numbers in wanted.items():
            for column in self._columns(code):
                ids = self._ids(column, numbers)
                rows: Any = table.select().where(table.id.in_(ids)).dicts() if ids else ()
                for row in rows:
                    found.setdefault((code, row[column]), self._standing(row))
        return found

    def _standing(self, row: dict[str, Any]) -> dict[str, Any]:
        """A customer that was merged is filled up in the record that stands for it."""
        while row.get("merged_into"):
            row = self._table.select().where(self._table.id == row["merged_into"]).dicts().get()
        return row

    def _ids(self, column: str, numbers: Sequence[str]) -> list[int]:
        """Most rows of a register are new: that none is here must cost little."""
        places = ", ".join("?" * len(numbers))
        name = self._table._meta.table_name  # noqa: SLF001 - peewee's own way to a table's name
        sql = f'SELECT id FROM "{name}" WHERE branch_id = ? AND "{column}" IN ({places})'
        return [number for (number,) in database.execute_sql(sql, (self._session.branch.id, *numbers)).fetchall()]

    def _columns(self, code: str) -> tuple[str, ...]:
        """A case is found by its outside number, or by our own in a list that was exported."""
        if self._kind in CASES and code in ("number", "source_reference"):
            return ("source_reference", "number")
        return (code,)

    def _one(self, read: Read, key: tuple[str, str], known: Mapping[str, Any] | None) -> New | None:
        """The record that a row makes; None where it is here. ValidationError rejects the row."""
        if read.errors:
            raise ValidationError(read.errors)
        values = {code: value for code, value in read.values.items() if value is not None and not self._targets[code].only}
        if key[0] != "source_key":
            values[_OWN[self._kind] if self._kind in CASES or key[0] == "number" else key[0]] = read.values[key[0]]
        if self._kind in CASES:
            values.pop("number", None)
        if known is not None:
            self._fill(read, self._split(values), known)
            return None
        self._check_required(values)
        return self._new(read, self._split(values), key)

    def _check_required(self, values: Mapping[str, Value]) -> None:
        for declared in self._table.FIELDS:
            if declared.required and declared.code not in values and declared.code not in _MAY_MISS:
                raise ValidationError({declared.code: _("{field} is missing.").format(field=_(declared.label))})

    def _split(self, values: Mapping[str, Value]) -> Values:
        """The record's own values, with the lines of its parts as lists."""
        own: Values = {}
        lines: dict[tuple[str, str], Values] = {}
        for code, value in values.items():
            target = self._targets[code]
            if target.part:
                lines.setdefault((target.part, target.line), {})[target.field.code] = value
            else:
                own[code] = value
        for (part, line), given in lines.items():
            own.setdefault(part, []).append(given | {"item": line} if part == "loss_lines" else given)
        return own

    def _new(self, read: Read, values: Values, key: tuple[str, str]) -> New:
        number = None if self._kind in CASES else values.pop("number", None)
        extra: dict[str, Any] = {"source_key": key[1] if key[0] == "source_key" else None}
        if self._kind in CASES:
            extra |= {"imported": True, "status": "closed" if values.get("closed_at") else _STATUS[self._kind]}
        values |= self._answered(values)
        extra |= self._left(values)
        self._check(values)
        self._refuse_erased(values)
        self._resolve(read, values)
        return New(values, number, extra)

    def _refuse_erased(self, values: Values) -> None:
        """A row of the register of customers may not bring an erased one back under a new number."""
        try:
            if self._refusal:
                self._refusal.demand_other(values.get("name"), values.get("phone"), values.get("licence"))
        except UserError as error:
            raise ValidationError({"name": str(error)}) from None

    def _answered(self, values: Values) -> Values:
        """A complaint that was replied to was contacted and solved by it."""
        if self._kind != "complaints" or "replied_at" not in values:
            return {}
        return {"contacted_at": values["replied_at"], "solved_at": values["replied_at"]}

    def _left(self, values: Values) -> dict[str, str]:
        """A customer who comes in with the day on which it left is one no more."""
        if self._table is not Customer or not (values.get("lost_on") or values.get("ended_on")):
            return {}
        return {"status": "lost" if values.get("lost_on") else "ended"}

    def _check(self, values: Values) -> None:
        for part in self._table.PARTS:
            for line in values.get(part) or ():
                self._check_line(part, line)
        if errors := self._table.check(self._session, values | {"imported": True}):
            raise ValidationError(errors)

    def _check_line(self, part: str, line: Values) -> None:
        for one in self._table.PARTS[part].FIELDS:
            if one.required and line.get(one.code) is None:
                named = ((target.part, target.field.code, code) for code, target in self._targets.items())
                code = next(code for in_part, field_code, code in named if (in_part, field_code) == (part, one.code))
                raise ValidationError({code: _("{field} is missing.").format(field=_(one.label))})

    def _resolve(self, read: Read, values: Values) -> None:
        """Put the rows of customer and product in the place of their words."""
        if self._customers is None or self._products is None:
            return
        try:
            values["customer"] = self._customers.of(read.values)
        except UserError as error:
            raise ValidationError({"customer": str(error)}) from None
        for holder in (values, *(values.get("product_lines") or ())):
            if holder.get("product") is not None:
                holder["product"] = self._products.of(holder["product"])

    def _fill(self, read: Read, values: Values, known: Mapping[str, Any]) -> None:
        """Fill what is empty in a record that is here; what its own people wrote, did or erased stays."""
        empty = self._empty(values, known)
        if not empty or known["status"] == "voided" or known["id"] in self._erased:
            self.tally.unchanged += 1
            return
        if {"customer", "product", "product_lines"} & empty.keys():
            self._resolve(read, empty)
            self._write([])
        empty |= self._answered(empty)
        closing: dict[str, Any] = {"status": "closed"} if empty.get("closed_at") and known.get("imported") else {}
        closing |= self._left(empty) if known["status"] == "active" else {}
        present = self._table.get_by_id(known["id"])
        with database.atomic():
            saved = records.change(self._session, present, empty, action="import", **closing)
            if self._kind in CASES:
                promises.catch_up(self._session, saved, empty)
        self.tally.updated += 1

    def _empty(self, values: Values, known: Mapping[str, Any]) -> Values:
        theirs = self._kind in CASES and not known["imported"]
        steps = {one.code for one in self._table.FIELDS if one.by_step and theirs}
        found: Values = {}
        for code, value in values.items():
            if code in self._table.PARTS:
                if not records.parts_of(self._table(id=known["id"]), code):
                    found[code] = value
            elif code not in steps and known.get(code) in (None, "") and (code, value) != ("source_reference", known["number"]):
                found[code] = value
        return found

    def _write(self, new: Sequence[New]) -> None:
        """Customers and products first, then the records that name them."""
        for party, table in ((self._customers, Customer), (self._products, Product)):
            if party is not None:
                party.written(insert_many(self._session, table, party.new, action="import"))
        written = insert_many(self._session, self._table, new, action="import")
        dated = [number for (number, _name), one in zip(written, new, strict=True) if one.values.get("promised_at") is not None]
        promises.take_in(self._session, self._table, dated)
        self.tally.created += len(new)
