"""The objections of the sample branch: which there are, how each of them goes, and which become complaints."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from random import Random

from app.core.fields import Value
from app.models import methods
from app.models.objections import Objection
from app.models.record import add, edit
from app.models.steps import take
from app.services.sample_desk import Desk, Life, Shop
from app.services.sample_texts import PLACES, Good, ObjectionStory, matching

_CHANNELS = {"on_site": 38, "phone": 34, "wechat": 12, "counter": 8, "online": 5, "sms": 2, "hotline": 1}
_SATISFACTION = {5: 30, 4: 38, 3: 20, 2: 9, 1: 3}
_WHERE = {"on_site": ("店内柜台", "门店", "店门口卸货处", "客户仓库"), "phone": ("电话里",), "counter": ("服务大厅",)}
_UNCLASSIFIED = 0.03
_WITH_CARD = 0.55
_APART = 4
"""Cases between two with the same story."""


@dataclass(frozen=True)
class Plan:
    """An objection to be: its minute, where it ends, and when the promise that is still open is due."""

    minute: float
    end: str
    due: str = ""


@dataclass
class Talk:
    """An objection as it goes on."""

    desk: Desk
    rng: Random
    plan: Plan
    story: ObjectionStory
    shop: Shop
    good: Good
    place: int
    words: dict[str, str]
    handler: str

    def say(self, code: str) -> str:
        """The sentence of the story for that purpose, its braces filled."""
        return matching(self.story.says[code], self.place).format(**self.words)


Born = Callable[[Objection, str], Life]
"""What goes on with the complaint that an objection became; the second is the story it is to follow."""


def plans(rng: Random, desk: Desk, count: int, escalated: Sequence[float]) -> list[Plan]:
    """All objections in the order of time: the newest wait in every state, the others are over."""
    days = desk.days
    waiting = _waiting(rng, desk, min(count, max(10, count // 24)) if count >= 10 else count // 2)
    rest = max(0, count - len(waiting) - len(escalated))
    void = min(rest, max(1, count // 75))
    ended = ["closed"] * (rest - void) + ["voided"] * void
    rng.shuffle(ended)
    over = [Plan(minute, end) for minute, end in zip(days.draw(rng, rest), ended, strict=True)]
    turned = [Plan(minute, "escalated") for minute in escalated[: count - len(waiting)]]
    return sorted([*waiting, *over, *turned], key=lambda plan: plan.minute)


_NOW = (
    ("open", "", 30, 400), ("promised", "today", 60, 500), ("promised", "overdue", 400, 900), ("replied", "", 200, 900),
    ("promised", "later", 60, 400), ("promised", "today", 100, 700), ("open", "", 200, 700), ("replied", "", 300, 1400),
    ("promised", "overdue", 700, 1500), ("promised", "later", 200, 900),
)  # fmt: skip
"""Where the newest objections stand, since how many working minutes."""


def _waiting(rng: Random, desk: Desk, count: int) -> list[Plan]:
    chosen = (_NOW[place % len(_NOW)] for place in range(count))
    return [Plan(desk.days.end - int(rng.uniform(least, most)), end, due) for end, due, least, most in chosen]


def lives(rng: Random, desk: Desk, planned: Sequence[Plan], born: Callable[[int], Born]) -> Iterator[tuple[float, Life]]:
    """What happens to each objection; `born` gives what the n-th escalated one turns into."""
    recent: list[str] = []
    turned = 0
    for plan in planned:
        own = Random(rng.random())
        story = _story(own, desk, plan, recent)
        recent = [*recent, story.code][-_APART:]
        talk = _talk(own, desk, plan, story)
        yield plan.minute, _live(talk, born(turned) if plan.end == "escalated" else None)
        turned += plan.end == "escalated"


def _story(rng: Random, desk: Desk, plan: Plan, recent: Sequence[str]) -> ObjectionStory:
    fitting = [
        story for story in desk.library.objections if story.code not in recent and (plan.end != "escalated" or story.becomes)
    ]
    return rng.choices(fitting, [story.weight for story in fitting])[0]


def _talk(rng: Random, desk: Desk, plan: Plan, story: ObjectionStory) -> Talk:
    shop, good = desk.speaks_up(rng, plan.minute), desk.good(rng, story.products)
    got = rng.choice((1, 2, 2, 3))
    words = desk.words(rng, shop, good) | {"got": str(got), "want": str(rng.choice((10, 15, 20)))}
    return Talk(desk, rng, plan, story, shop, good, rng.randrange(PLACES), words, desk.handler(rng, shop))


def _live(talk: Talk, born: Born | None) -> Life:
    rng, desk, end = talk.rng, talk.desk, talk.plan.end
    record = add(desk.by(talk.handler), Objection, _values(talk))
    start = desk.minute
    if end == "escalated":
        yield start + rng.uniform(10, 45)
        assert born is not None
        yield from born(record, talk.story.becomes)
    elif end == "voided":
        yield start + rng.uniform(5, 300)
        take(desk.by(talk.handler), record, "void", {"reason": desk.library.phrase(rng, "void_objection")})
    elif end == "closed" and (rng.random() < talk.story.spot or desk.days.end - start < 60):
        yield start + rng.uniform(2, 12)
        score = _satisfaction(rng)
        asked = {"solved_on_spot": True, "result": talk.say("result"), "satisfaction": score}
        take(desk.by(talk.handler), record, "close", asked)
        if score in (None, 4, 5):
            desk.solved.setdefault(talk.story.code, []).append(record.number)
    elif end != "open":
        yield from _answered(talk, record, start)


def _answered(talk: Talk, record: Objection, start: float) -> Life:
    """Promised, and then replied and closed as far as the plan goes."""
    rng, desk, plan = talk.rng, talk.desk, talk.plan
    left = desk.days.end - start
    reply = start + min(rng.uniform(30, 800), left * 0.45)
    yield start + 1.5
    record = take(desk.by(talk.handler), record, "promise", {"promised_at": _promised(talk, start, reply)})
    if plan.end == "promised":
        return
    yield reply
    record = take(desk.by(talk.handler), record, "reply", {"result": talk.say("result")})
    if plan.end == "replied":
        return
    yield reply + min(rng.uniform(60, 1400), left * 0.5)
    if rng.random() < 0.4:
        note = desk.library.phrase(rng, "feed_back")
        record = edit(desk.by(talk.handler), record, {"step_feed_back": True, "step_feed_back_note": note}, record.version)
    take(desk.by(talk.handler), record, "close", {"satisfaction": _satisfaction(rng)})


def _promised(talk: Talk, start: float, reply: float) -> datetime:
    """When an answer was promised for: what is still open as planned, else after the reply, seldom before it."""
    rng, days, due = talk.rng, talk.desk.days, talk.plan.due
    if due:
        return due_time(rng, talk.desk, due, start)
    return days.nice(reply + rng.uniform(1, 120)) if rng.random() < 0.9 else days.nice(start + (reply - start) * 0.3)


def due_time(rng: Random, desk: Desk, due: str, since: float) -> datetime:
    """A promise that is overdue, due today, or due later, as the present day begins."""
    days = desk.days
    if due == "overdue":
        return days.nice(since + (days.end - since) * rng.uniform(0.3, 0.7))
    clock = rng.choice((time(10, 30), time(15, 30), time(17), time(17, 30)))
    if due == "today":
        return days.ahead(days.today, 0, clock)
    return days.ahead(days.today, rng.randint(1, 4), clock)


def _satisfaction(rng: Random) -> int | None:
    return rng.choices(list(_SATISFACTION), list(_SATISFACTION.values()))[0] if rng.random() < 0.75 else None


def _values(talk: Talk) -> dict[str, Value]:
    """What was typed when the customer spoke; a minute or two after it was said."""
    rng, desk, story = talk.rng, talk.desk, talk.story
    occurred = desk.days.at(desk.minute).replace(second=0)
    desk.minute += rng.uniform(0.5, 1.5)
    classified = rng.random() >= _UNCLASSIFIED
    method = rng.choice(story.methods)
    channel = rng.choices(list(_CHANNELS), list(_CHANNELS.values()))[0]
    about = "{product}" in matching(story.says["what"], talk.place)
    demand = story.demand.format(**talk.words) if story.demand else None
    values: dict[str, Value] = {
        "customer": desk.customers[talk.shop.place],
        "channel": channel,
        "occurred_at": occurred,
        "where": rng.choice(_WHERE.get(channel, ("",))),
        "who": matching(story.says["who"], talk.place).format(**talk.words),
        "what": talk.say("what"),
        "wish": talk.say("wish") if rng.random() < 0.85 else None,
        "hidden_demand": demand if classified else None,
        "product": desk.products[talk.good.name] if about else None,
        "method": method if talk.plan.end != "open" else None,
        "method_reason": desk.library.phrase(rng, "method_reason") if method in ("rebuttal", "cooling") else None,
        "handler": talk.handler,
        "card": _card(talk),
    }
    axes = story.values if classified else {"expression": story.values["expression"]}
    values |= axes
    if methods.unexplained(values):
        values["method_reason"] = desk.library.phrase(Random(talk.place), "method_reason")
    return {**values, **_five_steps(talk)}


def _card(talk: Talk) -> str | None:
    """The card that was at hand: most answers are given by heart, some without any."""
    fitting = talk.desk.cards.get(talk.story.code, [])
    used = talk.plan.end not in ("open", "voided") and talk.rng.random() < _WITH_CARD
    return talk.rng.choice(fitting) if fitting and used else None


def _five_steps(talk: Talk) -> dict[str, Value]:
    """The steps that were taken in the talk; what is still open has the first ones only."""
    rng, library = talk.rng, talk.desk.library
    values: dict[str, Value] = {}
    for code in ("buffer", "enquire", "listen"):
        done = rng.random() < 0.85
        values[f"step_{code}"] = done
        values[f"step_{code}_note"] = library.phrase(rng, code) if done and rng.random() < 0.35 else None
    if talk.plan.end in ("closed", "replied"):
        values["step_persuade"] = True
        values["step_persuade_note"] = talk.say("persuade")
    return values
