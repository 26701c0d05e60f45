"""The main job by keyboard alone: a complaint from F8 to the month's workbook, without a pointer."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.models.agreements import Agreement
from app.models.complaints import Complaint
from app.views.agreements import AgreementPage
from app.views.statistics import StatisticsPage
from app.views.window import Window
from app.views.work import pool
from tests.make import Make
from tests.views.stage import CONTROL, Key, choose_file, focus_name, key, settle, soon, type_keys


def tab_to(name: str, most: int = 80) -> None:
    """Tab until the focus is there."""
    for _time in range(most):
        if focus_name() == name:
            return
        key(Key.Key_Tab)
    pytest.fail(f"Tab does not reach {name}")


def status() -> str:
    return str(Complaint.get().status)


def step(code: str, *typed: tuple[str, str]) -> None:
    """Reach a step's button by Tab, fill its fields, reach the act and press Enter."""
    tab_to(f"act_{code}")
    key(Key.Key_Return)
    for name, text in typed:
        tab_to(name)
        key(Key.Key_A, CONTROL)
        type_keys(text)
    tab_to(f"do_{code}")
    key(Key.Key_Return)


def test_the_whole_job_without_a_pointer(
    window: Window, make: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make.customer(name="鑫瑞达商行")
    key(Key.Key_F8)
    settle(qtbot)
    assert focus_name() == "customer"
    type_keys("xrd")
    soon(qtbot, 250)
    key(Key.Key_Return)  # the first suggestion
    tab_to("description")
    type_keys("六条霉变，有异味")
    tab_to("sign")
    key(Key.Key_Return)
    settle(qtbot)
    assert status() == "registered"
    step("accept", ("promised_at", "今天 17:00"))
    step("investigate", ("findings", "属实"))
    step("propose", ("text", "登门致歉"))
    assert status() == "approved"  # within the handler's own limit
    step("reply", ("reply_text", "今天登门致歉"))
    step("agreement")
    assert status() == "replied"
    window.open_record(Agreement.get().number)
    settle(qtbot)
    assert isinstance(window.page, AgreementPage)
    step("release")
    step("sign-agreement", ("signed_by", "周建国"))
    assert status() == "agreed"
    key(Key.Key_Escape)
    settle(qtbot)
    step("follow-up", ("result_score", "5"))
    assert status() == "following_up"
    step("close", ("result", "满意"))
    assert status() == "closed"
    key(Key.Key_9, CONTROL)
    assert isinstance(window.page, StatisticsPage)
    choose_file(monkeypatch, tmp_path / "month.xlsx")
    key(Key.Key_E, CONTROL)
    pool().waitForDone()
    qtbot.waitUntil((tmp_path / "month.xlsx").exists)
    settle(qtbot)


@pytest.mark.parametrize(
    "page", ["workbench", "customers", "objections", "complaints", "agreements", "statistics", "import", "settings"]
)
def test_tab_goes_round_every_page(window: Window, make: Make, page: str) -> None:
    """Nothing holds the focus for ever, and each stop can be seen."""
    make.proposed()
    window.open_page(page)
    QApplication.processEvents()
    seen: list[QWidget] = []
    for _time in range(150):
        key(Key.Key_Tab)
        here = QApplication.focusWidget()
        assert here is not None
        assert here.isVisible()
        if here in seen[:1]:
            break
        seen.append(here)
    assert len(seen) > 3
