"""Which complaints the sample branch has: when each is received, which steps it takes, and where it stops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from app.services.sample_desk import Desk

_WAITS = {
    "sign": (3, 15), "hand-over": (5, 60), "accept": (10, 110), "investigate": (60, 700), "propose": (60, 500),
    "return": (40, 400), "again": (100, 600), "approve": (30, 500), "agreement": (20, 150), "release": (20, 200),
    "reply": (30, 240), "settle": (100, 1500), "assess": (20, 90), "aside": (20, 120), "dispatch": (20, 200),
    "take": (20, 300), "deliver": (200, 1500), "deliver_part": (200, 900), "follow-up": (500, 1500), "close": (30, 400),
    "void": (30, 900), "reject": (60, 500), "report": (20, 120), "act": (30, 200),
}  # fmt: skip
"""Working minutes before each step."""
_WAY = (
    "sign", "hand-over", "accept", "investigate", "aside", "assess", "propose", "approve", "agreement", "release", "reply",
    "settle", "dispatch", "take", "deliver", "follow-up", "close",
)  # fmt: skip
_SECOND = ("again", "propose", "approve", "reply", "settle", "dispatch", "take", "deliver", "follow-up", "close")
_STOPS = {
    "draft": 0,
    "registered": 2,
    "accepted": 3,
    "investigating": 5,
    "proposed": 7,
    "approved": 8,
    "replied": 11,
    "agreed": 12,
    "issued": 13,
    "executing": 14,
    "following_up": 15,
    "closed": 17,
}
"""How much of the way a case has gone where it stops."""

_LATELY = 0.35
"""How many of the newest cases are over already: most of them still wait."""


@dataclass(frozen=True)
class Plan:
    """A complaint to be. `script`: steps with the working minutes before each; `cost`: bounds in 元; `agreement`: its status.

    `second`: the customer is not satisfied with the first solution; `gap`: the head closes it without a follow-up.
    """

    end: str
    script: tuple[tuple[str, float], ...]
    minute: float = 0.0
    due: str = ""
    cost: tuple[int, int] | None = None
    agreement: str = ""
    escalated: bool = False
    recurring: bool = False
    same_shop: bool = False
    second: bool = False
    gap: bool = False


@dataclass(frozen=True)
class _Stop:
    end: str
    least: int
    most: int
    due: str = ""
    cost: tuple[int, int] | None = None
    agreement: str = ""


_NOW = (
    _Stop("proposed", 60, 400, cost=(900, 1600)),
    _Stop("draft", 20, 300),
    _Stop("investigating", 300, 900, "today"),
    _Stop("replied", 100, 900, agreement="released"),
    _Stop("returned", 60, 500, cost=(250, 1500)),
    _Stop("registered", 30, 300),
    _Stop("accepted", 700, 1100, "overdue"),
    _Stop("approved", 60, 400, cost=(210, 3000), agreement="draft"),
    _Stop("agreed", 200, 1500, agreement="signed"),
    _Stop("executing", 5000, 6000, agreement="signed", cost=(400, 3000)),
    _Stop("following_up", 300, 900, agreement="signed"),
    _Stop("rejected", 200, 900),
    _Stop("proposed", 200, 800, "later", cost=(5001, 12000)),
    _Stop("accepted", 60, 400, "today"),
    _Stop("investigating", 7000, 11000, "overdue"),
    _Stop("approved", 60, 300, cost=(210, 2000), agreement="released"),
    _Stop("proposed", 100, 600, cost=(210, 700)),
    _Stop("agreed", 100, 900),
    _Stop("part", 700, 1500, agreement="signed", cost=(400, 3000)),
    _Stop("issued", 100, 900, agreement="signed"),
    _Stop("second", 100, 400, "today"),
    _Stop("replied", 100, 500),
)
"""Where the newest complaints stand, since how many working minutes."""


def plans(rng: Random, desk: Desk, count: int, escalated: int) -> list[Plan]:
    """All complaints in the order of time; so many of the ended ones were objections first."""
    waiting = min(max(len(_NOW), count // 10), count * 2 // 3)
    void = min(count - waiting, max(1, count // 30))
    now = [_planned(rng, desk, _NOW[place % len(_NOW)]) for place in range(waiting)]
    over = count - waiting - void
    made = [_over(rng) for place in range(over)] + [_void(rng) for place in range(void)]
    rng.shuffle(made)
    minutes = desk.days.draw(rng, over + void, lately=_LATELY)
    ended = [replace(plan, minute=_in_time(desk, plan, minute)) for plan, minute in zip(made, minutes, strict=True)]
    closed = [place for place, plan in enumerate(ended) if plan.end == "closed"]
    for place in rng.sample(closed, min(escalated, len(closed))):
        ended[place] = replace(ended[place], escalated=True)
    return _recurring(desk, sorted([*now, *ended], key=lambda plan: plan.minute))


def _planned(rng: Random, desk: Desk, stop: _Stop) -> Plan:
    plan = _waiting(rng, stop.end)
    took = sum(wait for _step, wait in plan.script)
    minute = max(desk.days.start, desk.days.end - int(took + rng.uniform(stop.least, stop.most)))
    fitted = replace(plan, minute=minute, due=stop.due, cost=stop.cost, agreement=stop.agreement)
    return replace(fitted, script=_cut(fitted)) if stop.end == "approved" else fitted


def _waiting(rng: Random, end: str) -> Plan:
    if end == "second":
        return _second(rng, "investigating")
    if end == "rejected":
        return Plan(end, _waited(rng, ("sign", "accept", "reject")))
    if end == "part":
        plan = _script(rng, "executing")
        return replace(plan, end="executing", script=(*plan.script, *_waited(rng, ("deliver_part",))))
    return _script(rng, end)


def _cut(plan: Plan) -> tuple[tuple[str, float], ...]:
    """An approved case goes on to its agreement as far as planned."""
    further = {"draft": ("agreement",), "released": ("agreement", "release")}[plan.agreement]
    return (*plan.script, *((step, 8.0) for step in further))


def _over(rng: Random) -> Plan:
    """A case that is closed: some after a return, some in a second round, a few with a gap."""
    chance = rng.random()
    if chance < 0.04:
        return replace(_script(rng, "closed"), gap=True)
    return _second(rng, "closed") if chance < 0.11 else _script(rng, "closed", returned=chance > 0.9)


def _second(rng: Random, end: str) -> Plan:
    """The solution was not the right one: the way begins again."""
    first = _script(rng, "closed").script[:-1]
    rest = _SECOND if end == "closed" else _SECOND[:1]
    return Plan(end, (*first, *_waited(rng, rest)), second=True)


def _waited(rng: Random, steps: Sequence[str]) -> tuple[tuple[str, float], ...]:
    return tuple((step, float(rng.randint(*_WAITS[step]))) for step in steps)


def _script(rng: Random, end: str, *, returned: bool = False) -> Plan:
    steps = list(_WAY[: _STOPS.get(end, _STOPS["proposed"])])
    if returned or end == "returned":
        steps[7:7] = ["return"] if end == "returned" else ["return", "again", "propose"]
    if rng.random() < 0.3 and "hand-over" in steps:
        steps.remove("hand-over")
    return Plan(end, _waited(rng, steps), cost=(250, 4000) if returned else None)


def _void(rng: Random) -> Plan:
    steps = ("sign", "void") if rng.random() < 0.6 else ("void",)
    return Plan("voided", _waited(rng, steps))


def _in_time(desk: Desk, plan: Plan, minute: float) -> float:
    """So early that the case is over before the end."""
    took = sum(wait for _step, wait in plan.script)
    return max(desk.days.start, min(minute, desk.days.end - int(took) - 5))


def _recurring(desk: Desk, planned: list[Plan]) -> list[Plan]:
    """Some of the cases of the last weeks are about one batch, two of them of one customer."""
    recent = [
        place
        for place, plan in enumerate(planned)
        if plan.minute > desk.days.end - 18_000 and plan.end not in ("agreed", "replied", "voided")
    ]
    chosen = recent[1 :: max(2, len(recent) // 5)][:5]
    for place in chosen:
        if not planned[place].escalated and planned[place].cost in (None, (900, 1600), (250, 1500)):
            planned[place] = replace(planned[place], recurring=True, same_shop=place in (chosen[0], chosen[-1]))
    return planned
