"""月结 on the statistics page: a closed month says so, leads to what is different since, and can be opened again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.core.database import database
from app.models.objections import Objection
from app.models.record import edit
from app.models.steps import void
from app.services import closing
from app.services.periods import Period, month_of
from app.views.closing import ClosingBar, RestatedPage
from app.views.messages import Dialog
from app.views.pieces.basics import Button
from app.views.statistics import StatisticsPage
from app.views.window import Window
from app.views.work import pool
from tests.make import Make
from tests.views.stage import Told, press, settle

OCTOBER = month_of(date(2026, 10, 1))


@pytest.fixture
def objection(make: Make) -> Objection:
    return make.objection(occurred_at="2026-10-05 09:00", content="service", nature="genuine")


@pytest.fixture
def page(window: Window, objection: Objection, qtbot: QtBot) -> StatisticsPage:
    window.open_page("statistics")
    assert isinstance(window.page, StatisticsPage)
    show(window.page, OCTOBER, qtbot)
    return window.page


def show(page: StatisticsPage, period: Period, qtbot: QtBot) -> None:
    """Show a period, and wait until it is counted."""
    page.show_period(period)
    counted(page, qtbot)


def counted(page: StatisticsPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not page.counting)
    pool().waitForDone()
    settle(qtbot)


def bar(page: StatisticsPage, qtbot: QtBot) -> ClosingBar:
    """The bar, once the worker has found what is different."""
    pool().waitForDone()
    settle(qtbot)
    counted(page, qtbot)
    found = page.findChild(ClosingBar)
    assert isinstance(found, ClosingBar)
    return found


def act(page: StatisticsPage) -> Button:
    found = page.findChild(Button, "close_month")
    assert isinstance(found, Button)
    return found


def closed(page: StatisticsPage, told: Told, qtbot: QtBot) -> ClosingBar:
    told.answer("yes")
    act(page).click()
    qtbot.waitUntil(lambda: act(page).text() == "Open the month")
    return bar(page, qtbot)


def test_a_month_is_closed_after_a_question(page: StatisticsPage, told: Told, qtbot: QtBot, make: Make) -> None:
    assert bar(page, qtbot).words.text() == "2026-10 is over and not closed yet."
    told.answer("no")
    act(page).click()
    assert closing.standing(make.session, OCTOBER) is None
    found = closed(page, told, qtbot)
    assert "Close 2026-10?" in told.dialogs[-1]
    assert told.toasts == ["2026-10 is closed."]
    assert found.words.text() == "2026-10 is closed: 王敏, 2026-11-23 14:32. Nothing of it would be counted differently today."
    assert found.accessibleName() == found.words.text()
    assert (act(page).text(), found.link.isVisible()) == ("Open the month", False)


def test_later_changes_do_not_move_the_page_and_are_listed(
    page: StatisticsPage, told: Told, qtbot: QtBot, make: Make, window: Window, objection: Objection
) -> None:
    closed(page, told, qtbot)
    edit(make.session, objection, {"content": "price"}, objection.version)
    settle(qtbot)
    found = bar(page, qtbot)
    assert page.report is not None
    assert [one.code for one in page.report.figures.shares["by_content"]] == ["service"]
    assert found.link.isVisible()
    assert found.link.text().endswith("restatements")
    found.link.click()
    assert isinstance(window.page, RestatedPage)
    table = window.page.table
    assert table.rows.row(0)[1:7] == ("Changed", "objection", objection.number, "Content", "Service", "Price")  # type: ignore[index]
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert objection.number in window.windowTitle()


def test_a_number_leads_to_the_case_that_was_counted(
    page: StatisticsPage, told: Told, qtbot: QtBot, make: Make, window: Window, objection: Objection
) -> None:
    closed(page, told, qtbot)
    void(make.session, objection, "登重了")
    bar(page, qtbot)
    page.open_cases("objections", "")
    assert window.page.query().ids == (objection.id,)  # type: ignore[attr-defined]


def test_the_workbook_of_a_closed_month_has_what_is_different(
    page: StatisticsPage, told: Told, qtbot: QtBot, make: Make, tmp_path: Path, objection: Objection
) -> None:
    closed(page, told, qtbot)
    void(make.session, objection, "登重了")
    page.export_to(tmp_path / "month.xlsx")
    qtbot.waitUntil(lambda: "Exported to month.xlsx." in told.toasts)
    book = openpyxl.load_workbook(tmp_path / "month.xlsx")
    assert book["Restatements"].cell(5, 10).value == "登重了"
    assert book["Objection details"].cell(5, 2).value == objection.number


def test_it_is_opened_again_with_a_reason(page: StatisticsPage, told: Told, qtbot: QtBot, make: Make) -> None:
    closed(page, told, qtbot)

    def answer(dialog: Dialog) -> None:
        press(dialog, "dialog_do")
        assert not dialog.result()
        dialog.form.editor("reason").set_value("补登一件")  # type: ignore[attr-defined]
        press(dialog, "dialog_do")

    told.answers.append(answer)
    act(page).click()
    settle(qtbot)
    assert told.toasts[-1] == "2026-10 is open again."
    assert closing.standing(make.session, OCTOBER) is None
    assert bar(page, qtbot).words.text() == "2026-10 is over and not closed yet."
    assert act(page).text() == "Close the month"


def test_only_a_month_that_is_over_can_be_closed(page: StatisticsPage, qtbot: QtBot) -> None:
    assert act(page).isVisible()
    show(page, month_of(date(2026, 11, 1)), qtbot)
    assert not act(page).isVisible()
    page.choose_kind("year")
    counted(page, qtbot)
    assert not act(page).isVisible()


def test_who_is_not_the_branch_head_reads_only(page: StatisticsPage, told: Told, make: Make, qtbot: QtBot) -> None:
    closed(page, told, qtbot)
    make.session.roles = frozenset({"clerk"})
    show(page, OCTOBER.previous(), qtbot)
    assert not bar(page, qtbot).isVisible()
    show(page, OCTOBER, qtbot)
    assert (bar(page, qtbot).isVisible(), act(page).isVisible()) == (True, False)


def test_what_was_damaged_is_said(page: StatisticsPage, told: Told, qtbot: QtBot) -> None:
    closed(page, told, qtbot)
    database.execute_sql("UPDATE frozen_part SET content = zeroblob(9)")
    page.refresh()
    counted(page, qtbot)
    told.expect("What was kept of 2026-10 is damaged")
