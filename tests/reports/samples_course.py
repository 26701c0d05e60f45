"""Papers of the way of a complaint to try things on: ordinary, empty and huge ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from app.reports.documents.case_file import (
    Cover,
    Fact,
    Happened,
    Kept,
    Noted,
    Piece,
    course_sheaf,
    cover_sheaf,
    events_sheaf,
    files_sheaf,
    index_sheaf,
)
from app.reports.documents.dispatch import CUSTOMER, Delivered, DispatchOrder, OrderLine, Reminder, dispatch_sheaf, reminder_sheaf
from app.reports.documents.follow_up import Agreed, Call, FollowUpSheet, follow_up_sheaf
from app.reports.documents.notice import Batch, BatchCase, ImprovementNotice, MakerLetter, letter_sheaf, notice_sheaf
from app.reports.documents.receipt import Receipt, receipt_sheaf
from app.reports.pdf import Sheaf
from tests.reports.samples import LONG, RECEIVED, ZONE, paper

ADDRESS = "杭州市上城区望江街道近江南路 88 号 3 幢 102 室"
PRODUCT = "云岭（硬）  批号20260914-B07  2026-09-14生产  不良6 条（共50 条）"
LATER = datetime(2026, 11, 27, 15, 30, tzinfo=ZONE)
DIGEST = "7c1e9a04b2d8" + "0123456789abcdef" * 3 + "0123"
STORY = LONG * 60


def dispatch() -> DispatchOrder:
    return DispatchOrder(
        paper=paper("PF-202611-0007"),
        department="仓管/发货",
        complaint_number="TS-202611-0032",
        agreement_number="XY-202611-0009",
        issued_by="王敏",
        issued_at=RECEIVED,
        due=date(2026, 11, 27),
        customer="鑫瑞达商行",
        customer_number="KH-0117",
        contact="周建国",
        phone="138 0571 2217",
        address=ADDRESS,
        products=(PRODUCT,),
        lines=(OrderLine("更换", "同批次外产品", Decimal(6), "条", Decimal(4)), OrderLine("小礼品", "茶叶", Decimal(1), "份")),
        note="先打电话，老板下午在。",
        accepted_by="老杜",
        accepted_at=LATER,
        deliveries=(Delivered(LATER, 1, Decimal(4), "周建国", "QS-20261127-11", "小刘"),),
    )


def reminder() -> Reminder:
    return Reminder(dispatch(), "已超 3 个工作日", (LATER,), "王敏")


def receipt() -> Receipt:
    return Receipt(
        paper=paper(),
        addressee="周建国",
        number="TS-202611-0032",
        received_at=RECEIVED,
        customer="鑫瑞达商行",
        complainant="周建国",
        phone="138 0571 2217",
        channel="电话",
        description=LONG,
        wish="换货，并赔停售的损失。",
        products=(PRODUCT,),
        handler="陈志强",
        promised_at=datetime(2026, 11, 20, 17, 0, tzinfo=ZONE),
        recorder="王敏",
        recorded_at=RECEIVED,
        branch_phone="0571-8700 0000",
        branch_address="解放路 12 号",
    )


def follow_up() -> FollowUpSheet:
    return FollowUpSheet(
        paper=paper(),
        complaint_number="TS-202611-0032",
        customer="鑫瑞达商行",
        contact="周建国",
        phone="138 0571 2217",
        address=ADDRESS,
        handler="陈志强",
        round=2,
        agreement_number="XY-202611-0009",
        planned_for=date(2026, 12, 1),
        planned_by="王敏",
        agreed=(Agreed("更换", "同批次外产品", "6 条", "4 条", "2 条"), Agreed("补偿金", "停售损失", "150 元", "150 元", "—")),
        calls=(Call(LATER, "王敏", "电话", True, 2, 4, "还差 2 条", True, "送货的人说没带够。"),),
    )


def notice() -> ImprovementNotice:
    return ImprovementNotice(
        paper=paper("ZG-202611-0002"),
        complaint_number="TS-202611-0032",
        received_on=RECEIVED,
        customer="鑫瑞达商行",
        complaint_class="因产品",
        severity="一般",
        products=(PRODUCT,),
        what=LONG,
        recurrences=("本批号 20260914-B07：期内第 3 次",),
        root_cause="入库验收漏检，雨季除湿停机没有备用。",
        cause="产品·质量",
        immediate="隔离同批次 40 条。",
        lasting="逐批抽检，湿度超标当天报警。",
        department="仓管/发货",
        person="老杜",
        due=date(2026, 12, 4),
        check_on=date(2027, 1, 4),
        done_on=LATER,
        done_note="已加装备用除湿机。",
        published_by="李卫东",
        published_on=LATER,
    )


def letter() -> MakerLetter:
    made = date(2026, 9, 14)
    found = [("TS-202611-0032", date(2026, 11, 19), 6), ("TS-202611-0041", date(2026, 11, 21), 12)]
    batch = tuple(BatchCase(number, on, made, Decimal(50), Decimal(bad), "条", "霉变") for number, on, bad in found)
    return MakerLetter(
        paper=paper(),
        batches=(Batch("云岭（硬）", "84 mm 条盒", "20260914-B07", batch),),
        brand="云岭",
        pictures=5,
        answer_by=date(2026, 12, 3),
        contact="陈志强",
        phone="0571-8700 0000",
        by="王敏",
    )


FACTS = (Fact("客户", "鑫瑞达商行"), Fact("状态", "已办结"), Fact("处理结果", ""))
PIECES = (Piece("客户投诉登记表", "TS-202611-0032", "2026-11-19", 3, 3), Piece("经过", "", "", 4, 9))
NOTED = (("详查记录", (Noted("2026-11-20 09:30", "方式：电话\n查明情况：属实"),)),)
EVENTS = (Happened(RECEIVED, "王敏", "TS-202611-0032", "签名", "状态：草稿 → 已登记"),)
FILES = (Kept("1", "批号.jpg", "批号照", "340 KB", DIGEST, "王敏\n2026-11-19 09:30", "17"),)

ORDINARY: dict[str, Callable[[], Sheaf]] = {
    "dispatch": lambda: dispatch_sheaf(dispatch(), CUSTOMER),
    "reminder": lambda: reminder_sheaf(reminder()),
    "receipt": lambda: receipt_sheaf(receipt()),
    "follow-up": lambda: follow_up_sheaf(follow_up()),
    "notice": lambda: notice_sheaf(notice()),
    "letter": lambda: letter_sheaf(letter()),
    "cover": lambda: cover_sheaf(Cover(paper(), "投诉处理卷宗", FACTS, 29, 1, "王敏")),
    "index": lambda: index_sheaf(paper(), PIECES),
    "course": lambda: course_sheaf(paper(), NOTED),
    "events": lambda: events_sheaf(paper(), EVENTS),
    "files": lambda: files_sheaf(paper(), FILES),
}
_NAMELESS = BatchCase("TS-1", None, None, None, None)
EMPTY: dict[str, Callable[[], Sheaf]] = {
    "empty dispatch": lambda: dispatch_sheaf(DispatchOrder(paper(), "", "")),
    "empty reminder": lambda: reminder_sheaf(Reminder(DispatchOrder(paper(), "", ""), "")),
    "empty receipt": lambda: receipt_sheaf(Receipt(paper(), "", "TS-1")),
    "empty follow-up": lambda: follow_up_sheaf(FollowUpSheet(paper(), "TS-1")),
    "empty notice": lambda: notice_sheaf(ImprovementNotice(paper(), "TS-1")),
    "empty letter": lambda: letter_sheaf(MakerLetter(paper(), (Batch("云岭", "", "B07", (_NAMELESS,)),))),
    "empty cover": lambda: cover_sheaf(Cover(paper(), "投诉处理卷宗", (), 2, 0)),
}


def huge_dispatch() -> DispatchOrder:
    lines = tuple(OrderLine("补偿货品", f"第 {number} 样 {LONG}", Decimal(number), "条") for number in range(1, 31))
    came = tuple(Delivered(LATER, number, Decimal(1), "周建国", f"QS-{number:04}", "小刘") for number in range(1, 31))
    return replace(dispatch(), lines=lines, deliveries=came, note=STORY, products=(PRODUCT,) * 12)


def huge_letter() -> MakerLetter:
    cases = tuple(
        BatchCase(f"TS-202611-{number:04}", RECEIVED, date(2026, 9, 14), Decimal(50), Decimal(6), "条", LONG)
        for number in range(40)
    )
    return replace(letter(), batches=(Batch("云岭（硬）", "84 mm", "B07", cases), Batch("云岭（软）", "84 mm", "B08", cases[:3])))


HUGE: dict[str, Callable[[], Sheaf]] = {
    "huge dispatch": lambda: dispatch_sheaf(huge_dispatch()),
    "huge reminder": lambda: reminder_sheaf(replace(reminder(), order=replace(huge_dispatch(), deliveries=()))),
    "huge receipt": lambda: receipt_sheaf(replace(receipt(), description=STORY, wish=STORY, products=(PRODUCT,) * 9)),
    "huge follow-up": lambda: follow_up_sheaf(
        replace(follow_up(), calls=(replace_call(),) * 12, agreed=(Agreed("更换", LONG, "6 条", "—", "6 条"),) * 20)
    ),
    "huge notice": lambda: notice_sheaf(replace(notice(), what=STORY, root_cause=STORY, lasting=STORY, check_note=STORY)),
    "huge letter": lambda: letter_sheaf(huge_letter()),
    "huge index": lambda: index_sheaf(paper(), PIECES * 60),
    "huge course": lambda: course_sheaf(paper(), (("详查记录", (Noted("2026-11-20 09:30", STORY),) * 5),) * 4),
    "huge events": lambda: events_sheaf(paper(), (EVENTS[0]._replace(text=STORY), *EVENTS * 200)),
    "huge files": lambda: files_sheaf(paper(), FILES * 80),
}


def replace_call() -> Call:
    """A call with much to tell."""
    return follow_up().calls[0]._replace(words=LONG * 4, dissatisfied=LONG * 3)
