"""Two records of one customer: everything comes to the survivor, is found by both names, and can be taken back exactly."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.core.database import database
from app.core.errors import Conflict, UserError
from app.models import attachments, history, merges
from app.models.agreements import Agreement
from app.models.complaints import Complaint
from app.models.customer_queries import suggest
from app.models.customers import Customer
from app.models.listing import COMPLAINTS, CUSTOMERS, Query
from app.models.objections import Objection
from app.models.record import add, edit, find, values_of
from app.models.steps import take, void
from tests.make import Make
from tests.models.stands import agreement_in


@pytest.fixture
def two(make: Make) -> tuple[Customer, Customer]:
    """A survivor with little, and the other with much."""
    keep = make.customer(
        tier="ordinary", route="城东 3 线", tags=("直供",), contacts=[{"name": "周建国", "phone": "13800001234", "main": True}]
    )
    other = make.customer(
        name="新瑞达超市",
        phone="0571-5550118",
        tier="key",
        licence="330102104417",
        customer_since="2014-06-01",
        tags=("直供", "陈列店"),
        contacts=[
            {"name": "周建国", "phone": "13800001234"},
            {"name": "周雨", "phone": "13700005520", "birthday": "1990-12-03", "main": True},
        ],
    )
    return keep, other


def snapshot(make: Make, *customers: Customer) -> list[Any]:
    """All that a merge which is undone must leave as it was, but for versions and history."""
    found: list[Any] = []
    for one in customers:
        present = make.again(one)
        kept = {code: value for code, value in present.__data__.items() if code not in ("version", "changed_at", "changed_by")}
        found += [kept, values_of(make.session, present), merges.belongings(present)]
    for kind in (Complaint, Objection, Agreement):
        found += list(kind.select(kind.number, kind.customer_name).order_by(kind.id).tuples())
    found += list(Complaint.select(Complaint.number, Complaint.customer, Complaint.customer_keys).order_by(Complaint.id).tuples())
    found += [sorted(database.execute_sql("SELECT * FROM search_customer_key").fetchall())]
    return [*found, sorted(database.execute_sql("SELECT * FROM search_complaint_key").fetchall())]


def give_work(make: Make, customer: Customer, tmp_path: Path) -> None:
    """Cases, a log and a file."""
    make.steps(make.complaint(customer=customer.number), "sign")
    make.complaint(customer=customer.number, description="短少两条")
    make.objection(customer=customer.number)
    make.steps(make.again(customer), ("log", {"kind": "visit", "text": "看了库房"}))
    path = tmp_path / f"{customer.number}.txt"
    path.write_text(customer.number, encoding="utf-8")
    attachments.attach(make.session, make.again(customer), path)


def test_everything_comes_to_the_survivor(make: Make, two: tuple[Customer, Customer], tmp_path: Path) -> None:
    keep, other = two
    give_work(make, other, tmp_path)
    give_work(make, keep, tmp_path)
    done = merges.merge(make.session, keep, other)
    assert merges.belongings(done) == {"complaint": 4, "objection": 2, "contact_entry": 2, "attachment": 2, "contact": 2}
    assert merges.belongings(make.again(other)) == {"contact": 2}
    values = values_of(make.session, done)
    assert [(line["name"], line["main"]) for line in values["contacts"]] == [("周建国", True), ("周雨", False)]
    assert values["tags"] == ("直供", "陈列店")
    assert {case.customer_name for case in Complaint.select()} == {"鑫瑞达商行"}
    gone = make.again(other)
    assert (gone.status, gone.merged_into.number) == ("merged", keep.number)


def test_what_only_the_other_knows_is_taken_and_the_rest_chosen(make: Make, two: tuple[Customer, Customer]) -> None:
    keep, other = two
    done = merges.merge(make.session, keep, other, {"licence", "tier", "customer_since"})
    assert (done.name, done.phone, done.route) == (keep.name, keep.phone, "城东 3 线")
    assert (done.licence, done.tier, done.customer_since) == ("330102104417", "key", date(2014, 6, 1))


def test_without_a_choice_the_survivor_keeps_what_it_has(make: Make, two: tuple[Customer, Customer]) -> None:
    keep, other = two
    proposed = {one.field.code: one.proposed for one in merges.sides(make.session, keep, other)}
    assert [code for code, side in proposed.items() if side == "other"] == ["licence", "customer_since"]
    done = merges.merge(make.session, keep, other)
    assert (done.tier, done.licence) == ("ordinary", "330102104417")
    different = {one.field.code for one in merges.sides(make.session, keep, other) if one.differs}
    assert different == {"name", "phone", "tier"}


def test_the_survivor_is_found_by_the_old_name_number_and_phone(make: Make, two: tuple[Customer, Customer]) -> None:
    keep, other = two
    merges.merge(make.session, keep, other)
    for typed in (other.number, "新瑞达", "xinruidachaoshi", "xrdcs", "05715550118", "330102104417"):
        assert [one.number for one in suggest(make.session, typed)] == [keep.number], typed
        rows = CUSTOMERS.page(make.session, Query(text=typed), 0, 9)
        assert [row[1] for row in rows] == [keep.number], typed


def test_both_histories_tell_of_it_and_those_of_the_cases(make: Make, two: tuple[Customer, Customer]) -> None:
    keep, other = two
    case = make.complaint(customer=other.number)
    merges.merge(make.session, keep, other)
    assert [(one.action, one.note) for one in history.of("customer", keep.id)][1] == ("merge", other.number)
    assert [(one.action, one.note) for one in history.of("customer", other.id)][1] == ("merge", keep.number)
    last = history.of("complaint", case.id)[-1]
    assert (last.action, last.field, last.old, last.new) == ("edit", "customer", other.number, keep.number)


def test_a_merge_can_be_undone_and_leaves_everything_as_it_was(
    make: Make, two: tuple[Customer, Customer], tmp_path: Path
) -> None:
    keep, other = two
    give_work(make, other, tmp_path)
    give_work(make, keep, tmp_path)
    before = snapshot(make, keep, other)
    merges.merge(make.session, keep, other, {"name", "licence", "tier", "phone", "customer_since"})
    assert snapshot(make, keep, other) != before
    merges.undo(make.session, other)
    assert snapshot(make, keep, other) == before
    assert [one.action for one in history.of("customer", other.id) if "merge" in one.action] == ["merge", "unmerge"]
    assert suggest(make.session, other.number)[0].number == other.number


def test_an_undone_merge_can_be_done_again(make: Make, two: tuple[Customer, Customer]) -> None:
    keep, other = two
    make.complaint(customer=other.number)
    for _time in range(2):
        merges.merge(make.session, make.again(keep), make.again(other))
        merges.undo(make.session, make.again(other))
    done = merges.merge(make.session, make.again(keep), make.again(other))
    assert merges.belongings(done)["complaint"] == 1
    assert len(merges.merged_into(done)) == 1


def test_what_was_changed_after_a_merge_stays_when_it_is_undone(make: Make, two: tuple[Customer, Customer]) -> None:
    keep, other = two
    moved = make.complaint(customer=other.number)
    done = merges.merge(make.session, keep, other, {"phone", "licence"})
    done = edit(make.session, done, {"phone": "13911112222"}, done.version)
    new = make.complaint(customer=keep.number)
    merges.undo(make.session, other)
    assert (make.again(keep).phone, make.again(keep).licence) == ("13911112222", None)
    assert make.again(moved).customer.number == other.number
    assert make.again(new).customer.number == keep.number


def test_a_case_that_got_another_customer_meanwhile_stays_there(make: Make, two: tuple[Customer, Customer]) -> None:
    keep, other = two
    third = make.customer(name="第三家")
    case = make.complaint(customer=other.number)
    merges.merge(make.session, keep, other)
    case = make.again(case)
    edit(make.session, case, {"customer": third.number}, case.version)
    merges.undo(make.session, other)
    assert make.again(case).customer.number == third.number


def test_merges_follow_each_other_and_are_undone_in_turn(make: Make, two: tuple[Customer, Customer]) -> None:
    keep, other = two
    last = make.customer(name="总店")
    case = make.complaint(customer=other.number)
    merges.merge(make.session, keep, other)
    merges.merge(make.session, last, make.again(keep))
    assert make.again(case).customer.number == last.number
    assert suggest(make.session, "新瑞达超市")[0].number == last.number
    assert Customer.meant(make.session, other.number) == last.number
    with pytest.raises(UserError, match=f"{keep.number} was merged into {last.number} meanwhile"):
        merges.undo(make.session, other)
    merges.undo(make.session, make.again(keep))
    merges.undo(make.session, make.again(other))
    assert make.again(case).customer.number == other.number


def test_a_case_that_names_the_merged_one_gets_the_survivor(make: Make, two: tuple[Customer, Customer]) -> None:
    keep, other = two
    merges.merge(make.session, keep, other)
    complaint, objection = make.complaint(customer=other.number), make.objection(customer=other.number)
    assert (complaint.customer.number, complaint.customer_name) == (keep.number, keep.name)
    assert objection.customer.number == keep.number
    listed = COMPLAINTS.all(make.session, Query(where={"customer": (keep.number,)}))
    assert len(list(listed)) == 1


def test_a_merged_record_is_changed_no_more(make: Make, two: tuple[Customer, Customer]) -> None:
    keep, other = two
    merges.merge(make.session, keep, other)
    gone = make.again(other)
    for act in (
        lambda: edit(make.session, gone, {"route": "x"}, gone.version),
        lambda: void(make.session, gone, "x"),
        lambda: take(make.session, gone, "log", {"kind": "visit", "text": "x"}),
        lambda: merges.merge(make.session, gone, keep),
        lambda: merges.merge(make.session, keep, gone),
    ):
        with pytest.raises(UserError, match=other.number):
            act()


def test_what_cannot_be_merged_is_refused(make: Make, two: tuple[Customer, Customer]) -> None:
    keep, other = two
    with pytest.raises(UserError, match="with itself"):
        merges.merge(make.session, keep, keep)
    with pytest.raises(UserError, match="no field “colour”"):
        merges.merge(make.session, keep, other, {"colour"})
    with pytest.raises(Conflict, match="Look at both again"):
        merges.merge(make.session, keep, other, versions=(1, 2))
    with pytest.raises(UserError, match="not merged"):
        merges.undo(make.session, other)
    with pytest.raises(UserError, match="void"):
        merges.merge(make.session, keep, void(make.session, other, "x"))
    assert make.again(keep).version == 1


def test_a_failing_merge_leaves_nothing_changed(make: Make, two: tuple[Customer, Customer], tmp_path: Path) -> None:
    keep, other = two
    give_work(make, other, tmp_path)
    before = snapshot(make, keep, other)
    database.execute_sql("CREATE TRIGGER full BEFORE UPDATE OF former ON customer BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
    with pytest.raises(UserError, match="disk is full"):
        merges.merge(make.session, keep, other)
    assert snapshot(make, keep, other) == before
    assert merges.CustomerMerge.select().count() == 0


def test_an_agreement_shows_the_survivor_and_keeps_its_parties(make: Make) -> None:
    agreement = agreement_in(make, "signed")
    other = make.again(agreement.complaint.customer)
    keep = add(make.session, Customer, {"name": "总店"})
    merges.merge(make.session, keep, other)
    saved = make.again(agreement)
    assert (saved.customer_name, saved.party_b, saved.version) == ("总店", agreement.party_b, agreement.version)


def test_every_table_that_refers_to_a_customer_is_looked_at(make: Make) -> None:
    """A table that somebody adds later is moved as well, or named here."""
    tables = [name for (name,) in database.execute_sql("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
    found = {
        (table, row[3])
        for table in tables
        for row in database.execute_sql(f'PRAGMA foreign_key_list("{table}")').fetchall()
        if row[2] == "customer"
    }
    stays = {
        ("contact", "parent_id"),
        ("customer", "merged_into_id"),
        ("customer_merge", "keep_id"),
        ("customer_merge", "other_id"),
    }
    stays |= {("not_same", "one_id"), ("not_same", "other_id")}
    moved = {(pointer.table, pointer.column) for pointer in merges.pointers()} - {("attachment", "record_id")}
    assert found == moved | stays


def test_the_present_is_told_of_both_and_of_the_cases(make: Make, two: tuple[Customer, Customer]) -> None:
    keep, other = two
    case = make.complaint(customer=other.number)
    told: list[tuple[str, str]] = []
    make.session.changed.connect(lambda topic, number: told.append((topic, number)))
    merges.merge(make.session, keep, other)
    assert {("customer", keep.number), ("customer", other.number), ("complaint", case.number)} <= set(told)


def test_lists_leave_the_merged_out_unless_they_are_asked_for(make: Make, two: tuple[Customer, Customer]) -> None:
    keep, other = two
    merges.merge(make.session, keep, other)
    assert [row[1] for row in CUSTOMERS.all(make.session, Query())] == [keep.number]
    assert (CUSTOMERS.total(make.session), CUSTOMERS.count(make.session, Query()).rows) == (1, 1)
    asked = Query(where={"status": ("merged",)})
    assert [row[1] for row in CUSTOMERS.all(make.session, asked)] == [other.number]
    assert find(make.session, Customer, other.number).status == "merged"
