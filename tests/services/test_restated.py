"""更正: every difference between a closed month and its cases today is told, with who made it, when and why, and no other."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from app.core import database as store
from app.core import language
from app.core.database import database
from app.core.session import Session
from app.models import merges
from app.models.agreements import Agreement
from app.models.complaints import Complaint
from app.models.objections import Objection
from app.models.promises import Promise
from app.models.record import edit, find
from app.models.steps import take, void
from app.services import closing, figures, restated, workplace
from app.services.figures_details import Column
from app.services.figures_json import as_json
from app.services.periods import month_of
from app.services.restated import Restated
from tests.conftest import Clock
from tests.make import Make
from tests.services.figures_cases import Cases
from tests.services.test_figures import agreement

OCTOBER = month_of(date(2026, 10, 1))
CLOSED_AT, LATER = datetime(2026, 11, 2, 2, tzinfo=UTC), datetime(2026, 11, 5, 3, tzinfo=UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock(CLOSED_AT)


@pytest.fixture
def october(make: Make, clock: Clock) -> dict[str, Any]:
    """Cases of October, before it is closed."""
    clock.present = datetime(2026, 10, 8, 8, tzinfo=UTC)
    shop, other = make.customer(name="城南批发部", tier="ordinary"), make.customer(name="城南批发", phone="13900000000")
    objection = make.objection(customer=shop.number, occurred_at="2026-10-05 09:00", content="service", nature="genuine")
    closed = make.objection(customer=other.number, occurred_at="2026-10-06 09:00", content="price", nature="genuine")
    closed = make.steps(closed, ("close", {"satisfaction": 5, "solved_on_spot": True}))
    complaint = make.complaint(customer=shop.number, received_at="2026-10-08 09:00", **{"class": "product"})
    clock.present = CLOSED_AT
    return {"shop": shop, "other": other, "objection": objection, "closed": closed, "complaint": complaint}


def closed(session: Session) -> closing.Closed:
    found = closing.closed(session, OCTOBER)
    assert found is not None
    return found


def differences(session: Session) -> list[Restated]:
    return restated.of(session, closed(session))


def of_records(session: Session) -> list[tuple[str, str, str, object, object]]:
    return [(one.what, one.number, one.field, one.before, one.after) for one in differences(session) if one.what != "figure"]


def of_figures(session: Session) -> dict[str, tuple[object, object]]:
    return {one.number: (one.before, one.after) for one in differences(session) if one.what == "figure"}


@pytest.fixture
def later(session: Session, october: dict[str, Any], clock: Clock) -> Session:
    """October was closed on the 2nd; it is the 5th, and somebody else is at work."""
    closing.close(session, OCTOBER)
    clock.present = LATER
    session.user = "刘洋"
    return session


def test_nothing_changed_is_nothing_told(later: Session) -> None:
    assert differences(later) == []


def test_a_changed_classification_is_told_with_who_and_when(later: Session, october: dict[str, Any]) -> None:
    one = october["objection"]
    edit(later, one, {"content": "price"}, one.version)
    (told, *rest) = differences(later)
    assert (told.what, told.kind, told.number, told.field) == ("changed", "objection", one.number, "content")
    assert (told.before, told.after) == ("Service", "Price")
    assert (told.who, told.at, told.action, told.act) == ("刘洋", LATER, "edit", "Changed")
    assert {one.what for one in rest} == {"figure"}
    found = of_figures(later)
    assert (found["by_content.price"], found["by_content.service"]) == ((1, 2), (1, 0))
    assert "objections" not in found


def test_words_that_are_not_counted_are_not_told(later: Session, october: dict[str, Any]) -> None:
    one, shop = october["complaint"], october["shop"]
    edit(later, one, {"description": "写得更清楚"}, one.version)
    edit(later, shop, {"name": "城南批发部（新）", "address": "环城路 1 号"}, shop.version)
    assert differences(later) == []


def test_the_usual_course_of_an_open_case_is_no_difference(later: Session, october: dict[str, Any], make: Make) -> None:
    """It was open at the end of October; that it went on since is no matter, only what is counted as it stands."""
    make.steps(october["complaint"], "sign", ("accept", {"promised_at": "2026-11-06", "handler": "刘洋"}))
    assert of_records(later) == [("changed", october["complaint"].number, "handler", None, "刘洋")]


def test_a_void_case_is_told_with_its_reason(later: Session, october: dict[str, Any]) -> None:
    void(later, october["complaint"], "登重了")
    (told, *_rest) = differences(later)
    assert (told.what, told.number, told.who, told.why) == ("left", october["complaint"].number, "刘洋", "登重了")
    assert of_figures(later)["complaints"] == (1, 0)


def test_a_case_registered_late_is_told(later: Session, october: dict[str, Any], make: Make) -> None:
    late = make.objection(customer=october["shop"].number, occurred_at="2026-10-31 23:59")
    edit(later, late, {"what": "改一个字"}, late.version)
    (told, *_rest) = differences(later)
    assert (told.what, told.number, told.before, told.after) == ("entered", late.number, None, None)
    assert (told.who, told.at, told.action, told.act) == ("刘洋", LATER, "add", "Written down")
    assert of_figures(later)["objections"] == (2, 3)


def test_a_case_of_another_month_is_not_told(later: Session, october: dict[str, Any], make: Make) -> None:
    make.objection(customer=october["shop"].number, occurred_at="2026-11-01 00:00")
    assert differences(later) == []


def test_a_case_that_moves_out_of_the_month_is_told_once(later: Session, october: dict[str, Any]) -> None:
    one = october["objection"]
    edit(later, one, {"occurred_at": "2026-09-29 09:00"}, one.version)
    assert [(what, field) for what, _n, field, _b, _a in of_records(later)] == [("changed", "in_period"), ("changed", "age")]


def test_merged_customers_are_told_at_their_cases(later: Session, october: dict[str, Any]) -> None:
    merges.merge(later, october["shop"], october["other"])
    before, after = october["other"].number, october["shop"].number
    found = of_records(later)
    assert ("changed", october["closed"].number, "customer", before, after) in found
    assert ("changed", october["closed"].number, "tier", None, "Ordinary") in found
    assert {told.who for told in differences(later) if told.what != "figure"} == {"刘洋"}


def test_a_graded_customer_changes_its_cases(later: Session, october: dict[str, Any]) -> None:
    make = Make(later)
    make.steps(october["other"], ("grade", {"tier": "key", "reason": "销量大"}))
    (told, *_rest) = differences(later)
    assert (told.number, told.field, told.before, told.who, told.why) == (
        october["closed"].number,
        "tier",
        None,
        "刘洋",
        "销量大",
    )


def test_a_case_that_is_handled_again_is_told_with_its_reason(later: Session, make: Make, clock: Clock) -> None:
    clock.present = datetime(2026, 10, 20, 2, tzinfo=UTC)
    done = make.complaint(received_at="2026-10-01 09:00")
    done = make.steps(done, "sign", ("close", {"reason": "客户撤回", "satisfaction": 3}))
    clock.present = CLOSED_AT
    closing.open_again(later, OCTOBER, "补一件办结的投诉")
    closing.close(later, OCTOBER)
    clock.present = LATER
    take(later, find(later, Complaint, done.number), "reopen", {"reason": "客户又来电", "promised_at": "2026-11-07"})
    found = {one.field: one for one in differences(later) if one.number == done.number}
    assert (found["ended"].before, found["ended"].after) == (True, False)
    assert (found["ended"].who, found["ended"].why, found["ended"].act) == ("刘洋", "客户又来电", "Reopen")
    assert (found["round"].before, found["round"].after) == (1, 2)
    assert not {"hours", "age", "closed_in_period"} & found.keys()
    assert of_figures(later)["reopened"] == (0, 1)


def test_agreements_that_count_otherwise_are_told(later: Session, october: dict[str, Any]) -> None:
    agreement(later, october["complaint"], 1, date(2026, 10, 20), "300.00", status="signed")
    (told,) = (one for one in differences(later) if one.kind == "agreement")
    assert (told.what, told.before, str(told.after)) == ("entered", None, "300.00")
    assert of_figures(later)["compensation_cost"] == ("0.00", "300.00")
    closing.open_again(later, OCTOBER, "补协议")
    closing.close(later, OCTOBER)
    Agreement.update(status="voided").execute()
    (told,) = (one for one in differences(later) if one.kind == "agreement")
    assert (told.what, str(told.before), told.after) == ("left", "300.00", None)


def test_promises_that_count_otherwise_are_told(later: Session, october: dict[str, Any], make: Make) -> None:
    """One is written down later for a day of October: the rate of those kept in time moves with it."""
    one = make.steps(october["complaint"], "sign", ("promise", {"promised_at": "2026-11-20 17:00", "subject": "reply"}))
    assert [told for told in differences(later) if told.kind == "promise"] == []
    Promise.update(due=datetime(2026, 10, 30, 2, tzinfo=UTC)).where(Promise.case == one.number).execute()
    (told,) = (told for told in differences(later) if told.kind == "promise")
    assert (told.what, told.before, told.after, told.who) == ("entered", None, "Not kept", "刘洋")
    assert of_figures(later)["promise_kept_rate"] == (None, 0.0)


def test_another_language_is_no_difference(later: Session) -> None:
    language.choose("zh_CN")
    assert differences(later) == []


def test_what_was_not_kept_is_not_compared(later: Session, october: dict[str, Any]) -> None:
    one = october["objection"]
    edit(later, one, {"content": "price"}, one.version)
    known = closed(later)
    before = closing.replace(known, missing=("figures.by_content", "figures.content_by_nature", "objections.content"))
    told = {one.number for one in restated.of(later, before)}
    assert not {number for number in told if "content" in number or number == one.number}


@pytest.mark.parametrize("seed", range(3))
def test_any_edits_are_told_and_change_nothing_that_was_kept(tmp_path: Path, seed: int) -> None:
    """No figure differs without a record that is told; and what was kept stays the same to the byte."""
    clock = Clock(CLOSED_AT)
    session = workplace.init(tmp_path / "data", {"code": "CD", "name": "城东"}, user="王敏", clock=clock)
    with _opened():
        cases = Cases(session, seed, size=60, since=60)
        freeze = closing.close(session, OCTOBER)
        before = as_json(closed(session).content.figures)
        clock.present = LATER
        copy = dict(database.execute_sql("SELECT id, content FROM frozen_part").fetchall())
        chance = random.Random(seed)
        for _round in range(6):
            _edit(session, cases, chance)
            counted, told = as_json(figures.compute(session, OCTOBER)), differences(session)
            records = {one.number for one in told if one.what != "figure"}
            assert bool(records) >= (counted != before), "figures differ and nobody is told why"
            assert ("objections" in {one.number for one in told}) == (counted["objections"] != before["objections"])
            assert as_json(closed(session).content.figures) == before
        assert dict(database.execute_sql("SELECT id, content FROM frozen_part").fetchall()) == copy
        assert closed(session).freeze.sha256 == freeze.sha256


class _opened:
    """Closes the database in the end."""

    def __enter__(self) -> None:
        """Nothing to do."""

    def __exit__(self, *_error: object) -> None:
        store.close()


def _edit(session: Session, cases: Cases, chance: random.Random) -> None:
    kind = chance.choice((Objection, Complaint))
    began = "occurred_at" if kind is Objection else "received_at"
    values = (
        {"cause": chance.choice((None, "product.quality"))},
        {"channel": chance.choice(("phone", "visit"))},
        {"customer": chance.choice(cases.customers).number},
        {began: f"2026-{chance.choice(('09', '10'))}-{chance.randint(1, 30):02} 10:00"},
        {"handler": chance.choice(("刘洋", "赵六"))},
    )
    record = chance.choice(list(kind.select().where(kind.status.in_(("open", "accepted")))))
    if chance.random() < 0.2:
        void(session, record, "登重了")
        return
    try:
        edit(session, record, chance.choice(values), record.version)
    except closing.UserError:
        return


def test_a_reader_of_two_sides_sees_only_what_differs(later: Session, october: dict[str, Any]) -> None:
    told = restated.as_json(later, restated.report(later, OCTOBER))
    assert told["restated"] == []
    assert told["frozen"]["by"] == "王敏"
    assert told["frozen"]["at"] == "2026-11-02T10:00:00+08:00"
    void(later, october["objection"], "登重了")
    row = restated.as_json(later, restated.report(later, OCTOBER))["restated"][0]
    assert row == {
        "what": "left", "kind": "objection", "number": october["objection"].number, "field": "", "before": None, "after": None,
        "who": "刘洋", "at": "2026-11-05T11:00:00+08:00", "action": "void", "why": "登重了",
    }  # fmt: skip


def test_rows_in_any_order_are_compared_with_their_other_half() -> None:
    """Rows that moved, came or went do not throw the comparison out of step."""
    columns = tuple(Column(code, code) for code in ("in_period", "number", "channel"))
    chance, shares = random.Random(11), {axis.figure: () for axes in figures.AXES for axis in axes}
    counted: Any = type("Counted", (), {"shares": shares})
    side = restated._Side(Objection, columns, counted, {column.code for column in columns})
    for _round in range(200):
        before = [(True, f"YY-{place}", chance.choice("ab")) for place in range(chance.randint(0, 12))]
        after = [(*row[:2], chance.choice("ab")) if chance.random() < 0.2 else row for row in before if chance.random() < 0.8]
        after += [(True, f"YY-new-{place}", "a") for place in range(chance.randint(0, 3))]
        if chance.random() < 0.5:
            chance.shuffle(after)
        by_number = ({row[1]: row for row in rows} for rows in (before, after))
        one, other = by_number
        expected = {number for number in one | other if one.get(number) != other.get(number)}
        assert restated._differing(side, before, side, after).keys() == expected


@pytest.fixture(autouse=True)
def _closed_database() -> Iterator[None]:
    yield
    store.close()
