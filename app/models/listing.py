"""Lists of records: which columns, filters and orders there are, and a page of rows by one statement each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from app.core import search_index, text
from app.core.database import database
from app.core.errors import NotPermitted, UserError
from app.core.fields import Choice, Field, Kind, read
from app.core.language import N_, _
from app.core.session import Session
from app.core.times import instant_of
from app.models import anniversaries, list_columns, personal, sight
from app.models import classifications as of
from app.models.list_conditions import UNCLASSIFIED as UNCLASSIFIED
from app.models.list_conditions import Condition, among, any_of, at, joined, sought, spelt_out, tagged, yes_or_no
from app.models.list_rows import Row, RowReader, column_of, table_of
from app.models.record import KINDS, Record

FILTERED_CAP = 10_000
"""A filtered list counts and reaches this far; counting on would read what nobody scrolls to."""
OPEN = "open_cases"
"""A filter value of `status`: neither ended nor void."""


class Query(NamedTuple):
    """What is asked of a list.

    `where`: field → codes, any of them (`unclassified`: empty). `since`, `until`: local days of `dated`, both included.
    """

    text: str = ""
    where: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    since: date | None = None
    until: date | None = None
    sort: str = ""
    descending: bool = True
    ids: tuple[int, ...] | None = None
    """Exactly these rows, whatever else: the cases behind a figure."""


class Statement(NamedTuple):
    """A statement and its values."""

    sql: str
    values: tuple[object, ...]


class Count(NamedTuple):
    """How many rows fit; `capped`: there are more, which the list does not reach."""

    rows: int
    capped: bool


@dataclass(eq=False, repr=False)
class Listing:
    """The list of a kind: `columns` by field code in their usual order, `shown` at first, `filters`, and the field `dated`."""

    code: str
    columns: tuple[str, ...]
    shown: tuple[str, ...]
    filters: tuple[str, ...]
    dated: str
    sort: str
    statuses: tuple[Choice, ...]
    computed: tuple[tuple[Field, str], ...] = ()
    """Columns that are no fields: counted by SQL over the row `c`."""
    asked: tuple[tuple[Field, Callable[[Session], str]], ...] = ()
    """Filters that are no columns: yes or no, by a condition in SQL over the row `c`."""
    hidden: tuple[str, ...] = ()
    """Statuses whose records show only where they are asked for."""
    sounds: tuple[str, str] = ("", "")
    """The column of a name, and that of its pinyin: names are sorted as they sound."""

    @property
    def kind(self) -> type[Record]:
        """The class of its records, imported when it is asked for."""
        table: type[Record] = KINDS[self.code]
        return table

    def field(self, code: str) -> Field:
        """The declaration of a column; number, status and edition are no declared fields of the records."""
        return self._declared[code]

    @cached_property
    def _declared(self) -> dict[str, Field]:
        own = (
            Field("number", N_("Number"), Kind.CODE, width=130, indexed=True),
            Field("status", N_("Status"), Kind.CHOICE, choices=self.statuses, width=98, indexed=True),
            Field("uid", "uid", Kind.CODE),
            Field("version", N_("Version"), Kind.INTEGER),
            Field("edition", N_("Edition"), Kind.INTEGER, width=60),
        )
        others = (one for one, _sql in (*self.computed, *self.asked))
        found = {declared.code: declared for declared in (*self.kind.FIELDS, *own, *others)}
        if {"customer", "customer_name"} <= found.keys():  # its name has a column already
            found["customer"] = found["customer"].but(label=N_("Customer number"))
        return found

    @cached_property
    def _counted(self) -> dict[str, str]:
        return {one.code: sql for one, sql in self.computed}

    def _sql(self, code: str) -> str:
        """A column of the row `c`, stored or counted. What is closed of a row cannot be asked for or sorted by."""
        if code in self._counted:
            return self._counted[code]
        stored = f'c."{column_of(self.kind, code).column_name}"'
        closed = hasattr(self.kind, "withheld") and code in personal.closed(self.kind)
        return f"(CASE WHEN c.withheld THEN NULL ELSE {stored} END)" if closed else stored

    def askable(self) -> tuple[Field, ...]:
        """All that the list can be asked by."""
        return tuple(self._declared.values())

    def fields(self) -> tuple[Field, ...]:
        """The declarations of all columns."""
        return tuple(self.field(code) for code in self.columns)

    def total(self, session: Session) -> int:
        """All records of the branch, void ones included, hidden ones not."""
        sql = f'SELECT count(*) FROM "{table_of(self.kind)}" WHERE branch_id = ?'
        total = int(database.execute_sql(sql, (session.branch.id,)).fetchone()[0])
        for status in self.hidden:
            total -= int(database.execute_sql(f"{sql} AND status = ?", (session.branch.id, status)).fetchone()[0])
        return total

    def count(self, session: Session, query: Query) -> Count:
        """How many rows fit the query."""
        if text.key(query.text):
            hits, values = self._hits(session, query, search_index.COUNT_CAP + 1)
            found = int(database.execute_sql(f"SELECT count(*) FROM ({hits}) AS hit", values).fetchone()[0])
            return Count(min(found, search_index.COUNT_CAP), found > search_index.COUNT_CAP)
        conditions = self._conditions(session, query)
        if not conditions:
            return Count(self.total(session), False)
        where, values = self._where(session, query, conditions)
        inner = f'SELECT 1 FROM "{table_of(self.kind)}" AS c WHERE {where} LIMIT {FILTERED_CAP + 1}'
        found = int(database.execute_sql(f"SELECT count(*) FROM ({inner}) AS fitting", values).fetchone()[0])
        return Count(min(found, FILTERED_CAP), found > FILTERED_CAP)

    def page(self, session: Session, query: Query, offset: int, limit: int, counted: Count | None = None) -> list[Row]:
        """Rows `offset` … of the query in its order. With a search of more hits than can be counted, the newest come first.

        Whoever has counted says so: the hits of a search need not be counted again for each page.
        """
        return self._named.rows(session, self._ids(session, query, offset, limit, counted))

    def all(self, session: Session, query: Query, limit: int | None = None, *, numbers: bool = False) -> Iterator[Row]:
        """Every row of the query (or the first `limit`), a page at a time; `numbers`: other records by number, not by name."""
        ids = self._ids(session, query, 0, -1 if limit is None else limit)
        reader = self._numbered if numbers else self._named
        for start in range(0, len(ids), 500):
            yield from reader.rows(session, ids[start : start + 500])

    def known(self, session: Session, code: str, limit: int = 40) -> list[str]:
        """The first different values of an indexed text column; one seek in the index each, however many rows there are."""
        column = column_of(self.kind, code).column_name
        sql = f'SELECT min("{column}") FROM "{table_of(self.kind)}" WHERE branch_id = ? AND "{column}" > ?'
        found = [""]
        while len(found) <= limit:
            value = database.execute_sql(sql, (session.branch.id, found[-1])).fetchone()[0]
            if value is None:
                break
            found.append(value)
        return found[1:]

    def position(self, session: Session, query: Query, record_id: int) -> int | None:
        """Where a record stands among the first rows of a query; None where it is not among them."""
        ids = self._ids(session, query, 0, 500)
        return ids.index(record_id) if record_id in ids else None

    @cached_property
    def _named(self) -> RowReader:
        return RowReader(self.kind, self.fields(), self._counted, numbers=False)

    @cached_property
    def _numbered(self) -> RowReader:
        return RowReader(self.kind, self.fields(), self._counted, numbers=True)

    def _ids(self, session: Session, query: Query, offset: int, limit: int, counted: Count | None = None) -> list[int]:
        if text.key(query.text):
            sql, values = self._searched(session, query, counted or self.count(session, query))
        else:
            where, values = self._where(session, query, self._conditions(session, query))
            sql = f'SELECT c.id FROM "{table_of(self.kind)}" AS c WHERE {where} ORDER BY {self._order(session, query)}'
        return [number for (number,) in database.execute_sql(f"{sql} LIMIT ? OFFSET ?", (*values, limit, offset)).fetchall()]

    def _searched(self, session: Session, query: Query, counted: Count) -> Statement:
        """The ids of all hits: in the query's order or, where they are too many to be sorted, the newest first."""
        if counted.capped:
            return self._hits(session, query, -1)
        hits, values = self._hits(session, query, search_index.COUNT_CAP)
        # A cross join, because the search finds few rows: the table's own indexes would be walked for all of them.
        source = f'({hits}) AS hit CROSS JOIN "{table_of(self.kind)}" AS c ON c.id = hit.id'
        return Statement(f"SELECT c.id FROM {source} ORDER BY {self._order(session, query)}", values)

    def _hits(self, session: Session, query: Query, limit: int) -> Statement:
        found = search_index.condition(self.kind.KIND, query.text)
        assert found is not None
        conditions = [*self._conditions(session, query), *spelt_out(session, self.kind, query.text)]
        source, where = found.source, found.sql
        values: tuple[object, ...] = found.parameters
        if conditions:
            source += f' CROSS JOIN "{table_of(self.kind)}" AS c ON c.id = found.rowid'
            narrowed, more = self._where(session, query, conditions)
            where, values = f"{where} AND {narrowed}", values + more
        limited = f" LIMIT {limit}" if limit >= 0 else ""
        return Statement(f"SELECT found.rowid AS id FROM {source} WHERE {where} ORDER BY {found.order}{limited}", values)

    def _order(self, session: Session, query: Query) -> str:
        code = query.sort or self.sort
        if code not in self.columns or not sight.reads(session, self.field(code)):
            raise UserError(_("The list cannot be sorted by “{field}”.").format(field=text.quoted(code)))
        way = "DESC" if query.descending else "ASC"
        sound = [f"c.{self.sounds[1]}"] if code == self.sounds[0] else []
        return ", ".join(f"{key} {way}" for key in (*sound, self._sql(code), "c.id"))

    def _where(self, session: Session, query: Query, conditions: list[Condition]) -> Condition:
        """All conditions, that of the branch and what is hidden among them, as SQL and its values."""
        every = [Condition("c.branch_id = ?", (session.branch.id,)), *conditions]
        if "status" not in query.where and query.ids is None:
            every += [Condition("c.status <> ?", (status,)) for status in self.hidden]
        return joined(every)

    def _conditions(self, session: Session, query: Query) -> list[Condition]:
        conditions: list[Condition] = []
        if query.ids is not None:
            conditions.append(Condition(f"c.id IN ({', '.join('?' * len(query.ids))})", query.ids))
        conditions.extend(self._condition(session, code, wanted) for code, wanted in query.where.items())
        if not self.dated:
            return conditions
        column = column_of(self.kind, self.dated)
        day, zone = self.field(self.dated).kind is Kind.DATE, session.branch.zone
        if query.since is not None:
            first = query.since if day else instant_of(query.since, zone)
            conditions.append(Condition(f'c."{column.column_name}" >= ?', (column.db_value(first),)))
        if query.until is not None:
            after = query.until + timedelta(days=1)
            conditions.append(
                Condition(f'c."{column.column_name}" < ?', (column.db_value(after if day else instant_of(after, zone)),))
            )
        return conditions

    def _condition(self, session: Session, code: str, wanted: tuple[str, ...]) -> Condition:
        if code not in self._declared:
            raise UserError(_("There is no field “{code}”.").format(code=text.quoted(code)))
        declared = self._declared[code]
        if declared.restricted and not sight.reads(session, declared):
            raise NotPermitted(_("“{field}” is hidden from you: a list cannot be asked by it.").format(field=_(declared.label)))
        condition = next((sql for one, sql in self.asked if one.code == code), None)
        name = f"({condition(session)})" if condition is not None else self._sql(code)
        worked_out = condition is not None or code in self._counted
        stored = int if worked_out else column_of(self.kind, code).db_value
        fitting = yes_or_no if worked_out and declared.kind is Kind.BOOLEAN else among
        if code == "status" and OPEN in wanted:
            wanted += tuple(choice.code for choice in self.statuses if choice.code not in (*of.ENDED, "voided"))
        if declared.kind is Kind.TAGS:
            return tagged(name, wanted)
        given = [one for one in wanted if one != UNCLASSIFIED]
        if declared.kind is Kind.MOMENT:
            either = [at(session, name, read(declared, one, session.now())) for one in given]
        else:
            values = tuple(stored(sought(session, declared, one)) for one in given)
            either = [fitting(name, values)] if values else []
        if UNCLASSIFIED in wanted:
            either.append(Condition(f"{name} IS NULL"))
        return any_of(either)


_CUSTOMER = ("customer_name", "customer_keys")
COMPLAINTS = Listing(
    "complaint",
    columns=(
        "number", "customer_name", "description", "status", "received_at", "promised_at", "handler", "class", "severity",
        "channel", "product", "complainant", "phone", "cause", "replied_at", "closed_at", "satisfaction", "source_reference",
        "recorder", "wish", "customer",
    ),
    shown=("number", "customer_name", "description", "status", "received_at", "promised_at", "handler"),
    filters=("status", "severity", "class", "channel", "cause", "handler"),
    dated="received_at", sort="received_at", statuses=of.COMPLAINT_STATUSES, sounds=_CUSTOMER,
)  # fmt: skip
OBJECTIONS = Listing(
    "objection",
    columns=(
        "number", "customer_name", "what", "status", "occurred_at", "promised_at", "handler", "content", "nature", "cause",
        "family", "channel", "expression", "method", "card", "product", "solved_on_spot", "replied_at", "closed_at",
        "satisfaction", "wish", "source_reference", "customer",
    ),
    shown=("number", "customer_name", "what", "status", "occurred_at", "promised_at", "handler"),
    filters=("status", "content", "nature", "cause", "family", "channel", "method", "handler"),
    dated="occurred_at", sort="occurred_at", statuses=of.OBJECTION_STATUSES, sounds=_CUSTOMER,
)  # fmt: skip
_ANNIVERSARY = Field("anniversary", N_("Anniversary"), Kind.BOOLEAN)
CUSTOMERS = Listing(
    "customer",
    columns=(
        "number", "name", "phone", "address", "type", "tier", "integrity", "route", "customer_manager", "licence",
        "credit_code", "customer_since", "short_name", "status", "lost_on", "lost_reason", "complained_then_lost",
    ),
    shown=("number", "name", "phone", "address", "type", "tier", "route", "customer_manager"),
    filters=("tier", "type", "integrity", "status", "complained_then_lost", "anniversary"),
    dated="customer_since", sort="number", statuses=of.CUSTOMER_STATUSES, hidden=("merged",), sounds=("name", "pinyin"),
    computed=list_columns.LOST, asked=((_ANNIVERSARY, anniversaries.is_near),),
)  # fmt: skip
PRODUCTS = Listing(
    "product",
    columns=("number", "name", "code", "specification", "brand", "unit", "active", "status"),
    shown=("number", "name", "code", "specification", "brand", "unit"),
    filters=("status",),
    dated="", sort="number", statuses=of.PRODUCT_STATUSES,
)  # fmt: skip
_WITHHELD = Field("withheld", N_("Closed, customer erased"), Kind.BOOLEAN)
AGREEMENTS = Listing(
    "agreement",
    columns=("number", "edition", "customer_name", "status", "cost", "deadline", "signed_on", "signed_by", "complaint"),
    shown=("number", "edition", "customer_name", "status", "cost", "deadline", "signed_on"),
    filters=("status", "withheld"),
    dated="signed_on", sort="number", statuses=of.AGREEMENT_STATUSES, asked=((_WITHHELD, lambda _session: "c.withheld"),),
)  # fmt: skip
DISPATCHES = Listing(
    "dispatch",
    columns=(
        "number", "customer_name", "department", "status", "due", "accepted_by", "accepted_at", "done_at", "chased_at",
        "complaint", "agreement", "note",
    ),
    shown=("number", "customer_name", "department", "status", "due", "accepted_by", "done_at", "complaint"),
    filters=("status", "department"),
    dated="due", sort="due", statuses=of.DISPATCH_STATUSES,
)  # fmt: skip
PROMISES = Listing(
    "promise",
    columns=(
        "number", "customer_name", "subject", "status", "due", "kept_at", "case", "given_at", "given_by", "handler", "note",
        "customer",
    ),
    shown=("due", "customer_name", "subject", "status", "kept_at", "case", "handler", "given_by"),
    filters=("status", "subject", "handler"),
    dated="due", sort="due", statuses=of.PROMISE_STATUSES,
)  # fmt: skip
ACTIONS = Listing(
    "action",
    columns=(
        "number", "customer_name", "root_cause", "status", "cause", "department", "person", "due", "check_on", "done_at",
        "published_at", "complaint", "lasting",
    ),
    shown=("number", "customer_name", "root_cause", "status", "department", "person", "due", "check_on"),
    filters=("status", "department", "cause"),
    dated="due", sort="due", statuses=of.ACTION_STATUSES,
)  # fmt: skip
CARDS = Listing(
    "card",
    columns=(
        "number", "words", "content", "method", "status", "edition", "times_used", "times_helped", "published_at", "cause",
        "answer", "from_objection",
    ),
    shown=("number", "words", "content", "method", "status", "edition", "times_used", "times_helped"),
    filters=("status", "content", "cause", "method"),
    dated="published_at", sort="number", statuses=of.CARD_STATUSES, computed=list_columns.USES,
)  # fmt: skip
EVIDENCE = Listing(
    "evidence",
    columns=("number", "title", "type", "source", "valid_from", "valid_to", "cards", "status", "text"),
    shown=("number", "title", "type", "source", "valid_from", "valid_to", "cards"),
    filters=("type", "status"),
    dated="valid_to", sort="number", statuses=of.EVIDENCE_STATUSES, computed=list_columns.RESTING,
)  # fmt: skip
LISTINGS = {
    "customers": CUSTOMERS,
    "products": PRODUCTS,
    "objections": OBJECTIONS,
    "complaints": COMPLAINTS,
    "agreements": AGREEMENTS,
    "dispatches": DISPATCHES,
    "promises": PROMISES,
    "actions": ACTIONS,
    "cards": CARDS,
    "evidence": EVIDENCE,
}


def listing_of(kind: str) -> Listing:
    """The list of a kind of record."""
    return next(one for one in LISTINGS.values() if one.code == kind)
