"""Every change of a record in words: what a step set along with it, lines that came and went, states by their words."""

from __future__ import annotations

from typing import Any

from app.models import dispatches
from app.models.record import edit
from app.reports import papers
from app.services import cases, changes
from tests.make import Make
from tests.models.stands import complaint_in


def told(make: Make, record: Any) -> list[tuple[str, list[str]]]:
    return [(event.title, event.text.split("\n")) for event in changes.of_record(make.session, make.again(record))]


def test_a_step_tells_every_field_that_it_set(make: Make) -> None:
    record = make.steps(
        make.complaint(), "sign", ("accept", {"handler": "陈志强", "promised_at": "2026-11-24 17:00", "told": "明天"})
    )
    events = told(make, record)
    assert [title for title, _text in events] == ["Written down", "Sign", "Accept"]
    assert events[1][1] == ["Recorder: — → 王敏", "Signed at: — → 2026-11-23 14:32", "Status: Draft → Registered"]
    accepted = events[2][1]
    assert {"Handler: — → 陈志强", "Promised reply: — → 2026-11-24 17:00", "Status: Registered → Accepted"} <= set(accepted)
    assert any(line.startswith("Notices, added: ") and "明天" in line for line in accepted)


def test_lines_that_came_and_went_are_named(make: Make) -> None:
    product = make.product()
    record = make.complaint(product_lines=[{"product": product.number, "batch": "B07", "quantity": "50"}])
    edit(make.session, record, {"product_lines": [{"product": product.number, "batch": "B08", "quantity": "50"}]}, record.version)
    title, text = told(make, record)[-1]
    assert title == "Changed"
    assert text == [
        "Products, added: Product CP-0001 · Batch B08 · Quantity 50",
        "Products, taken out: Product CP-0001 · Batch B07 · Quantity 50",
    ]


def test_fields_changed_at_one_go_are_one_event_and_a_new_edition_another(make: Make) -> None:
    record = make.complaint()
    record = edit(make.session, record, {"wish": "换货", "channel": "counter"}, record.version)
    edit(make.session, record, {"severity": "major"}, record.version)
    assert [len(text) for title, text in told(make, record) if title == "Changed"] == [3]


def test_orders_tell_their_deliveries(make: Make) -> None:
    order = dispatches.of_case(complaint_in(make, "executing"))[0]
    make.steps(order, "accept", ("deliver", {"received_by": "周建国", "proof": "QS-1"}))
    title, text = told(make, order)[-1]
    assert title == "Delivery recorded"
    assert any("周建国" in line and "QS-1" in line for line in text)
    assert "Status: Taken on → Delivered" in text


def test_a_print_is_told_by_the_title_of_the_paper(make: Make) -> None:
    record = make.complaint()
    papers.keep_record(make.session, papers.paper(make.session, papers.FORM, cases.case_of(make.session, record)))
    assert told(make, record)[-1] == ("Printed", ["Complaint registration form × 1"])
