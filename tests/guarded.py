"""A branch in which every guarded field holds a text of its own, and held another before: what may not come out is looked for."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from app.models import agreements, permissions
from app.models.record import KINDS, edit, values_of
from tests.make import Make
from tests.models.stands import complaint_in

BLIND = frozenset({"head"})
"""Reads neither phones nor notes, but may look, print and export."""
SECRETS = {
    "customer.phone": ("13810012222", "13810013333"),
    "customer.contacts.phone": ("13920024444", "13920025555"),
    "customer.background": ("与供货人有债务纠纷", "家里有人重病"),
    "complaint.phone": ("13730036666", "13730037777"),
    "agreement.party_b_identity": ("110101199003074258", "110101199003077731"),
    "agreement.party_b_phone": ("13640048888", "13640049999"),
}
"""Field → what it holds, and what it held before."""


class Guarded(NamedTuple):
    """The records that hold it."""

    customer: Any
    complaint: Any
    agreement: Any


def guarded_fields() -> set[str]:
    """Every field that is declared masked or restricted."""
    tables = list(KINDS.items())
    tables += [(f"{kind}.{code}", part) for kind, table in KINDS.items() for code, part in table.PARTS.items()]
    return {f"{name}.{one.code}" for name, table in tables for one in table.FIELDS if one.guard}


def nobody_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """What if the table said that nobody reads guarded fields, and the branch head alone may look?"""
    for guard, rule in permissions.READERS.items():
        monkeypatch.setitem(permissions.READERS, guard, rule._replace(roles=()))
        verb = f"{guard}.reveal"
        monkeypatch.setitem(permissions.RULES, verb, permissions.RULES[verb]._replace(roles=("head",)))


def fill(make: Make) -> Guarded:
    """Each field is written, and changed."""
    now, before = ({field: values[place] for field, values in SECRETS.items()} for place in (0, 1))
    contact = {"name": "陈建国", "main": True, "phone": before["customer.contacts.phone"]}
    customer = make.customer(
        phone=before["customer.phone"], background=before["customer.background"], contacts=[contact], address="东山路18号"
    )
    contacts = [contact | {"phone": now["customer.contacts.phone"]}]
    customer = edit(
        make.session,
        customer,
        {"phone": now["customer.phone"], "background": now["customer.background"], "contacts": contacts},
        customer.version,
    )
    complaint = complaint_in(make, "replied", customer=customer.number, phone=before["complaint.phone"])
    complaint = edit(make.session, complaint, {"phone": now["complaint.phone"]}, complaint.version)
    complaint = make.steps(complaint, "agreement")
    agreement = agreements.current(make.session, complaint)
    for values in (before, now):
        typed = {code: values[f"agreement.{code}"] for code in ("party_b_identity", "party_b_phone")}
        agreement = edit(make.session, agreement, typed, agreement.version)
    held = [values_of(make.session, one) for one in (customer, complaint, agreement)]
    assert all(values[0] in str(held) for values in SECRETS.values())
    return Guarded(customer, make.again(complaint), agreement)


def found_in(text: str) -> set[str]:
    """The fields whose clear text stands in it, however it is broken into lines; phones also without their first or last half."""
    plain = "".join(text.split())
    return {field for field, values in SECRETS.items() if any(_part(value) in plain for value in values)}


def _part(value: str) -> str:
    """What a mask must not show: of a number the middle with its neighbours."""
    return value[2:-3] if value.isdigit() else value
