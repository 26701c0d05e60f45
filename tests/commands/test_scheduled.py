"""Statistics that a scheduled task writes: the file's name, the first working day, and each month once."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from app.commands import papers
from app.core import database as store
from app.core.errors import NotPermitted
from app.core.session import Session
from app.models import workdays
from app.reports import papers_month
from app.services import scheduled_export, workplace
from app.services.periods import days, month_of
from tests.commands.desk import Desk
from tests.commands.desk import desk as desk
from tests.commands.desk import template as template
from tests.staffed import ADMIN, OWN, PASSWORD, quick

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
    nothing = {
        "first": None,
        "last": None,
        "by": [],
        "json": False,
        "register": False,
        "withdraw": False,
        "data": str(session.folder),
    }
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


# Where there are passwords.

TASK = (*LAST, "--on-first-working-day")
HEAD = "赵磊"


@pytest.fixture
def office(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Desk:
    """王敏 administers it, 赵磊 is its head; the account of the system keeps its files in a folder of the test."""
    quick(monkeypatch)
    monkeypatch.setattr("platformdirs.user_config_dir", lambda *_asked, **_named: str(tmp_path / "account"))
    monkeypatch.setenv("KESU_PASSWORD", PASSWORD)
    assert desk.run("staff", "protect", ADMIN).code == 0
    once = desk.run("staff", "add", HEAD, "--role", "head", "--user", ADMIN, "--json").json["password"]
    monkeypatch.setenv("KESU_PASSWORD", once)
    monkeypatch.setenv("KESU_NEW_PASSWORD", OWN)
    assert desk.run("staff", "password", "--user", HEAD).code == 0
    monkeypatch.delenv("KESU_PASSWORD")
    return desk


def registered(office: Desk, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KESU_PASSWORD", OWN)
    assert office.run(*TASK, "--out", f"{out}/", "--register", "--user", HEAD).code == 0
    monkeypatch.delenv("KESU_PASSWORD")


def test_a_registered_task_exports_without_a_password(office: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "monthly"
    assert "The branch head registers it once" in office.refused(*TASK, "--out", f"{out}/", code=5)
    registered(office, out, monkeypatch)
    (kept,) = (tmp_path / "account").iterdir()
    if sys.platform != "win32":
        assert kept.stat().st_mode & 0o777 == 0o600
    told = office.run(*TASK, "--out", f"{out}/")
    assert told.code == 0
    assert told.out.startswith("Nothing to do before") or len(list(out.iterdir())) == 1
    for words in ((*TASK, "--out", f"{tmp_path / 'other'}/"), (*LAST, "--out", f"{out}/"), ("list", "customers")):
        office.refused(*words, code=5)
    kept.chmod(0o644)
    if sys.platform != "win32":
        assert "can be read by others" in office.refused(*TASK, "--out", f"{out}/")


def test_the_task_writes_the_workbook_and_the_history_says_for_whom(
    office: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "monthly"
    registered(office, out, monkeypatch)
    moment = datetime(2027, 1, 12, 2, tzinfo=UTC)
    session = scheduled_export.open_for(office.folder, out, clock=lambda: moment)
    nothing = {"first": None, "last": None, "by": [], "json": False, "register": False, "withdraw": False}
    monkeypatch.setattr(papers.scheduled, "opened", lambda _asked: session)
    papers.run(Namespace(command="statistics", month="last", out=f"{out}/", on_first_working_day=True, **nothing))
    assert [path.name for path in out.iterdir()] == ["CD-城东-2026-12.xlsx"]
    rows = store.database.execute_sql("SELECT who, action FROM history ORDER BY id DESC LIMIT 1").fetchall()
    assert rows == [(f"{HEAD} (task)", "print")]
    with pytest.raises(NotPermitted):
        session.require("admin")
    store.close()


def test_only_the_head_registers_and_withdrawing_ends_it(office: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "monthly"
    registered(office, out, monkeypatch)
    (kept,) = (tmp_path / "account").iterdir()
    secret = kept.read_bytes()
    monkeypatch.setenv("KESU_PASSWORD", OWN)
    assert office.run("statistics", "--withdraw", "--user", HEAD).code == 0
    assert "No export is registered" in office.refused("statistics", "--withdraw", "--user", HEAD)
    monkeypatch.delenv("KESU_PASSWORD")
    assert not kept.exists()
    kept.write_bytes(secret)  # a copy of the secret opens nothing
    kept.chmod(0o600)
    assert "no export" in office.refused(*TASK, "--out", f"{out}/", code=5)
    assert "belongs to" in office.refused("statistics", "--register", "--out", f"{out}/", code=2)


def test_when_who_registered_it_leaves_the_task_ends(office: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "monthly"
    registered(office, out, monkeypatch)
    monkeypatch.setenv("KESU_PASSWORD", PASSWORD)
    assert office.run("staff", "edit", HEAD, "--role", "clerk", "--user", ADMIN).code == 0
    assert "is no branch head any more" in office.refused(*TASK, "--out", f"{out}/", code=5)
    assert office.run("staff", "disable", HEAD, "--user", ADMIN).code == 0
    assert "no export" in office.refused(*TASK, "--out", f"{out}/", code=5)
    assert list((tmp_path / "account").iterdir()) == []
