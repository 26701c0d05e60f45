"""The papers that a record has now."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.errors import UserError
from app.reports import papers
from app.services import case_papers, cases
from tests.make import Make
from tests.models.stands import COMPLAINT_STATES, action_in, complaint_in, dispatch_in


def offered(make: Make, record: Any) -> list[str]:
    return case_papers.of(cases.load(make.session, record.number))


def test_a_complaint_has_more_papers_the_further_it_goes(make: Make) -> None:
    assert offered(make, complaint_in(make, "draft")) == ["form", "case-file"]
    assert offered(make, complaint_in(make, "proposed")) == ["form", "receipt", "approval", "follow-up", "case-file"]
    assert "dispatch" in offered(make, complaint_in(make, "executing"))
    with_agreement = make.steps(complaint_in(make, "replied"), "agreement")
    assert "agreement" in offered(make, with_agreement)


def test_a_letter_is_offered_where_a_batch_and_its_day_are_known(make: Make) -> None:
    line = {"product": make.product().number, "batch": "B07"}
    assert "letter" not in offered(make, make.complaint(complainant="甲", product_lines=[line]))
    assert "letter" in offered(make, make.complaint(complainant="乙", product_lines=[line | {"produced_on": "2026-09-14"}]))


@pytest.mark.parametrize("state", COMPLAINT_STATES)
def test_what_is_offered_can_be_made(make: Make, state: str) -> None:
    case = cases.case_of(make.session, complaint_in(make, state))
    for document in case_papers.of(case):
        assert papers.paper(make.session, document, case).content.startswith(b"%PDF")


def test_orders_are_chased_while_they_are_under_way(make: Make) -> None:
    assert [offered(make, dispatch_in(make, state)) for state in ("issued", "accepted", "done")] == [
        ["dispatch", "reminder"],
        ["dispatch", "reminder"],
        ["dispatch"],
    ]


def test_other_kinds_have_theirs(make: Make) -> None:
    assert offered(make, action_in(make, "open")) == ["notice"]
    assert offered(make, make.objection()) == ["objection", "case-file"]
    assert offered(make, make.product()) == []


def test_what_is_not_offered_is_refused_by_a_sentence(make: Make) -> None:
    case = cases.case_of(make.session, make.complaint())
    for document in set(papers.TITLES) - set(case_papers.of(case)) - {"receipt", "follow-up", "cards"}:
        with pytest.raises(UserError):
            papers.paper(make.session, document, case)
