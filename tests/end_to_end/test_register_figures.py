"""The figures that the program gives for published registers equal those that the csv module alone comes to."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.core.database import database
from app.core.search_index import condition
from app.core.session import Session
from app.models import complaints
from app.models.history import History
from tests.data_checks.month import Complaint, Month, numbered
from tests.data_checks.registers import CHICAGO, DATA, MAPPINGS, needs_data, rows
from tests.end_to_end.program import Program
from tests.services import plain_rows
from tests.services.figures_from_rows import FromRows
from tests.services.test_register_data import bring_in

pytestmark = needs_data
CFPB = DATA / "complaints" / "cfpb_2019-2020_sample.csv"
CHANNELS = {"Web": "online", "Referral": "hotline", "Postal mail": "letter", "Phone": "phone", "Fax": "fax", "Email": "email"}
CLASSES = {"Debt collection": "service", "Mortgage": "deception"}


def taken_in(tmp_path: Path, file: Path, mapping: str, expect: int = 0) -> Program:
    """A branch that holds a register."""
    program = Program(tmp_path / "data").init()
    program.run("import", "complaints", file, "--map", MAPPINGS / f"{mapping}.toml", "--json", expect=expect)
    return program


def told(program: Program, month: str) -> dict[str, Any]:
    """What the program says of a month, without the labels."""
    said = program.run("statistics", "--month", month, "--json").json
    assert said["now"].endswith("T00:00:00+08:00")
    return {code: unlabelled(value) for code, value in said.items() if code not in ("branch", "period", "month", "now")}


def unlabelled(value: Any) -> Any:
    if isinstance(value, list):
        return [{key: part for key, part in row.items() if key not in ("label", "satisfied_rate")} for row in value]
    if isinstance(value, dict):
        return {key: unlabelled(part) for key, part in value.items()}
    return value


def compare(said: dict[str, Any], counted: dict[str, Any]) -> None:
    assert said.keys() == counted.keys()
    for code, value in counted.items():
        assert said[code] == approximately(value), code


def approximately(value: Any) -> Any:
    """Fractions may differ in the last bit, everything else not at all."""
    if isinstance(value, float):
        return pytest.approx(value, rel=1e-12)
    if isinstance(value, list):
        return [approximately(part) for part in value]
    if isinstance(value, dict):
        return {key: approximately(part) for key, part in value.items()}
    return value


def chicago() -> list[Complaint]:
    """The first row of each number; those that end before they begin do not come in."""
    taken: dict[str, Complaint] = {}
    for row in rows(CHICAGO.path):
        began = date.fromisoformat(row["complaint_date"])
        ended = date.fromisoformat(row["closed_date"]) if row["closed_date"] else None
        if row["cr_id"] not in taken and (ended is None or ended >= began):
            taken[row["cr_id"]] = Complaint(began, ended, handler=row["investigation_unit"].strip())
    return list(taken.values())


def test_the_long_register_comes_in_fast_and_is_found_and_counted_as_an_independent_count_does(
    session: Session,
) -> None:
    expected = CHICAGO.count(CHICAGO.path)
    start = time.process_time()
    result = bring_in(session, CHICAGO.kind, CHICAGO.path, CHICAGO.toml)
    took = time.process_time() - start
    assert (result.read, result.created, len(result.rejected)) == expected
    assert expected.created + len({one.cells[0] for one in result.rejected}) >= 70_302
    assert result.read / took > 2_000, f"{result.read / took:.0f} rows a second"
    assert History.select().where(History.kind == "complaint", History.action == "import").count() == expected.created
    found = condition("complaint", "cottage")
    assert found is not None
    sql = f"SELECT count(*) FROM {found.source} WHERE {found.sql}"
    hits = database.execute_sql(sql, found.parameters).fetchone()[0]
    assert hits == complaints.Complaint.select().where(complaints.Complaint.address.contains("cottage")).count()
    program, cases = Program(session.folder), chicago()
    for first in (date(1985, 6, 1), date(1998, 3, 1)):
        compare(told(program, f"{first:%Y-%m}"), Month(cases, first, 0).figures())


def cfpb(*, customers: bool) -> list[Complaint]:
    found = rows(CFPB)
    products = numbered([row["Product"] for row in found], "CP-{:04}")
    companies = numbered([row["Company"] for row in found], "KH-{:04}")
    return [
        Complaint(
            datetime.strptime(row["Date received"], "%Y/%m/%d").date(),
            channel=CHANNELS.get(row["Submitted via"], ""),
            product=products[row["Product"]],
            kind=CLASSES.get(row["Product"], "product") if customers else "",
            customer=companies[row["Company"]] if customers else "",
        )
        for row in found
    ]


MONTHS = (date(2019, 10, 1), date(2019, 4, 1))


def test_the_figures_of_the_cfpb_sample_are_those_of_an_independent_count(tmp_path: Path) -> None:
    program = taken_in(tmp_path, CFPB, "cfpb_with_number")
    for first in MONTHS:
        compare(told(program, f"{first:%Y-%m}"), Month(cfpb(customers=False), first, 0).figures())


def test_repeats_and_customers_of_the_cfpb_sample_are_those_of_an_independent_count(tmp_path: Path) -> None:
    program, cases = taken_in(tmp_path, CFPB, "cfpb_figures"), cfpb(customers=True)
    for first in MONTHS:
        compare(told(program, f"{first:%Y-%m}"), Month(cases, first, len({case.customer for case in cases})).figures())


NYC = DATA / "complaints" / "nyc311_2018-06.csv"
_MOMENT = "%m/%d/%Y %I:%M:%S %p"
_NOTHING = (
    "replied_at", "solution_due", "solved_at", "paused_at", "satisfaction", "valid", "class", "cause", "severity", "customer_id",
    "product_id",
)  # fmt: skip
_TIMES = ("received_at", "closed_at", "replied_at", "solved_at", "solution_due", "paused_at")
NYC_CHANNELS = {"ONLINE": "online", "MOBILE": "wechat", "PHONE": "phone"}


def nyc() -> list[dict[str, Any]]:
    """What comes in, with its times to the second; an end before the beginning is refused."""
    zone, found = ZoneInfo("Asia/Shanghai"), []
    for row in rows(NYC):
        received, closed = (
            int(datetime.strptime(row[column], _MOMENT).replace(tzinfo=zone).timestamp() * 1000) if row[column] else None
            for column in ("Created Date", "Closed Date")
        )
        if received is not None and (closed is None or closed >= received):
            case = {"id": len(found), "status": "open", "received_at": received, "closed_at": closed, "imported": 1, "round": 1}
            days = {f"{code}_day": 0 for code in _TIMES}
            channel = NYC_CHANNELS.get(row["Open Data Channel Type"])
            found.append(case | days | dict.fromkeys(_NOTHING) | {"handler": row["Agency"], "channel": channel})
    return found


def test_the_figures_of_a_register_with_times_are_those_of_an_independent_count(tmp_path: Path) -> None:
    """Hours are clock hours here, and the age of an open case is in days."""
    program = taken_in(tmp_path, NYC, "nyc311", 3)
    said = program.run("statistics", "--month", "2018-06", "--json").json
    tables = {name: [] for name in plain_rows.TABLES} | {"complaint": nyc()}
    plainly = FromRows(tables, date(2018, 6, 1), date(2018, 7, 1), ZoneInfo("Asia/Shanghai"), datetime(2026, 11, 23, tzinfo=UTC))
    expected = plainly.figures()
    # Seven working days after receipt: what was open then is late, and of what was closed nobody knows when it was replied to.
    still = (row for row in plainly.cases("complaint") if not plainly.happened(row, "closed_at"))
    late = [row for row in still if plainly.day(row, "received_at").day <= 10]
    expected["on_time_rate"] = 0.0 if late else None
    told = said | {"by_remedy": {}, "promised_vs_delivered": {}}
    assert said["complaints"] > 300
    assert said["handling_hours_median"]["complaints"] % 24
    for code, value in expected.items():
        assert unlabelled(told[code]) == approximately(value), code
