"""Papers of the way of a complaint, from real cases: who reads what, what is valid, and what is remembered of each issue."""

from __future__ import annotations

from typing import Any

import pytest

from app.core import language
from app.core.errors import RuleBroken, UserError
from app.core.session import Session
from app.models import actions, attachments, branches, dispatches, history, prints
from app.models.complaints import Complaint
from app.reports import papers
from app.reports.papers import APPROVAL, DISPATCH, FOLLOW_UP, LETTER, NOTICE, RECEIPT, REMINDER, Issued, paper
from app.reports.papers_quality import without_phones
from app.services import cases
from tests.conftest import Clock
from tests.make import Make
from tests.models.stands import action_in, complaint_in, delivered, dispatch_in
from tests.reports.reading import in_order, pages_of, text_of

PHONE = "138 0571 2217"


@pytest.fixture(autouse=True)
def _chinese(_english: None) -> None:
    language.choose("zh_CN")


def issue(session: Session, document: str, record: Any) -> Issued:
    return paper(session, document, cases.load(session, record.number))


def read(session: Session, document: str, record: Any) -> str:
    return text_of(issue(session, document, record).content)


def test_a_receipt_is_a_draft_until_the_recorder_has_signed(make: Make, session: Session) -> None:
    record = make.complaint(complainant="周建国", customer=make.customer().number)
    assert issue(session, RECEIPT, record).draft
    assert "草稿" in read(session, RECEIPT, record)
    signed = make.steps(record, ("sign", {"recorder": "孙丽"}))
    assert not issue(session, RECEIPT, signed).draft
    in_order(read(session, RECEIPT, signed), "尊敬的周建国：", "13800001234", "六条霉变", "经办人确定后告知您", "受理人：孙丽")


def test_a_receipt_names_who_handles_it_until_when_or_that_it_was_answered(make: Make, session: Session) -> None:
    branches.edit(session, {"phone": "0571-8700 0000"})
    record = make.steps(make.complaint(), "sign", ("accept", {"handler": "陈志强", "promised_at": "2026-11-24 17:00"}))
    in_order(read(session, RECEIPT, record), "尊敬的鑫瑞达商行：", "经办人陈志强", "2026年11月24日17:00", "请联系：0571-87000000")
    other = make.steps(make.complaint(complainant="路人"), "sign", ("accept", {"answered": True, "told_by": "phone"}))
    assert "已于2026年11月23日14:32答复" in read(session, RECEIPT, other)


def test_what_is_not_accepted_is_said_on_the_receipt(make: Make, session: Session) -> None:
    text = read(session, RECEIPT, complaint_in(make, "rejected"))
    in_order(text, "不予受理理由不是我公司售出", "可以向谁反映12315")


@pytest.fixture
def order(make: Make) -> Any:
    """An order for goods of a customer with a shop, a person and a phone, partly delivered."""
    customer = make.customer(
        name="福满堂烟酒店", address="望江路 88 号", contacts=[{"name": "周建国", "phone": PHONE, "main": True}]
    )
    line = {"product": make.product().number, "batch": "B07", "produced_on": "2026-09-14", "defective_quantity": "6"}
    record = make.steps(
        make.complaint(customer=customer.number, product_lines=[line]),
        "sign",
        ("accept", {"promised_at": "2026-11-24"}),
        ("investigate", {"findings": "属实"}),
        ("propose", {"text": "更换", "lines": [{"remedy": "replace", "quantity": "6", "unit": "条", "unit_price": "30"}]}),
        ("reply", {"reply_text": "明天换"}),
        ("waive", {"reason": "金额小"}),
        ("dispatch", {"due": "2026-11-24", "note": "先打电话", "told_by": "phone"}),
    )
    made = dispatches.of_case(record)[0]
    return make.steps(made, ("accept", {"accepted_by": "老杜"}), ("deliver", {"lines": [{"line": 1, "quantity": "4"}]}))


def test_an_order_tells_the_department_everything_it_needs(session: Session, order: Any) -> None:
    issued = issue(session, DISPATCH, order)
    assert (issued.draft, issued.numbers, len(pages_of(issued.content))) == (False, [order.number], 3)
    first = "".join(pages_of(issued.content)[0].split())
    in_order(
        first,
        *("第一联", order.number, "仓管/发货", "2026年11月24日", "福满堂烟酒店KH-0001", "周建国", "望江路88号"),
        *("批号B072026-09-14生产", "更换", "6条4条2条", "先打电话", "接收人老杜", "4条"),
    )


def test_a_complaint_prints_all_its_orders_and_one_without_says_so(make: Make, session: Session, order: Any) -> None:
    assert issue(session, DISPATCH, order.complaint).numbers == [order.number]
    with pytest.raises(UserError, match="没有可以打印的“派发单”"):
        issue(session, DISPATCH, make.complaint(complainant="路人"))
    with pytest.raises(UserError, match="没有可以打印的“催办单”"):
        issue(session, REMINDER, make.objection(customer=order.complaint.customer.number))


def test_an_order_that_is_void_prints_void(make: Make, session: Session) -> None:
    issued = issue(session, DISPATCH, dispatch_in(make, "voided"))
    assert issued.draft
    assert "作废" in text_of(issued.content)


def test_a_report_to_an_authority_has_two_parts(make: Make, session: Session) -> None:
    record = complaint_in(make, "executing", swapped=True)
    investigated = {"at": "2026-11-23 10:00", "findings": "调包", "restatement": "对吗", "confirmed_at": "2026-11-23 11:00"}
    record.PARTS["enquiries"].create(parent=record.id, position=9, **{k: v for k, v in investigated.items() if k == "findings"},
        at=session.clock(), confirmed_at=session.clock())  # fmt: skip
    line = {"description": "移交调包卷烟", "quantity": "2", "unit": "条", "department": "monopoly"}
    make.steps(make.again(record), ("dispatch", {"lines": [line]}))
    report = dispatches.of_case(record)[-1]
    issued = issue(session, DISPATCH, report)
    assert len(pages_of(issued.content)) == 2
    in_order(text_of(issued.content), "专卖", "—移交调包卷烟2条")


def test_a_reminder_counts_the_earlier_ones_and_printing_it_is_one(
    make: Make, session: Session, order: Any, clock: Clock
) -> None:
    clock.advance(days=4)
    issued = issue(session, REMINDER, order)
    in_order(text_of(issued.content), "已超3个工作日", "更换", "6条4条2条")
    assert "此前已催办" not in text_of(issued.content)
    papers.keep_record(session, issued)
    chased = [entry.note for entry in history.of("dispatch", order.id) if entry.action == "chase"]
    assert chased == ["已打印催办单"]
    assert "此前已催办1次" in read(session, REMINDER, make.again(order))
    assert [one.copies for one in prints.of(order)] == [1]


def test_who_has_delivered_is_not_reminded(make: Make, session: Session, order: Any) -> None:
    early = issue(session, REMINDER, order)
    assert "还剩1个工作日" in text_of(early.content)
    delivered(make, order.complaint)
    with pytest.raises(UserError, match="不用催办"):
        issue(session, REMINDER, make.again(order))
    papers.keep_record(session, early)  # it was on the screen meanwhile
    assert [entry.action for entry in history.of("dispatch", order.id)].count("chase") == 0


def test_the_follow_up_sheet_is_blank_until_somebody_called_and_full_afterwards(make: Make, session: Session, order: Any) -> None:
    record = delivered(make, order.complaint)
    text = read(session, FOLLOW_UP, record)
    in_order(text, "计划日期2026年11月26日", "更换", "6条6条—", "本次回访")
    assert "第1次回访" not in text
    record = make.steps(record, ("follow-up", {"result_score": 3, "process_score": 4, "way": "phone", "text": "再看看"}))
    in_order(read(session, FOLLOW_UP, record), "第1次回访", "3/5一般", "再看看", "本次回访")
    record = make.steps(record, ("follow-up", {"result_score": 5, "process_score": 4, "way": "phone"}))
    text = read(session, FOLLOW_UP, record)
    in_order(text, "第1次回访", "第2次回访", "5/5很满意", "回访人：王敏")
    assert "本次回访" not in text


def test_a_case_without_a_follow_up_has_a_blank_sheet_even_when_closed(make: Make, session: Session) -> None:
    record = make.steps(complaint_in(make, "agreed"), ("close", {"reason": "客户失联"}))
    assert "本次回访" in read(session, FOLLOW_UP, record)


def test_a_notice_is_a_draft_until_it_is_published_and_hides_the_phone(make: Make, session: Session) -> None:
    record = complaint_in(make, "investigating", phone=PHONE, description=f"打 {PHONE} 或 0571-8655 1203 找我，8655 1203 也行")
    values = {"root_cause": "漏检，店主 13805712217 反映过", "lasting": "抽检", "department": "warehouse"}
    action = actions.begin(session, record, values)
    assert issue(session, NOTICE, action).draft
    published = make.steps(action, "publish")
    issued = issue(session, NOTICE, published)
    text = text_of(issued.content)
    assert not issued.draft
    assert "草稿" not in text
    assert "2217" in text
    assert [phone for phone in ("13805712217", "0571-86551203") if phone in text] == []
    in_order(text, action.number, "各部门：", record.number, "138****2217", "0571****1203", "漏检", "抽检", "签发人：王敏")


def test_phones_are_hidden_however_they_are_written() -> None:
    written = "13805712217、138-0571-2217、138 0571 2217、0571 86551203、8655 1203，批号 20260914-B07，TS-202611-0032"
    hidden = without_phones(written, ("8655 1203",))
    assert hidden == "138****2217、138****2217、138****2217、0571****1203、865****03，批号 20260914-B07，TS-202611-0032"


def test_the_notices_of_a_case_may_be_named_by_it(make: Make, session: Session) -> None:
    action = action_in(make, "done")
    assert issue(session, NOTICE, action.complaint).numbers == [action.number]


def in_batch(make: Make, product: str, number: int, **line: Any) -> Complaint:
    told = {"product": product, "batch": "B07", "produced_on": "2026-09-14", "quantity": "50", "defective_quantity": str(number)}
    return make.complaint(complainant=f"客户{number}", product_lines=[told | line], **{"class": "product"})


def test_a_letter_names_every_case_of_the_batch_and_no_customer(make: Make, session: Session) -> None:
    product = make.product(brand="云岭").number
    found = [in_batch(make, product, number) for number in (6, 12)]
    in_batch(make, product, 3, batch="B08")
    make.steps(in_batch(make, product, 5), "sign", ("void", {"reason": "重复"}))
    issued = issue(session, LETTER, found[1])
    text = text_of(issued.content)
    in_order(text, "致：云岭生产企业", "有2件反映", "批号B07", "2026年9月14日", "不良数18条", found[0].number, found[1].number)
    assert "客户6" not in text
    assert issued.numbers == [found[1].number, found[0].number]
    papers.keep_record(session, issued)
    assert [len(prints.of(one)) for one in found] == [1, 1]


def test_a_letter_counts_the_proofs_of_all_its_cases(make: Make, session: Session, tmp_path: Any) -> None:
    product = make.product().number
    found = [in_batch(make, product, number) for number in (6, 12)]
    for place, shows in enumerate(("batch_photo", "inspection", "invoice")):
        (tmp_path / f"{place}.txt").write_text(str(place))
        attachments.attach(session, found[place % 2], tmp_path / f"{place}.txt", shows)
    assert "照片、检验材料共2份" in read(session, LETTER, found[0])


@pytest.mark.parametrize("lacking", ["batch", "produced_on"])
def test_nothing_goes_to_a_maker_without_product_batch_and_day(make: Make, session: Session, lacking: str) -> None:
    record = in_batch(make, make.product().number, 6, **{lacking: None})
    with pytest.raises(RuleBroken) as caught:
        issue(session, LETTER, record)
    assert caught.value.rule == 16


def test_the_approval_sheet_tells_the_five_questions_and_why_another_band_was_chosen(make: Make, session: Session) -> None:
    asked = {"long_standing": True, "buys_again": True, "word_of_mouth": False, "unreasonable": False, "our_fault": 60}
    record = make.steps(
        complaint_in(make, "investigating"),
        ("assess", asked | {"band": "normal", "reason": "按惯例"}),
        ("propose", {"text": "补偿", "valid": True, "cause": "product.quality", "lines": [{"remedy": "money", "amount": "300"}]}),
    )
    in_order(read(session, APPROVAL, record), "是老客户吗是", "会影响口碑吗否", "60%", "从优", "照常：按惯例")


@pytest.mark.parametrize("document", [RECEIPT, FOLLOW_UP, LETTER])
def test_what_an_objection_has_not_is_said(make: Make, session: Session, document: str) -> None:
    with pytest.raises(UserError, match="不是投诉"):
        issue(session, document, make.objection())
