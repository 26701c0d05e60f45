"""The customers' file of the sample branch: what was talked of between cases, who left and came back, who was here twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

from app.core.fields import Value
from app.models import merges
from app.models.complaints import Complaint
from app.models.customers import Customer
from app.models.objections import Objection
from app.models.record import find
from app.models.steps import take
from app.services.sample_desk import Desk, Life, Shop
from app.services.sample_shops import TWINS

_KINDS = {"visit": 50, "phone": 26, "letter": 4, "gift": 8, "survey": 6, "market": 6}
_OFTEN = {"key": 4, "ordinary": 2, "small": 1, "poor": 1}
_HEAD = "陈志强"
_CLOSING = 45
"""Minutes before the end of the last day in which it is settled who left."""
_LATELY = timedelta(days=75)


def lives(rng: Random, desk: Desk) -> Iterator[tuple[float, Life]]:
    """What is written down of each customer, and what becomes of some."""
    for shop in desk.shops:
        if not shop.consumer:
            yield max(shop.joins, desk.days.start) + 1, _talks(Random(rng.random()), desk, shop)
    if len(desk.shops) > max(TWINS):
        place = min(TWINS)
        yield max(desk.shops[place].joins, desk.days.start) + (desk.days.end - desk.days.start) * 0.7, _merge(desk, place)
    yield desk.days.end - _CLOSING, _leave(rng, desk)


def _talks(rng: Random, desk: Desk, shop: Shop) -> Life:
    """The entries of a customer's log, in order of time."""
    count = rng.randint(0, _OFTEN[shop.tier])
    begun = desk.minute
    for minute in sorted(rng.uniform(begun, desk.days.end - _CLOSING) for _number in range(count)):
        yield minute
        kind = rng.choices(list(_KINDS), list(_KINDS.values()))[0]
        customer = find(desk.session, Customer, desk.customers[shop.place])
        take(desk.by(shop.route.manager), customer, "log", _entry(rng, desk, shop, kind))


def _entry(rng: Random, desk: Desk, shop: Shop, kind: str) -> dict[str, Value]:
    said: Any = rng.choice(desk.library.names["contact_log"][kind])
    entry: dict[str, Value] = {"text": said} if isinstance(said, str) else dict(said)
    return entry | {"kind": kind, "contact": shop.contact if kind in ("visit", "phone") else None}


def _merge(desk: Desk, place: int) -> Life:
    """One who was here twice is made one."""
    keep, other = (find(desk.session, Customer, desk.customers[each]) for each in (TWINS[place][0], place))
    merges.merge(desk.by(_HEAD), keep, other)
    desk.customers[place] = str(keep.number)
    yield from ()


def _leave(rng: Random, desk: Desk) -> Life:
    """Who left at last: one after a complaint, one whose shop closed, and one who came back."""
    words = desk.library.names["contact_log"]
    quiet = [shop for shop in desk.shops if not shop.consumer and shop.twin < 0 and _is_quiet(desk, shop)]
    today = desk.days.day(desk.minute)
    angry = next((shop for shop in quiet if _complained(desk, shop)), None)
    others = [shop for shop in quiet if shop is not angry and not _complained(desk, shop)][-2:]
    for shop in filter(None, (angry, *others)):
        customer = find(desk.session, Customer, desk.customers[shop.place])
        if shop is angry:
            take(desk.by(shop.route.manager), customer, "lose", {"lost_reason": rng.choice(words["lost"]), "lost_on": today})
        elif shop is others[0]:
            take(desk.by(shop.route.manager), customer, "end", {"note": rng.choice(words["closed"])})
        else:
            lost = take(desk.by(shop.route.manager), customer, "lose", {"lost_reason": words["closed"][0]})
            desk.minute += 5
            take(desk.by(shop.route.manager), lost, "return", {"note": words["back"]})
    yield from ()


def _is_quiet(desk: Desk, shop: Shop) -> bool:
    """Nothing of it is open."""
    customer = find(desk.session, Customer, desk.customers[shop.place])
    for kind in (Complaint, Objection):
        if kind.select().where(kind.customer == customer.id, kind.closed_at.is_null(), kind.status != "voided").exists():
            return False
    return str(customer.status) == "active"


def _complained(desk: Desk, shop: Shop) -> bool:
    """Whether it complained lately."""
    since = desk.days.at(desk.minute) - _LATELY
    customer = find(desk.session, Customer, desk.customers[shop.place])
    cases = Complaint.select().where(Complaint.customer == customer.id, Complaint.received_at >= since)
    return bool(cases.where(Complaint.status == "closed").exists())
