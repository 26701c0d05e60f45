"""Factories: records with sensible values, each named where a test cares."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.core.session import Session
from app.models.cards import Card
from app.models.complaints import Complaint
from app.models.customers import Customer
from app.models.evidence import Evidence
from app.models.objections import Objection
from app.models.products import Product
from app.models.record import add, find
from app.models.steps import take

_ANSWER = "货源按近三月动销排，我把明细带来了。"
_STAGES = (
    ("discuss", {"text": "先认同，再讲排序"}),
    ("rehearse", {"note": "说得太快"}),
    "publish",
    ("retire", {"reason": "过时"}),
)


class Make:
    """Makes records in the session of a test."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def customer(self, **values: Any) -> Customer:
        return add(self.session, Customer, {"name": "鑫瑞达商行", "phone": "13800001234"} | values)

    def product(self, **values: Any) -> Product:
        return add(self.session, Product, {"name": "云岭（硬）", "code": "YL01", "unit": "条"} | values)

    def complaint(self, **values: Any) -> Complaint:
        if "customer" not in values and "complainant" not in values:
            values["customer"] = self.customer().number
        first = {"received_at": self.session.clock() - timedelta(hours=1), "description": "六条霉变，有异味", "channel": "phone"}
        return add(self.session, Complaint, first | values)

    def objection(self, **values: Any) -> Objection:
        if "customer" not in values:
            values["customer"] = self.customer().number
        first = {"occurred_at": self.session.clock() - timedelta(hours=1), "what": "订十条只给两条"}
        return add(self.session, Objection, first | values)

    def evidence(self, **values: Any) -> Evidence:
        first = {"title": "货源投放办法", "type": "policy", "text": "按近三月动销和诚信等级排序", "source": "城东〔2026〕12号"}
        return add(self.session, Evidence, first | values)

    def card(self, status: str = "collected", **values: Any) -> Card:
        """A card that went the usual way to a status."""
        first = {"words": "为什么别人有货，我没有？", "content": "need", "method": "indirect", "answer": _ANSWER}
        taken = ("collected", "discussed", "rehearsed", "published", "retired", "voided").index(status)
        road = (("void", {"reason": "重复"}),) if status == "voided" else _STAGES[:taken]
        made: Card = self.steps(add(self.session, Card, first | values), *road)
        return made

    def steps(self, record: Any, *steps: Any) -> Any:
        """Take steps one after the other: a code, or (code, values)."""
        for step in steps:
            code, values = step if isinstance(step, tuple) else (step, {})
            record = take(self.session, record, code, values)
        return record

    def proposed(self, cost: str = "300.00", **values: Any) -> Complaint:
        """A complaint that waits for approval."""
        return self.steps(
            self.complaint(**values),
            "sign",
            ("accept", {"promised_at": "2026-11-24"}),
            ("investigate", {"at": "2026-11-23 10:00", "findings": "属实"}),
            (
                "propose",
                {"text": "更换并补偿", "valid": True, "lines": [{"remedy": "money", "amount": cost}]},
            ),
        )

    def approved(self, **values: Any) -> Complaint:
        return self.steps(self.proposed(**values), "approve")

    def again(self, record: Any) -> Any:
        """The record as it is in the database now."""
        return find(self.session, type(record), record.number)
