"""Papers to try things on: ordinary, empty and huge ones, in the words of the trade."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from app.reports.documents.agreement import Agreement, Party
from app.reports.documents.approval_sheet import ApprovalSheet, Decision, Rung
from app.reports.documents.claims import LossLine, ProductLine
from app.reports.documents.objection_record import ObjectionRecord, Step
from app.reports.documents.parts import Judgement, RemedyLine
from app.reports.documents.registration_form import RegistrationForm
from app.reports.pdf import Paper

ZONE = ZoneInfo("Asia/Shanghai")
PRINTED = datetime(2026, 11, 24, 10, 12, tzinfo=ZONE)
RECEIVED = datetime(2026, 11, 19, 9, 5, tzinfo=ZONE)
LONG = "乙方反映到货的云岭（硬）外包装有水渍，拆开后烟支发霉。TS-202611-0032 的送货员当时在场，答应 24 小时内答复，但没有人联系。"


def paper(number: str = "TS-202611-0032") -> Paper:
    return Paper("城东分公司", number, PRINTED, address="杭州市上城区解放路 12 号", phone="0571-8700 0000", author="陈志强")


JUDGEMENT = Judgement(True, True, False, True, "三张外箱照片，仓库温湿度记录", "产品·质量", "本公司", "公司·仓储", 80)
REMEDIES = (
    RemedyLine("更换", "云岭（硬）同批次外产品", Decimal(6), "条", Decimal("185"), Decimal("1110")),
    RemedyLine("补偿金", "停售及往返损失", amount=Decimal("150")),
    RemedyLine("道歉", "客户经理上门说明并致歉"),
)


def agreement() -> Agreement:
    return Agreement(
        paper=replace(paper("XY-202611-0009"), version=2, prints=3),
        complaint_number="TS-202611-0032",
        received_on=date(2026, 11, 19),
        branch=Party(
            "城东分公司",
            credit_code="9133010XMA2B4E7H1K",
            representative="陈志强",
            signed_by="陈志强",
            signed_on=date(2026, 11, 24),
        ),
        customer=Party("鑫瑞达商行", licence_number="330102104417", identity_number="330102198001012217", phone="138 0571 2217"),
        facts="乙方于2026年11月18日收到云岭（硬）1件，批号20260914-B07，其中6条经双方当面核验有霉变。霉变发生于公司仓储环节，乙方已按要求保存，责任由甲方承担。",
        remedies=REMEDIES[:2],
        clauses=(
            "甲方于2026年11月27日前将更换的产品送达乙方经营地址，由乙方清点后签收。",
            "补偿金于本协议签署后五个工作日内转入乙方结算账户。",
            "乙方收到上述产品和款项后，双方就本次投诉再无其他争议。",
            "甲方应在执行完毕后三日内回访，乙方如仍不满意，可要求重新协商。",
            "本协议一式两份，甲乙双方各执一份，双方签字盖章后生效。",
        ),
        deadline=date(2026, 11, 27),
        released=True,
        content_hash="7c1e9a04b2d8" + "0123456789abcdef" * 3 + "0123",
        anchor="184213:9f2c41d07be3a5516c02",
    )


def product_line(number: int = 1) -> ProductLine:
    return ProductLine(
        product="云岭（硬）",
        specification="84 mm 条盒",
        produced_on=date(2026, 9, 14),
        batch=f"20260914-B{number:02}",
        quantity=Decimal(50),
        defective_quantity=Decimal(6),
        unit="条",
        order_number=f"DD-2026-11-{number:04}",
        bought_on=date(2026, 11, 17),
        in_use_since=date(2026, 11, 18),
        symptom="烟支发霉，有异味",
        earlier_brand="云岭（软），正常",
        recent_condition="已停售，原样保存",
        invoice=True,
    )


def registration_form() -> RegistrationForm:
    return RegistrationForm(
        paper=paper(),
        customer="鑫瑞达商行",
        customer_number="KH-0117",
        end_user="",
        complainant="周建国",
        phone="138 0571 2217",
        address="杭州市上城区望江街道近江南路 88 号 3 幢 102 室",
        received_at=RECEIVED,
        channel="电话",
        source_reference="12313-20261119-0045",
        complaint_class="因产品",
        severity="一般",
        external=False,
        promised_at=datetime(2026, 11, 20, 17, 0, tzinfo=ZONE),
        description=LONG,
        went_wrong="六条发霉，不能卖。",
        feelings="很生气，老顾客当场退了货。",
        wished_solution="换货，并赔停售的损失。",
        reason_stated="仓库受潮。",
        products=(product_line(),),
        losses=(
            LossLine("停机费", Decimal("0")),
            LossLine("退货损失", Decimal("120.50"), "两位顾客退货"),
            LossLine("停车费", Decimal("29.50")),
        ),
        recorder="王敏",
        recorded_at=datetime(2026, 11, 19, 9, 20, tzinfo=ZONE),
        handed_over_to="陈志强",
        handed_over_at=RECEIVED,
        judgement=JUDGEMENT,
        proposal="更换 6 条，补偿停售及往返损失 150 元，客户经理上门致歉。",
        cost=Decimal("1260"),
        handler="陈志强",
        proposed_at=date(2026, 11, 23),
        opinion="同意。货由仓管当日发出。",
        opinion_by="李卫东",
        opinion_at=date(2026, 11, 24),
    )


def blank_form() -> RegistrationForm:
    return RegistrationForm(
        paper=paper("TS-202611-0051"),
        blank=True,
        channel_options=("电话", "传真", "上门/现场", "来访", "书信", "线上", "微信", "短信", "电子邮件", "12313/12315 转办"),
        class_options=("因服务", "因产品", "因客户自身", "受骗上当"),
        severity_options=("一般", "重大", "紧急"),
        loss_options=("停车费", "停机费", "退货损失", "其他"),
    )


def objection_record() -> ObjectionRecord:
    return ObjectionRecord(
        paper=paper("YY-202611-0108"),
        customer="福满堂烟酒店",
        customer_number="KH-0023",
        customer_tier="关键",
        phone="0571-8655 1203",
        occurred_at=RECEIVED,
        where="店内柜台",
        what="“说好每周二送货，这周又拖到周四，老客户都跑了。”",
        who="送货员小刘",
        wish="固定时间送，来不了提前一天说。",
        expression="不满意",
        channel="上门/现场",
        nature="真实异议",
        content="服务",
        family="服务质量·送货",
        cause="企业·配送",
        product="",
        method="询问",
        steps=(
            Step("缓冲", True, "先道歉，听完再说"),
            Step("询问", True, "问清三次延误的日期"),
            Step("倾听并记录", True),
            Step("说服", True, "说明线路调整"),
            Step("反馈并回访", False),
        ),
        card="YK-012 送货不准时",
        handler="王敏",
        solved_on_spot=False,
        promised_at=datetime(2026, 11, 20, 17, 0, tzinfo=ZONE),
        result="线路已调整，周二上午送达；来不了提前一天电话告知。",
        satisfaction=4,
        fed_back_to="配送部",
        fed_back_at=date(2026, 11, 20),
        state="已答复",
    )


def approval_sheet() -> ApprovalSheet:
    return ApprovalSheet(
        paper=paper("SP-202611-0014"),
        complaint_number="TS-202611-0032",
        customer="鑫瑞达商行",
        customer_number="KH-0117",
        customer_tier="关键",
        received_at=RECEIVED,
        complaint_class="因产品",
        severity="一般",
        owner="陈志强",
        products="云岭（硬） 批号 20260914-B07 不良 6 / 50 条",
        summary=LONG,
        wished_solution="换货，并赔停售的损失。",
        judgement=JUDGEMENT,
        assessment=(
            ("是否长期往来", "是，9 年"),
            ("是否可能再买", "是"),
            ("会不会影响口碑", "会"),
            ("要求是否不合理", "否"),
            ("我方有没有错，多大", "有，80 %"),
        ),
        band="从宽",
        proposal="更换 6 条，补偿停售及往返损失 150 元，客户经理上门致歉。",
        remedies=REMEDIES,
        cost=Decimal("1260"),
        proposed_by="陈志强",
        proposed_at=datetime(2026, 11, 23, 17, 36, tzinfo=ZONE),
        ladder=(Rung("经办人", Decimal(200)), Rung("部门领导", Decimal(5000), True), Rung("分公司负责人", None)),
        decisions=(
            Decision(
                "部门领导", "李卫东", datetime(2026, 11, 24, 9, 5, tzinfo=ZONE), "批准", "同意。货由仓管当日发出。", "程序内"
            ),
        ),
    )
