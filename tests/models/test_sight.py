"""What somebody saves who does not read a field: no mask is written over a value, and nobody changes what they cannot see."""

from __future__ import annotations

import pytest

from app.core.errors import ValidationError
from app.core.session import Session
from app.models import sight
from app.models.customers import Customer
from app.models.merges import merge
from app.models.record import add, edit, find, parts_of, values_of
from tests.guarded import SECRETS, Guarded, fill, nobody_reads
from tests.make import Make


@pytest.fixture
def held(make: Make) -> Guarded:
    return fill(make)


def test_a_mask_is_never_written_back(session: Session, held: Guarded, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody_reads(monkeypatch)
    session.roles = frozenset({"clerk"})
    shown = sight.shown_values(session, Customer, values_of(session, held.customer))
    assert (shown["phone"], shown["background"]) == ("138****2222", "—")
    typed = {code: shown[code] for code in ("phone", "background", "contacts")} | {"address": "西山路1号"}
    saved = edit(session, held.customer, typed, held.customer.version)
    assert (saved.phone, saved.background, saved.address) == (
        SECRETS["customer.phone"][0],
        SECRETS["customer.background"][0],
        "西山路1号",
    )
    assert parts_of(saved, "contacts")[0]["phone"] == SECRETS["customer.contacts.phone"][0]
    assert saved.phone_keys == " ".join(sorted((saved.phone, SECRETS["customer.contacts.phone"][0])))


def test_what_is_hidden_is_not_changed(session: Session, held: Guarded, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody_reads(monkeypatch)
    session.roles = frozenset({"clerk"})
    typed = {"phone": "1", "background": None, "contacts": [{"name": "陈建国", "phone": "1"}]}
    with pytest.raises(ValidationError) as said:
        edit(session, held.customer, typed, held.customer.version)
    assert set(said.value.errors) == {"phone", "background", "contacts[0].phone"}
    assert "Phone is hidden from you" in said.value.errors["phone"]
    session.roles = frozenset({"clerk", "head"})  # may look, and change
    edit(session, held.customer, {"phone": "13500001111"}, held.customer.version)
    assert find(session, Customer, held.customer.number).phone == "13500001111"


def test_people_come_and_change_places_below_masks(session: Session, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two whose masks are alike are told apart by what else stands in their lines."""
    people = [{"name": "甲", "phone": "13800001234"}, {"name": "乙", "phone": "13899991234"}, {"name": "丙"}]
    customer = make.customer(contacts=people)
    nobody_reads(monkeypatch)
    session.roles = frozenset({"clerk"})
    one, two, three = sight.shown_values(session, Customer, values_of(session, customer))["contacts"]
    assert one["phone"] == two["phone"] == "138****1234"
    new = {"name": "丁", "phone": "13700000000"}
    saved = edit(session, customer, {"contacts": [two, one | {"role": "店长"}, three, new]}, customer.version)
    told = [(line["name"], line["phone"]) for line in parts_of(saved, "contacts")]
    assert told == [("乙", "13899991234"), ("甲", "13800001234"), ("丙", None), ("丁", "13700000000")]


def test_what_is_not_there_yet_can_be_added(session: Session, make: Make) -> None:
    customer = make.customer()
    session.roles = frozenset({"clerk"})
    assert edit(session, customer, {"background": "新来的"}, customer.version).background == "新来的"
    assert add(session, Customer, {"name": "新店", "background": "新来的"}).background == "新来的"


def test_a_merge_keeps_what_whoever_merges_does_not_read(session: Session, make: Make) -> None:
    keep, other = make.customer(name="甲店"), make.customer(name="乙店", background="只有经理知道")
    session.roles = frozenset({"clerk"})
    assert merge(session, keep, other).background == "只有经理知道"
