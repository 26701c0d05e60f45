"""The first day by keyboard, a new computer, the sample that is marked, and what empty pages say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.core import database, paths
from app.core.preferences import Preferences
from app.core.progress import Progress
from app.core.session import Session
from app.models import branches, staff
from app.models.customers import Customer
from app.services import archiving, first_day, sample_folder, workplace
from app.views.application import make_window
from app.views.first_day import Guide
from app.views.history import HistoryPage
from app.views.imports import ImportPage
from app.views.lists import ListPage
from app.views.pieces.basics import Button
from app.views.settings import SettingsPage
from app.views.welcome import Welcome
from app.views.window import PAGES, Window
from app.views.work import pool
from tests.make import Make
from tests.staffed import ADMIN, join, protected, quick
from tests.views.stage import (
    ALT,
    CONTROL,
    Key,
    Told,
    choose_file,
    focus_name,
    key,
    press,
    settle,
    throw_away,
    type_keys,
    words_of,
)


@pytest.fixture
def opened(qapp: QApplication, qtbot: QtBot, session: Session, told: Told) -> Iterator[Window]:
    made = make_window(qapp, session)
    made.resize(1366, 696)
    made.show()
    made.activateWindow()
    settle(qtbot)
    yield made
    pool().waitForDone()
    throw_away(made)


def struck(parent: QWidget, name: str, which: Key, modifiers: Qt.KeyboardModifier) -> None:
    """Strike the key of a button, and wait for the moment in which it is seen to be pressed."""
    pressed = QSignalSpy(parent.findChildren(Button, name)[0].clicked)
    key(which, modifiers)
    assert pressed.count() or pressed.wait(5000)
    QApplication.processEvents()


def done(session: Session) -> dict[str, bool]:
    return {one.code: one.done for one in first_day.steps(session, Preferences(session.folder))}


def test_a_branch_is_begun_by_keyboard_alone(qtbot: QtBot, tmp_path: Path) -> None:
    welcome = Welcome(tmp_path / "data", "王敏")
    qtbot.addWidget(welcome)
    welcome.show()
    welcome.activateWindow()
    settle(qtbot)
    type_keys("城西分公司")
    key(Key.Key_Tab)
    assert welcome.form.editor("code").value() == "CX"
    struck(welcome, "start", Key.Key_Return, CONTROL)
    assert (welcome.opened, welcome.course) == (tmp_path / "data", first_day.NEW)
    assert workplace.open_folder(tmp_path / "data").branch.code == "CX"
    database.close()


def test_a_code_is_made_of_what_is_the_name_s_own() -> None:
    names = {
        "城西分公司": "CX",
        "杭州市烟草公司城东营销部": "CD",
        "West branch": "WB",
        "🙂": "",
        "青岛城阳分公司（筹）": "QDCY",
        "青岛城阳分公司(筹备处) ☎️": "QDCY",
        "青岛城阳分公司🙂": "QDCY",
        "（筹）分公司": "CFGS",
    }
    assert {name: branches.suggested_code(name) for name in names} == names


def test_the_first_day_goes_by_keyboard_through_its_steps(
    opened: Window, session: Session, make: Make, qtbot: QtBot, tmp_path: Path
) -> None:
    opened.desk.wanted_step.emit("")
    settle(qtbot)
    assert isinstance(opened.page, SettingsPage)
    assert "phone" in words_of(opened.findChildren(Guide)[0])
    opened.page.part().form.focus_field("phone")
    type_keys("0571-55500123")
    key(Key.Key_S, CONTROL)
    settle(qtbot)
    assert not done(session)["branch"]
    for code, text in {"legal_name": "某某公司城东分公司", "credit_code": "91330100MA28000009", "representative": "王敏"}.items():
        opened.page.part().form.focus_field(code)
        type_keys(text)
    key(Key.Key_S, CONTROL)
    settle(qtbot)
    assert done(session)["branch"]
    assert "This is done." in words_of(opened.findChildren(Guide)[0])
    struck(opened, "first_next", Key.Key_Right, ALT)
    assert opened.page.tabs.value() == "staff"
    struck(opened, "first_next", Key.Key_Right, ALT)
    assert isinstance(opened.page, ImportPage)
    make.customer()
    struck(opened, "first_next", Key.Key_Right, ALT)
    assert isinstance(opened.page, SettingsPage)
    settle(qtbot)
    assert focus_name() == "choose_second"
    (tmp_path / "usb").mkdir()
    opened.page.part().set_second(tmp_path / "usb")
    pool().waitForDone()
    settle(qtbot, 30)
    assert list((tmp_path / "usb").rglob("*.kesu"))
    struck(opened, "first_next", Key.Key_Right, ALT)
    settle(qtbot)
    assert opened.findChildren(Guide) == []
    assert done(session) == {"branch": True, "people": False, "register": True, "backup": True}
    assert [one.objectName() for one in opened.page.findChildren(QLabel) if "3 of 4" in one.text()] == [""]


def test_what_is_open_stands_on_the_workbench_until_it_is_put_away(opened: Window, qtbot: QtBot) -> None:
    opened.desk.wanted_step.emit("backup")
    settle(qtbot)
    press(opened, "first_later")
    assert "First day" in words_of(opened.page)
    press(opened.page, "first_day_away")
    settle(qtbot)
    assert "First day" not in words_of(opened.page)
    opened.page.refresh()
    assert "First day" not in words_of(opened.page)


def test_people_are_done_once_there_is_a_colleague(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked() -> str:
        return next(one.text for one in first_day.steps(session, Preferences(session.folder)) if one.code == "people")

    quick(monkeypatch)
    assert asked().startswith("Turn passwords on and add the colleagues")
    protected(session)
    assert asked().startswith("Add the colleagues")
    assert not done(session)["people"]
    join(session, "李强", "clerk")
    assert done(session)["people"]
    staff.act_as(session, "李强")
    assert done(session) == {}


def test_a_branch_from_elsewhere_is_looked_at_and_ticked(opened: Window, session: Session, qtbot: QtBot) -> None:
    first_day.begin(opened.desk.preferences, first_day.MOVED)
    assert done(session) == {"came": True, "backup": False, "people": False}
    opened.desk.wanted_step.emit("")
    settle(qtbot)
    assert "New computer" in words_of(opened.findChildren(Guide)[0])
    struck(opened, "first_next", Key.Key_Right, ALT)
    struck(opened, "first_next", Key.Key_Right, ALT)
    settle(qtbot)
    assert done(session) == {"came": True, "backup": False, "people": True}


@pytest.mark.parametrize("locked", [False, True])
def test_an_archive_begins_a_new_computer(
    session: Session, make: Make, told: Told, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    make.customer(name="鑫瑞达商行")
    if locked:
        quick(monkeypatch)
        protected(session)
    file = tmp_path / "城东.kesu.zip"
    archiving.write(session, file, Progress())
    database.close()
    welcome = Welcome(tmp_path / "new", "王敏")
    qtbot.addWidget(welcome)
    welcome.show()
    choose_file(monkeypatch, file)
    told.answer("begin")
    told.answers.append(lambda _dialog: (pool().waitForDone(), settle(qtbot, 30)))
    press(welcome, "move_in")
    assert "城东分公司 CD" in told.dialogs[0]
    assert "Customers\n1" in told.dialogs[0]
    assert (welcome.opened, welcome.course) == (tmp_path / "new", first_day.MOVED)
    arrived = workplace.open_folder(tmp_path / "new", user=ADMIN)
    assert Customer.get().name == "鑫瑞达商行"
    if locked:  # an archive brings no keys: passwords are turned on anew
        protected(arrived)
        assert [one.name for one in staff.listed(arrived)] == [ADMIN]
    database.close()


def test_a_damaged_file_is_said_on_the_welcome_page(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    welcome = Welcome(tmp_path / "new", "王敏")
    qtbot.addWidget(welcome)
    welcome.show()
    (tmp_path / "torn.kesu").write_bytes(b"PK")
    choose_file(monkeypatch, tmp_path / "torn.kesu")
    press(welcome, "move_in")
    assert "is damaged or no backup" in words_of(welcome)
    assert welcome.opened is None


def test_a_sample_is_marked_and_one_step_leads_out_of_it(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = workplace.init(tmp_path / "sample", sample_folder.BRANCH, user="王敏", sample=True)
    window = make_window(qapp, session)
    window.show()
    assert "Sample: 城东分公司" in window.windowTitle()
    assert "all of it is invented" in words_of(window)
    assert "First day" not in words_of(window)
    monkeypatch.setenv("KESU_DATA", str(tmp_path / "own"))
    press(window, "Leave the sample")
    assert window.afterwards is not None
    assert window.afterwards() == tmp_path / "own"
    monkeypatch.setenv("KESU_DATA", str(tmp_path / "sample"))
    assert paths.own_folder(tmp_path / "sample") != tmp_path / "sample"
    throw_away(window)
    database.close()


@pytest.mark.parametrize("code", [*(entry.code for entry in PAGES), "promise_list", "evidence", "products", "self_test"])
def test_an_empty_page_says_what_to_do(opened: Window, qtbot: QtBot, code: str) -> None:
    opened.open_page(code)
    pool().waitForDone()
    settle(qtbot)
    page = opened.page
    sentences = [line for line in words_of(page).splitlines() if line.rstrip().endswith((".", "。"))]
    assert sentences or code in ("help", "settings"), code
    assert [one for one in page.findChildren(Button) if one.isVisible() and one.isEnabled()]
    if isinstance(page, ListPage | HistoryPage) or code in ("promises", "statistics"):
        if isinstance(page, HistoryPage | ListPage):
            assert not page.table.isVisible()
        (empty,) = [one for one in page.findChildren(QWidget, "nothing") if one.isVisible()]
        assert [one for one in empty.findChildren(Button) if one.isVisible()]
