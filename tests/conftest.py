"""What every test stands on: no screen, no trace of the person who runs it, English words unless a test chooses others."""

from __future__ import annotations

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from app.core.session import Session
    from tests.make import Make

# Rewriting the assertions of all tests takes longer than most of them: what came of it is kept, away from the sources.
sys.dont_write_bytecode = False
sys.pycache_prefix = str(Path(__file__).resolve().parents[1] / ".pytest_cache" / "compiled")
_ROOM = 3_000_000_000
# What tests write is real, but no disk is waited for where the system has enough of a place in memory.
if "TMPDIR" not in os.environ and os.access("/dev/shm", os.W_OK) and shutil.disk_usage("/dev/shm").free > _ROOM:
    tempfile.tempdir = os.environ["TMPDIR"] = "/dev/shm"
# Before anything imports Qt: it reads these once.
os.environ["QT_QPA_PLATFORM"] = os.environ.get("KESU_TEST_PLATFORM", "offscreen")
os.environ["QT_LOGGING_RULES"] = "qt.qpa.fonts=false"
# KESU_BUILD says only where bundles lie, which are read where there are any.
for name in [name for name in os.environ if name.startswith("KESU_") and not name.startswith(("KESU_TEST_", "KESU_BUILD"))]:
    del os.environ[name]


def pytest_collection_finish() -> None:
    """What was imported so far stays; no collection of garbage need look through it again."""
    gc.freeze()


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Each test starts in English, whatever the one before chose."""
    from app.core import language

    language.choose("en")
    yield
    language.choose("en")


@pytest.fixture(autouse=True)
def _homeless(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test reads or writes the data folder or the settings of the person who runs it."""
    home = tmp_path_factory.getbasetemp() / "home"
    home.mkdir(exist_ok=True)
    for variable in (
        "HOME",
        "USERPROFILE",
        "XDG_DATA_HOME",
        "XDG_CONFIG_HOME",
        "XDG_CACHE_HOME",
        "XDG_STATE_HOME",
        "APPDATA",
        "LOCALAPPDATA",
    ):
        monkeypatch.setenv(variable, str(home))


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.present = now

    def __call__(self) -> datetime:
        return self.present

    def advance(self, **span: float) -> None:
        """Move on by days, hours, minutes."""
        self.present += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    """The hands of the test's clock: Monday, 23 November 2026, 14:32 in Shanghai."""
    return Clock(datetime(2026, 11, 23, 6, 32, tzinfo=UTC))


@pytest.fixture
def session(tmp_path: Path, clock: Clock) -> Iterator[Session]:
    """An open branch in a real file, with a fixed clock."""
    from app.core import database
    from tests.branch import new_branch

    yield new_branch(tmp_path / "data", clock)
    database.close()


@pytest.fixture
def make(session: Session) -> Make:
    """Factories of records."""
    from tests.make import Make

    return Make(session)
