"""Objection cards: four stages, editions, what must be there before publishing, and how often they helped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.core.errors import NotPermitted, RuleBroken, UserError, ValidationError
from app.core.session import Session
from app.models import card_use, evidence, history
from app.models.cards import Card, lacking
from app.models.listing import CARDS, EVIDENCE, Query
from app.models.record import edit, find, parts_of, values_of
from app.models.steps import option, step_of, take
from tests.conftest import Clock
from tests.make import Make


def as_role(session: Session, *roles: str) -> Session:
    return replace(session, roles=frozenset(roles), open=False)


def actions(record: Card) -> list[tuple[str, str]]:
    return [(entry.action, entry.note) for entry in history.of("card", record.id) if entry.action not in ("edit", "set")]


def test_numbers_are_those_of_the_trade(make: Make) -> None:
    assert (make.card().number, make.evidence().number) == ("YK-0001", "YJ-0001")


def test_a_card_ripens_with_minutes_and_a_rehearsal_note(make: Make) -> None:
    card = make.steps(
        make.card(answer=None, method=None),
        ("discuss", {"text": "别讲政策，先讲人情", "present": "王敏、刘洋", "answer": "我把明细带来了。", "method": "indirect"}),
        ("rehearse", {"note": "停顿太短", "players": "刘洋扮客户", "held_on": "2026-11-20"}),
        "publish",
    )
    assert (card.status, card.edition, card.answer, card.method) == ("published", 1, "我把明细带来了。", "indirect")
    assert card.published_at == make.session.clock()
    (minutes,), (rehearsal,) = parts_of(card, "minutes"), parts_of(card, "rehearsals")
    assert (minutes.held_on, minutes.present, minutes.text) == (date(2026, 11, 23), "王敏、刘洋", "别讲政策，先讲人情")
    assert (rehearsal.held_on, rehearsal.note) == (date(2026, 11, 20), "停顿太短")


def test_each_discussion_is_kept_and_a_rehearsed_card_may_be_discussed_again(make: Make) -> None:
    card = make.steps(make.card("rehearsed"), ("discuss", {"text": "答得太长，改短"}))
    assert card.status == "discussed"
    assert [line.text for line in parts_of(card, "minutes")] == ["先认同，再讲排序", "答得太长，改短"]


@pytest.mark.parametrize(("code", "named"), [("answer", "Answer is missing"), ("method", "Handling method is missing")])
def test_nothing_is_published_without_answer_and_method(make: Make, code: str, named: str) -> None:
    card = make.card("rehearsed", **{code: None})
    with pytest.raises(RuleBroken, match=named):
        take(make.session, card, "publish")
    assert make.again(card).status == "rehearsed"


def test_nothing_is_published_without_a_rehearsal_note(make: Make) -> None:
    assert "rehearsals" in lacking(make.session, make.card("discussed"))
    assert lacking(make.session, make.card("rehearsed")) == {}


@pytest.mark.parametrize(
    ("validity", "why"),
    [
        ({"valid_to": "2026-11-22"}, "YJ-0001 “货源投放办法” expired on 2026-11-22"),
        ({"valid_from": "2026-11-24"}, "YJ-0001 “货源投放办法” holds only from 2026-11-24 on"),
    ],
)
def test_evidence_that_does_not_hold_is_named(make: Make, validity: dict[str, str], why: str) -> None:
    card = make.card("rehearsed", evidence_lines=[{"evidence": make.evidence(**validity).number}])
    with pytest.raises(RuleBroken, match=why):
        take(make.session, card, "publish")


def test_evidence_holds_on_its_first_and_its_last_day(make: Make) -> None:
    proof = make.evidence(valid_from="2026-11-23", valid_to="2026-11-23")
    assert evidence.fault(make.session, proof) == ""


def test_void_evidence_is_named_too(make: Make) -> None:
    proof = make.evidence()
    card = make.card("rehearsed", evidence_lines=[{"evidence": proof.number}])
    take(make.session, proof, "void", {"reason": "办法废止"})
    with pytest.raises(RuleBroken, match="YJ-0001 “货源投放办法” is void"):
        take(make.session, card, "publish")


def test_evidence_does_not_end_before_it_begins(make: Make) -> None:
    with pytest.raises(ValidationError, match="Valid to cannot lie before Valid from"):
        make.evidence(valid_from="2026-11-23", valid_to="2026-11-22")


def test_the_same_evidence_stands_on_a_card_once(make: Make) -> None:
    line = {"evidence": make.evidence().number}
    with pytest.raises(ValidationError) as wrong:
        make.card(evidence_lines=[line, line])
    assert wrong.value.errors == {"evidence_lines[1].evidence": "YJ-0001 stands here twice."}


@pytest.mark.parametrize("step", ["publish", "retire"])
def test_only_a_manager_publishes_and_retires(make: Make, step: str) -> None:
    card = make.card("rehearsed" if step == "publish" else "published")
    given = {"reason": "过时"} if step == "retire" else {}
    with pytest.raises(NotPermitted, match="manager"):
        take(as_role(make.session, "clerk", "handler"), card, step, given)
    assert take(as_role(make.session, "manager"), card, step, given).status in ("published", "retired")


def test_a_published_card_that_is_edited_is_a_new_edition(make: Make) -> None:
    card = make.card("published")
    card = edit(make.session, card, {"answer": "这周起到货先通知您。"}, card.version)
    assert (card.edition, make.again(card).edition, card.status) == (2, 2, "published")
    assert actions(card)[-1] == ("edition", "Edition 2")
    changed = next(entry for entry in history.of("card", card.id) if entry.field == "answer")
    assert changed.old == "货源按近三月动销排，我把明细带来了。"


def test_minutes_and_notes_are_only_ever_added(make: Make) -> None:
    card = make.card("rehearsed")
    with pytest.raises(ValidationError, match="Minutes are added by steps only"):
        edit(make.session, card, {"minutes": []}, card.version)
    kept = [entry.new or "" for entry in history.of("card", card.id) if entry.field == "minutes"]
    assert ["先认同，再讲排序" in told for told in kept] == [True]


def test_saving_a_published_card_unchanged_makes_no_edition(make: Make) -> None:
    card = make.card("published")
    same = {code: value for code, value in values_of(make.session, card).items() if code in ("words", "answer", "evidence_lines")}
    assert edit(make.session, card, same, card.version).edition == 1


def test_before_publishing_an_edit_makes_no_edition(make: Make) -> None:
    card = make.card("rehearsed")
    assert edit(make.session, card, {"answer": "换个说法"}, card.version).edition == 1


def test_who_may_not_publish_may_not_edit_what_is_published(make: Make) -> None:
    card = make.card("published")
    with pytest.raises(NotPermitted):
        edit(as_role(make.session, "clerk"), card, {"answer": "随便说说"}, card.version)
    assert (make.again(card).answer, make.again(card).edition) == (card.answer, 1)


def test_a_new_edition_needs_what_publishing_needs(make: Make) -> None:
    card, expired = make.card("published"), make.evidence(valid_to="2026-01-31").number
    with pytest.raises(ValidationError, match="Answer is missing"):
        edit(make.session, card, {"answer": None}, card.version)
    with pytest.raises(ValidationError, match="expired on 2026-01-31"):
        edit(make.session, card, {"evidence_lines": [{"evidence": expired}]}, card.version)
    assert make.again(card).version == card.version


def test_a_retired_card_stays_as_it_was_until_it_is_discussed_again(make: Make) -> None:
    card = make.card("retired")
    assert card.retired_reason == "过时"
    with pytest.raises(UserError, match="YK-0001 is retired"):
        edit(make.session, card, {"answer": "再用"}, card.version)
    card = make.steps(card, ("discuss", {"text": "又有人问"}), ("rehearse", {"note": "行"}), "publish")
    assert (card.status, card.edition, card.retired_reason) == ("published", 2, None)


def test_a_card_is_made_from_a_solved_objection(make: Make) -> None:
    objection = make.steps(
        make.objection(what="凭什么隔壁有我没有", content="need", cause="customer.misunderstanding", method="indirect"),
        ("close", {"solved_on_spot": True, "result": "看了投放明细，客户释然。", "satisfaction": 5}),
    )
    card = take(make.session, objection, "make-card")
    assert isinstance(card, Card)
    assert (card.status, card.words, card.content, card.cause, card.method, card.answer, card.from_objection) == (
        "collected",
        "凭什么隔壁有我没有",
        "need",
        "customer.misunderstanding",
        "indirect",
        "看了投放明细，客户释然。",
        objection.number,
    )
    assert history.of("objection", objection.id)[-1].note == card.number
    with pytest.raises(RuleBroken, match="YK-0001 was made of it already"):
        take(make.session, make.again(objection), "make-card")


def test_the_words_of_a_card_may_be_sharpened_while_it_is_made(make: Make) -> None:
    objection = make.steps(make.objection(), ("close", {"solved_on_spot": True, "result": "好了"}))
    card = take(make.session, objection, "make-card", {"words": "订十条只给两条？", "answer": "下周期到四条。"})
    assert (card["words"], card["answer"]) == ("订十条只给两条？", "下周期到四条。")


def test_what_left_the_customer_dissatisfied_makes_no_card(make: Make) -> None:
    objection = make.steps(make.objection(), ("close", {"solved_on_spot": True, "satisfaction": 2}))
    with pytest.raises(RuleBroken, match="dissatisfied"):
        take(make.session, objection, "make-card")
    assert not option(make.session, objection, step_of(objection, "make-card")).possible


def test_an_objection_names_only_a_card_that_was_published(make: Make) -> None:
    with pytest.raises(ValidationError, match="YK-0001 is not published yet"):
        make.objection(card=make.card("rehearsed").number)
    with pytest.raises(ValidationError, match="no objection card YK-0099"):
        make.objection(card="YK-0099")
    retired = make.card("retired")
    assert make.objection(card=retired.number).card == retired


def test_the_card_may_be_named_at_closing(make: Make) -> None:
    card = make.card("published")
    objection = make.steps(make.objection(), ("close", {"solved_on_spot": True, "card": card.number}))
    assert objection.card == card


# How an objection with the card ended → whether the card helped.
ENDS = {
    "open": ((), False),
    "spot": ((("close", {"solved_on_spot": True}),), True),
    "spot and so-so": ((("close", {"solved_on_spot": True, "satisfaction": 3}),), True),
    "spot but dissatisfied": ((("close", {"solved_on_spot": True, "satisfaction": 2}),), False),
    "later and satisfied": ((("promise", {"promised_at": "2026-11-24"}), "reply", ("close", {"satisfaction": 4})), True),
    "later and so-so": ((("promise", {"promised_at": "2026-11-24"}), "reply", ("close", {"satisfaction": 3})), False),
    "later, no score": ((("promise", {"promised_at": "2026-11-24"}), "reply", "close"), False),
    "complaint": (("escalate",), False),
}


@pytest.mark.parametrize("end", ENDS)
def test_a_card_helped_where_the_objection_was_solved(make: Make, end: str) -> None:
    steps, helped = ENDS[end]
    card = make.card("published")
    objection = make.steps(make.objection(card=card.number), *steps)
    assert card_use.usage([card]) == {card.id: (1, int(helped))}
    (use,) = card_use.uses(make.session, card)
    assert (use.number, use.status, use.helped) == (objection.number, objection.status, helped)


def test_void_objections_count_nowhere(make: Make) -> None:
    card = make.card("published")
    make.steps(make.objection(card=card.number), ("void", {"reason": "重复"}))
    assert card_use.usage([card]) == {card.id: (0, 0)}
    assert card_use.uses(make.session, card) == []


def test_lists_count_uses_and_sort_and_filter_by_them(make: Make) -> None:
    often, seldom = make.card("published"), make.card("published", words="价格太高了")
    for _time in range(2):
        make.steps(make.objection(card=often.number), ("close", {"solved_on_spot": True}))
    make.objection(card=seldom.number)
    place = {code: CARDS.columns.index(code) + 1 for code in ("number", "times_used", "times_helped")}

    def told(query: Query) -> list[tuple[object, ...]]:
        return [tuple(row[at] for at in place.values()) for row in CARDS.page(make.session, query, 0, 9)]

    assert told(Query(sort="times_used")) == [("YK-0001", 2, 2), ("YK-0002", 1, 0)]
    assert told(Query(sort="times_used", descending=False)) == [("YK-0002", 1, 0), ("YK-0001", 2, 2)]
    assert told(Query(where={"times_helped": ("0",)})) == [("YK-0002", 1, 0)]
    assert told(Query("价格")) == [("YK-0002", 1, 0)]


def test_the_list_of_evidence_counts_the_cards_that_rest_on_it(make: Make) -> None:
    proof = make.evidence()
    card = make.card(evidence_lines=[{"evidence": proof.number}])
    place = EVIDENCE.columns.index("cards") + 1
    assert [row[place] for row in EVIDENCE.page(make.session, Query(), 0, 9)] == [1]
    assert card_use.resting_on(proof) == [card]
    make.steps(card, ("void", {"reason": "重复"}))
    assert card_use.resting_on(proof) == []


def test_cards_are_found_by_words_answer_and_origin(make: Make, clock: Clock) -> None:
    objection = make.steps(make.objection(), ("close", {"solved_on_spot": True, "result": "带明细上门"}))
    take(make.session, objection, "make-card")
    clock.advance(days=1)
    for typed in ("十条只给", "带明细", objection.number, "YK-0001"):
        assert len(CARDS.page(make.session, Query(typed), 0, 9)) == 1
    assert find(make.session, Card, "YK-0001").created_at == clock() - timedelta(days=1)
