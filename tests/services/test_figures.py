"""The month's figures equal what a plain recomputation from the cases gives."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from app.core import database as store
from app.core.errors import UserError
from app.core.session import Session
from app.models import classifications as of
from app.models.agreements import Agreement, AgreementLine
from app.models.complaints import Complaint
from app.models.customers import Customer
from app.models.listing import LISTINGS
from app.models.objections import Objection
from app.models.record import insert
from app.services import figures, figures_by, periods, workplace
from app.services.figures_cases import cases
from app.services.figures_json import as_json
from app.services.figures_values import AGES, Both, Share, pareto_rows
from app.services.periods import Period, month_of
from tests.branch import new_branch
from tests.make import Make
from tests.services.figures_cases import NOW, Case, Cases, Plainly, summary

NOVEMBER = month_of(date(2026, 11, 1))


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    yield new_branch(tmp_path / "data")
    store.close()


@pytest.fixture
def make(session: Session) -> Make:
    return Make(session)


PERIODS = (
    NOVEMBER,
    NOVEMBER.previous(),
    month_of(date(2026, 2, 1)),
    periods.quarter_of(date(2026, 11, 1)),
    periods.days(date(2026, 9, 10), date(2026, 10, 5)),
)


@pytest.mark.parametrize("seed", range(3))
def test_figures_equal_a_plain_recomputation(session: Session, seed: int) -> None:
    cases = Cases(session, seed)
    for period in PERIODS:
        check(figures.compute(session, period), Plainly(cases, period))


@pytest.mark.parametrize("period", [NOVEMBER, month_of(date(2026, 3, 1))])
def test_figures_hold_where_the_clock_is_changed(tmp_path: Path, period: Period) -> None:
    session = workplace.init(tmp_path / "data", {"code": "B", "name": "Berlin"}, user="x", clock=lambda: NOW)
    session.branch = session.branch._replace(time_zone="Europe/Berlin")
    plainly = Plainly(Cases(session, 9), period)
    found = figures.compute(session, period)
    assert (found.objections, found.complaints) == (len(plainly.of("objections")), len(plainly.of("complaints")))
    assert [sum(bucket) for bucket in found.ageing] == plainly.ages()
    store.close()


def check(found: figures.Figures, plainly: Plainly) -> None:
    objections, complaints = plainly.of("objections"), plainly.of("complaints")
    assert (found.objections, found.complaints) == (len(objections), len(complaints))
    check_shares(found, plainly)
    assert found.solved_on_spot_rate == sum(case["solved_on_spot"] is True for case in objections) / len(objections)
    assert found.same_day_reply_rate == plainly.same_day()
    assert found.close_rate == Both(
        sum(map(plainly.ended, objections)) / len(objections), sum(map(plainly.ended, complaints)) / len(complaints)
    )
    for place, kind in enumerate(("objections", "complaints")):
        middle, mean, high = summary(plainly.hours(kind))
        assert found.handling_hours_median[place] == pytest.approx(middle)
        assert found.handling_hours_mean[place] == pytest.approx(mean)
        assert found.handling_hours_p90[place] == pytest.approx(high)
        assert found.repeat_rate[place] == plainly.repeats(kind) / len(plainly.of(kind))
    assert found.reopened == sum(case["round"] > 1 for case in complaints)
    assert found.escalated == sum(case["status"] == "escalated" and plainly.ended(case) for case in objections)
    judged = [case["valid"] for case in complaints if case["valid"] is not None]
    assert found.valid_rate == sum(judged) / len(judged)
    assert [sum(bucket) for bucket in found.ageing] == plainly.ages()
    check_comparisons(found, plainly)


def check_shares(found: figures.Figures, plainly: Plainly) -> None:
    for figure, rows in found.shares.items():
        kind = "complaints" if figure.startswith("complaints") else "objections"
        what = figure.rpartition("by_")[2]
        reached = {
            "customer": lambda case: case["customer"] and case["customer"].number,
            "product": lambda case: case["product"] and case["product"].number,
            "tier": lambda case: case["customer"] and case["customer"].tier,
        }.get(what, lambda case, code=what: case[code])
        assert {row.code: row.count for row in rows} == plainly.counted(kind, reached), figure
        assert [row.code for row in rows] == [row.code for row in sorted(rows, key=placed)]
        assert sum(row.share or 0 for row in rows) == pytest.approx(1)


def placed(row: Share) -> tuple[bool, int, str]:
    return (row.code == "unclassified", -row.count, row.code)


def check_comparisons(found: figures.Figures, plainly: Plainly) -> None:
    for kind in ("objections", "complaints"):
        before = len(plainly.of(kind, plainly.period.previous()))
        assert getattr(found.mom, kind) == ((len(plainly.of(kind)) - before) / before if before else None)
        year = len(plainly.of(kind, plainly.period.year_before()))
        assert getattr(found.yoy, kind) == ((len(plainly.of(kind)) - year) / year if year else None)
        expected = [len(plainly.of(kind, month)) for month in plainly.period.trend_months()]
        assert [getattr(month, kind) for month in found.trend] == expected
    assert sum(row.count for row in found.pareto.causes) == found.objections + found.complaints
    named = [row for row in found.pareto.customers if row.cumulative is not None]
    assert all(row.cumulative < 0.8 for row in named[:-1])
    assert sum(row.count for row in found.content_by_nature) == found.objections


class Narrowed(Plainly):
    """The same of some cases only; what they repeat may be any."""

    def __init__(self, cases: Cases, period: Period, fits: Callable[[Case], bool]) -> None:
        super().__init__(cases, period)
        self.fits = fits

    def all_of(self, kind: str) -> list[Case]:
        return [case for case in super().all_of(kind) if self.fits(case)]

    def repeats(self, kind: str) -> int:
        others = super().all_of(kind)
        return sum(any(self._precedes(kind, other, case) for other in others) for case in self.of(kind))


def test_narrowed_figures_equal_a_plain_recomputation_of_the_cases_that_fit(session: Session) -> None:
    cases, year = Cases(session, 5, size=600), periods.year_of(date(2026, 1, 1))
    channel, tier = of.CHANNELS[0].code, of.TIERS[1].code
    customer, product = cases.customers[3], cases.products[2]
    narrowings: tuple[tuple[str, str, Callable[[Case], bool]], ...] = (
        ("channel", channel, lambda case: case["channel"] == channel),
        ("channel", "unclassified", lambda case: case["channel"] is None),
        ("handler", "刘洋", lambda case: case["handler"] == "刘洋"),
        ("handler", "", lambda case: not case["handler"]),
        ("cause", of.CAUSES[0].code, lambda case: case["cause"] == of.CAUSES[0].code),
        ("customer", customer.number, lambda case: case["customer"] is customer),
        ("customer", "unclassified", lambda case: case["customer"] is None),
        ("product", product.number, lambda case: case["product"] is product),
        ("tier", tier, lambda case: case["customer"] is not None and case["customer"].tier == tier),
        ("tier", "unclassified", lambda case: case["customer"] is None or case["customer"].tier is None),
    )
    for field, value, fits in narrowings:
        chosen = figures_by.chosen(session, [(field, value)])
        check(figures.compute(session, year, chosen), Narrowed(cases, year, fits))


def test_several_conditions_hold_together_and_a_field_of_one_kind_leaves_none_of_the_other(session: Session) -> None:
    cases = Cases(session, 6)
    content = of.CONTENTS[0].code
    chosen = figures_by.chosen(session, [("content", content), ("handler", "刘洋")])
    found = figures.compute(session, periods.year_of(date(2026, 1, 1)), chosen)
    fitting = [case for case in cases.objections if case["content"] == content and case["handler"] == "刘洋"]
    plainly = Narrowed(cases, periods.year_of(date(2026, 1, 1)), lambda case: any(case is one for one in fitting))
    assert (found.objections, found.complaints, found.compensation_cost) == (len(plainly.of("objections")), 0, 0)
    assert found.scope == "Year 2026 · Content Need · Handler 刘洋"
    assert as_json(found)["by"] == {"content": [content], "handler": ["刘洋"]}


def test_several_values_of_one_field_mean_any_of_them(session: Session) -> None:
    cases, year = Cases(session, 7), periods.year_of(date(2026, 1, 1))
    handlers = ("刘洋", "陈志强")
    chosen = figures_by.chosen(session, [("handler", handler) for handler in handlers])
    found = figures.compute(session, year, chosen)
    check(found, Narrowed(cases, year, lambda case: case["handler"] in handlers))
    assert as_json(found)["by"] == {"handler": list(handlers)}


def test_a_name_with_a_quotation_mark_narrows_like_any_other(session: Session, make: Make) -> None:
    for handler in ("O'Neil? --", "O"):
        make.objection(handler=handler)
    chosen = figures_by.chosen(session, [("handler", "O'Neil? --")])
    assert figures.compute(session, NOVEMBER, chosen).objections == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("colour", "red", "Possible: branch, content, nature"),
        ("tier", "gold", "“gold” is not among the choices"),
        ("customer", "KH-9", "There is no customer KH-9"),
        ("handler", "a\x00b", "invisible control character"),
    ],
)
def test_figures_by_what_cannot_be_are_refused(session: Session, field: str, value: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        figures_by.chosen(session, [(field, value)])


def test_an_empty_month_has_no_rates(session: Session) -> None:
    found = figures.compute(session, NOVEMBER)
    assert (found.objections, found.backlog, found.compensation_cost) == (0, 0, Decimal("0.00"))
    assert found.promise_kept_rate is found.on_time_rate is found.satisfied_rate is found.satisfaction_mean is None
    assert found.promised_vs_delivered == ()
    assert found.solved_on_spot_rate is found.same_day_reply_rate is found.complaint_rate is found.valid_rate is None
    assert found.mom == found.close_rate == found.handling_hours_p90 == found.repeat_rate == Both(None, None)
    said = json.loads(json.dumps(as_json(found)))
    assert said["trend"][-1] == {"month": "2026-11", "objections": 0, "complaints": 0}
    assert len(said["trend"]) == 13


def test_a_month_to_come_is_refused(session: Session) -> None:
    with pytest.raises(UserError, match="2026-12-01"):
        figures.compute(session, NOVEMBER.following())


def test_json_says_codes_bounds_and_money(session: Session, make: Make) -> None:
    make.complaint(**{"class": "product", "received_at": "2026-11-20 9:30"})
    make.objection(content="price", nature="genuine", method="enquiry")
    said = as_json(figures.compute(session, NOVEMBER))
    assert (said["branch"], said["period"], said["month"]) == ("CD", {"from": "2026-11-01", "to": "2026-11-30"}, "2026-11")
    assert said["now"] == "2026-11-23T14:32:00+08:00"
    assert said["complaints_by_class"] == [{"code": "product", "label": "Because of product", "count": 1, "share": 1.0}]
    assert said["by_method"][0]["satisfied_rate"] is None
    assert said["content_by_nature"] == [{"content": "price", "nature": "genuine", "count": 1}]
    assert (said["compensation_cost"], said["complaint_rate"], said["backlog"]) == ("0.00", 500.0, 2)
    assert said["ageing"] == {"<=1": 1, "2-3": 1, "4-7": 0, "8-30": 0, ">30": 0}
    assert said["mom"] == {"objections": None, "complaints": None}


def test_equal_instants_repeat_each_other(session: Session, make: Make) -> None:
    number = make.customer().number
    for _ in range(2):
        make.objection(customer=number, content="price", occurred_at=datetime(2026, 11, 5, 2, tzinfo=UTC))
    assert figures.compute(session, NOVEMBER).repeat_rate.objections == 1.0


def test_a_case_repeats_within_90_days_to_the_hour(session: Session, make: Make) -> None:
    number = make.customer().number
    later = datetime(2026, 11, 5, 2, tzinfo=UTC)
    make.objection(customer=number, content="price", occurred_at=later)
    earlier = make.objection(customer=number, content="price", occurred_at="2026-08-07 10:00")
    assert figures.compute(session, NOVEMBER).repeat_rate.objections == 1.0
    Objection.update(occurred_at=datetime(2026, 8, 7, 1, 59, tzinfo=UTC)).where(Objection.id == earlier.id).execute()
    assert figures.compute(session, NOVEMBER).repeat_rate.objections == 0.0


def agreement(
    session: Session, complaint: Complaint, edition: int, signed: date | None, amount: str, **extra: object
) -> Agreement:
    values = {"party_a": "甲", "party_b": "乙", "facts": "霉变", "lines": [], "signed_on": signed}
    made = insert(
        session,
        Agreement,
        values,
        number="XY-1",
        extra={"complaint": complaint.id, "edition": edition, "cost": Decimal(0)} | extra,
    )
    AgreementLine.create(parent=made.id, position=0, remedy="money", amount=Decimal(amount))
    AgreementLine.create(parent=made.id, position=1, remedy="apology", amount=Decimal("0.00"))
    return made


def test_a_later_edition_costs_the_difference_in_its_own_month(session: Session, make: Make) -> None:
    complaint = make.complaint()
    agreement(session, complaint, 1, date(2026, 10, 20), "300.00", status="voided")
    agreement(session, complaint, 2, date(2026, 11, 3), "450.50", status="signed")
    assert figures.compute(session, NOVEMBER.previous()).compensation_cost == Decimal("300.00")
    november = figures.compute(session, NOVEMBER)
    assert november.compensation_cost == Decimal("150.50")
    assert [(row.code, row.count, row.cost) for row in november.by_remedy] == [("money", 0, Decimal("150.50"))]
    for number, cost in ((complaint.customer.number, "150.50"), (make.customer(name="乙").number, "0.00")):
        chosen = figures_by.chosen(session, [("customer", number)])
        assert figures.compute(session, NOVEMBER, chosen).compensation_cost == Decimal(cost)
    october = figures.compute(session, NOVEMBER.previous())
    assert [(row.code, row.count, row.cost) for row in october.by_remedy] == [
        ("money", 1, Decimal("300.00")),
        ("apology", 1, Decimal("0.00")),
    ]


def test_void_and_unsigned_agreements_cost_nothing(session: Session, make: Make) -> None:
    complaint = make.complaint()
    agreement(session, complaint, 1, date(2026, 11, 3), "300.00", status="voided")
    assert figures.compute(session, NOVEMBER).compensation_cost == 0
    agreement(session, complaint, 2, None, "200.00", status="released")
    assert figures.compute(session, NOVEMBER).compensation_cost == 0


def test_nearest_rank_is_exact() -> None:
    assert [figures.nearest_rank(range(1, size + 1)) for size in (1, 2, 9, 10, 11, 20)] == [1, 2, 9, 9, 10, 18]


def test_pareto_leaves_the_unclassified_outside() -> None:
    shares = (Share("a", "a", 6, 0.6), Share("b", "b", 2, 0.2), Share("c", "c", 1, 0.1), Share("unclassified", "?", 1, 0.1))
    assert [row.cumulative for row in pareto_rows(shares)] == [0.6, 0.8, 0.9, None]
    assert [row.code for row in pareto_rows(shares, until=0.8)] == ["a", "b", "unclassified"]


def test_active_customers_divide_the_complaints(session: Session, make: Make) -> None:
    make.complaint()
    Customer.update(status="lost", lost_on=date(2026, 11, 1)).execute()
    assert figures.compute(session, NOVEMBER).complaint_rate is None


def listed(session: Session, period: Period, figure: str, code: str = "") -> list[int]:
    return [LISTINGS[behind.listing].count(session, behind.query).rows for behind in cases(session, period, figure, code)]


def test_a_click_lists_exactly_the_cases_that_were_counted(session: Session) -> None:
    Cases(session, 7)
    for period in (NOVEMBER, NOVEMBER.previous()):
        found = figures.compute(session, period)
        assert listed(session, period, "objections") == [found.objections]
        for figure, rows in found.shares.items():
            assert [listed(session, period, figure, row.code) for row in rows] == [[row.count] for row in rows]
        for row in found.content_by_nature:
            assert listed(session, period, "content_by_nature", f"{row.content}|{row.nature}") == [row.count]
        for age, bucket in zip(AGES, found.ageing, strict=True):
            assert listed(session, period, "ageing", age) == list(bucket)
        for bar in found.pareto.causes:
            assert sum(listed(session, period, "pareto.causes", bar.code)) == bar.count
        for month in found.trend:
            assert listed(session, period, "trend", f"{month.month:%Y-%m}") == [month.objections, month.complaints]
        check_rates(session, period, found)


def check_rates(session: Session, period: Period, found: figures.Figures) -> None:
    sizes = (found.objections, found.complaints)
    for figure in ("close_rate", "repeat_rate"):
        expected = [round(rate * size) for rate, size in zip(getattr(found, figure), sizes, strict=True)]
        assert listed(session, period, figure) == expected
    assert sum(listed(session, period, "backlog")) == found.backlog
    assert listed(session, period, "escalated") == [found.escalated]
    assert listed(session, period, "reopened") == [found.reopened]
    assert listed(session, period, "solved_on_spot_rate") == [round((found.solved_on_spot_rate or 0) * found.objections)]


def test_an_unknown_figure_is_refused(session: Session) -> None:
    with pytest.raises(UserError, match="nonsense"):
        cases(session, NOVEMBER, "nonsense")
