"""One line for all dealings with a customer: cases, contacts, grades, people who came and left, merges."""

from __future__ import annotations

from typing import Any

from app.models import actions, dispatches, merges
from app.models.record import edit
from app.models.steps import take
from app.services import timeline
from app.services.timeline import Event
from tests.make import Make
from tests.models.stands import complaint_in


def told(make: Make, customer: Any) -> list[tuple[str, str]]:
    return [(event.title, event.text) for event in timeline.of_customer(make.session, make.again(customer))]


def test_a_grading_says_what_changed_and_why(make: Make) -> None:
    customer = make.customer(tier="ordinary", integrity="B")
    make.steps(customer, ("grade", {"tier": "key", "integrity": "A", "reason": "销量进入前 10 %"}))
    text = "Value tier: Ordinary → Key customer\nIntegrity grade: B → A\n销量进入前 10 %"
    assert sorted(told(make, customer)[0][1].split("\n")) == sorted(text.split("\n"))
    assert told(make, customer)[0][0] == "Grade"


def test_contacts_stand_where_they_were_and_say_all(make: Make) -> None:
    customer = make.customer()
    make.steps(
        customer, ("log", {"kind": "visit", "at": "2026-11-12 15:00", "contact": "周建国", "text": "看了库房", "who": "刘洋"})
    )
    make.steps(customer, ("log", {"kind": "gift", "at": "2026-11-18", "text": "纪念品 1 份"}))
    make.steps(customer, ("log", {"kind": "survey", "why_us": "送货准", "improve": "新品少"}))
    make.steps(customer, ("log", {"kind": "market", "brand": "青峦（细支）"}))
    make.steps(customer, ("log", {"kind": "market", "brand": "江岚", "company_told": "市场科", "maker_told": "厂家代表"}))
    events = [event for event in timeline.of_customer(make.session, customer) if event.kind == "log"]
    assert [(event.action, event.title, event.day) for event in events[-2:]] == [
        ("log-gift", "Gift or souvenir", True),
        ("log-visit", "Visit: 周建国", False),
    ]
    assert events[-1].who == "刘洋"
    texts = {event.text for event in events}
    assert "Why do you choose us: 送货准\nWhat is still to be improved: 新品少" in texts
    assert "New brand: 青峦（细支）\nNot passed on yet" in texts
    passed = "New brand: 江岚\nCompany: told whom: 市场科 today\nMaker: told whom: 厂家代表 today"
    assert passed in texts
    assert {event.group for event in events} == {"contacts"}


def test_people_who_came_and_left_are_named(make: Make, clock: Any) -> None:
    customer = make.customer(contacts=[{"name": "李秀兰", "main": True}])
    contacts = [{"name": "李秀兰", "until": "2026-06-02"}, {"name": "周建国", "main": True}]
    edit(make.session, customer, {"contacts": contacts}, customer.version)
    assert told(make, customer)[0] == ("Changed", "周建国 came, 李秀兰 left on 2026-06-02")
    customer = make.again(customer)
    clock.advance(hours=1)
    edit(make.session, customer, {"contacts": [contacts[0], {"name": "周健国"}]}, customer.version)
    assert told(make, customer)[0][1] == "周健国 came, 周建国 is no longer named"


def test_merges_and_all_cases_are_on_the_line(make: Make) -> None:
    keep, other = make.customer(), make.customer(name="新瑞达超市")
    case = make.complaint(customer=other.number, received_at="2026-11-20")
    merges.merge(make.session, keep, other)
    events = timeline.of_customer(make.session, make.again(keep))
    assert next(event for event in events if event.number == case.number).day is True
    assert ("Merged", other.number) in told(make, keep)
    merges.undo(make.session, make.again(other))
    assert ("Merge undone", other.number) in told(make, keep)
    of_case: list[Event] = timeline.of_case(make.session, make.again(case))
    assert next(event.text for event in of_case if event.action == "edit").startswith("Customer: KH-000")


def test_the_line_of_a_case_names_what_departments_and_improvers_did(make: Make, clock: Any) -> None:
    record = complaint_in(make, "agreed")
    record = make.steps(record, ("promise", {"promised_at": "2026-11-24", "subject": "visit"}), ("dispatch", {}))
    record = make.steps(record, ("action", {"root_cause": "仓库返潮", "lasting": "加垫板", "department": "warehouse"}))
    (order,), (action,) = dispatches.of_case(record), actions.of_cases(make.session, [record.number])
    clock.advance(hours=1)
    make.steps(make.steps(order, ("chase", {"note": "客户在等"})), ("accept", {"accepted_by": "老杜"}))
    clock.advance(hours=1)
    make.steps(action, ("finish", {"done_note": "已垫高"}))
    clock.advance(hours=1)
    take(make.session, make.again(record), "close", {"result": "另案处理", "reason": "客户失联"})
    told = [event.title for event in timeline.of_case(make.session, make.again(record))]
    assert set(told[:2]) == {f"Not kept {record.number}-C2", "Close"}
    assert told[told.index(f"Chase {order.number}") - 2 :][:3] == [
        f"Report done {action.number}",
        f"Accept {order.number}",
        f"Chase {order.number}",
    ]
    assert not any("Delivery" in title for title in told)


def test_what_the_customer_was_told_stands_among_the_contacts_once(make: Make) -> None:
    told = {"promised_at": "2026-11-24", "told_by": "phone", "told": "已受理，明天答复"}
    record = make.steps(make.complaint(), "sign", ("accept", told))
    record = make.steps(record, ("notice", {"step": "other", "text": "检测还没出来", "at": "2026-11-23 09:00"}))
    record = make.steps(record, ("notice", {"step": "other", "way": "on_site"}))
    events = [event for event in timeline.of_case(make.session, record) if event.group == "contacts"]
    assert {event.title for event in events} == {"Tell customer"}
    assert sorted(event.text for event in events) == ["On site", "已受理，明天答复", "检测还没出来"]
    assert events[-1].text == "检测还没出来"  # by when it was said
