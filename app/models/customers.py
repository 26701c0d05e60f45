"""Customers with their contacts: who complains, how they are found and what is known of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, NamedTuple

import peewee

from app.core import search_index, text
from app.core.database import database
from app.core.fields import Field, Kind
from app.core.language import N_, _
from app.core.session import Session
from app.models import classifications as of
from app.models import warnings
from app.models.record import KINDS, Part, Record, Values, parts_of

_WHO = N_("Customer")
_BUSINESS = N_("Business")
_BACKGROUND = N_("Background")


class Customer(Record):
    """A customer of the branch."""

    KIND = "customer"
    LABEL = N_("customer")
    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("name", N_("Name"), required=True, max_length=200, width=220, group=_WHO, indexed=True),
        Field("short_name", N_("Short name"), max_length=50, group=_WHO),
        Field("type", N_("Customer type"), Kind.CHOICE, choices=of.CUSTOMER_TYPES, width=90, group=_WHO),
        Field("phone", N_("Phone"), Kind.PHONE, max_length=100, group=_WHO, warn=warnings.phone, width=140),
        Field("address", N_("Address"), max_length=300, width=240, group=_WHO),
        Field("route", N_("District or route"), max_length=100, group=_WHO, indexed=True),
        Field("tier", N_("Value tier"), Kind.CHOICE, choices=of.TIERS, width=90, group=_BUSINESS),
        Field("integrity", N_("Integrity grade"), Kind.CHOICE, choices=of.INTEGRITY, width=80, group=_BUSINESS),
        Field("licence", N_("Licence number"), Kind.CODE, max_length=50, width=140, group=_BUSINESS),
        Field(
            "credit_code",
            N_("Unified social credit code"),
            Kind.CODE,
            max_length=30,
            width=180,
            group=_BUSINESS,
            warn=warnings.credit_code,
        ),
        Field("customer_manager", N_("Customer manager"), max_length=50, width=90, group=_BUSINESS, indexed=True),
        Field("customer_since", N_("Customer since"), Kind.DATE, happened=True, group=_BUSINESS, width=110),
        Field("referred_by", N_("Referred by"), max_length=100, group=_BACKGROUND),
        Field("tags", N_("Tags"), Kind.TAGS, group=_BACKGROUND),
        Field("background", N_("Background note"), Kind.MEMO, group=_BACKGROUND),
        Field("lost_on", N_("Lost on"), Kind.DATE, happened=True, by_step=True),
        Field("lost_reason", N_("Lost because"), by_step=True),
        Field("source_reference", N_("Outside number"), Kind.CODE, max_length=100, derived=True),
    )
    PARTS: ClassVar[dict[str, type[Part]]] = {}

    pinyin = peewee.TextField(default="")
    initials = peewee.TextField(default="")
    phone_digits = peewee.TextField(default="")
    source_key = peewee.TextField(null=True)

    @classmethod
    def check(cls, session: Session, values: Values) -> dict[str, str]:
        """Nobody leaves before they came."""
        return {
            f"contacts[{place}].until": _("{later} cannot lie before {earlier}.").format(later=_("Until"), earlier=_("From"))
            for place, line in enumerate(values.get("contacts") or [])
            if line.get("since") and line.get("until") and line["until"] < line["since"]
        }

    @classmethod
    def derive(cls, session: Session, values: Values) -> Values:
        """Pinyin in full and as initials; the digits of the phone."""
        full, initials = pinyin_of(str(values.get("name") or ""))
        return {"pinyin": full, "initials": initials, "phone_digits": text.digits(str(values.get("phone") or ""))}

    @classmethod
    def search_text(cls, stored: Mapping[str, Any]) -> str:
        """Number, names, pinyin, phones, licence, address and route."""
        codes = (
            "number",
            "name",
            "short_name",
            "pinyin",
            "initials",
            "phone",
            "phone_digits",
            "licence",
            "credit_code",
            "address",
            "route",
        )
        return " ".join(str(stored[code]) for code in codes if stored.get(code))

    @classmethod
    def follow(cls, session: Session, record: Record, differing: Values) -> None:
        """A new name also shows on the customer's cases, and finds them."""
        if "name" not in differing:
            return
        shown = {"customer_name": record.name, "customer_keys": f"{record.pinyin} {record.initials}"}
        complaint, objection, agreement = KINDS["complaint"], KINDS["objection"], KINDS["agreement"]
        for kind in (complaint, objection):
            kind.update(**shown).where(kind.customer == record.id).execute()
            _index_all(kind, kind.customer == record.id)
        of_cases = agreement.complaint.in_(complaint.select(complaint.id).where(complaint.customer == record.id))
        agreement.update(customer_name=record.name).where(of_cases).execute()
        _index_all(agreement, of_cases)


def _index_all(kind: type[Record], which: peewee.Expression) -> None:
    search_index.put(kind.KIND, ((case.id, case.search_text(case.__data__)) for case in kind.select().where(which)))


class Contact(Part):
    """A person at a customer; those who left stay, with an end."""

    LABEL = N_("Contacts")
    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("name", N_("Name"), required=True, max_length=100),
        Field("role", N_("Position"), max_length=50),
        Field("phone", N_("Phone"), Kind.PHONE, max_length=100, warn=warnings.phone),
        Field("birthday", N_("Birthday"), Kind.DATE, happened=True),
        Field("main", N_("Main contact"), Kind.BOOLEAN),
        Field("since", N_("From"), Kind.DATE),
        Field("until", N_("Until"), Kind.DATE),
    )
    parent = peewee.ForeignKeyField(Customer)


Customer.PARTS["contacts"] = Contact


def speaker(session: Session, customer: Customer) -> Part | None:
    """Who speaks for a customer now: of those who have not left the main contact, else the first."""
    today = session.now().date()
    here = [line for line in parts_of(customer, "contacts") if line.until is None or line.until > today]
    return next((line for line in here if line.main), here[0] if here else None)


def pinyin_of(name: str) -> tuple[str, str]:
    """Full pinyin without tones or blanks, and initials, of a name; other characters as they are, lower case."""
    from pypinyin import Style, lazy_pinyin  # heavy: half a second, paid by the first name that is written

    if name.isascii():
        words = name.casefold().split()
        return "".join(words), "".join(word[0] for word in words)
    full = lazy_pinyin(name, errors=str.casefold)
    initials = lazy_pinyin(name, style=Style.FIRST_LETTER, errors=str.casefold)
    return "".join(full).replace(" ", ""), "".join(initials).replace(" ", "")


class Candidate(NamedTuple):
    """A customer offered while typing: `matched` are the initials or the phone number that fit, empty where the name did."""

    id: int
    number: str
    name: str
    address: str
    phone: str
    matched: str


_SUGGEST = """
SELECT c.id, c.number, c.name, coalesce(c.address, ''), coalesce(c.phone, ''), c.initials, c.phone_digits
FROM (SELECT found.rowid AS id FROM {source} WHERE {sql} ORDER BY {order} LIMIT 1000) AS hit
JOIN customer AS c ON c.id = hit.id
WHERE c.branch_id = ? AND c.status <> 'voided'
ORDER BY
    CASE
        WHEN c.initials LIKE ? ESCAPE '!' OR text_key(c.name) LIKE ? ESCAPE '!' THEN 0
        WHEN c.phone_digits LIKE ? ESCAPE '!' THEN 1
        ELSE 2
    END,
    length(c.name), c.id
LIMIT ?
"""


def suggest(session: Session, typed: str, limit: int = 8) -> list[Candidate]:
    """Customers by name, number, pinyin, initials or the end of the phone number; beginnings and ends first."""
    found = search_index.condition("customer", typed)
    if found is None:
        return []
    key = text.key(typed)
    plain = key.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    rows = database.execute_sql(
        _SUGGEST.format(source=found.source, sql=found.sql, order=found.order),
        (*found.parameters, session.branch.id, f"{plain}%", f"{plain}%", f"%{plain}", limit),
    ).fetchall()
    return [Candidate._make((*row[:5], _matched(key, *row[4:]))) for row in rows]


def _matched(key: str, phone: str, initials: str, digits: str) -> str:
    if initials.startswith(key):
        return initials.upper()
    return phone if key.isdigit() and digits.endswith(key) else ""


def active_at(session: Session, day: date) -> int:
    """How many customers were active at the start of a local day: already customers, and neither lost nor ended by then."""
    since = (Customer.customer_since.is_null()) | (Customer.customer_since <= day)
    still = (Customer.status == "active") | (Customer.lost_on > day)
    return int(
        Customer.select().where(Customer.branch_id == session.branch.id, Customer.status != "voided", since, still).count()
    )


def same_name(session: Session, name: str) -> str | None:
    """A warning where another customer already has this name."""
    row = Customer.get_or_none(Customer.branch_id == session.branch.id, Customer.name == name, Customer.status != "voided")
    return None if row is None else _("{number} has the same name.").format(number=row.number)
