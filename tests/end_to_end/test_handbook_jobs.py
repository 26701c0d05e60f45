"""The smaller jobs of the handbook, each followed by its words alone in a branch without passwords."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from app.core.language import _, choose
from app.core.session import Session
from app.models import numbering, unfinished
from app.models.actions import Action
from app.models.cards import Card
from app.models.complaints import Complaint
from app.models.customers import Customer
from app.models.objections import Objection
from app.models.record import parts_of
from app.views.field_grid import FieldRow
from app.views.step_panel import StepPanel
from app.views.window import Window
from app.views.work import pool
from tests.end_to_end.reader import Reader, form_of, name_of, seen
from tests.make import Make
from tests.views.stage import CONTROL, Key, Told, choose_file, fill, key, open_window, press, settle, throw_away, type_keys
from tests.views.stage import told as told


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
    fill(seen(alone, StepPanel)[0].form, done_at="今天")
    press(alone, "do_finish")
    assert Action.get().status == "done"


def test_objections_become_cards_by_the_words_of_the_handbook(alone: Window, make: Make) -> None:
    objection = make.steps(make.objection(customer=make.customer().number), ("promise", {"promised_at": "2026-11-23 17:00"}))
    alone.open_record(objection.number)
    reader = Reader(alone, "answer-objection")
    reader.press("答复")
    fill(seen(alone, StepPanel)[0].form, result="按月均销量重排")
    press(alone, "do_reply")
    reader.press("办结")
    fill(seen(alone, StepPanel)[0].form, satisfaction=5)
    press(alone, "do_close")
    assert status(Objection, objection.number) == "closed"
    reader = Reader(alone, "make-card")
    reader.press("制异议卡")
    reader.fill("客户原话", "隔壁都有货，我没有")
    reader.fill("应答", "您家的明细我带来了，咱们一行一行对")
    reader.press("制异议卡")
    reader._place = reader._text.index("在卡片页")
    reader.press("编辑")
    fill(form_of(next(one for one in seen(alone, FieldRow) if one.declared.code == "answer")), method="indirect")
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
    if seen(alone, StepPanel):
        press(alone, "do_publish")
    assert Card.get().status == "published"


def status(kind: type[Any], number: str) -> str:
    return str(kind.get(kind.number == number).status)


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
    assert seen(alone, FieldRow)


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
    assert "在售" in [_(one.declared.label) for one in seen(alone, FieldRow)]


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
        assert one in [name_of(button) for button in seen(alone.page, QAbstractButton)]
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


def test_a_form_written_by_hand_is_entered_under_its_number(
    alone: Window, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone.open_form("complaint")
    reader = Reader(alone, "blank-form")
    reader.press("空白表")
    choose_file(monkeypatch, tmp_path / "空白表.pdf")
    reader.press("另存")
    (number,) = numbering.reserved(alone.session, "complaint")
    reader.press("设置")
    reader.press("空白表")
    press(alone, f"enter_{number}")
    form = next(one for one in seen(alone, FieldRow) if one.declared.code == "description")
    fill(form_of(form), complainant="钱立新", description="漏气")
    alone.page.keep()  # type: ignore[attr-defined]
    (entry,) = unfinished.of(alone.session)
    throw_away(alone)
    again = open_window(qtbot, alone.desk.session)
    again.open_form("complaint", {"_entry": entry.id})
    reader.window = again
    reader.press("登记并签名")
    assert [one.number for one in Complaint.select()] == [number]
    assert numbering.reserved(again.session, "complaint") == []
    throw_away(again)
