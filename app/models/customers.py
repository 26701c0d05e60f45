"""Customers with their contacts: who complains, how they are found and what is known of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, ClassVar

import peewee

from app.core import search_index, text
from app.core.database import milliseconds
from app.core.fields import Choice, Field, Kind
from app.core.language import N_, _
from app.core.likeness import name_key, phones
from app.core.pinyin import pinyin_of
from app.core.session import Session
from app.core.times import instant_of
from app.models import classifications as of
from app.models import history, warnings
from app.models.record import KINDS, Part, Record, Values, find, parts_of

_WHO = N_("Customer")
_BUSINESS = N_("Business")
_BACKGROUND = N_("Background")
GRADED = ("tier", "integrity")
"""After a customer was added these change by the step `grade` only, which asks for the reason."""
GONE = ("voided", "merged")
"""Statuses of records that are no customer of their own."""


class Customer(Record):
    """A customer of the branch."""

    KIND = "customer"
    LABEL = N_("customer")
    FOUND_BY = (
        *("number", "name", "short_name", "pinyin", "initials", "phone", "phone_digits", "phone_keys"),
        *("licence", "credit_code", "address", "route", "former"),
    )
    PHONES = ("phone", "phone_digits", "phone_keys", "former")
    CALLED = "c.phone_keys || ' ' || c.former"
    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("name", N_("Name"), required=True, max_length=200, width=220, group=_WHO, indexed=True),
        Field("short_name", N_("Short name"), max_length=50, group=_WHO),
        Field("type", N_("Customer type"), Kind.CHOICE, choices=of.CUSTOMER_TYPES, width=90, group=_WHO),
        Field("phone", N_("Phone"), Kind.PHONE, max_length=100, group=_WHO, warn=warnings.phone, width=140, masked=True),
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
        Field("background", N_("Background note"), Kind.MEMO, group=_BACKGROUND, restricted=True),
        Field("lost_on", N_("Lost on"), Kind.DATE, happened=True, by_step=True),
        Field("lost_reason", N_("Lost because"), by_step=True),
        Field("ended_on", N_("Ended on"), Kind.DATE, happened=True, by_step=True),
        Field("merged_into", N_("Merged into"), Kind.RECORD, refers="customer", derived=True),
        Field("source_reference", N_("Outside number"), Kind.CODE, max_length=100, derived=True),
    )
    PARTS: ClassVar[dict[str, type[Part]]] = {}

    pinyin = peewee.TextField(default="")
    initials = peewee.TextField(default="")
    phone_digits = peewee.TextField(default="")
    name_key = peewee.TextField(default="")
    phone_keys = peewee.TextField(default="")
    """All numbers of the customer and of its contacts, one blank between two."""
    lost_until = peewee.BigIntegerField(null=True)
    """The end of the day on which it was lost, in milliseconds: complaints are compared with it."""
    former = peewee.TextField(default="")
    """What the records that were merged into this one were found by."""
    source_key = peewee.TextField(null=True)

    @classmethod
    def check(cls, session: Session, values: Values) -> dict[str, str]:
        """Nobody leaves before they came, and one contact at most is the main one."""
        contacts = values.get("contacts") or []
        wrong = {
            f"contacts[{place}].until": _("{later} cannot lie before {earlier}.").format(later=_("Until"), earlier=_("From"))
            for place, line in enumerate(contacts)
            if line.get("since") and line.get("until") and line["until"] < line["since"]
        }
        main = [place for place, line in enumerate(contacts) if line.get("main") and not line.get("until")]
        return wrong | {f"contacts[{place}].main": _("There is one main contact. Unmark the other one.") for place in main[1:]}

    @classmethod
    def derive(cls, session: Session, values: Values) -> Values:
        """Pinyin in full and as initials; what name and phones are compared by; until when it was a customer."""
        full, initials = pinyin_of(str(values.get("name") or ""))
        numbers = phones(values.get("phone")).union(*(phones(line.get("phone")) for line in values.get("contacts") or ()))
        return {
            "pinyin": full,
            "initials": initials,
            "phone_digits": text.digits(str(values.get("phone") or "")),
            "name_key": name_key(str(values.get("name") or "")),
            "phone_keys": " ".join(sorted(numbers)),
            "lost_until": _end_of(session, values.get("lost_on")),
        }

    @classmethod
    def search_text(cls, stored: Mapping[str, Any]) -> str:
        """Number, names, pinyin, phones, licence, address and route; nothing where another record stands for this one."""
        return "" if stored.get("status") == "merged" else found_by(stored)

    @classmethod
    def follow(cls, session: Session, record: Record, differing: Values) -> None:
        """A new name also shows on the customer's cases, and finds them."""
        if "name" in differing:
            show_on_cases(record)

    def frozen(self) -> str | None:
        """The record that it was merged into is the one to change."""
        if self.status == "merged":
            return _("{number} was merged into {other}. Change that one.").format(
                number=self.number, other=self.merged_into.number
            )
        return self.erased() or super().frozen()

    def erased(self) -> str | None:
        """That its personal data were erased, in a sentence; None where they were not."""
        if not history.erased(self.KIND, self.id):
            return None
        sentence = _("{number}: the personal data were erased. Nothing new is written down of it; enter the customer anew.")
        return sentence.format(number=self.number)

    def unavailable(self) -> str | None:
        """Who was erased begins anew, if ever; a void record stands for nobody."""
        return self.erased() or (super().frozen() if self.status == "voided" else None)

    def unchangeable(self, session: Session, values: Values) -> dict[str, str]:
        """Grades change by a step; contacts stay in the list when they leave."""
        sentence = _("{field} is changed by the step “grade” with a reason, on the customer's page or by `kesu step`.")
        wrong = {
            code: sentence.format(field=_(self.field(code).label))
            for code in GRADED
            if code in values and values[code] != self[code]
        }
        if "contacts" in values and len(values["contacts"]) < len(known := parts_of(self, "contacts")):
            staying = {line["name"] for line in values["contacts"]}
            gone = next((one["name"] for one in known if one["name"] not in staying), known[-1]["name"])
            wrong["contacts"] = _("{name} stays in the list: write the day in “Until” instead.").format(name=gone)
        return wrong

    @classmethod
    def meant(cls, session: Session, number: str) -> str:
        """The number of the record that stands for the one of that number."""
        one = find(session, cls, number)
        return str(one.number) if one.merged_into is None else str(survivor(one).number)


def found_by(stored: Mapping[str, Any]) -> str:
    """All that a customer's record is found by."""
    return " ".join(str(stored[code]) for code in Customer.FOUND_BY if stored.get(code))


def survivor(one: Customer) -> Customer:
    """The record that stands for a customer, itself where it was not merged."""
    while one.merged_into is not None:
        one = one.merged_into
    return one


def _end_of(session: Session, day: date | None) -> int | None:
    return None if day is None else milliseconds(instant_of(day + timedelta(days=1), session.branch.zone))


def show_on_cases(record: Record) -> None:
    """Write the customer's name to all that show it, and let it find them."""
    shown = {"customer_name": record.name, "customer_keys": f"{record.pinyin} {record.initials}"}
    complaint = KINDS["complaint"]
    for kind in KINDS.values():
        columns = kind._meta.fields  # noqa: SLF001 - peewee's own way to a table's columns
        if "customer_name" not in columns or not {"customer", "complaint"} & columns.keys():
            continue
        cases = complaint.select(complaint.id).where(complaint.customer == record.id)
        which = kind.customer == record.id if "customer" in columns else kind.complaint.in_(cases)
        kind.update({columns[code]: value for code, value in shown.items() if code in columns}).where(which).execute()
        _index_all(kind, which)


def _index_all(kind: type[Record], which: peewee.Expression) -> None:
    search_index.put(kind.KIND, ((case.id, case.search_text(case.__data__)) for case in kind.select().where(which)))


class Contact(Part):
    """A person at a customer; those who left stay, with an end."""

    LABEL = N_("Contacts")
    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("name", N_("Name"), required=True, max_length=100, width=100),
        Field("role", N_("Position"), max_length=50, width=80),
        Field("phone", N_("Phone"), Kind.PHONE, max_length=100, warn=warnings.phone, masked=True, width=150),
        Field("birthday", N_("Birthday"), Kind.DATE, happened=True, width=110),
        Field("main", N_("Main contact"), Kind.BOOLEAN, width=90),
        Field("since", N_("From"), Kind.DATE, width=110),
        Field("until", N_("Until"), Kind.DATE, width=110),
    )
    parent = peewee.ForeignKeyField(Customer)


LOG_KINDS = (
    Choice("visit", N_("Visit")),
    Choice("phone", N_("Phone call")),
    Choice("letter", N_("Letter")),
    Choice("gift", N_("Gift or souvenir")),
    Choice("survey", N_("Survey")),
    Choice("market", N_("Market intelligence")),
)


class ContactEntry(Part):
    """A dealing with the customer outside a case. Surveys and market intelligence have fields of their own."""

    LABEL = N_("Contact log")
    APPENDED = True
    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("kind", N_("Kind"), Kind.CHOICE, choices=LOG_KINDS, required=True, width=100),
        Field("at", N_("When"), Kind.MOMENT, required=True, happened=True, width=130),
        Field("contact", N_("Spoken with"), max_length=100, width=100),
        Field("text", N_("What was said or done"), Kind.MEMO, width=300),
        Field("why_us", N_("Why do you choose us"), Kind.MEMO, width=200),
        Field("why_buy", N_("Why do you buy"), Kind.MEMO, width=200),
        Field("improve", N_("What is still to be improved"), Kind.MEMO, width=200),
        Field("brand", N_("New brand"), max_length=100, width=120),
        Field("company_told", N_("Company: told whom"), max_length=100, width=140),
        Field("company_told_on", N_("Company: told on"), Kind.DATE, happened=True, width=110),
        Field("maker_told", N_("Maker: told whom"), max_length=100, width=140),
        Field("maker_told_on", N_("Maker: told on"), Kind.DATE, happened=True, width=110),
        Field("who", N_("By whom"), max_length=100, width=90),
    )
    parent = peewee.ForeignKeyField(Customer)


Customer.PARTS |= {"contacts": Contact, "log": ContactEntry}


def speaker(session: Session, customer: Customer) -> Part | None:
    """Who speaks for a customer now: of those who have not left the main contact, else the first."""
    today = session.now().date()
    here = [line for line in parts_of(customer, "contacts") if line.until is None or line.until > today]
    return next((line for line in here if line.main), here[0] if here else None)
