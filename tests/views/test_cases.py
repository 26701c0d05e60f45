"""The pages of cases and agreements: every step through its buttons, refusals with their reason, nothing but what is possible."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.models import agreements, attachments, dispatches
from app.models.agreements import Agreement
from app.models.complaints import Complaint
from app.models.objections import Objection
from app.models.record import find_any
from app.views.agreements import AgreementPage
from app.views.case_page import CasePage
from app.views.papers import PaperPage
from app.views.pieces.basics import Button
from app.views.step_panel import StepPanel
from app.views.window import Window
from tests.make import Make
from tests.views.stage import Key, Told, buttons, choose_file, fill, focus_name, key, press, settle, words_of


def case(window: Window, number: str) -> CasePage:
    window.open_record(number)
    QApplication.processEvents()
    assert isinstance(window.page, CasePage)
    return window.page


def step(page: CasePage | AgreementPage, code: str, **values: object) -> None:
    """Press the step's button, fill what it asks, do it."""
    press(page, f"act_{code}")
    panel = page.findChild(StepPanel, f"step_{code}")
    assert isinstance(panel, StepPanel)
    fill(panel.form, **values)
    press(panel, f"do_{code}")


def status(make: Make, number: str) -> str:
    return str(find_any(make.session, number).status)


def test_a_complaint_goes_its_whole_way_through_the_window(window: Window, make: Make) -> None:
    number = make.complaint(severity="general").number
    page = case(window, number)
    step(page, "sign")
    step(page, "accept", promised_at="今天 17:00")
    step(page, "investigate", findings="上门核验，六条属实")
    step(page, "propose", text="更换六条", lines=[{"remedy": "replace", "quantity": "6", "unit": "条", "unit_price": "185"}])
    assert status(make, number) == "proposed"
    step(page, "approve", opinion="同意")
    step(page, "reply", reply_text="同意更换，三天内送到")
    step(page, "agreement")
    made = find_any(make.session, number)
    assert isinstance(made, Complaint)
    agreement = agreements.current(make.session, made)
    assert agreement is not None
    window.open_record(agreement.number)
    assert isinstance(window.page, AgreementPage)
    step(window.page, "release")
    step(window.page, "sign-agreement", signed_by="周建国")
    step(case(window, number), "dispatch", told_by="phone")
    page = case(window, number)
    assert "更换" in words_of(page) or "Replacement" in words_of(page)
    step(page, "accept")
    step(case(window, number), "deliver", received_by="周建国", proof="签收单 17")
    assert status(make, number) == "following_up"
    step(case(window, number), "follow-up", result_score=5, process_score=4)
    step(case(window, number), "close", result="客户满意")
    assert status(make, number) == "closed"
    assert status(make, agreement.number) == "signed"


def test_a_returned_proposal_goes_back_with_its_reason(window: Window, make: Make) -> None:
    number = make.proposed().number
    page = case(window, number)
    step(page, "return", reason="费用请重新核算")
    assert status(make, number) == "investigating"
    page.open_tab("proposals")
    assert "费用请重新核算" in words_of(page)


def test_only_possible_steps_are_buttons_and_the_others_say_why(window: Window, make: Make) -> None:
    page = case(window, make.proposed().number)
    assert {"act_approve", "act_return"} <= buttons(page)
    assert "act_reply" not in buttons(page)
    assert "Possible after approval." in words_of(page)


def test_what_a_step_lacks_is_said_at_its_field(window: Window, make: Make) -> None:
    number = make.proposed().number
    page = case(window, number)
    press(page, "act_return")
    panel = page.findChild(StepPanel, "step_return")
    assert isinstance(panel, StepPanel)
    press(panel, "do_return")
    assert "missing" in words_of(panel)
    assert status(make, number) == "proposed"


def test_escape_leaves_a_step_untaken(window: Window, make: Make, qtbot: QtBot) -> None:
    number = make.proposed().number
    page = case(window, number)
    press(page, "act_approve")
    panel = page.findChild(StepPanel, "step_approve")
    assert isinstance(panel, StepPanel)
    qtbot.keyClick(panel, Key.Key_Escape)
    settle(qtbot)
    assert status(make, number) == "proposed"
    assert "act_approve" in buttons(page)


def test_a_step_taken_elsewhere_is_not_taken_twice(window: Window, make: Make) -> None:
    record = make.proposed()
    page = case(window, record.number)
    press(page, "act_approve")
    make.session.changed = type(make.session.changed)()  # another desk: this window hears nothing of it
    make.steps(record, ("return", {"reason": "补充"}))
    panel = page.findChild(StepPanel, "step_approve")
    assert isinstance(panel, StepPanel)
    press(panel, "do_approve")
    assert status(make, record.number) == "investigating"
    assert "meanwhile" in words_of(panel) or "not possible" in words_of(panel)


def test_an_objection_is_promised_replied_and_closed(window: Window, make: Make) -> None:
    number = make.objection().number
    page = case(window, number)
    step(page, "promise", promised_at="今天 17:30")
    step(page, "reply", result="说明定量办法")
    step(page, "close", satisfaction=4)
    assert status(make, number) == "closed"


def test_an_objection_becomes_a_complaint_that_knows_where_it_came_from(window: Window, make: Make) -> None:
    number = make.objection(what="送货晚了两天").number
    step(case(window, number), "escalate", **{"class": "service"})
    objection = find_any(make.session, number)
    assert isinstance(objection, Objection)
    assert objection.status == "escalated"
    page = case(window, objection.complaint.number)
    assert "送货晚了两天" in words_of(page)


def test_what_happened_is_told_newest_first_and_by_group(window: Window, make: Make) -> None:
    page = case(window, make.proposed().number)
    assert "Propose" in words_of(page.events)
    page._choose_group("contacts")
    assert "Propose" not in words_of(page.events)


def test_a_file_is_attached_and_listed(
    window: Window, make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    record = make.complaint()
    photo = tmp_path / "批号照.jpg"
    photo.write_bytes(b"photo")
    page = case(window, record.number)
    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getOpenFileNames", lambda *_asked: ([str(photo)], ""))
    press(page, "attach")
    qtbot.waitUntil(lambda: [file.name for file in attachments.of(make.session, record)] == ["批号照.jpg"])
    qtbot.waitUntil(lambda: "What it shows" in {one.accessibleDescription() for one in page.findChildren(Button)})


def test_an_ended_case_cannot_be_edited(window: Window, make: Make) -> None:
    record = make.steps(make.complaint(), ("void", {"reason": "重复登记"}))
    page = case(window, record.number)
    page.edit()
    assert window.page is page
    assert "重复登记" in words_of(page)


def test_a_changed_agreement_is_a_new_edition(window: Window, make: Make) -> None:
    make.steps(make.approved(), ("reply", {"reply_text": "同意"}), "agreement")
    number = Agreement.get().number
    window.open_record(number)
    page = window.page
    assert isinstance(page, AgreementPage)
    press(page, "new_edition")
    panel = page.findChild(StepPanel, "step_agreement")
    assert isinstance(panel, StepPanel)
    fill(panel.form, facts="客户补充：另有两条")
    press(panel, "do_agreement")
    assert [(one.edition, one.status) for one in Agreement.select().order_by(Agreement.id)] == [(1, "voided"), (2, "draft")]
    assert page.edition.edition == 2
    press(page, "edition_1")
    assert page.edition.status == "voided"


def test_a_paper_is_saved_and_counted(
    window: Window, make: Make, told: Told, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    number = make.proposed().number
    window.open_paper("form", number)
    assert isinstance(window.page, PaperPage)
    choose_file(monkeypatch, tmp_path / "form.pdf")
    press(window.page, "save_pdf")
    assert (tmp_path / "form.pdf").read_bytes().startswith(b"%PDF")
    assert any("form.pdf" in toast for toast in told.toasts)


def test_a_paper_that_does_not_exist_yet_is_a_sentence(window: Window, make: Make, told: Told) -> None:
    number = make.complaint().number
    window.open_paper("agreement", number)
    told.expect("agreement")


def test_back_goes_where_one_came_from(window: Window, make: Make) -> None:
    number = make.complaint().number
    window.open_page("complaints")
    page = window.page
    case(window, number)
    key(Key.Key_Escape)
    assert window.page is page


def test_what_was_done_is_told_and_what_comes_next(window: Window, make: Make, told: Told) -> None:
    """Not the status, which a step beside the way leaves as it was."""
    record = make.steps(make.approved(), ("reply", {"reply_text": "同意"}), ("waive", {"reason": "当场了结"}), "dispatch")
    order = make.steps(dispatches.of_case(record)[0], "accept", ("deliver", {"received_by": "周建国", "proof": "签收单 17"}))
    page = case(window, order.complaint.number)
    assert "Now: ask whether the customer is satisfied" in words_of(page)
    step(page, "follow-up", result_score=5)
    assert told.toasts == [f"{record.number}: Follow up, recorded"]
    assert "Now: close it" in words_of(page)
    make.steps(make.again(record), ("close", {"result": "客户满意", "reason": "原因未查明"}))
    assert "王敏, today" in words_of(page.turn)


def test_what_was_closed_before_it_came_here_failed_no_deadline(window: Window, make: Make) -> None:
    record = make.complaint(received_at="2018-06-01")
    closed = datetime(2018, 6, 5, tzinfo=make.session.branch.zone)
    Complaint.rewrite(record.id, imported=True, status="closed", closed_at=closed, closed_at_day=True)
    said = words_of(case(window, record.number).turn)
    assert "not done" not in said
    assert "overdue" not in said
    assert "2018-06-05" in said
    assert make.session.user not in said


def test_the_toast_covers_nothing(window: Window, make: Make, qtbot: QtBot) -> None:
    page = case(window, make.proposed().number)
    step(page, "approve")
    press(page, "act_reply")
    settle(qtbot)
    assert window.toast.isVisible()
    spot = window.toast.geometry()
    covered = [one for one in page.findChildren(QWidget) if one.isVisible() and not one.layout()]
    assert window.rect().contains(spot)
    assert [one for one in covered if QRect(one.mapTo(window, QPoint()), one.size()).intersects(spot)] == []


def test_who_approves_reads_what_it_costs_above_the_decision(window: Window, make: Make) -> None:
    page = case(window, make.proposed(cost="300.00").number)
    for code in ("approve", "return"):
        press(page, f"act_{code}")
        said = words_of(page.turn)
        assert "更换并补偿" in said
        assert "in all 300.00 yuan" in said
        press(page, "step_cancel")
    assert "in all 300.00 yuan" not in words_of(page.turn)


def test_a_step_opens_the_tab_that_it_is_about(window: Window, make: Make) -> None:
    page = case(window, make.approved(cost="300.00").number)
    press(page, "act_reply")
    assert "in all 300.00 yuan" in words_of(page)
    press(page, "step_cancel")
    press(page, "act_notice")
    assert "in all 300.00 yuan" not in words_of(page)


def test_a_rule_that_asks_for_a_field_marks_it_and_goes_there(window: Window, make: Make, qtbot: QtBot) -> None:
    record = make.steps(
        make.complaint(), "sign", ("accept", {"promised_at": "2026-11-24"}), ("investigate", {"findings": "属实"})
    )
    page = case(window, record.number)
    step(page, "propose", text="更换并补偿", lines=[{"remedy": "money", "amount": "80"}])
    settle(qtbot)
    panel = page.findChild(StepPanel, "step_propose")
    assert isinstance(panel, StepPanel)
    assert "Compensation needs a judgement first" in panel.form.rows["valid"].error()
    assert focus_name() == "valid"


def test_a_course_without_contacts_says_so(window: Window, make: Make) -> None:
    page = case(window, make.complaint().number)
    assert "Nothing is known yet." not in words_of(page.events)
    page._choose_group("contacts")
    QApplication.processEvents()
    assert words_of(page.events) == "Nothing is known yet."
