"""What each figure is called, by its code: the words that terminal, window and workbook share."""

from __future__ import annotations

from collections.abc import Iterable

from app.core.language import N_, _
from app.services.figures_values import Figures

AXES = {
    "by_content": N_("Objections by content"),
    "by_nature": N_("Objections by nature"),
    "by_family": N_("Objections by family"),
    "by_cause": N_("Objections by cause"),
    "by_channel": N_("Objections by channel"),
    "by_method": N_("Objections by handling method"),
    "by_handler": N_("Objections by handler"),
    "by_tier": N_("Objections by value tier"),
    "by_product": N_("Objections by product"),
    "by_customer": N_("Objections by customer"),
    "complaints_by_class": N_("Complaints by class"),
    "complaints_by_cause": N_("Complaints by cause"),
    "complaints_by_channel": N_("Complaints by channel"),
    "complaints_by_product": N_("Complaints by product"),
    "complaints_by_customer": N_("Complaints by customer"),
    "complaints_by_handler": N_("Complaints by handler"),
    "complaints_by_severity": N_("Complaints by severity"),
    "complaints_by_tier": N_("Complaints by value tier"),
}
"""The distributions by the codes of their figures."""
WORDS = AXES | {
    "objections": N_("Objections"),
    "complaints": N_("Complaints"),
    "solved_on_spot_rate": N_("Share solved on the spot"),
    "same_day_reply_rate": N_("Share replied on the same day"),
    "close_rate": N_("Share ended"),
    "handling_hours_median": N_("Handling hours, median"),
    "handling_hours_mean": N_("Handling hours, mean"),
    "handling_hours_p90": N_("Handling hours, 9 of 10 within"),
    "repeat_rate": N_("Share repeated within 90 days"),
    "escalated": N_("Became complaints"),
    "reopened": N_("Handled in more than one round"),
    "valid_rate": N_("Share judged valid"),
    "satisfied_rate": N_("Share satisfied"),
    "satisfaction_mean": N_("Satisfaction, mean (1–5)"),
    "complaint_rate": N_("Complaints for 1,000 customers"),
    "compensation_cost": N_("Compensation agreed (yuan)"),
    "backlog": N_("Open cases"),
    "ageing": N_("Open cases, age"),
    "by_remedy": N_("Remedies agreed"),
    "content_by_nature": N_("Content and nature of objections"),
    "promise_kept_rate": N_("Share of promises kept"),
    "on_time_rate": N_("Share solved in time"),
    "promised_vs_delivered": N_("Promised and delivered"),
    "agreed": N_("Promised quantity"),
    "delivered": N_("Delivered quantity"),
    "owed": N_("Still owed"),
    "trend": N_("Trend"),
    "cost": N_("Cost (yuan)"),
}


def named(missing: Iterable[str]) -> str:
    """The words of figures that were not kept, by their names in the content."""
    return _(", ").join(dict.fromkeys(of(name.rpartition(".")[2]) for name in missing))


def of_signed(figures: Figures) -> str:
    """That a longer period counts its closed months by the records of today, and what had been signed of them."""
    told = []
    for month, cases, whole in figures.signed:
        said = _("{month}: {objections} objections, {complaints} complaints") if whole else _("{month}: a part of it")
        told.append(said.format(month=f"{month:%Y-%m}", objections=cases.objections, complaints=cases.complaints))
    return _("This holds closed months, counted here as the records are today. Signed of them: {months}.").format(
        months=_("; ").join(told)
    )


def of(code: str) -> str:
    """The words for a figure; a code without words stands for itself."""
    return _(WORDS[code]) if code in WORDS else code
