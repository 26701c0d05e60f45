"""Cards that fit what a customer says: by words in common, then by content and cause; those that helped first."""

from __future__ import annotations

from typing import Any

import pytest

from app.core import search_index
from app.models.cards import Card
from app.services.card_suggestions import suggest
from tests.make import Make

SHORT, SWAP, LATE = "隔壁每周都有货，我订十条只给两条？", "封口像是重新粘过，路上让人调了包？", "说好周二送货，又拖到周四"


@pytest.fixture
def three(make: Make) -> list[Card]:
    """Published cards about short supply, swapped goods and late delivery."""
    return [
        make.card("published", words=SHORT, content="need", cause="system.supply_shortage"),
        make.card("published", words=SWAP, content="product", cause="company.delivery"),
        make.card("published", words=LATE, content="service", cause="company.delivery"),
    ]


def numbers(make: Make, words: str, **axes: Any) -> list[str]:
    return [one.card.number for one in suggest(make.session, words, **axes)]


@pytest.mark.parametrize(
    ("said", "card"),
    [
        ("我订了十条青峦，到货两条，隔壁每周都有六条", "YK-0001"),
        ("这条封口重新粘过吧", "YK-0002"),
        ("周二的货又拖到晚上", "YK-0003"),
        ("ＹＫ 周二送货 拖到周四", "YK-0003"),
    ],
)
def test_the_card_with_most_words_in_common_comes_first(make: Make, three: list[Card], said: str, card: str) -> None:
    assert numbers(make, said)[0] == card


@pytest.mark.parametrize("said", ["今天天气不错", "你们都是这样的", "好", ""])
def test_words_that_say_nothing_find_nothing(make: Make, three: list[Card], said: str) -> None:
    assert numbers(make, said) == []


def test_the_same_cause_is_enough_and_decides_between_words_alike(make: Make, three: list[Card]) -> None:
    assert numbers(make, "货到哪里了", cause="company.delivery") == ["YK-0002", "YK-0003"]
    assert numbers(make, "货到哪里了", content="service", cause="company.delivery") == ["YK-0003", "YK-0002"]


def test_before_anything_is_said_the_content_alone_finds(make: Make, three: list[Card]) -> None:
    assert numbers(make, "", content="need") == ["YK-0001"]
    assert numbers(make, "货到哪里了", content="need") == []


def test_of_cards_alike_the_one_that_helped_comes_first(make: Make, three: list[Card]) -> None:
    twin = make.card("published", words=SHORT, content="need")
    make.steps(make.objection(card=twin.number), ("close", {"solved_on_spot": True}))
    make.objection(card=three[0].number)
    found = suggest(make.session, SHORT)
    assert [(one.card.number, one.usage) for one in found] == [(twin.number, (1, 1)), ("YK-0001", (1, 0))]


@pytest.mark.parametrize("status", ["collected", "discussed", "rehearsed", "retired", "voided"])
def test_only_published_cards_are_offered(make: Make, status: str) -> None:
    make.card(status, words=SHORT)
    assert numbers(make, SHORT) == []


def test_evidence_that_expired_is_said(make: Make, clock: Any) -> None:
    line = {"evidence": make.evidence(valid_to="2026-11-24").number}
    make.card("published", words=SHORT, evidence_lines=[line])
    assert suggest(make.session, SHORT)[0].faults == ()
    clock.advance(days=2)
    assert suggest(make.session, SHORT)[0].faults == ("YJ-0001 “货源投放办法” expired on 2026-11-24.",)


def test_no_more_than_asked_for_are_offered(make: Make) -> None:
    for _time in range(7):
        make.card("published", words=SHORT)
    assert len(suggest(make.session, SHORT)) == 5
    assert len(suggest(make.session, SHORT, most=2)) == 2


@pytest.mark.parametrize("said", ['"订十条" OR *', "'; DROP TABLE card", "订" * 5000, "\x00订十条只给", "％％％％"])
def test_whatever_is_typed_is_only_words(make: Make, three: list[Card], said: str) -> None:
    numbers(make, said)
    assert Card.select().count() == 3


def test_pairs_do_not_reach_over_blanks() -> None:
    assert search_index.pairs_of("订货 了 AB") == {"订货", "ab"}
