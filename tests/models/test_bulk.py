"""Many records at once: the same as one after the other."""

from __future__ import annotations

from typing import Any

from app.core import database
from app.models import history
from app.models.bulk import New, insert_many
from app.models.complaints import Complaint
from app.models.customers import Customer
from app.models.listing import COMPLAINTS, Query
from app.models.record import clean, insert, typed_fields, values_of
from tests.make import Make

OWN = ("id", "uid", "number")


def stored(make: Make, record: Any) -> tuple[Any, ...]:
    present = make.again(record)
    return ({code: value for code, value in present.__data__.items() if code not in OWN}, values_of(make.session, present))


def test_records_in_bulk_equal_records_one_by_one(make: Make) -> None:
    raw = {
        "customer": make.customer().number,
        "received_at": "2026-11-20",
        "description": "六条霉变",
        "external": True,
        "tags": ["crisis_warning"],
        "fault_percent": 30,
        "product_lines": [{"product": make.product().number, "quantity": "6.5", "produced_on": "2026-09-14", "invoice": False}],
        "loss_lines": [{"item": "parking", "amount": "0.05"}, {"item": "other", "amount": "10.5"}],
        "enquiries": [{"at": "2026-11-21 10:00", "findings": "属实"}],
    }
    values = clean(make.session, Complaint, raw, typed_fields(Complaint), complete=True)
    with database.transaction():
        one = insert(make.session, Complaint, values)
        ((_number, many),) = insert_many(make.session, Complaint, [New(values)])
    assert many == "TS-202611-0002"
    other = Complaint.get(Complaint.number == many)
    assert stored(make, one) == stored(make, other)
    assert [row[0] for row in COMPLAINTS.page(make.session, Query("霉变 xrd"), 0, 9)] == [other.id, one.id]
    assert [entry.action for entry in history.of("complaint", other.id)] == ["add"]


def test_numbers_follow_the_rows_and_their_months(make: Make) -> None:
    now = make.session.clock()
    rows = [New({"received_at": now.replace(month=month), "complainant": "李"}) for month in (11, 10, 11, 9)]
    made = insert_many(make.session, Complaint, rows)
    assert [number for _id, number in made] == ["TS-202611-0001", "TS-202610-0001", "TS-202611-0002", "TS-202609-0001"]


def test_nothing_is_written_for_nothing(make: Make) -> None:
    assert insert_many(make.session, Customer, []) == []
