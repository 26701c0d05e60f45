"""The page of the history: what it shows, by what it is asked, and checking what is kept from it."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.core.database import database
from app.models import history
from app.models.listing import Query
from app.models.record import edit
from app.services.trail import TRAIL
from app.views.history import HistoryPage, told_lately
from app.views.messages import Dialog
from app.views.window import Window
from app.views.work import pool
from tests.make import Make
from tests.services.tampering import unguarded
from tests.views.stage import Told, press


@pytest.fixture
def page(window: Window, make: Make) -> HistoryPage:
    customer = make.customer()
    edit(make.session, customer, {"phone": "13800005678"}, customer.version)
    window.open_page("history")
    assert isinstance(window.page, HistoryPage)
    return window.page


def words(page: HistoryPage) -> list[list[str]]:
    rows = page.table.rows
    return [[rows.text(row, place) for place in range(rows.columnCount())] for row in range(rows.rowCount())]


def settle(qtbot: QtBot) -> None:
    pool().waitForDone()
    qtbot.wait(20)


def test_it_shows_who_did_what_newest_first(page: HistoryPage, make: Make) -> None:
    assert [row[2:] for row in words(page)] == [
        ["Changed", "customer", "KH-0001", "Phone: 13800001234 → 13800005678"],
        ["Written down", "customer", "KH-0001", ""],
    ]
    make.customer(name="乙", phone="13700000000")
    assert words(page)[0][4] == "KH-0002"


def test_it_is_asked_by_chips_and_by_number(page: HistoryPage, make: Make) -> None:
    make.objection(customer="KH-0001")
    page.show_query(Query(where={"kind": ("objection",)}))
    assert [row[4] for row in words(page)] == ["YY-202611-0001"]
    page.show_query(Query(text="KH-0001"))
    assert {row[4] for row in words(page)} == {"KH-0001"}
    page.show_query(Query(text="KH-9"))
    assert page._stack.currentIndex() == 1
    page.clear_filters()
    assert len(words(page)) == 3
    assert [chip.code for chip in page.filters.chips] == ["who", "kind", "action", "dates"]


def test_a_row_opens_its_record(page: HistoryPage, window: Window) -> None:
    page.table.opened.emit(1)
    assert window.page is not page
    assert "KH-0001" in window.windowTitle() or "鑫瑞达" in window.windowTitle()


def test_what_is_shown_goes_out_as_a_workbook_and_says_so_itself(
    page: HistoryPage, qtbot: QtBot, tmp_path: Path, told: Told
) -> None:
    path = tmp_path / "记录.xlsx"
    page.show_query(Query(where={"action": ("edit",)}))
    page.export_to(path)
    settle(qtbot)
    sheet = openpyxl.load_workbook(path).active
    assert [[cell.value for cell in row][1:] for row in sheet.iter_rows(min_row=2)] == [  # type: ignore[union-attr]
        ["王敏", "Changed", "customer", "KH-0001", "Phone: 13800001234 → 13800005678"]
    ]
    assert told.toasts[-1] == "Exported to 记录.xlsx."
    last = history.of("branch", 1)[-1]
    assert (last.action, last.note.split("; ")[:2]) == ("export", ["记录.xlsx", "Act: Changed"])


def test_checking_says_that_all_is_well(page: HistoryPage, qtbot: QtBot, told: Told) -> None:
    page.check_button.click()
    settle(qtbot)
    told.expect("Everything is as it should be", f"{TRAIL.total(page.session)} rows of history")
    assert page.check_button.isEnabled()


def test_checking_shows_what_is_wrong_and_repairs_what_it_can(page: HistoryPage, qtbot: QtBot, told: Told) -> None:
    database.execute_sql("UPDATE search_customer_key SET key = 'x'")
    shown: list[str] = []

    def repair(dialog: Dialog) -> None:
        report = dialog.findChild(QPlainTextEdit)
        assert report is not None
        shown.append(report.toPlainText())
        press(dialog, "dialog_repair")

    told.answers.append(repair)
    page.check()
    settle(qtbot)
    settle(qtbot)
    assert "The search does not fit the records" in shown[0]
    assert "1 faults were found" in told.dialogs[0]
    told.expect("1 faults put right", "_repair_")
    assert history.of("branch", 1)[-1].action == "repair"


def test_what_cannot_be_repaired_offers_no_repair(page: HistoryPage, qtbot: QtBot, told: Told) -> None:
    unguarded("UPDATE history SET who = '别人' WHERE id = 1")
    buttons: list[bool] = []

    def look(dialog: Dialog) -> None:
        buttons.append(dialog.findChild(object, "dialog_repair") is None)  # type: ignore[call-overload]
        press(dialog, "dialog_")

    told.answers.append(look)
    page.check()
    settle(qtbot)
    assert buttons == [True]
    told.messages.clear()  # the look at the history on opening may have seen it, too


def test_what_was_changed_lately_is_said_on_opening(window: Window, make: Make, told: Told) -> None:
    make.customer()
    told_lately(window.desk, window.open_page)
    assert not told.messages
    unguarded("UPDATE history SET who = '别人' WHERE id = 1")
    told_lately(window.desk, window.open_page)
    told.expect("not as it was written", "Check the data")
    told.messages.clear()  # the window looks by itself, too, a moment after it was opened
