"""Pocket cards and pre-visit sheets: nothing of a text is lost, however long, and what no longer holds says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.core import language
from app.core.errors import UserError
from app.core.session import Session
from app.models import prints
from app.models.record import find_any
from app.reports import papers
from app.reports.documents.cards import CARD_HEIGHT, SIZES, PocketCard, _Face, _parts, _set, cards_sheaf, faces_of
from app.reports.pdf import bind
from app.services import cases
from tests.make import Make
from tests.reports.reading import pages_of, text_of
from tests.reports.samples import paper

SENTENCE = "货按近三个月的动销和诚信等级排，每周一重排，不看人情。"
CARD = PocketCard("YK-0002", 3, "隔壁有货，我没有？", "需求", SENTENCE, "间接/转折", ("货源投放管理办法（云商〔2025〕12 号）",))


@pytest.fixture(autouse=True)
def _chinese(_english: None) -> None:
    language.choose("zh_CN")


def told(card: PocketCard) -> str:
    return "".join(row.line.text for face in faces_of(card) for row in face.rows)


def test_a_card_says_everything_in_order() -> None:
    text = text_of(bind(cards_sheaf(paper("YK-0002"), [CARD])))
    place = 0
    for part in ("需求", "YK-0002第3版", "“隔壁有货，我没有？”", "货按近三个月", "处理方法：间接/转折", "依据：货源投放管理办法"):
        place = text.find(part, place)
        assert place >= 0, part


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (8, 1), (9, 2), (16, 2), (17, 3)])
def test_eight_cards_stand_on_a_page(count: int, pages: int) -> None:
    found = pages_of(bind(cards_sheaf(paper(), [replace(CARD, number=f"YK-{n:04}") for n in range(1, count + 1)])))
    assert len(found) == pages
    assert [page.count("处理方法") for page in found] == [8] * (count // 8) + ([count % 8] if count % 8 else [])


def size_on(faces: Sequence[_Face]) -> float:
    return max(row.style.size for row in faces[0].rows)


def test_type_shrinks_with_the_text_to_a_floor() -> None:
    cards = [replace(CARD, answer=SENTENCE * times) for times in range(1, 30)]
    alone = [size_on(faces) for faces in map(faces_of, cards) if len(faces) == 1]
    assert alone == sorted(alone, reverse=True)
    assert (alone[0], alone[-1]) == (SIZES[0], SIZES[-1])


def test_the_type_of_a_card_that_goes_on_is_as_large_as_its_cards_allow() -> None:
    for card in (replace(CARD, answer=SENTENCE * times) for times in range(12, 40)):
        faces = faces_of(card)
        larger = [size for size in SIZES if size > size_on(faces)]
        assert all(len(_parts(_set(card, size))) > len(faces) for size in larger)


@pytest.mark.parametrize("times", [1, 12, 13, 30, 200])
@pytest.mark.parametrize("word", [SENTENCE, "Deliveries come on Tuesday. ", "无标点" * 9])
def test_no_character_is_lost_however_long_the_text(times: int, word: str) -> None:
    card = replace(CARD, answer=(word * times).strip())
    assert card.answer.replace(" ", "") in told(card).replace(" ", "")
    assert all(sum(row.height for row in face.rows) < CARD_HEIGHT for face in faces_of(card))


def test_a_card_that_goes_on_says_where() -> None:
    text = text_of(bind(cards_sheaf(paper(), [replace(CARD, answer=SENTENCE * 30)])))
    parts = len(faces_of(replace(CARD, answer=SENTENCE * 30)))
    assert parts >= 3
    assert all(f"{part}/{parts}" in text for part in range(1, parts + 1))
    assert text.count("下接") == parts - 1


def test_cards_of_a_branch_are_printed_together_and_each_is_counted(session: Session, make: Make) -> None:
    proof = make.evidence(valid_to="2026-11-24")
    made = [make.card("published", evidence_lines=[{"evidence": proof.number}]), make.card("published", words="价格太高")]
    issued = papers.pocket_cards(session, made)
    papers.keep_record(session, issued)
    text = text_of(issued.content)
    assert "编号YK-0001至YK-0002" in text
    assert "货源投放办法（城东〔2026〕12号）" in text
    assert (issued.draft, issued.numbers) == (False, ["YK-0001", "YK-0002"])
    assert [len(prints.of(card)) for card in made] == [1, 1]


@pytest.mark.parametrize(("status", "mark"), [("collected", "尚未发布"), ("retired", "已停用"), ("voided", "作废")])
def test_a_card_that_is_not_in_use_says_so(session: Session, make: Make, status: str, mark: str) -> None:
    issued = papers.pocket_cards(session, [make.card(status)])
    assert issued.draft
    assert mark in text_of(issued.content)


def test_evidence_that_no_longer_holds_says_so(session: Session, make: Make, clock: Any) -> None:
    card = make.card("published", evidence_lines=[{"evidence": make.evidence(valid_to="2026-11-24").number}])
    clock.advance(days=3)
    assert "已失效" in text_of(papers.pocket_cards(session, [card]).content)


def test_there_is_nothing_to_print_before_a_card_is_published(session: Session, make: Make) -> None:
    with pytest.raises(UserError, match="没有已发布的异议卡"):
        papers.pocket_cards(session, [])
    with pytest.raises(UserError, match="KH-0001"):
        papers.paper(session, papers.CARDS, cases.load(session, make.customer().number))


def visit(session: Session, number: str) -> str:
    return text_of(papers.paper(session, papers.VISIT, cases.load(session, number)).content)


def test_the_visit_sheet_tells_what_one_has_to_know(session: Session, make: Make) -> None:
    customer = make.customer(
        tier="key",
        integrity="A",
        route="城东 1 线",
        customer_since="2019-05-01",
        background="与隔壁不和",
        contacts=[
            {"name": "周小妹", "role": "店员"},
            {"name": "周建国", "role": "店主", "phone": "13800001234", "main": True},
            {"name": "老周", "until": "2025-01-01"},
        ],
    )
    make.card("published")
    make.steps(
        make.objection(customer=customer.number, what="为什么别人有货我没有"),
        ("close", {"solved_on_spot": True, "result": "看了明细，释然", "satisfaction": 5}),
    )
    make.steps(make.objection(customer=customer.number, what="送货晚"), ("promise", {"promised_at": "2026-11-24 17:00"}))
    make.complaint(customer=customer.number, description="六条霉变")
    text = visit(session, customer.number)
    for part in ("鑫瑞达商行KH-0001", "关键", "城东1线", "2019年5月1日", "店主", "YY-202611-0002", "2026年11月24日17:00"):
        assert part in text
    for part in ("六条霉变", "送货晚", "看了明细，释然", "5/5", "“为什么别人有货，我没有？”", "货源按近三月动销排"):
        assert part in text
    assert text.index("周建国★") < text.index("周小妹")
    assert "老周" not in text
    assert "与隔壁不和" not in text  # a restricted note stays in the house


def test_an_overdue_promise_is_marked_on_the_visit_sheet(session: Session, make: Make, clock: Any) -> None:
    objection = make.steps(make.objection(), ("promise", {"promised_at": "2026-11-24 17:00"}))
    assert "已逾期" not in visit(session, objection.customer.number)
    clock.advance(days=2)
    assert "已逾期" in visit(session, objection.customer.number)


def test_a_customer_of_whom_nothing_is_known_has_a_sheet_too(session: Session, make: Make) -> None:
    text = visit(session, make.customer(phone=None).number)
    assert text.count("无") >= 4
    assert len(pages_of(papers.paper(session, papers.VISIT, cases.load(session, "KH-0001")).content)) == 1


def test_only_customers_are_visited(session: Session, make: Make) -> None:
    with pytest.raises(UserError, match="CP-0001"):
        visit(session, make.product().number)


def test_a_birthday_is_on_the_sheet(session: Session, make: Make) -> None:
    customer = make.customer(contacts=[{"name": "周建国", "birthday": date(1980, 11, 25)}])
    assert "1980-11-25" in visit(session, find_any(session, customer.number).number)
