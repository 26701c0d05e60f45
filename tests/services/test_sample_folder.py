"""The folder of the sample branch: made anew whole, or left as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core import database
from app.core.errors import Cancelled, UserError
from app.core.lock import WindowLock
from app.core.session import Session
from app.services import sample_folder, workplace
from tests.make import Make


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def customers(folder: Path) -> int:
    session = workplace.open_folder(folder)
    count = int(database.database.execute_sql("SELECT count(*) FROM customer").fetchone()[0])
    assert session.branch.sample
    database.close()
    return count


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sample with one customer and an attachment."""
    with sample_folder.making(tmp_path / "sample") as session:
        Make(session).customer()
    (tmp_path / "sample" / "attachments").mkdir()
    (tmp_path / "sample" / "attachments" / "photo").write_bytes(b"x")
    database.close()
    return tmp_path / "sample"


def test_a_new_sample_takes_the_place_of_the_older_one(folder: Path) -> None:
    with sample_folder.making(folder):
        pass
    database.close()
    assert customers(folder) == 0
    assert names(folder) == ["kesu.db", "window.lock"]


def broken_off(folder: Path, interruption: type[BaseException]) -> None:
    with sample_folder.making(folder) as session:
        Make(session).customer()
        Make(session).customer(name="乙")
        raise interruption


@pytest.mark.parametrize("interruption", [Cancelled, KeyboardInterrupt, UserError])
def test_one_that_is_not_finished_leaves_the_older_one(folder: Path, interruption: type[BaseException]) -> None:
    with pytest.raises(interruption):
        broken_off(folder, interruption)
    assert customers(folder) == 1
    assert (folder / "attachments" / "photo").read_bytes() == b"x"
    assert names(folder) == ["attachments", "kesu.db", "window.lock"]


def test_where_there_was_nothing_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(Cancelled), sample_folder.making(tmp_path / "new"):
        raise Cancelled
    assert names(tmp_path) == []


def test_a_real_branch_and_one_that_is_open_in_a_window_are_left_alone(folder: Path, session: Session) -> None:
    database.close()
    with pytest.raises(UserError, match="holds a real branch"), sample_folder.making(session.folder):
        pytest.fail("it was begun")
    held = WindowLock(folder)
    with pytest.raises(UserError, match="open in another window"), sample_folder.making(folder):
        pytest.fail("it was begun")
    held.release()
    assert customers(folder) == 1
