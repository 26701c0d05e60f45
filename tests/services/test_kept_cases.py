"""The lists behind the numbers of a closed month hold the cases that were counted, even when these count otherwise today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from app.core import database as store
from app.core.session import Session
from app.models.complaints import Complaint
from app.models.listing import LISTINGS
from app.models.objections import Objection
from app.services import cases_behind, closing, figures, figures_cases, kept_cases, workplace
from app.services.figures_cases import Behind
from app.services.figures_values import Figures
from app.services.periods import month_of
from tests.services.figures_cases import NOW, Cases
from tests.services.test_figures import agreement

OTHERS = ("promise_kept_rate", "on_time_rate", "satisfied_rate", "satisfaction_mean", "promised_vs_delivered")
OCTOBER = month_of(date(2026, 10, 1))


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """October is closed; then every case is changed."""
    folder = tmp_path_factory.mktemp("kept") / "data"
    opened = workplace.init(folder, {"code": "CD", "name": "城东"}, user="王敏", clock=lambda: NOW)
    Cases(opened, 4, size=150, since=200)
    agreement(opened, Complaint.select().first(), 1, date(2026, 10, 3), "300.00", status="signed")
    yield opened
    store.close()


def asked(counted: Figures) -> Iterator[tuple[str, str]]:
    """Every figure that leads to cases, and every row of those that have rows."""
    yield from ((figure, "") for figure in (*kept_cases._CONDITIONS, "ageing", "compensation_cost", "trend", *OTHERS))
    for figure, shares in counted.shares.items():
        yield from ((figure, code) for code in [share.code for share in shares])
    yield from (("content_by_nature", f"{one.content}|{one.nature}") for one in counted.content_by_nature)
    yield from (("pareto.causes", one.code) for one in counted.pareto.causes)
    yield from (("pareto.customers", one.code) for one in counted.pareto.customers)
    yield from (("ageing", age) for age in figures_cases.AGES)
    yield from (("trend", f"{one.month:%Y-%m}") for one in counted.trend)
    yield from ((figure, figures_cases.MISSED) for figure in OTHERS[:2])
    yield from ((cases_behind.SATISFIED_BY_METHOD, one.code) for one in counted.shares["by_method"])
    yield from (("promised_vs_delivered", f"{one.code}|{one.unit}") for one in counted.promised_vs_delivered)
    yield from (("by_remedy", one.code) for one in counted.by_remedy)


def numbers(session: Session, found: tuple[Behind, ...]) -> dict[str, set[object]]:
    return {one.listing: {row[0] for row in LISTINGS[one.listing].all(session, one.query)} for one in found}


def test_every_number_leads_to_the_cases_that_were_counted(session: Session) -> None:
    counted = figures.compute(session, OCTOBER)
    questions = [one for one in dict.fromkeys(asked(counted)) if one != ("trend", "")]
    before = {one: numbers(session, cases_behind.cases(session, OCTOBER, *one)) for one in questions}
    closing.close(session, OCTOBER)
    assert {one: numbers(session, cases_behind.cases(session, OCTOBER, *one)) for one in questions} == before
    for kind in (Objection, Complaint):
        kind.update(status="voided", cause=None, customer=None, closed_at=None, channel="visit").execute()
    for one in questions:
        if not one[0].startswith("trend") or one[1] == "2026-10":
            assert numbers(session, cases_behind.cases(session, OCTOBER, *one)) == before[one], one
    assert sum(len(found) for lists in before.values() for found in lists.values()) > 500
