"""What the figures cost: every statement goes through an index, and through the one on its own time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.core import database as store
from app.core.session import Session
from app.models import tallies
from app.services import figures, figures_by, figures_content, workplace
from app.services.figures_rows import ALL, Chosen
from app.services.periods import month_of
from tests.make import Make
from tests.plans import plans
from tests.services.figures_cases import NOW, Cases, Plainly

NOVEMBER = month_of(date(2026, 11, 1))


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = workplace.init(tmp_path / "data", {"code": "CD", "name": "城东分公司"}, user="王敏", clock=lambda: NOW)
    yield opened
    store.close()


def sent(session: Session, monkeypatch: pytest.MonkeyPatch, chosen: Chosen = ALL) -> dict[str, list[str]]:
    """Every statement that figures and workbook send, with the steps of its plan."""

    def work() -> None:
        content = figures_content.gather(session, NOVEMBER, chosen=chosen)
        for details in (content.objections, content.complaints):
            list(details.rows)

    return plans(monkeypatch, work)


def test_no_statement_reads_a_whole_table(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    Make(session).complaint()
    found = sent(session, monkeypatch)
    assert len(found) > 20
    for sql, steps in found.items():
        assert not [step for step in steps if step.startswith("SCAN") and "subquery" not in step.lower()], sql


@pytest.mark.parametrize(
    ("beginning", "index"),
    [
        ("SELECT p.id, p.due", "promise_due"),
        ('SELECT p.number, p."case", p.customer_name, p.subject, p.due, p.due_day, p.kept_at', "promise_due"),
        ("SELECT c.id, c.solution_due", "complaint_solution_due"),
        ("SELECT f.parent_id, f.result_score", "follow_up_done"),
        ("SELECT f.at, f.at_day", "follow_up_done"),
        ("SELECT c.id, c.satisfaction", "complaint_closed"),
        ("SELECT c.closed_at, c.closed_at_day, c.number", "complaint_closed"),
        ("SELECT c.number, c.customer_name, c.handler, c.solution_due", "complaint_long"),
        ("SELECT c.number, c.customer_name, c.handler, c.solution_due", "complaint_open"),
        ("SELECT COALESCE(SUM(CASE WHEN c.received_at", "complaint_received"),
        ('\nSELECT p."case", p.customer_name', "promise_case"),
    ],
)
def test_each_is_found_by_its_own_time(session: Session, monkeypatch: pytest.MonkeyPatch, beginning: str, index: str) -> None:
    Make(session).complaint()
    for chosen in (ALL, figures_by.chosen(session, [("handler", "刘洋")])):
        asked = {sql: steps for sql, steps in sent(session, monkeypatch, chosen).items() if sql.startswith(beginning)}
        assert asked, beginning
        for sql, steps in asked.items():
            assert any(f"INDEX {index} " in step for step in steps), (sql, steps)


def test_the_months_of_the_trend_and_the_customers_are_looked_up(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    Make(session).complaint()
    asked = sent(session, monkeypatch)
    assert not [sql for sql in asked if sql.startswith("SELECT count(*)") and "EXISTS" not in sql]
    looked_up = [steps for sql, steps in asked.items() if "FROM tally" in sql]
    assert len(looked_up) == 2
    assert all(len(steps) == 1 and steps[0].startswith("SEARCH tally USING PRIMARY KEY") for steps in looked_up)


def test_a_zone_between_the_hours_counts_the_rest_itself(session: Session) -> None:
    """Midnight in Kolkata is at half past an hour of UTC."""
    session.branch = session.branch._replace(time_zone="Asia/Kolkata")
    made = Cases(session, 7, size=400, since=70)
    for month in (NOVEMBER, NOVEMBER.previous()):
        counted, plainly = figures.compute(session, month), Plainly(made, month)
        found = {kind: len(plainly.of(kind)) for kind in ("objections", "complaints")}
        (in_trend,) = (row for row in counted.trend if row.month == month.start)
        assert (in_trend.objections, in_trend.complaints) == tuple(found.values())
    assert tallies.wrong() == []
