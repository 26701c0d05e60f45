"""The customers' file of the sample branch shows all that it can hold."""

from __future__ import annotations

from typing import Any

from app.core.session import Session
from app.models import anniversaries, customer_queries
from app.models.customer_steps import gradings
from app.models.customers import LOG_KINDS, Contact, ContactEntry, Customer
from app.services import duplicates


def customers(status: str) -> list[Any]:
    return list(Customer.select().where(Customer.status == status))


def test_the_log_holds_entries_of_each_kind_by_several_people(sampled: Session) -> None:
    entries = list(ContactEntry.select())
    assert {one.kind for one in entries} == {choice.code for choice in LOG_KINDS}
    assert len({one.who for one in entries}) >= 3
    assert any(one.brand and one.company_told and one.maker_told for one in entries)
    assert any(one.brand and not one.company_told for one in entries)


def test_grades_changed_with_reasons(sampled: Session) -> None:
    found = [one for customer in Customer.select() for one in gradings(customer)]
    assert {one.field for one in found} == {"tier", "integrity"}
    assert all(one.reason for one in found)


def test_somebody_was_lost_after_a_complaint_one_ended_and_one_came_back(sampled: Session) -> None:
    (lost,) = customers("lost")
    assert lost.lost_reason
    assert customer_queries.lost_after(lost)
    assert len(customers("ended")) == 1
    assert any(one.status == "active" and one.version > 2 and one.lost_on is None for one in Customer.select())


def test_one_pair_is_merged_and_one_waits_to_be_found(sampled: Session) -> None:
    (gone,) = customers("merged")
    assert gone.merged_into.status == "active"
    surest = duplicates.check(sampled)[0]
    assert "the same phone" in surest.why
    assert "the same name" in surest.why
    assert gone.number not in (surest.one.number, surest.other.number)


def test_people_came_and_left_and_birthdays_are_near(sampled: Session) -> None:
    assert Contact.select().where(Contact.until.is_null(False)).exists()
    assert anniversaries.coming(sampled, 5)
