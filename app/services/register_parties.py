"""Finds the customers and products that the rows of a register name, and prepares new ones. Writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from app.core import text
from app.core.errors import UserError
from app.core.fields import Value
from app.core.language import _
from app.core.likeness import phones
from app.core.pinyin import pinyin_of
from app.core.session import Session
from app.models.bulk import New, first_id
from app.models.customers import Contact, Customer
from app.models.products import Product
from app.services.erased_list import Refusal


def _available(one: Customer) -> Customer:
    """UserError where nothing new is written down of the customer."""
    if one.number and (why := one.unavailable()):
        raise UserError(why)
    return one


class Customers:
    """All customers of the branch by what they can be found by. New ones wait in `new` until they are written."""

    def __init__(self, session: Session) -> None:
        self.new: list[New] = []
        self._waiting: list[Customer] = []
        self._by_number: dict[str, Customer] = {}
        self._by_licence: dict[str, Customer] = {}
        self._by_phone: dict[str, list[Customer]] = defaultdict(list)
        self._by_name: dict[str, list[Customer]] = defaultdict(list)
        self._phones: dict[int, set[str]] = defaultdict(set)
        codes = ("id", "number", "name", "licence", "phone", "pinyin", "initials", "status", "merged_into")
        columns = (getattr(Customer, code) for code in codes)
        rows = list(Customer.select(*columns).where(Customer.branch_id == session.branch.id, Customer.status != "voided"))
        by_id = {one.id: one for one in rows}
        for one in rows:
            if one.status != "merged":
                self._know(one)
        for one in rows:
            if one.status == "merged":
                self._know_as(one, by_id)
        contacts: Any = Contact.select(Contact.parent, Contact.phone).where(Contact.phone.is_null(False)).tuples()
        for parent, phone in contacts:
            if parent in by_id:
                self._know_phones(_standing(by_id[parent], by_id), phones(phone))
        self._next = first_id(Customer)
        self._refusal = Refusal(session)

    def _know(self, one: Customer) -> None:
        if one.number:
            self._by_number[one.number] = one
        if one.licence:
            self._by_licence.setdefault(one.licence, one)
        self._by_name[one.name].append(one)
        self._know_phones(one, phones(one.phone))

    def _know_as(self, merged: Customer, by_id: Mapping[int, Customer]) -> None:
        """What a merged record was known by now means its survivor."""
        one = _standing(merged, by_id)
        self._by_number.setdefault(merged.number, one)
        if merged.licence:
            self._by_licence.setdefault(merged.licence, one)
        if one not in self._by_name[merged.name]:
            self._by_name[merged.name].append(one)
        self._know_phones(one, phones(merged.phone))

    def _know_phones(self, one: Customer, numbers: Iterable[str]) -> None:
        for number in numbers:
            if number not in self._phones[one.id]:
                self._phones[one.id].add(number)
                self._by_phone[number].append(one)

    def of(self, values: Mapping[str, Value]) -> Customer | None:
        """The customer of a case's row, made where nobody fits; None where the row names nobody.

        Found by number, licence, phone or exact name. UserError names the candidates where several fit.
        """
        name, licence = values.get("customer"), values.get("customer_licence")
        phone = values.get("customer_phone") or values.get("phone")
        if not (name or licence or phone):
            return None
        numbers = phones(phone)
        for found in (self._by_number.get(name or ""), self._by_licence.get(licence or ""), self._by_licence.get(name or "")):
            if found is not None:
                return _available(found)
        named = self._by_name.get(name or "", [])
        own = phones(name) if name and not any(character.isalpha() for character in name) else frozenset()
        called = self._called(numbers | own)
        if found := self._one([one for one in named if one in called] or called):
            return found
        if found := self._one([one for one in named if not numbers or not self._phones[one.id]]):
            return found
        return self._make(values) if name else None

    def written(self, made: Iterable[tuple[int, str]]) -> None:
        """The new ones were written under these ids and numbers."""
        for (_id, number), one in zip(made, self._waiting, strict=True):
            one.number = number
            self._by_number[number] = one
        self.new.clear()
        self._waiting.clear()

    def _called(self, numbers: Iterable[str]) -> list[Customer]:
        found = {one.id: one for number in numbers for one in self._by_phone.get(number, ())}
        return list(found.values())

    def _one(self, candidates: list[Customer]) -> Customer | None:
        if len(candidates) > 1:
            new = _("new")  # made by a row above, not numbered yet
            names = _(", ").join(f"{one.number or new} {one.name}" for one in candidates[:8])
            raise UserError(_("Several customers fit: {names}. Write the number of the right one.").format(names=names))
        return candidates[0] if candidates else None

    def _make(self, values: Mapping[str, Value]) -> Customer:
        given = {
            "name": values.get("customer"),
            "licence": values.get("customer_licence"),
            "phone": values.get("customer_phone") or values.get("phone"),
            "address": values.get("customer_address") or values.get("address"),
        }
        self._refusal.demand_other(given["name"], given["phone"], given["licence"])
        given = {code: value for code, value in given.items() if value is not None}
        pinyin, initials = pinyin_of(str(given["name"]))
        made = Customer(id=self._next, number="", pinyin=pinyin, initials=initials, **given)
        self._next += 1
        self.new.append(New(given))
        self._waiting.append(made)
        self._know(made)
        return made


def _standing(one: Customer, by_id: Mapping[int, Customer]) -> Customer:
    while one.status == "merged":
        one = by_id[one.merged_into_id]
    return one


class Products:
    """All products by number, code and name; new ones wait in `new`."""

    def __init__(self, session: Session) -> None:
        self.new: list[New] = []
        self._waiting: list[Product] = []
        self._known: dict[str, Product] = {}
        rows = Product.select(Product.id, Product.number, Product.code, Product.name).where(
            Product.branch_id == session.branch.id, Product.status != "voided"
        )
        for one in rows:
            for word in (one.number, one.code, one.name):
                self._known.setdefault(text.key(word or ""), one)
        self._next = first_id(Product)

    def written(self, made: Iterable[tuple[int, str]]) -> None:
        """The new ones were written under these ids and numbers."""
        for (_id, number), one in zip(made, self._waiting, strict=True):
            one.number = number
        self.new.clear()
        self._waiting.clear()

    def of(self, name: str) -> Product:
        """The product of that number, code or name, made where there is none."""
        key = text.key(name)
        if key not in self._known:
            self._known[key] = Product(id=self._next, number="", name=name)
            self._waiting.append(self._known[key])
            self._next += 1
            self.new.append(New({"name": name}))
        return self._known[key]
