"""The statistics page: numbers lead to exactly their cases, by pointer and by keys, narrowed or not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app.models.listing import LISTINGS
from app.reports.shapes import Region
from app.services import cases_behind, figures, figures_by, periods
from app.services.period_lines import KEY
from app.views.lists import ListPage
from app.views.papers import PdfPage
from app.views.pieces.basics import Button
from app.views.pieces.figures import KeyFigure
from app.views.promises import PromiseListPage
from app.views.statistics import StatisticsPage
from app.views.window import Window
from app.views.work import pool
from app.views.workbench import WorkbenchPage
from tests.conftest import Clock
from tests.make import Make
from tests.reports.reading import text_of
from tests.views.stage import ALT, Key, Told, key, press, settle, words_of


def counted(page: StatisticsPage, qtbot: QtBot) -> None:
    """Wait until all that was asked for is shown."""
    qtbot.waitUntil(lambda: not page.counting, timeout=10_000)
    pool().waitForDone()
    settle(qtbot)


@pytest.fixture
def page(window: Window, make: Make, qtbot: QtBot) -> StatisticsPage:
    shop = make.customer(name="城南批发部").number
    for content in ("service", "service", "price", None):
        made = make.objection(customer=shop, content=content, nature="genuine", cause="company.delivery", method="merge")
    make.steps(made, ("close", {"result": "满意", "satisfaction": 5, "solved_on_spot": True}))
    make.proposed(customer=shop, cause="company.delivery", **{"class": "service"})
    window.open_page("statistics")
    assert isinstance(window.page, StatisticsPage)
    counted(window.page, qtbot)
    return window.page


def opened(window: Window, make: Make) -> list[int]:
    """The ids that the list shows that was opened."""
    assert isinstance(window.page, ListPage)
    return [row[0] for row in window.page.listing.all(make.session, window.page.query())]


def test_a_number_opens_exactly_its_cases(page: StatisticsPage, window: Window, make: Make) -> None:
    asked = {
        ("objections", ""): 4,
        ("complaints", ""): 1,
        ("by_content", "service"): 2,
        ("by_content", "unclassified"): 1,
        ("content_by_nature", "price|genuine"): 1,
        (cases_behind.SATISFIED_BY_METHOD, "merge"): 1,
    }
    for (figure, code), count in asked.items():
        page.open_cases(figure, code)
        (behind,) = cases_behind.cases(make.session, page.period, figure, code)
        assert opened(window, make) == [row[0] for row in LISTINGS[behind.listing].all(make.session, behind.query)]
        assert len(opened(window, make)) == count, figure
        window.open_page("statistics")


def test_what_both_kinds_stand_behind_lets_the_person_choose(page: StatisticsPage, window: Window, make: Make) -> None:
    page.open_cases("pareto.causes", "company.delivery")
    menu = page.findChild(QMenu, "kinds_behind")
    assert [one.text() for one in menu.actions()] == ["4 objections", "1 complaints"]
    menu.actions()[1].trigger()
    menu.hide()
    assert isinstance(window.page, ListPage)
    assert window.page.listing is LISTINGS["complaints"]
    assert len(opened(window, make)) == 1


def regions(page: StatisticsPage) -> list[tuple[str, Region]]:
    found = []
    for name, card in page.charts.items():
        chart = card.view.chart()
        assert chart is not None
        found += [(name, region) for region in chart.regions]
    return found


def test_every_bar_opens_as_many_cases_as_it_says(page: StatisticsPage, make: Make) -> None:
    seen = set()
    for name, region in regions(page):
        found = cases_behind.cases(make.session, page.period, region.figure, region.code)
        number = sum(cases_behind.weight(make.session, one) for one in found)
        if name in ("trend", "pareto", "about", "ageing"):
            assert f": {number}" in region.text, region
        else:
            assert number, region
        seen.add(name)
    assert seen == {"trend", "pareto", "about", "ageing", "satisfied"}


def test_what_the_page_shows_is_what_is_counted(page: StatisticsPage, make: Make) -> None:
    found = figures.compute(make.session, page.period)
    assert page.report is not None
    assert page.report.figures == found
    said = {one.accessibleName() for one in page.findChildren(KeyFigure)}
    assert any(name.startswith(f"Complaints {found.complaints} cases") for name in said)
    assert any(name.startswith(f"Objections {found.objections} cases") for name in said)
    assert len(said) == len(KEY)
    numbers = {one.objectName(): one.text() for one in page.handling.findChildren(Button)}
    assert numbers["figure_close_rate_objections"] == "25.0 %"
    assert numbers["figure_backlog_"] == "4"


def test_a_chart_is_worked_by_keys(page: StatisticsPage, window: Window, make: Make) -> None:
    view = page.charts["about"].view
    view.setFocus()
    key(Key.Key_Right, times=2)
    assert "Service" in view.accessibleDescription() or "Price" in view.accessibleDescription()
    key(Key.Key_Home)
    key(Key.Key_Return)
    assert len(opened(window, make)) == 2


def test_a_click_on_a_bar_opens_its_list(page: StatisticsPage, window: Window, make: Make) -> None:
    view = page.charts["about"].view
    chart = view.chart()
    assert chart is not None
    region = chart.regions[0]
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(round(region.x + 3), round(region.y + region.height / 2)))
    assert len(opened(window, make)) == 2


def test_periods_are_chosen_and_turned(page: StatisticsPage, qtbot: QtBot) -> None:
    assert page.period == periods.month_of(date(2026, 11, 1))
    press(page, "earlier")
    press(page, "earlier")
    counted(page, qtbot)
    assert page.period.month == "2026-09"
    key(Key.Key_PageDown, ALT)
    qtbot.waitUntil(lambda: page.period.month == "2026-10")
    page.choose_kind("year")
    counted(page, qtbot)
    assert (page.period.start, page.period.last_day) == (date(2026, 1, 1), date(2026, 12, 31))
    page.choose_kind("quarter")
    counted(page, qtbot)
    assert page.period.label() == periods.quarter_of(date(2026, 11, 1)).label()


def test_a_period_in_the_future_is_refused_and_the_old_one_stays(page: StatisticsPage, told: Told, qtbot: QtBot) -> None:
    page.show_period(periods.month_of(date(2027, 1, 1)))
    counted(page, qtbot)
    told.expect("future")
    assert page.period.month == "2026-11"
    press(page, "earlier")
    counted(page, qtbot)
    assert page.period.month == "2026-10"


def test_an_empty_month_and_an_unfinished_one_say_so(page: StatisticsPage, qtbot: QtBot) -> None:
    assert "Not over yet: counted until today 14:32" in words_of(page)
    assert "There are no records from a year ago to compare with." in words_of(page)
    page.show_period(periods.month_of(date(2025, 3, 1)))
    counted(page, qtbot)
    assert "No objection and no complaint came in during this period." in words_of(page)
    assert "Not over yet" not in words_of(page)
    assert regions(page) == []


def test_figures_are_narrowed_and_lead_to_the_narrowed_cases(
    page: StatisticsPage, window: Window, make: Make, qtbot: QtBot
) -> None:
    other = make.customer(name="城北商行").number
    make.objection(customer=other, content="price", nature="genuine", cause="company.delivery")
    counted(page, qtbot)
    page.narrowed.choose("customer", other)
    counted(page, qtbot)
    assert page.report is not None
    chosen = figures_by.chosen(make.session, [("customer", other)])
    assert page.report.figures == figures.compute(make.session, page.period, chosen)
    assert page.report.figures.objections == 1
    for figure, code in (("pareto.causes", "company.delivery"), ("backlog", ""), ("objections", "")):
        page.open_cases(figure, code)
        assert len(opened(window, make)) == 1
        window.open_page("statistics")
        counted(page, qtbot)
    page.narrowed.clear()
    counted(page, qtbot)
    assert page.report.figures.objections == 5


def test_members_stand_side_by_side_and_lead_to_their_own_cases(
    page: StatisticsPage, window: Window, make: Make, qtbot: QtBot
) -> None:
    page.members.compare("customer")
    pool().waitForDone()
    settle(qtbot)
    shop = next(one.code for one in page.report.figures.shares["by_customer"]) if page.report else ""
    said = page.members.findChild(Button, f"member_{shop}_objections").accessibleName()
    assert " Objections " in said
    press(page.members, f"member_{shop}_objections")
    assert len(opened(window, make)) == 4


def test_what_is_missing_is_said_with_a_way_to_each(page: StatisticsPage, window: Window, make: Make) -> None:
    missing = {one.text(): one for one in page.findChildren(Button) if " without " in one.text()}
    assert set(missing) == {"objections without content 1"}
    missing["objections without content 1"].click()
    assert len(opened(window, make)) == 1


def test_counting_does_not_wait_for_what_nobody_wants_any_more(page: StatisticsPage, qtbot: QtBot) -> None:
    for _time in range(6):
        page.turn(-1)
    counted(page, qtbot)
    assert page.period.month == "2026-05"


def test_a_narrow_window_has_one_column(page: StatisticsPage, window: Window, qtbot: QtBot) -> None:
    window.resize(960, 508)
    settle(qtbot)
    places = {name: card.mapTo(page, QPoint(0, 0)) for name, card in page.charts.items()}
    assert len({place.x() for place in places.values()}) == 1
    assert all(card.width() <= page.width() for card in page.charts.values())


def test_the_report_is_shown_as_paper_with_the_figures_of_the_page(page: StatisticsPage, window: Window, qtbot: QtBot) -> None:
    page.print_page()
    pool().waitForDone()
    qtbot.waitUntil(lambda: isinstance(window.page, PdfPage))
    assert isinstance(window.page, PdfPage)
    text = text_of(window.page.sheet.content)
    assert "Monthlyreportonobjectionsandcomplaints2026-11Notoveryet" in text
    assert "Objections(cases)4" in text
    assert "Complaints(cases)1" in text


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


def test_a_promise_that_was_missed_is_reached_from_its_part_of_the_bar(
    page: StatisticsPage, window: Window, make: Make, qtbot: QtBot, clock: Clock
) -> None:
    clock.advance(days=3)
    page.refresh()
    counted(page, qtbot)
    missed = [region for name, region in regions(page) if name == "kept"]
    assert [(one.figure, one.code) for one in missed] == [("promise_kept_rate", "missed")]
    page.open_cases(missed[0].figure, missed[0].code)
    assert isinstance(window.page, PromiseListPage)
    assert len(opened(window, make)) == 1


def test_the_workbench_says_what_waits(window: Window, make: Make) -> None:
    make.proposed()
    window.open_page("workbench")
    assert isinstance(window.page, WorkbenchPage)
    words = window.page.findChildren(type(window.sidebar.items["workbench"]).__mro__[1])
    told = " ".join(one.accessibleName() for one in words)
    assert "TS-202611-0001" in told
    assert "更换并补偿" in told


def test_days_that_were_not_changed_are_not_counted_again(page: StatisticsPage, qtbot: QtBot) -> None:
    page.choose_kind("days")
    for _press in range(3):  # the last day is today's: so the first press asks for other days than the month's
        key(Key.Key_Tab)
    counted(page, qtbot)
    assert page.period == periods.days(date(2026, 11, 1), date(2026, 11, 23))
    page.choose_kind("days")
    key(Key.Key_Tab)
    assert not page.counting


def test_a_figure_keeps_the_focus_when_it_is_counted_anew(page: StatisticsPage, qtbot: QtBot) -> None:
    def focused() -> str:
        return next((one.accessibleName() for one in page.findChildren(KeyFigure) if one.hasFocus()), "")

    page.findChildren(KeyFigure)[2].setFocus()
    before = focused()
    assert before
    page.refresh()
    counted(page, qtbot)
    assert focused() == before
