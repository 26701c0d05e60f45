"""The statistics page and the workbench: numbers lead to exactly their cases."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from pytestqt.qtbot import QtBot

from app.models.listing import LISTINGS
from app.services import figures_cases, periods
from app.views.lists import ListPage
from app.views.statistics import StatisticsPage
from app.views.window import Window
from app.views.work import pool
from app.views.workbench import WorkbenchPage
from tests.make import Make
from tests.views.stage import Told, press, settle, words_of


@pytest.fixture
def page(window: Window, make: Make) -> StatisticsPage:
    shop = make.customer(name="城南批发部").number
    for content in ("service", "service", "price", None):
        make.objection(customer=shop, content=content, nature="genuine")
    make.proposed(customer=shop)
    window.open_page("statistics")
    assert isinstance(window.page, StatisticsPage)
    return window.page


@pytest.mark.parametrize(
    ("figure", "code", "kind", "count"),
    [
        ("objections", "", "objections", 4),
        ("complaints", "", "complaints", 1),
        ("by_content", "service", "objections", 2),
        ("by_content", "unclassified", "objections", 1),
        ("content_by_nature", "price|genuine", "objections", 1),
    ],
)
def test_a_number_opens_exactly_its_cases(
    page: StatisticsPage, window: Window, make: Make, figure: str, code: str, kind: str, count: int
) -> None:
    page.open_cases(figure, code)
    assert isinstance(window.page, ListPage)
    shown = [row[0] for row in LISTINGS[kind].all(make.session, window.page.query())]
    (behind,) = figures_cases.cases(make.session, page.period, figure, code)
    assert len(shown) == count
    assert shown == [row[0] for row in LISTINGS[behind.listing].all(make.session, behind.query)]


def test_periods_are_chosen_and_turned(page: StatisticsPage) -> None:
    assert page.period == periods.month_of(date(2026, 11, 1))
    press(page, "earlier")
    assert page.period.month == "2026-10"
    page.choose_kind("year")
    assert (page.period.start, page.period.last_day) == (date(2026, 1, 1), date(2026, 12, 31))


def test_what_is_not_classified_is_said_with_a_way_to_mend_it(page: StatisticsPage) -> None:
    assert "1 objections are not classified" in words_of(page)


def test_the_workbook_is_written_beside_the_window(page: StatisticsPage, told: Told, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "month.xlsx"
    page.export_to(path)
    pool().waitForDone()
    qtbot.waitUntil(path.exists)
    settle(qtbot)
    assert "Overview" in openpyxl.load_workbook(path).sheetnames
    assert any("month.xlsx" in toast for toast in told.toasts)


def test_a_workbook_that_cannot_be_written_says_so(page: StatisticsPage, told: Told, qtbot: QtBot, tmp_path: Path) -> None:
    page.export_to(tmp_path / "nowhere" / "month.xlsx")
    pool().waitForDone()
    qtbot.waitUntil(lambda: bool(told.messages))
    told.expect("month.xlsx")


def test_the_workbench_says_what_waits(window: Window, make: Make) -> None:
    make.proposed()
    window.open_page("workbench")
    assert isinstance(window.page, WorkbenchPage)
    words = window.page.findChildren(type(window.sidebar.items["workbench"]).__mro__[1])
    told = " ".join(one.accessibleName() for one in words)
    assert "TS-202611-0001" in told
    assert "更换并补偿" in told
