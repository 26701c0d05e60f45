"""One text through the whole life of every kind of record: forms, lines, steps, branch, clauses, attachments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.core.database import transaction
from app.core.session import USER, named
from app.core.settings import SETTINGS
from app.models import branches, clauses, deputies, numbering, saved_views
from app.models.agreements import Agreement
from app.models.cards import Card
from app.models.clauses import Clause
from app.models.customers import Customer
from app.models.evidence import Evidence
from app.models.listing import COMPLAINTS
from app.models.objections import Objection
from app.models.products import Product
from app.models.record import Record, add, find
from tests.naughty.complaint import complaints
from tests.naughty.hand import BEFORE, DAY, LATER, Hand
from tests.naughty.pen import Pen

CLAUSE = clauses.TEXT.but(code="clauses")
PATTERNS = tuple(declared for declared, _default in SETTINGS if declared.code.startswith("pattern_"))
_SURVEY, _MARKET = ("why_us", "why_buy", "improve"), ("brand", "company_told", "maker_told")


@dataclass(frozen=True)
class Walked:
    """What was written with which pen: the records by their part in the walk."""

    pen: Pen
    records: Mapping[str, Record]

    def marks(self) -> list[str]:
        """What the program itself gave these records: numbers, and hashes in full and as papers show them."""
        hashes = [record.content_hash for record in self.records.values() if isinstance(record, Agreement)]
        numbers = [record.number for record in self.records.values()]
        return [*numbers, *filter(None, hashes), *(digest[:12] for digest in hashes if digest)]


def walk(pen: Pen, folder: Path) -> Walked:
    """Write everywhere; `folder` takes the files that are attached."""
    with pen.session.changed.after(), transaction():  # hundreds of commits would wait for the disk
        hand = Hand(pen, folder)
        _branch(hand)
        records = {"customer": _customer(hand), "product": _product(hand)}
        records |= _objections(hand, records["customer"], records["product"])
        records |= complaints(hand, records["customer"], records["product"])
    return Walked(pen, {name: find(pen.session, type(one), one.number) for name, one in records.items()})


def _branch(hand: Hand) -> None:
    session, pen = hand.session, hand.pen
    pen.send("branch", lambda raw: branches.edit(session, raw), branches.FIELDS)
    pen.send("clauses", lambda raw: clauses.keep(session, [Clause((), raw["clauses"])]), (CLAUSE,))
    for one in PATTERNS:
        usual = session.settings[one.code]
        pen.offer("settings", one, lambda text, one=one: branches.change_settings(session, {one.code: text}))
        branches.change_settings(session, {one.code: usual})
    pen.offer("session", USER, named)
    (number,) = numbering.reserve(session, "complaint")
    pen.send("blank", lambda raw: numbering.void_reserved(session, number, raw["reason"]), (numbering.REASON,))
    for other in ("deputy", "principal"):
        pen.send("deputy", lambda raw: deputies.name(session, raw), deputies.FIELDS, _days("manager", **{other: "李卫东"}))
    view = saved_views.View(text=pen.typed or "")
    kept = pen.send("view", lambda raw: saved_views.keep(session, COMPLAINTS, raw["name"], view), (saved_views._NAME,))
    pen.expect("view.text", view.text, saved_views.find(session, COMPLAINTS, kept).text)


def _days(role: str, **given: str) -> dict[str, Any]:
    return given | {"role": role, "since": DAY, "until": LATER}


def _customer(hand: Hand) -> Any:
    hand.void(add(hand.session, Customer, {"name": "已关店"}))
    record = hand.add(Customer, {}, {"contacts": {}})
    hand.step(record, "log", kind="survey", **dict.fromkeys(_MARKET))
    hand.step(record, "log", kind="market", **dict.fromkeys(_SURVEY))
    hand.step(record, "grade", tier="key")
    record = hand.step(record, "lose", lost_on=BEFORE)
    record = hand.step(record, "return")
    record = hand.step(record, "end")
    hand.attach(record)
    return record


def _product(hand: Hand) -> Any:
    hand.void(add(hand.session, Product, {"name": "已停产"}))
    return hand.add(Product, {})


def _objections(hand: Hand, customer: Any, product: Any) -> dict[str, Any]:
    given = {"customer": customer.number, "occurred_at": hand.hour, "product": product.number}
    record = hand.add(Objection, given | {"card": None})
    record = hand.step(record, "promise", promised_at=DAY)
    record = hand.step(record, "reply", result=None)
    record = hand.step(record, "close", satisfaction=4)
    record = hand.step(record, "feed-back", fed_back_at=None)
    void = add(hand.session, Objection, given | {"what": "登记错了"})
    void = hand.step(hand.step(void, "promise", promised_at=DAY), "reply")
    return {"objection": record, "void objection": hand.step(void, "void")} | _cards(hand, record)


def _cards(hand: Hand, objection: Any) -> dict[str, Any]:
    """A card on evidence, published and retired; another one and other evidence, void."""
    proof = hand.add(Evidence, {})
    card = hand.step(objection, "make-card")
    card = hand.edited(card, {"method": "enquiry", "evidence_lines": [{"evidence": proof.number}]})
    card = hand.step(hand.step(card, "discuss"), "rehearse")
    published = hand.step(card, "publish")
    hand.void(add(hand.session, Evidence, {"title": "旧文件", "text": "已失效"}))
    hand.void(add(hand.session, Card, {"words": "说错了"}))
    hand.add(Card, {})
    return {"evidence": proof, "card": hand.step(published, "retire")}
