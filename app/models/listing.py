"""Lists of records: which columns, filters and orders there are, and a page of rows by one statement each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

import peewee

from app.core import search_index
from app.core.database import database
from app.core.errors import UserError
from app.core.fields import Choice, Field, Kind, Value, read
from app.core.language import N_, _
from app.core.session import Session
from app.core.times import day_of, instant_of
from app.models import classifications as of
from app.models.agreements import Agreement
from app.models.complaints import Complaint
from app.models.customers import Customer
from app.models.objections import Objection
from app.models.products import STATUSES as PRODUCT_STATUSES
from app.models.products import Product
from app.models.record import KINDS, Record

FILTERED_CAP = 10_000
"""A filtered list counts and reaches this far; counting on would read what nobody scrolls to."""
UNCLASSIFIED = "unclassified"
OPEN = "open_cases"
"""A filter value of `status`: neither ended nor void."""


@dataclass(frozen=True)
class Query:
    """What is asked of a list. `where`: field → codes, any of them (`unclassified`: empty); `since`/`until`: local days, both included, of `dated`."""

    text: str = ""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    sort: str = ""
    descending: bool = True
    ids: tuple[int, ...] | None = None
    """Exactly these rows, whatever else: the cases behind a figure."""


class Count(NamedTuple):
    """How many rows fit; `capped`: there are more, which the list does not reach."""

    rows: int
    capped: bool


Row = tuple[Any, ...]
"""The record's id, then one value per column: a moment as datetime or, without a time, as date; a choice as its code."""


@dataclass(frozen=True)
class Listing:
    """The list of a kind: `columns` by field code in their usual order, `shown` at first, `filters` and the field dates are meant of."""

    kind: type[Record]
    columns: tuple[str, ...]
    shown: tuple[str, ...]
    filters: tuple[str, ...]
    dated: str
    sort: str
    statuses: tuple[Choice, ...]

    def field(self, code: str) -> Field:
        """The declaration of a column; number, status and edition are no declared fields of the records."""
        own = {
            "number": Field("number", N_("Number"), Kind.CODE, width=138, indexed=True),
            "status": Field("status", N_("Status"), Kind.CHOICE, choices=self.statuses, width=104, indexed=True),
            "uid": Field("uid", "uid", Kind.CODE),
            "version": Field("version", N_("Version"), Kind.INTEGER),
            "edition": Field("edition", N_("Edition"), Kind.INTEGER, width=60),
        }
        return own[code] if code in own else self.kind.field(code)

    def fields(self) -> tuple[Field, ...]:
        """The declarations of all columns."""
        return tuple(self.field(code) for code in self.columns)

    def total(self, session: Session) -> int:
        """All records of the branch, void ones included."""
        return int(self.kind.select().where(self.kind.branch_id == session.branch.id).count())

    def count(self, session: Session, query: Query) -> Count:
        """How many rows fit the query."""
        if query.text.strip():
            hits = self._hits(session, query, search_index.COUNT_CAP + 1)
            return Count(min(len(hits), search_index.COUNT_CAP), len(hits) > search_index.COUNT_CAP)
        conditions = self._conditions(session, query)
        if len(conditions) == 1:
            return Count(self.total(session), False)
        inner = self.kind.select(peewee.SQL("1")).where(*conditions).limit(FILTERED_CAP + 1)
        found = int(database.execute(peewee.Select([inner.alias("fitting")], [peewee.fn.COUNT(peewee.SQL("*"))])).fetchone()[0])
        return Count(min(found, FILTERED_CAP), found > FILTERED_CAP)

    def page(self, session: Session, query: Query, offset: int, limit: int) -> list[Row]:
        """Rows `offset` … of the query in its order. With a search of more hits than can be counted, the newest come first."""
        return self._rows(session, self._ids(session, query, offset, limit))

    def all(self, session: Session, query: Query, limit: int | None = None, *, numbers: bool = False) -> Iterator[Row]:
        """Every row of the query (or the first `limit`), a page at a time; `numbers`: other records by number, not by name."""
        if query.text.strip():
            ids = self._sorted(session, query, self._hits(session, query, None))[:limit]
        else:
            ids = self._ids(session, query, 0, -1 if limit is None else limit)
        for start in range(0, len(ids), 500):
            yield from self._rows(session, ids[start : start + 500], numbers=numbers)

    def position(self, session: Session, query: Query, record_id: int) -> int | None:
        """Where a record stands among the first rows of a query; None where it is not among them."""
        ids = self._ids(session, query, 0, 500)
        return ids.index(record_id) if record_id in ids else None

    def _ids(self, session: Session, query: Query, offset: int, limit: int) -> list[int]:
        if query.text.strip():
            hits = self._hits(session, query, search_index.COUNT_CAP + 1)
            ordered = hits if len(hits) > search_index.COUNT_CAP else self._sorted(session, query, hits)
            return ordered[offset : offset + limit]
        select = self.kind.select(self.kind.id).where(*self._conditions(session, query)).order_by(*self._order(query))
        return [number for (number,) in select.limit(limit).offset(offset).tuples()]

    def _hits(self, session: Session, query: Query, limit: int | None) -> list[int]:
        found = search_index.condition(self.kind.KIND, query.text)
        assert found is not None
        chosen = self.kind.select(self.kind.id).where(*self._conditions(session, query))
        inner, parameters = chosen.sql()
        narrowed = len(self._conditions(session, query)) > 1
        filtered = f" AND found.rowid IN ({inner})" if narrowed else ""
        statement = f"SELECT found.rowid FROM {found.source} WHERE {found.sql}{filtered} ORDER BY {found.order} LIMIT ?"
        values = (*found.parameters, *(parameters if narrowed else ()), -1 if limit is None else limit)
        return [number for (number,) in database.execute_sql(statement, values).fetchall()]

    def _sorted(self, session: Session, query: Query, ids: list[int]) -> list[int]:
        order = self._order(query)
        placed: list[int] = []
        if len(ids) > search_index.COUNT_CAP:
            return ids
        select = self.kind.select(self.kind.id).where(self.kind.id.in_(ids), self.kind.branch_id == session.branch.id)
        placed.extend(number for (number,) in select.order_by(*order).tuples())
        return placed

    def _order(self, query: Query) -> list[Any]:
        code = query.sort or self.sort
        if code not in self.columns:
            raise UserError(_("The list cannot be sorted by “{field}”.").format(field=code))
        column = getattr(self.kind, code)
        if query.descending:
            return [column.desc(), self.kind.id.desc()]
        return [column.asc(), self.kind.id.asc()]

    def _conditions(self, session: Session, query: Query) -> list[Any]:
        kind = self.kind
        conditions: list[Any] = [kind.branch_id == session.branch.id]
        if query.ids is not None:
            conditions.append(kind.id.in_(query.ids))
        conditions.extend(self._condition(session, code, wanted) for code, wanted in query.where.items())
        if not self.dated:
            return conditions
        dated = getattr(kind, self.dated)
        day = self.field(self.dated).kind is Kind.DATE
        if query.since is not None:
            conditions.append(dated >= (query.since if day else instant_of(query.since, session.branch.zone)))
        if query.until is not None:
            conditions.append(dated <= query.until if day else dated < instant_of(query.until + timedelta(days=1), session.branch.zone))
        return conditions

    def _condition(self, session: Session, code: str, wanted: tuple[str, ...]) -> Any:  # noqa: ANN401 - a peewee expression
        declared = next((one for one in (*self.fields(), *self.kind.FIELDS) if one.code == code), None)
        if declared is None:
            raise UserError(_("There is no field “{code}”.").format(code=code))
        column = getattr(self.kind, code)
        if code == "status" and wanted == (OPEN,):
            return column.not_in([*of.ENDED, "voided"])
        values = [_sought(session, declared, one) for one in wanted if one != UNCLASSIFIED]
        if UNCLASSIFIED in wanted:
            return column.is_null() | column.in_(values) if values else column.is_null()
        return column.in_(values) if len(values) != 1 else column == values[0]

    def _rows(self, session: Session, ids: list[int], *, numbers: bool = False) -> list[Row]:
        if not ids:
            return []
        kind, columns, joins = self.kind, [], {}
        for code in self.columns:
            declared = self.field(code)
            if declared.kind is Kind.RECORD:
                joins[code] = KINDS[declared.refers].alias()
                columns.append(joins[code].number if numbers or not hasattr(joins[code], "name") else joins[code].name)
            else:
                columns.append(getattr(kind, code))
        marks = [code for code in self.columns if self.field(code).kind is Kind.MOMENT]
        select = kind.select(kind.id, *columns, *(getattr(kind, f"{code}_day") for code in marks))
        for code, other in joins.items():
            select = select.join_from(kind, other, peewee.JOIN.LEFT_OUTER, on=getattr(kind, code) == other.id)
        found = {row[0]: self._told(session, row, marks) for row in select.where(kind.id.in_(ids)).tuples()}
        return [found[number] for number in ids if number in found]

    def _told(self, session: Session, row: Row, marks: list[str]) -> Row:
        width = len(self.columns) + 1
        values = list(row[:width])
        for code, day_only in zip(marks, row[width:], strict=True):
            place = self.columns.index(code) + 1
            if day_only and values[place] is not None:
                values[place] = day_of(values[place], session.branch.zone)
        return tuple(values)


def _sought(session: Session, declared: Field, wanted: str) -> Value:
    """The stored form of a filter's value."""
    if declared.kind is Kind.RECORD:
        other = KINDS[declared.refers]
        found = other.get_or_none(other.branch_id == session.branch.id, other.number == wanted)
        return found.id if found is not None else -1
    if declared.kind in (Kind.CHOICE, Kind.TEXT, Kind.CODE, Kind.PHONE, Kind.MEMO, Kind.TAGS):
        return wanted
    value = read(declared, wanted, session.now())
    return instant_of(value, session.branch.zone) if declared.kind is Kind.MOMENT else value


COMPLAINTS = Listing(
    Complaint,
    columns=(
        "number", "customer_name", "description", "status", "received_at", "promised_at", "handler", "class", "severity", "channel", "product",
        "complainant", "phone", "cause", "replied_at", "closed_at", "satisfaction", "source_reference", "recorder", "wish", "customer",
    ),
    shown=("number", "customer_name", "description", "status", "received_at", "promised_at", "handler"),
    filters=("status", "severity", "class", "channel", "cause", "handler"),
    dated="received_at", sort="received_at", statuses=of.COMPLAINT_STATUSES,
)  # fmt: skip
OBJECTIONS = Listing(
    Objection,
    columns=(
        "number", "customer_name", "what", "status", "occurred_at", "promised_at", "handler", "content", "nature", "cause", "family", "channel",
        "expression", "method", "product", "solved_on_spot", "replied_at", "closed_at", "satisfaction", "wish", "source_reference", "customer",
    ),
    shown=("number", "customer_name", "what", "status", "occurred_at", "promised_at", "handler"),
    filters=("status", "content", "nature", "cause", "family", "channel", "method", "handler"),
    dated="occurred_at", sort="occurred_at", statuses=of.OBJECTION_STATUSES,
)  # fmt: skip
CUSTOMERS = Listing(
    Customer,
    columns=(
        "number", "name", "phone", "address", "type", "tier", "integrity", "route", "customer_manager", "licence", "credit_code", "customer_since",
        "short_name", "status",
    ),
    shown=("number", "name", "phone", "address", "type", "tier", "route", "customer_manager"),
    filters=("tier", "type", "integrity", "status"),
    dated="customer_since", sort="number", statuses=of.CUSTOMER_STATUSES,
)  # fmt: skip
PRODUCTS = Listing(
    Product,
    columns=("number", "name", "code", "specification", "brand", "unit", "active", "status"),
    shown=("number", "name", "code", "specification", "brand", "unit"),
    filters=("status",),
    dated="", sort="number", statuses=PRODUCT_STATUSES,
)  # fmt: skip
AGREEMENTS = Listing(
    Agreement,
    columns=("number", "edition", "customer_name", "status", "cost", "deadline", "signed_on", "signed_by", "complaint"),
    shown=("number", "edition", "customer_name", "status", "cost", "deadline", "signed_on"),
    filters=("status",),
    dated="signed_on", sort="number", statuses=of.AGREEMENT_STATUSES,
)  # fmt: skip
LISTINGS = {"customers": CUSTOMERS, "products": PRODUCTS, "objections": OBJECTIONS, "complaints": COMPLAINTS, "agreements": AGREEMENTS}
