"""The papers of a case: what they say, in which order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core import language
from app.reports.documents.agreement import agreement_sheaf, code_content
from app.reports.documents.approval_sheet import approval_sheaf
from app.reports.documents.objection_record import objection_sheaf
from app.reports.documents.parts import RemedyLine
from app.reports.documents.registration_form import form_sheaf
from app.reports.pdf import bind
from tests.reports import samples
from tests.reports.reading import in_order, pages_of, text_of


@pytest.fixture(autouse=True)
def _chinese(_english: None) -> None:
    language.choose("zh_CN")


def test_the_agreement_reads_in_order() -> None:
    in_order(
        text_of(bind(agreement_sheaf(samples.agreement()))),
        *(
            "编号XY-202611-0009版本2",
            "客户异议（投诉）处理协议",
            "甲方：城东分公司",
            "9133010XMA2B4E7H1K",
            "乙方：鑫瑞达商行",
            "330102104417",
        ),
        *(
            "关联投诉：TS-202611-0032",
            "受理日期：2026年11月19日",
            "一、事实",
            "乙方于2026年11月18日",
            "二、处理办法",
            "序解决方式内容数量",
        ),
        *("更换", "6条", "185.00", "1,110.00", "补偿金", "150.00", "合计", "1,260.00"),
        *("金额大写：人民币壹仟贰佰陆拾元整",),
        *("三、双方约定", "1.甲方于", "5.本协议一式两份", "甲方（盖章）：", "乙方（签字或盖章）："),
        *("内容校验码",),
    )


def test_a_signer_with_a_long_name_is_named_in_full() -> None:
    plain = samples.agreement()
    long = "鑫瑞达商行（杭州）烟酒茶叶销售有限公司法定代表人周建国的代理人 李卫东 Li Weidong"
    paper = bind(agreement_sheaf(replace(plain, customer=replace(plain.customer, signed_by=long))))
    assert "".join(long.split()) in text_of(paper)


def test_the_agreement_of_an_ordinary_case_fits_on_a_page() -> None:
    assert len(pages_of(bind(agreement_sheaf(samples.agreement())))) == 1


def test_only_a_released_agreement_is_without_the_draft_mark() -> None:
    assert "草稿" not in text_of(bind(agreement_sheaf(samples.agreement())))
    assert "草稿" in text_of(bind(agreement_sheaf(replace(samples.agreement(), released=False))))


@pytest.mark.parametrize("facts", range(0, 60, 3))
def test_signatures_are_never_alone_on_a_page(facts: int) -> None:
    pages = pages_of(bind(agreement_sheaf(replace(samples.agreement(), facts="\n".join(["事实经过。"] * facts)))))
    assert "5. 本协议一式两份" in next(page for page in pages if "甲方（盖章）" in page)


def test_moral_remedies_alone_have_no_sum() -> None:
    text = text_of(bind(agreement_sheaf(replace(samples.agreement(), remedies=(RemedyLine("道歉", "上门致歉"),)))))
    assert "上门致歉" in text
    assert "合计" not in text
    assert "大写" not in text


def test_the_code_names_number_version_hash_and_anchor() -> None:
    agreement = samples.agreement()
    assert code_content(agreement).split("|") == ["KESU1", "XY-202611-0009", "2", agreement.content_hash, agreement.anchor]


def test_the_registration_form_reads_in_order_on_one_page() -> None:
    paper = bind(form_sheaf(samples.registration_form()))
    assert len(pages_of(paper)) == 1
    in_order(
        text_of(paper),
        *(
            "客户投诉登记表",
            "客户鑫瑞达商行KH-0117",
            "投诉人周建国",
            "电话13805712217",
            "受理时间2026年11月19日09:05",
            "地址杭州市",
        ),
        *(
            "受理渠道电话",
            "转办编号12313-20261119-0045",
            "类别因产品",
            "分级一般",
            "云岭（硬）",
            "20260914-B01",
            "50条",
            "6条",
            "是",
        ),
        *(
            "DD-2026-11-0001",
            "烟支发霉",
            "投诉内容乙方反映",
            "出了什么问题六条发霉",
            "停机费",
            "合计",
            "150.00",
            "记录人签字王敏",
            "移交给陈志强",
        ),
        *("判断", "处理意见更换6条", "经办人：陈志强", "领导意见同意", "签字：李卫东", "客户签字"),
    )


def test_thirty_products_are_all_there_under_a_repeated_head() -> None:
    products = tuple(map(samples.product_line, range(1, 31)))
    pages = pages_of(bind(form_sheaf(replace(samples.registration_form(), products=products))))
    text = "".join(pages)
    assert all(f"20260914-B{number:02}" in text for number in range(1, 31))
    assert sum("订单号" in page for page in pages) == sum("DD-2026-11" in page for page in pages) > 1


def test_the_blank_form_has_its_number_and_boxes_to_tick() -> None:
    paper = bind(form_sheaf(samples.blank_form()))
    text = text_of(paper)
    assert len(pages_of(paper)) == 2
    assert text.count("TS-202611-0051") == 2
    assert all(option in text for option in ("□电话", "□12313/12315转办", "□因服务", "□紧急", "停车费", "客户签字"))


def test_the_objection_record_reads_in_order_on_one_page() -> None:
    paper = bind(objection_sheaf(samples.objection_record()))
    assert len(pages_of(paper)) == 1
    in_order(
        text_of(paper),
        *(
            "客户异议记录表",
            "福满堂烟酒店",
            "何时2026年11月19日",
            "在哪儿店内柜台",
            "何事“说好每周二送货",
            "与何人有关送货员小刘",
            "希望如何解决",
        ),
        *("性质真实异议", "原因企业·配送", "处理方法询问", "缓冲✓先道歉", "反馈并回访", "满意度4/5"),
        *("处理结果线路已调整",),
    )


def test_the_approval_sheet_reads_in_order_on_one_page() -> None:
    paper = bind(approval_sheaf(samples.approval_sheet()))
    assert len(pages_of(paper)) == 1
    in_order(
        text_of(paper),
        *(
            "处理方案审批单",
            "投诉编号TS-202611-0032",
            "投诉是否成立是",
            "我方过错80%",
            "是否长期往来是，9年",
            "建议尺度从宽",
            "处理意见更换6条",
        ),
        *("合计1,260.00", "人民币壹仟贰佰陆拾元整", "部门领导✓5,000.00以内", "分公司负责人不限", "批准·程序内"),
        *("签字：李卫东",),
    )
