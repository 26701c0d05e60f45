"""Whatever stands in the tables, the figures are those that a plain count from the rows gives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from app.core import database as store
from app.core.database import database
from app.core.session import Session
from app.models.listing import LISTINGS
from app.services import figures, periods, workplace
from app.services.figures_cases import MISSED, cases
from app.services.figures_json import as_json
from app.services.periods import Period
from tests.services.figures_from_rows import FromRows, Row
from tests.services.plain_rows import put, read

ZONES = ("Asia/Shanghai", "Europe/Berlin")
NOW = datetime(2026, 11, 23, 6, 32, tzinfo=UTC)
PERIODS = (
    periods.month_of(date(2026, 11, 1)),
    periods.month_of(date(2026, 10, 1)),
    periods.month_of(date(2024, 2, 1)),
    periods.quarter_of(date(2026, 11, 1)),
    periods.year_of(date(2026, 1, 1)),
    periods.days(date(2026, 10, 20), date(2026, 11, 23)),
)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    folder = tmp_path_factory.mktemp("property") / "data"
    yield workplace.init(folder, {"code": "CD", "name": "城东分公司"}, user="王敏", clock=lambda: NOW)
    store.close()


def milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def borders(zone: ZoneInfo) -> list[int]:
    """The first and last moments of local days at which something begins or ends."""
    days = [
        *((2026, month, 1) for month in (8, 10, 11, 12)),
        (2024, 2, 1),
        (2024, 2, 29),
        (2024, 3, 1),
        (2026, 11, 23),
        (2026, 11, 24),
    ]
    midnights = [milliseconds(datetime(*day, tzinfo=zone)) for day in days]
    return [moment + shift for moment in midnights for shift in (-1, 0, 1)] + [milliseconds(NOW) + shift for shift in (-1, 0, 1)]


class Drawn:
    """Draws rows and writes them, as plain as the tables are."""

    def __init__(self, data: st.DataObject, zone: ZoneInfo) -> None:
        self.data, self.zone = data, zone
        some = st.integers(milliseconds(datetime(2026, 8, 1, tzinfo=UTC)), milliseconds(datetime(2026, 12, 20, tzinfo=UTC)))
        self.moments = st.one_of(st.sampled_from(borders(zone)), some)

    def pick(self, *choices: Any) -> Any:
        return self.data.draw(st.sampled_from(choices))

    def moment(self, code: str, *, perhaps: bool = True) -> Row:
        """A moment and its mark; a day is kept as its local midnight."""
        shape = self.pick("none", "time", "time", "day") if perhaps else self.pick("time", "time", "day")
        if shape == "none":
            return {code: None, f"{code}_day": 0}
        at = self.data.draw(self.moments)
        if shape == "day":
            local = datetime.fromtimestamp(at // 1000, self.zone)
            at = milliseconds(datetime(local.year, local.month, local.day, tzinfo=self.zone))
        return {code: at, f"{code}_day": int(shape == "day")}

    def day(self) -> str:
        return str(self.pick("2026-09-30", "2026-10-01", "2026-10-31", "2026-11-01", "2026-11-23", "2026-11-24", "2024-02-29"))

    def rows(self, most: int) -> range:
        return range(1, self.data.draw(st.integers(0, most)) + 1)

    def case(self, kind: str, ended: tuple[str, ...], still: tuple[str, ...]) -> Row:
        closed = self.moment("closed_at")
        status = self.pick(*still, "voided") if closed["closed_at"] is None else self.pick(*ended, "voided")
        return {
            **closed, **self.moment("replied_at"), "status": status, "imported": self.pick(0, 0, 1),
            "customer_id": self.pick(1, 1, 2, 3, None), "product_id": self.pick(1, 2, None),
            "handler": self.pick("甲", "乙", None, ""),
            "cause": self.pick("product.quality", "staff.rudeness", None), "channel": self.pick("phone", "fax", None),
            "satisfaction": self.pick(None, 1, 3, 4, 5),
        }  # fmt: skip

    def fill(self) -> None:
        for row in (1, 2, 3):
            status = self.pick("active", "active", "lost", "ended", "voided", "merged")
            gone = {"lost_on": self.day() if status == "lost" else None, "ended_on": self.day() if status == "ended" else None}
            since = self.pick(None, self.day())
            put("customer", id=row, number=f"KH-{row}", status=status, tier=self.pick("key", None), customer_since=since, **gone)
            put("product", id=row, number=f"CP-{row}")
        for row in self.rows(6):
            of_objection = {
                "content": self.pick("need", "price", None), "nature": self.pick("genuine", "false", None),
                "family": self.pick("supply", None), "method": self.pick("enquiry", "merge", None),
                "solved_on_spot": self.pick(0, 1, None),
            }  # fmt: skip
            case = self.case("objection", ("closed", "escalated"), ("open", "promised"))
            put("objection", id=row, number=f"YY-{row}", **case, **of_objection, **self.moment("occurred_at", perhaps=False))
        for row in self.rows(7):
            case = self.case("complaint", ("closed", "rejected"), ("registered", "investigating"))
            due = (
                self.moment("solution_due", perhaps=False) | self.moment("solved_at") | self.moment("received_at", perhaps=False)
            )
            paused = self.moment("paused_at") if self.pick(True, False, False) else {"paused_at": None, "paused_at_day": 0}
            more = {
                "class": self.pick("product", "service", None),
                "severity": self.pick("urgent", None),
                "valid": self.pick(0, 1, None),
            }
            put("complaint", id=row, number=f"TS-{row}", **case, **due, **paused, **more, round=self.pick(1, 1, 2))
            self.course(row)

    def course(self, complaint: int) -> None:
        """What happens with a complaint: promises moved and kept, follow-ups, an agreement, deliveries."""
        for place in self.rows(2):
            status = self.pick("open", "moved", "kept", "late", "broken", "voided")
            times = self.moment("due", perhaps=False) | self.moment("kept_at")
            put("promise", number=f"TS-{complaint}-C{place}", case=f"TS-{complaint}", subject="reply", status=status, **times)
        for _place in self.rows(2):
            put("follow_up", parent_id=complaint, result_score=self.pick(None, 1, 3, 4, 5), **self.moment("at", perhaps=False))
        for edition in self.rows(2):
            self.edition(complaint, edition)

    def edition(self, complaint: int, edition: int) -> None:
        key, signed = complaint * 10 + edition, self.pick(None, self.day(), self.day())
        proposal = self.pick(0, complaint)
        put("agreement", id=key, number=f"XY-{complaint}", edition=edition, complaint_id=complaint, proposal=proposal,
            signed_on=signed, status=self.pick("signed", "signed", "voided"))  # fmt: skip
        put("dispatch", id=key, number=f"PF-{key}", complaint_id=complaint, status="accepted")
        for position in range(self.pick(0, 1, 2)):
            remedy = self.pick("replace", "money", "apology")
            sums = {"replace": (2500, None), "money": (None, self.pick(12050, 0)), "apology": (None, 0)}[remedy]
            unit = self.pick("条", "盒") if remedy == "replace" else None
            put("agreement_line", parent_id=key, position=position, remedy=remedy, quantity=sums[0], amount=sums[1], unit=unit)
            put("dispatch_line", parent_id=key, position=position, proposal=proposal, place=position, quantity=2500)
            for _part in self.rows(2):
                put(
                    "delivery",
                    parent_id=key,
                    line=position + 1,
                    quantity=self.pick(500, 1000),
                    **self.moment("at", perhaps=False),
                )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data(), zone=st.sampled_from(ZONES), period=st.sampled_from(PERIODS))
def test_the_figures_are_those_of_a_plain_count(session: Session, data: st.DataObject, zone: str, period: Period) -> None:
    session.branch = session.branch._replace(time_zone=zone)
    with database.atomic() as kept:
        Drawn(data, ZoneInfo(zone)).fill()
        found = figures.compute(session, period)
        plainly = FromRows(read(), period.start, period.end, ZoneInfo(zone), NOW)
        event(f"cases: {min(found.objections + found.complaints, 3)}")
        compare(as_json(found), plainly)
        compare_lists(session, period, plainly)
        kept.rollback()


def compare(said: dict[str, Any], plainly: FromRows) -> None:
    expected = plainly.figures()
    assert said.keys() - expected.keys() == {"branch", "period", "now", "mom", "yoy", "trend"} | ({"month"} & said.keys())
    methods = {row["code"]: row["satisfied_rate"] for row in said["by_method"]}
    assert methods == {code: plainly.satisfied_by_method(code) for code in methods}
    told = said | {
        "by_remedy": {row["code"]: (row["count"], row["cost"]) for row in said["by_remedy"]},
        "promised_vs_delivered": {
            (row["code"], row["unit"]): (Decimal(row["agreed"]), Decimal(row["delivered"]))
            for row in said["promised_vs_delivered"]
        },
        "content_by_nature": sorted((row["content"], row["nature"]) for row in said["content_by_nature"]),
    }
    for code, value in expected.items():
        assert unlabelled(told[code]) == close(value), code
    for row in said["promised_vs_delivered"]:
        assert Decimal(row["owed"]) == Decimal(row["agreed"]) - Decimal(row["delivered"])
    for kind, table in (("objections", "objection"), ("complaints", "complaint")):
        counted = [len(plainly.cases(table, *month)) for month in months_before(plainly.end)]
        assert [row[kind] for row in said["trend"]] == counted


def months_before(end: date) -> list[tuple[date, date]]:
    last = (end - timedelta(days=1)).replace(day=1)
    firsts = [date((last.year * 12 + last.month - 1 + back) // 12, (last.month - 1 + back) % 12 + 1, 1) for back in range(-12, 2)]
    return list(pairwise(firsts))


def unlabelled(value: Any) -> Any:
    if isinstance(value, list):
        return [unlabelled(part) for part in value]
    if isinstance(value, dict):
        return {key: unlabelled(part) for key, part in value.items() if key not in ("label", "satisfied_rate")}
    return value


def close(value: Any) -> Any:
    if isinstance(value, float):
        return pytest.approx(value, rel=1e-12)
    if isinstance(value, list):
        return [close(part) for part in value]
    return {key: close(part) for key, part in value.items()} if isinstance(value, dict) else value


def compare_lists(session: Session, period: Period, plainly: FromRows) -> None:
    """A click lists what was counted."""
    for figure, met in (("promise_kept_rate", plainly.promises()), ("on_time_rate", plainly.solutions())):
        for code, count in (("", met.count(True)), (MISSED, met.count(False))):
            assert [LISTINGS[one.listing].count(session, one.query).rows for one in cases(session, period, figure, code)] == [
                count
            ]
