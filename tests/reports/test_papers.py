"""Papers of real cases: what is read from a case stands on paper in words, and each issue is kept and counted."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from app.core import language
from app.core.errors import UserError
from app.core.session import Session
from app.models import agreements, branches, numbering, prints
from app.models.agreements import Agreement
from app.models.complaints import Complaint
from app.models.record import find
from app.reports import papers
from app.reports.papers import AGREEMENT, APPROVAL, FORM, OBJECTION, Issued, paper
from app.services import cases
from tests.make import Make
from tests.reports.reading import pages_of, text_of


@pytest.fixture(autouse=True)
def _chinese(_english: None) -> None:
    language.choose("zh_CN")


def issue(session: Session, document: str, record: Any, **how: Any) -> Issued:
    return paper(session, document, cases.load(session, record.number), **how)


def read(session: Session, document: str, record: Any, **how: Any) -> str:
    return text_of(issue(session, document, record, **how).content)


REMEDIES = [
    {"remedy": "replace", "description": "同品牌", "quantity": "6", "unit": "条", "unit_price": "185"},
    {"remedy": "money", "amount": "150"},
    {"remedy": "apology", "description": "上门致歉"},
]


@pytest.fixture
def complaint(make: Make) -> Complaint:
    """A product complaint with everything the form has, a proposal waiting for approval."""
    customer = make.customer(address="近江南路 88 号", licence="330102104417", tier="key")
    line = {"product": make.product(specification="84 mm").number, "batch": "B07", "quantity": "50", "defective_quantity": "6"}
    record = make.complaint(
        customer=customer.number,
        complainant="周建国",
        description="开箱后烟支发霉。",
        product_lines=[line],
        loss_lines=[{"item": "parking", "amount": "29.50"}, {"item": "downtime", "amount": "0.50"}],
        **{"class": "product"},
    )
    proposed: Complaint = make.steps(
        record,
        "sign",
        ("accept", {"handler": "陈志强", "promised_at": "2026-11-24 17:00", "severity": "major"}),
        ("investigate", {"at": "2026-11-23 14:00", "findings": "属实"}),
        (
            "propose",
            {"text": "更换并补偿。", "valid": True, "cause": "product.quality", "responsible_party": "company",
             "responsible_stage": "company.storage", "fault_percent": 80, "lines": REMEDIES},
        ),
    )  # fmt: skip
    return proposed


def with_agreement(make: Make, complaint: Complaint) -> Agreement:
    record = make.steps(complaint, "approve", "agreement", ("reply", {"reply_text": "已答复"}))
    found = agreements.current(make.session, record)
    assert found is not None
    return found


def test_the_form_says_what_the_case_says_in_words_and_local_time(session: Session, complaint: Complaint) -> None:
    text = read(session, FORM, complaint)
    told = [
        *("城东分公司", complaint.number, "鑫瑞达商行KH-0001", "周建国", "13800001234", "近江南路88号", "2026年11月23日13:32"),
        *("电话", "因产品", "重大", "云岭（硬）", "84mm", "50条", "6条", "停车费", "29.50", "30.00", "开箱后烟支发霉。"),
        *("记录人签字王敏", "移交给陈志强", "2026年11月24日17:00", "投诉是否成立：是", "公司·储存", "80%", "产品·质量"),
        *("更换并补偿。", "费用：1,260.00元"),
    ]
    assert [words for words in told if words not in text] == []
    assert "公司·公司" not in text


def test_the_form_shows_the_decision_and_who_signed_on_paper(make: Make, session: Session, complaint: Complaint) -> None:
    record = make.steps(complaint, ("approve", {"opinion": "同意。", "way": "on_paper", "paper_approver": "李卫东"}))
    text = read(session, FORM, record)
    assert "批准·书面" in text
    assert "签字：李卫东" in text


def test_the_approval_sheet_shows_the_ladder_from_the_settings(session: Session, complaint: Complaint) -> None:
    branches.change_settings(session, {"limit_handler": "100", "limit_manager": "1260"})
    text = read(session, APPROVAL, complaint)
    assert "经办人100.00以内" in text
    assert "部门领导✓1,260.00以内" in text
    assert "分公司负责人不限" in text
    assert "人民币壹仟贰佰陆拾元整" in text
    assert "云岭（硬）批号B07不良6条（共50条）" in text


@pytest.mark.parametrize(("cost", "role"), [("200.00", "经办人"), ("5000.00", "部门领导"), ("5000.01", "分公司负责人")])
def test_the_approval_sheet_marks_who_decides(make: Make, session: Session, cost: str, role: str) -> None:
    assert f"{role}✓" in read(session, APPROVAL, make.proposed(cost))


def test_each_round_has_its_approval_sheet(make: Make, session: Session, complaint: Complaint) -> None:
    record = make.steps(complaint, ("return", {"reason": "补偿过高"}))
    assert "退回·本人批准" in read(session, APPROVAL, record)
    record = make.steps(record, ("propose", {"text": "只更换。", "lines": REMEDIES[:1]}))
    text = read(session, APPROVAL, record)
    assert "只更换。" in text
    assert "补偿过高" not in text


def test_an_agreement_is_a_draft_until_it_is_released(make: Make, session: Session, complaint: Complaint) -> None:
    agreement = with_agreement(make, complaint)
    draft = issue(session, AGREEMENT, complaint)
    assert draft.draft
    assert "草稿" in text_of(draft.content)
    assert "内容校验码" not in text_of(draft.content)
    agreement = make.steps(agreement, "release")
    valid = issue(session, AGREEMENT, agreement)
    assert not valid.draft
    text = text_of(valid.content)
    assert "草稿" not in text
    short = agreement.content_hash[:12]
    assert f"内容校验码{short}" in text
    assert len(pages_of(valid.content)) == valid.copies == 2


def test_the_agreement_names_parties_amounts_and_terms(make: Make, session: Session, complaint: Complaint) -> None:
    branches.edit(session, {"legal_name": "杭州城东公司", "credit_code": "91330100MA2B4E7H1K"})
    text = read(session, AGREEMENT, make.steps(with_agreement(make, complaint), "release"))
    told = [
        *("甲方：杭州城东公司", "统一社会信用代码：91330100MA2B4E7H1K", "乙方：鑫瑞达商行", "许可证号：330102104417"),
        *(complaint.number, "2026年11月23日，乙方反映：开箱后烟支发霉。", "1,110.00", "1,260.00", "人民币壹仟贰佰陆拾元整"),
        *("150.00元（人民币壹佰伍拾元整）", "一式两份", "第1次打印"),
    ]
    assert [words for words in told if words not in text] == []


@pytest.mark.parametrize(
    ("identity", "label"),
    [("330102198001012217", "身份证号"), ("91330100MA2B4E7H1K", "统一社会信用代码"), ("33010210", "许可证号")],
)
def test_the_identity_of_party_b_is_called_what_it_is(make: Make, session: Session, identity: str, label: str) -> None:
    record = make.steps(make.approved(), ("agreement", {"party_b_identity": identity}))
    assert f"{label}：{identity}" in read(session, AGREEMENT, record)


def test_a_new_edition_leaves_the_old_one_void(make: Make, session: Session, complaint: Complaint) -> None:
    agreement = make.steps(with_agreement(make, complaint), "release")
    make.steps(make.again(complaint), "agreement")
    old = issue(session, AGREEMENT, complaint, edition=1)
    assert "作废" in text_of(old.content)
    assert old.draft
    assert agreement.content_hash[:12] in text_of(old.content)
    new = issue(session, AGREEMENT, complaint)
    assert "版本2" in text_of(new.content)
    with pytest.raises(UserError, match="第 3 版"):
        issue(session, AGREEMENT, complaint, edition=3)


def test_each_of_two_agreements_of_a_case_prints_its_own_paper(make: Make, session: Session, complaint: Complaint) -> None:
    first = with_agreement(make, complaint)
    make.steps(first, ("void", {"reason": "金额有误"}))
    make.steps(make.again(complaint), ("agreement", {"facts": "另一份事实"}))
    second = agreements.current(session, make.again(complaint))
    assert second is not None
    for how in ({}, {"edition": 1}):
        issued = issue(session, AGREEMENT, second, **how)
        assert (issued.record.number, issued.name) == (second.number, f"处理协议 {second.number}.pdf")
        assert "另一份事实" in text_of(issued.content)
        assert first.number in text_of(issue(session, AGREEMENT, first, **how).content)
        assert second.number in text_of(issue(session, AGREEMENT, complaint, **how).content)


def test_valid_prints_are_counted_and_drafts_only_listed(make: Make, session: Session, complaint: Complaint) -> None:
    agreement = with_agreement(make, complaint)
    papers.keep_record(session, issue(session, AGREEMENT, agreement))
    assert make.again(agreement).print_count == 0
    make.steps(make.again(agreement), "release")
    for number in (1, 2):
        issued = issue(session, AGREEMENT, agreement)
        assert f"第{number}次打印" in text_of(issued.content)
        papers.keep_record(session, issued, copies=2, reason="客户要求")
    kept = prints.of(find(session, Agreement, agreement.number))
    assert [(one.draft, one.copies, one.reason) for one in kept] == [
        (False, 4, "客户要求"), (False, 4, "客户要求"), (True, 1, ""),
    ]  # fmt: skip
    assert make.again(agreement).print_count == 2


def test_the_hash_of_the_file_that_went_out_is_kept(session: Session, complaint: Complaint) -> None:
    issued = issue(session, FORM, complaint)
    whole = papers.together([issued.content, issued.content])
    papers.keep_record(session, issued, whole)
    assert prints.Print.get().sha256 == hashlib.sha256(whole).hexdigest()
    assert len(pages_of(whole)) == 2 * len(pages_of(issued.content))


def test_the_same_case_makes_the_same_file(session: Session, complaint: Complaint) -> None:
    assert issue(session, FORM, complaint).content == issue(session, FORM, complaint).content


def test_the_objection_record_tells_steps_and_outcome(make: Make, session: Session) -> None:
    record = make.objection(
        what="这周又拖到周四。", where="柜台", who="送货员", nature="genuine", content="service", cause="company.delivery",
        product=make.product().number, step_buffer=True, step_buffer_note="先道歉",
    )  # fmt: skip
    record = make.steps(record, ("close", {"solved_on_spot": True, "result": "已说明", "satisfaction": 4}))
    text = read(session, OBJECTION, record)
    told = ["柜台", "送货员", "真实异议", "企业·配送", "云岭（硬）", "缓冲✓先道歉", "现场解决是", "4/5", "已说明", "已办结"]
    assert [words for words in told if words not in text] == []


def test_void_cases_print_void(make: Make, session: Session) -> None:
    issued = issue(session, OBJECTION, make.steps(make.objection(), ("void", {"reason": "登记有误"})))
    assert "作废" in text_of(issued.content)
    assert issued.draft


def test_a_bare_case_prints_too(make: Make, session: Session) -> None:
    record = make.complaint(complainant="路人", received_at="2026-11-20")
    text = read(session, FORM, record)
    assert "2026年11月20日" in text
    assert "00:00" not in text
    assert "None" not in text


def test_a_blank_form_has_the_number_reserved_for_it(session: Session) -> None:
    (number,) = numbering.reserve(session, "complaint")
    text = text_of(papers.blank_form(session, number))
    assert number in text
    assert "□因服务" in text


def test_the_letterhead_stands_on_each_paper(make: Make, session: Session) -> None:
    branches.edit(session, {"letterhead": "杭州烟草（城东）", "phone": "0571-8700 0000"})
    assert "杭州烟草（城东）·0571-87000000" in read(session, FORM, make.complaint())


@pytest.mark.parametrize("document", [FORM, APPROVAL, AGREEMENT])
def test_what_an_objection_has_not_is_said(make: Make, session: Session, document: str) -> None:
    with pytest.raises(UserError, match="不是投诉"):
        issue(session, document, make.objection())


def test_what_a_new_complaint_has_not_is_said(make: Make, session: Session) -> None:
    record = make.complaint()
    for document, words in ((APPROVAL, "还没有处理意见"), (AGREEMENT, "还没有协议"), (OBJECTION, "不是异议")):
        with pytest.raises(UserError, match=words):
            issue(session, document, record)


def test_a_file_name_fits_every_system(session: Session) -> None:
    assert papers.file_name(FORM, "〔2026〕TS/12:第3号") == "客户投诉登记表 〔2026〕TS-12-第3号.pdf"
