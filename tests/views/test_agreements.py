"""The form of a draft agreement: clauses follow while a person types, those written by hand stay and are warned about."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.models import attachments, history, sight
from app.models.agreements import Agreement
from app.models.record import find
from app.services import erasures
from app.views.agreement_form import AgreementForm
from app.views.agreements import AgreementPage
from app.views.forms import Form
from app.views.pieces.basics import Button
from app.views.preview import Preview
from app.views.step_panel import StepPanel
from app.views.window import Window
from tests.make import Make
from tests.models.stands import agreement_in
from tests.views.stage import Told, buttons, fill, press, settle, words_of


@pytest.fixture
def draft(make: Make) -> Agreement:
    made = agreement_in(make, "draft")
    assert isinstance(made, Agreement)
    return made


def edited(window: Window, number: str) -> AgreementForm:
    window.open_record(number)
    press(window.page, "edit")
    QApplication.processEvents()
    assert isinstance(window.page, AgreementForm)
    return window.page


def clauses(form: Form) -> str:
    return str(form.editor("clauses").value())


def warning(form: Form) -> str:
    return str(form.editor("clauses").accessibleDescription())


def test_clauses_follow_the_deadline_while_it_is_typed_and_are_saved_so(
    window: Window, make: Make, draft: Agreement, qtbot: QtBot
) -> None:
    page = edited(window, draft.number)
    fill(page.form, deadline="2027-1", copies="4")
    assert "by 30 November 2026" in clauses(page.form)
    fill(page.form, deadline="2027-01-15")
    assert "by 15 January 2027" in clauses(page.form)
    assert "four copies" in clauses(page.form)
    assert warning(page.form) == ""
    press(page, "save")
    settle(qtbot)
    assert isinstance(window.page, AgreementPage)
    saved = find(make.session, Agreement, draft.number)
    assert "by 15 January 2027" in saved.clauses
    assert (saved.copies, saved.version) == (4, 2)


def test_a_clause_written_by_hand_stays_and_an_amber_sentence_says_so(
    window: Window, make: Make, draft: Agreement, qtbot: QtBot
) -> None:
    page = edited(window, draft.number)
    fill(page.form, clauses=clauses(page.form).replace("tells Party B so", "calls Party B"))
    fill(page.form, deadline="2027-01-15")
    assert "by 30 November 2026 and calls" in clauses(page.form)
    told = warning(page.form)
    assert "names 30 November 2026, but the deadline is 15 January 2027" in told
    page.form.editor("clauses").setFocus()
    page.form.editor("facts").setFocus()
    settle(qtbot)
    assert told in words_of(page)
    fill(page.form, deadline="2026-11-30")
    assert warning(page.form) == ""
    press(page, "save")
    assert "and calls Party B" in find(make.session, Agreement, draft.number).clauses


def test_clauses_follow_the_lines(window: Window, make: Make, draft: Agreement) -> None:
    page = edited(window, draft.number)
    fill(page.form, lines=[{"remedy": "replace", "quantity": "6", "unit_price": "50"}])
    assert "delivers the goods" in clauses(page.form)
    assert "transfers" not in clauses(page.form)
    press(page, "save")
    saved = find(make.session, Agreement, draft.number)
    assert "transfers" not in saved.clauses
    assert saved.clauses.count("delivers the goods") == 1


def test_the_panel_of_a_new_edition_lets_clauses_follow_too(window: Window, make: Make, draft: Agreement) -> None:
    window.open_record(draft.number)
    press(window.page, "new_edition")
    panel: Any = window.page.findChild(StepPanel, "step_agreement")
    fill(panel.form, deadline="2027-01-15")
    assert "by 15 January 2027" in clauses(panel.form)
    fill(panel.form, clauses=clauses(panel.form).replace("tells Party B so", "calls Party B"), deadline="2027-01-16")
    assert "names 15 January 2027" in warning(panel.form)
    press(panel, "do_agreement")
    assert "by 15 January 2027 and calls" in find(make.session, Agreement, draft.number).clauses


@pytest.mark.parametrize("state", ["released", "signed", "voided"])
def test_only_a_draft_can_be_edited(window: Window, make: Make, told: Told, state: str) -> None:
    window.open_record(agreement_in(make, state).number)
    assert "edit" not in buttons(window.page)


def test_an_agreement_that_is_kept_of_an_erased_customer_opens_by_a_look(window: Window, make: Make, told: Told) -> None:
    agreement = agreement_in(make, "signed")
    make.steps(make.again(agreement.complaint), ("close", {"satisfaction": 4, "reason": "已履行", "result": "好"}))
    party = str(agreement.party_b)
    erasures.erase(make.session, make.again(agreement.complaint.customer), "书面申请")
    window.open_record(str(agreement.number))
    page = window.page
    assert isinstance(page, AgreementPage)
    texts = " ".join(one.text() for one in page.findChildren(QLabel))
    assert (page.issued, page.view.isHidden(), party in texts) == (None, True, False)
    press(page, "look_at_kept")
    assert page.issued is not None
    assert not page.view.isHidden()
    assert [one.note for one in history.of("agreement", agreement.id) if one.action == sight.REVEAL] == ["agreement"]


def erased(make: Make) -> Agreement:
    """A signed agreement of a customer who was erased, with its scan."""
    agreement = agreement_in(make, "signed")
    scan = make.session.folder.parent / "扫描.txt"
    scan.write_text("龘", "utf-8")
    attachments.attach(make.session, agreement, scan, "agreement_scan")
    make.steps(make.again(agreement.complaint), ("close", {"satisfaction": 4, "reason": "已履行", "result": "好"}))
    erasures.erase(make.session, make.again(agreement.complaint.customer), "书面申请")
    found: Agreement = make.again(agreement)
    return found


def test_the_pane_beside_the_list_does_not_quote_what_is_closed(window: Window, make: Make, told: Told) -> None:
    agreement = erased(make)
    window.open_page("agreements")
    QApplication.processEvents()
    pane = window.page.findChild(Preview)
    assert pane is not None
    pane.show_number(agreement.number)
    words = " ".join(one.text() for one in pane.findChildren(QLabel))
    assert agreement.number in words
    assert str(agreement.facts)[:8] not in words
    assert "Personal data erased" in words


def test_closed_files_offer_neither_words_nor_voiding_nor_more_files(window: Window, make: Make, told: Told) -> None:
    agreement = erased(make)
    make.session.open, make.session.roles = False, frozenset({"clerk"})
    window.open_record(agreement.number)
    QApplication.processEvents()
    (file,) = attachments.of(make.session, agreement)
    assert not {"attach_more", f"shows_{file.id}"} & buttons(window.page)
    acts = {one.objectName() for one in window.page.findChildren(QAction)}
    assert "void_file" not in acts
    assert not {"look_at_kept", "paper"} & {one.objectName() for one in window.page.findChildren(Button) if one.isEnabled()}
