"""Numbers: never twice, none missing, also with several processes at once; patterns, periods and blank forms."""

from __future__ import annotations

import multiprocessing
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import database
from app.core.errors import NotPermitted, UserError, ValidationError
from app.core.session import Session
from app.models import numbering
from app.models.branches import change_settings
from app.models.bulk import New, insert_many
from app.models.complaints import Complaint
from app.models.customers import Customer
from app.models.record import add, insert
from app.services import workplace
from tests.make import Make

PROCESSES, EACH = 4, 200


def _take_many(folder: str, queue: Any) -> None:
    session = workplace.open_folder(Path(folder))
    numbers = []
    for _turn in range(EACH):
        with database.transaction():
            numbers += numbering.take(session, "complaint", datetime(2026, 11, 23, tzinfo=UTC))
    database.close()
    queue.put(numbers)


def test_four_processes_at_once_take_no_number_twice_and_leave_none_out(session: Session) -> None:
    database.close()  # no connection of ours is open when the others start
    fork = multiprocessing.get_context("spawn")
    queue = fork.Queue()
    others = [fork.Process(target=_take_many, args=(str(session.folder), queue)) for _one in range(PROCESSES)]
    for other in others:
        other.start()
    taken = [queue.get(timeout=120) for _other in others]
    for other in others:
        other.join()
    workplace.open_folder(session.folder)
    assert [other.exitcode for other in others] == [0] * PROCESSES
    assert all(numbers == sorted(numbers) for numbers in taken)
    assert sorted(chain.from_iterable(taken)) == [f"TS-202611-{n:04}" for n in range(1, PROCESSES * EACH + 1)]


def test_the_period_is_the_local_month_of_the_receipt(make: Make, clock: Any) -> None:
    clock.present = datetime(2027, 1, 5, tzinfo=UTC)
    new_year = make.complaint(received_at=datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    old_year = make.complaint(received_at=datetime(2026, 12, 31, 15, 30, tzinfo=UTC))
    day = make.complaint(received_at="2026-11-30")
    assert [one.number for one in (new_year, old_year, day)] == ["TS-202701-0001", "TS-202612-0001", "TS-202611-0001"]
    assert make.objection(occurred_at="2026-12-31").number == "YY-202612-0001"


def test_kinds_count_apart(make: Make) -> None:
    assert [make.customer().number, make.customer().number, make.product().number] == ["KH-0001", "KH-0002", "CP-0001"]


@pytest.mark.parametrize(
    ("pattern", "first", "next_month"),
    [
        ("〔{year}〕第{n}号", "〔2026〕第1号", "〔2026〕第2号"),
        ("{branch}-{year}{month}-{n:05}", "CD-202611-00001", "CD-202612-00001"),
        ("T{n}", "T1", "T2"),
    ],
)
def test_the_pattern_is_a_setting(make: Make, clock: Any, pattern: str, first: str, next_month: str) -> None:
    change_settings(make.session, {"pattern_complaint": pattern})
    assert make.complaint().number == first
    clock.advance(days=20)
    assert make.complaint().number == next_month


@pytest.mark.parametrize(
    "pattern",
    ["TS-{year}", "TS", "{month}-{n}", "{n}{n}", "{year:.2}-{n}", "{n:c}", "{n:.0e}",
     "{n!r}", "{who}{n}", "{n", "{0}{n}", "{}", "{n:04", "{n.real}"],
)  # fmt: skip
def test_a_pattern_that_cannot_give_unique_numbers_is_refused(session: Session, pattern: str) -> None:
    with pytest.raises(ValidationError, match="no unique numbers") as caught:
        change_settings(session, {"pattern_complaint": pattern})
    assert set(caught.value.errors) == {"pattern_complaint"}


@given(st.text(st.sampled_from("{}nyearmonth:0!49-")))
def test_no_pattern_crashes_the_check(pattern: str) -> None:
    try:
        numbering.check_pattern(pattern)
    except UserError:
        return
    year, month = "{year}" in pattern, "{month}" in pattern
    asked = [("2026", "01", 1), ("2026", "01", 12), *[("2027", "01", 1)] * year, *[("2026", "11", 1)] * month]
    assert len({pattern.format(year=a, month=b, n=n, branch="A") for a, b, n in asked}) == len(asked)


def test_two_kinds_cannot_share_a_pattern(session: Session) -> None:
    with pytest.raises(ValidationError, match="numbered so already"):
        change_settings(session, {"pattern_customer": "X-{n}", "pattern_product": "X-{n}"})
    with pytest.raises(ValidationError):
        change_settings(session, {"pattern_product": "KH-{n:04}"})


def test_numbers_that_are_there_already_are_passed_over(make: Make) -> None:
    insert(make.session, Customer, {"name": "一"}, number="KH-0002")
    assert [make.customer().number for _turn in range(2)] == ["KH-0001", "KH-0003"]
    change_settings(make.session, {"pattern_complaint": "T{year}{month}{n}"})
    assert make.complaint().number == "T2026111"
    change_settings(make.session, {"pattern_complaint": "T{year}{n}"})
    insert_many(make.session, Complaint, [New({"received_at": make.session.clock(), "complainant": "李"}) for _one in range(120)])
    numbers = [number for (number,) in Complaint.select(Complaint.number).tuples()]
    assert len(numbers) == len(set(numbers)) == 121


def test_numbers_brought_by_a_register_are_not_given_again(make: Make) -> None:
    insert_many(make.session, Customer, [New({"name": "一"}, "KH-0041"), New({"name": "二"}), New({"name": "三"}, "A-7")])
    assert make.customer().number == "KH-0043"


def test_a_failed_save_leaves_no_gap(make: Make) -> None:
    first = make.complaint()
    with pytest.raises(ValidationError):
        make.complaint(loss_lines=[{"item": "parking", "amount": "x"}])
    with pytest.raises(ValidationError):
        make.complaint(product_lines=[{"product": "CP-77"}])
    assert (first.number, make.complaint().number) == ("TS-202611-0001", "TS-202611-0002")


# Blank forms.


def test_a_blank_form_reserves_its_number_until_it_is_entered(make: Make) -> None:
    blank = numbering.reserve(make.session, "complaint", 3)
    assert blank == ["TS-202611-0001", "TS-202611-0002", "TS-202611-0003"]
    assert make.complaint().number == "TS-202611-0004"
    values = {"received_at": "2026-11-20", "description": "手写的", "complainant": "李"}
    written = add(make.session, Complaint, values, number=blank[1])
    assert (written.number, numbering.reserved(make.session, "complaint")) == (blank[1], [blank[0], blank[2]])
    with pytest.raises(UserError, match="open blank form"):
        add(make.session, Complaint, values, number=blank[1])
    with pytest.raises(UserError, match="open blank form"):
        add(make.session, Complaint, values, number="TS-202611-0999")


def test_a_spoilt_blank_form_is_voided_with_a_reason(make: Make) -> None:
    (number,) = numbering.reserve(make.session, "complaint")
    with pytest.raises(ValidationError) as told:
        numbering.void_reserved(make.session, number, " ")
    assert told.value.errors == {"reason": "Reason is missing."}
    numbering.void_reserved(make.session, number, "写坏了")
    assert numbering.reserved(make.session, "complaint") == []
    for again in (number, "TS-1"):
        with pytest.raises(UserError, match="open blank form"):
            numbering.void_reserved(make.session, again, "再来")
    assert make.complaint().number == "TS-202611-0002"


def test_an_entry_that_fails_leaves_its_blank_form_open(make: Make) -> None:
    (number,) = numbering.reserve(make.session, "complaint")
    with pytest.raises(ValidationError):
        add(make.session, Complaint, {"received_at": "today", "description": "x", "customer": "KH-9"}, number=number)
    assert numbering.reserved(make.session, "complaint") == [number]


@pytest.mark.parametrize(
    ("pattern", "seen"),
    [("TS-{year}{month}-{n:04}", "TS-202611-____"), ("〔{year}〕第{n}号", "〔2026〕第____号"), ("{branch}{n:06}", "CD______")],
)
def test_where_a_number_will_stand_is_shown_without_taking_it(session: Session, pattern: str, seen: str) -> None:
    change_settings(session, {"pattern_complaint": pattern})
    assert numbering.outline(session, "complaint") == seen
    assert numbering.Counter.select().count() == 0


def test_numbers_are_void_where_what_they_were_reserved_for_fails(session: Session) -> None:
    with numbering.reserving(session, "complaint", 2) as numbers:
        pass
    assert numbering.reserved(session, "complaint") == numbers == ["TS-202611-0001", "TS-202611-0002"]
    with pytest.raises(KeyboardInterrupt), numbering.reserving(session, "complaint"):
        raise KeyboardInterrupt
    assert numbering.reserved(session, "complaint") == numbers
    row = numbering.Reserved.select().order_by(numbering.Reserved.id.desc()).get()
    assert (row.status, row.reason, row.who) == ("voided", "The form could not be printed.", "王敏")
    with numbering.reserving(session, "complaint") as one:
        assert len(one) == 1


def test_a_reserved_number_says_who_took_it_and_when(session: Session) -> None:
    told: list[str] = []
    session.changed.connect(lambda topic, _number: told.append(topic))
    (number,) = numbering.reserve(session, "complaint")
    row = numbering.Reserved.get()
    assert (row.branch_id, row.kind, row.number) == (session.branch.id, "complaint", number)
    assert (row.status, row.who, row.at, row.reason) == ("reserved", "王敏", session.clock(), "")
    numbering.void_reserved(session, number, "写坏了\n又打湿了")
    row = numbering.Reserved.get()
    assert (row.status, row.reason) == ("voided", "写坏了\n又打湿了")
    assert told == ["reserved", "reserved"]


def test_blank_forms_are_listed_as_they_were_taken_and_leave_the_list_when_entered(session: Session) -> None:
    change_settings(session, {"pattern_complaint": "T{n}"})
    taken = numbering.reserve(session, "complaint", 11)
    assert numbering.reserved(session, "complaint") == taken == [f"T{n}" for n in range(1, 12)]
    numbering.enter(session, "complaint", "T3")
    assert [row.number for row in numbering.Reserved.select().where(numbering.Reserved.status == "entered")] == ["T3"]
    assert numbering.reserved(session, "complaint") == [number for number in taken if number != "T3"]


def test_blank_forms_of_another_branch_are_not_ours(session: Session) -> None:
    (number,) = numbering.reserve(session, "complaint")
    numbering.Reserved.update(branch_id=session.branch.id + 1).execute()
    assert numbering.reserved(session, "complaint") == []
    with pytest.raises(UserError):
        numbering.enter(session, "complaint", number)
    with pytest.raises(UserError):
        numbering.void_reserved(session, number, "x")
    assert numbering.Reserved.get().status == "reserved"


def test_blank_forms_of_one_kind_are_no_forms_of_another(session: Session) -> None:
    complaint, objection = numbering.reserve(session, "complaint", 2), numbering.reserve(session, "objection", 1)
    assert numbering.reserved(session, "complaint") == complaint
    assert numbering.reserved(session, "objection") == objection
    with pytest.raises(UserError) as told:
        numbering.enter(session, "objection", complaint[0])
    assert str(told.value) == f"{complaint[0]} is not the number of an open blank form."
    assert numbering.reserved(session, "complaint") == complaint
    with pytest.raises(UserError) as told:
        numbering.void_reserved(session, "TS-9", "x")
    assert str(told.value) == "TS-9 is not the number of an open blank form."
    numbering.enter(session, "complaint", complaint[0])
    assert numbering.reserved(session, "complaint") == complaint[1:]


def test_blank_forms_are_for_those_who_print_them(session: Session) -> None:
    (number,) = numbering.reserve(session, "complaint")
    session.roles = frozenset({"admin"})
    with pytest.raises(NotPermitted):
        numbering.reserve(session, "complaint")
    with pytest.raises(NotPermitted):
        numbering.void_reserved(session, number, "x")
    assert numbering.reserved(session, "complaint") == [number]


@pytest.mark.parametrize(
    ("pattern", "period", "number"),
    [
        ("T{year}{month}-{n}", "202611", "T202611-1"),
        ("T{year}-{n:03}", "2026", "T2026-001"),
        ("T-{branch}-{n:02}", "", "T-CD-01"),
    ],
)
def test_each_pattern_counts_in_its_period(session: Session, pattern: str, period: str, number: str) -> None:
    change_settings(session, {"pattern_complaint": pattern})
    with database.transaction():
        assert numbering.take(session, "complaint", session.clock()) == [number]
    row = numbering.Counter.get()
    assert (row.branch_id, row.kind, row.period, row.last) == (session.branch.id, "complaint", period, 1)


def test_of_many_numbers_each_that_is_taken_is_passed_over(make: Make) -> None:
    insert(make.session, Customer, {"name": "一"}, number="KH-0500")
    insert(make.session, Customer, {"name": "二"}, number="KH-0501")
    blank = numbering.reserve(make.session, "customer", 600)
    assert len(blank) == len(set(blank)) == 600
    assert (blank[0], blank[498], blank[499], blank[-1]) == ("KH-0001", "KH-0499", "KH-0502", "KH-0602")
    with database.transaction():
        assert numbering.take(make.session, "customer", make.session.clock(), 2) == ["KH-0603", "KH-0604"]


def test_a_number_of_a_shape_tells_its_period_and_count(session: Session) -> None:
    shape = numbering.shape(session, "T.{branch}({year}){month}-{n:04}")
    found = shape.fullmatch("T.CD(2026)11-0042")
    assert found is not None
    assert numbering.counted(found) == ("202611", 42)
    longest = "1" * 15
    assert shape.fullmatch(f"T.CD(2026)11-{longest}")
    for other in ("TxCD(2026)11-0042", "T.XX(2026)11-0042", "T.CD(226)11-42", "T.CD(2026)1-42", f"T.CD(2026)11-{longest}1"):
        assert shape.fullmatch(other) is None
    plain = numbering.shape(session, "KH-{n:04}").fullmatch("KH-0007")
    assert plain is not None
    assert numbering.counted(plain) == ("", 7)
    ended = numbering.shape(session, "〔{year}〕第{n}号")
    assert ended.fullmatch("〔2026〕第3号")
    assert not ended.fullmatch("〔2026〕第3")


def test_what_is_no_pattern_is_said() -> None:
    for pattern in ("TS-{year}", "{n", "{n!r}", "{n:4}", "{month}{n}", "{n}{n}", "{n:010}"):
        with pytest.raises(UserError) as told:
            numbering.check_pattern(pattern)
        assert str(told.value) == f"“{pattern}” gives no unique numbers. Write it like TS-{{year}}{{month}}-{{n:04}}."
    for pattern in ("{n}", "{n:09}", "{n:01}", "{branch}{year}{month}{n:04}", "{year}-{n}", "号{{}}{n}"):
        numbering.check_pattern(pattern)
