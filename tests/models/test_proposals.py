"""Remedy lines: what they cost, and what cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from app.core.errors import ValidationError
from app.models import classifications as of
from app.models import proposals
from app.models.record import edit
from app.models.steps import step_of, take
from tests.make import Make
from tests.models.stands import agreement_in, complaint_in


def proposed(make: Make, *lines: Mapping[str, Any]) -> Decimal:
    given = {"text": "补偿", "valid": True, "lines": list(lines)}
    record = take(make.session, complaint_in(make, "investigating"), "propose", given)
    proposal = proposals.latest(record)
    assert proposal is not None
    return proposal.cost  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("lines", "cost"),
    [
        ([], "0.00"),
        ([{"remedy": "money", "amount": "0.05"}], "0.05"),
        ([{"remedy": "replace", "quantity": "6", "unit_price": "210"}], "1260.00"),
        ([{"remedy": "replace", "quantity": "6", "unit_price": "210", "amount": "1260"}], "1260.00"),
        ([{"remedy": "replace", "quantity": "0.5", "unit_price": "0.01"}], "0.01"),
        ([{"remedy": "replace", "quantity": "6"}], "0.00"),
        ([{"remedy": "apology"}, {"remedy": "visit", "amount": "0"}, {"remedy": "money", "amount": "10.50"}], "10.50"),
        ([{"remedy": "money", "amount": "99999999998.99"}, {"remedy": "money", "amount": "1"}], "99999999999.99"),
    ],
)
def test_costs_are_exact_to_the_fen(make: Make, lines: list[Mapping[str, Any]], cost: str) -> None:
    assert str(proposed(make, *lines)) == cost


@pytest.mark.parametrize(
    ("line", "field", "why"),
    [
        ({"remedy": "replace", "quantity": "6", "unit_price": "210", "amount": "1261"}, "amount", "1261.00 is not quantity"),
        ({"remedy": "apology", "amount": "5"}, "amount", "A moral remedy costs nothing"),
        ({"remedy": "goods", "quantity": "1000000000", "unit_price": "99999999999"}, "amount", "An amount lies between"),
        ({"amount": "5"}, "remedy", "Remedy is missing"),
        ({"remedy": "sweets"}, "remedy", "not among the choices"),
        ({"remedy": "money", "amount": "0.005"}, "amount", "decimal places"),
    ],
)
def test_lines_that_cannot_be_are_refused(make: Make, line: Mapping[str, Any], field: str, why: str) -> None:
    with pytest.raises(ValidationError) as caught:
        proposed(make, {"remedy": "money", "amount": "1"}, line)
    ((code, sentence),) = caught.value.errors.items()
    assert code == f"lines[1].{field}"
    assert why in sentence


def test_a_remedy_of_unknown_cost_is_within_no_limit(make: Make) -> None:
    record = complaint_in(make, "investigating")
    unpriced = take(make.session, record, "propose", {"text": "换", "lines": [{"remedy": "replace", "quantity": "900"}]})
    assert unpriced.status == "proposed"
    gift = {"remedy": "gift", "quantity": "1", "amount": "0"}
    free = take(make.session, complaint_in(make, "investigating"), "propose", {"text": "送", "lines": [gift]})
    assert free.status == "approved"


def test_all_lines_together_have_a_limit_too(make: Make) -> None:
    with pytest.raises(ValidationError, match="An amount lies between"):
        proposed(make, *[{"remedy": "money", "amount": "99999999999.99"}] * 2)


def test_every_remedy_is_material_or_moral() -> None:
    assert {choice.code for choice in of.REMEDIES} >= of.MORAL | of.GOODS
    assert not of.MORAL & of.GOODS


def test_an_edited_draft_of_an_agreement_costs_what_its_lines_cost(make: Make) -> None:
    agreement = agreement_in(make, "draft")
    lines = [{"remedy": "replace", "quantity": "6", "unit_price": "210"}, {"remedy": "money", "amount": "1"}]
    edited = edit(make.session, agreement, {"lines": lines}, agreement.version)
    assert str(make.again(edited).cost) == "1261.00"
    wrong = [{"remedy": "apology", "amount": "5"}]
    with pytest.raises(ValidationError) as caught:
        edit(make.session, edited, {"lines": wrong}, edited.version)
    assert set(caught.value.errors) == {"lines[0].amount"}


def test_a_new_proposal_starts_from_the_last(make: Make) -> None:
    record = complaint_in(make, "proposed", **{"class": "product"})
    record = take(make.session, record, "return", {"reason": "太高"})
    defaults = step_of(record, "propose").defaults
    assert defaults is not None
    values = defaults(make.session, record)
    assert (values["text"], values["lines"][0]["amount"]) == ("更换并补偿", Decimal("300.00"))
