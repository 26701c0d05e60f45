"""The ways beside the usual one that the handbook tells of: drafts, new editions, waivers, reminders, another round, figures."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core.language import _
from app.models.complaints import Complaint
from app.models.dispatches import Dispatch
from app.models.objections import Objection
from app.services import handbook
from app.views.statistics import StatisticsPage
from app.views.step_panel import StepPanel
from app.views.window import Window
from app.views.work import pool
from tests.conftest import Clock
from tests.end_to_end.reader import Reader, seen
from tests.make import Make
from tests.models.stands import agreement_in, complaint_in
from tests.views.stage import Key, Told, fill, key, press, settle


def opened(window: Window, number: object) -> None:
    window.open_record(str(number))
    QApplication.processEvents()


def test_a_complaint_is_kept_as_a_draft_signed_later_and_voided(alone: Window, make: Make) -> None:
    customer = make.customer().number
    reader = Reader(alone, "register-complaint").at(0, 7)
    key(Key.Key_F8)
    reader.told("Register and sign")
    form = alone.page.form  # type: ignore[attr-defined]
    fill(form, customer=customer, description="漏气")
    reader.press("Save")
    assert Complaint.get().status == "draft"
    opened(alone, Complaint.get().number)
    reader.press("Sign")
    press(alone, "do_sign")
    assert Complaint.get().status == "registered"
    reader.choose("More", "Void")
    assert seen(alone, StepPanel)
    Reader(alone, "case").at(0, 3).press("Cancel")
    assert not seen(alone, StepPanel)


def test_an_agreement_is_edited_as_a_draft_and_gets_a_new_edition(alone: Window, make: Make) -> None:
    opened(alone, agreement_in(make, "draft").number)
    reader = Reader(alone, "draw-up-agreement").at(0, 5)
    reader.told("Draw up agreement")
    reader.press("Edit draft")
    key(Key.Key_Escape)
    opened(alone, agreement_in(make, "released").number)
    Reader(alone, "print-agreement").at(3).press("New edition")


def test_an_agreement_is_waived_and_the_late_order_asked_for(alone: Window, make: Make, clock: Clock) -> None:
    case = complaint_in(make, "replied")
    opened(alone, case.number)
    reader = Reader(alone, "print-agreement").at(4)
    reader.press("Waive agreement")
    reader.fill("Reason", "当场换货，客户不要协议")
    reader.press("Waive agreement")
    make.steps(make.again(case), ("dispatch", {"told_by": "phone"}))
    opened(alone, case.number)
    reader = Reader(alone, "dispatch").at(0, 4)
    reader.told("Dispatch")
    reader.press("Execution")
    clock.advance(days=30)
    opened(alone, Dispatch.get().number)
    reader.press("Chase")
    key(Key.Key_Escape)
    reader.press("Copy reminder")
    assert QApplication.clipboard().text()


def test_a_complaint_goes_another_round(alone: Window, make: Make) -> None:
    opened(alone, complaint_in(make, "following_up").number)
    reader = Reader(alone, "follow-up").at(0, 5)
    assert _("Follow-up sheet") in reader.rows("Print")
    reader.press("Follow up")
    reader.sees("Change the solution", "If not: next answer by")
    opened(alone, complaint_in(make, "closed").number)
    reader = Reader(alone, "close").at(2)
    reader.choose("More", "Reopen")
    reader.fill("Reason", "货又断了")
    reader.fill("Next answer by", "2026-11-24 17:00")
    reader.press("Reopen")


def test_an_objection_goes_the_ways_that_the_handbook_names(alone: Window, make: Make) -> None:
    opened(alone, make.objection().number)
    reader = Reader(alone, "answer-objection").at(0, 3)
    reader.told("Close")
    reader.press("Make a complaint")
    key(Key.Key_Escape)
    reader.choose("More", "Feed back to the company")
    key(Key.Key_Escape)
    reader.told("Make a card")
    reader.choose("More", "Void")
    reader = Reader(alone, "write-objection").at(0, 8)
    key(Key.Key_F7)
    reader.told("Save")
    reader.sees("Save, next one", "Show", "Repeat last")
    assert Objection.select().count() == 1


def test_lists_are_filtered_by_status_where_a_day_begins_so(alone: Window, make: Make, qtbot: QtBot) -> None:
    make.proposed()
    make.card("rehearsed")
    alone.open_page("customers")
    alone.open_page("workbench")
    settle(qtbot)
    reader = Reader(alone, "approve")
    reader.sees("Waits for approval")
    reader.press("Complaints")
    reader.sees("Status")
    reader = Reader(alone, "publish").at(1)
    reader.press("Cards")
    reader.sees("Status")
    opened(alone, make.card("published").number)
    reader.at(1, 3).told("Publish")
    if seen(alone, StepPanel):
        key(Key.Key_Escape)
    assert _("Retire") == reader.told("Retire")
    assert _("Retire") in reader.words()


def test_the_figures_are_read_narrowed_and_merged(alone: Window, make: Make, qtbot: QtBot, told: Told) -> None:
    make.complaint()
    reader = Reader(alone, "statistics")
    reader.press("Statistics")
    page = alone.page
    assert isinstance(page, StatisticsPage)
    qtbot.waitUntil(lambda: page.report is not None, timeout=20_000)
    reader.sees("Narrow", "Side by side", "More")
    reader = Reader(alone, "merge-branches").at(0, 1)
    reader.press("Statistics")
    reader.press("Merge branches")
    pool().waitForDone()
    settle(qtbot)
    reader.sees("Choose folder", "Choose files", "List of branches", "Save merged workbook")


WALKED = re.compile(r'Reader\(\w+, "([a-z-]+)"\)')


def test_every_chapter_that_has_steps_is_walked() -> None:
    walks = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_handbook*.py"))
    stepped = {one.name for one in handbook.chapters() if re.search(r"^1\. ", one.source, re.MULTILINE)}
    assert len(stepped) > 30
    assert stepped - set(WALKED.findall(walks)) == set()
