"""Statistics that a scheduled task writes: the file's name, the first working day, and each month once."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

import pytest

from app.commands import papers
from app.core import database as store
from app.core.session import Session
from app.models import workdays
from app.reports import papers_month
from app.services import workplace
from app.services.periods import days, month_of
from tests.commands.desk import Desk
from tests.commands.desk import desk as desk
from tests.commands.desk import template as template

LAST = ("statistics", "--month", "last")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    yield workplace.init(tmp_path / "data", {"code": "CD/1", "name": "城东: 一 分公司"}, user="王敏")
    store.close()


def on(session: Session, day: date, out: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """The task as it runs on a day."""
    moment = datetime.combine(day, time(8), session.branch.zone)
    session.clock = lambda: moment
    monkeypatch.setattr(papers, "open_session", lambda _asked: session)
    nothing = {"first": None, "last": None, "by": [], "json": False}
    return papers.run(Namespace(command="statistics", month="last", out=f"{out}/", on_first_working_day=True, **nothing))


def test_a_folder_is_made_and_the_file_named_by_branch_and_month(desk: Desk, tmp_path: Path) -> None:
    out = tmp_path / "reports" / "monthly"
    told = desk.run("statistics", "--month", "2024-03", "--out", f"{out}/")
    assert (told.code, told.out) == (0, f"{out / 'CD-城东-2024-03.xlsx'}\n")
    assert [path.name for path in out.iterdir()] == ["CD-城东-2024-03.xlsx"]
    assert "cannot be written" in desk.refused("statistics", "--month", "2024-03", "--out", out)


def test_what_a_name_of_a_file_cannot_hold_is_replaced(session: Session) -> None:
    assert papers_month.file_name(session, month_of(date(2026, 1, 1))) == "CD_1-城东_一_分公司-2026-01.xlsx"
    period = days(date(2026, 1, 1), date(2026, 1, 9))
    assert papers_month.file_name(session, period) == "CD_1-城东_一_分公司-2026-01-01_2026-01-09.xlsx"


def test_the_first_working_day_is_that_of_the_calendar(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """October begins with seven days off; 8 October 2026 is the first that is worked."""
    out = tmp_path / "out"
    for day in (1, 2, 5, 7):
        assert on(session, date(2026, 10, day), out, monkeypatch) == 0
        assert "Nothing to do before 2026-10-08" in capsys.readouterr().out
    assert list(out.iterdir()) == []
    assert on(session, date(2026, 10, 8), out, monkeypatch) == 0
    assert [path.name[-12:] for path in out.iterdir()] == ["2026-09.xlsx"]


def test_a_weekend_that_is_worked_counts(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workdays.mark(session, date(2026, 8, 1), True, "调休上班")
    assert date(2026, 8, 1).weekday() == 5
    assert on(session, date(2026, 8, 1), tmp_path / "out", monkeypatch) == 0
    assert len(list((tmp_path / "out").iterdir())) == 1


def test_a_day_on_which_the_machine_was_off_is_made_up_for_and_nothing_is_written_twice(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert on(session, date(2026, 10, 12), out, monkeypatch) == 0
    (written,) = out.iterdir()
    before = written.stat().st_mtime_ns
    capsys.readouterr()
    assert on(session, date(2026, 10, 13), out, monkeypatch) == 0
    assert "is there already" in capsys.readouterr().out
    assert written.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    "words",
    [
        (*LAST, "--on-first-working-day"),
        (*LAST, "--on-first-working-day", "--out", "x.xlsx"),
        ("statistics", "--month", "2024-03", "--on-first-working-day", "--out", "x/"),
        (*LAST, "--by", "tier=a", "--on-first-working-day", "--out", "x/"),
    ],
)
def test_what_does_not_go_together_is_refused(desk: Desk, words: tuple[str, ...]) -> None:
    assert "--on-first-working-day" in desk.refused(*words, code=2)
