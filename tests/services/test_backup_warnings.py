"""What is said of backups that are missing: in red after seven days, of the second place too, whatever the clock was set to."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from app.core.errors import UserError
from app.core.progress import Progress
from app.core.session import Session
from app.services import backups, restoring, workplace
from tests.conftest import Clock
from tests.make import Make
from tests.stores import fill


@pytest.fixture
def branch(make: Make, tmp_path: Path) -> Session:
    fill(make, tmp_path)
    return make.session


def made(session: Session, kind: str = "hand") -> None:
    backups.make(session.folder, kind, session.clock())


def test_after_seven_days_without_a_backup_of_what_was_written_it_is_said(branch: Session, clock: Clock, make: Make) -> None:
    assert backups.outlook(branch).overdue_since is None
    clock.advance(days=8)
    assert backups.outlook(branch).overdue_since == clock() - timedelta(days=8)
    made(branch)
    clock.advance(days=30)
    assert backups.outlook(branch).overdue_since is None  # nothing was written since
    make.customer(name="后来的")
    assert backups.outlook(branch).overdue_since is not None


def test_a_clock_that_was_set_back_silences_nothing(branch: Session, clock: Clock, make: Make, tmp_path: Path) -> None:
    usb = tmp_path / "usb"
    usb.mkdir()
    backups.set_second_place(branch, usb)
    made(branch)
    restoring.drill(branch, workplace.LATEST, Progress())
    usb.rename(tmp_path / "gone")
    clock.advance(days=-30)
    make.customer(name="后来的")
    outlook = backups.outlook(branch)
    assert outlook.newest is not None
    assert (outlook.overdue_since, outlook.drill_due) == (outlook.newest.manifest.made_at, True)
    assert backups.daily_is_due(branch)
    made(branch, "daily")
    assert not backups.daily_is_due(branch)
    make.customer(name="更后的")
    outlook = backups.outlook(branch)
    assert (outlook.overdue_since, outlook.second_overdue) == (None, True)
    clock.advance(days=8)
    assert backups.outlook(branch).overdue_since is not None


def test_a_second_place_that_stays_away_for_seven_days_is_said(branch: Session, clock: Clock, make: Make, tmp_path: Path) -> None:
    usb = tmp_path / "usb"
    usb.mkdir()
    backups.set_second_place(branch, usb)
    made(branch)
    usb.rmdir() if not any(usb.iterdir()) else usb.rename(tmp_path / "gone")
    clock.advance(days=8)
    assert not backups.outlook(branch).second_overdue  # the newest one is there
    make.customer(name="后来的")
    made(branch)
    assert backups.outlook(branch).second_overdue
    with pytest.raises(UserError, match="not reachable"):
        backups.bring_newest_to_second(branch)
    usb.mkdir()
    backups.bring_newest_to_second(branch)
    assert not backups.outlook(branch).second_overdue
    assert backups.is_same_disk(branch.folder, usb)


def test_once_a_day_where_something_was_written(branch: Session, clock: Clock, make: Make) -> None:
    assert backups.daily_is_due(branch)
    made(branch)
    make.customer(name="同一天")
    assert not backups.daily_is_due(branch)
    clock.advance(days=1)
    assert backups.daily_is_due(branch)
    made(branch, "daily")
    assert not backups.daily_is_due(branch)
