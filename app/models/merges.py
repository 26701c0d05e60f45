"""Two records of one customer become one: the survivor gets all that belonged to the other, which stays and can be undone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import peewee

from app.core import formats
from app.core.database import InstantColumn, database, milliseconds, transaction
from app.core.errors import Conflict, UserError
from app.core.fields import Field, Kind, read
from app.core.language import _
from app.core.session import Session
from app.models import history, permissions, record
from app.models.attachments import Attachment
from app.models.customers import Contact, Customer, found_by, show_on_cases
from app.models.record import KINDS, Record, Row, Values, row_values, typed_fields, values_of


class CustomerMerge(Row):
    """A merge. `status`: the other's before it; `content`: values of the survivor before and after, and the contacts it got."""

    branch_id = peewee.IntegerField()
    keep = peewee.ForeignKeyField(Customer)
    other = peewee.ForeignKeyField(Customer)
    at = InstantColumn()
    who = peewee.TextField()
    status = peewee.TextField()
    content = peewee.TextField()
    undone_at = InstantColumn(null=True)


class MergedRow(Row):
    """A row that a merge moved from the other to the survivor: `name` is its table."""

    merge = peewee.ForeignKeyField(CustomerMerge)
    name = peewee.TextField()
    row_id = peewee.IntegerField()


class NotSame(Row):
    """Two customers that look alike and are not the same, as a person said; the smaller id first."""

    branch_id = peewee.IntegerField()
    one = peewee.ForeignKeyField(Customer)
    other = peewee.ForeignKeyField(Customer)
    at = InstantColumn()
    who = peewee.TextField()


class Side(NamedTuple):
    """One field of two customers: what each has, and which of them is proposed (`keep` or `other`)."""

    field: Field
    keep: Any
    other: Any
    proposed: str

    @property
    def differs(self) -> bool:
        """Whether there is something to choose."""
        return self.keep is not None and self.other is not None and bool(self.keep != self.other)


class Pointer(NamedTuple):
    """A column that says whose a row is. `kind`: that of the records in the table, empty for other tables."""

    table: str
    column: str
    kind: str
    narrowed: str = ""
    """A further condition in SQL."""


def pointers() -> Iterator[Pointer]:
    """Every column through which something belongs to a customer; contacts are copied, they go on standing with the other."""
    own = (Customer, Contact, CustomerMerge, NotSame)
    for column, table in Customer._meta.backrefs.items():  # noqa: SLF001 - peewee's own way to what refers to a table
        if table not in own:
            kind = table.KIND if issubclass(table, Record) else ""
            yield Pointer(table._meta.table_name, column.column_name, kind)  # noqa: SLF001
    yield Pointer(Attachment._meta.table_name, "record_id", "", "kind = 'customer'")  # noqa: SLF001


def sides(session: Session, keep: Customer, other: Customer) -> list[Side]:
    """Both records field by field; tags and contacts are not chosen, all of them stay."""
    mine, theirs = row_values(session, keep), row_values(session, other)
    chosen = (one for one in typed_fields(Customer) if one.kind is not Kind.TAGS)
    return [Side(one, mine[one.code], theirs[one.code], _proposed(one, mine[one.code], theirs[one.code])) for one in chosen]


def _proposed(declared: Field, mine: Any, theirs: Any) -> str:  # noqa: ANN401 - values of the field
    if mine is None or (declared.code == "customer_since" and theirs is not None and theirs < mine):
        return "keep" if theirs is None else "other"
    return "keep"


def belongings(customer: Customer) -> dict[str, int]:
    """How many rows of each table belong to a customer: what a merge would move."""
    counted = {pointer.table: len(_rows(pointer, customer.id)) for pointer in pointers()}
    counted["contact"] = Contact.select().where(Contact.parent == customer.id).count()
    return {table: count for table, count in counted.items() if count}


def merge(
    session: Session,
    keep: Customer,
    other: Customer,
    take: Iterable[str] | None = None,
    *,
    versions: tuple[int, int] | None = None,
) -> Customer:
    """Make `keep` the one record of both. `take`: the fields whose value comes from the other (None: where that is proposed).

    UserError where it cannot be; Conflict where one of them is no longer of the `versions` that were looked at.
    """
    permissions.require(session, "customer.merge")
    with session.changed.after(), transaction():
        kept, gone = Customer.get_by_id(keep.id), Customer.get_by_id(other.id)
        _demand(kept, gone, versions)
        values = _joined(session, kept, gone, take)
        made = _write_down(session, kept, gone, values)
        for pointer in pointers():
            _move(session, made, pointer, gone, kept)
        record.change(session, gone, {"merged_into": kept.number}, action="merge", note=kept.number, status="merged")
        done = record.change(session, kept, values, action="merge", note=gone.number)
        return _settle(session, done)


def _demand(keep: Customer, other: Customer, versions: tuple[int, int] | None) -> None:
    if keep.id == other.id:
        raise UserError(_("{number} cannot be merged with itself. Choose another one.").format(number=keep.number))
    for one in (keep, other):
        if reason := one.frozen():
            raise UserError(reason)
    if versions is not None and versions != (keep.version, other.version):
        raise Conflict(
            _("{number} or {other} was changed meanwhile. Look at both again.").format(number=keep.number, other=other.number)
        )


def _joined(session: Session, keep: Customer, other: Customer, take: Iterable[str] | None) -> Values:
    """What changes about the survivor: chosen fields, all tags, and the contacts that it does not have yet."""
    found = {one.field.code: one for one in sides(session, keep, other)}
    wanted = {code for code, one in found.items() if one.proposed == "other"} if take is None else set(take)
    if unknown := wanted - found.keys():
        raise UserError(_("There is no field “{code}”.").format(code=min(unknown)))
    values: Values = {code: found[code].other for code in wanted}
    mine, theirs = values_of(session, keep), values_of(session, other)
    values["tags"] = tuple(dict.fromkeys((*(mine["tags"] or ()), *(theirs["tags"] or ())))) or None
    known = {(line["name"], line["phone"]) for line in mine["contacts"]}
    has_main = any(line["main"] and not line["until"] for line in mine["contacts"])
    added = [
        line | ({"main": False} if has_main and line["main"] else {})
        for line in theirs["contacts"]
        if (line["name"], line["phone"]) not in known
    ]
    return values | {"contacts": [*mine["contacts"], *added]}


def _write_down(session: Session, keep: Customer, other: Customer, values: Values) -> CustomerMerge:
    before = values_of(session, keep)
    content = {
        "before": {code: before[code] for code in values if code != "contacts"},
        "after": {code: value for code, value in values.items() if code != "contacts"},
        "contacts": values["contacts"][len(before["contacts"]) :],
    }
    return CustomerMerge.create(
        branch_id=session.branch.id,
        keep=keep.id,
        other=other.id,
        at=session.clock(),
        who=session.user,
        status=other.status,
        content=json.dumps(formats.as_json(content, session.branch.zone), ensure_ascii=False),
    )


def _rows(pointer: Pointer, customer: int) -> list[int]:
    narrowed = f" AND {pointer.narrowed}" if pointer.narrowed else ""
    sql = f'SELECT id FROM "{pointer.table}" WHERE "{pointer.column}" = ?{narrowed}'
    return [row for (row,) in database.execute_sql(sql, (customer,)).fetchall()]


def _move(session: Session, made: CustomerMerge, pointer: Pointer, other: Customer, keep: Customer) -> None:
    ids = _rows(pointer, other.id)
    _give(session, pointer, ids, other, keep)
    remembered = [(made.id, pointer.table, row) for row in ids]
    database.cursor().executemany("INSERT INTO merged_row (merge_id, name, row_id) VALUES (?, ?, ?)", remembered)


def _give(session: Session, pointer: Pointer, ids: list[int], giver: Customer, getter: Customer) -> None:
    """Let rows belong to another customer; of records that is written down in their history."""
    cursor = database.cursor()
    cursor.executemany(f'UPDATE "{pointer.table}" SET "{pointer.column}" = ? WHERE id = ?', [(getter.id, row) for row in ids])
    if not pointer.kind:
        return
    at = milliseconds(session.clock())
    changed = f'UPDATE "{pointer.table}" SET version = version + 1, changed_at = ?, changed_by = ? WHERE id = ?'
    cursor.executemany(changed, [(at, session.user, row) for row in ids])
    for row in ids:
        history.write(session, pointer.kind, row, "edit", field="customer", old=giver.number, new=getter.number)
    _tell(session, KINDS[pointer.kind], ids)


def _tell(session: Session, kind: type[Record], ids: list[int]) -> None:
    for (number,) in kind.select(kind.number).where(kind.id.in_(ids)).tuples():
        session.changed(kind.KIND, number)


def _settle(session: Session, customer: Customer) -> Customer:
    """Let a customer be found by what was merged into it, and its name stand on its cases."""
    Customer.rewrite(customer.id, former=" ".join(found_by(one.__data__) for one in _merged(customer)))
    done = Customer.get_by_id(customer.id)
    record.index(session, done)
    show_on_cases(done)
    return done


def _merged(customer: Customer) -> list[Customer]:
    return Customer.fetch("t.merged_into_id = ? ORDER BY t.id", customer.id)


def standing(other: Record) -> CustomerMerge | None:
    """The merge by which a customer's record gave way; None where there is none, or it was undone."""
    found = CustomerMerge.fetch("t.other_id = ? AND t.undone_at IS NULL ORDER BY t.id DESC LIMIT 1", other.id)
    return found[0] if found else None


def merged_into(customer: Record) -> list[CustomerMerge]:
    """The merges that a customer's record survived and that stand, oldest first."""
    return CustomerMerge.fetch("t.keep_id = ? AND t.undone_at IS NULL ORDER BY t.id", customer.id)


def undo(session: Session, other: Customer) -> Customer:
    """Take a merge back: exactly what it moved returns, where it still belongs to the survivor; what was changed since stays.

    UserError where the record was not merged, or the survivor gave way itself meanwhile.
    """
    permissions.require(session, "customer.merge")
    with session.changed.after(), transaction():
        gone = Customer.get_by_id(other.id)
        made = standing(gone)
        if made is None:
            raise UserError(_("{number} is not merged into another customer.").format(number=gone.number))
        kept = Customer.get_by_id(made.keep_id)
        if kept.status == "merged":
            raise UserError(
                _("{number} was merged into {other} meanwhile. Undo that first.").format(
                    number=kept.number, other=kept.merged_into.number
                )
            )
        for pointer in pointers():
            moved = {row for (row,) in _remembered(made, pointer)}
            _give(session, pointer, [row for row in _rows(pointer, kept.id) if row in moved], kept, gone)
        CustomerMerge.rewrite(made.id, undone_at=session.clock())
        back = record.change(session, gone, {"merged_into": None}, action="unmerge", note=kept.number, status=made.status)
        _settle(session, record.change(session, kept, _restored(session, kept, made), action="unmerge", note=gone.number))
        return _settle(session, back)


def _remembered(made: CustomerMerge, pointer: Pointer) -> list[tuple[int]]:
    sql = "SELECT row_id FROM merged_row WHERE merge_id = ? AND name = ?"
    rows: list[tuple[int]] = database.execute_sql(sql, (made.id, pointer.table)).fetchall()
    return rows


def _restored(session: Session, keep: Customer, made: CustomerMerge) -> Values:
    """The survivor's values as they were, but for those that were changed since the merge."""
    content = json.loads(made.content)
    present = values_of(session, keep)
    plain = formats.as_json(present, session.branch.zone)
    assert isinstance(plain, dict)
    values = {
        code: _typed(session, Customer.field(code), before)
        for code, before in content["before"].items()
        if plain[code] == content["after"][code]
    }
    contacts = [
        line for line, told in zip(present["contacts"], plain["contacts"], strict=True) if told not in content["contacts"]
    ]
    return values | {"contacts": contacts}


def _typed(session: Session, declared: Field, kept: Any) -> Any:  # noqa: ANN401 - as JSON has it, and as the field has it
    return None if kept is None else read(declared.but(happened=False), kept, session.now())
