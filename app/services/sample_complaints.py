"""The complaints of the sample branch at work: what each is about, and its life from the first word to where its plan ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_UP, Decimal
from random import Random

from app.models.objections import Objection
from app.models.steps import take
from app.services.sample_case import Case
from app.services.sample_desk import Desk, Life, Shop
from app.services.sample_plans import Plan
from app.services.sample_steps import STEPS
from app.services.sample_texts import PLACES, ComplaintStory, Good, matching

_APART = 4
"""Cases between two with the same story."""
_RECURRING = "云岭（硬）"
_SMALL_ONLY = ("mismatch", "shortage", "consumer")
"""Stories of which there are never thousands of yuan."""


def lives(rng: Random, desk: Desk, planned: Sequence[Plan]) -> Iterator[tuple[float, Life]]:
    """What happens to each complaint that was none before."""
    regular = next((shop for shop in desk.shops if shop.tier == "key"), desk.shops[0])
    recent: list[str] = []
    for plan in planned:
        if plan.escalated:
            continue
        own = Random(rng.random())
        story = _story(own, desk, plan, recent)
        recent = [*recent, story.code][-_APART:]
        shop = regular if plan.same_shop else _speaker(own, desk, plan, story)
        yield plan.minute, _live(_case(own, desk, plan, story, shop))


def _speaker(rng: Random, desk: Desk, plan: Plan, story: ComplaintStory) -> Shop:
    return rng.choice(desk.consumers(plan.minute)) if story.consumer else desk.speaks_up(rng, plan.minute)


def _story(rng: Random, desk: Desk, plan: Plan, recent: Sequence[str]) -> ComplaintStory:
    stories = desk.library.complaints
    if plan.recurring:
        return stories["mold"]
    someone = bool(desk.consumers(plan.minute))
    fitting = [story for story in stories.values() if story.code not in recent and (someone or not story.consumer)]
    if plan.cost is not None:
        fitting = [story for story in fitting if story.costly and story.material and story.code not in _SMALL_ONLY]
    elif plan.agreement:
        fitting = [story for story in fitting if story.material]
    elif plan.end == "agreed":
        fitting = [story for story in fitting if not story.material]
    return rng.choices(fitting, [story.weight for story in fitting])[0]


def born(rng: Random, desk: Desk, planned: Sequence[Plan]) -> Callable[[int], Callable[[Objection, str], Life]]:
    """What the n-th escalated objection turns into."""
    turned = [plan for plan in planned if plan.escalated]

    def become(place: int) -> Callable[[Objection, str], Life]:
        own = Random(rng.random())
        return lambda objection, story: _turned(own, desk, turned[place], objection, desk.library.complaints[story])

    return become


def _turned(rng: Random, desk: Desk, plan: Plan, objection: Objection, story: ComplaintStory) -> Life:
    """A complaint that was an objection: it keeps its words, the rest is filled in before it is signed."""
    shop = next(shop for shop in desk.shops if desk.customers.get(shop.place) == objection.customer.number)
    case = _case(rng, desk, replace(plan, minute=desk.minute), story, shop)
    if objection.product is not None:
        case.good = next(good for good in desk.library.goods if good.name == objection.product.name)
    done = take(desk.by(case.recorder), objection, "escalate", {"class": story.values["class"]})
    case.complete_draft(done.complaint.number)
    yield from _steps(case)


def _live(case: Case) -> Life:
    case.register()
    yield from _steps(case)


def _steps(case: Case) -> Life:
    minute = case.desk.minute
    left = case.desk.days.end - minute - 1
    took = sum(wait for _step, wait in case.plan.script)
    for step, wait in case.plan.script:
        minute += wait * min(1.0, left / took)
        yield minute
        STEPS[step](case)


def _case(rng: Random, desk: Desk, plan: Plan, story: ComplaintStory, shop: Shop) -> Case:
    place = rng.randrange(PLACES)
    good = desk.good(rng, (_RECURRING,) if plan.recurring else (), 200 if plan.cost and plan.cost[0] > 5000 else 0)
    bad = _bad(rng, plan, story, good, place)
    made = (
        desk.days.today - timedelta(days=80)
        if plan.recurring
        else desk.days.day(plan.minute) - timedelta(days=rng.randint(25, 150))
    )
    return Case(
        desk=desk,
        rng=rng,
        plan=plan,
        story=story,
        shop=shop,
        good=good,
        place=place,
        bad=bad,
        whole=bad if story.consumer else max(rng.randint(*story.whole) // 5 * 5, -(-bad // 5) * 5),
        made=made,
        batch=f"{made:%Y%m%d}-" + ("B07" if plan.recurring else f"{rng.choice('AB')}{rng.randint(1, 12):02}"),
        handler=desk.handler(rng, shop),
        recorder=desk.clerk(rng),
    )


def _bad(rng: Random, plan: Plan, story: ComplaintStory, good: Good, place: int) -> int:
    """How many units are concerned; as many as the planned cost asks for."""
    usual = rng.randint(*story.bad)
    if plan.cost is None or not any(line.by_unit for line in matching(story.remedies, place)):
        return usual
    least = int((Decimal(plan.cost[0]) / good.price).to_integral_value(ROUND_UP))
    return max(least, min(usual, int(plan.cost[1] // good.price)), 1)
