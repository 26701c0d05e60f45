"""The smaller jobs of the handbook, each followed by its words alone in a branch without passwords."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core.language import _
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
from tests.conftest import Clock
from tests.end_to_end.reader import Reader, form_of, seen
from tests.make import Make
from tests.models.stands import agreement_in
from tests.views.full_branch import Branch
from tests.views.stage import (
    CONTROL,
    SHIFT,
    Key,
    Told,
    choose_file,
    fill,
    finish,
    key,
    open_window,
    press,
    settle,
    throw_away,
    type_keys,
)


def accepted(window: Window, make: Make) -> None:
    """The page of a complaint that is handled."""
    record = make.steps(make.complaint(severity="general"), "sign", ("accept", {"promised_at": "2026-11-23 17:00"}))
    window.open_record(record.number)
    QApplication.processEvents()


def test_the_workbench_has_what_the_handbook_says(alone: Window, make: Make, clock: Clock, tmp_path: Path) -> None:
    Branch(make, tmp_path)
    clock.advance(days=10)
    make.customer(name="旭日商店", contacts=[{"name": "周建国", "birthday": "1980-12-05"}])
    alone.open_page("customers")
    reader = Reader(alone, "workbench")
    reader.press("Workbench")
    reader.sees("My promises", "Waits for approval", "Deliveries and follow-ups", "Unfinished", "Coming days", "See all")
    reader.sees("New")


def test_lists_are_searched_and_kept_as_views_by_the_words_of_the_handbook(
    alone: Window, make: Make, told: Told, qtbot: QtBot
) -> None:
    case = make.complaint()
    reader = Reader(alone, "find")
    reader.keys("Ctrl+K")
    key(Key.Key_K, CONTROL)
    type_keys(str(case.number))
    settle(qtbot, 300)
    key(Key.Key_Return)
    settle(qtbot)
    assert alone.page.nav == "complaints"
    reader.at(2).press("Complaints")
    reader.keys("Ctrl+F")
    key(Key.Key_F, CONTROL)
    type_keys("鑫瑞达")
    settle(qtbot, 300)
    reader.sees("More filters", "Clear")
    reader.keys("Ctrl+Shift+P")
    key(Key.Key_P, CONTROL | SHIFT)

    def name_it(dialog: Any) -> None:
        dialog.edit.setText("鑫瑞达的")
        with reader.before(dialog):
            reader.press("Save")

    told.answers.append(name_it)
    reader.at(3).choose("View", "Save as view …")
    reader.at(3, 2).choose("View", "Open the list with it")


def test_many_records_are_done_at_once_by_the_words_of_the_handbook(
    alone: Window, make: Make, told: Told, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = make.customer().number
    for _time in range(2):
        make.steps(make.complaint(customer=customer), "sign")
    alone.open_page("complaints")
    settle(qtbot)
    reader = Reader(alone, "many").at(1)
    reader.keys("Ctrl+A")
    alone.page.table.setFocus()  # type: ignore[attr-defined]
    key(Key.Key_A, CONTROL)
    qtbot.waitUntil(alone.page.bulk.isVisible)  # type: ignore[attr-defined]
    reader.sees("Classify …", "Assign …", "Print …", "Void …")

    def give(dialog: Any) -> None:
        fill(dialog.form, handed_to="marketing", handler="孙丽")
        with reader.before(dialog):
            reader.at(1, 3).told("Classify all")
            reader.press("Assign all")
            reader.told("Void all")

    told.answers.append(give)
    press(alone.page, "bulk_assign")
    finish(qtbot)
    assert {one.handed_person for one in Complaint.select()} == {"孙丽"}
    choose_file(monkeypatch, tmp_path / "台账.xlsx")
    reader.at(2, 2).both("Export", "Excel workbook")
    assert {_("Excel workbook"), reader.told("Register as PDF")} <= set(reader.rows("Export"))


def test_papers_are_printed_and_handed_on_as_the_handbook_says(
    alone: Window, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreement = agreement_in(make, "released")
    alone.open_record(agreement["complaint"].number)
    QApplication.processEvents()
    reader = Reader(alone, "print")
    reader.told("Print")
    print(reader.rows("Print"))
    reader.keys("Ctrl+P")
    key(Key.Key_P, CONTROL)
    reader.at(0, 3).sees("Print")
    choose_file(monkeypatch, tmp_path / "表.pdf")
    reader.press("Save as")
    assert (tmp_path / "表.pdf").exists()
    reader.at(1).sees("Send to mail program")


def test_files_are_attached_by_the_words_of_the_handbook(
    alone: Window, make: Make, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = tmp_path / "批号.jpg"
    Image.new("RGB", (40, 30), "grey").save(photo)
    alone.open_record(make.complaint().number)
    QApplication.processEvents()
    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getOpenFileNames", lambda *_asked: ([str(photo)], ""))
    reader = Reader(alone, "files")
    reader.press("Attach")
    finish(qtbot)
    reader.press("Files")
    assert any(_("Say what it shows") in word for word in reader.words())
    assert reader.rows("More")


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
    reader.at(2).press_at("Supporting evidence", "Cards")
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
    assert "undo" not in reader.told("Undo merge")
    reader.choose("Customer file", "Merge with another…")


def test_a_chat_is_pasted_by_the_words_of_the_handbook(alone: Window, qtbot: QtBot) -> None:
    reader = Reader(alone, "paste-chat")
    QApplication.clipboard().setText("老板 13800001111：昨天送的青峦漏气")
    key(Key.Key_F8)
    reader.press("Paste chat")
    settle(qtbot)
    reader.press("All correct")


def test_deputies_and_settings_are_as_the_handbook_says(alone: Window) -> None:
    reader = Reader(alone, "deputy")
    reader.press("Settings")
    reader.press("Deputies")
    reader.sees("Who is away", "Deputy", "In the role of", "From", "Until", "Name the deputy")
    reader = Reader(alone, "settings")
    reader.press("Settings")
    for part in PARTS:
        reader.press(part)
    reader.press("Products")
    reader.press("Add product")
    reader.sees("Still sold")


PARTS = (
    "Branch", "Numbers and limits", "Deadlines", "Calendar", "Take in published years", "Deputies", "People", "Clauses",
    "Certificate", "Blank forms", "Monthly export", "Backups", "This desk", "Updates", "About",
)  # fmt: skip
"""What the table of the chapter leads to, with what is at once done there."""


def test_a_register_is_taken_in_by_the_words_of_the_handbook(
    alone: Window, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "客户.csv"
    path.write_text("客户名称,电话\n鑫源商行,13800001111\n,1\n", encoding="utf-8")
    choose_file(monkeypatch, path)
    reader = Reader(alone, "import")
    reader.press("Import")
    alone.page.kind.set_value("customers")  # type: ignore[attr-defined]
    reader.press("Choose file")
    finish(qtbot)
    reader.press("Try without writing")
    finish(qtbot)
    key(Key.Key_Return, CONTROL)
    settle(qtbot, 150)  # a button is pressed for a moment before it acts
    finish(qtbot)
    assert Customer.select().count() == 1
    choose_file(monkeypatch, tmp_path / "未导入.xlsx")
    reader.press("Save rejected rows")
    finish(qtbot)
    assert (tmp_path / "未导入.xlsx").exists()
    reader.sees("Save mapping", "Open mapping")


def test_data_is_checked_and_papers_verified_as_the_handbook_says(
    alone: Window, told: Told, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Reader(alone, "history")
    reader.press("History")
    reader.sees("Acting person", "Kind of record", "Act", "Date and time", "Export")
    reader.at(1, 1).press_at("Check data", "History")
    finish(qtbot)
    told.messages.clear()
    other = tmp_path / "另一份.pdf"
    other.write_bytes(b"%PDF-1.4\n%%EOF\n")
    choose_file(monkeypatch, other)
    reader = Reader(alone, "verify")
    reader.press("Agreements")
    reader.press("Verify file")
    finish(qtbot)
    told.messages.clear()


def test_a_form_written_by_hand_is_entered_under_its_number(
    alone: Window, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    key(Key.Key_F8)
    reader = Reader(alone, "blank-form")
    reader.told("Register complaint")
    reader.press("Blank form")
    choose_file(monkeypatch, tmp_path / "空白表.pdf")
    reader.sees("Print")
    reader.press("Save as")
    (number,) = numbering.reserved(alone.session, "complaint")
    reader.press("Settings")
    reader.press("Blank forms")
    press(alone, f"enter_{number}")
    form = next(one for one in seen(alone, FieldRow) if one.declared.code == "description")
    fill(form_of(form), complainant="钱立新", description="漏气")
    alone.page.keep()  # type: ignore[attr-defined]
    (entry,) = unfinished.of(alone.session)
    throw_away(alone)
    again = open_window(qtbot, alone.desk.session)
    again.open_form("complaint", {"_entry": entry.id})
    reader.window = again
    reader.press("Register and sign")
    assert [one.number for one in Complaint.select()] == [number]
    assert numbering.reserved(again.session, "complaint") == []
    throw_away(again)
