"""Customers: pinyin, suggestions while typing, and what follows a new name."""

from __future__ import annotations

from datetime import date

import pytest

from app.core.errors import ValidationError
from app.models import customers
from app.models.agreements import Agreement
from app.models.customers import Customer, pinyin_of, suggest
from app.models.listing import AGREEMENTS, COMPLAINTS, OBJECTIONS, Query
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
    counted = [customers.active_at(make.session, day) for day in (date(2026, 4, 1), date(2026, 6, 1), date(2026, 8, 2))]
    assert counted == [1, 2, 1]


def test_an_equal_name_is_warned_of(make: Make) -> None:
    first = make.customer()
    assert customers.same_name(make.session, "鑫瑞达商行") == f"{first.number} has the same name."
    assert customers.same_name(make.session, "鑫瑞达") is None
