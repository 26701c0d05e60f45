"""What all kinds of records have in common: columns from declared fields, and the one way to read, add and change them.

What is special to a kind (its fields, checks, steps) stands in its own module.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
from uuid import UUID

import peewee

from app.core import database as store
from app.core import fields, formats, search_index
from app.core.database import database, transaction
from app.core.errors import Conflict, Difference, UserError, ValidationError
from app.core.fields import Field, Kind, Value
from app.core.language import _
from app.core.session import Session
from app.core.times import Moment, day_of, instant_of
from app.models import history, numbering

Values = dict[str, Value]


def _column(declared: Field) -> dict[str, peewee.Field]:
    """The column or columns of a declared field; a moment has a second one that marks a day without a time."""
    simple: dict[Kind, type[peewee.Field]] = {
        Kind.INTEGER: peewee.IntegerField,
        Kind.QUANTITY: store.QuantityColumn,
        Kind.MONEY: store.MoneyColumn,
        Kind.DATE: store.DayColumn,
        Kind.BOOLEAN: peewee.BooleanField,
        Kind.TAGS: store.TagsColumn,
    }
    code = declared.code
    if declared.kind is Kind.MOMENT:
        return {code: store.InstantColumn(null=True), f"{code}_day": peewee.BooleanField(default=False)}
    if declared.kind is Kind.RECORD:
        return {code: peewee.ForeignKeyField(KINDS[declared.refers], null=True, column_name=f"{code}_id", index=False)}
    return {code: simple.get(declared.kind, peewee.TextField)(null=True)}


class _Declared(peewee.ModelBase):
    """Gives a table one column per declared field, so that a field is declared once."""

    if TYPE_CHECKING:  # columns are made while the program runs
        def __getattr__(cls, name: str) -> Any: ...  # noqa: ANN401

    def __new__(cls, name: str, bases: tuple[type, ...], attributes: dict[str, Any]) -> Any:  # noqa: ANN401 - a table class
        for declared in attributes.get("FIELDS", ()):
            attributes.update(_column(declared))
        made = super().__new__(cls, name, bases, attributes)
        if kind := attributes.get("KIND"):
            KINDS[kind] = made
        return made


class Row(peewee.Model, metaclass=_Declared):
    """A table with declared fields."""

    if TYPE_CHECKING:  # columns are made while the program runs
        def __getattr__(self, name: str) -> Any: ...  # noqa: ANN401

    FIELDS: ClassVar[tuple[Field, ...]] = ()

    class Meta:
        database = database
        legacy_table_names = False

    @classmethod
    def field(cls, code: str) -> Field:
        """The declaration of a field."""
        return next(declared for declared in cls.FIELDS if declared.code == code)

    def __getitem__(self, code: str) -> Value:
        """The value of a declared field; a moment without a time as the local day it was stored for."""
        return getattr(self, code)


class Part(Row):
    """A line that belongs to a record and is saved with it."""

    LABEL: ClassVar[str] = ""
    position = peewee.IntegerField()


class Record(Row):
    """A record of a kind: numbered, versioned, with a history."""

    KIND: ClassVar[str] = ""
    LABEL: ClassVar[str] = ""
    PARTS: ClassVar[dict[str, type[Part]]] = {}
    NUMBERED_BY: ClassVar[str] = ""
    """The moment whose local month stands in the number."""
    FIRST_STATUS: ClassVar[str] = "active"

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
    def derive(cls, session: Session, values: Values) -> Values:
        """What is worked out from the values, whoever saves them; RECORD values are rows here, parts lists of values."""
        return {}

    @classmethod
    def follow(cls, session: Session, record: Record, differing: Values) -> None:
        """Bring along what other records show of this one, in the same transaction."""

    @classmethod
    def search_text(cls, stored: Mapping[str, Any]) -> str:
        """What the search finds the record by."""
        return " ".join(str(stored[code]) for code in ("number",) if stored.get(code))

    def frozen(self) -> str | None:
        """Why the record's fields can no longer be edited; None while they can."""
        return _("{number} is void and cannot be changed.").format(number=self.number) if self.status == "voided" else None


KINDS: dict[str, type[Record]] = {}
"""Every kind of record by its code, filled by the declarations themselves."""

R = TypeVar("R", bound=Record)
_last_uid = [0]


def new_uid(now: datetime) -> str:
    """A UUIDv7 (RFC 9562): in order of time, and strictly rising within the program."""
    stamp = store.milliseconds(now) << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
    _last_uid[0] = max(stamp, _last_uid[0] + 1)
    return str(UUID(int=_last_uid[0]))


def typed_fields(kind: type[Record]) -> tuple[Field, ...]:
    """The fields that a person fills in; the others are set by steps or worked out."""
    return tuple(declared for declared in kind.FIELDS if not declared.by_step and not declared.derived)


def find(session: Session, kind: type[R], number: str) -> R:
    """The record of that number (the newest, where versions share one). UserError where there is none."""
    found = (
        kind.select().where(kind.branch_id == session.branch.id, kind.number == number.strip()).order_by(kind.id.desc()).first()
    )
    if found is None:
        raise UserError(_("There is no {kind} {number}. Check the number.").format(kind=_(kind.LABEL), number=number))
    return found  # type: ignore[no-any-return]


def find_any(session: Session, number: str) -> Record:
    """The record of any kind that has the number."""
    for kind in KINDS.values():
        found = kind.get_or_none(kind.branch_id == session.branch.id, kind.number == number.strip())
        if found is not None:
            return find(session, kind, number)
    raise UserError(_("There is no record {number}. Check the number.").format(number=number))


def moment_of(session: Session, row: Row, code: str) -> Moment | None:
    """A moment as it was given: an instant, or the local day where no time was."""
    value = getattr(row, code)
    if value is not None and getattr(row, f"{code}_day"):
        return day_of(value, session.branch.zone)
    return value  # type: ignore[no-any-return]


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
    return list(part.select().where(part.parent == record.id).order_by(part.position))  # type: ignore[attr-defined]


def values_of(session: Session, record: Record) -> Values:
    """All values of a record and its parts: what a form shows and `save` takes back."""
    values = row_values(session, record)
    for code in record.PARTS:
        values[code] = [row_values(session, line) for line in parts_of(record, code)]
    return values


def clean(session: Session, kind: type[Record], raw: Mapping[str, object], declared: Iterable[Field], *, complete: bool) -> Values:
    """Typed values of fields and parts. ValidationError names each wrong one; a part's is `product_lines[0].quantity`."""
    errors: dict[str, str] = {}
    values: Values = {}
    plain = {code: value for code, value in raw.items() if code not in kind.PARTS}
    try:
        values = fields.clean(declared, plain, session.now(), complete=complete)
    except ValidationError as error:
        errors.update(error.errors)
    for code, part in kind.PARTS.items():
        if code in raw:
            values[code] = _clean_lines(session, code, part, raw[code], errors)
    if not errors and complete:
        errors = kind.check(session, values)
    if errors:
        raise ValidationError(errors)
    return values


def _clean_lines(session: Session, code: str, part: type[Part], raw: object, errors: dict[str, str]) -> list[Values]:
    if not isinstance(raw, list | tuple) or not all(isinstance(line, Mapping) for line in raw):
        errors[code] = _("{part} must be a list of lines.").format(part=_(part.LABEL))
        return []
    lines: list[Values] = []
    for place, line in enumerate(raw):
        try:
            lines.append(fields.clean(part.FIELDS, line, session.now()))
        except ValidationError as error:
            errors.update({f"{code}[{place}].{field}": sentence for field, sentence in error.errors.items()})
    return lines


def stored_columns(session: Session, row: type[Row], values: Values) -> dict[str, Any]:
    """The values as columns: moments split into instant and day mark, numbers of other records into their ids.

    ValidationError where a number names no record.
    """
    columns: dict[str, Any] = {}
    for declared in row.FIELDS:
        if declared.code not in values:
            continue
        value = values[declared.code]
        if declared.kind is Kind.MOMENT:
            columns[declared.code] = None if value is None else instant_of(value, session.branch.zone)
            columns[f"{declared.code}_day"] = value is not None and not isinstance(value, datetime)
        elif declared.kind is Kind.RECORD and value is not None and not isinstance(value, Record):
            columns[declared.code] = _referred(session, declared, str(value))
        else:
            columns[declared.code] = value
    return columns


def _referred(session: Session, declared: Field, number: str) -> Record:
    try:
        return find(session, KINDS[declared.refers], number)
    except UserError as error:
        raise ValidationError({declared.code: str(error)}) from None


def add(session: Session, kind: type[R], raw: Mapping[str, object], *, note: str = "") -> R:
    """A new record from what was typed. Number, history and search are part of the same transaction."""
    session.require("clerk")
    values = clean(session, kind, raw, typed_fields(kind), complete=True)
    with transaction():
        record = insert(session, kind, values, note=note)
    session.changed(kind.KIND, record.number)
    return record


def insert(
    session: Session, kind: type[R], values: Values, *, note: str = "", number: str | None = None, extra: Mapping[str, Any] | None = None
) -> R:
    """Write a new record of typed values, inside the caller's transaction."""
    now = session.clock()
    columns = stored_columns(session, kind, values) | kind.derive(session, values) | dict(extra or {})
    if number is None:
        number = numbering.take(session, kind.KIND, columns.get(kind.NUMBERED_BY) or now)[0]
    columns.setdefault("status", kind.FIRST_STATUS)
    record = kind.create(
        **columns,
        uid=new_uid(now),
        branch_id=session.branch.id,
        number=number,
        created_at=now,
        created_by=session.user,
        changed_at=now,
        changed_by=session.user,
    )
    for code in kind.PARTS:
        _write_lines(session, record, code, values.get(code) or [])
    history.write(session, record.KIND, record.id, "add", note=note)
    index(session, record)
    return record  # type: ignore[no-any-return]


def _write_lines(session: Session, record: Record, code: str, lines: list[Values]) -> None:
    part = record.PARTS[code]
    part.delete().where(part.parent == record.id).execute()  # type: ignore[attr-defined]
    for position, line in enumerate(lines):
        try:
            columns = stored_columns(session, part, line)
        except ValidationError as error:
            raise ValidationError({f"{code}[{position}].{field}": text for field, text in error.errors.items()}) from None
        part.create(parent=record.id, position=position, **columns)


def index(session: Session, record: Record) -> None:
    """Bring the search up to date with one record."""
    search_index.put(record.KIND, [(record.id, record.search_text(record.__data__))])


def edit(session: Session, record: R, raw: Mapping[str, object], version: int) -> R:
    """Change fields as a person typed them; `version` is the one that was read. Conflict where somebody saved since."""
    session.require("clerk")
    if reason := record.frozen():
        raise UserError(reason)
    kind = type(record)
    values = clean(session, kind, raw, typed_fields(kind), complete=False)
    with transaction():
        changed = change(session, record, values, version=version)
    session.changed(kind.KIND, record.number)
    return changed


def change(
    session: Session, record: R, values: Values, *, action: str = "edit", note: str = "", version: int | None = None, **extra: object
) -> R:
    """Write changed values with their history, inside the caller's transaction. `extra`: columns that are no declared fields."""
    kind = type(record)
    present = kind.get_by_id(record.id)
    expected = record.version if version is None else version
    if present.version != expected:
        raise _conflict(session, present, values)
    before = values_of(session, present) | {code: getattr(present, code) for code in extra}
    if errors := kind.check(session, before | values):
        raise ValidationError(errors)
    differing = {code: value for code, value in (values | extra).items() if _plain(value) != _plain(before.get(code))}
    if not differing and action == "edit":
        return present  # type: ignore[no-any-return]
    merged = before | values
    columns = stored_columns(session, kind, values) | kind.derive(session, merged) | extra
    now = session.clock()
    columns |= {"version": expected + 1, "changed_at": now, "changed_by": session.user}
    kind.update(**columns).where(kind.id == record.id).execute()
    for code in kind.PARTS:
        if code in differing:
            _write_lines(session, present, code, values[code])
    _write_history(session, present, action, note, before, differing)
    saved = kind.get_by_id(record.id)
    index(session, saved)
    kind.follow(session, saved, differing)
    return saved  # type: ignore[no-any-return]


def _plain(value: Value) -> Value:
    return value.number if isinstance(value, Record) else value


def _write_history(session: Session, record: Record, action: str, note: str, before: Values, differing: Values) -> None:
    def text(value: Value) -> str | None:
        plain = formats.as_json(_plain(value), session.branch.zone)
        return plain if plain is None or isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)

    changes = [(code, text(before.get(code)), text(value)) for code, value in differing.items()]
    if action != "edit":
        history.write(session, record.KIND, record.id, action, note=note)
    for code, old, new in changes:
        history.write(session, record.KIND, record.id, "edit" if action == "edit" else "set", field=code, old=old, new=new)


def _conflict(session: Session, present: Record, mine: Values) -> Conflict:
    theirs = values_of(session, present)
    now = session.now()
    differences = []
    for declared in present.FIELDS:
        if declared.code in mine and _plain(mine[declared.code]) != theirs[declared.code]:
            shown = (formats.show(declared, _plain(value), now) for value in (mine[declared.code], theirs[declared.code]))
            differences.append(Difference(declared.code, _(declared.label), *shown))
    return Conflict(
        _("{number} was saved by {person} at {time} meanwhile. Nothing of yours was written; compare both and save again.").format(
            number=present.number, person=present.changed_by, time=formats.moment(present.changed_at, session.branch.zone)
        ),
        tuple(differences),
    )


def void(session: Session, record: R, reason: str) -> R:
    """Mark a record void; it stays, with its number and reason."""
    session.require("clerk")
    if not reason.strip():
        raise ValidationError({"reason": _("A reason is missing. Write why {number} is void.").format(number=record.number)})
    if reason_not := record.frozen():
        raise UserError(reason_not)
    with transaction():
        changed = change(session, record, {}, action="void", note=reason, status="voided", void_reason=reason)
    session.changed(record.KIND, record.number)
    return changed
