"""F1 opens the handbook where it speaks of what is seen, from each page and dialog; it is read and searched by keys alone."""

from __future__ import annotations

import inspect
import pkgutil
import re
from importlib import import_module
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

import app.views
from app.core import database, language
from app.core.session import Session
from app.services import handbook
from app.views import help_places, style
from app.views.bulk_dialogs import FieldsDialog
from app.views.case_page import CasePage
from app.views.form_page import FormPage
from app.views.help import HelpPage
from app.views.help_view import HelpView
from app.views.lists import ListPage
from app.views.messages import Dialog
from app.views.page import Page
from app.views.papers import PdfPage
from app.views.secrets import SecretDialog
from app.views.settings import PARTS, SettingsPage
from app.views.sign_in import SignIn
from app.views.statistics import StatisticsPage
from app.views.tab_order import ReadDialog
from app.views.welcome import Welcome
from app.views.window import FACTORIES, PAGES, Window
from tests import certified
from tests.make import Make
from tests.staffed import protected, quick
from tests.views.full_branch import Branch
from tests.views.stage import ALT, CONTROL, Key, Told, bury, choose_file, fill, key, press, settle, type_keys, words_of

ABSTRACT = (Page, ListPage, CasePage, FormPage, ReadDialog, Dialog, FieldsDialog, SecretDialog)
"""What others are made of; a dialog that asks a thing or two speaks of the page below it, or says what else."""
ARROWS = {"↑", "↓", "←", "→", "Alt+←", "Alt+↓"}


def kinds(base: type) -> list[type]:
    """Every class of the window of that base."""
    for module in pkgutil.walk_packages(app.views.__path__, "app.views."):
        import_module(module.name)
    found = {base}
    while more := {kind for one in found for kind in one.__subclasses__()} - found:
        found |= more
    return sorted((one for one in found if one.__module__.startswith("app.views")), key=lambda one: one.__name__)


@pytest.mark.parametrize("base", [Page, QDialog])
def test_every_page_and_dialog_has_an_entry(base: type) -> None:
    asked = [one for one in kinds(base) if one not in ABSTRACT]
    lacking = [one.__name__ for one in asked if not handbook.chapter_for(kind.__name__ for kind in inspect.getmro(one))]
    assert len(asked) > 10
    assert lacking == []


def test_every_part_of_the_settings_has_an_entry() -> None:
    lacking = [code for code, _word, _make in PARTS if not handbook.chapter_for([f"settings.{code}", "SettingsPage"])]
    assert lacking == []
    named = {name for one in handbook._contents().values() for name in one["helps"] if name.startswith("settings.")}
    assert named <= {f"settings.{code}" for code, _word, _make in PARTS}


def test_entries_name_what_there_is() -> None:
    known = {one.__name__ for base in (Page, QDialog) for one in kinds(base)}
    named = {name for one in handbook._contents().values() for name in one["helps"] if "." not in name}
    assert named <= known


def read(window: Window) -> str:
    """The chapter that is read."""
    assert isinstance(window.page, HelpPage)
    return window.page.view.text.chapter


CHAPTERS = {
    "workbench": "workbench", "customers": "add-customer", "objections": "write-objection", "complaints": "register-complaint",
    "agreements": "print-agreement", "promises": "reply", "promise_list": "reply", "dispatches": "deliver",
    "actions": "corrective-action", "cards": "make-card", "evidence": "make-card", "self_test": "self-test",
    "statistics": "statistics", "import": "import", "history": "history", "settings": "first-day", "help": "keys",
    "products": "settings",
}  # fmt: skip


@pytest.mark.parametrize("code", FACTORIES)
def test_f1_opens_the_chapter_of_each_page(window: Window, qtbot: QtBot, code: str) -> None:
    window.open_page(code)
    if isinstance(window.page, StatisticsPage):
        qtbot.waitUntil(lambda: window.page.report is not None, timeout=20_000)  # type: ignore[attr-defined]
    seen = window.page
    key(Key.Key_F1)
    assert read(window) == CHAPTERS[code]
    if code != "help":
        key(Key.Key_Escape)
        assert window.page is seen


def test_f1_opens_the_chapter_of_each_record_and_paper(window: Window, make: Make, tmp_path: Path) -> None:
    branch = Branch(make, tmp_path)
    told = {
        branch.customer: "customer", branch.proposed: "case", branch.objection: "answer-objection",
        branch.agreement: "print-agreement",
        branch.dispatch: "deliver", branch.card: "make-card", branch.evidence: "make-card", branch.action: "corrective-action",
        branch.product: "settings",
    }  # fmt: skip
    for number, chapter in told.items():
        window.open_record(number)
        key(Key.Key_F1)
        assert (number, read(window)) == (number, chapter)
        key(Key.Key_Escape)
    for document, number, chapter in (("form", "", "blank-form"), ("approval", branch.proposed, "print")):
        window.open_paper(document, number)
        key(Key.Key_F1)
        assert read(window) == chapter
        key(Key.Key_Escape)
        bury()


def test_f1_knows_the_step_that_is_being_taken_and_the_part_that_is_open(window: Window, make: Make, tmp_path: Path) -> None:
    window.open_record(Branch(make, tmp_path).proposed)
    press(window.page, "act_approve")
    key(Key.Key_F1)
    assert read(window) == "approve"
    key(Key.Key_Escape)
    window.open_page("settings")
    assert isinstance(window.page, SettingsPage)
    window.page.show_part("backup")
    key(Key.Key_F1)
    assert read(window) == "back-up"


def test_what_is_typed_waits_behind_the_handbook(window: Window, session: Session) -> None:
    key(Key.Key_F8)
    form = window.page
    assert isinstance(form, FormPage)
    fill(form.form, complainant="钱立新", description="漏气")
    key(Key.Key_F1)
    assert read(window) == "register-complaint"
    key(Key.Key_F1)
    assert read(window) == "keys"
    key(Key.Key_Escape)
    assert window.page is form
    assert form.form.editor("complainant").value() == "钱立新"


@pytest.mark.parametrize("answer", ["", "keep"])
def test_leaving_from_the_handbook_asks_about_what_waits_behind_it(window: Window, told: Told, answer: str) -> None:
    key(Key.Key_F8)
    form = window.page
    assert isinstance(form, FormPage)
    fill(form.form, complainant="钱立新")
    key(Key.Key_F1)
    told.answer(answer)
    key(Key.Key_F7)
    if answer:
        assert type(window.page).__name__ == "ObjectionForm"
        window.go_back()
        assert window.page is not form
    else:
        assert isinstance(window.page, HelpPage)
        window.go_back()
        assert window.page is form


def test_f1_in_a_dialog_opens_the_handbook_in_front_of_it(window: Window, told: Told, qtbot: QtBot) -> None:
    window.open_page("settings")
    window.page.show_part("backup")  # type: ignore[attr-defined]
    dialog = Dialog("Void?", "It stays readable.", window)
    dialog.offer("no", "Leave it", default=True)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
    key(Key.Key_F1)
    shown = dialog.findChild(QDialog, "help_dialog")
    view = shown.findChild(HelpView)
    assert view.text.chapter == "back-up"
    assert view.isVisible()
    view.show_chapter("restore")
    key(Key.Key_Left, ALT)
    assert view.text.chapter == "back-up"
    key(Key.Key_Escape)
    bury()
    assert dialog.findChild(QDialog, "help_dialog") is None
    assert dialog.isVisible()
    dialog.close()


@pytest.mark.parametrize(
    ("number", "part", "act", "chapter"),
    [
        ("", "staff", "protect", "staff"),
        ("", "certificate", "choose_certificate", "settings"),
        ("customer", "", "act_erase", "personal-data"),
        ("", "complaints", "bulk_assign", "many"),
    ],
)
def test_f1_in_a_dialog_that_asks_for_something_opens_what_it_is_asked_for(
    window: Window,
    make: Make,
    told: Told,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: str,
    part: str,
    act: str,
    chapter: str,
) -> None:
    for _time in range(2):
        make.complaint(complainant="钱立新")
    certificate = tmp_path / "branch.p12"
    certificate.write_bytes(certified.certificate())
    choose_file(monkeypatch, certificate)
    if number:
        window.open_record(make.customer(name="新瑞达超市").number)
    elif part == "complaints":
        window.open_page(part)
        settle(qtbot)
        window.page.table.setFocus()  # type: ignore[attr-defined]
        key(Key.Key_A, CONTROL)
        qtbot.waitUntil(window.page.bulk.isVisible)  # type: ignore[attr-defined]
    else:
        window.open_page(f"settings.{part}")
    QApplication.processEvents()
    asked: list[str] = []
    told.answers.append(lambda dialog: asked.append(help_places.chapter_for(dialog)))
    found = [one for kind in (QAbstractButton, QAction) for one in window.page.findChildren(kind, act)]
    getattr(found[0], "click", getattr(found[0], "trigger", None))()
    assert asked == [chapter]


def test_f1_where_the_password_was_forgotten_opens_how_one_signs_in(
    session: Session, monkeypatch: pytest.MonkeyPatch, told: Told
) -> None:
    quick(monkeypatch)
    protected(session)
    database.close()
    dialog = SignIn(session.folder, "")
    asked: list[str] = []
    told.answers.append(lambda shown: asked.append(help_places.chapter_for(shown)))
    dialog.recover()
    assert asked == ["sign-in"]
    dialog.deleteLater()


def test_f1_on_the_first_start(session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    welcome = Welcome(tmp_path / "none", "")
    qtbot.addWidget(welcome)
    welcome.show()
    welcome.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is welcome)
    assert help_places.chapter_for(welcome) == "first-day"
    key(Key.Key_F1)
    assert welcome.findChild(HelpView).text.chapter == "first-day"


def test_help_has_a_place_of_its_own_in_the_sidebar(window: Window) -> None:
    key(Key.Key_F1)
    assert isinstance(window.page, HelpPage)
    assert [code for code, item in window.sidebar.items.items() if item.isChecked()] == ["help"]
    assert window.page.name() == "Handbook"


def test_the_handbook_is_read_by_keys_alone(window: Window, qtbot: QtBot) -> None:
    window.open_page("help")
    settle(qtbot)
    page = window.page
    assert isinstance(page, HelpPage)
    key(Key.Key_F, CONTROL)
    assert QApplication.focusWidget() is page.view.search
    type_keys("recovery sheet")
    qtbot.waitUntil(lambda: page.view.list.count() > 0 and "recovery" in page.view.list.item(0).text().lower(), timeout=3_000)
    key(Key.Key_Down)
    key(Key.Key_Home)
    assert page.view.text.chapter == page.view.list.item(0).data(Qt.ItemDataRole.UserRole)
    assert page.view.text.extraSelections()
    first = page.view.text.chapter
    key(Key.Key_Return)
    assert QApplication.focusWidget() is page.view.text
    page.view.show_chapter("restore")
    assert page.view.search.text() == ""
    key(Key.Key_Left, ALT)
    assert page.view.text.chapter == first


def test_chinese_words_of_two_characters_are_found(window: Window, qtbot: QtBot) -> None:
    language.choose("zh_CN")
    window.open_page("help")
    page = window.page
    assert isinstance(page, HelpPage)
    page.go_to_search()
    type_keys("月结")
    qtbot.waitUntil(lambda: "月结" in page.view.list.item(0).text(), timeout=3_000)
    assert "处" in words_of(page.view)
    page.view.search.setText("鱼鱼鱼")
    qtbot.waitUntil(lambda: page.view.list.count() == 0, timeout=3_000)
    assert "没有找到" in words_of(page.view)


def test_links_lead_from_chapter_to_chapter_and_tab_reaches_them(window: Window) -> None:
    window.open_page("help")
    page = window.page
    assert isinstance(page, HelpPage)
    page.show_chapter("approve")
    page.view.text.setFocus()
    key(Key.Key_Tab)
    key(Key.Key_Return)
    assert page.view.text.chapter == "deputy"
    assert page.view.list.currentItem().data(Qt.ItemDataRole.UserRole) == "deputy"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("code", language.LANGUAGES)
def test_every_chapter_shows_its_pictures_within_the_page(
    window: Window, qapp: QApplication, qtbot: QtBot, theme: str, code: str
) -> None:
    language.choose(code)
    style.apply(qapp, theme)
    window.open_page("help")
    page = window.page
    assert isinstance(page, HelpPage)
    for one in handbook.chapters():
        page.show_chapter(one.name)
        text = page.view.text
        assert one.title in text.toPlainText()
        assert text.toPlainText().count("\ufffc") == len(re.findall(r"!\[", one.source))
        assert text.horizontalScrollBar().maximum() == 0, one.name


def test_the_handbook_is_put_on_paper(window: Window, qtbot: QtBot) -> None:
    window.open_page("help")
    press(window.page, "print_handbook")
    qtbot.waitUntil(lambda: isinstance(window.page, PdfPage), timeout=30_000)
    assert isinstance(window.page, PdfPage)
    assert window.page.sheet.file_name == "Kesu Desk Handbook.pdf"
    assert [code for code, item in window.sidebar.items.items() if item.isChecked()] == ["help"]


KEYS = re.findall(
    r"`([^`]+)`", "\n".join(line.split("|")[1] for line in handbook.chapter("keys").source.splitlines() if line[:3] == "| `")
)


@pytest.mark.parametrize("name", [name for name in KEYS if name not in ARROWS])
def test_keys_are_known_to_the_system(name: str) -> None:
    assert not QKeySequence(name).isEmpty()
    assert f"Ctrl+{min(9, len(PAGES))}" in KEYS


def test_both_languages_list_the_same_keys() -> None:
    language.choose("zh_CN")
    rows = [line.split("|")[1].strip() for line in handbook.chapter("keys").source.splitlines() if line[:3] == "| `"]
    language.choose("en")
    assert rows == [line.split("|")[1].strip() for line in handbook.chapter("keys").source.splitlines() if line[:3] == "| `"]


def test_every_widget_of_the_handbook_has_a_name(window: Window) -> None:
    window.open_page("help")
    view = window.page.findChild(HelpView)
    named: list[QWidget] = [view.search, view.list, view.text]
    assert all(one.accessibleName() for one in named)
