"""Random steps, legal and illegal, drive cases: no rule is broken, no number unexplained, nothing owed that is not shown.

KESU_TEST_CASES=3000 drives so many cases instead of the few of an ordinary run.
"""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.database import database
from app.core.errors import UserError
from app.core.session import Session
from app.models import agreements, dispatches, gaps, history, promises
from app.models import classifications as of
from app.models.complaints import Complaint
from app.models.history import History
from app.models.promises import Promise
from app.models.record import Record, find
from app.models.steps import options, steps_of, take
from tests.conftest import Clock
from tests.make import Make
from tests.models.stands import ASKED, whole

CASES = int(os.environ.get("KESU_TEST_CASES", "25"))
# What may follow a status in one step; a follow-up, a delivery and a return lead elsewhere than forward.
FOLLOWS = {
    "draft": {"registered", "voided"},
    "registered": {"accepted", "rejected", "voided", "closed"},
    "accepted": {"investigating", "rejected", "voided", "closed"},
    "investigating": {"proposed", "approved", "rejected", "voided", "closed"},
    "proposed": {"approved", "investigating", "voided", "closed"},
    "approved": {"replied", "voided", "closed"},
    "replied": {"agreed", "voided", "closed"},
    "agreed": {"executing", "following_up", "investigating", "voided", "closed"},
    "executing": {"following_up", "voided", "closed"},
    "following_up": {"investigating", "closed", "voided"},
    "closed": {"investigating"},
    "rejected": set(),
    "voided": set(),
}
REMEDIES = st.lists(
    st.sampled_from(
        [
            {"remedy": "replace", "quantity": "6", "unit": "条", "unit_price": "23"},
            {"remedy": "money", "amount": "45.50"},
            {"remedy": "apology"},
            {"remedy": "gift", "quantity": "0.5", "unit": "箱"},
            {"remedy": "refund", "amount": "6000"},
        ]
    ),
    max_size=3,
)
QUANTITIES = st.sampled_from(["0.5", "1", "3", "7", "45.50", "1000"])


def asked(draw: Any, record: Record, step: str) -> dict[str, Any]:
    """What is given at a step: usually what it needs, now and then something else."""
    values: dict[str, Any] = dict(ASKED.get(record.KIND, {}).get(step, {}))
    if step == "propose":
        values |= {"lines": draw(REMEDIES), "valid": draw(st.sampled_from([True, False, None]))}
    elif step == "follow-up":
        values |= {"result_score": draw(st.integers(1, 5)), "reached": draw(st.sampled_from([True, True, False]))}
    elif step == "deliver" and draw(st.booleans()):
        values |= {"lines": [{"line": draw(st.integers(1, 3)), "quantity": draw(QUANTITIES)}]}
    elif step == "dispatch" and draw(st.booleans()):
        values |= {"lines": [{"place": draw(st.integers(1, 3)), "quantity": draw(QUANTITIES)}]}
    elif step == "close" and draw(st.integers(0, 9)) == 0:
        values |= {"reason": "联系不上客户"}
    return values


def records_of(session: Session, complaint: Complaint) -> list[Record]:
    """The case, its agreement and its orders: all that steps can be taken of."""
    found: list[Record] = [complaint, *dispatches.of_case(complaint)]
    agreement = agreements.current(session, complaint)
    return [*found, agreement] if agreement is not None else found


def one_step(make: Make, draw: Any, complaint: Complaint) -> None:
    """Take a step, most often one that is offered; a refused one leaves nothing changed."""
    session = make.session
    record = draw(st.sampled_from(records_of(session, complaint)))
    offered = [one.step.code for one in options(session, record) if one.possible and not one.step.danger]
    legal = bool(offered) and draw(st.integers(0, 9)) < 8
    codes = offered if legal else [step.code for step in steps_of(record.KIND)]
    step = draw(st.sampled_from(codes))
    before, counted = whole(make, complaint), History.select().count()
    try:
        take(session, record, step, asked(draw, record, step))
    except UserError:
        assert whole(make, complaint) == before
        assert History.select().count() == counted


def check(session: Session, before: str, complaint: Complaint) -> None:
    """What holds of every case at any time."""
    status = str(complaint.status)
    assert status == before or status in FOLLOWS[before], (before, status)
    assert (complaint.closed_at is not None) == (status in of.ENDED)
    for one in dispatches.promised(session, complaint):
        assert 0 <= one.delivered <= one.issued <= one.quantity
        assert one.owed + one.delivered == one.quantity
    if status == "closed" and complaint.closed_reason is None:
        assert gaps.undelivered(session, complaint) == []
    if status in ("closed", "voided", "rejected"):
        assert promises.owed(session, complaint) == []
        assert dispatches.open_of(complaint) == []
    signed = [one for one in agreements.editions(session, complaint) if one.status == "signed"]
    assert len({one.number for one in signed}) == len(signed)


@settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=CASES <= 25)
@given(data=st.data())
def test_random_steps_break_no_rule(make: Make, clock: Clock, data: st.DataObject) -> None:
    session = make.session
    number = make.complaint().number
    for _turn in range(data.draw(st.integers(3, 30))):
        complaint = find(session, Complaint, number)
        before = str(complaint.status)
        one_step(make, data.draw, complaint)
        check(session, before, find(session, Complaint, number))
        clock.advance(hours=data.draw(st.sampled_from([1, 5, 30])))
    told = history.of("complaint", find(session, Complaint, number).id)
    assert told[0].action == "add"
    assert [entry.at for entry in told] == sorted(entry.at for entry in told)


def test_numbers_of_random_cases_are_explained(make: Make, clock: Clock) -> None:
    test_random_steps_break_no_rule(make, clock)
    for table in ("complaint", "dispatch"):
        numbers = [number for (number,) in database.execute_sql(f"SELECT number FROM {table} ORDER BY id").fetchall()]
        assert len(set(numbers)) == len(numbers)
        months: dict[str, list[int]] = {}
        for number in numbers:
            months.setdefault(number[:-5], []).append(int(number[-4:]))
        assert all(sorted(found) == list(range(1, len(found) + 1)) for found in months.values())
    stray = Promise.select().where(Promise.status.in_(("open", "moved")))
    open_cases = {number for (number,) in database.execute_sql("SELECT number FROM complaint WHERE closed_at IS NULL").fetchall()}
    assert {one.case for one in stray} <= open_cases
