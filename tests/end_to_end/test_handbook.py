"""Who follows the handbook's words alone gets through each role's day: what is pressed and filled in is what it quotes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.core.language import _, choose
from app.core.session import Session
from app.models import staff
from app.models.actions import Action
from app.models.agreements import Agreement
from app.models.cards import Card
from app.models.complaints import Complaint
from app.models.customers import Customer
from app.models.dispatches import Dispatch
from app.models.objections import Objection
from app.models.record import parts_of
from app.services import backup_places, handbook, periods
from app.views.field_grid import FieldRow
from app.views.forms import Form
from app.views.messages import Dialog
from app.views.statistics import StatisticsPage
from app.views.step_panel import StepPanel
from app.views.window import Window
from app.views.work import pool
from tests.make import Make
from tests.staffed import ADMIN, PASSWORD, join, protected, quick, signed_in
from tests.views.stage import ALT, CONTROL, Key, Told, choose_file, fill, key, open_window, press, settle, throw_away, type_keys
from tests.views.stage import told as told

DAY = {"clerk": "陈静", "handler": "孙丽", "manager": "周国强", "head": "刘建明"}


class Reader:
    """Somebody who presses and fills in what a chapter quotes, in the order in which it does."""

    def __init__(self, window: QWidget, chapter: str) -> None:
        self.window, self._text, self._place = window, handbook.chapter(chapter).source, 0

    def _told(self, caption: str) -> None:
        place = self._text.find(f"「{caption}」", self._place)
        assert place >= 0, f"「{caption}」 is not told there: {self._text[self._place :]}"
        self._place = place + 1

    def press(self, caption: str) -> None:
        """The button of that name that is nearest at hand: in the step that is open, else on the page, else at the left."""
        self._told(caption)
        places = [*_open(self.window, StepPanel), *([self.window.page] if isinstance(self.window, Window) else []), self.window]
        for place in places:
            found = [one for one in _open(place, QAbstractButton) if _name(one) == caption]
            if found:
                assert found[0].isEnabled(), found[0].toolTip()
                found[0].click()
                QApplication.processEvents()
                return
        raise AssertionError(f"nothing is called 「{caption}」: {[_name(one) for one in _open(self.window, QAbstractButton)]}")

    def choose(self, menu: str, caption: str) -> None:
        """A row of the menu that a button opens."""
        self._told(menu)
        self._told(caption)
        (button,) = [one for one in _open(self.window.page, QAbstractButton) if _name(one) == menu]  # type: ignore[attr-defined]
        rows = {one.text().partition("\t")[0]: one for one in _rows(button.menu())}
        assert caption in rows, f"{menu} has {list(rows)}"
        row = rows[caption]
        assert row.isEnabled(), row.toolTip()
        row.trigger()
        QApplication.processEvents()

    def fill(self, caption: str, value: Any) -> None:
        """The field of that name."""
        self._told(caption)
        found = [one for one in _open(self.window, FieldRow) if _(one.declared.label) == caption]
        assert found, f"no field is called 「{caption}」: {[_(one.declared.label) for one in _open(self.window, FieldRow)]}"
        fill(_form(found[0]), **{found[0].declared.code: value})


def _open(place: QWidget, kind: type[Any]) -> list[Any]:
    return [one for one in place.findChildren(kind) if one.isVisible()]


def _name(button: QAbstractButton) -> str:
    return button.text().partition("  ")[0] or button.accessibleName()


def _rows(menu: QMenu) -> Iterator[QAction]:
    menu.aboutToShow.emit()
    for action in menu.actions():
        yield from _rows(action.menu()) if isinstance(action.menu(), QMenu) else [action]


def _form(widget: QWidget) -> Form:
    while not isinstance(widget, Form):
        widget = widget.parentWidget()
    return widget


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
        fill(_open(window, StepPanel)[0].form, result="客户满意")
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
    fill(_open(window, StepPanel)[0].form, lines=lines)
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
        fill(_open(window, StepPanel)[0].form, told_by="phone")
        reader.press("派发")
    with at(DAY["clerk"], str(Dispatch.get().number)) as window:
        reader = Reader(window, "deliver")
        reader.press("受理")
        reader.fill("接收人", DAY["clerk"])
        reader.press("受理")
        reader.press("登记送达")
        reader.fill("签收人", "周建国")
        fill(_open(window, StepPanel)[0].form, proof="转账回单")
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
        form = _form(next(one for one in _open(window, FieldRow) if one.declared.code == "name"))
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


@pytest.fixture
def alone(session: Session, qtbot: QtBot, told: Told) -> Iterator[Window]:
    """The window of a branch without passwords, in Chinese."""
    choose("zh_CN")
    window = open_window(qtbot, session)
    yield window
    pool().waitForDone()
    throw_away(window)


def test_what_goes_wrong_with_a_complaint_is_handled_by_the_words_of_the_handbook(alone: Window, make: Make) -> None:
    record = make.steps(make.complaint(severity="general"), "sign", ("accept", {"promised_at": "2026-11-23 17:00"}))
    alone.open_record(record.number)
    reader = Reader(alone, "stuck")
    reader.choose("更多", "三变")
    reader.fill("变了什么", "time")
    reader.fill("改成", "周三上午到客户店里谈")
    reader.press("三变")
    reader.press("上报")
    reader.fill("交给谁", "manager")
    reader.fill("说明", "客户要求赔停业损失，超出权限")
    reader.press("上报")
    reader.choose("更多", "暂停")
    reader.fill("原因", "等检验结果")
    press(alone, "do_pause")
    reader.choose("更多", "继续")
    press(alone, "do_resume")
    assert Complaint.get().paused_at is None


def test_a_deadline_is_extended_and_a_cause_mended_by_the_words_of_the_handbook(alone: Window, make: Make) -> None:
    record = make.steps(make.complaint(severity="general"), "sign", ("accept", {"promised_at": "2026-11-23 17:00"}))
    alone.open_record(record.number)
    reader = Reader(alone, "extend")
    reader.choose("更多", "延期")
    reader.fill("新时限", "2026-12-08")
    reader.fill("原因", "等厂家检验")
    reader.press("延期")
    reader = Reader(alone, "corrective-action")
    reader.choose("更多", "整改")
    reader.fill("根本原因", "改线没有人通知")
    reader.fill("应急措施", "当天电话告知")
    reader.fill("长期措施", "改线前一天短信")
    reader.fill("责任部门", "marketing")
    reader.fill("责任人", "老杜")
    reader.fill("期限", "2026-11-30")
    reader.press("整改")
    alone.open_record(str(Action.get().number))
    QApplication.processEvents()
    reader.press("报完成")
    reader.fill("完成情况", "已上线")
    fill(_open(alone, StepPanel)[0].form, done_at="今天")
    press(alone, "do_finish")
    assert Action.get().status == "done"


def test_objections_become_cards_by_the_words_of_the_handbook(alone: Window, make: Make) -> None:
    objection = make.steps(make.objection(customer=make.customer().number), ("promise", {"promised_at": "2026-11-23 17:00"}))
    alone.open_record(objection.number)
    reader = Reader(alone, "answer-objection")
    reader.press("答复")
    fill(_open(alone, StepPanel)[0].form, result="按月均销量重排")
    press(alone, "do_reply")
    reader.press("办结")
    fill(_open(alone, StepPanel)[0].form, satisfaction=5)
    press(alone, "do_close")
    assert status(Objection, objection.number) == "closed"
    reader = Reader(alone, "make-card")
    reader.press("制异议卡")
    reader.fill("客户原话", "隔壁都有货，我没有")
    reader.fill("应答", "您家的明细我带来了，咱们一行一行对")
    reader.press("制异议卡")
    reader._place = reader._text.index("在卡片页")
    reader.press("编辑")
    fill(_form(next(one for one in _open(alone, FieldRow) if one.declared.code == "answer")), method="indirect")
    reader.press("保存")
    reader.press("讨论")
    reader.fill("参加人", "王敏、陈静")
    reader.fill("讨论记录", "先报明细再说规则")
    reader.press("讨论")
    reader.press("推演")
    reader.fill("谁扮谁", "王敏扮客户")
    reader.fill("发现了什么", "客户先要看明细")
    reader.press("推演")
    reader = Reader(alone, "publish")
    reader.press("发布")
    if _open(alone, StepPanel):
        press(alone, "do_publish")
    assert Card.get().status == "published"


def test_customers_are_added_and_looked_after_by_the_words_of_the_handbook(alone: Window, qtbot: QtBot) -> None:
    reader = Reader(alone, "add-customer")
    alone.open_page("customers")
    reader.press("新增客户")
    reader.fill("名称", "鑫源商行")
    reader.press("保存")
    assert Customer.get().name == "鑫源商行"
    reader = Reader(alone, "customer")
    settle(qtbot)
    key(Key.Key_F6)
    settle(qtbot, 150)
    key(Key.Key_2)
    key(Key.Key_Tab)
    type_keys("约周三上门")
    key(Key.Key_Return, CONTROL)
    settle(qtbot, 150)
    assert [one["kind"] for one in parts_of(Customer.get(), "log")] == ["phone"]
    reader.choose("档案", "评定等级…")
    assert _open(alone, FieldRow)


def test_deputies_and_settings_are_as_the_handbook_says(alone: Window) -> None:
    for chapter, part in (("deputy", "授权代批"), ("blank-form", "空白表")):
        reader = Reader(alone, chapter)
        reader.press("设置") if chapter == "deputy" else alone.open_page("settings")
        reader.press(part)
    reader = Reader(alone, "settings")
    alone.open_page("settings")
    for part in ("分支机构", "编号与限额", "时限", "日历", "授权代批", "人员", "条款", "空白表", "备份", "本机", "关于"):
        reader.press(part)
    reader.press("产品")
    reader.press("新增产品")
    reader._told("在售")
    assert "在售" in [_(one.declared.label) for one in _open(alone, FieldRow)]


def test_a_register_is_taken_in_by_the_words_of_the_handbook(
    alone: Window, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "客户.csv"
    path.write_text("客户名称,电话\n鑫源商行,13800001111\n,1\n", encoding="utf-8")
    choose_file(monkeypatch, path)
    reader = Reader(alone, "import")
    reader.press("导入")
    alone.page.kind.set_value("customers")  # type: ignore[attr-defined]
    reader.press("选择文件")
    _wait(qtbot)
    reader.press("试导入")
    _wait(qtbot)
    key(Key.Key_Return, CONTROL)
    settle(qtbot, 150)  # a button is pressed for a moment before it acts
    _wait(qtbot)
    assert Customer.select().count() == 1
    choose_file(monkeypatch, tmp_path / "未导入.xlsx")
    reader.press("保存未导入的行")
    _wait(qtbot)
    assert (tmp_path / "未导入.xlsx").exists()


def _wait(qtbot: QtBot) -> None:
    """Until the worker is done and what it found is shown."""
    for _time in range(3):
        pool().waitForDone()
        settle(qtbot, 30)


def test_data_is_checked_and_papers_verified_as_the_handbook_says(
    alone: Window, told: Told, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Reader(alone, "history")
    reader.press("操作记录")
    for one in ("操作人", "记录种类", "操作", "时间", "导出"):
        reader._told(one)
        assert one in [_name(button) for button in _open(alone.page, QAbstractButton)]
    reader.press("检查数据")
    pool().waitForDone()
    settle(qtbot, 50)
    told.messages.clear()
    other = tmp_path / "另一份.pdf"
    other.write_bytes(b"%PDF-1.4\n%%EOF\n")
    choose_file(monkeypatch, other)
    reader = Reader(alone, "verify")
    reader.press("协议")
    reader.press("核验文件")
    pool().waitForDone()
    settle(qtbot, 50)
    told.messages.clear()
