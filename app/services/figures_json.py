"""The figures as scripts read them: codes, unrounded rates, money as text."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from app.models.proposals import YUAN
from app.services.figures_values import AGES, Both, Figures, Owed, ParetoRow, Share

BOTH = (
    "mom", "yoy", "close_rate", "handling_hours_median", "handling_hours_mean", "handling_hours_p90", "repeat_rate",
)  # fmt: skip
PLAIN = (
    "objections", "complaints", "solved_on_spot_rate", "same_day_reply_rate", "promise_kept_rate", "on_time_rate",
    "satisfied_rate", "satisfaction_mean", "reopened", "escalated", "complaint_rate", "valid_rate", "backlog", "silent_estimate",
)  # fmt: skip


def as_json(figures: Figures) -> dict[str, Any]:
    """One object: branch, period (both days included), month, now, then each figure by its code."""
    period = figures.period
    said: dict[str, Any] = {
        "branch": figures.branch_code,
        "period": {"from": period.start.isoformat(), "to": period.last_day.isoformat()},
    }
    if period.month:
        said["month"] = period.month
    if figures.only:
        said["by"] = {one.field: [other.code for other in figures.only if other.field == one.field] for one in figures.only}
    if figures.signed:
        said["closed_months"] = [
            {"month": f"{one.month:%Y-%m}", **one.cases._asdict(), "whole": one.whole} for one in figures.signed
        ]
    said["now"] = figures.now.astimezone(figures.zone).isoformat(timespec="seconds")
    said |= {code: getattr(figures, code) for code in PLAIN}
    said |= {code: _both(getattr(figures, code)) for code in BOTH}
    said |= {code: [_share(row, code == "by_method") for row in rows] for code, rows in figures.shares.items()}
    said["content_by_nature"] = [asdict(row) for row in figures.content_by_nature]
    said["compensation_cost"] = _money(figures.compensation_cost)
    said["by_remedy"] = [asdict(row) | {"cost": _money(row.cost)} for row in figures.by_remedy]
    said["promised_vs_delivered"] = [_owed(row) for row in figures.promised_vs_delivered]
    said["ageing"] = {age: sum(bucket) for age, bucket in zip(AGES, figures.ageing, strict=True)}
    said["pareto"] = {"causes": _pareto(figures.pareto.causes), "customers": _pareto(figures.pareto.customers)}
    said["trend"] = [row._asdict() | {"month": f"{row.month:%Y-%m}"} for row in figures.trend]
    return said


def _both(figure: Both[float | None]) -> dict[str, float | None]:
    return {"objections": figure.objections, "complaints": figure.complaints}


def _share(row: Share, rated: bool) -> dict[str, Any]:
    said = asdict(row)
    if not rated:
        del said["satisfied_rate"]
    return said


def _owed(row: Owed) -> dict[str, str]:
    """Money has two decimals, a quantity as many as it needs."""
    told = _money if row.unit == YUAN else _quantity
    return {"code": row.code, "unit": row.unit} | {what: told(getattr(row, what)) for what in ("agreed", "delivered", "owed")}


def _pareto(rows: tuple[ParetoRow, ...]) -> list[dict[str, Any]]:
    return [asdict(row) for row in rows]


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _quantity(amount: Decimal) -> str:
    return f"{amount.normalize() + 0:f}"
