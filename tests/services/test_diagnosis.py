"""The diagnosis: what it counts, how it judges, and that many rows cost it little."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core import language
from app.core.database import database
from app.core.session import Session
from app.models import attachments
from app.services import checking, diagnosis, workplace
from app.services.diagnosis import ACT, OK, Finding
from tests.make import Make


@pytest.fixture(autouse=True)
def _own_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_STATE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))


def found(session: Session, what: str) -> Finding:
    return next(one for one in diagnosis.look(session) if one.what == what)


def test_records_stand_under_the_names_of_their_kinds(session: Session, make: Make) -> None:
    make.customer()
    language.choose("zh_CN")
    told = found(session, "记录数").value
    language.choose("en")
    assert "客户 1" in told
    assert "customer" not in told


def test_attachments_are_counted_and_bytes_that_are_kept_once_weigh_once(session: Session, make: Make, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"x" * 3_000)
    for name, phone in (("甲店", "13800001111"), ("乙店", "13800002222")):
        attachments.attach(session, make.customer(name=name, phone=phone), photo, "photo")
    told = found(session, "Attachments").value
    assert told.split()[0] == "2"
    assert told.endswith(diagnosis.file_size(3_000))


def test_counting_stops_where_nobody_needs_more(session: Session, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosis, "MOST", 2)
    for name in ("甲店", "乙店", "丙店"):
        make.product(name=name, code=name)
    assert "product 2+" in found(session, "Records").value


def test_a_branch_without_a_backup_has_to_act_but_a_sample_never(session: Session) -> None:
    backup = ("Last backup", "Second place", "Last trial of a restore")
    assert found(session, backup[0]).state == ACT
    session.branch = session.branch._replace(sample=True)
    assert {(found(session, what).state, found(session, what).do) for what in backup} == {(OK, "")}


def test_the_last_check_of_the_data_and_what_came_out_are_told(session: Session, make: Make) -> None:
    assert (found(session, "Last check of the data").value, found(session, "Last check of the data").state) == ("never", OK)
    record = make.customer()
    checking.check(session)
    told = found(session, "Last check of the data")
    assert (told.value, told.state) == (f"{session.now():%Y-%m-%d %H:%M}   everything is as it should be", OK)
    database.execute_sql("UPDATE customer SET name = 'x' WHERE id = ?", (record.id,))
    faults = len(checking.check(session))
    told = found(session, "Last check of the data")
    assert (told.value.split("   ")[1], told.state) == (f"{faults} faults", ACT)
    assert "Check data" in told.do


def test_tables_of_another_version_are_judged(session: Session) -> None:
    assert found(session, "Tables").state == OK
    database.execute_sql(f"PRAGMA user_version = {workplace.LATEST + 1}")
    assert found(session, "Tables").state == ACT
    assert "newer version of the program" in found(session, "Tables").do
    database.execute_sql(f"PRAGMA user_version = {workplace.LATEST - 1}")
    assert "open it again" in found(session, "Tables").do
