"""Self-test: which cards are due, for whom, and when they come again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.models import practice
from app.models.record import edit
from app.models.steps import take
from tests.conftest import Clock
from tests.make import Make


def due(make: Make, user: str = "王敏") -> list[str]:
    return [card.number for card in practice.today(replace(make.session, user=user)).cards]


def test_published_cards_are_new_to_everybody(make: Make) -> None:
    make.card("published")
    make.card("rehearsed")
    make.card("retired")
    assert due(make) == due(make, "刘洋") == ["YK-0001"]


def test_an_answer_concerns_the_person_alone(make: Make) -> None:
    card = make.card("published")
    practice.rate(make.session, card, 4)
    assert due(make) == []
    assert due(make, "刘洋") == ["YK-0001"]


def test_what_was_forgotten_comes_again_within_minutes_and_last(make: Make, clock: Clock) -> None:
    first, second = make.card("published"), make.card("published")
    assert practice.rate(make.session, first, 1) == clock() + timedelta(minutes=1)
    assert due(make) == [second.number, first.number]
    clock.advance(minutes=2)
    assert due(make) == [first.number, second.number]


def test_the_better_the_answer_the_later_it_comes(make: Make) -> None:
    spans = practice.outlook(make.session, make.card("published"))
    assert spans == tuple(sorted(spans))
    assert spans[0] == timedelta(minutes=1)
    assert spans[3] > timedelta(days=5)


def test_what_is_known_well_comes_after_longer_and_longer(make: Make, clock: Clock) -> None:
    card, spans = make.card("published"), []
    for _time in range(4):
        again = practice.rate(make.session, card, 4)
        spans.append(again - clock())
        clock.present = again
        assert due(make) == [card.number]
    assert spans == sorted(spans)
    assert len(set(spans)) == 4
    (kept,) = practice.Practice.select()
    assert (kept.reviews, kept.reviewed_at) == (4, clock.present - spans[-1])


def test_a_card_due_in_the_evening_is_due_today(make: Make, clock: Clock) -> None:
    card = make.card("published")
    practice.rate(make.session, card, 4)
    (kept,) = practice.Practice.select()
    due_on = kept.due.astimezone(make.session.branch.zone).date()
    clock.present = datetime(due_on.year, due_on.month, due_on.day, tzinfo=make.session.branch.zone).astimezone(UTC)
    assert due(make) == [card.number]
    clock.advance(minutes=-1)
    assert due(make) == []
    assert practice.next_day(make.session) == due_on


def test_nothing_is_due_later_where_nothing_was_answered(make: Make) -> None:
    make.card("published")
    assert practice.next_day(make.session) is None


def test_only_so_many_new_cards_come_on_a_day(make: Make, clock: Clock) -> None:
    for _time in range(practice.NEW_A_DAY + 2):
        make.card("published")
    assert len(due(make)) == practice.NEW_A_DAY
    for card in practice.today(make.session).cards:
        practice.rate(make.session, card, 4)
    assert due(make) == []
    assert practice.today(make.session).answered == practice.NEW_A_DAY
    clock.advance(days=1)
    assert due(make) == ["YK-0011", "YK-0012"]
    assert practice.today(make.session).answered == 0


def test_a_new_edition_is_due_at_once(make: Make) -> None:
    card = make.card("published")
    practice.rate(make.session, card, 4)
    card = edit(make.session, card, {"answer": "新的说法"}, card.version)
    assert due(make) == [card.number]
    practice.rate(make.session, card, 4)
    assert due(make) == []


def test_a_retired_card_is_not_asked(make: Make) -> None:
    card = make.card("published")
    practice.rate(make.session, card, 1)
    take(make.session, card, "retire", {"reason": "过时"})
    assert due(make) == []
    assert practice.next_day(make.session) is None


@pytest.mark.parametrize("rating", [0, 5])
def test_there_are_four_ratings(make: Make, rating: int) -> None:
    with pytest.raises(ValueError, match="not a valid Rating"):
        practice.rate(make.session, make.card("published"), rating)
    assert practice.Practice.select().count() == 0
