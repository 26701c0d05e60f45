"""What all kinds of records have in common: the one way to read, add and change them.

How fields become columns stands in tables.py; what is special to a kind (its fields, checks, steps) stands in its own module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, TypeVar

import peewee

from app.core import database as store
from app.core import fields, search_index
from app.core import text as gate
from app.core.database import transaction
from app.core.errors import UserError, ValidationError
from app.core.fields import Field, Kind, Value
from app.core.language import _
from app.core.session import Session
from app.core.times import Moment, day_of, instant_of
from app.core.uids import new_uid
from app.models import history, numbering, permissions, personal, sight
from app.models.availability import demand_available
from app.models.conflicts import conflict, plain
from app.models.tables import KINDS as KINDS
from app.models.tables import Part as Part
from app.models.tables import Row as Row
from app.models.tables import fields_of
from app.models.tables import typed_fields as typed_fields

Values = dict[str, Value]
Follow = Callable[[Values, Values], tuple[Values, dict[str, str]]]
"""From values before and after a change: values that go along with it, and warnings by field."""


class Record(Row):
    """A record of a kind: numbered, versioned, with a history."""

    KIND: ClassVar[str] = ""
    LABEL: ClassVar[str] = ""
    PARTS: ClassVar[dict[str, type[Part]]] = {}
    NUMBERED_BY: ClassVar[str] = ""
    """The moment whose local month stands in the number."""
    COUNTED: ClassVar[bool] = True
    """Whether its numbers are counted of its own, by a pattern that is a setting."""
    FIRST_STATUS: ClassVar[str] = "active"
    FOUND_BY: ClassVar[tuple[str, ...]] = ("number",)
    """Columns that the search finds it by; what is restricted could be guessed at word by word."""
    PHONES: ClassVar[tuple[str, ...]] = ()
    CALLED: ClassVar[str] = ""
    """Those that hold phone numbers; in SQL over the row `c` these numbers as digits, a blank between two."""

    uid = peewee.CharField(max_length=36, unique=True)
    branch_id = peewee.IntegerField()
    number = peewee.TextField()
    status = peewee.TextField()
    void_reason = peewee.TextField(null=True)
    created_at = store.InstantColumn()
    created_by = peewee.TextField()
    changed_at = store.InstantColumn()
    changed_by = peewee.TextField()
    version = peewee.IntegerField(default=1)

    @classmethod
    def check(cls, session: Session, values: Values) -> dict[str, str]:
        """Sentences (field → sentence) about values that do not fit together."""
        return {}

    @classmethod
    def complete(cls, values: Values) -> Values:
        """The values with what follows from them filled in. ValidationError where they contradict each other."""
        return values

    @classmethod
    def derive(cls, session: Session, values: Values) -> Values:
        """What is worked out from the values, whoever saves them; RECORD values are rows here, parts lists of values."""
        return {}

    @classmethod
    def adapt(cls, session: Session, record: Record, before: Values, values: Values) -> Values:
        """The changed values with what of the record goes along with them, such as a text that names them."""
        return values

    @classmethod
    def follow(cls, session: Session, record: Record, differing: Values) -> None:
        """Bring along what other records show of this one, in the same transaction."""

    @classmethod
    def search_text(cls, stored: Mapping[str, Any]) -> str:
        """What the search finds the record by."""
        hidden = personal.closed(cls) if stored.get("withheld") else ()
        return " ".join(str(stored[code]) for code in cls.FOUND_BY if stored.get(code) and code not in hidden)

    @classmethod
    def meant(cls, session: Session, number: str) -> str:
        """The number that a field gets which refers to the record of that number."""
        return number

    def unchangeable(self, session: Session, values: Values) -> dict[str, str]:
        """Sentences (field → sentence) about typed values that a step has to change."""
        return {}

    def frozen(self) -> str | None:
        """Why the record's fields can no longer be edited; None while they can."""
        if sight.is_withheld(self):
            return _("{number} is kept of an erased customer and stays as it is.").format(number=self.number)
        return _("{number} is void and cannot be changed.").format(number=self.number) if self.status == "voided" else None


R = TypeVar("R", bound=Record)


_NUMBERED = "t.branch_id = ? AND t.number = ? ORDER BY t.id DESC LIMIT 1"


def find(session: Session, kind: type[R], number: str) -> R:
    """The record of that number (the newest, where versions share one). UserError where there is none."""
    found = kind.fetch(_NUMBERED, session.branch.id, gate.admit(number.strip()))
    if not found:
        raise UserError(
            _("There is no {kind} {number}. Check the number.").format(kind=_(kind.LABEL), number=gate.quoted(number))
        )
    return found[0]


def find_any(session: Session, number: str) -> Record:
    """The record of any kind that has the number."""
    for kind in KINDS.values():
        found: list[Record] = kind.fetch(_NUMBERED, session.branch.id, gate.admit(number.strip()))
        if found:
            return found[0]
    raise UserError(_("There is no record {number}. Check the number.").format(number=gate.quoted(number)))


def moment_of(session: Session, row: Row, code: str) -> Moment | None:
    """A moment as it was given: an instant, or the local day where no time was."""
    value = getattr(row, code)
    if value is not None and getattr(row, f"{code}_day"):
        return day_of(value, session.branch.zone)
    moment: Moment | None = value
    return moment


def row_values(session: Session, row: Row) -> Values:
    """The values of a row's declared fields, other records by number."""
    values: Values = {}
    for declared in row.FIELDS:
        if declared.kind is Kind.MOMENT:
            values[declared.code] = moment_of(session, row, declared.code)
        elif declared.kind is Kind.RECORD:
            other = getattr(row, declared.code)
            values[declared.code] = other.number if other is not None else None
        else:
            values[declared.code] = getattr(row, declared.code)
    return values


def parts_of(record: Record, code: str) -> list[Part]:
    """The lines of one part, in order."""
    part = record.PARTS[code]
    return part.fetch("t.parent_id = ? ORDER BY t.position", record.id)


def values_of(session: Session, record: Record) -> Values:
    """All values of a record and its parts as they stand; what a person reads of them says `sight`."""
    values = row_values(session, record)
    for code in record.PARTS:
        values[code] = [row_values(session, line) for line in parts_of(record, code)]
    return values


def clean(
    session: Session, kind: type[Record], raw: Mapping[str, object], declared: Iterable[Field], *, complete: bool
) -> Values:
    """Typed values of fields and parts. ValidationError names each wrong one; a part's is `product_lines[0].quantity`."""
    errors: dict[str, str] = {}
    values: Values = {}
    plain = {code: value for code, value in raw.items() if code not in kind.PARTS}
    try:
        values = fields.clean(declared, plain, session.now(), complete=complete)
    except ValidationError as error:
        errors.update(error.errors)
    for one in declared:
        if one.kind is Kind.RECORD and values.get(one.code) is not None:
            values[one.code] = _meant(session, one, str(values[one.code]), errors)
    for code, part in kind.PARTS.items():
        if code in raw and part.APPENDED:
            errors[code] = _("{part} are added by steps only.").format(part=_(part.LABEL))
        elif code in raw:
            values[code] = _clean_lines(session, code, part, raw[code], errors)
    if not errors and complete:
        errors = kind.check(session, values)
    if errors:
        raise ValidationError(errors)
    return values


def _meant(session: Session, declared: Field, number: str, errors: dict[str, str]) -> Value:
    try:
        return KINDS[declared.refers].meant(session, number)
    except UserError as error:
        errors[declared.code] = str(error)
        return None


def _clean_lines(session: Session, code: str, part: type[Part], raw: object, errors: dict[str, str]) -> list[Values]:
    if not isinstance(raw, list | tuple) or not all(isinstance(line, Mapping) for line in raw):
        errors[code] = _("A list of lines is wanted here.")
        return []
    lines: list[Values] = []
    for place, line in enumerate(raw):
        try:
            blank = {declared.code: None for declared in part.FIELDS}
            lines.append(blank | fields.clean(part.FIELDS, line, session.now()))
        except ValidationError as error:
            errors.update({f"{code}[{place}].{field}": sentence for field, sentence in error.errors.items()})
    return lines


def stored_columns(session: Session, row: type[Row], values: Values) -> dict[str, Any]:
    """The values as columns: moments split into instant and day mark, numbers of other records into their ids.

    ValidationError where a number names no record.
    """
    columns: dict[str, Any] = {}
    known = fields_of(row)
    for code, value in values.items():
        if (declared := known.get(code)) is None:
            continue
        if declared.kind is Kind.MOMENT:
            columns[code] = None if value is None else instant_of(value, session.branch.zone)
            columns[f"{code}_day"] = value is not None and not isinstance(value, datetime)
        elif declared.kind is Kind.RECORD and value is not None and not isinstance(value, Record):
            columns[code] = _referred(session, declared, str(value))
        else:
            columns[code] = value
    return columns


def _referred(session: Session, declared: Field, number: str) -> Record:
    try:
        found: Record = find(session, KINDS[declared.refers], number)
    except UserError as error:
        raise ValidationError({declared.code: str(error)}) from None
    return found


def add(session: Session, kind: type[R], raw: Mapping[str, object], *, note: str = "", number: str | None = None) -> R:
    """A new record from what was typed. Number, history and search are part of the same transaction.

    `number`: that of a blank form on which it was written by hand; UserError where that is not reserved.
    """
    permissions.require(session, f"{kind.KIND}.add")
    values = clean(session, kind, raw, typed_fields(kind), complete=True)
    with session.changed.after(), transaction():
        if number is not None:
            numbering.enter(session, kind.KIND, number)
        return insert(session, kind, values, note=note, number=number)


def insert(
    session: Session,
    kind: type[R],
    values: Values,
    *,
    note: str = "",
    number: str | None = None,
    extra: Mapping[str, Any] | None = None,
) -> R:
    """Write a new record of typed values, inside the caller's transaction."""
    now = session.clock()
    values = kind.complete(values)
    demand_available(session, kind.FIELDS, values)
    stored = stored_columns(session, kind, values)
    lines = {code: _line_columns(session, kind, code, values[code]) for code in kind.PARTS if values.get(code)}
    columns = stored | kind.derive(session, values) | dict(extra or {})
    if number is None:
        number = numbering.take(session, kind.KIND, columns.get(kind.NUMBERED_BY) or now)[0]
    columns.setdefault("status", kind.FIRST_STATUS)
    record: R = kind.create(
        **columns,
        uid=new_uid(now),
        branch_id=session.branch.id,
        number=number,
        created_at=now,
        created_by=session.user,
        changed_at=now,
        changed_by=session.user,
    )
    for code, rows in lines.items():
        _write_lines(record, code, rows)
    history.write(session, record.KIND, record.id, "add", note=note)
    index(session, record)
    session.changed(kind.KIND, record.number)
    return record


def _line_columns(session: Session, kind: type[Record], code: str, lines: Sequence[Values]) -> list[dict[str, Any]]:
    made = []
    for position, line in enumerate(lines):
        try:
            made.append(stored_columns(session, kind.PARTS[code], line) | {"position": position})
        except ValidationError as error:
            raise ValidationError({f"{code}[{position}].{field}": text for field, text in error.errors.items()}) from None
    return made


def _write_lines(record: Record, code: str, lines: list[dict[str, Any]]) -> None:
    for columns in lines:
        record.PARTS[code].create(parent=record.id, **columns)


def _rewrite_lines(record: Record, code: str, lines: list[dict[str, Any]]) -> None:
    part: Any = record.PARTS[code]
    part.delete().where(part.parent == record.id).execute()
    _write_lines(record, code, lines)


def append_lines(session: Session, record: Record, code: str, lines: Sequence[Values]) -> None:
    """Add lines to a part that only grows, inside the caller's transaction; the history of each is the line alone."""
    part: Any = record.PARTS[code]
    first = part.select().where(part.parent == record.id).count()
    for position, columns in enumerate(_line_columns(session, type(record), code, lines), first):
        part.create(parent=record.id, **columns | {"position": position})
    for line in lines:
        history.write(session, record.KIND, record.id, "set", field=code, new=history.kept(session, line))


def index(session: Session, record: Record) -> None:
    """Bring the search up to date with one record."""
    search_index.put(record.KIND, [(record.id, record.search_text(record.__data__))])


def edit(session: Session, record: R, raw: Mapping[str, object], version: int) -> R:
    """Change fields as a person typed them; `version` is the one that was read. Conflict where somebody saved since."""
    permissions.require(session, f"{record.KIND}.edit")
    values = clean(session, type(record), raw, typed_fields(type(record)), complete=False)
    with session.changed.after(), transaction():
        present: R = type(record).get_by_id(record.id)
        known = values_of(session, present)
        if present.version != version:
            raise conflict(session, present, known, values)
        if reason := present.frozen():
            raise UserError(reason)
        values = sight.admitted(session, type(record), known, values)
        if errors := present.unchangeable(session, values):
            raise ValidationError(errors)
        return change(session, present, values)


def change(
    session: Session,
    record: R,
    values: Values,
    *,
    action: str = "edit",
    note: str = "",
    added: Mapping[str, Sequence[Values]] | None = None,
    **extra: Any,  # noqa: ANN401
) -> R:
    """Write changed values with their history, inside the caller's transaction.

    `added`: lines of parts that only grow; `extra`: columns that are no declared fields.
    """
    kind = type(record)
    present: R = kind.get_by_id(record.id)
    if present.version != record.version:
        raise conflict(session, present, values_of(session, present), values)
    before = values_of(session, present) | {code: getattr(present, code) for code in extra}
    values = kind.adapt(session, present, before, kind.complete(values))
    merged = before | values
    if errors := kind.check(session, merged | {"imported": getattr(present, "imported", False)}):
        raise ValidationError(errors)
    differing = {code: value for code, value in (values | extra).items() if plain(value) != plain(before.get(code))}
    if not differing and action == "edit":
        return present
    demand_available(session, kind.FIELDS, differing)
    stored = stored_columns(session, kind, values)
    lines = {code: _line_columns(session, kind, code, values[code]) for code in kind.PARTS if code in differing}
    columns = stored | kind.derive(session, merged) | extra
    columns |= {"version": present.version + 1, "changed_at": session.clock(), "changed_by": session.user}
    kind.rewrite(record.id, **columns)
    for code, rows in lines.items():
        _rewrite_lines(present, code, rows)
    if action != "edit":
        history.write(session, kind.KIND, record.id, action, note=note)
    for code, value in differing.items():
        old, new = (history.kept(session, one) for one in (before.get(code), value))
        history.write(session, kind.KIND, record.id, "edit" if action == "edit" else "set", field=code, old=old, new=new)
    for code, grown in (added or {}).items():
        append_lines(session, present, code, grown)
    saved: R = kind.get_by_id(record.id)
    index(session, saved)
    kind.follow(session, saved, differing)
    session.changed(kind.KIND, saved.number)
    return saved
