"""Lists, papers, files, settings, registers and checks, by the words of the handbook alone in a branch without passwords."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core.language import _
from app.models import numbering, unfinished
from app.models.complaints import Complaint
from app.models.customers import Customer
from app.views.field_grid import FieldRow
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
    "Branch", "Limits", "Deadlines", "Calendar", "Take in published years", "Deputies", "People", "Clauses",
    "Certificate", "Blank forms", "Exports", "Backups", "This desk", "Updates", "About",
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
