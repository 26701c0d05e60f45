"""Any order of merging, undoing and working: every case has a customer of its own, none is lost, and undoing all leads back."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from app.core.errors import UserError
from app.models import merges
from app.models.complaints import Complaint
from app.models.customers import Contact, ContactEntry, Customer
from app.models.record import edit
from tests.make import Make

SHOPS, ACTS = 5, 40


def faults(started: dict[int, int]) -> list[str]:
    """What may never be."""
    found = [f"{case.number} is with {case.customer.number}" for case in Complaint.select() if case.customer.status == "merged"]
    found += [f"{case.number} shows another name" for case in Complaint.select() if case.customer_name != case.customer.name]
    found += ["entries of a merged one" for entry in ContactEntry.select() if entry.parent.status == "merged"]
    for one in Customer.select().where(Customer.status == "merged"):
        if merges.standing(one) is None or one.merged_into_id is None:
            found.append(f"{one.number} is merged into nobody")
    if Complaint.select().count() != len(started):
        found.append("a case was lost")
    return found


def act(make: Make, rng: Random, started: dict[int, int]) -> None:
    """One thing that somebody does; what is refused changes nothing."""
    one, other = rng.sample(list(Customer.select()), 2)
    session, what = make.session, rng.random()
    try:
        if what < 0.4:
            merges.merge(session, one, other, rng.sample(["name", "phone", "tier", "address"], 2))
        elif what < 0.65:
            merges.undo(session, one)
        elif what < 0.8:
            case = make.complaint(customer=one.number)
            started[case.id] = one.id
        elif what < 0.9:
            make.steps(one, ("log", {"kind": "visit", "text": "x"}))
        else:
            edit(session, one, {"route": f"线 {rng.randint(1, 9)}"}, one.version)
    except UserError:
        return


@pytest.mark.parametrize("seed", range(4))
def test_merges_and_undoing_keep_everything(make: Make, seed: int, clock: Any) -> None:
    rng = Random(seed)
    given = [
        {"name": f"店 {place}", "phone": f"1380000000{place}", "contacts": [{"name": f"人 {place}"}]} for place in range(SHOPS)
    ]
    shops = [make.customer(**values) for values in given]
    started = {make.complaint(customer=shop.number).id: shop.id for shop in shops}
    people = Contact.select().count()
    for _number in range(ACTS):
        clock.advance(minutes=1)
        act(make, rng, started)
        assert faults(started) == []
    while merged := [one for one in Customer.select().where(Customer.status == "merged") if one.merged_into.status != "merged"]:
        merges.undo(make.session, merged[0])
        assert faults(started) == []
    own = [case for case in Complaint.select() if case.id <= SHOPS]
    assert {case.id: case.customer_id for case in own} == {case.id: started[case.id] for case in own}
    assert Contact.select().count() == people
    assert {one.status for one in Customer.select()} == {"active"}
