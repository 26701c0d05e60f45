"""While an input method forms words, the keys are its own: nothing is asked, chosen, opened or left; afterwards all goes on."""

from __future__ import annotations

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.views.find import FindPopup
from app.views.lists import ListPage
from app.views.window import Window
from tests.make import Make
from tests.views.stage import CONTROL, Key, Told, commit, compose, focus_name, key, settle, soon, type_keys

WAIT = 260
ESCAPE, ENTER, DOWN, DELETE, LETTER_I = Key.Key_Escape, Key.Key_Return, Key.Key_Down, Key.Key_Delete, Key.Key_I


@pytest.fixture
def page(window: Window, make: Make, qtbot: QtBot) -> ListPage:
    """The list of customers with the cursor in its search box."""
    make.customer(name="陈记商行")
    make.customer(name="鑫瑞达商行")
    window.open_page("customers")
    settle(qtbot)
    assert isinstance(window.page, ListPage)
    window.page.go_to_search()
    settle(qtbot)
    return window.page


@pytest.fixture
def form(window: Window, make: Make, qtbot: QtBot) -> Any:
    """A new complaint with the cursor in the customer."""
    make.customer(name="陈记商行")
    make.product()
    window.open_form("complaint")
    settle(qtbot)
    form: Any = window.page.form  # type: ignore[attr-defined]
    form.focus_field("customer")
    settle(qtbot)
    return form


def asked(page: ListPage) -> str:
    return page._query.text


def test_a_composition_that_is_given_up_leaves_the_list_as_the_box_says(page: ListPage, qtbot: QtBot) -> None:
    type_keys("陈")
    soon(qtbot, WAIT)
    assert asked(page) == "陈"
    page.search.selectAll()
    compose("xin")
    soon(qtbot, WAIT)
    assert (asked(page), page.search.text()) == ("陈", "")
    compose("")
    soon(qtbot, WAIT)
    assert asked(page) == ""


def test_a_composition_that_ended_unseen_does_not_stop_the_search(page: ListPage, qtbot: QtBot) -> None:
    compose("xin")
    page.table.setFocus()
    page.go_to_search()
    type_keys("chen")
    soon(qtbot, WAIT)
    assert asked(page) == "chen"


def test_the_search_everywhere_follows_its_box_too(window: Window, page: ListPage, qtbot: QtBot) -> None:
    window.open_find()
    settle(qtbot)
    popup = next(one for one in window.findChildren(FindPopup) if one.isVisible())
    type_keys("陈")
    soon(qtbot, WAIT)
    assert popup.list.count() == 1
    popup.edit.selectAll()
    compose("xin", popup.edit)
    soon(qtbot, WAIT)
    assert popup.list.count() == 1
    compose("", popup.edit)
    soon(qtbot, WAIT)
    assert popup.list.count() == 0
    popup.close()


@pytest.mark.parametrize("pressed", [ENTER, DOWN, ESCAPE])
def test_keys_that_come_through_while_composing_leave_the_search_alone(page: ListPage, qtbot: QtBot, pressed: Key) -> None:
    compose("chen")
    key(pressed)
    assert focus_name() == "search"
    assert page.search.text() == ""
    commit("陈")
    soon(qtbot, WAIT)
    assert asked(page) == "陈"


def test_suggestions_close_when_more_is_composed_and_no_key_chooses_one(form: Any, window: Window, qtbot: QtBot) -> None:
    customer = form.editor("customer")
    commit("陈")
    soon(qtbot, WAIT)
    assert customer.is_open()
    compose("ji")
    assert not customer.is_open()
    key(ENTER)
    key(LETTER_I, CONTROL)
    assert (focus_name(), customer.value()) == ("customer", "陈")
    commit("记")
    soon(qtbot, WAIT)
    assert customer.is_open()
    key(ENTER)
    assert customer.value() == "KH-0001"


def test_giving_up_a_composition_does_not_ask_again_what_is_chosen(form: Any, qtbot: QtBot) -> None:
    customer = form.editor("customer")
    customer.set_value("KH-0001")
    compose("ji")
    compose("")
    soon(qtbot, WAIT)
    assert not customer.is_open()
    assert customer.value() == "KH-0001"


def test_enter_goes_to_the_next_field_only_when_nothing_is_composed(form: Any) -> None:
    form.focus_field("complainant")
    compose("zhou")
    key(ENTER)
    assert focus_name() == "complainant"
    commit("周")
    assert form.editor("complainant").value() == "周"
    key(ENTER)
    assert focus_name() != "complainant"


def test_a_line_is_not_removed_while_a_word_is_composed_in_it(form: Any, qtbot: QtBot) -> None:
    form.tables["product_lines"].set_value([{"symptom": "发霉"}])
    view = form.editor("product_lines").view
    view.setFocus()
    settle(qtbot)
    compose("fa", view)
    key(DELETE, CONTROL)
    assert form.editor("product_lines").value() == [{"symptom": "发霉"}]


def test_escape_while_composing_leaves_no_form(form: Any, window: Window, told: Told) -> None:
    shown = window.page
    compose("chen")
    key(ESCAPE)
    assert window.page is shown
    assert told.dialogs == []
