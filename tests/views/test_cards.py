"""Cards and evidence in the window: list, page, forms, self-test by keyboard, and cards offered while one types."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.models import card_use, practice, prints
from app.models.cards import Card, proofs_of
from app.models.evidence import Evidence
from app.models.objections import Objection
from app.models.record import find
from app.views.card_suggestions import CardSuggestions
from app.views.cards import CardForm, CardPage, CardsPage
from app.views.evidence import EvidenceForm, EvidenceListPage, EvidencePage
from app.views.find import hits
from app.views.messages import MessageBar
from app.views.objections import ObjectionForm
from app.views.papers import PaperPage
from app.views.pickers import QuickAdd
from app.views.pieces.basics import Button
from app.views.pieces.pills import Pill
from app.views.pieces.stations import StationButton
from app.views.self_test import SelfTestPage
from app.views.step_panel import StepPanel
from app.views.window import Window
from tests.conftest import Clock
from tests.make import Make
from tests.views.stage import CONTROL, Key, Told, buttons, fill, focus_name, key, press, settle, soon, type_keys, words_of

SHORT = "隔壁每周都有货，我订十条只给两条？"


def stages(page: CardPage) -> list[tuple[str, str]]:
    return [(one.station.code, one.station.state) for one in page.findChildren(StationButton)]


def step(window: Window, code: str, **values: Any) -> None:
    """Press a step of the page, fill it, take it."""
    press(window.page, f"act_{code}")
    (panel,) = window.page.findChildren(StepPanel, f"step_{code}")
    fill(panel.form, **values)
    press(window.page, f"do_{code}")


def test_the_page_leads_a_card_through_its_stages(window: Window, make: Make, told: Told, qtbot: QtBot) -> None:
    window.open_record(make.card().number)
    page = window.page
    assert isinstance(page, CardPage)
    assert stages(page) == [("collected", "done"), ("discussed", "now"), ("rehearsed", "todo"), ("published", "todo")]
    assert "Possible once the card was discussed." in words_of(page)
    step(window, "discuss", text="先认同，再讲排序", present="王敏、刘洋")
    step(window, "rehearse", note="说得太快")
    step(window, "publish")
    settle(qtbot)  # the stations that were there before go away
    assert {state for _code, state in stages(page)} == {"done"}
    assert make.again(page.case.record).status == "published"
    page.open_tab("minutes")
    settle(qtbot)
    assert "先认同，再讲排序" in words_of(page)
    assert told.toasts == ["YK-0001: Discuss, recorded", "YK-0001: Rehearse, recorded", "YK-0001: Publish, recorded"]


def test_what_publishing_lacks_leads_to_the_form(window: Window, make: Make) -> None:
    window.open_record(make.card("rehearsed", answer=None).number)
    lack = next(one for one in window.page.findChildren(Button) if one.text() == "Publish: Answer is missing.")
    lack.click()
    assert isinstance(window.page, CardForm)


def test_a_retired_card_shows_a_fifth_station_and_locks_its_form(window: Window, make: Make) -> None:
    window.open_record(make.card("retired").number)
    assert isinstance(window.page, CardPage)
    assert stages(window.page)[-1] == ("retired", "now")
    (edit,) = window.page.findChildren(Button, "edit")
    assert not edit.isEnabled()
    assert "retired" in edit.toolTip()


def test_a_void_card_has_passed_no_station(window: Window, make: Make) -> None:
    window.open_record(make.card("voided").number)
    assert isinstance(window.page, CardPage)
    assert {state for _code, state in stages(window.page)} == {"todo"}


def test_a_card_in_use_whose_evidence_expired_says_so(window: Window, make: Make, clock: Clock) -> None:
    card = make.card("published", evidence_lines=[{"evidence": make.evidence(valid_to="2026-11-24").number}])
    clock.advance(days=3)
    window.open_record(card.number)
    (bar,) = window.page.findChildren(MessageBar)
    assert "expired on 2026-11-24" in bar.accessibleName()
    assert "no longer holds" in {pill.text() for pill in window.page.findChildren(Pill)}


def test_the_uses_of_a_card_lead_to_the_objections(window: Window, make: Make, qtbot: QtBot) -> None:
    card = make.card("published")
    objection = make.steps(make.objection(card=card.number), ("close", {"solved_on_spot": True}))
    window.open_record(card.number)
    assert isinstance(window.page, CardPage)
    window.page.open_tab("uses")
    settle(qtbot)
    assert "used 1 times, helped 1 times" in words_of(window.page)
    assert objection.number in {one.text() for one in window.page.findChildren(Button)}


def test_a_card_is_written_by_hand_with_its_evidence(window: Window, make: Make, qtbot: QtBot) -> None:
    proof = make.evidence()
    window.open_form("card")
    page = window.page
    assert isinstance(page, CardForm)
    fill(page.form, words=SHORT, content="need", method="indirect", answer="我把明细带来了。")
    page.form.editor("evidence_lines").set_value([{"evidence": proof.number}])
    page.save()
    settle(qtbot)
    card = Card.get()
    assert (card.words, card.status, [one.number for one in proofs_of(card)]) == (SHORT, "collected", [proof.number])
    assert isinstance(window.page, CardPage)


def test_evidence_is_found_while_typing_and_can_be_added(window: Window, make: Make, qtbot: QtBot) -> None:
    make.evidence()
    window.open_form("card")
    assert isinstance(window.page, CardForm)
    picker = window.page.form.editor("evidence_lines").view.model().pickers["evidence"]
    assert [(one.number, one.title) for one in picker.suggest("投放")] == [("YJ-0001", "货源投放办法")]
    assert picker.name_of("YJ-0001") == "货源投放办法"

    settle(qtbot)
    window.page.form.focus_field("evidence_lines")
    key(Key.Key_Return)
    type_keys("配送承诺")
    key(Key.Key_I, CONTROL)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QuickAdd)
    assert dialog.form.values()["title"] == "配送承诺"
    fill(dialog.form, text="按线路固定日期送货")
    dialog.save()
    window.activateWindow()
    lines = window.page.form.editor("evidence_lines")
    qtbot.waitUntil(lambda: lines.value() == [{"evidence": "YJ-0002"}])
    assert find(make.session, Evidence, "YJ-0002").title == "配送承诺"


def test_saving_a_published_card_makes_the_edition_that_was_announced(window: Window, make: Make, qtbot: QtBot) -> None:
    card = make.card("published")
    window.open_form("card", {"_edit": card.number})
    page = window.page
    assert isinstance(page, CardForm)
    assert "edition 2" in words_of(page)
    fill(page.form, answer="这周起到货先通知您。")
    page.save()
    settle(qtbot)
    assert make.again(card).edition == 2
    assert "Edition 2" in words_of(window.page)


def test_the_list_leads_to_evidence_self_test_and_paper(window: Window, make: Make, told: Told, qtbot: QtBot) -> None:
    cards = [make.card("published"), make.card("published"), make.card()]
    window.open_page("cards")
    page = window.page
    assert isinstance(page, CardsPage)
    assert "Self-test (2)" in {one.accessibleName() for one in page.findChildren(Button)}
    window.desk.paper("cards", "")
    assert isinstance(window.page, PaperPage)
    window.page._count(1)
    assert [len(prints.of(card)) for card in cards] == [1, 1, 0]
    window.open_page("cards")
    press(window.page, "evidence")
    settle(qtbot)
    assert isinstance(window.page, EvidenceListPage)
    window.open_page("cards")
    press(window.page, "self_test")
    assert isinstance(window.page, SelfTestPage)


def test_without_a_published_card_nothing_is_printed(window: Window, make: Make, told: Told) -> None:
    make.card()
    window.open_page("cards")
    window.desk.paper("cards", "")
    told.expect("No card is published yet")
    assert isinstance(window.page, CardsPage)


def test_a_narrow_list_keeps_evidence_under_more(window: Window, make: Make, qtbot: QtBot) -> None:
    window.open_page("cards")
    window.resize(960, 508)
    settle(qtbot)
    assert "evidence" not in buttons(window.page)
    assert "more_acts" in buttons(window.page)


def test_evidence_is_written_and_shows_the_cards_that_rest_on_it(window: Window, make: Make, qtbot: QtBot) -> None:
    window.open_form("evidence")
    page = window.page
    assert isinstance(page, EvidenceForm)
    fill(page.form, title="配送承诺", type="policy", text="按线路固定日期送货", valid_to="2026-11-01")
    page.save()
    settle(qtbot)
    page = window.page
    assert isinstance(page, EvidencePage)
    assert "expired on 2026-11-01" in words_of(page)
    make.card(evidence_lines=[{"evidence": "YJ-0001"}])
    page.refresh()
    page.open_tab("cards")
    assert any(one.text().startswith("YK-0001") for one in page.findChildren(Button))


def test_a_solved_objection_becomes_a_card(window: Window, make: Make, told: Told) -> None:
    objection = make.steps(make.objection(), ("close", {"solved_on_spot": True, "result": "看了明细，释然。"}))
    window.open_record(objection.number)
    press(window.page, "act_make-card")
    press(window.page, "do_make-card")
    assert isinstance(window.page, CardPage)
    assert window.page.number == "YK-0001"
    assert told.toasts == ["YK-0001: Make a card, recorded"]


def test_the_self_test_is_worked_by_space_and_digits(window: Window, make: Make, qtbot: QtBot) -> None:
    first, second = make.card("published"), make.card("published", words="价格太高了")
    window.open_page("self_test")
    settle(qtbot)
    page = window.page
    assert isinstance(page, SelfTestPage)
    assert page.card == first
    assert first.answer not in words_of(page)
    key(Key.Key_3)  # nothing is rated before the answer was seen
    assert practice.Practice.select().count() == 0
    key(Key.Key_Space)
    assert first.answer in words_of(page)
    assert "again in 1 min" in words_of(page)
    key(Key.Key_1)
    assert page.card == second
    key(Key.Key_Return)
    key(Key.Key_4)
    assert page.card == first  # comes again within minutes
    key(Key.Key_Space)
    key(Key.Key_4)
    assert page.card is None
    assert "Nothing is due today" in words_of(page)
    assert sorted(one.reviews for one in practice.Practice.select()) == [1, 2]


def test_the_answer_names_method_evidence_and_what_expired(window: Window, make: Make, clock: Clock, qtbot: QtBot) -> None:
    make.card("published", evidence_lines=[{"evidence": make.evidence(valid_to="2026-11-24").number}])
    clock.advance(days=3)
    window.open_page("self_test")
    assert isinstance(window.page, SelfTestPage)
    window.page.show_answer()
    settle(qtbot)
    told = words_of(window.page)
    assert "Handling method: Indirect" in told
    assert "按近三月动销和诚信等级排序" in told
    assert "expired on 2026-11-24" in told


def test_with_nothing_to_learn_the_self_test_leads_back(window: Window, make: Make) -> None:
    window.open_page("self_test")
    assert "Cards that are published can be learnt here." in words_of(window.page)
    press(window.page, "to_cards")
    assert isinstance(window.page, CardsPage)


@pytest.fixture
def typing(window: Window, make: Make, qtbot: QtBot) -> ObjectionForm:
    """The objection form, with two cards published."""
    make.card("published", words=SHORT)
    make.card("published", words="隔壁有货我没有，凭什么？")
    make.customer()
    window.open_form("objection", {"customer": "KH-0001"})
    settle(qtbot)
    page = window.page
    assert isinstance(page, ObjectionForm)
    return page


def suggestions(page: ObjectionForm) -> CardSuggestions:
    (found,) = page.findChildren(CardSuggestions)
    return found


def test_cards_are_offered_while_the_objection_is_typed(typing: ObjectionForm, make: Make, qtbot: QtBot) -> None:
    panel = suggestions(typing)
    assert not panel.isVisible()
    typing.form.focus_field("what")
    type_keys("隔壁每周都有，我订十条只给两条")
    soon(qtbot, 250)
    assert panel.isVisible()
    assert [one.card.number for one in panel.found] == ["YK-0001", "YK-0002"]
    assert focus_name() == "what"
    shown = words_of(panel)
    assert "货源按近三月动销排，我把明细带来了。" in shown
    assert "used 0 times, helped 0 times" in shown
    press(panel, "look_YK-0002")
    assert "use_YK-0002" in buttons(panel)


def test_a_card_that_is_used_is_named_with_its_method_and_saved(typing: ObjectionForm, make: Make, qtbot: QtBot) -> None:
    fill(typing.form, what=SHORT)
    soon(qtbot, 250)
    press(suggestions(typing), "use_YK-0001")
    soon(qtbot, 250)
    assert (typing.raw()["card"], typing.raw()["method"]) == ("YK-0001", "indirect")
    assert typing.form.editor("card").text().startswith("YK-0001 “隔壁")
    typing.save()
    settle(qtbot)
    assert Objection.get().card.number == "YK-0001"
    assert card_use.usage([Card.get_by_id(1)])[1].used == 1


def test_a_method_that_was_chosen_stays(typing: ObjectionForm, qtbot: QtBot) -> None:
    fill(typing.form, what=SHORT, method="enquiry")
    soon(qtbot, 250)
    press(suggestions(typing), "use_YK-0001")
    assert typing.raw()["method"] == "enquiry"


def test_without_a_side_the_cards_stand_below_the_words(typing: ObjectionForm, window: Window, qtbot: QtBot) -> None:
    fill(typing.form, what=SHORT)
    window.resize(960, 508)
    soon(qtbot, 250)
    panel = suggestions(typing)
    assert panel.isVisible()
    assert typing.form.cards[1].isAncestorOf(panel)
    window.resize(1366, 696)
    settle(qtbot)
    assert not typing.form.cards[1].isAncestorOf(panel)


def test_the_page_of_an_objection_names_the_card(window: Window, make: Make) -> None:
    objection = make.objection(card=make.card("published").number)
    window.open_record(objection.number)
    window.page.open_tab("axes")  # type: ignore[attr-defined]
    assert any(one.text().startswith("YK-0001 “为什么") for one in window.page.findChildren(QLabel))


def test_cards_and_evidence_are_found_everywhere(window: Window, make: Make) -> None:
    make.card(evidence_lines=[{"evidence": make.evidence().number}])
    assert [hit.number for hit in hits(make.session, "别人有货")] == ["YK-0001"]
    assert [hit.number for hit in hits(make.session, "投放")] == ["YJ-0001"]


def test_a_visit_is_prepared_from_the_customer(window: Window, make: Make) -> None:
    window.open_record(make.customer().number)
    window.page.print_page()
    assert isinstance(window.page, PaperPage)
    assert window.page.document == "visit"
