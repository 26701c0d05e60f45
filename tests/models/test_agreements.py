"""Agreements that are edited: what came from the template follows the values, what was written by hand stays; the parties."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from app.core import formats, language
from app.core.database import database
from app.core.session import Session
from app.models import agreements, branches, clauses
from app.models.agreement_steps import drawn_up
from app.models.agreements import Agreement
from app.models.clauses import Clause
from app.models.record import edit, values_of
from tests.make import Make
from tests.models.stands import agreement_in

OWN = [
    Clause(("has_goods", "has_deadline"), "甲方于{deadline}前送达。"),
    Clause(("has_goods", "no_deadline"), "甲方尽快送达。"),
    Clause(("has_money",), "付款{amount}元（{amount_capitals}）。"),
    Clause((), "本协议一式{copies}份。"),
    Clause((), "{branch}与{customer}各执{copies_each}份。"),
]
GOODS: dict[str, Any] = {"remedy": "goods", "amount": "100.00"}
MONEY: dict[str, Any] = {"remedy": "money", "amount": "300.00"}


@pytest.fixture
def draft(make: Make, session: Session) -> Agreement:
    """A draft with goods and money to be given by 30 November 2026."""
    language.choose("zh_CN")
    clauses.keep(session, OWN)
    made = agreement_in(make, "draft")
    return changed(session, made, lines=[GOODS, MONEY], deadline="2026-11-30")


def changed(session: Session, agreement: Agreement, **values: Any) -> Agreement:
    return edit(session, agreement, values, agreement.version)


def lines(agreement: Agreement) -> list[str]:
    return str(agreement.clauses).split("\n")


def by_hand(session: Session, agreement: Agreement, old: str, new: str) -> Agreement:
    return changed(session, agreement, clauses=agreement.clauses.replace(old, new))


# Clauses.


@pytest.mark.parametrize(
    ("values", "there", "gone"),
    [
        ({"deadline": "2027-01-15"}, "甲方于2027年1月15日前送达。", "2026年11月30日"),
        ({"deadline": None}, "甲方尽快送达。", "甲方于"),
        ({"copies": 4}, "本协议一式四份。", "一式两份"),
        ({"party_a": "城东公司"}, "城东公司与鑫瑞达商行各执一份。", "城东分公司"),
        ({"party_b": "鑫瑞达超市"}, "城东分公司与鑫瑞达超市各执一份。", "鑫瑞达商行"),
        ({"lines": [GOODS, MONEY | {"amount": "50.00"}]}, "付款50.00元（人民币伍拾元整）。", "300"),
        ({"lines": [MONEY]}, "付款300.00元（人民币叁佰元整）。", "送达"),
    ],
)
def test_clauses_of_the_template_follow_what_is_edited(
    draft: Agreement, session: Session, values: dict[str, Any], there: str, gone: str
) -> None:
    found = changed(session, draft, **values)
    assert there in lines(found)
    assert gone not in found.clauses


def test_a_form_that_gives_all_values_back_changes_no_more_than_was_edited(draft: Agreement, session: Session) -> None:
    before = lines(draft)
    codes = ("party_a", "party_b", "facts", "clauses", "deadline", "copies", "lines")
    whole = {code: value for code, value in values_of(session, draft).items() if code in codes}
    again = changed(session, draft, **whole)
    assert (lines(again), again.version) == (before, draft.version)
    later = changed(session, draft, **whole | {"deadline": "2027-01-15"})
    assert lines(later) == ["甲方于2027年1月15日前送达。", *before[1:]]


def test_a_clause_that_was_edited_by_hand_stays_and_its_neighbours_follow(draft: Agreement, session: Session) -> None:
    draft = by_hand(session, draft, "前送达。", "前送到仓库。")
    found = changed(session, draft, deadline="2027-01-15", lines=[GOODS, MONEY | {"amount": "50.00"}])
    assert lines(found)[:2] == ["甲方于2026年11月30日前送到仓库。", "付款50.00元（人民币伍拾元整）。"]


def test_clauses_that_were_added_or_taken_away_by_hand_stay_so(draft: Agreement, session: Session) -> None:
    first, money, _copies, each = lines(draft)
    draft = changed(session, draft, clauses="\n".join([first, "另赠两条。", money, each]))
    found = changed(session, draft, deadline="2027-01-15", copies=4)
    assert lines(found) == ["甲方于2027年1月15日前送达。", "另赠两条。", money, "城东分公司与鑫瑞达商行各执两份。"]


def test_one_edit_may_change_both_a_value_and_the_wording_of_a_clause(draft: Agreement, session: Session) -> None:
    worded = draft.clauses.replace("本协议", "本文件")
    found = changed(session, draft, deadline="2027-01-15", clauses=worded)
    assert lines(found)[0] == "甲方于2027年1月15日前送达。"
    assert "本文件一式两份。" in lines(found)


def test_a_clause_that_comes_to_hold_stands_in_its_usual_place_once(draft: Agreement, session: Session) -> None:
    without = changed(session, draft, lines=[GOODS])
    assert len(lines(without)) == 3
    found = changed(session, without, lines=[GOODS, MONEY])
    assert lines(found)[1] == "付款300.00元（人民币叁佰元整）。"
    assert changed(session, found, deadline="2027-01-15").clauses.count("付款") == 1


def test_clauses_follow_in_their_own_language_and_by_the_template_they_came_from(draft: Agreement, session: Session) -> None:
    clauses.keep(session, [Clause((), "全新的条款。")])
    language.choose("en")
    found = changed(session, draft, deadline="2027-01-15", copies=4)
    assert lines(found)[0] == "甲方于2027年1月15日前送达。"
    assert "本协议一式四份。" in lines(found)


def test_shipped_clauses_follow_in_the_other_language(make: Make, session: Session) -> None:
    draft = changed(session, agreement_in(make, "draft"), deadline="2026-11-30")
    language.choose("zh_CN")
    found = changed(session, draft, deadline="2027-01-15", copies=4)
    assert "Party A transfers 300.00 yuan to Party B's account by 15 January 2027" in found.clauses
    assert "four copies" in found.clauses


def test_a_draft_is_drawn_up_with_the_values_given_and_the_wording_given(make: Make, session: Session) -> None:
    complaint = make.approved()
    start = make.steps(complaint, "agreement")
    text = agreements.current(session, start).clauses.replace("keep this agreement", "never publish this agreement")  # type: ignore[union-attr]
    again = make.steps(make.again(complaint), ("agreement", {"clauses": text, "deadline": "2027-01-15", "copies": 4}))
    found = agreements.current(session, again)
    assert found is not None
    assert "by 15 January 2027" in found.clauses
    assert "four copies" in found.clauses
    assert "never publish this agreement" in found.clauses


@pytest.mark.parametrize(("given", "kept"), [({"deadline": None}, None), ({}, "2026-11-30"), ({"facts": None}, "2026-11-30")])
def test_what_is_taken_out_while_drawing_up_stays_out_and_what_is_not_given_has_its_usual_value(
    make: Make, session: Session, given: dict[str, Any], kept: str | None
) -> None:
    found = agreements.current(session, make.steps(make.approved(), ("agreement", given)))
    assert found is not None
    assert (found.deadline and found.deadline.isoformat()) == kept
    assert ("by 30 November" in found.clauses, "within five working days" in found.clauses) == (bool(kept), not kept)
    assert found.facts


# What is odd about clauses.


def odd(session: Session, agreement: Agreement, **values: Any) -> str:
    now = values_of(session, agreement) | values
    return agreements.follower_of(session, agreement)(now, now)[1]["clauses"]


def test_a_clause_written_by_hand_that_names_another_day_is_warned_about(draft: Agreement, session: Session) -> None:
    assert odd(session, draft) == ""
    draft = by_hand(session, draft, "前送达。", "前送到仓库。")
    assert odd(session, draft) == ""
    draft = changed(session, draft, deadline="2027-01-15")
    language.choose("en")
    assert odd(session, draft) == (
        "Clause 1 was written by hand and names 30 November 2026, but the deadline is 15 January 2027. Compare them."
    )


@pytest.mark.parametrize(
    "words", ["于2026-11-30前", "by 30 November 2026", "于 2026 年 11 月 30 日前", "before November 30, 2026", "2026.11.30前付款"]
)
def test_another_day_is_found_however_it_is_written(draft: Agreement, session: Session, words: str) -> None:
    draft = changed(session, draft, deadline="2027-01-15", clauses=f"{draft.clauses}\n{words}")
    assert "2026年11月30日" in odd(session, draft)


def test_without_a_deadline_a_day_in_a_clause_is_warned_about(draft: Agreement, session: Session) -> None:
    draft = by_hand(session, draft, "前送达。", "前送到仓库。")
    assert odd(session, changed(session, draft, deadline=None))


def test_what_is_no_day_and_what_the_template_itself_says_is_not_odd(draft: Agreement, session: Session) -> None:
    clauses.keep(session, [Clause((), "自2020年1月1日起的规定照旧。")])
    complaint = agreements.Agreement.get_by_id(draft.id).complaint
    fresh = agreements.current(session, Make(session).steps(complaint, "agreement"))
    assert fresh is not None
    assert odd(session, fresh, clauses=f"{fresh.clauses}\n货号2026-13-45，共20261130条。") == ""


# Parties.

BRANCH = {
    "legal_name": "杭州城东有限公司",
    "credit_code": "91330100MA2B4E7H1K",
    "address": "解放路12号",
    "phone": "0571-87000000",
    "representative": "陈志强",
}
CONTACTS = [
    {"name": "周建国", "role": "店主", "phone": "13900001111", "main": True, "until": "2026-11-01"},
    {"name": "周小妹", "role": "店员"},
    {"name": "周建军", "role": "店主", "phone": "13900002222", "main": True},
]
CODES = (
    *("party_a", "party_a_identity", "party_a_address", "party_a_representative", "party_a_phone"),
    *("party_b", "party_b_identity", "party_b_address", "party_b_contact", "party_b_phone"),
)


def parties(make: Make, **case: Any) -> list[str | None]:
    """The parties of an agreement that is drawn up for a new case."""
    found = agreements.current(make.session, make.steps(make.approved(**case), "agreement"))
    return [getattr(found, code) for code in CODES]


def test_an_agreement_names_both_parties_as_they_are_known(make: Make, session: Session) -> None:
    branches.edit(session, BRANCH)
    customer = make.customer(licence="330102104417", address="望江路88号", contacts=CONTACTS)
    assert parties(make, customer=customer.number, complainant="店里的人", address="别处", phone="13700000000") == [
        *("杭州城东有限公司", "91330100MA2B4E7H1K", "解放路12号", "陈志强", "0571-87000000"),
        *("鑫瑞达商行", "330102104417", "望江路88号", "周建军", "13800001234"),
    ]


def test_what_is_not_known_of_a_customer_comes_from_the_complaint(make: Make) -> None:
    customer = make.customer(phone=None).number
    told = {"complainant": "周建国", "address": "望江路88号", "phone": "13700000000"}
    assert parties(make, customer=customer, **told)[5:] == ["鑫瑞达商行", None, "望江路88号", "周建国", "13700000000"]
    assert parties(make, **told)[5:] == ["周建国", None, "望江路88号", None, "13700000000"]
    assert parties(make, complainant="路人")[1:] == [None] * 4 + ["路人"] + [None] * 4


@pytest.mark.parametrize("code", CODES)
def test_the_hash_is_over_the_parties_too(make: Make, session: Session, code: str) -> None:
    agreement = agreement_in(make, "draft")
    before = agreements.content_hash(session, agreement)
    assert agreements.content_hash(session, changed(session, agreement, **{code: "12345"})) != before


def test_a_released_agreement_keeps_its_parties_and_hash_whatever_becomes_of_branch_and_customer(
    make: Make, session: Session
) -> None:
    branches.edit(session, BRANCH)
    agreement = agreement_in(make, "released")
    branches.edit(session, {"address": "新址1号", "representative": "李卫东"})
    edit(session, agreement.complaint.customer, {"address": "搬走了"}, agreement.complaint.customer.version)
    again = Agreement.get_by_id(agreement.id)
    assert (again.party_a_address, again.party_a_representative) == ("解放路12号", "陈志强")
    assert agreements.content_hash(session, again) == again.content_hash


def test_an_agreement_released_before_these_were_kept_has_the_hash_it_had(make: Make, session: Session) -> None:
    agreement = agreement_in(make, "draft")
    for code in CODES[2:5] + CODES[7:]:
        database.execute_sql(f"UPDATE agreement SET {code} = NULL WHERE id = ?", (agreement.id,))
    bare = Agreement.get_by_id(agreement.id)
    codes = ("party_a", "party_a_identity", "party_b", "party_b_identity", "facts", "clauses", "deadline", "copies")
    values = values_of(session, bare)
    content = {code: values[code] for code in codes} | {"lines": values["lines"], "received": "2026-11-23"}
    content |= {"number": bare.number, "edition": 1, "complaint": bare.complaint.number}
    plain = json.dumps(formats.as_json(content, session.branch.zone), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert agreements.content_hash(session, bare) == hashlib.sha256(plain.encode()).hexdigest()


@pytest.mark.parametrize(("cause", "told"), [("product.defect", True), ("customer.low_mood", False)])
def test_what_the_customer_signs_does_not_lay_the_cause_on_them(make: Make, cause: str, told: bool) -> None:
    language.choose("en")
    record = make.steps(
        make.complaint(), "sign", ("accept", {"promised_at": "2026-11-24"}), ("investigate", {"findings": "属实"})
    )
    given = {"text": "更换", "valid": True, "cause": cause, "lines": [{"remedy": "replace", "quantity": "6", "unit": "条"}]}
    facts = str(drawn_up(make.session, make.steps(record, ("propose", given)))["facts"])
    assert "Found: the complaint is valid" in facts
    assert ("the cause is" in facts) is told
