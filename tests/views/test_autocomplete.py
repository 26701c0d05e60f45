"""A field that names a record: when it looks up, how one chooses, and that it never chooses by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.core.fields import Field, Kind
from app.views.autocomplete import Picker, RecordEditor, Suggestion

PEOPLE = (Suggestion("KH-1", "鑫瑞达商行", "解放路", "XRD"), Suggestion("KH-2", "欣荣达便利店", "建设路", "XRD"))


class Register:
    """Remembers what was asked and what was to be added."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.added: list[str] = []

    def suggest(self, typed: str) -> tuple[Suggestion, ...]:
        self.asked.append(typed)
        return PEOPLE if typed.startswith("x") else ()

    def name_of(self, number: str) -> str:
        return next((one.title for one in PEOPLE if one.number == number), "")


@pytest.fixture
def register() -> Register:
    return Register()


@pytest.fixture
def editor(qtbot: QtBot, register: Register) -> Iterator[RecordEditor]:
    window = QWidget()
    picker = Picker(register.suggest, register.name_of, lambda text, _asked: register.added.append(text), "Add “{text}”")
    made = RecordEditor(Field("customer", "Customer", Kind.RECORD, refers="customer"), picker)
    layout = QVBoxLayout(window)
    layout.addWidget(made)
    layout.addWidget(QLineEdit())
    qtbot.addWidget(window)
    window.resize(500, 400)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    made.setFocus()
    yield made
    window.close()


def test_suggestions_open_after_typing_and_one_question(editor: RecordEditor, register: Register, qtbot: QtBot) -> None:
    qtbot.keyClicks(editor, "xrd")
    qtbot.waitUntil(editor.is_open)
    assert register.asked == ["xrd"]


def test_arrows_and_enter_choose_and_go_on(editor: RecordEditor, qtbot: QtBot) -> None:
    qtbot.keyClicks(editor, "xrd")
    qtbot.waitUntil(editor.is_open)
    qtbot.keyClick(editor, Qt.Key.Key_Down)
    with qtbot.waitSignal(editor.chosen) as told:
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert told.args == ["KH-2"]
    assert (editor.value(), editor.text()) == ("KH-2", "欣荣达便利店")
    assert QApplication.focusWidget() is not editor


def test_nothing_is_looked_up_while_a_word_is_being_composed(editor: RecordEditor, register: Register, qtbot: QtBot) -> None:
    QApplication.sendEvent(editor, QInputMethodEvent("xin", []))
    qtbot.wait(200)
    assert register.asked == []
    done = QInputMethodEvent("", [])
    done.setCommitString("x鑫")
    QApplication.sendEvent(editor, done)
    qtbot.waitUntil(lambda: register.asked == ["x鑫"])


def test_leaving_takes_nothing_by_itself(editor: RecordEditor, qtbot: QtBot) -> None:
    qtbot.keyClicks(editor, "xrd")
    qtbot.waitUntil(editor.is_open)
    editor.focusNextChild()
    assert not editor.is_open()
    assert editor.value() == "xrd"
    assert "not chosen" in editor.unchosen()


def test_escape_closes_the_suggestions_only(editor: RecordEditor, qtbot: QtBot) -> None:
    qtbot.keyClicks(editor, "xrd")
    qtbot.waitUntil(editor.is_open)
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert not editor.is_open()
    assert editor.text() == "xrd"


@pytest.mark.parametrize("typed", ["xrd", "abc"])
def test_a_key_adds_what_is_not_there(editor: RecordEditor, register: Register, qtbot: QtBot, typed: str) -> None:
    qtbot.keyClicks(editor, typed)
    qtbot.keyClick(editor, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    assert register.added == [typed]


def test_the_last_row_adds(editor: RecordEditor, register: Register, qtbot: QtBot) -> None:
    qtbot.keyClicks(editor, "xrd")
    qtbot.waitUntil(editor.is_open)
    for _press in range(5):
        qtbot.keyClick(editor, Qt.Key.Key_Down)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert register.added == ["xrd"]


def test_a_number_is_shown_by_name_and_changing_the_name_lets_go_of_it(editor: RecordEditor, qtbot: QtBot) -> None:
    editor.set_value("KH-1")
    assert (editor.text(), editor.value(), editor.unchosen()) == ("鑫瑞达商行", "KH-1", "")
    editor.end(False)
    qtbot.keyClick(editor, Qt.Key.Key_Backspace)
    assert editor.value() == "鑫瑞达商"


def test_the_current_suggestion_is_told_to_those_who_listen(editor: RecordEditor, qtbot: QtBot) -> None:
    qtbot.keyClicks(editor, "xrd")
    qtbot.waitUntil(editor.is_open)
    assert editor.accessibleDescription() == "鑫瑞达商行, 解放路, 1 of 2"
