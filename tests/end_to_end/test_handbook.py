"""Who follows the handbook's words alone gets through each role's day: what is pressed and filled in is what it quotes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core.session import Session
from app.models.agreements import Agreement
from app.models.complaints import Complaint
from app.models.dispatches import Dispatch
from app.models.objections import Objection
from app.services import periods
from app.views.statistics import StatisticsPage
from app.views.step_panel import StepPanel
from app.views.window import Window
from tests.end_to_end.conftest import DAY, Desk
from tests.end_to_end.reader import Reader, seen
from tests.make import Make
from tests.staffed import ADMIN, PASSWORD, signed_in
from tests.views.stage import ALT, Key, Told, choose_file, fill, key


def status(kind: type[Any], number: str) -> str:
    return str(kind.get(kind.number == number).status)


def test_a_complaint_goes_from_hand_to_hand_by_the_words_of_the_handbook(
    office: Session, at: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = Make(signed_in(office, ADMIN, PASSWORD)).customer(name="鑫源商行").number
    with at(DAY["clerk"]) as window:
        number = _registered(window, customer)
    with at(DAY["handler"], number) as window:
        _accepted(window)
        _proposed(window)
        assert status(Complaint, number) == "proposed"
    with at(DAY["manager"]) as window:
        window.open_record(number)
        QApplication.processEvents()
        reader = Reader(window, "approve").at(0, 3)
        reader.press("Approve")
        reader.fill("Opinion", "同意")
        reader.press("Approve")
        assert status(Complaint, number) == "approved"
    agreement = _agreed(at, number, tmp_path, monkeypatch)
    assert status(Agreement, agreement) == "signed"
    _delivered(at, number)
    with at(DAY["clerk"], number) as window:
        _called_back(window)
    with at(DAY["handler"], number) as window:
        reader = Reader(window, "close")
        reader.press("Close")
        fill(seen(window, StepPanel)[0].form, result="客户满意")
        reader.press("Close")
    assert status(Complaint, number) == "closed"


def _registered(window: Window, customer: str) -> str:
    reader = Reader(window, "register-complaint")
    reader.keys("F8")
    reader.choose("New", "Register complaint")
    reader.fill("Customer", customer)
    reader.fill("Received at", "2026-11-23 09:30")
    reader.fill("Channel", "phone")
    reader.sees("Reference of the source")
    reader.fill("Complaint class", "service")
    reader.fill("Severity", "general")
    reader.fill("What happened", "约好上午送货，下午才到，店里断货半天")
    reader.fill("Wished solution", "补两条烟的钱")
    reader.fill("How the customer feels", "着急")
    reader.fill("What went wrong", "改线没有通知")
    reader.press("Register and sign")
    number = str(Complaint.select().order_by(Complaint.id.desc()).get().number)
    assert status(Complaint, number) == "registered"
    reader = Reader(window, "hand-over").at(0, 2)
    reader.choose("Print", "Receipt for a complaint")
    window.go_back()
    reader.choose("More", "Hand over")
    reader.fill("Handed over to", "marketing")
    reader.fill("To whom", DAY["handler"])
    reader.fill("Note", "最在意准时")
    reader.press("Hand over")
    return number


def _accepted(window: Window) -> None:
    reader = Reader(window, "accept")
    reader.press("Accept")
    reader.fill("Handler", DAY["handler"])
    reader.sees("Severity")
    reader.fill("Promised reply", "2026-11-23 17:00")
    reader.sees("Answered at once")
    reader.fill("Customer told by", "phone")
    reader.fill("What was said", "今天下班前答复")
    reader.press("Accept")
    reader = Reader(window, "investigate")
    reader.press("Investigate")
    reader.fill("By", "phone")
    reader.fill("Asked at", "customer")
    reader.fill("Findings", "送货车当天改线，没有告知")
    reader.fill("Read back to the customer", "下午两点才送到")
    reader.fill("Confirmed by", "周建国")
    reader.press("Investigate")


def _proposed(window: Window) -> None:
    reader = Reader(window, "propose")
    reader.press("Assess")
    for caption in ("A long-standing relation?", "Likely to buy again?", "Will others hear of it?"):
        reader.fill(caption, True)
    reader.fill("Is the demand unreasonable?", False)
    reader.fill("Our fault (%)", 100)
    reader.sees("Chosen", "Why otherwise")
    reader.press("Assess")
    reader.press("Propose")
    reader.fill("Proposal", "送货改线没有告知，责任在我方；补偿并当面道歉")
    lines = [{"remedy": "money", "amount": "360.00"}]
    fill(seen(window, StepPanel)[0].form, lines=lines)
    reader.fill("Reason sufficient", True)
    reader.fill("Demand reasonable", True)
    reader.sees("Good faith or malicious")
    reader.fill("Complaint valid", True)
    reader.fill("Cause", "company.delivery")
    reader.fill("Responsible party", "company")
    reader.fill("Company's fault (%)", 100)
    reader.press("Propose")


def _agreed(at: Desk, number: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    with at(DAY["handler"], number) as window:
        reader = Reader(window, "reply")
        reader.press("Reply")
        reader.fill("Replied by", "phone")
        reader.fill("Reply", "补偿 360 元，三天内到账")
        reader.press("Reply")
        reader = Reader(window, "draw-up-agreement")
        reader.press("Draw up agreement")
        reader.fill("To be performed by", "2026-11-27")
        reader.fill("Copies", 2)
        reader.press("Draw up agreement")
    agreement = str(Agreement.get().number)
    with at(DAY["manager"]) as window:
        reader = Reader(window, "release")
        reader.press("Agreements")
        reader.sees("Status")
        window.open_record(agreement)
        QApplication.processEvents()
        reader.press("Release")
        reader.press("Release")
    with at(DAY["handler"]) as window:
        _signed(window, agreement, tmp_path, monkeypatch)
    return agreement


def _signed(window: Window, agreement: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Reader(window, "print-agreement")
    reader.press("Agreements")
    window.open_record(agreement)
    QApplication.processEvents()
    reader.at(1, 3).press("Print or save")
    reader.sees("Print")
    choose_file(monkeypatch, tmp_path / "协议.pdf")
    reader.press("Save as")
    assert (tmp_path / "协议.pdf").read_bytes().startswith(b"%PDF")
    key(Key.Key_Escape)
    reader.at(2).press("Record signature")
    reader.fill("Signed by", "周建国")
    reader.fill("Signed on", "2026-11-23")
    reader.press("Record signature")


def _delivered(at: Desk, number: str) -> None:
    with at(DAY["handler"], number) as window:
        reader = Reader(window, "dispatch")
        reader.press("Dispatch")
        reader.sees("Due")
        reader.fill("What was said", "三天内到账")
        fill(seen(window, StepPanel)[0].form, told_by="phone")
        reader.press("Dispatch")
    with at(DAY["clerk"]) as window:
        reader = Reader(window, "deliver")
        reader.press("Orders")
        reader.sees("Department", "Status")
        window.open_record(str(Dispatch.get().number))
        QApplication.processEvents()
        reader.sees("Print")
        reader.at(1, 3).press("Accept")
        reader.fill("Accepted by", DAY["clerk"])
        reader.press("Accept")
        reader.press("Record delivery")
        reader.fill("Received by", "周建国")
        reader.fill("Proof", "转账回单")
        reader.press("Record delivery")
    assert status(Complaint, number) == "following_up"


def _called_back(window: Window) -> None:
    reader = Reader(window, "follow-up").at(0, 2)
    reader.press("Follow up")
    reader.fill("Result (1–5)", 5)
    reader.fill("Process (1–5)", 4)
    reader.fill("What the customer said", "办得快")
    reader.sees("Reached", "If not reached: again on")
    reader.press("Follow up")


def test_an_objection_is_written_down_and_closed_by_the_words_of_the_handbook(office: Session, at: Desk) -> None:
    customer = Make(signed_in(office, ADMIN, PASSWORD)).customer(name="鑫源商行").number
    with at(DAY["clerk"]) as window:
        reader = Reader(window, "write-objection")
        reader.keys("F7")
        reader.choose("New", "Write down objection")
        reader.fill("Customer", customer)
        reader.fill("What", "青峦订十条只给两条")
        reader.sees("When", "Where", "Who is concerned", "How the customer wants it solved", "The five steps", "Handling method")
        reader.at(0, 7)
        key(Key.Key_6, ALT)
        key(Key.Key_Right)
        reader.sees("Outcome", "Solved at once", "Promise a reply", "Open")
        reader.at(0, 8).press("Save")
    assert Objection.get().status == "closed"


def test_the_branch_head_exports_and_closes_the_month_by_the_words_of_the_handbook(
    office: Session, at: Desk, told: Told, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    month = periods.read("last", office.now().date())
    Make(signed_in(office, DAY["clerk"])).objection()
    with at(DAY["head"]) as window:
        reader = Reader(window, "export-month")
        reader.press("Statistics")
        page = window.page
        assert isinstance(page, StatisticsPage)
        page.show_period(month)
        qtbot.waitUntil(lambda: page.report is not None, timeout=20_000)
        choose_file(monkeypatch, tmp_path / "月报.xlsx")
        reader.press("Export Excel")
        qtbot.waitUntil(lambda: (tmp_path / "月报.xlsx").exists(), timeout=30_000)
        reader.sees("Report as PDF")
        reader = Reader(window, "close-month")
        reader.press("Statistics")
        told.answers.append(lambda dialog: Reader(dialog, "close-month").at(0, 3).press("Close the month"))
        reader.press("Close the month")
        qtbot.waitUntil(lambda: len(told.toasts) > 1 and month.label() in told.toasts[-1], timeout=30_000)
