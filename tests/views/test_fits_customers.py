"""The customers' pages at the sizes that desks have, in both languages: nothing cut, nothing over another, everything named."""

from __future__ import annotations

from typing import Any, cast

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core import language
from app.models import merges
from app.models.customers import LOG_KINDS, Customer
from app.models.listing import Query
from app.views import style
from app.views.contact_log import LogPanel
from app.views.customers import CustomerPage
from app.views.merge import MergePage
from app.views.work import pool
from tests.make import Make
from tests.views.full_branch import NAME, WORDS, Branch
from tests.views.stage import Told, open_window, settle, throw_away
from tests.views.test_fits import LOOKS
from tests.views.walk import Walk


def steps(customer: str) -> tuple[Any, ...]:
    """What happened to a customer who has everything."""
    told = {"company_told": f"市场科 {customer}", "maker_told": "厂家代表"}
    return (
        ("grade", {"tier": "poor", "integrity": "D", "reason": WORDS}),
        ("log", {"kind": "visit", "text": WORDS, "contact": "欧阳周建国"}),
        ("log", {"kind": "survey", "why_us": WORDS, "why_buy": WORDS, "improve": WORDS}),
        ("log", {"kind": "market", "text": WORDS, "brand": "青峦（细支）"} | told),
        ("lose", {"lost_reason": WORDS}),
    )


class File:
    """A branch with a customer who has everything, a complaint among it, and the same one once more."""

    def __init__(self, make: Make) -> None:
        self.session = make.session
        contact = {"name": "欧阳周建国", "role": "店主，主要联系人", "phone": "138 0000 1234", "main": True}
        facts = {"address": "城东区解放路 118 号（菜场东门）", "licence": "330102104417", "route": "城东 3 线·周二送货"}
        business = {"customer_manager": "刘洋", "type": "retailer", "tier": "key", "integrity": "A", "tags": ("临街", "学校旁")}
        first = make.customer(name=NAME, background=WORDS, contacts=[contact], **facts, **business)
        self.customer = str(first.number)
        case = make.complaint(customer=self.customer, description=WORDS)
        make.steps(case, "sign", ("accept", {"promised_at": "2026-11-23 17:00"}))
        make.steps(make.again(first), *steps(self.customer))
        self.other = twin(make)


def twin(make: Make) -> Customer:
    """The same customer once more, with people of its own."""
    contacts = [
        {"name": "欧阳周建国", "phone": "138 0000 1234", "birthday": "1970-11-24", "main": True},
        {"name": "李秀兰", "role": "前店主", "until": "2026-06-02"},
    ]
    given = {"address": "城东区人民东路 118 号（小学对面）", "background": WORDS, "customer_since": "2014-11-25"}
    return make.customer(name=f"{NAME}（新店）", contacts=contacts, integrity="B", licence="330102104999", **given)


def at(walk: Walk, place: str) -> None:
    """Look at the page alone: the sidebar is looked at elsewhere."""
    walk.at(place, walk.window.page)


def look_at_pages(walk: Walk, other: Customer) -> None:
    window, customer = walk.window, walk.branch.customer
    for number in (customer, other.number):
        window.open_record(str(number))
        at(walk, f"customer {number}")
        walk.facts(f"customer {number}, facts")
    assert isinstance(window.page, CustomerPage)
    for code in ("grade", "lose", "end", "void"):
        window.page.start(code)
        at(walk, f"step {code}")
    window.page.start("log")
    panel = window.page.findChildren(LogPanel)[-1]
    for choice in LOG_KINDS:
        panel.kinds._choose(choice.code)
        at(walk, f"log, {choice.code}")
    panel.take()
    at(walk, "log, wrong")
    panel.gone.emit()
    window.open_form("customer", {"name": NAME, "phone": "13800001234"})
    at(walk, "form, here already")
    walk.facts("form, facts")


def look_at_pairs(walk: Walk, other: Customer, qtbot: QtBot) -> None:
    window, keep = walk.window, walk.branch.customer
    window.open_form("duplicates")
    at(walk, "duplicates, comparing")
    pool().waitForDone()
    settle(qtbot)
    at(walk, "duplicates")
    window.open_form("merge", {"keep": keep})
    at(walk, "merge, asking")
    window.open_form("merge", {"keep": keep, "other": str(other.number)})
    assert isinstance(window.page, MergePage)
    assert len(window.page.choosers) >= 4
    at(walk, "merge")
    session = walk.branch.session
    merges.merge(session, Customer.get(Customer.number == keep), Customer.get_by_id(other.id))
    window.open_record(str(other.number))
    at(walk, "merged")
    window.open_page("customers", Query(where={"status": ("merged",)}))
    at(walk, "merged ones listed")
    window.open_page("workbench")
    at(walk, "workbench, coming days")


@pytest.mark.parametrize(("width", "height", "code", "scale"), LOOKS)
def test_nothing_of_the_customers_file_is_cut_covered_or_nameless(
    width: int, height: int, code: str, scale: float, qtbot: QtBot, qapp: QApplication, make: Make, told: Told
) -> None:
    file = File(make)
    language.choose(code)
    if scale != style.look().scale:
        style.apply(qapp, "light", scale)
    window = open_window(qtbot, file.session, width, height)
    walk = Walk(window, cast(Branch, file), told, (width, height, code))
    look_at_pages(walk, file.other)
    look_at_pairs(walk, file.other, qtbot)
    told.messages.clear()
    throw_away(window)
    assert not walk.found, "\n".join(f"{place}: {what}" for what, place in walk.found.items())
    assert walk.places > 20
