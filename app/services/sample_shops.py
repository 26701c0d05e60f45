"""The customers and products of the sample branch: who they are, how they are registered, and what changes about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from app.core.fields import Value
from app.models.customers import Customer
from app.models.products import Product
from app.models.record import add, edit, find
from app.models.steps import take
from app.services.sample_days import WorkingDays
from app.services.sample_desk import Desk, Life, Shop
from app.services.sample_texts import Library

_CODE_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_NEW = 0.08
TWINS = {12: (5, "有限公司"), 14: (9, "店")}
"""Places of customers who are here twice: which they are once more, and how their name ends then."""
_TIERS = {"key": 12, "ordinary": 55, "small": 28, "poor": 5}
_SPEAKS_UP = {"key": 2.2, "ordinary": 1.2, "small": 0.7, "poor": 1.6}
_INTEGRITY = {"A": 45, "B": 38, "C": 14, "D": 3}


def shops(rng: Random, library: Library, days: WorkingDays, count: int) -> list[Shop]:
    """The customers, in the order in which they are registered: most before the first month, some on the way."""
    late = int(count * _NEW)
    founding = [days.start * place / (count - late) for place in range(1, count - late)]
    joins = sorted([0.0, *founding, *days.draw(rng, late)])
    names = _names(rng, library)
    found = [_shop(rng, library, days, place, minute, next(names)) for place, minute in enumerate(joins[:count])]
    if count > max(TWINS):
        for place, (other, ending) in TWINS.items():
            found[place] = _twin(found[place], found[other], ending)
    return found


def _twin(shop: Shop, other: Shop, ending: str) -> Shop:
    """The same customer, written down once more by somebody who did not look."""
    same = replace(shop, name=f"{other.name}{ending}", type=other.type, contact=other.contact, phone=other.phone)
    return replace(same, address=other.address, route=other.route, tier=other.tier, twin=other.place)


def _names(rng: Random, library: Library) -> Iterator[tuple[str, str, str]]:
    """Name, type and contact, no name twice however many are asked for."""
    given = library.names["customers"]
    for name, kind, contact in given["first"]:
        yield name, kind, contact
    roads = ["", *given["roads"]]
    retail = rng.sample(
        [head + tail for head in given["heads"] for tail in given["tails"]], k=len(given["heads"]) * len(given["tails"])
    )
    trade = rng.sample(
        [head + tail for head in given["heads"] for tail in given["wholesale"]], k=len(given["heads"]) * len(given["wholesale"])
    )
    places = {"retailer": 0, "wholesaler": 0, "dealer": 0}
    while True:
        kind = rng.choices(("retailer", "wholesaler", "dealer", "end_user"), (88, 5, 3, 4))[0]
        person = _person(rng, library)
        if kind == "end_user":
            yield person, kind, person
            continue
        stock = retail if kind == "retailer" else trade
        place = places["retailer" if kind == "retailer" else "wholesaler"]
        places["retailer" if kind == "retailer" else "wholesaler"] += 1
        branch, number = divmod(place // len(stock), len(roads))
        road = f"（{roads[number]}{f' {branch + 1} ' if branch else ''}店）" if number or branch else ""
        yield stock[place % len(stock)] + road, kind, person


def _person(rng: Random, library: Library) -> str:
    given = library.names["customers"]
    return str(rng.choice(given["surnames"])) + str(rng.choice(given["given"]))


def _shop(rng: Random, library: Library, days: WorkingDays, place: int, joins: float, named: tuple[str, str, str]) -> Shop:
    name, kind, contact = named
    tier = rng.choices(list(_TIERS), list(_TIERS.values()))[0] if place else "key"
    if kind in ("wholesaler", "dealer"):
        tier = rng.choice(("key", "ordinary"))
    new = joins >= days.start
    registered = days.day(joins)
    road = rng.choice(library.names["customers"]["roads"])
    return Shop(
        place=place,
        name=name,
        type=kind,
        contact=contact,
        phone=f"138 0000 {(place * 37 + 1234) % 10_000:04}" if place % 9 != 8 else f"0571-5550 {(place * 53 + 118) % 10_000:04}",
        address=f"城东区{road} {rng.randint(1, 320)} 号" + rng.choice(("", "", "", " 1 幢底商", "（菜场东门）", "（小学对面）")),
        route=rng.choice(library.routes),
        tier=tier,
        integrity=rng.choices(list(_INTEGRITY), list(_INTEGRITY.values()))[0],
        since=registered if new else _long_ago(rng, registered),
        joins=joins,
        weight=_SPEAKS_UP[tier] * min(rng.paretovariate(1.2), 6),
    )


def _long_ago(rng: Random, registered: date) -> date:
    return registered - timedelta(days=rng.randint(60, 16 * 365))


def enter_products(desk: Desk) -> Life:
    """The list of products, entered on the first morning."""
    for good in desk.library.goods:
        values = {"name": good.name, "code": good.code, "specification": good.specification, "brand": good.brand, "unit": "条"}
        record = add(desk.by("王敏"), Product, values | {"active": good.active})
        desk.products[good.name] = record.number
        yield desk.minute + 0.05


def lives(rng: Random, desk: Desk) -> Iterator[tuple[float, Life]]:
    """What happens to each customer."""
    for shop in desk.shops:
        yield shop.joins, _live(Random(rng.random()), desk, shop)


def _live(rng: Random, desk: Desk, shop: Shop) -> Life:
    contacts = _contacts(rng, desk, shop)
    record = add(desk.by(desk.clerk(rng)), Customer, _values(rng, desk, shop) | {"contacts": contacts})
    desk.customers[shop.place] = record.number
    if rng.random() >= 0.12 or shop.joins > desk.days.end * 0.8:
        return
    yield rng.uniform(max(shop.joins, desk.days.start) + 5000, desk.days.end)
    record = find(desk.session, Customer, record.number)
    if rng.random() < 0.4:
        edit(desk.by(shop.route.manager), record, _handed_on(rng, desk, shop, contacts), record.version)
    else:
        take(desk.by(shop.route.manager), record, "grade", _regraded(rng, desk, shop))


def _values(rng: Random, desk: Desk, shop: Shop) -> dict[str, Value]:
    given = desk.library.names["customers"]
    trade = not shop.consumer
    company = shop.type in ("wholesaler", "dealer")
    return {
        "name": shop.name,
        "type": shop.type,
        "phone": shop.phone,
        "address": shop.address,
        "route": shop.route.name if trade else None,
        "tier": shop.tier,
        "integrity": shop.integrity if trade else None,
        "licence": f"3301021{shop.place * 7919 % 100_000:05}" if trade and shop.twin < 0 else None,
        "credit_code": _credit_code(rng, company) if company or (trade and rng.random() < 0.3) else None,
        "customer_manager": shop.route.manager if trade else None,
        "customer_since": shop.since,
        "referred_by": rng.choice(desk.shops).contact if rng.random() < 0.08 else None,
        "tags": tuple(rng.sample(given["tags"], rng.choice((0, 1, 1, 2)))) if trade else (),
        "background": rng.choice(given["backgrounds"]) if rng.random() < 0.12 else None,
    }


def _credit_code(rng: Random, company: bool) -> str:
    """A code of no real region whose check character fits."""
    from stdnum.cn import uscc  # heavy: only codes need it

    body = ("91" if company else "92") + "339999MA" + "".join(rng.choices(_CODE_CHARACTERS, k=7))
    return body + str(uscc.calc_check_digit(body))


def _contacts(rng: Random, desk: Desk, shop: Shop) -> list[dict[str, Any]]:
    if shop.consumer:
        return []
    given = desk.library.names["customers"]
    birthday = date(rng.randint(1958, 1996), rng.randint(1, 12), rng.randint(1, 28))
    main = {
        "name": shop.contact,
        "role": rng.choice(given["roles"]),
        "phone": f"138 0000 {((shop.place if shop.twin < 0 else shop.twin) * 37 + 1234) % 10_000:04}",
        "main": True,
    }
    main |= {"birthday": birthday if rng.random() < 0.3 else None, "since": shop.since}
    if rng.random() >= 0.35:
        return [main]
    other = {"name": shop.contact[0] + rng.choice(given["given"]), "role": rng.choice(given["helpers"])}
    return [main, other | {"phone": f"137 0000 {rng.randint(0, 9999):04}", "since": shop.since}]


def _handed_on(rng: Random, desk: Desk, shop: Shop, contacts: list[dict[str, Any]]) -> dict[str, Value]:
    """Another person speaks for the customer; the one before stays in the list, with an end."""
    today = desk.days.day(desk.minute)
    heir = {"name": shop.contact[0] + rng.choice(desk.library.names["customers"]["given"]), "role": "店员", "since": today}
    ended = [
        line | {"until": today, "main": False} if number == len(contacts) - 1 and number else line
        for number, line in enumerate(contacts)
    ]
    return {"contacts": [*ended, heir | {"phone": f"139 0000 {rng.randint(0, 9999):04}"}]}


def _regraded(rng: Random, desk: Desk, shop: Shop) -> dict[str, Value]:
    reasons = desk.library.names["customers"]["gradings"]
    if rng.random() < 0.5 and shop.tier in ("ordinary", "small"):
        return {"tier": {"ordinary": "key", "small": "ordinary"}[shop.tier], "reason": rng.choice(reasons["tier"])}
    grades = "ABCD"
    place = grades.index(shop.integrity)
    better = grades[place - 1] if place else "B"
    return {"integrity": better, "reason": rng.choice(reasons["better" if place else "worse"])}
