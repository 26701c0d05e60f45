"""The papers of the way of a complaint: what they say, in which order, and how they fall on pages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core import language
from app.reports.documents.dispatch import CUSTOMER, ISSUER, dispatch_parts, dispatch_sheaf, reminder_sheaf
from app.reports.documents.follow_up import FollowUpSheet, follow_up_sheaf
from app.reports.documents.notice import letter_sheaf, notice_sheaf
from app.reports.documents.receipt import receipt_sheaf
from app.reports.layout import Signatures
from app.reports.pdf import Laid, bind
from tests.reports import samples_course as samples
from tests.reports.reading import in_order, pages_of, text_of


@pytest.fixture(autouse=True)
def _chinese(_english: None) -> None:
    language.choose("zh_CN")


def test_a_dispatch_order_reads_in_order() -> None:
    in_order(
        text_of(bind(dispatch_sheaf(samples.dispatch(), ISSUER))),
        *("第一联发单人留存", "编号PF-202611-0007", "派发单", "部门仓管/发货期限2026年11月27日", "投诉编号TS-202611-0032"),
        *(
            "协议XY-202611-0009",
            "发单人王敏",
            "客户鑫瑞达商行KH-0117",
            "联系人周建国",
            "电话13805712217",
            "地址杭州市",
            "产品云岭",
        ),
        *("应送", "序解决方式内容数量已送达欠", "1更换同批次外产品6条4条2条", "2小礼品茶叶1份", "备注先打电话"),
        *("接收", "接收人老杜", "送达记录", "2026年11月27日15:30", "周建国", "QS-20261127-11", "小刘"),
        *("发单人：王敏", "承办部门：老杜", "客户签收："),
    )


def test_an_order_goes_out_in_three_parts_each_on_its_page() -> None:
    pages = pages_of(bind(*dispatch_parts(samples.dispatch())))
    parts = ("第一联 发单人留存", "第二联 承办部门留存", "第三联 客户留存")
    assert [part in page for part, page in zip(parts, pages, strict=True)] == [True] * 3
    assert all("第 1 页 / 共 1 页" in page for page in pages)


def test_the_customers_part_has_no_note_of_ours() -> None:
    assert "先打电话" not in text_of(bind(dispatch_sheaf(samples.dispatch(), CUSTOMER)))


def test_a_report_to_an_authority_has_no_part_for_the_customer() -> None:
    text = text_of(bind(*dispatch_parts(replace(samples.dispatch(), to_customer=False))))
    assert "第二联" in text
    assert "第三联" not in text
    assert "客户签收" not in text


def test_there_is_room_to_write_down_two_more_deliveries_until_all_is_delivered() -> None:
    came = samples.dispatch().deliveries * 6
    open_one = replace(samples.dispatch(), deliveries=came)
    heights = [dispatch_sheaf(one).blocks[-2].height for one in (open_one, replace(open_one, done=True))]
    assert heights[0] - heights[1] == pytest.approx(2 * 25)


def test_a_reminder_says_what_is_owed_since_when_and_how_often_it_was_said() -> None:
    in_order(
        text_of(bind(reminder_sheaf(samples.reminder()))),
        *(
            "催办单",
            "致：仓管/发货",
            "派发单PF-202611-0007应于2026年11月27日前办完，已超3个工作日",
            "1更换",
            "6条4条2条",
            "2小礼品",
        ),
        *(
            "此前已催办1次，最近一次是2026年11月27日15:30",
            "承办部门答复",
            "送达日期",
            "未送达原因",
            "催办人：王敏",
            "部门负责人：",
        ),
    )


def test_a_receipt_tells_the_customer_all_that_matters_on_one_page() -> None:
    paper = bind(receipt_sheaf(samples.receipt()))
    assert len(pages_of(paper)) == 1
    in_order(
        text_of(paper),
        *("投诉受理回执", "尊敬的周建国：", "编号TS-202611-0032。请保管好本回执", "您反映的情况", "受理时间2026年11月19日09:05"),
        *("乙方反映到货的云岭（硬）", "您的要求换货", "办理安排", "经办人陈志强", "答复时限2026年11月20日17:00"),
        *("0571-87000000、解放路12号", "本单位负责人答复", "12313", "12315", "受理单位（盖章）：", "客户签收："),
    )


def test_a_case_that_is_not_accepted_says_why_and_where_else_to_turn() -> None:
    refused = replace(samples.receipt(), reject_reason="不是我公司售出", turn_to="当地市场监管所", handler="")
    in_order(
        text_of(bind(receipt_sheaf(refused))),
        "不属于我们可以受理的范围",
        "不予受理理由不是我公司售出",
        "可以向谁反映当地市场监管所",
    )


def test_a_follow_up_sheet_tells_earlier_calls_and_asks_the_next() -> None:
    in_order(
        text_of(bind(follow_up_sheaf(samples.follow_up()))),
        *("客户回访单", "轮次2", "计划日期2026年12月1日", "约定事项", "更换同批次外产品6条4条2条", "补偿金停售损失150元150元—"),
        *("第1次回访", "2/5不满意", "4/5满意", "还差2条", "送货的人说没带够", "本次回访", "“您好，这里是城东分公司。"),
        *(
            "1约定的事项是否都已按时办到？",
            "2您对处理结果是否满意？",
            "□1很不满意",
            "□5很满意",
            "6您希望我们在哪些方面改进？",
            "回访人：",
        ),
    )


def test_a_blank_follow_up_sheet_fits_on_one_page_in_both_languages() -> None:
    blank = FollowUpSheet(samples.paper(), "TS-1", agreed=samples.follow_up().agreed)
    assert len(pages_of(bind(follow_up_sheaf(blank)))) == 1
    language.choose("en")
    assert len(pages_of(bind(follow_up_sheaf(blank)))) == 1


def test_a_follow_up_that_ended_well_asks_nothing_more() -> None:
    text = text_of(bind(follow_up_sheaf(replace(samples.follow_up(), waiting=False))))
    assert "本次回访" not in text
    assert "回访人：王敏" in text


def test_a_notice_tells_case_cause_and_measures() -> None:
    in_order(
        text_of(bind(notice_sheaf(samples.notice()))),
        *("整改通报", "各部门：", "一、基本情况", "投诉编号TS-202611-0032", "重复情况本批号20260914-B07：期内第3次"),
        *(
            "二、原因分析",
            "产品·质量",
            "入库验收漏检",
            "三、整改措施",
            "应急措施隔离",
            "长期措施逐批抽检",
            "责任人老杜",
            "期限2026年12月4日",
        ),
        *("四、落实与效果", "2026-11-27", "已加装备用除湿机", "传阅签字", "签发人：李卫东"),
    )


def test_a_letter_tells_the_maker_what_was_found_and_what_is_asked() -> None:
    in_order(
        text_of(bind(letter_sheaf(samples.letter()))),
        *("关于产品质量问题的函", "致：云岭生产企业", "有2件反映", "一、云岭（硬），批号20260914-B07", "件数2不良数18条"),
        *("1TS-202611-00322026-11-192026-09-1450条6条霉变", "2TS-202611-0041", "二、请贵方协助的事项", "1.核查该批次"),
        *("4.请于2026年12月3日前书面答复", "共5份", "单位（盖章）：", "联系人：陈志强"),
    )


@pytest.mark.parametrize(
    "name", ["huge dispatch", "huge reminder", "huge receipt", "huge follow-up", "huge notice", "huge letter"]
)
def test_signatures_never_stand_alone_on_a_page(name: str) -> None:
    last = [placed.block for placed in Laid(samples.HUGE[name]()).pages[-1]]
    assert isinstance(last[-1], Signatures)
    assert len(last) > 1


@pytest.mark.parametrize(("name", "head"), [("huge letter", "不良现象"), ("huge files", "所在页"), ("huge events", "说明与变动")])
def test_the_head_of_a_long_table_stands_on_each_page(name: str, head: str) -> None:
    pages = pages_of(bind(samples.HUGE[name]()))
    assert len(pages) > 3
    assert all(head in page for page in pages[:-1])
