"""Which handling method fits which objection, by its nature and cause: one table for form, check and command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from app.core.language import _
from app.models.classifications import METHODS

COMPENSATION_RULE = 11
_LEVELS = ("customer", "product", "staff", "company", "system")
_UNINFORMED = (
    "customer.refuses_change", "customer.misunderstanding", "customer.carelessness", "product.use_value", "product.function",
    "product.packaging", "product.culture", "product.price", "product.supply", "product.brand", "staff.communication",
    "staff.demonstration", "staff.explanation", "company.advertising", "company.sales_policy", "company.operation",
    "company.classification", "company.integrity_grading", "system",
)  # fmt: skip
"""Ignorance, prejudice, partial experience or lack of information may stand behind these."""
_NO_ANSWER_YET = (
    "customer.low_mood", "customer.need_unmet", "customer.budget", "product.price", "product.supply", "company.sales_policy",
    "company.classification", "company.integrity_grading", "system",
)  # fmt: skip
_AT_FAULT = (
    "product.quality", "product.defect", "product.fault", "product.after_sales", "staff.broken_promise",
    "company.unkept_commitment", "company.slow_or_unsatisfying", "company.delivery",
)  # fmt: skip
_SENSITIVE = (
    "customer.budget", "product.price", "product.quality", "product.defect", "product.fault", "staff.broken_promise",
    "staff.dishonesty", "staff.rudeness", "company.unkept_commitment", "company.classification", "company.integrity_grading",
)  # fmt: skip
"""Opinions that touch the deal or hurt."""
_DEAL = ("customer.need_unmet", "customer.budget", "product", "staff", "company")


class Fit(NamedTuple):
    """When a method fits: an upper level stands for all its causes, `only` left empty for any.

    `named`: what it is for must have been said; otherwise what is not classified yet stands against nothing.
    `best` and `best_natures`: where it is to be recommended. `rule`: the rule of the procedure behind its guard.
    """

    only: tuple[str, ...] = ()
    only_natures: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    best: tuple[str, ...] = ()
    best_natures: tuple[str, ...] = ()
    named: bool = False
    rule: int = 0


FITS: Mapping[str, Fit] = {
    "enquiry": Fit(best=_LEVELS, best_natures=("hidden",)),
    "indirect": Fit(only=(*_UNINFORMED, "customer.hidden_objection", "customer.unwilling"), best=_UNINFORMED),
    "compensation": Fit(
        only_natures=("genuine",), never=("customer", "system"), best=_AT_FAULT, named=True, rule=COMPENSATION_RULE
    ),
    "tactful": Fit(best=_NO_ANSWER_YET),
    "conversion": Fit(never=_SENSITIVE, best=("product.brand", "product.culture", "system.brand_promotion")),
    "merge": Fit(),
    "cooling": Fit(never=_DEAL, best=("customer.low_mood",)),
    "rebuttal": Fit(only=("customer.misunderstanding", "customer.carelessness"), named=True),
}
"""In the order in which equally fitting ones are offered."""


def _among(cause: str, causes: tuple[str, ...]) -> bool:
    return cause in causes or cause.partition(".")[0] in causes


def fits(method: str, values: Mapping[str, Any]) -> bool:
    """Whether nothing in nature and cause stands against a method; a code that is not declared is not judged."""
    fit, nature, cause = FITS.get(method, Fit()), values.get("nature"), values.get("cause")
    if fit.only_natures and (nature or fit.named) and nature not in fit.only_natures:
        return False
    if fit.only and (cause or fit.named) and not _among(cause or "", fit.only):
        return False
    return not (cause and _among(cause, fit.never))


def recommended(values: Mapping[str, Any]) -> tuple[str, ...]:
    """The methods that nature and cause speak for."""
    nature, cause = values.get("nature") or "", values.get("cause") or ""
    return tuple(
        code
        for code, fit in FITS.items()
        if fits(code, values) and (nature in fit.best_natures or (cause and _among(cause, fit.best)))
    )


def admissible(values: Mapping[str, Any]) -> tuple[str, ...]:
    """The methods that can be chosen without a reason, best first."""
    best = recommended(values)
    return (*best, *(code for code in FITS if code not in best and fits(code, values)))


def guard(method: str) -> str:
    """When a method may be chosen, in a sentence."""
    return next((_(choice.hint) for choice in METHODS if choice.code == method), "")


def unexplained(values: Mapping[str, Any]) -> dict[str, str]:
    """What is said at `method_reason` where the method is against its guard and no reason is given."""
    method = values.get("method")
    if not method or values.get("method_reason") or fits(method, values):
        return {}
    sentence = _("{guard} Choose another method, or write why this one.").format(guard=guard(method))
    if rule := FITS[method].rule:
        sentence = _("{sentence} (rule {rule})").format(sentence=sentence, rule=rule)
    return {"method_reason": sentence}
