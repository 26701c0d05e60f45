"""Customers: pinyin, suggestions while typing, and what follows a new name."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.core.errors import ValidationError
from app.core.pinyin import pinyin_of
from app.models import customer_queries, merges
from app.models.agreements import Agreement
from app.models.customer_queries import known, lost_after, suggest
from app.models.customers import Customer
from app.models.listing import AGREEMENTS, COMPLAINTS, CUSTOMERS, OBJECTIONS, Query
from app.models.record import edit
from app.models.steps import void
from tests.make import Make
from tests.models.stands import agreement_in


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("鑫瑞达商行", "xinruidashanghang", "xrdsh"),
        ("7-11便利店", "7-11bianlidian", "7-11bld"),
        ("Sunny Mart", "sunnymart", "sm"),
        ("𠮷祥", "𠮷xiang", "𠮷x"),
        ("ABC 银行（东）", "abcyinhang（dong）", "abcyh（d）"),
        ("", "", ""),
    ],
)
def test_pinyin_of_names(name: str, full: str, initials: str) -> None:
    assert pinyin_of(name) == (full, initials)


@pytest.fixture
def shop(make: Make) -> Make:
    make.customer(name="鑫瑞达商行", phone="138-0000-1234", address="城东路 1 号")
    make.customer(name="新荣达食品店", phone="13900005678")
    make.customer(name="老王百货", phone="0755-8612 1234")
    make.customer(name="50%_off! 'shop'", phone="10086")
    return make


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("鑫", ["鑫瑞达商行"]),
        ("瑞达", ["鑫瑞达商行"]),
        ("xrd", ["鑫瑞达商行", "新荣达食品店"]),
        ("ＸＲＤ", ["鑫瑞达商行", "新荣达食品店"]),
        ("xinrui", ["鑫瑞达商行"]),
        ("1234", ["老王百货", "鑫瑞达商行"]),
        ("１２３４", ["老王百货", "鑫瑞达商行"]),
        ("5678", ["新荣达食品店"]),
        ("KH-0003", ["老王百货"]),
        ("%", ["50%_off! 'shop'"]),
        ("_", ["50%_off! 'shop'"]),
        ("!", ["50%_off! 'shop'"]),
        ("'", ["50%_off! 'shop'"]),
        ('"', []),
        ("没有这家", []),
        ("  ", []),
    ],
)
def test_customers_are_suggested(shop: Make, typed: str, names: list[str]) -> None:
    assert [one.name for one in suggest(shop.session, typed)] == names


def test_a_suggestion_says_what_matched(shop: Make) -> None:
    def matched(typed: str) -> str:
        return suggest(shop.session, typed)[0].matched

    assert (matched("xrd"), matched("5678"), matched("瑞达")) == ("XRDSH", "13900005678", "")


def test_suggestions_are_few_and_without_the_void(shop: Make) -> None:
    assert len(suggest(shop.session, "xrd", limit=1)) == 1
    void(shop.session, Customer.get(name="鑫瑞达商行"), "停业")
    assert [one.name for one in suggest(shop.session, "xrd")] == ["新荣达食品店"]


def test_a_new_name_shows_on_all_cases_and_finds_them(make: Make) -> None:
    agreement = agreement_in(make, "released")
    complaint = agreement.complaint
    customer = complaint.customer
    objection = make.objection(customer=customer.number)
    other = make.complaint(customer=make.customer(name="别家").number)
    facts = agreement.content_hash
    edit(make.session, customer, {"name": "德盛商行"}, customer.version)
    for listing, record in ((COMPLAINTS, complaint), (OBJECTIONS, objection), (AGREEMENTS, agreement)):
        assert make.again(record).customer_name == "德盛商行"
        assert [row[0] for row in listing.page(make.session, Query("德盛"), 0, 9)] == [record.id]
    assert [row[0] for row in COMPLAINTS.page(make.session, Query("dssh"), 0, 9)] == [complaint.id]
    assert COMPLAINTS.page(make.session, Query("鑫瑞达"), 0, 9) == []
    assert (make.again(other).customer_name, make.again(agreement).content_hash) == ("别家", facts)
    assert (make.again(agreement).party_b, Agreement.select().count()) == ("鑫瑞达商行", 1)


def test_a_contact_does_not_leave_before_coming(make: Make) -> None:
    with pytest.raises(ValidationError) as caught:
        make.customer(contacts=[{"name": "李"}, {"name": "王", "since": "2026-05-01", "until": "2026-04-01"}])
    assert caught.value.errors == {"contacts[1].until": "Until cannot lie before From."}


def test_customers_active_at_a_day(make: Make) -> None:
    make.customer(customer_since="2026-05-01")
    make.customer()
    void(make.session, make.customer(), "重复")
    Customer.update(status="lost", lost_on=date(2026, 8, 1)).where(Customer.number == "KH-0002").execute()
    counted = [customer_queries.active_at(make.session, day) for day in (date(2026, 4, 1), date(2026, 6, 1), date(2026, 8, 2))]
    assert counted == [1, 2, 1]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"name": "鑫瑞达 超市"}, "the same name"),
        ({"name": "（鑫瑞达）有限公司"}, "the same name"),
        ({"name": "x", "phone": "+86 138-0000-1234"}, "the same phone"),
        ({"name": "x", "contacts": [{"name": "周雨", "phone": "１３７００００５５２０"}]}, "the same phone"),
        ({"name": "x", "licence": " 330102104417 "}, "the same licence number"),
        ({"name": "x", "credit_code": "91339999MA0000000X"}, "the same credit code"),
        ({"name": "鑫瑞达商行", "phone": "13800001234"}, "the same phone, the same name"),
        ({"name": "鑫荣达商行", "phone": "1380000"}, None),
        ({"name": "——", "phone": "12"}, None),
        ({}, None),
    ],
)
def test_a_customer_who_is_here_already_is_known_while_typing(make: Make, typed: dict[str, Any], why: str | None) -> None:
    here = make.customer(
        licence="330102104417", credit_code="91339999MA0000000X", contacts=[{"name": "周雨", "phone": "13700005520"}]
    )
    void(make.session, make.customer(), "x")
    found = known(make.session, typed)
    assert [(one.number, one.why) for one in found] == ([(here.number, why)] if why else [])
    assert known(make.session, typed, own=here.number) == []


def test_of_a_merged_record_the_survivor_is_known(make: Make) -> None:
    keep, other = make.customer(), make.customer(name="新瑞达超市", phone="05715550118")
    merges.merge(make.session, keep, other)
    for typed in ({"name": "新瑞达"}, {"phone": "0571-5550118"}):
        assert [one.number for one in known(make.session, typed)] == [keep.number]


@pytest.mark.parametrize(
    ("complained", "lost", "counts"),
    [("2026-08-22", "2026-11-20", True), ("2026-08-21 23:59", "2026-11-20", False), ("2026-11-20 18:00", "2026-11-20", True)],
)
def test_a_customer_lost_within_90_days_after_a_complaint_is_told_apart(
    make: Make, complained: str, lost: str, counts: bool
) -> None:
    customer = make.customer()
    case = make.complaint(customer=customer.number, received_at=complained)
    make.steps(make.customer(), ("lose", {"lost_reason": "x"}))
    customer = make.steps(make.again(customer), ("lose", {"lost_reason": "x", "lost_on": lost}))
    assert lost_after(customer) == (case.number if counts else None)
    for value, numbers in (("true", [customer.number] if counts else []), ("yes", [customer.number] if counts else [])):
        rows = CUSTOMERS.all(make.session, Query(where={"complained_then_lost": (value,)}))
        assert [row[1] for row in rows] == numbers
    column = CUSTOMERS.columns.index("complained_then_lost") + 1
    rows = {row[1]: row[column] for row in CUSTOMERS.all(make.session, Query(sort="number", descending=False))}
    assert rows == {customer.number: counts, "KH-0002": False}
    void(make.session, make.again(case), "x")
    assert lost_after(customer) is None


def test_who_came_back_was_not_lost(make: Make) -> None:
    customer = make.customer()
    make.complaint(customer=customer.number)
    make.steps(make.again(customer), ("lose", {"lost_reason": "x"}), "return")
    assert lost_after(make.again(customer)) is None
