"""What stands on a customer's page, and what figures make of merged customers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from app.models import merges
from app.services import customer_file, figures, figures_cases, periods
from tests.make import Make
from tests.models.stands import agreement_in


def test_the_last_year_counts_cases_compensation_and_satisfaction(make: Make) -> None:
    agreement = agreement_in(make, "signed")
    customer = agreement.complaint.customer
    make.complaint(customer=customer.number, received_at="2025-11-01")
    make.steps(make.complaint(customer=customer.number), ("void", {"reason": "x"}))
    make.objection(customer=customer.number)
    year = customer_file.last_year(make.session, customer)
    assert year == (1, 1, agreement.cost, None)
    assert year.compensation > Decimal(0)


def test_a_customer_without_cases_has_an_empty_year(make: Make) -> None:
    assert customer_file.last_year(make.session, make.customer()) == (0, 0, Decimal("0.00"), None)


def test_figures_count_merged_customers_as_the_survivor(make: Make) -> None:
    keep, other = make.customer(tier="key"), make.customer(name="新瑞达超市", tier="small")
    make.customer(name="老王百货")
    for customer in (keep, other, other):
        make.complaint(customer=customer.number, **{"class": "service"})
    merges.merge(make.session, keep, other)
    month = periods.month_of(date(2026, 11, 1))
    found = figures.compute(make.session, month)
    assert [(row.code, row.count) for row in found.shares["complaints_by_customer"]] == [(keep.number, 3)]
    assert [(row.code, row.count) for row in found.shares["complaints_by_tier"]] == [("key", 3)]
    assert found.complaint_rate == 3 / 2 * 1000
    assert [row.code for row in found.pareto.customers] == [keep.number]
    behind = figures_cases.cases(make.session, month, "complaints_by_customer", keep.number)
    assert behind[0].query.where["customer"] == (keep.number,)
    merges.undo(make.session, make.again(other))
    found = figures.compute(make.session, month)
    assert {row.code: row.count for row in found.shares["complaints_by_customer"]} == {keep.number: 1, other.number: 2}
    assert found.complaint_rate == 3 / 3 * 1000
