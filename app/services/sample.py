"""The sample branch: a year of a branch office's objections and complaints, made through the same verbs as a person's work."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import NamedTuple

from app.core.database import transaction
from app.core.errors import UserError
from app.core.language import _
from app.core.progress import Progress
from app.core.session import Changed, Session
from app.core.times import day_of
from app.models import branches, saved_views, unfinished
from app.models.agreements import Agreement
from app.models.cards import Card
from app.models.complaints import Complaint
from app.models.customers import Customer
from app.models.evidence import Evidence
from app.models.listing import COMPLAINTS, OPEN
from app.models.objections import Objection
from app.models.products import Product
from app.models.record import Record
from app.services import (
    sample_cards,
    sample_complaints,
    sample_course,
    sample_file,
    sample_objections,
    sample_plans,
    sample_shops,
    sample_texts,
)
from app.services.sample_days import WorkingDays
from app.services.sample_desk import Desk, Life

_KINDS: tuple[type[Record], ...] = (Customer, Product, Objection, Complaint, Agreement, Card, Evidence)


class Summary(NamedTuple):
    """How many records of each kind were made."""

    customers: int
    products: int
    objections: int
    complaints: int
    agreements: int
    cards: int
    evidence: int


def fill(
    session: Session,
    *,
    seed: int = 1,
    customers: int = 200,
    objections: int = 600,
    complaints: int = 150,
    months: int = 13,
    progress: Progress | None = None,
) -> Summary:
    """Fill an empty branch with `months` calendar months up to today; the same seed and local day give the same, but for uids.

    All or nothing. UserError where the branch holds customers already or nothing can be made of the numbers.
    """
    if min(objections, complaints) < 0 or customers < 1 or months < 1:
        raise UserError(_("A sample needs at least one customer and one month."))
    if Customer.select().where(Customer.branch_id == session.branch.id).exists():
        raise UserError(
            _("{branch} holds records already. Make the sample in a folder of its own.").format(branch=session.branch.name)
        )
    desk = _desk(session, seed, customers, months)
    with transaction():
        _introduce(desk)
        desk.live(_lives(desk, seed, objections, complaints), progress or Progress())
        sample_course.finish_actions(desk)
        _leave_unfinished(desk, session.user)
        _keep_views(desk.by(session.user))
    session.branch = desk.session.branch
    for kind in _KINDS:
        session.changed(kind.KIND)
    return Summary(*(kind.select().where(kind.branch_id == session.branch.id).count() for kind in _KINDS))


def _desk(session: Session, seed: int, customers: int, months: int) -> Desk:
    library = sample_texts.load()
    days = WorkingDays(day_of(session.clock(), session.branch.zone), months, session.branch.zone)
    shops = sample_shops.shops(Random(f"{seed} customers"), library, days, customers)
    return Desk(replace(session, changed=Changed()), days, library, shops)


def _introduce(desk: Desk) -> None:
    """Give the branch what its papers need and it does not have yet."""
    given = desk.library.names["branch"]
    empty = {code: value for code, value in given.items() if not getattr(desk.session.branch, code)}
    branches.edit(desk.by(desk.library.names["people"]["head"]), empty)


def _lives(desk: Desk, seed: int, objections: int, complaints: int) -> list[tuple[float, Life]]:
    rng = Random(f"{seed} cases")
    cases = sample_plans.plans(rng, desk, complaints, min(complaints // 12, objections // 40))
    turned = [plan.minute - 30 for plan in cases if plan.escalated]
    talks = sample_objections.plans(rng, desk, objections, turned)
    return [
        (0.0, sample_shops.enter_products(desk)),
        *sample_shops.lives(Random(f"{seed} changes"), desk),
        *sample_file.lives(Random(f"{seed} contacts"), desk),
        *sample_cards.lives(desk),
        *sample_objections.lives(Random(f"{seed} objections"), desk, talks, sample_complaints.born(rng, desk, cases)),
        *sample_complaints.lives(Random(f"{seed} complaints"), desk, cases),
    ]


def _keep_views(session: Session) -> None:
    """What the branch head looks at each morning."""
    views = {"紧急未结": {"status": (OPEN,), "severity": ("urgent",)}, "产品质量": {"class": ("product",)}}
    for name, where in views.items():
        saved_views.keep(session, COMPLAINTS, name, saved_views.View(where=where))


def _leave_unfinished(desk: Desk, who: str) -> None:
    """Two forms that somebody was called away from."""
    days, shops = desk.days, desk.shops
    for minutes, kind, shop, title, content in (
        (200, "objection", shops[-1], "货源不足", {"what": "青峦（硬）又没到货，老顾客问了好几回", "channel": "phone"}),
        (
            35,
            "complaint",
            shops[len(shops) // 2],
            "漏气、掉烟丝",
            {"description": "青峦（硬）漏气、掉烟丝，顾客退回来 2 条", "channel": "wechat"},
        ),
    ):
        desk.minute = days.end - minutes
        when = "occurred_at" if kind == "objection" else "received_at"
        typed: dict[str, object] = {
            "customer": desk.customers[shop.place],
            when: f"{days.at(desk.minute).astimezone(days.zone):%Y-%m-%d %H:%M}",
        }
        unfinished.keep(desk.by(who), kind, f"{shop.name} {title}", typed | content)
