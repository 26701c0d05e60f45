"""The same done to many: each by its own rules and transaction, refusals named, nothing half done when it is stopped."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.errors import ValidationError
from app.core.progress import Progress
from app.models import history
from app.models.complaints import Complaint
from app.models.customers import Customer
from app.models.listing import LISTINGS
from app.models.objections import Objection
from app.models.products import Product
from app.models.record import edit
from app.models.steps import steps_of
from app.services import in_bulk
from tests.make import Make
from tests.models.stands import complaint_in, objection_in, whole


class StopAfter(Progress):
    """Stopped by the person once so many are done."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count
        self.told: list[tuple[int, int | None]] = []

    def report(self, done: int, total: int | None, sentence: str) -> None:
        self.told.append((done, total))
        if done == self._count:
            self.cancel()


def numbers(records: list[Any]) -> tuple[str, ...]:
    return tuple(record.number for record in records)


def test_all_get_the_classification_and_each_its_own_history(make: Make) -> None:
    cases = [make.complaint() for _time in range(3)]
    summary = in_bulk.classify(make.session, Complaint, [case.id for case in cases], "class", "product")
    assert summary == in_bulk.Summary(numbers(cases), (), 0)
    assert summary.sentence() == "3 done."
    for case in cases:
        assert make.again(case)["class"] == "product"
        assert [entry.field for entry in history.of("complaint", case.id)][-1] == "class"


def test_what_a_record_refuses_is_named_and_stops_no_other(make: Make) -> None:
    cases = [objection_in(make, state) for state in ("open", "closed", "promised")]
    summary = in_bulk.classify(make.session, Objection, [case.id for case in cases], "content", "price")
    assert summary.done == (cases[0].number, cases[2].number)
    assert summary.sentence() == "2 done, 1 refused."
    assert summary.table() == f"{cases[1].number}\t{cases[1].number} is closed and cannot be changed."
    assert make.again(cases[1])["content"] is None


def test_a_complaint_is_assigned_by_handing_it_over_with_its_rules(make: Make) -> None:
    draft, registered = complaint_in(make, "draft"), complaint_in(make, "registered")
    before = whole(make, draft)
    given = {"handed_to": "warehouse", "handler": "刘洋"}
    summary = in_bulk.assign(make.session, Complaint, [draft.id, registered.id], given)
    assert summary.done == (registered.number,)
    assert summary.refused[0].sentence.startswith("Hand over is not possible.")
    assert "(rule 1)" in summary.refused[0].sentence
    assert whole(make, draft)[:2] == before[:2]
    assert make.again(registered)["handed_to"] == "warehouse"
    codes = [(field.code, field.required) for field in in_bulk.asked_to_assign(Complaint)]
    assert codes == [("handed_to", True), ("handler", True), ("note", False)]


def test_objections_and_customers_are_assigned_by_their_field(make: Make) -> None:
    objection, customer = make.objection(), make.customer()
    in_bulk.assign(make.session, Objection, [objection.id], {"handler": "刘洋"})
    in_bulk.assign(make.session, Customer, [customer.id], {"customer_manager": "刘洋"})
    assert (make.again(objection)["handler"], make.again(customer)["customer_manager"]) == ("刘洋", "刘洋")
    assert in_bulk.asked_to_assign(Product) == ()


def test_all_are_voided_with_the_reason_where_they_can_be(make: Make) -> None:
    cases = [complaint_in(make, state) for state in ("draft", "voided", "registered")]
    summary = in_bulk.void(make.session, Complaint, [case.id for case in cases], "重复登记")
    assert summary.done == (cases[0].number, cases[2].number)
    assert [one.number for one in summary.refused] == [cases[1].number]
    assert [make.again(case).void_reason for case in cases] == ["重复登记"] * 3
    product = make.product()
    assert in_bulk.void(make.session, Product, [product.id], "停产").done == (product.number,)


def test_stopped_it_leaves_what_is_done_and_touches_nothing_more(make: Make) -> None:
    cases = [make.complaint() for _time in range(5)]
    progress = StopAfter(2)
    summary = in_bulk.classify(make.session, Complaint, [case.id for case in cases], "severity", "major", progress)
    assert progress.told == [(0, 5), (1, 5), (2, 5)]
    assert (summary.done, summary.left) == (numbers(cases[:3]), 2)
    assert summary.sentence() == "3 done. Stopped: 2 not tried."
    assert [make.again(case)["severity"] for case in cases] == ["major"] * 3 + [None] * 2


def test_a_wrong_value_is_refused_by_every_record(make: Make) -> None:
    cases = [make.complaint() for _time in range(2)]
    summary = in_bulk.classify(make.session, Complaint, [case.id for case in cases], "class", "nonsense")
    assert summary.done == ()
    assert {one.sentence for one in summary.refused} == {str(refusal(make, cases[0]))}


def refusal(make: Make, case: Complaint) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        edit(make.session, case, {"class": "nonsense"}, case.version)
    return caught.value


def test_listeners_hear_once_of_each_record_when_all_is_over(make: Make) -> None:
    cases = [make.complaint() for _time in range(3)]
    heard: list[str] = []
    make.session.changed.connect(lambda _topic, number: heard.append(number))
    seen = [0]

    def do(record: Complaint) -> None:
        edit(make.session, record, {"channel": "letter"}, record.version)
        seen.append(len(heard))

    in_bulk.each(make.session, Complaint, [case.id for case in cases], do, Progress(), "")
    assert seen == [0, 0, 0, 0]
    assert heard == list(numbers(cases))


def test_every_kind_of_a_list_says_what_can_be_classified(make: Make) -> None:
    found = {code: [field.code for field in in_bulk.classified_by(listing.kind)] for code, listing in LISTINGS.items()}
    assert {"class", "severity", "cause", "channel"} <= set(found["complaints"])
    assert {"content", "nature", "family", "cause", "method"} <= set(found["objections"])
    assert {"tier", "type", "integrity"} <= set(found["customers"])
    assert "status" not in found["complaints"]
    assert "hand-over" in {step.code for step in steps_of("complaint")}
