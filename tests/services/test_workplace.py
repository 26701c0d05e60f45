"""Opening a folder of data: started, found again, and refused with a sentence and untouched where it cannot be used."""

from __future__ import annotations

import os
import random
import re
import runpy
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.core import database, search_index
from app.core.errors import UserError, ValidationError
from app.core.session import Session
from app.models.customer_queries import suggest
from app.models.listing import COMPLAINTS, Query
from app.services import backup_places, checking, workplace
from tests.conftest import Clock
from tests.make import Make

BRANCH = {"code": "CD", "name": "城东分公司"}


@pytest.fixture
def folder(tmp_path: Path, clock: Clock) -> Iterator[Path]:
    """A folder with a branch and a customer, closed."""
    session = workplace.init(tmp_path / "data", BRANCH, user="王敏", clock=clock)
    Make(session).customer()
    database.close()
    yield session.folder
    database.close()


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def refused(folder: Path) -> str:
    """The sentence that opening gives; the folder is as it was afterwards."""
    before = contents(folder)
    with pytest.raises(UserError) as caught:
        workplace.open_folder(folder)
    database.close()
    assert contents(folder) == before
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_branch_is_started_and_found_again(folder: Path) -> None:
    session = workplace.open_folder(folder, user="刘洋")
    assert (session.branch.name, session.branch.code, session.user, session.open) == ("城东分公司", "CD", "刘洋", True)
    assert Make(session).customer().number == "KH-0002"


def test_complaints_of_an_older_version_are_found_by_their_batches(session: Session, make: Make) -> None:
    product = make.product().number
    lines = [{"product": product, "batch": batch} for batch in ("Ｌ２０２６１１０１", "B07", "B07")]
    number = make.complaint(product_lines=lines, phone="0532-8765 4321").number
    make.complaint(product_lines=[{"product": product}])
    for table in ("customer", "complaint", "objection"):
        database.database.execute_sql(f"DROP INDEX {table}_sound")
    database.database.execute_sql("ALTER TABLE complaint DROP COLUMN batches")
    for row, key in database.database.execute_sql("SELECT id, key FROM search_complaint_key").fetchall():
        search_index.put("complaint", [(row, key.replace("l20261101 b07 ", ""))])
    database.database.execute_sql("DELETE FROM schema_migration WHERE name >= '0014'")
    database.database.execute_sql("PRAGMA user_version = 13")
    database.close()
    opened = workplace.open_folder(session.folder, user="王敏", clock=session.clock)
    (found,) = COMPLAINTS.page(opened, Query("l20261101"), 0, 9)
    assert found[1] == number
    assert checking.check(opened) == []


def test_opening_changes_nothing(folder: Path) -> None:
    before = contents(folder)
    workplace.open_folder(folder)
    database.close()
    assert contents(folder) == before


def test_the_user_is_the_one_of_the_system_where_none_is_given(folder: Path) -> None:
    assert workplace.open_folder(folder).user == workplace.user_name() != ""


@pytest.mark.parametrize("user", ["王\udcff", "王\n敏", "王" * 51])
def test_a_user_whose_name_cannot_be_written_is_refused(folder: Path, user: str) -> None:
    with pytest.raises(ValidationError, match=r"^User: "):
        workplace.open_folder(folder, user=user)


def test_a_second_branch_in_the_folder_is_refused(folder: Path) -> None:
    before = contents(folder)
    with pytest.raises(UserError, match="already holds a branch"):
        workplace.init(folder, BRANCH)
    assert contents(folder) == before


@pytest.mark.parametrize("values", [{}, {"code": "CD"}, {"code": "", "name": "x"}, {"code": "CD", "name": "x", "colour": "red"}])
def test_a_branch_that_cannot_be_leaves_no_database(tmp_path: Path, values: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        workplace.init(tmp_path / "data", values)
    assert list((tmp_path / "data").iterdir()) == []
    with pytest.raises(UserError, match="There is no database in"):
        workplace.open_folder(tmp_path / "data")


def test_a_missing_database_is_said_and_not_made(tmp_path: Path) -> None:
    assert "There is no database in" in refused(tmp_path)
    with pytest.raises(UserError, match="There is no database in"):
        workplace.open_folder(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


# Damage. The file of each kind is left as it was.


def spoil(folder: Path, change: Any) -> None:
    path = folder / database.FILE_NAME
    path.write_bytes(change(path.read_bytes()))


DAMAGES = {
    "zero bytes": lambda data: b"",
    "one byte": lambda data: data[:1],
    "header only": lambda data: data[:100],
    "cut in the middle of a page": lambda data: data[: len(data) // 2 + 77],
    "cut by a page": lambda data: data[:-4096],
    "random bytes": lambda data: random.Random(7).randbytes(len(data)),
    "first page overwritten": lambda data: data[:100] + b"\xff" * 3996 + data[4096:],
    "zeros": lambda data: bytes(len(data)),
    "text": lambda data: "这不是数据库".encode() * 1000,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_database_is_said_and_left_alone(folder: Path, damage: str) -> None:
    spoil(folder, DAMAGES[damage])
    assert re.search(r"is damaged(, or .* is missing)?\. Nothing was changed\. Put back .*choose another", refused(folder))


def test_damage_inside_is_said_where_it_is_met(folder: Path) -> None:
    spoil(folder, lambda data: data[:8192] + b"\xa5" * (len(data) - 8192))
    with pytest.raises(UserError, match="is damaged"):
        Make(workplace.open_folder(folder)).customer()


def test_a_file_of_another_program_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / database.FILE_NAME) as other:
        other.execute("CREATE TABLE songs (title TEXT)")
    other.close()
    assert "belongs to another program" in refused(tmp_path)
    with sqlite3.connect(tmp_path / database.FILE_NAME) as other:
        other.execute("PRAGMA application_id = 77")
    other.close()
    assert "belongs to another program" in refused(tmp_path)


def test_a_folder_in_place_of_the_file_is_said(tmp_path: Path) -> None:
    (tmp_path / database.FILE_NAME).mkdir()
    assert "cannot be used: it is a folder" in refused(tmp_path)


def test_a_newer_database_is_left_alone(folder: Path) -> None:
    with sqlite3.connect(folder / database.FILE_NAME) as newer:
        newer.execute(f"PRAGMA user_version = {workplace.LATEST + 1}")
    newer.close()
    assert "written by a newer program. Nothing was changed." in refused(folder)


def test_a_newer_database_that_was_left_open_is_not_written_to_either(folder: Path) -> None:
    newer = sqlite3.connect(folder / database.FILE_NAME)
    newer.execute(f"PRAGMA user_version = {workplace.LATEST + 1}")
    assert int.from_bytes((folder / database.FILE_NAME).read_bytes()[60:64], "big") == workplace.LATEST
    with pytest.raises(UserError, match="newer program"):
        workplace.open_folder(folder)
    assert newer.execute("SELECT count(*) FROM customer").fetchone() == (1,)
    newer.close()


def test_a_database_whose_writer_was_killed_is_whole(tmp_path: Path) -> None:
    read, write = os.pipe()
    if not (child := os.fork()):
        Make(workplace.init(tmp_path / "data", BRANCH)).customer()
        os.write(write, b"saved")
        os.kill(os.getpid(), 9)
    assert os.read(read, 5) == b"saved"
    os.waitpid(child, 0)
    os.close(read)
    os.close(write)
    session = workplace.open_folder(tmp_path / "data")
    assert Make(session).customer().number == "KH-0002"
    database.close()


def test_a_folder_that_cannot_be_written_is_said(folder: Path) -> None:
    """Another account tries, since the one of the tests may be allowed everything."""
    with tempfile.TemporaryDirectory() as place:
        os.chmod(place, 0o755)
        os.rename(folder, Path(place) / "data")
        said = as_nobody(lambda: workplace.open_folder(Path(place) / "data"))
        assert "cannot be written. Give this account the right to write there" in said
        said = as_nobody(lambda: workplace.init(Path(place) / "new", BRANCH))
        assert "cannot be written. Give this account the right to write there" in said
        assert [path.name for path in Path(place).iterdir()] == ["data"]


def as_nobody(work: Any) -> str:
    """The sentence of a UserError that the work raises for an account without rights."""
    if os.name == "nt" or os.getuid() != 0:
        pytest.skip("only the administrator of a Unix system can become somebody else")
    read, write = os.pipe()
    if not (child := os.fork()):
        os.setgid(65534)
        os.setuid(65534)
        try:
            work()
            told = "opened"
        except UserError as error:
            told = str(error)
        except BaseException as error:
            told = repr(error)
        os.write(write, told.encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as stream:
        told = stream.read().decode()
    os.waitpid(child, 0)
    return told


# Migrations.

SECOND = "from peewee import *\n\n\ndef up(migrator, db):\n    db.execute_sql('CREATE TABLE extra (id INTEGER PRIMARY KEY)')\n"


@pytest.fixture
def second_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program's migrations and one more."""
    place = tmp_path / "migrations"
    place.mkdir()
    for one in workplace.MIGRATIONS.glob("[0-9]*.py"):
        (place / one.name).write_text(one.read_text(encoding="utf-8"), encoding="utf-8")
    second = place / f"{workplace.LATEST + 1:04}_second.py"
    second.write_text(SECOND, encoding="utf-8")
    monkeypatch.setattr(workplace, "MIGRATIONS", place)
    monkeypatch.setattr(workplace, "LATEST", workplace.LATEST + 1)
    return second


def test_an_older_database_is_copied_and_brought_up_to_date(folder: Path, second_migration: Path) -> None:
    session = workplace.open_folder(folder)
    assert database.database.execute_sql("SELECT count(*) FROM extra").fetchone() == (0,)
    assert Make(session).customer().number == "KH-0002"
    (copy,) = backup_places.listed(backup_places.home(folder)).backups
    assert (copy.manifest.kind, copy.manifest.schema) == ("migration", workplace.LATEST - 1)
    assert copy.manifest.counts["customer"] == 1


@pytest.mark.parametrize("fault", ["    raise RuntimeError\n", "    db.execute_sql('CREATE nonsense')\n"])
def test_a_migration_that_fails_leaves_the_older_database(
    folder: Path, second_migration: Path, fault: str, monkeypatch: Any
) -> None:
    second_migration.write_text(SECOND + fault, encoding="utf-8")
    with pytest.raises(Exception, match=r"nonsense|^$"):
        workplace.open_folder(folder)
    assert database.database.is_closed()
    monkeypatch.undo()
    session = workplace.open_folder(folder)
    assert Make(session).customer().number == "KH-0002"
    assert database.database.table_exists("extra") is False


def test_customers_of_an_older_version_get_what_they_are_compared_by(session: Session, make: Make) -> None:
    contacts = [{"name": "周雨", "phone": "137 0000 5520"}]
    customer = make.steps(make.customer(contacts=contacts), ("lose", {"lost_reason": "x", "lost_on": "2026-11-20"}))
    columns = "SELECT name_key, phone_keys, lost_until FROM customer"
    before = database.database.execute_sql(columns).fetchall()
    database.database.execute_sql("UPDATE customer SET name_key = '', phone_keys = '', lost_until = NULL")
    search_index.put("customer", [(customer.id, "KH-0001 鑫瑞达商行")])
    file = next(workplace.MIGRATIONS.glob("0005_*.py"))
    namespace = runpy.run_path(str(file))
    namespace["_fill"](database.database.obj)
    assert database.database.execute_sql(columns).fetchall() == before
    assert [one.number for one in suggest(session, "13700005520")] == [customer.number]


def test_the_session_is_the_one_of_the_folder(session: Session) -> None:
    assert session.settings["limit_manager"] == 5000
    assert session.branch.zone.key == "Asia/Shanghai"
    assert session.now().utcoffset() is not None


def test_a_promise_from_before_promises_were_kept_goes_on_to_the_complaint(make: Make) -> None:
    objection = make.steps(make.objection(), ("promise", {"promised_at": "2026-11-24"}), "escalate")
    number = objection.complaint.number
    moved = runpy.run_path(str(workplace.MIGRATIONS / "0003_whole_way.py"))
    given = moved["_PROMISED"].format(cases=moved["_OBJECTIONS"])
    assert [row[1:3] + row[8:9] for row in database.database.execute_sql(given).fetchall()] == [
        (f"{objection.number}-C1", "open", number)
    ]


def test_an_answer_at_once_from_before_is_no_solution(make: Make) -> None:
    record = make.steps(make.complaint(), "sign", ("accept", {"answered": True}))
    moved = runpy.run_path(str(workplace.MIGRATIONS / "0003_whole_way.py"))
    (solved,) = (one for one in moved["_STATEMENTS"].split(";\n") if "SET solved_at" in one)
    database.database.execute_sql(solved)
    assert make.again(record).solved_at is None


# The clock


def test_a_clock_that_was_set_back_is_said_and_numbers_stay_unique(folder: Path, clock: Clock) -> None:
    session = workplace.open_folder(folder, clock=clock)
    clock.advance(days=2)
    Make(session).customer()
    clock.advance(days=-1)
    database.close()
    again = workplace.open_folder(folder, clock=clock)
    assert len(again.notices) == 1
    assert "The clock of this computer is behind: the last entry was made on 2026-11-25 14:32" in again.notices[0]
    assert Make(again).customer().number == "KH-0003"


def test_a_clock_that_is_right_or_differs_a_little_is_not_spoken_of(folder: Path, clock: Clock) -> None:
    session = workplace.open_folder(folder, clock=clock)
    Make(session).customer()
    for minutes in (0, -1, 600):
        clock.advance(minutes=minutes)
        database.close()
        assert workplace.open_folder(folder, clock=clock).notices == ()


def test_what_is_written_since_the_clock_was_set_back_does_not_hide_it(folder: Path, clock: Clock) -> None:
    Make(workplace.open_folder(folder, clock=clock)).customer()
    clock.advance(days=-1)
    Make(workplace.open_folder(folder, clock=clock)).customer()
    database.close()
    assert len(workplace.open_folder(folder, clock=clock).notices) == 1
