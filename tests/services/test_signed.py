"""What was signed stays as signed wherever it is shown: beside other months, narrowed, in lists, after a year and a restore."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.core import database as store
from app.core.database import database, milliseconds
from app.core.errors import UserError
from app.core.language import speaking
from app.core.progress import Progress
from app.core.session import Session
from app.models.customers import Customer
from app.models.record import edit
from app.reports import workbook
from app.services import (
    backups,
    cases_behind,
    closing,
    figure_words,
    figures,
    figures_by,
    figures_content,
    overdue_cases,
    period_report,
    periods,
    restated,
    restoring,
    sample,
    sample_folder,
    workplace,
)
from app.services.figures_json import as_json
from app.services.figures_rows import Chosen
from app.services.figures_values import Both
from app.services.periods import month_of
from app.services.restore_rights import Right
from app.services.sample_days import DAY
from app.services.sample_desk import Desk, Life
from tests.make import Make
from tests.services.figures_cases import NOW
from tests.services.test_closing import OCTOBER, full, kept, listed, make, session

__all__ = ["full", "make", "session"]
NOVEMBER = month_of(date(2026, 11, 1))


def changed(session: Session, make: Make) -> None:
    """What may happen to the cases of a month after it was closed."""
    database.execute_sql("UPDATE objection SET content = 'price', handler = '新来的', cause = NULL WHERE id < 60")
    database.execute_sql("UPDATE complaint SET status = 'voided' WHERE id % 3 = 0")
    database.execute_sql("UPDATE complaint SET class = 'service', severity = 'general', handler = '新来的' WHERE id % 3 = 1")
    database.execute_sql("UPDATE promise SET kept_at = NULL")
    make.objection(occurred_at="2026-10-05 09:00")


CONDITIONS = [
    [("handler", "刘洋")],
    [("handler", "")],
    [("content", "price")],
    [("class", "service")],
    [("tier", "unclassified")],
    [("customer", "KH-0003")],
    [("product", "CP-0002")],
    [("channel", "phone"), ("handler", "陈志强")],
    [("handler", "陈志强"), ("handler", "刘洋")],
]


def choices(session: Session) -> Iterator[Chosen]:
    return (figures_by.chosen(session, conditions) for conditions in CONDITIONS)


def test_a_closed_month_that_is_narrowed_stays_as_signed(session: Session, make: Make) -> None:
    # Agreements are signed for complaints that were there.
    earlier = milliseconds(datetime(2026, 8, 1, tzinfo=UTC))
    database.execute_sql("UPDATE complaint SET received_at = ? WHERE id IN (SELECT complaint_id FROM agreement)", (earlier,))
    before = [as_json(figures.compute(session, OCTOBER, chosen)) for chosen in choices(session)]
    assert sum(bool(one["objections"] or one["complaints"]) for one in before) == len(CONDITIONS)
    closing.close(session, OCTOBER)
    assert [as_json(closing.figures_of(session, OCTOBER, chosen)) for chosen in choices(session)] == before
    changed(session, make)
    after = [as_json(closing.figures_of(session, OCTOBER, chosen)) for chosen in choices(session)]
    for one in (*before, *after):
        # Other months, which are not closed, are counted from the records.
        for code in ("trend", "mom", "yoy"):
            del one[code]
    for was, now in zip(before, after, strict=True):
        assert {code: value for code, value in now.items() if value != was[code]} == {}
    assert as_json(figures.compute(session, OCTOBER, next(choices(session))))["objections"] != before[0]["objections"]


def test_the_cases_and_the_workbook_of_a_narrowed_closed_month_are_those_that_were_signed(session: Session, make: Make) -> None:
    chosen = figures_by.chosen(session, [("handler", "刘洋")])
    behind = {
        figure: cases_behind.cases(session, OCTOBER, figure, "", chosen) for figure in ("objections", "backlog", "close_rate")
    }
    ids = {figure: [_ids(session, one) for one in found] for figure, found in behind.items()}
    closing.close(session, OCTOBER)
    changed(session, make)
    after = {figure: cases_behind.cases(session, OCTOBER, figure, "", chosen) for figure in behind}
    assert {figure: [sorted(one.query.ids or ()) for one in found] for figure, found in after.items()} == ids
    told = restated.report(session, OCTOBER, chosen)
    assert told.closed is not None
    rows = list(told.content.objections.rows)
    place = [column.code for column in told.content.objections.columns].index("handler")
    assert rows == list(told.content.objections.rows)
    assert {row[place] for row in rows} == {"刘洋"}
    assert {one.what for one in told.restated} >= {"left", "figure"}


def _ids(session: Session, behind: cases_behind.Behind) -> list[int]:
    if behind.query.ids is not None:
        return sorted(behind.query.ids)
    return sorted(int(row[0]) for row in cases_behind.LISTINGS[behind.listing].all(session, behind.query, 10_000))


def test_other_months_are_compared_with_what_was_signed(session: Session, make: Make) -> None:
    closing.close(session, OCTOBER)
    signed = kept(session).content.figures
    both = Both(signed.objections, signed.complaints)
    changed(session, make)
    today = figures.compute(session, OCTOBER)
    assert (today.objections, today.complaints) != both
    november = figures.compute(session, NOVEMBER)
    assert november.previous == both
    assert [(row.objections, row.complaints) for row in november.trend if row.month == OCTOBER.start] == [both]
    report = period_report.load(session, NOVEMBER)
    assert as_json(report.compared[0].figures) == as_json(signed)
    assert (today.trend[-1].objections, today.trend[-1].complaints) == (today.objections, today.complaints)
    closing.open_again(session, OCTOBER, "补登")
    assert figures.compute(session, NOVEMBER).previous == (today.objections, today.complaints)


def test_a_longer_period_says_which_of_its_months_were_signed_and_as_what(session: Session, make: Make) -> None:
    closing.close(session, OCTOBER)
    signed = kept(session).content.figures
    changed(session, make)
    for period in (periods.year_of(date(2026, 1, 1)), periods.quarter_of(date(2026, 10, 1))):
        counted = figures.compute(session, period)
        (month,) = counted.signed
        assert month == (OCTOBER.start, (signed.objections, signed.complaints), True)
        words = f"2026-10：异议 {signed.objections}、投诉 {signed.complaints}"
        with speaking("zh_CN"):
            assert words in figure_words.of_signed(counted)
            assert any(words in note for note in period_report.load(session, period).notes(""))
            assert _notes(figures_content.gather(session, period)) == {"含已月结月份，按现有记录统计，见“口径”。"}
    assert as_json(counted)["closed_months"][0]["month"] == "2026-10"
    (part,) = figures.compute(session, periods.days(date(2026, 10, 20), date(2026, 11, 3))).signed
    assert not part.whole
    assert figures.compute(session, NOVEMBER).signed == ()


def _notes(content: figures_content.Content) -> set[Any]:
    book = openpyxl.load_workbook(io.BytesIO(workbook.render(content)))
    return {book[name]["A3"].value for name in book.sheetnames if name != "kesu"}


def test_the_overdue_on_paper_are_those_of_that_day(session: Session, make: Make) -> None:
    closing.close(session, OCTOBER)
    rows = kept(session).content.listed.overdue
    before = overdue_cases.overdue(session, OCTOBER, 20)
    assert before[0] == len({row.case for row in rows})
    database.execute_sql("UPDATE promise SET due = due + 86400000 * 365")
    database.execute_sql("UPDATE complaint SET solution_due = NULL")
    assert [one.row for one in overdue_cases.overdue(session, OCTOBER, 20)[1]] == [one.row for one in before[1]]


def test_a_damaged_month_is_told_where_another_one_shows_it(session: Session) -> None:
    closing.close(session, OCTOBER)
    database.execute_sql("UPDATE frozen_part SET content = x'00' WHERE part = 'figures'")
    with pytest.raises(UserError, match="2026-10 is damaged"):
        figures.compute(session, NOVEMBER)


class _Closing:
    """The branch head closes a month of the sample branch on the first working day after it, and notes what it looked like."""

    def __init__(self) -> None:
        self.seen: dict[str, Any] = {}

    def life(self, desk: Desk) -> Life:
        head = desk.by(desk.library.names["people"]["head"])
        period = month_of(desk.days.day(desk.minute)).previous()
        assert closing.close(head, period).month == "2025-11"
        self.seen = looks(head)
        yield from ()


def looks(session: Session) -> dict[str, Any]:
    """Everything that the doors show of the closed month, but for what is different today."""
    period = month_of(date(2025, 11, 1))
    report = restated.report(session, period)
    assert report.closed is not None
    with speaking(report.content.language):
        book = openpyxl.load_workbook(io.BytesIO(workbook.render(report.content)))
    handlers = [one.code for one in report.content.figures.shares["by_handler"]]
    narrowed = [as_json(closing.figures_of(session, period, figures_by.chosen(session, [("handler", one)]))) for one in handlers]
    paper = period_report.load(session, period)
    return {
        "hash": report.closed.freeze.sha256,
        "content": listed(report.content),
        "json": as_json(report.content.figures),
        "cells": {sheet.title: [[cell.value for cell in row] for row in sheet] for sheet in book if sheet.title != "kesu"},
        "narrowed": [{code: value for code, value in one.items() if code not in ("trend", "mom", "yoy")} for one in narrowed],
        "fell due": paper.kept,
        "overdue": [one.row for one in overdue_cases.overdue(session, period, 20)[1]],
    }


def test_a_closed_month_is_unchanged_after_a_year_edits_and_a_restore(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = workplace.init(tmp_path / "data", sample_folder.BRANCH, user="王敏", clock=lambda: NOW, sample=True)
    lives, noted = sample._lives, _Closing()

    def and_close(desk: Desk, *asked: int) -> list[tuple[float, Life]]:
        first = next(place for place in range(400) if desk.days.day(desk.days.start + place * DAY).month == 12)
        return [*lives(desk, *asked), (desk.days.start + first * float(DAY), noted.life(desk))]

    monkeypatch.setattr(sample, "_lives", and_close)
    sample.fill(opened)
    seen = noted.seen
    assert seen["json"]["complaints"] > 5
    assert looks(opened) == seen
    for customer in Customer.select().where(Customer.status == "active").limit(20):
        edit(opened, customer, {"name": f"{customer.name}改"}, customer.version)
    database.execute_sql("UPDATE objection SET content = 'price', handler = '别人' WHERE occurred_at < 1767225600000")
    database.execute_sql("UPDATE complaint SET status = 'voided' WHERE id % 3 = 0")
    database.execute_sql("UPDATE follow_up SET result_score = 1")
    assert looks(opened) == seen
    backup = backups.make(opened.folder, "hand", opened.clock(), place=tmp_path / "usb").backup.path
    store.close()
    restoring.restore(tmp_path / "new", backup, workplace.LATEST, NOW, Progress(), Right("王敏"))
    later = workplace.open_folder(tmp_path / "new", user="王敏", clock=lambda: NOW.replace(year=2027))
    assert looks(later) == seen
    assert restated.report(later, month_of(date(2025, 11, 1))).restated
    store.close()
