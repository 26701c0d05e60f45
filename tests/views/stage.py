"""The whole window on the branch of a test, everything it says, and the fingers of the person before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from app.core.preferences import Preferences
from app.core.session import Session
from app.views.application import Composition
from app.views.desk import Desk
from app.views.form_page import FormPage
from app.views.messages import Dialog, Messages
from app.views.pieces.basics import Button
from app.views.pieces.options import Options
from app.views.toast import Toast
from app.views.window import Window
from app.views.work import pool

Key = Qt.Key
CONTROL, ALT, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
Answer = Callable[[Dialog], object]


class Told:
    """What people were told. A message or a dialog that a test does not speak of fails it."""

    def __init__(self) -> None:
        self.messages: list[str] = []
        self.toasts: list[str] = []
        self.dialogs: list[str] = []
        self.answers: list[Answer] = []

    def answer(self, code: str) -> None:
        """Press that button of the next dialog."""
        self.answers.append(lambda dialog: press(dialog, f"dialog_{code}"))

    def expect(self, *parts: str) -> str:
        """The oldest message is spoken of; it holds these words."""
        assert self.messages, "nothing was said"
        said = self.messages.pop(0)
        for part in parts:
            assert part in said
        return said

    def ask(self, dialog: Dialog) -> int:
        words = [label.text() for label in dialog.findChildren(QLabel)]
        self.dialogs.append("\n".join(words))
        assert self.answers, f"an unexpected dialog: {words}"
        dialog.show()
        self.answers.pop(0)(dialog)
        dialog.hide()
        return int(dialog.result())


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    """Records every message, toast and dialog; at the end nothing unexpected may be left."""
    made = Told()
    show, tell = Messages.show_message, Toast.tell

    def show_message(self: Messages, tone: str, sentence: str, acts: Any = ()) -> None:
        made.messages.append(sentence)
        show(self, tone, sentence, acts)

    def tell_toast(self: Toast, sentence: str, undo: object = None) -> None:
        made.toasts.append(sentence)
        tell(self, sentence, undo)

    monkeypatch.setattr(Messages, "show_message", show_message)
    monkeypatch.setattr(Toast, "tell", tell_toast)
    monkeypatch.setattr(Dialog, "exec", lambda self: made.ask(self))
    yield made
    assert made.messages == [], made.messages
    assert made.answers == []


def open_window(qtbot: QtBot, session: Session, width: int = 1366, height: int = 696) -> Window:
    """A window as `application.open_window` makes it, at a page that does not show what is changed."""
    preferences = Preferences(session.folder)
    if preferences.get("page") is None:
        preferences.put("page", "import")
    window = Window(Desk(session, preferences))
    window.resize(width, height)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    settle(qtbot)
    return window


def throw_away(window: Window) -> None:
    """As a crash does: nothing is asked, nothing is kept."""
    if isValid(window):
        window.hide()
        window.deleteLater()
        QApplication.processEvents()
        bury()


def form_of(window: Window, kind: str, values: dict[str, Any] | None = None) -> FormPage:
    """The form of a kind, opened in the window."""
    window.open_form(kind, values)
    QApplication.processEvents()
    assert isinstance(window.page, FormPage)
    return window.page


def bury() -> None:
    """Let go of what was thrown away: without an event loop it would stay, and be looked at with each change of the look."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, session: Session, told: Told) -> Iterator[Window]:
    """The window, with the guard of input methods that the application has."""
    composition = Composition(qapp)
    made = open_window(qtbot, session)
    yield made
    composition.deleteLater()
    pool().waitForDone()
    throw_away(made)
    settle(qtbot)


@pytest.fixture
def later(request: pytest.FixtureRequest) -> Callable[[], Window]:
    """Opens the window once there is what it is wanted for; before that its first page would show each change."""
    return lambda: request.getfixturevalue("window")


def settle(qtbot: QtBot, milliseconds: int = 10) -> None:
    """Let what is due happen."""
    qtbot.wait(milliseconds)


def soon(qtbot: QtBot, milliseconds: int) -> None:
    """What the windows put off for no longer than that happens now, one after the other, and is not waited for."""
    timers = [one for window in QApplication.topLevelWidgets() for one in window.findChildren(QTimer) if one.isActive()]
    for timer in sorted((one for one in timers if one.remainingTime() <= milliseconds), key=QTimer.remainingTime):
        put_off = timer.interval()
        timer.setInterval(0)
        settle(qtbot)
        timer.setInterval(put_off)
    settle(qtbot)


def finish(qtbot: QtBot) -> None:
    """Let the work beside the window end and be told."""
    for _round in range(3):  # what is told may lead to more work
        pool().waitForDone()
        settle(qtbot, 30)


def press(parent: QWidget, name: str) -> None:
    """Press the button of that name: it must be there, seen and possible."""
    found = [one for one in parent.findChildren(Button, name) if one.isVisible()]
    assert len(found) == 1, f"{name}: {len(found)}"
    assert found[0].isEnabled(), found[0].toolTip()
    found[0].click()
    QApplication.processEvents()


def buttons(parent: QWidget) -> set[str]:
    """The names of the buttons that are seen."""
    return {one.objectName() for one in parent.findChildren(Button) if one.isVisible()}


def fill(form: Any, **values: Any) -> None:
    """Set editors as a person would leave them: the form learns of each."""
    for code, value in values.items():
        form.editor(code).set_value(value)
        form.changed.emit(code)


def type_keys(text: str) -> None:
    """Type where the focus is: ASCII as keys, everything else as an input method commits it."""
    for character in text:
        target = QApplication.focusWidget()
        assert target is not None, "nothing has the focus"
        if character.isascii():
            QTest.keyClicks(target, character)
        else:
            event = QInputMethodEvent("", [])
            event.setCommitString(character)
            QApplication.sendEvent(target, event)


def key(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, times: int = 1) -> None:
    """A key where the focus is, else on the window."""
    for _time in range(times):
        target = QApplication.focusWidget() or QApplication.activeWindow()
        assert target is not None, "nothing has the focus"
        QTest.keyClick(target, key, modifiers)
        QApplication.processEvents()


def compose(text: str, target: QWidget | None = None) -> None:
    """The input method shows what is being formed."""
    widget = target or QApplication.focusWidget()
    assert widget is not None
    QApplication.sendEvent(widget, QInputMethodEvent(text, []))


def commit(text: str, target: QWidget | None = None) -> None:
    """The input method hands over what was formed."""
    widget = target or QApplication.focusWidget()
    assert widget is not None
    event = QInputMethodEvent("", [])
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


def focus_name() -> str:
    """The name of what has the focus; of the group, where it is one of several to choose from."""
    widget = QApplication.focusWidget()
    above = widget
    while above is not None and not isinstance(above, Options):
        above = above.parentWidget()
    widget = above or widget
    return widget.objectName() if widget is not None else ""


def words_of(widget: QWidget) -> str:
    """All that its labels say."""
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisible())


def choose_file(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """The file dialog answers with a path."""
    for name in ("getSaveFileName", "getOpenFileName"):
        monkeypatch.setattr(f"PySide6.QtWidgets.QFileDialog.{name}", lambda *_asked: (str(path), ""))
