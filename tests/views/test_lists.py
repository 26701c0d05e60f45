"""The lists: searching, filtering, sorting, copying, exporting, opening, and what is remembered."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core.preferences import Preferences
from app.core.session import Session
from app.models.listing import OPEN, Query
from app.views.lists import ListPage
from app.views.window import Window
from tests.make import Make
from tests.views.stage import (
    ALT,
    CONTROL,
    SHIFT,
    Key,
    Told,
    choose_file,
    commit,
    compose,
    key,
    open_window,
    settle,
    soon,
    throw_away,
    type_keys,
    words_of,
)


@pytest.fixture
def shop(make: Make) -> Make:
    """Two customers with a complaint each, one of them signed; an objection."""
    first = make.customer(name="鑫瑞达商行", phone="13800001234")
    second = make.customer(name="欣荣便利店", phone="13900005678")
    make.steps(make.complaint(customer=first.number, description="六条霉变，有异味", severity="major"), "sign")
    make.complaint(
        customer=second.number,
        description="少送两条：硬盒",
        phone="13900005678",
        received_at=make.session.clock() - timedelta(days=40),
    )
    make.objection(customer=first.number)
    return make


@pytest.fixture
def page(shop: Make, window: Window) -> ListPage:
    window.open_page("complaints")
    assert isinstance(window.page, ListPage)
    return window.page


def column(page: ListPage, code: str) -> list[str]:
    place = page.table.rows.place_of(code)
    return [page.table.rows.text(row, place) for row in range(page.table.rows.rowCount())]


def heads(page: ListPage) -> list[str]:
    rows = page.table.rows
    found = (str(rows.headerData(place, Qt.Orientation.Horizontal)) for place in page.table._visible_places())
    return [word.rstrip(" ↓↑") for word in found]


def look_for(qtbot: QtBot, page: ListPage, text: str) -> list[str]:
    page.go_to_search()
    page.search.clear()
    type_keys(text)
    soon(qtbot, 250)
    return column(page, "customer_name")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("鑫瑞达", "鑫瑞达商行"),
        ("xrd", "鑫瑞达商行"),
        ("xinrong", "欣荣便利店"),
        ("5678", "欣荣便利店"),
        ("５６７８", "欣荣便利店"),
        ("霉变，有", "鑫瑞达商行"),
        ("霉变,有", "鑫瑞达商行"),
        ("两条:硬", "欣荣便利店"),
        ("两条：硬", "欣荣便利店"),
        ("霉", "鑫瑞达商行"),
        ("TS-202611-0001", "鑫瑞达商行"),
        ("ts－202611－0001", "鑫瑞达商行"),
    ],
)
def test_search_finds_by_number_name_pinyin_phone_and_text(page: ListPage, qtbot: QtBot, typed: str, found: str) -> None:
    assert look_for(qtbot, page, typed) == [found]


def test_nothing_is_asked_while_an_input_method_composes(page: ListPage, qtbot: QtBot) -> None:
    page.go_to_search()
    compose("xin")
    soon(qtbot, 250)
    assert page.query().text == ""
    assert len(column(page, "number")) == 2
    commit("鑫")
    soon(qtbot, 250)
    assert column(page, "customer_name") == ["鑫瑞达商行"]


def test_no_shortcut_acts_while_an_input_method_composes(page: ListPage, window: Window, qtbot: QtBot) -> None:
    page.go_to_search()
    compose("xin")
    key(Key.Key_F8)
    key(Key.Key_N, CONTROL)
    key(Key.Key_2, CONTROL)
    key(Key.Key_E, CONTROL)
    assert window.page is page
    commit("鑫")
    key(Key.Key_2, CONTROL)
    assert window.page is not page


def test_leaving_a_field_ends_its_composition(page: ListPage, window: Window, qtbot: QtBot) -> None:
    page.go_to_search()
    compose("xin")
    page.table.setFocus()
    key(Key.Key_2, CONTROL)
    assert window.page is not page


def test_escape_clears_the_search_and_the_arrow_goes_to_the_list(page: ListPage, qtbot: QtBot) -> None:
    assert look_for(qtbot, page, "xrd") == ["鑫瑞达商行"]
    key(Key.Key_Escape)
    soon(qtbot, 250)
    assert len(column(page, "number")) == 2
    type_keys("xrd")
    key(Key.Key_Down)
    assert QApplication.focusWidget() is page.table
    assert column(page, "customer_name") == ["鑫瑞达商行"]


def test_chips_filter_and_the_count_says_of_how_many(page: ListPage) -> None:
    assert "2 in all" in words_of(page)
    status = next(chip for chip in page.chips if chip.code == "status")
    status.set_value(("draft",))
    status.changed.emit()
    assert column(page, "customer_name") == ["欣荣便利店"]
    assert "1 of 2" in words_of(page)
    page.clear_filters()
    assert "2 in all" in words_of(page)
    status.set_value((OPEN,))
    status.changed.emit()
    assert len(column(page, "number")) == 2


def test_chips_that_are_on_come_before_those_that_are_off(page: ListPage, window: Window, qtbot: QtBot) -> None:
    window.resize(960, 508)
    settle(qtbot)
    handler = next(chip for chip in page.chips if chip.code == "class")
    assert not handler.isHidden()
    for code in ("channel", "dates", "severity"):
        chip = next(one for one in page.chips if one.code == code)
        chip.set_value(sorted(chip.offered())[:1])
        chip.changed.emit()
    settle(qtbot)
    seen = [chip for chip in page.chips if not chip.isHidden()]
    assert all(chip.value() for chip in seen)
    qtbot.waitUntil(lambda: page.search.geometry().right() < seen[0].geometry().left())
    edges = [(chip.geometry().left(), chip.geometry().right()) for chip in seen]
    assert all(right < left for (_left, right), (left, _right) in pairwise(edges))


def test_the_chip_of_dates_filters_by_the_day_received(page: ListPage) -> None:
    dates = next(chip for chip in page.chips if chip.code == "dates")
    dates.set_value(("today",))
    dates.changed.emit()
    assert column(page, "customer_name") == ["鑫瑞达商行"]
    dates.set_value(("last_month",))
    dates.changed.emit()
    assert column(page, "customer_name") == ["欣荣便利店"]


def test_an_empty_list_says_why_and_offers_to_clear(page: ListPage, qtbot: QtBot) -> None:
    assert look_for(qtbot, page, "沒有的詞") == []
    assert "Nothing fits" in words_of(page)
    page.clear_filters()
    assert len(column(page, "number")) == 2


def test_a_click_on_the_head_sorts_both_ways(page: ListPage) -> None:
    page.table.sort_asked.emit("number", False)
    assert column(page, "number") == sorted(column(page, "number"))
    page.table.sort_asked.emit("number", True)
    assert column(page, "number") == sorted(column(page, "number"), reverse=True)


def test_enter_opens_the_case_and_escape_comes_back_to_the_row(page: ListPage, window: Window, qtbot: QtBot) -> None:
    page.table.setFocus()
    key(Key.Key_End, CONTROL)
    number = column(page, "number")[-1]
    key(Key.Key_Return)
    assert number in window.windowTitle()
    settle(qtbot)
    key(Key.Key_Left, ALT)
    assert window.page is page
    assert column(page, "number")[page.table.currentIndex().row()] == number


def test_what_is_copied_is_a_table_with_its_head(page: ListPage, told: Told) -> None:
    page.table.setFocus()
    key(Key.Key_A, CONTROL)
    key(Key.Key_C, CONTROL)
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    head = heads(page)
    assert lines[0] == head
    assert len(lines) == 3
    assert {line[0] for line in lines[1:]} == set(column(page, "number"))
    assert told.toasts == ["2 rows copied."]


def cells(path: Path) -> list[list[Any]]:
    sheet = load_workbook(path).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_what_is_exported_is_what_is_shown(
    page: ListPage, told: Told, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_for(qtbot, page, "xrd")
    path = tmp_path / "清单.xlsx"
    choose_file(monkeypatch, path)
    key(Key.Key_E, CONTROL)
    qtbot.waitUntil(lambda: told.toasts == ["Exported to 清单.xlsx."])
    rows = cells(path)
    head = heads(page)
    place = next(number for number, row in enumerate(rows) if row[: len(head)] == head)
    (only,) = [row for row in rows[place + 1 :] if any(row)]
    assert only[: len(head)][head.index("Number")] == "TS-202611-0001"
    assert "鑫瑞达商行" in only
    assert "六条霉变，有异味" in only


def test_an_export_that_cannot_be_written_says_so(page: ListPage, told: Told, qtbot: QtBot, tmp_path: Path) -> None:
    page.export_to(tmp_path / "nowhere" / "list.xlsx")
    qtbot.waitUntil(lambda: bool(told.messages))
    told.expect("nowhere")


def test_how_a_list_was_sorted_is_remembered_unless_a_view_is_on(
    window: Window, page: ListPage, session: Session, qtbot: QtBot
) -> None:
    page.table.sort_asked.emit("customer_name", False)
    page.views.name = "Mine"
    page.table.sort_asked.emit("received_at", False)
    again = open_window(qtbot, session)
    again.open_page("complaints")
    assert isinstance(again.page, ListPage)
    assert (again.page.query().sort, again.page.query().descending) == ("customer_name", False)
    assert column(again.page, "customer_name") == sorted(column(again.page, "customer_name"))
    throw_away(again)


@pytest.mark.parametrize("kept", [["gone", False], ["number"], "number", None])
def test_what_cannot_be_sorted_by_any_more_costs_nothing(window: Window, session: Session, qtbot: QtBot, kept: object) -> None:
    Preferences(session.folder).put("list_complaint_sort", kept)
    again = open_window(qtbot, session)
    again.open_page("complaints")
    assert isinstance(again.page, ListPage)
    assert again.page.query().descending
    throw_away(again)


def test_columns_and_their_widths_are_remembered(page: ListPage, window: Window, session: Session, qtbot: QtBot) -> None:
    rows = page.table.rows
    page.table.show_column(rows.place_of("phone"), True)
    page.table.show_column(rows.place_of("channel"), False)
    page.table.horizontalHeader().resizeSection(rows.place_of("phone"), 177)
    throw_away(window)
    again = open_window(qtbot, session)
    again.open_page("complaints")
    assert isinstance(again.page, ListPage)
    shown = again.page.table.arrangement()["shown"]
    assert "phone" in shown
    assert "channel" not in shown
    assert again.page.table.columnWidth(again.page.table.rows.place_of("phone")) == 177
    throw_away(again)


def test_the_preview_follows_the_row_and_can_be_hidden(page: ListPage, qtbot: QtBot) -> None:
    page.table.setFocus()
    key(Key.Key_Home, CONTROL)
    qtbot.waitUntil(lambda: column(page, "number")[0] in words_of(page.preview))
    key(Key.Key_Down)
    qtbot.waitUntil(lambda: column(page, "number")[1] in words_of(page.preview))
    assert QApplication.focusWidget() is page.table
    key(Key.Key_P, CONTROL | SHIFT)
    assert not page.preview.isVisible()


@pytest.mark.parametrize("code", ["customers", "objections", "agreements"])
def test_every_list_opens_what_is_marked(window: Window, shop: Make, qtbot: QtBot, code: str) -> None:
    if code == "agreements":
        shop.steps(shop.approved(), ("agreement", {"deadline": "2026-12-01"}))
    window.open_page(code)
    page = window.page
    assert isinstance(page, ListPage)
    page.table.setFocus()
    key(Key.Key_Home, CONTROL)
    key(Key.Key_Return)
    assert window.page is not page
    assert column(page, "number")[0] in window.windowTitle() or column(page, "number")[0] in words_of(window.page)


def test_a_record_that_is_saved_elsewhere_appears_in_the_list(page: ListPage, shop: Make) -> None:
    shop.complaint(customer="KH-0001", description="又一件")
    assert len(column(page, "number")) == 3


def test_the_cases_that_another_page_asks_for_are_shown(page: ListPage, window: Window) -> None:
    window.open_page("complaints", Query(where={"status": ("draft",)}))
    assert column(page, "customer_name") == ["欣荣便利店"]
    page.clear_filters()
    assert len(column(page, "number")) == 2


def test_find_across_everything_opens_what_is_chosen(shop: Make, window: Window, qtbot: QtBot) -> None:
    key(Key.Key_K, CONTROL)
    settle(qtbot)
    type_keys("xrd")
    soon(qtbot, 250)
    key(Key.Key_Down)
    key(Key.Key_Return)
    settle(qtbot)
    assert "鑫瑞达商行" in window.windowTitle()
