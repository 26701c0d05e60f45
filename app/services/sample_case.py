"""A complaint of the sample branch as it is told: its facts, and the values of its registration form."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from app.core.fields import Value
from app.models.complaints import Complaint
from app.models.record import add, edit, find
from app.services.sample_desk import Desk, Shop
from app.services.sample_plans import Plan
from app.services.sample_texts import ComplaintStory, Good, Remedy, matching

CHANNELS = {"phone": 46, "on_site": 14, "counter": 9, "wechat": 12, "hotline": 8, "online": 6, "letter": 3, "fax": 1, "sms": 1}
_AMOUNTS = {"parking": (10, 40), "downtime": (120, 600), "other": (30, 150)}
_UNCLASSIFIED = 0.03
_SMALL = 300
"""Up to this cost in 元 a settlement may go without an agreement."""

Line = dict[str, Value]


@dataclass
class Case:
    """A complaint as it goes on; `place` chooses the sentences that belong together, `made` is when the goods were produced."""

    desk: Desk
    rng: Random
    plan: Plan
    story: ComplaintStory
    shop: Shop
    good: Good
    place: int
    bad: int
    whole: int
    made: date
    batch: str
    handler: str
    recorder: str
    words: dict[str, str] = field(default_factory=dict)
    losses: list[Line] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    bought: date = date.min
    by_agreement: bool = False
    recorded: Complaint | None = None

    @property
    def record(self) -> Complaint:
        """The complaint, once it is registered."""
        assert self.recorded is not None
        return self.recorded

    @property
    def cost(self) -> Decimal:
        """What the remedy lines add up to."""
        return sum(
            (Decimal(line.get("amount") or line.get("quantity", 0) * line.get("unit_price", 0)) for line in self.lines),
            Decimal(0),
        )

    def say(self, code: str) -> str:
        """The sentence of the story for that purpose, its braces filled."""
        return matching(self.story.says[code], self.place).format(**self.words)

    def any(self, code: str) -> str:
        """Any sentence of the story for that purpose."""
        return self.rng.choice(self.story.says[code]).format(**self.words)

    def phrase(self, code: str) -> str:
        """A phrase that fits any story."""
        return self.desk.library.phrase(self.rng, code)

    def learn(self) -> None:
        """Settle the facts: what was bought, what was lost, and what it will take to make it good."""
        rng = self.rng
        self.bought = self.desk.days.day(self.desk.minute) - timedelta(days=rng.randint(1, 6))
        self.losses = _losses(rng, self)
        remedies = matching(self.story.remedies, self.place)
        total = sum((line["amount"] for line in self.losses), Decimal(0))
        numbers = {"bad": str(self.bad), "quantity": str(self.whole), "loss": _plain(total), "batch": self.batch}
        days = {
            "bought": f"{self.bought.month}月{self.bought.day}日",
            "order": f"DD-{self.bought:%Y%m%d}-{rng.randint(1, 999):04}",
        }
        self.words = self.desk.words(rng, self.shop, self.good) | numbers | days
        self.lines = [_line(rng, self, remedy, total) for remedy in remedies]
        money = sum(
            (line["amount"] for line in self.lines if line.get("amount") is not None and line["remedy"] == "money"), Decimal(0)
        )
        self.words["money"] = _plain(money)
        wanted = bool(self.plan.agreement) or self.cost > _SMALL or rng.random() < 0.6
        self.by_agreement = self.story.material and wanted

    def register(self) -> None:
        """Write the form, a minute or two after the customer spoke."""
        received = self.desk.days.at(self.desk.minute).replace(second=0)
        self.learn()
        self.desk.minute += self.rng.uniform(1, 2.5)
        self.recorded = add(self.desk.by(self.recorder), Complaint, _values(self) | {"received_at": received})

    def complete_draft(self, number: str) -> None:
        """Fill in what an objection did not say before the recorder signs."""
        self.learn()
        self.recorded = find(self.desk.session, Complaint, number)
        values = _values(self)
        values["description"] = f"{self.record.description}\n转为投诉时补充：{values['description']}"
        self.desk.minute += self.rng.uniform(1, 2.5)
        self.recorded = edit(self.desk.by(self.recorder), self.record, values, self.record.version)


def _plain(amount: Decimal) -> str:
    return f"{amount:,.2f}".removesuffix(".00")


def _losses(rng: Random, case: Case) -> list[Line]:
    """What the customer says it cost; at least one where the remedies make it good."""
    story = case.story
    if story.amount is not None:
        amount = Decimal(rng.randint(*story.amount)) + rng.choice((Decimal(0), Decimal("0.50"), Decimal("0.80")))
        return [{"item": "other", "amount": amount, "note": "未退货款"}]
    items = [item for item in story.losses if rng.random() < 0.6] or list(story.losses[:1])
    return [
        {"item": item, "amount": _loss(rng, case, item), "note": rng.choice(case.desk.library.names["loss_notes"][item])}
        for item in items
    ]


def _loss(rng: Random, case: Case, item: str) -> Decimal:
    if item == "returns":
        return case.good.price * rng.choice((1, 1, 2))
    return Decimal(rng.randint(*_AMOUNTS[item]))


def _line(rng: Random, case: Case, remedy: Remedy, total: Decimal) -> Line:
    line: Line = {"remedy": remedy.remedy, "description": remedy.text.format(**case.words)}
    if remedy.by_unit:
        return line | {"quantity": Decimal(case.bad), "unit": "条", "unit_price": case.good.price}
    if remedy.by_loss:
        return line | {"amount": total}
    if remedy.bounds is not None:
        return line | {"amount": Decimal(rng.randrange(remedy.bounds[0], remedy.bounds[1] + 1, 10))}
    return line


def _values(case: Case) -> dict[str, Any]:
    """The registration form, without when it was received."""
    rng, story, shop = case.rng, case.story, case.shop
    channel = rng.choices(list(CHANNELS), list(CHANNELS.values()))[0]
    reference = f"{rng.choice(('12313', '12315'))}-{case.desk.days.day(case.desk.minute):%Y%m%d}-{rng.randint(1, 99):04}"
    tail = case.any("tail") if rng.random() < 0.7 else ""
    values: dict[str, Any] = {
        "customer": case.desk.customers[shop.place],
        "complainant": shop.contact,
        "channel": channel,
        "phone": shop.phone,
        "source_reference": reference if channel == "hotline" else None,
        "external": channel == "hotline",
        "address": shop.address,
        "end_user": f"{rng.choice('王李张陈')}先生（店里的顾客）" if story.about_product and rng.random() < 0.1 else None,
        "class": story.values["class"] if rng.random() >= _UNCLASSIFIED else None,
        "severity": _severity(case),
        "tags": _tags(case),
        "description": case.say("description") + tail,
        "wish": case.say("wish"),
        "went_wrong": case.say("wrong"),
        "feeling": case.any("feeling"),
        "reason": case.any("reason") if rng.random() < 0.8 else None,
        "loss_lines": case.losses,
    }
    return values | ({"product_lines": [_product_line(case)]} if story.about_product else {})


def _severity(case: Case) -> str | None:
    if case.good.price * case.bad > 1500 or case.story.code == "swap":
        return "major" if case.rng.random() < 0.8 else "urgent"
    return case.rng.choices(("general", "major", "urgent", None), (80, 12, 3, 5))[0]


def _tags(case: Case) -> tuple[str, ...]:
    if case.story.code in ("swap", "mold") and case.rng.random() < 0.2:
        return ("crisis_warning",)
    return ("market_information",) if case.story.code in ("allocation", "overstated") and case.rng.random() < 0.3 else ()


def _product_line(case: Case) -> Line:
    rng, good = case.rng, case.good
    opened = case.story.values["class"] == "product" and not case.story.consumer
    return {
        "product": case.desk.products[good.name],
        "specification": good.specification,
        "unit": "条",
        "batch": case.batch,
        "produced_on": case.made,
        "quantity": Decimal(case.whole),
        "defective_quantity": Decimal(case.bad),
        "symptom": case.say("symptom") if "symptom" in case.story.says else None,
        "order_number": None if case.story.consumer else case.words["order"],
        "bought_on": case.bought,
        "used_since": case.bought + timedelta(days=1) if opened and rng.random() < 0.4 else None,
        "earlier_brand": f"{case.words['other']}，正常" if opened and rng.random() < 0.35 else None,
        "recent_condition": rng.choice(("已停售，原样保存", "拆开的单独放着", "其余的暂停销售"))
        if opened and rng.random() < 0.5
        else None,
        "invoice": rng.random() < 0.8,
    }
