"""Objections: methods and their guards, the five elements, the demand behind, what is fed back, what a complaint takes along."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.core.errors import RuleBroken, ValidationError
from app.models import attachments, history, methods, objections
from app.models.classifications import CAUSES, METHODS, NATURES
from app.models.objection_steps import register
from app.models.objections import Objection
from app.models.record import edit, insert
from app.models.steps import options, take
from tests.make import Make

SHORTAGE = {"nature": "genuine", "cause": "system.supply_shortage"}
DEFECT = {"nature": "genuine", "cause": "product.defect"}


def test_every_method_has_its_guard_in_the_table() -> None:
    assert set(methods.FITS) == {choice.code for choice in METHODS}


def test_the_table_names_causes_and_natures_that_there_are() -> None:
    causes = {choice.code for choice in CAUSES} | {choice.code.partition(".")[0] for choice in CAUSES}
    natures = {choice.code for choice in NATURES}
    for fit in methods.FITS.values():
        assert {*fit.only, *fit.never, *fit.best} <= causes
        assert {*fit.only_natures, *fit.best_natures} <= natures


@pytest.mark.parametrize("nature", [None, *(choice.code for choice in NATURES)])
@pytest.mark.parametrize("cause", [None, *(choice.code for choice in CAUSES)])
def test_something_can_always_be_done_and_the_best_is_first(nature: str | None, cause: str | None) -> None:
    values = {"nature": nature, "cause": cause}
    offered, best = methods.admissible(values), methods.recommended(values)
    assert "enquiry" in offered
    assert offered[: len(best)] == best
    assert all(methods.fits(code, values) for code in offered)


def test_a_shortage_of_goods_is_explained_not_paid_for() -> None:
    assert methods.recommended(SHORTAGE) == ("enquiry", "indirect", "tactful")
    assert set(methods.FITS) - set(methods.admissible(SHORTAGE)) == {"compensation", "rebuttal"}


def test_a_real_defect_may_be_compensated() -> None:
    assert "compensation" in methods.recommended(DEFECT)


@pytest.mark.parametrize("values", [{}, {"nature": "false"}, {"nature": "hidden", "cause": "product.defect"}, SHORTAGE])
def test_compensation_is_for_a_genuine_valid_objection_only(make: Make, values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=r"Only for a genuine, valid objection\..*rule 11") as refused:
        make.objection(method="compensation", **values)
    assert set(refused.value.errors) == {"method_reason"}
    made = make.objection(method="compensation", method_reason="陈经理同意破例", **values)
    assert made.method == "compensation"


def test_rebuttal_needs_a_misunderstanding(make: Make) -> None:
    with pytest.raises(ValidationError, match="Only for a misunderstanding"):
        make.objection(method="rebuttal")
    assert make.objection(method="rebuttal", cause="customer.misunderstanding").method == "rebuttal"


def test_what_is_not_classified_yet_stands_against_no_other_method(make: Make) -> None:
    assert set(methods.FITS) - set(methods.admissible({})) == {"compensation", "rebuttal"}
    assert make.objection(method="indirect").method == "indirect"


def test_a_classification_that_turns_against_the_method_asks_for_a_reason(make: Make) -> None:
    made = make.objection(method="compensation", **DEFECT)
    with pytest.raises(ValidationError, match="genuine, valid"):
        edit(make.session, made, {"nature": "false"}, made.version)


def test_imported_objections_are_not_asked_about_their_method(make: Make) -> None:
    values = {"occurred_at": make.session.clock(), "what": "破损", "method": "compensation", "nature": "hidden"}
    made = insert(make.session, Objection, values, extra={"imported": True})
    assert take(make.session, made, "close", {"solved_on_spot": True}).status == "closed"


def test_the_elements_that_are_missing_are_named(make: Make) -> None:
    assert objections.missing_elements({"what": "订十条只给两条", "occurred_at": make.session.clock()}) == (
        "where",
        "who",
        "wish",
    )


def test_a_hidden_objection_is_closed_once_the_demand_behind_it_is_known(make: Make) -> None:
    made = make.objection(nature="hidden")
    close = next(one for one in options(make.session, made) if one.step.code == "close")
    assert [one.field for one in close.missing] == ["hidden_demand"]
    with pytest.raises(RuleBroken, match="demand behind it"):
        take(make.session, made, "close", {"solved_on_spot": True})
    made = edit(make.session, made, {"hidden_demand": "想要更高的等级"}, made.version)
    assert take(make.session, made, "close", {"solved_on_spot": True}).status == "closed"


def test_written_down_as_solved_the_demand_is_asked_for_at_its_field(make: Make) -> None:
    said = {
        "customer": make.customer().number,
        "occurred_at": make.session.clock().isoformat(),
        "what": "再看看",
        "nature": "hidden",
    }
    with pytest.raises(ValidationError) as refused:
        register(make.session, said, "close", {"solved_on_spot": True})
    assert set(refused.value.errors) == {"hidden_demand"}
    assert Objection.select().count() == 0


def test_what_is_fed_back_to_the_company_is_kept_also_after_closing(make: Make) -> None:
    closed = make.steps(make.objection(), ("close", {"solved_on_spot": True}))
    told = take(make.session, closed, "feed-back", {"fed_back_to": "市场部"})
    assert (told.fed_back_to, told.fed_back_at, told.status) == ("市场部", make.session.clock(), "closed")


def test_the_company_is_not_told_before_the_customer_spoke(make: Make) -> None:
    with pytest.raises(ValidationError, match="cannot lie before"):
        take(make.session, make.objection(), "feed-back", {"fed_back_to": "市场部", "fed_back_at": "2026-01-01"})


def test_the_complaint_takes_along_what_was_said_and_the_files(make: Make, tmp_path: Path) -> None:
    photo = tmp_path / "霉变.jpg"
    photo.write_bytes(b"picture")
    made = make.objection(
        where="门店", who="送货员赵师傅", wish="补齐", cause="product.defect", product=make.product().number, handler="刘洋"
    )
    attachments.attach(make.session, made, photo, "photo")
    complaint = take(make.session, made, "escalate").complaint
    assert (complaint.description, complaint.wish, complaint.cause) == (made.what, "补齐", "product.defect")
    assert complaint.product.code == "YL01"
    (note,) = [entry.note for entry in history.of("complaint", complaint.id) if entry.action == "add"]
    for part in (made.number, "When", "门店", "送货员赵师傅", "刘洋"):
        assert part in note
    (file,) = attachments.of(make.session, complaint)
    assert (file.name, file.shows, file.path.read_bytes()) == ("霉变.jpg", "photo", b"picture")


def test_the_last_objection_of_a_person_is_found(make: Make) -> None:
    assert objections.last_of(make.session, make.session.user) is None
    make.objection()
    last = make.objection(customer=make.customer(name="好邻居副食店").number)
    found = objections.last_of(make.session, make.session.user)
    assert found is not None
    assert found.number == last.number
