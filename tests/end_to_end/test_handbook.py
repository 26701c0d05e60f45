"""Who follows the handbook's words alone gets through each role's day: what is pressed and filled in is what it quotes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from app.core.language import choose
from app.core.session import Session
from app.models import staff
from app.models.agreements import Agreement
from app.models.complaints import Complaint
from app.models.dispatches import Dispatch
from app.models.objections import Objection
from app.services import backup_places, periods
from app.views.field_grid import FieldRow
from app.views.messages import Dialog
from app.views.statistics import StatisticsPage
from app.views.step_panel import StepPanel
from app.views.window import Window
from app.views.work import pool
from tests.end_to_end.reader import Reader, form_of, seen
from tests.make import Make
from tests.staffed import ADMIN, PASSWORD, join, protected, quick, signed_in
from tests.views.stage import ALT, Key, Told, choose_file, fill, key, open_window, settle, throw_away
from tests.views.stage import told as told

DAY = {"clerk": "陈静", "handler": "孙丽", "manager": "周国强", "head": "刘建明"}


Desk = Callable[..., Any]


@pytest.fixture
def office(session: Session, make: Make, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A branch with passwords, and somebody in each role."""
    quick(monkeypatch)
    made = protected(session)
    for role, name in DAY.items():
        join(made, name, role)
    choose("zh_CN")
    yield made
    pool().waitForDone()


@pytest.fixture
def at(office: Session, qtbot: QtBot, told: Told) -> Desk:
    """Opens the window as somebody who signed in."""

    @contextmanager
    def opened(name: str, number: str = "") -> Iterator[Window]:
        window = open_window(qtbot, signed_in(office, name, PASSWORD if name == ADMIN else "山路上有三棵老核桃树"))
        if number:
            window.open_record(number)
            QApplication.processEvents()
        yield window
        pool().waitForDone()
        QApplication.processEvents()
        throw_away(window)

    return opened


def status(kind: type[Any], number: str) -> str:
    return str(kind.get(kind.number == number).status)


def test_a_complaint_goes_from_hand_to_hand_by_the_words_of_the_handbook(
    office: Session, at: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = Make(signed_in(office, ADMIN, PASSWORD)).customer(name="鑫源商行").number
    with at(DAY["clerk"]) as window:
        number = _registered(window, customer)
    with at(DAY["handler"], number) as window:
        _proposed(window)
        assert status(Complaint, number) == "proposed"
    with at(DAY["manager"], number) as window:
        reader = Reader(window, "approve")
        reader.press("批准")
        reader.fill("批准意见", "同意")
        reader.press("批准")
        assert status(Complaint, number) == "approved"
    agreement = _agreed(at, number, tmp_path, monkeypatch)
    assert status(Agreement, agreement) == "signed"
    _delivered(at, number)
    with at(DAY["clerk"], number) as window:
        reader = Reader(window, "follow-up")
        reader.press("回访")
        reader.fill("结果（1–5）", 5)
        reader.fill("过程（1–5）", 4)
        reader.fill("客户怎么说", "办得快")
        reader.press("回访")
    with at(DAY["handler"], number) as window:
        reader = Reader(window, "close")
        reader.press("办结")
        fill(seen(window, StepPanel)[0].form, result="客户满意")
        reader.press("办结")
    assert status(Complaint, number) == "closed"


def _registered(window: Window, customer: str) -> str:
    reader = Reader(window, "register-complaint")
    key(Key.Key_F8)
    reader.fill("客户", customer)
    reader.fill("受理渠道", "phone")
    reader.fill("投诉类别", "service")
    reader.fill("分级", "general")
    reader.fill("投诉内容", "约好上午送货，下午才到，店里断货半天")
    reader.fill("希望怎样解决", "补两条烟的钱")
    reader.press("登记并签名")
    number = str(Complaint.select().order_by(Complaint.id.desc()).get().number)
    assert status(Complaint, number) == "registered"
    reader = Reader(window, "hand-over")
    reader.choose("更多", "移交")
    reader.fill("移交给", "marketing")
    reader.fill("交给谁", DAY["handler"])
    reader.fill("备注", "最在意准时")
    reader.press("移交")
    return number


def _proposed(window: Window) -> None:
    reader = Reader(window, "accept")
    reader.press("受理")
    reader.fill("经办人", DAY["handler"])
    reader.fill("承诺答复", "今天 17:00")
    reader.fill("告知方式", "phone")
    reader.fill("告知内容", "今天下班前答复")
    reader.press("受理")
    reader = Reader(window, "investigate")
    reader.press("详查")
    reader.fill("方式", "phone")
    reader.fill("详查对象", "customer")
    reader.fill("查明情况", "送货车当天改线，没有告知")
    reader.fill("向客户复述", "下午两点才送到")
    reader.fill("确认人", "周建国")
    reader.press("详查")
    reader = Reader(window, "propose")
    reader.press("五问评估")
    for caption in ("是老客户吗", "还会再买吗", "会影响口碑吗"):
        reader.fill(caption, True)
    reader.fill("要求不合理吗", False)
    reader.fill("我方过错（%）", 100)
    reader.press("五问评估")
    reader.press("提意见")
    reader.fill("处理意见", "送货改线没有告知，责任在我方；补偿并当面道歉")
    lines = [{"remedy": "money", "amount": "360.00"}]
    fill(seen(window, StepPanel)[0].form, lines=lines)
    reader.fill("理由是否充分", True)
    reader.fill("要求是否合理", True)
    reader.fill("投诉是否成立", True)
    reader.fill("原因", "company.delivery")
    reader.fill("责任方", "company")
    reader.fill("公司过错（%）", 100)
    reader.press("提意见")


def _agreed(at: Desk, number: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    with at(DAY["handler"], number) as window:
        reader = Reader(window, "reply")
        reader.press("答复")
        reader.fill("答复渠道", "phone")
        reader.fill("答复", "补偿 360 元，三天内到账")
        reader.press("答复")
        reader = Reader(window, "draw-up-agreement")
        reader.press("拟协议")
        reader.fill("履行期限", "2026-11-27")
        reader.press("拟协议")
    agreement = str(Agreement.get().number)
    with at(DAY["manager"], agreement) as window:
        reader = Reader(window, "release")
        reader.press("发放")
        reader.press("发放")
    with at(DAY["handler"], agreement) as window:
        reader = Reader(window, "print-agreement")
        reader.press("打印或另存")
        choose_file(monkeypatch, tmp_path / "协议.pdf")
        reader.press("另存")
        assert (tmp_path / "协议.pdf").read_bytes().startswith(b"%PDF")
        key(Key.Key_Escape)
        reader.press("登记签字")
        reader.fill("签字人", "周建国")
        reader.press("登记签字")
    return agreement


def _delivered(at: Desk, number: str) -> None:
    with at(DAY["handler"], number) as window:
        reader = Reader(window, "dispatch")
        reader.press("派发")
        reader.fill("告知内容", "三天内到账")
        fill(seen(window, StepPanel)[0].form, told_by="phone")
        reader.press("派发")
    with at(DAY["clerk"], str(Dispatch.get().number)) as window:
        reader = Reader(window, "deliver")
        reader.press("受理")
        reader.fill("接收人", DAY["clerk"])
        reader.press("受理")
        reader.press("登记送达")
        reader.fill("签收人", "周建国")
        fill(seen(window, StepPanel)[0].form, proof="转账回单")
        reader.press("登记送达")
    assert status(Complaint, number) == "following_up"


def test_an_objection_is_written_down_and_closed_by_the_words_of_the_handbook(office: Session, at: Desk) -> None:
    customer = Make(signed_in(office, ADMIN, PASSWORD)).customer(name="鑫源商行").number
    with at(DAY["clerk"]) as window:
        reader = Reader(window, "write-objection")
        key(Key.Key_F7)
        reader.fill("客户", customer)
        reader.fill("何事", "青峦订十条只给两条")
        key(Key.Key_6, ALT)
        key(Key.Key_Right)
        reader.press("保存")
    assert Objection.get().status == "closed"


def test_the_branch_head_exports_and_closes_the_month_by_the_words_of_the_handbook(
    office: Session, at: Desk, told: Told, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    month = periods.read("last", office.now().date())
    Make(signed_in(office, DAY["clerk"], "山路上有三棵老核桃树")).objection()
    with at(DAY["head"]) as window:
        reader = Reader(window, "export-month")
        reader.press("统计")
        page = window.page
        assert isinstance(page, StatisticsPage)
        page.show_period(month)
        qtbot.waitUntil(lambda: page.report is not None, timeout=20_000)
        choose_file(monkeypatch, tmp_path / "月报.xlsx")
        reader.press("导出 Excel")
        qtbot.waitUntil(lambda: (tmp_path / "月报.xlsx").exists(), timeout=30_000)
        reader = Reader(window, "close-month")
        reader.press("统计")
        told.answers.append(lambda dialog: Reader(dialog, "close-month").press("月结"))
        reader.press("月结")
        qtbot.waitUntil(lambda: any("已月结" in said for said in told.toasts), timeout=30_000)


def test_the_administrator_adds_people_backs_up_and_restores_by_the_words_of_the_handbook(
    office: Session, at: Desk, told: Told, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = tmp_path / "U盘"
    second.mkdir()
    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getExistingDirectory", lambda *_asked: str(second))
    with at(ADMIN) as window:
        reader = Reader(window, "staff")
        reader.press("设置")
        reader.press("人员")
        reader._place = reader._text.index("增加同事")
        reader.fill("工号", "09")
        reader.fill("姓名", "马骏")
        form = form_of(next(one for one in seen(window, FieldRow) if one.declared.code == "name"))
        fill(form, roles=("handler",))
        told.answers.append(lambda dialog: _once(dialog))
        reader.press("新增")
        assert "马骏" in [one.name for one in staff.listed(window.session)]
        reader = Reader(window, "back-up")
        reader.press("设置")
        reader.press("备份")
        reader.press("选择文件夹")
        pool().waitForDone()
        settle(qtbot, 100)
        reader.press("立即备份")
        qtbot.waitUntil(lambda: bool(list(second.rglob(f"*{backup_places.ENDING}"))), timeout=30_000)
        pool().waitForDone()
        QApplication.processEvents()
        reader = Reader(window, "restore")
        reader.press("设置")
        reader.press("备份")
        told.answers.append(lambda dialog: _kept(dialog))
        reader.press("恢复 …")
        qtbot.waitUntil(lambda: not told.answers, timeout=30_000)


def _once(dialog: Dialog) -> None:
    reader = Reader(dialog, "staff")
    reader._place = reader._text.index("增加同事")
    reader.press("完成")


def _kept(dialog: QDialog) -> None:
    Reader(dialog, "restore").press("保留现在的数据")
