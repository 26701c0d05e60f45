"""The smaller jobs of the handbook, each followed by its words alone in a branch without passwords."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core.language import _
from app.models.actions import Action
from app.models.cards import Card
from app.models.complaints import Complaint
from app.models.customers import Customer
from app.models.objections import Objection
from app.models.record import parts_of
from app.views.field_grid import FieldRow
from app.views.step_panel import StepPanel
from app.views.window import Window
from tests.end_to_end.reader import Reader, form_of, seen
from tests.make import Make
from tests.views.stage import (
    CONTROL,
    Key,
    fill,
    finish,
    key,
    press,
    settle,
    type_keys,
)


def accepted(window: Window, make: Make) -> None:
    """The page of a complaint that is handled."""
    record = make.steps(make.complaint(severity="general"), "sign", ("accept", {"promised_at": "2026-11-23 17:00"}))
    window.open_record(record.number)
    QApplication.processEvents()


def test_what_goes_wrong_with_a_complaint_is_handled_by_the_words_of_the_handbook(alone: Window, make: Make) -> None:
    accepted(alone, make)
    reader = Reader(alone, "stuck")
    reader.choose("More", "Change person, place or time")
    reader.fill("What was changed", "person")
    reader.fill("To what", "换刘洋接手")
    reader.fill("Who took over", "刘洋")
    reader.press("Change person, place or time")
    reader.press("Report upwards")
    reader.fill("To whom", "manager")
    reader.fill("What about", "客户要求赔停业损失，超出权限")
    reader.sees("And to the department")
    reader.press("Report upwards")
    reader.at(3).choose("More", "Pause")
    reader.at(3).told("Pause")
    reader.fill("Reason", "等检验结果")
    press(alone, "do_pause")
    reader.choose("More", "Go on")
    press(alone, "do_resume")
    assert Complaint.get().paused_at is None


def test_a_complaint_is_told_of_refused_and_voided_by_the_words_of_the_handbook(alone: Window, make: Make) -> None:
    accepted(alone, make)
    reader = Reader(alone, "reply").at(2)
    reader.press("Tell customer")
    reader.fill("What was said", "已派人去查")
    reader.press("Tell customer")
    reader.at(3).press("Promise")
    reader.fill("Promised for", "2026-11-24 10:00")
    reader.fill("What was promised", "visit")
    reader.press("Promise")
    reader.go("Promises")
    assert alone.page.nav == "promises"
    other = make.steps(make.complaint(customer=Customer.get().number), "sign")
    alone.open_record(other.number)
    QApplication.processEvents()
    reader = Reader(alone, "accept").at(1)
    reader.choose("More", "Do not accept")
    reader.fill("Reason", "不在本局管辖")
    reader.fill("Where the customer can turn", "市局 12313")
    reader.press("Do not accept")
    assert str(make.again(other).status) == "rejected"


def test_a_proposal_is_returned_and_approved_on_paper_by_the_words_of_the_handbook(alone: Window, make: Make) -> None:
    alone.open_record(make.proposed().number)
    QApplication.processEvents()
    reader = Reader(alone, "approve").at(0, 4)
    reader.press("Return")
    assert seen(alone, StepPanel)
    key(Key.Key_Escape)
    reader.at(0, 3).press("Approve")
    reader.at(0, 4).told("Return")
    reader.told("Return")
    reader.fill("How", "paper")
    reader.fill("Who signed on paper", "周国强")
    reader.sees("Scan")


def test_a_deadline_is_extended_and_a_cause_mended_by_the_words_of_the_handbook(alone: Window, make: Make) -> None:
    accepted(alone, make)
    reader = Reader(alone, "extend")
    reader.choose("More", "Extend deadline")
    reader.fill("New deadline", "2026-12-08")
    reader.fill("Reason", "等厂家检验")
    reader.press("Extend deadline")
    reader = Reader(alone, "corrective-action")
    reader.choose("More", "Corrective action")
    reader.fill("Root cause", "改线没有人通知")
    reader.fill("Immediate measure", "当天电话告知")
    reader.fill("Lasting measure", "改线前一天短信")
    reader.fill("Responsible department", "marketing")
    reader.fill("Responsible person", "老杜")
    reader.fill("Due", "2026-11-30")
    reader.press("Corrective action")
    reader.go("Actions")
    number = str(Action.get().number)
    alone.open_record(number)
    QApplication.processEvents()
    reader.press("Report done")
    reader.fill("What was done", "已上线")
    fill(seen(alone, StepPanel)[0].form, done_at="2026-11-23")
    reader.press("Report done")
    assert Action.get().status == "done"
    reader.sees("Check on")
    reader.press("Check effect")
    reader.fill("It helped", True)
    reader.fill("What the check found", "没有再发生")
    reader.press("Check effect")
    reader = Reader(alone, "publish").at(2, 2)
    reader.press("Publish notice")
    if seen(alone, StepPanel):
        press(alone, "do_publish")
    reader.press("Print")


def test_objections_become_cards_by_the_words_of_the_handbook(alone: Window, make: Make) -> None:
    objection = make.objection(customer=make.customer().number)
    alone.open_record(objection.number)
    QApplication.processEvents()
    reader = Reader(alone, "answer-objection")
    reader.press("Promise")
    fill(seen(alone, StepPanel)[0].form, promised_at="2026-11-23 17:00")
    press(alone, "do_promise")
    reader.press("Reply")
    fill(seen(alone, StepPanel)[0].form, result="按月均销量重排")
    press(alone, "do_reply")
    reader.press("Close")
    fill(seen(alone, StepPanel)[0].form, satisfaction=5)
    press(alone, "do_close")
    assert Objection.get().status == "closed"
    reader = Reader(alone, "make-card")
    reader.press("Make a card")
    reader.fill("The customer's words", "隔壁都有货，我没有")
    reader.fill("Answer", "您家的明细我带来了，咱们一行一行对")
    reader.press("Make a card")
    reader.at(0, 2).press("Edit")
    fill(form_of(next(one for one in seen(alone, FieldRow) if one.declared.code == "answer")), method="indirect")
    reader.press("Save")
    reader.press("Discuss")
    reader.fill("Who took part", "王敏、陈静")
    reader.fill("Minutes", "先报明细再说规则")
    reader.press("Discuss")
    reader.press("Rehearse")
    reader.fill("Who played whom", "王敏扮客户")
    reader.fill("What was noticed", "客户先要看明细")
    reader.press("Rehearse")
    reader = Reader(alone, "publish").at(1, 3)
    reader.press("Publish")
    if seen(alone, StepPanel):
        press(alone, "do_publish")
    assert Card.get().status == "published"


def test_cards_are_written_learnt_and_printed_by_the_words_of_the_handbook(alone: Window, make: Make, qtbot: QtBot) -> None:
    make.card("published")
    reader = Reader(alone, "make-card")
    alone.open_page("cards")
    settle(qtbot)
    reader.at(0, 1).told("Make a card")
    for word in ("The customer's words", "Answer", "Make a card"):
        reader.told(word)
    reader.press_at("Write a card", "Cards")
    reader.told("Save")
    alone.go_back()
    reader.at(2).press_at("Evidence", "Cards")
    reader.sees("Add evidence")
    alone.open_page("cards")
    reader.at(1).press_at("Print all published cards", "Cards")
    finish(qtbot)
    alone.go_back()
    reader = Reader(alone, "self-test")
    reader.press("Cards")
    reader.press("Self-test")
    settle(qtbot)
    key(Key.Key_Space)
    key(Key.Key_3)


def test_customers_are_added_and_looked_after_by_the_words_of_the_handbook(alone: Window, qtbot: QtBot) -> None:
    reader = Reader(alone, "add-customer")
    reader.choose("New", "Add customer")
    reader.fill("Name", "鑫源商行")
    reader.press("Save")
    assert Customer.get().name == "鑫源商行"
    reader.press("Edit")
    key(Key.Key_Escape)
    reader = Reader(alone, "customer")
    reader.press("Customers")
    alone.open_record(Customer.get().number)
    settle(qtbot)
    reader.at(1).sees("Contact")
    key(Key.Key_F6)
    settle(qtbot, 150)
    key(Key.Key_2)
    key(Key.Key_Tab)
    type_keys("约周三上门")
    key(Key.Key_Return, CONTROL)
    settle(qtbot, 150)
    assert [one["kind"] for one in parts_of(Customer.get(), "log")] == ["phone"]
    reader.at(2)
    rows = reader.rows("Customer file")
    assert {_("Mark as lost"), _("End the relation")} <= set(rows)
    reader.choose("Customer file", "Grade")
    assert seen(alone, FieldRow)
    key(Key.Key_Escape)
    alone.open_record(Customer.get().number)
    settle(qtbot)
    Reader(alone, "visit").at(0, 1).choose("Customer file", "Prepare visit")
    reader = Reader(alone, "visit").at(0, 2)
    reader.sees("Print")


def test_duplicates_are_merged_by_the_words_of_the_handbook(alone: Window, make: Make, qtbot: QtBot) -> None:
    make.customer()
    make.customer()
    alone.open_page("workbench")
    reader = Reader(alone, "duplicates")
    reader.press("Customers")
    reader.press("Find duplicates")
    finish(qtbot)
    key(Key.Key_Return)
    settle(qtbot)
    reader.press("Merge")
    finish(qtbot)
    assert [one.status for one in Customer.select()].count("merged") == 1
    kept = next(one for one in Customer.select() if one.status == "active")
    alone.open_record(kept.number)
    settle(qtbot)
    reader.told("Undo merge")
    reader.choose("Customer file", "Merge with another…")


def test_a_chat_is_pasted_by_the_words_of_the_handbook(alone: Window, qtbot: QtBot) -> None:
    reader = Reader(alone, "paste-chat")
    QApplication.clipboard().setText("老板 13800001111：昨天送的青峦漏气")
    key(Key.Key_F8)
    reader.press("Paste chat")
    settle(qtbot)
    reader.sees("Channel")
    reader.press("All correct")
