"""The settings page: what is saved where, what stands at its field when it cannot be, and what acts at once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.core.preferences import Preferences
from app.core.session import Session
from app.models import clauses, numbering
from app.models.clauses import Clause
from app.views import style
from app.views.desk import Desk
from app.views.licences import LicencesDialog
from app.views.messages import Dialog
from app.views.settings import PARTS, ReasonDialog, SettingsPage
from tests.views.stage import Told, press


@pytest.fixture
def desk(session: Session) -> Desk:
    return Desk(session, Preferences(session.folder))


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> SettingsPage:
    made = SettingsPage(desk)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    return made


def typed(part: object, code: str, text: str) -> None:
    editor = part.form.editor(code)  # type: ignore[attr-defined]
    editor.setText(text)
    editor.edited.emit()


@pytest.mark.parametrize("code", [code for code, _word, _make in PARTS])
def test_every_part_opens_and_is_saved_unchanged(page: SettingsPage, code: str) -> None:
    page.show_part(code)
    page.save()
    page.refresh()
    assert page.tabs.value() == code
    assert page.may_leave()


def test_the_branch_takes_another_name(page: SettingsPage, session: Session) -> None:
    typed(page.part(), "name", "城西分公司")
    page.save()
    assert session.branch.name == "城西分公司"
    assert not page.part().dirty


def test_an_odd_credit_code_of_the_branch_is_saved_and_warned_about(page: SettingsPage, session: Session) -> None:
    typed(page.part(), "credit_code", "12345")
    page.save()
    assert session.branch.credit_code == "12345"
    told = page.part().form.editor("credit_code").accessibleDescription()
    assert told == "The check character of this credit code does not fit. Compare it; saving is possible."


def test_a_name_that_is_missing_is_said_at_its_field(page: SettingsPage, session: Session) -> None:
    typed(page.part(), "name", "")
    page.save()
    assert page.part().form.rows["name"].error()
    assert session.branch.name == "城东分公司"


def test_limits_and_patterns_are_set(page: SettingsPage, session: Session) -> None:
    page.show_part("numbers")
    typed(page.part(), "limit_handler", "300")
    typed(page.part(), "pattern_complaint", "〔{year}〕第{n:03}号")
    page.save()
    assert session.settings["limit_handler"] == Decimal("300.00")
    assert session.settings["pattern_complaint"] == "〔{year}〕第{n:03}号"


def test_a_pattern_without_a_running_number_is_refused_at_its_field(page: SettingsPage, session: Session) -> None:
    page.show_part("numbers")
    typed(page.part(), "pattern_complaint", "TS")
    page.save()
    assert page.part().form.rows["pattern_complaint"].error()
    assert session.settings["pattern_complaint"] != "TS"


def test_clauses_are_added_moved_removed_and_kept_as_a_version(page: SettingsPage, session: Session) -> None:
    page.show_part("clauses")
    part = page.part()
    before = clauses.in_use(session)
    part.add()
    part.rows[-1].text.set_value("双方另行约定：\n送货时间")
    part._move(part.rows[-1], -1)
    part._remove(part.rows[0])
    page.save()
    kept = clauses.in_use(session)
    assert kept == [*before[1:-1], Clause((), "双方另行约定： 送货时间"), before[-1]]
    assert clauses.version(session) > 0


def test_a_removed_clause_comes_back_by_undo(page: SettingsPage, desk: Desk, qtbot: QtBot, session: Session) -> None:
    page.show_part("clauses")
    part = page.part()
    with qtbot.waitSignal(desk.told) as told:
        part._remove(part.rows[1])
    assert told.args is not None
    told.args[1]()
    assert [one.value() for one in part.rows] == clauses.in_use(session)


def test_an_empty_clause_is_refused_where_it_stands(page: SettingsPage, session: Session) -> None:
    page.show_part("clauses")
    page.part().add()
    page.save()
    assert not page.part().rows[-1]._error.isHidden()
    assert clauses.version(session) == 0


def test_a_blank_form_is_voided_with_its_reason(page: SettingsPage, session: Session) -> None:
    [number] = numbering.reserve(session, "complaint")
    page.show_part("blanks")
    assert page.findChild(QWidget, f"void_{number}") is not None
    page.part().void(number, "写坏了")
    assert numbering.reserved(session, "complaint") == []


def test_a_number_cannot_be_voided_without_a_reason(page: SettingsPage, desk: Desk, qtbot: QtBot) -> None:
    dialog = ReasonDialog("Void TS-1?", desk.session.now, page)
    void = dialog.findChild(QWidget, "dialog_void")
    assert void is not None
    assert not void.isEnabled()
    typed(dialog, "reason", "写坏了")
    assert void.isEnabled()
    dialog.deleteLater()


def test_name_language_and_look_belong_to_this_desk(page: SettingsPage, desk: Desk, session: Session) -> None:
    page.show_part("desk")
    part = page.part()
    part.user.setText("  李 强 ")
    part.set_user()
    part.set_language("zh_CN")
    part._set_look("theme", "dark")
    assert session.user == "李 强"
    again = Preferences(session.folder)
    assert (again.get("user"), again.get("language"), again.get("theme")) == ("李 强", "zh_CN", "dark")
    assert style.look().theme == "dark"
    assert "next start" in part._later.text()


def test_about_says_where_the_data_lies_and_which_input_method_was_asked_for(
    page: SettingsPage, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KESU_IM_ASKED", "fcitx")
    page.show_part("about")
    facts = dict(page.part().facts())
    assert facts["Data folder"] == str(session.folder)
    assert "fcitx" in facts["Input method"]
    assert facts["Version"]


def test_about_shows_what_it_is_made_of_with_the_texts(page: SettingsPage, told: Told) -> None:
    texts: dict[str, str] = {}

    def read(dialog: Dialog) -> None:
        assert isinstance(dialog, LicencesDialog)
        for place in range(dialog.names.count()):
            dialog.names.setCurrentRow(place)
            texts[dialog.names.item(place).text().split(" ")[0]] = dialog.text.toPlainText()
        press(dialog, "dialog_close")

    page.show_part("about")
    told.answers.append(read)
    press(page.part(), "licences")
    assert {"客诉台", "Noto", "Tabler", "PySide6_Essentials", "cryptography", "SQLCipher"} <= texts.keys()
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in texts["PySide6_Essentials"]
    assert [name for name, text in texts.items() if len(text) < 500] == []
