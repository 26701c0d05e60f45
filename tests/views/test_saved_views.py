"""The menu 视图: views are saved, shown, changed, renamed, deleted, and one can open the list."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.core.session import Session
from app.models import saved_views
from app.models.listing import COMPLAINTS, Query
from app.views.lists import ListPage
from app.views.messages import Dialog
from app.views.pieces.choosers import Chip
from app.views.window import Window
from tests.make import Make
from tests.views.stage import Told, open_window, press, settle, throw_away, words_of


@pytest.fixture
def page(make: Make, window: Window) -> ListPage:
    """A signed and a plain complaint."""
    make.steps(make.complaint(description="六条霉变"), "sign")
    make.complaint(description="少送两条")
    return open_list(window)


def open_list(window: Window) -> ListPage:
    window.open_page("complaints")
    assert isinstance(window.page, ListPage)
    return window.page


def choose(page: ListPage, name: str) -> None:
    """A row of the menu, as it is when the menu opens."""
    act(page, name).trigger()


def act(page: ListPage, name: str) -> QAction:
    page.views.fill()
    found = [one for one in page.views.menu.actions() if one.objectName() == name]
    assert len(found) == 1, [one.objectName() for one in page.views.menu.actions()]
    return found[0]


def filter_by(page: ListPage, code: str, *values: str) -> None:
    chip = next(one for one in page.chips if one.code == code)
    assert isinstance(chip, Chip)
    chip.set_value(values)
    chip.changed.emit()


def named(told: Told, name: str) -> None:
    """The next dialog gets this name."""

    def answer(dialog: Dialog) -> None:
        edit = dialog.findChild(QLineEdit, "view_name")
        assert isinstance(edit, QLineEdit)
        edit.setText(name)
        press(dialog, "dialog_save")

    told.answers.append(answer)


def save_drafts(page: ListPage, told: Told) -> None:
    filter_by(page, "status", "draft")
    page.table.show_column(page.table.rows.place_of("phone"), True)
    named(told, "草稿")
    choose(page, "keep_view")


def test_what_is_shown_is_saved_and_shown_again(page: ListPage, told: Told, session: Session) -> None:
    save_drafts(page, told)
    assert page.views.button.text() == "View: 草稿"
    assert told.toasts == ["View “草稿” saved."]
    choose(page, "view_none")
    assert page.table.rows.rowCount() == 2
    assert page.views.button.text() == "View"
    page.table.show_column(page.table.rows.place_of("phone"), False)
    choose(page, "view_草稿")
    assert page.query().where == {"status": ("draft",)}
    assert page.table.rows.rowCount() == 1
    assert "phone" in page.table.arrangement()["shown"]
    assert page.views.button.text() == "View: 草稿"
    assert saved_views.find(session, COMPLAINTS, "草稿") == page.view()


def test_a_change_is_said_and_can_be_saved(page: ListPage, told: Told, session: Session) -> None:
    save_drafts(page, told)
    assert not act(page, "save_view").isEnabled()
    filter_by(page, "status", "registered")
    assert page.views.button.text() == "View: 草稿 (changed)"
    choose(page, "save_view")
    assert page.views.button.text() == "View: 草稿"
    assert saved_views.find(session, COMPLAINTS, "草稿").where == {"status": ("registered",)}


def test_columns_that_are_changed_in_a_view_belong_to_it(page: ListPage, told: Told) -> None:
    save_drafts(page, told)
    page.table.show_column(page.table.rows.place_of("cause"), True)
    assert page.views.button.text() == "View: 草稿 (changed)"
    choose(page, "view_none")
    assert "cause" not in page.table.arrangement()["shown"]


def test_days_stay_counted_from_today(page: ListPage, told: Told, session: Session) -> None:
    filter_by(page, "dates", "week")
    named(told, "本周")
    choose(page, "keep_view")
    assert saved_views.find(session, COMPLAINTS, "本周").spans == ("week",)
    choose(page, "view_none")
    choose(page, "view_本周")
    assert page.filters.days() == ("week",)


def test_a_list_opens_with_the_view_that_opens_first(page: ListPage, told: Told, session: Session, qtbot: QtBot) -> None:
    save_drafts(page, told)
    choose(page, "first_view")
    assert "(opens first)" in act(page, "view_草稿").text()
    again = open_window(qtbot, session)
    opened = open_list(again)
    assert opened.views.button.text() == "View: 草稿"
    assert "1 of 2" in words_of(opened)
    opened.clear_filters()
    assert opened.table.rows.rowCount() == 2
    again.open_page("complaints", Query(where={"status": ("registered",)}))
    assert opened.table.rows.rowCount() == 1
    throw_away(again)
    settle(qtbot)


def test_a_view_is_renamed_and_a_taken_name_refused(page: ListPage, told: Told, session: Session) -> None:
    save_drafts(page, told)
    named(told, "旧的")
    choose(page, "keep_view")

    def answer(dialog: Dialog) -> None:
        edit = dialog.findChild(QLineEdit, "view_name")
        assert isinstance(edit, QLineEdit)
        edit.setText("草稿")
        press(dialog, "dialog_save")
        assert "There is a view “草稿” already" in words_of(dialog)
        edit.setText("没签的")
        press(dialog, "dialog_save")

    told.answers.append(answer)
    choose(page, "rename_view")
    assert [one.name for one in saved_views.of(session, COMPLAINTS)] == ["没签的", "草稿"]
    assert page.views.button.text() == "View: 没签的"


def test_a_deleted_view_can_be_brought_back(page: ListPage, window: Window, told: Told, session: Session) -> None:
    save_drafts(page, told)
    choose(page, "first_view")
    choose(page, "drop_view")
    assert saved_views.of(session, COMPLAINTS) == []
    assert page.table.rows.rowCount() == 1
    assert page.views.button.text() == "View"
    window.toast.undo()
    (back,) = saved_views.of(session, COMPLAINTS)
    assert (back.name, back.first) == ("草稿", True)


def test_rows_that_were_picked_out_cannot_be_saved(page: ListPage) -> None:
    page.show_query(Query(ids=(1,)))
    assert not act(page, "keep_view").isEnabled()


def test_a_filter_without_a_chip_is_saved_too(page: ListPage, told: Told, session: Session) -> None:
    page.show_query(Query(where={"customer": ("KH-0001",), "status": ("draft",)}))
    named(told, "一家")
    choose(page, "keep_view")
    choose(page, "view_none")
    choose(page, "view_一家")
    assert page.query().where == {"customer": ("KH-0001",), "status": ("draft",)}
