"""What is typed for a form or a step is kept: after a crash, on leaving, and until it is saved or thrown away."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.core.session import Session
from app.models import unfinished
from app.models.agreements import Agreement
from app.models.customers import ContactEntry
from app.models.record import values_of
from app.views.bench_lines import Line
from app.views.contact_log import LogPanel
from app.views.form_page import FormPage
from app.views.messages import Dialog
from app.views.step_panel import StepPanel
from app.views.window import Window
from tests.make import Make
from tests.views.stage import Key, Told, buttons, fill, key, open_window, press, throw_away, type_keys, words_of


def shown(page: FormPage) -> dict[str, Any]:
    """What is seen in each line and in each cell of the form."""
    lines = {code: one.editor.text() for code, one in page.form.rows.items() if isinstance(one.editor, QLineEdit)}
    for part, table in page.form.tables.items():
        model = table.model()
        places = ((row, column) for row in range(len(model.lines)) for column in range(model.columnCount()))
        lines |= {f"{part}[{row}].{model.declared[column].code}": model.words(row, column) for row, column in places}
    return lines


@pytest.mark.parametrize("received", ["2026-11-23 09:05", "2026-11-22", "11月2", "昨天 9点"])
def test_every_kind_of_field_comes_back_as_it_was_typed(window: Window, make: Make, received: str) -> None:
    product = make.product()
    window.open_form("complaint")
    page = window.page
    assert isinstance(page, FormPage)
    line = {"product": product.number, "batch": "B07", "produced_on": date(2026, 9, 14), "quantity": Decimal("1200.5")}
    losses = [{"item": "parking", "amount": Decimal("1260.00")}, {"item": "other", "amount": "约 300"}]
    fill(page.form, customer=make.customer().number, description="写到一半", product_lines=[line], loss_lines=losses)
    editor = page.form.editor("received_at")
    editor.setFocus()
    editor.selectAll()
    type_keys(received)
    if received[0] == "2":
        key(Key.Key_Return)  # it is read, and kept as a moment or a day
    before = shown(page)
    page.keep()
    page._dirty = False
    window.desk.go_on(unfinished.of(make.session)[0])
    again = window.page
    assert isinstance(again, FormPage)
    assert shown(again) == before
    assert again.form.tables["loss_lines"].faulty()
    assert "1,260.00" in before.values()
    editor = again.form.editor("received_at")
    editor.setFocus()
    key(Key.Key_Return)
    assert editor.text() == {"11月2": "2026-11-02", "昨天 9点": "2026-11-22 09:00"}.get(received, received)


def panel_of(window: Window) -> StepPanel:
    """The panel that is seen."""
    QApplication.processEvents()
    (found,) = (one for one in window.page.findChildren(StepPanel) if one.isVisible())
    return found


def begin(window: Window, number: str, step: str, **typed: Any) -> StepPanel:
    """Open a case and type something for a step."""
    window.open_record(number)
    QApplication.processEvents()
    press(window.page, f"act_{step}")
    panel = panel_of(window)
    fill(panel.form, **typed)
    return panel


def go_on(window: Window) -> None:
    """On the workbench, with the first that is unfinished."""
    window.open_page("workbench")
    QApplication.processEvents()
    (entry,) = unfinished.of(window.session)
    (line,) = (one for one in window.page.findChildren(Line) if one.isVisible() and entry.title in one.accessibleName())
    line.click()


def test_what_is_typed_for_a_step_outlasts_a_crash_until_it_is_done(
    window: Window, session: Session, make: Make, qtbot: QtBot
) -> None:
    record = make.complaint(customer=make.customer(name="鑫瑞达商行").number)
    make.steps(record, "sign", ("accept", {"promised_at": "2026-11-23 17:00"}))
    panel = begin(window, record.number, "investigate")
    panel._keep.setInterval(20)
    fill(panel.form, findings="上门核验，写到一半")
    qtbot.waitUntil(lambda: bool(unfinished.of(session)))
    assert "Kept automatically" in words_of(panel)
    throw_away(window)
    again = open_window(qtbot, session)
    try:
        (entry,) = unfinished.of(session)
        assert (entry.title, entry.number) == (f"Investigate: 鑫瑞达商行 {record.number}", record.number)
        again.desk.go_on(entry)
        panel = panel_of(again)
        assert panel.form.editor("findings").value() == "上门核验，写到一半"
        press(panel, "do_investigate")
        assert unfinished.of(session) == []
        assert values_of(session, make.again(record))["enquiries"][0]["findings"] == "上门核验，写到一半"
    finally:
        throw_away(again)


def test_the_workbench_offers_it_and_each_field_is_as_it_was(window: Window, make: Make, told: Told) -> None:
    record = make.steps(make.complaint(), "sign")
    panel = begin(window, record.number, "accept")
    fill(panel.form, promised_at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    told.answer("keep")
    go_on(window)
    assert panel_of(window).form.editor("promised_at").text() == "2026-11-23 17:00"
    window.open_page("workbench")  # nothing more was typed, so nothing is asked
    assert len(unfinished.of(window.session)) == 1


def test_the_button_of_the_step_goes_on_with_it_too(window: Window, make: Make, told: Told) -> None:
    record = make.proposed()
    begin(window, record.number, "return", reason="费用请重新")
    told.answer("keep")
    window.open_page("complaints")
    assert begin(window, record.number, "return").form.editor("reason").value() == "费用请重新"
    window.page.refresh()
    assert panel_of(window).form.editor("reason").value() == "费用请重新"


@pytest.mark.parametrize(("answer", "open_", "kept"), [("", True, 0), ("keep", False, 1), ("discard", False, 0)])
def test_cancelling_asks_what_shall_become_of_it(
    window: Window, make: Make, told: Told, answer: str, open_: bool, kept: int
) -> None:
    panel = begin(window, make.proposed().number, "return", reason="费用请重新")
    told.answer(answer)
    press(panel, "step_cancel")
    assert ("act_return" not in buttons(window.page)) == open_
    assert len(unfinished.of(window.session)) == kept


def test_what_was_taken_up_can_be_thrown_away(window: Window, make: Make, told: Told) -> None:
    record = make.proposed()
    begin(window, record.number, "return", reason="费用请重新").keep()
    told.answer("keep")
    window.open_page("complaints")
    begin(window, record.number, "return")
    told.answer("discard")
    QTest.keyClick(panel_of(window), Key.Key_Escape)
    assert unfinished.of(window.session) == []
    assert begin(window, record.number, "return").form.editor("reason").value() is None


def test_what_is_emptied_again_is_not_kept(window: Window, make: Make) -> None:
    panel = begin(window, make.proposed().number, "return", reason="费用请重新")
    assert panel.keep()
    fill(panel.form, reason=None)
    assert panel.keep()
    assert unfinished.of(window.session) == []


def test_a_step_that_is_not_possible_any_more_shows_what_was_typed(window: Window, make: Make, told: Told) -> None:
    record = make.proposed()
    begin(window, record.number, "return", reason="费用请重新核算")
    told.answer("keep")
    window.open_page("workbench")
    make.steps(record, ("approve", {"opinion": "同意"}))
    shown: list[str] = []

    def read(dialog: Dialog) -> None:
        shown.extend(one.toPlainText() for one in dialog.findChildren(QPlainTextEdit))
        press(dialog, "dialog_discard")

    told.answers.append(read)
    go_on(window)
    assert shown == ["费用请重新核算"]
    assert "not possible here any more" in told.dialogs[-1]
    assert unfinished.of(window.session) == []


def test_an_entry_of_the_contact_log_comes_back_with_its_kind(window: Window, make: Make, told: Told) -> None:
    customer = make.customer()
    window.open_record(customer.number)
    window.page.start("log")  # type: ignore[attr-defined]
    panel = panel_of(window)
    assert isinstance(panel, LogPanel)
    panel._choose("survey")
    fill(panel.form, why_us="送货准")
    told.answer("keep")
    go_on(window)
    panel = panel_of(window)
    assert isinstance(panel, LogPanel)
    assert (panel.kinds.value(), panel.form.editor("why_us").value()) == ("survey", "送货准")
    fill(panel.form, text="看了陈列")
    panel.keep()
    press(panel, "do_log")
    assert [(one.kind, one.why_us) for one in ContactEntry.select()] == [("survey", "送货准")]
    assert unfinished.of(window.session) == []


def test_the_signature_of_an_agreement_comes_back_on_its_page(window: Window, make: Make, told: Told) -> None:
    make.steps(make.approved(), ("reply", {"reply_text": "同意"}), "agreement")
    number = make.steps(Agreement.get(), "release").number
    begin(window, number, "sign-agreement", signed_by="周建国")
    told.answer("keep")
    go_on(window)
    assert panel_of(window).form.editor("signed_by").value() == "周建国"


def test_what_waits_behind_the_handbook_is_asked_about(window: Window, make: Make, told: Told) -> None:
    begin(window, make.proposed().number, "return", reason="费用请重新")
    window.open_help()
    told.answer("keep")
    window.open_page("customers")
    assert len(unfinished.of(window.session)) == 1
    assert "Leave without saving?" in told.dialogs[0]


def test_closing_with_a_step_begun_asks_once(window: Window, make: Make, told: Told) -> None:
    begin(window, make.proposed().number, "return", reason="费用请重新")
    told.answer("discard")
    assert window.close()
    assert window.close()
    assert unfinished.of(window.session) == []
