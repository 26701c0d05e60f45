"""Deadlines, calendar and deputies in the settings."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QApplication

from app.models import deputies, workdays
from app.models.record import moment_of
from app.views.settings_times import CalendarPart, DeputiesPart
from app.views.window import Window
from tests.make import Make
from tests.views.stage import fill, press, words_of


def part(window: Window, code: str) -> object:
    window.open_page("settings")
    window.page.show_part(code)  # type: ignore[attr-defined]
    QApplication.processEvents()
    return window.page.part()  # type: ignore[attr-defined]


def test_a_grade_gets_another_deadline_and_open_cases_follow(window: Window, make: Make) -> None:
    record = make.complaint(received_at="2026-11-23 09:00")
    times = part(window, "times")
    fill(times.form, solution_days_general="3")  # type: ignore[attr-defined]
    press(times, "save_settings")  # type: ignore[arg-type]
    due = moment_of(make.session, make.again(record), "solution_due")
    assert due.astimezone(make.session.branch.zone).date() == date(2026, 11, 26)


def test_a_day_is_marked_and_listed_as_our_own(window: Window, make: Make) -> None:
    calendar = part(window, "calendar")
    assert isinstance(calendar, CalendarPart)
    assert "published" in words_of(calendar)
    fill(calendar.adding.form, day="2026-11-30", works=False, name="盘点")
    press(calendar, "add_entry")
    QApplication.processEvents()
    assert [one.name for one in workdays.of_year(2026) if one.own] == ["盘点"]
    assert "盘点" in words_of(calendar)


def test_a_year_that_is_not_published_says_so(window: Window, make: Make) -> None:
    calendar = part(window, "calendar")
    assert isinstance(calendar, CalendarPart)
    calendar.show_year("2028")
    QApplication.processEvents()
    assert "not published" in words_of(calendar)


def test_a_mark_without_a_day_is_said_at_its_field(window: Window, make: Make) -> None:
    calendar = part(window, "calendar")
    assert isinstance(calendar, CalendarPart)
    press(calendar, "add_entry")
    assert "missing" in words_of(calendar)


def test_a_deputy_is_named_and_ended(window: Window, make: Make) -> None:
    made = part(window, "deputies")
    assert isinstance(made, DeputiesPart)
    fill(made.adding.form, principal="陈志强", deputy="刘洋", role="manager", since="2026-11-23", until="2026-11-30")
    press(made, "add_entry")
    QApplication.processEvents()
    found = deputies.named(make.session)
    assert [(one.deputy, one.ended) for one in found] == [("刘洋", False)]
    press(made, f"end_{found[0].id}")
    assert [one.ended for one in deputies.named(make.session)] == [True]
