"""The clauses of agreements: which ones a settlement takes, what is filled in, and the branch's own versions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.core import language
from app.core.errors import NotPermitted, ValidationError
from app.core.session import Session
from app.models import agreements, clauses
from app.models.agreements import Agreement
from app.models.clauses import Clause, Terms
from app.models.record import edit, find
from app.services import cases
from tests.make import Make

DAY = date(2026, 11, 30)


def line(remedy: str, amount: str | None = None) -> dict[str, Any]:
    return {"remedy": remedy, "amount": None if amount is None else Decimal(amount)}


def text(session: Session, *lines: dict[str, Any], deadline: date | None = DAY, copies: int = 2, customer: str = "鑫瑞达") -> str:
    language.choose("zh_CN")
    return clauses.text_for(session, Terms(lines, deadline, copies, "TS-202611-0032", "城东分公司", customer))


@pytest.mark.parametrize(
    ("lines", "there", "not_there"),
    [
        ([line("goods", "100")], ["送达"], ["交还", "转入", "致歉"]),
        ([line("replace", "100")], ["送达", "交还"], ["转入", "致歉"]),
        ([line("return"), line("refund", "370")], ["交还", "将370.00元"], ["送达", "致歉"]),
        ([line("money", "150")], ["转入"], ["送达", "交还"]),
        ([line("apology", "0")], ["致歉"], ["送达", "转入"]),
        ([line("money", "0")], ["再无其他争议"], ["转入"]),
    ],
)
def test_a_settlement_takes_the_clauses_it_needs(session: Session, lines: Any, there: list[str], not_there: list[str]) -> None:
    found = text(session, *lines)
    assert [words for words in there if words not in found] == []
    assert [words for words in not_there if words in found] == []


def test_only_what_is_paid_stands_in_the_payment_clause(session: Session) -> None:
    found = text(session, line("replace", "1110.00"), line("money", "150.05"))
    assert "将150.05元（人民币壹佰伍拾元零伍分）转入" in found


@pytest.mark.parametrize(("deadline", "words"), [(DAY, "甲方于2026年11月30日前"), (None, "签署后五个工作日内")])
def test_a_clause_is_taken_when_all_its_conditions_hold(session: Session, deadline: date | None, words: str) -> None:
    found = text(session, line("money", "1"), deadline=deadline)
    assert words in found
    assert found.count("转入乙方结算账户") == 1


@pytest.mark.parametrize(("copies", "words"), [(2, "一式两份，甲乙双方各执一份"), (4, "一式四份，甲乙双方各执两份")])
def test_the_copies_stand_as_words(session: Session, copies: int, words: str) -> None:
    assert words in text(session, line("apology"), copies=copies)


def test_no_placeholder_is_left_in_either_language(session: Session) -> None:
    for code in language.LANGUAGES:
        language.choose(code)
        every = [line(remedy, "1") for remedy in ("replace", "return", "money", "visit")]
        for deadline in (DAY, None):
            assert "{" not in clauses.text_for(session, Terms(every, deadline, 2, "TS-1", "A", "B"))


def test_shipped_clauses_could_be_kept_as_the_branches_own(session: Session) -> None:
    clauses.keep(session, clauses.shipped())
    assert clauses.in_use(session) == clauses.shipped()


def test_the_branches_own_clauses_take_the_place_of_the_shipped(session: Session) -> None:
    own = [Clause((), "{branch}与{customer}就{complaint}和解。"), Clause(("has_money", "no_deadline"), "另行付款。")]
    clauses.keep(session, own)
    assert clauses.in_use(session) == own
    assert text(session, line("money", "1"), customer="{amount}") == "城东分公司与{amount}就TS-202611-0032和解。"


@pytest.mark.parametrize(
    "wrong",
    [
        Clause((), ""),
        Clause((), "two\nlines"),
        Clause(("sometimes",), "x"),
        Clause((), "{price}"),
        Clause((), "{amount.real}"),
        Clause((), "{}"),
        Clause((), "open {"),
        Clause((), "}"),
        Clause((), "control \x07"),
        Clause((), "another system's\rlines"),
        Clause((), "long" * 501),
    ],
)
def test_a_clause_that_could_not_be_filled_in_is_refused_by_its_place(session: Session, wrong: Clause) -> None:
    with pytest.raises(ValidationError) as refused:
        clauses.keep(session, [Clause((), "right"), wrong])
    assert list(refused.value.errors) == ["clauses[1]"]
    assert "Clause" in str(refused.value)
    assert clauses.version(session) == 0


def test_an_agreement_without_any_clause_is_refused(session: Session) -> None:
    with pytest.raises(ValidationError):
        clauses.keep(session, [])


def test_only_an_administrator_changes_clauses(session: Session) -> None:
    session.roles = frozenset({"clerk"})
    with pytest.raises(NotPermitted):
        clauses.keep(session, [Clause((), "x")])


def test_an_agreement_keeps_the_clauses_it_was_drawn_up_with(make: Make, session: Session) -> None:
    complaint = make.steps(make.approved(), "agreement")
    clauses.keep(session, [Clause((), "Another.")])
    kept = cases.load(session, complaint.number).edition
    assert kept is not None
    assert kept.values["clauses"] != "Another."
    again = cases.load(session, make.steps(make.again(complaint), "agreement").number).edition
    assert again is not None
    assert again.values["clauses"] == "Another."
    assert [one.template for one in agreements.editions(session, complaint)] == [0, clauses.version(session)]


def test_clauses_name_the_deadline_that_was_given(make: Make, session: Session) -> None:
    complaint = make.steps(make.approved(), ("agreement", {"deadline": "2027-01-15", "copies": 4}))
    edition = cases.load(session, complaint.number).edition
    assert edition is not None
    assert "15 January 2027" in edition.values["clauses"]
    assert "four copies" in edition.values["clauses"]


def test_the_facts_tell_product_and_judgement_without_doubled_stops(make: Make, session: Session) -> None:
    language.choose("zh_CN")
    product = make.product()
    line = {"product": product.number, "batch": "B07", "quantity": "50", "defective_quantity": "6", "symptom": "霉变"}
    complaint = make.approved(description="到货有水渍，烟支发霉。", product_lines=[line], valid=True, cause="product.quality")
    edition = cases.load(session, make.steps(complaint, "agreement").number).edition
    assert edition is not None
    assert edition.values["facts"].split("\n") == [
        "2026年11月23日，乙方反映：到货有水渍，烟支发霉。",
        "涉及产品：云岭（硬），批号B07，不良6条（共50条），霉变。",
        "经核查，投诉成立，原因为产品·质量。",
    ]


def released(make: Make) -> Agreement:
    complaint = make.steps(make.approved(), "agreement")
    number = agreements.current(make.session, complaint)
    assert number is not None
    return number


def test_the_hash_is_of_what_was_agreed_in_any_language(make: Make, session: Session) -> None:
    agreement = released(make)
    before = agreements.content_hash(session, agreement)
    language.choose("zh_CN")
    assert agreements.content_hash(session, agreement) == before
    edited = edit(session, agreement, {"facts": "Something else."}, agreement.version)
    assert agreements.content_hash(session, edited) != before


def test_release_keeps_the_hash_and_a_signature_does_not_change_it(make: Make, session: Session) -> None:
    complaint = make.steps(make.approved(), "agreement", ("reply", {"reply_text": "x"}))
    agreement = agreements.current(session, complaint)
    assert agreement is not None
    kept = make.steps(agreement, "release").content_hash
    signed = make.steps(find(session, Agreement, agreement.number), ("sign-agreement", {"signed_by": "周建国"}))
    assert kept == signed.content_hash == agreements.content_hash(session, signed)
