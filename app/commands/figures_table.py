"""The figures of a period as tables for a terminal; scripts read the JSON instead."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from app.core import formats
from app.core.language import _
from app.models.proposals import YUAN
from app.services.figure_words import AXES
from app.services.figures_values import AGE_LABELS, Both, Figures, Owed, Share
from app.services.periods import Kind

MOST_ROWS = 10


class Table(NamedTuple):
    """Heads and rows, all text."""

    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def aligned(table: Table) -> str:
    """The table with its columns below each other; Chinese characters are two places wide."""
    rows = [table.head, *table.rows]
    widths = [max(_places(row[column]) for row in rows) for column in range(len(table.head))]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    """Words stand left, numbers right."""
    first = row[0] + " " * (widths[0] - _places(row[0]))
    rest = (" " * (width - _places(cell)) + cell for cell, width in zip(row[1:], widths[1:], strict=True))
    return "  ".join((first, *rest)).rstrip()


def _places(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def tables(figures: Figures) -> Iterator[Table]:
    """The main figures, what was agreed, then each distribution that has rows."""
    yield Table((_("Figure"), _("Objections"), _("Complaints"), _("Together")), list(_main(figures)))
    if figures.by_remedy:
        rows = [(row.label, str(row.count), formats.money(row.cost)) for row in figures.by_remedy]
        yield Table((_("Remedies agreed"), _("Count"), _("Cost (yuan)")), rows)
    if figures.promised_vs_delivered:
        owed = [(_of_unit(row), *_quantities(row)) for row in figures.promised_vs_delivered]
        yield Table((_("Promised and delivered"), _("Promised quantity"), _("Delivered quantity"), _("Still owed")), owed)
    for code, label in AXES.items():
        if figures.shares[code]:
            yield _distribution(_(label), figures.shares[code])
    months = [(f"{row.month:%Y-%m}", str(row.objections), str(row.complaints)) for row in figures.trend]
    yield Table((_("Trend"), _("Objections"), _("Complaints")), months)


def _of_unit(row: Owed) -> str:
    return _("{what} ({unit})").format(what=row.label, unit=row.unit) if row.unit else row.label


def _quantities(row: Owed) -> tuple[str, ...]:
    told = formats.money if row.unit == YUAN else formats.quantity
    return (told(row.agreed), told(row.delivered), told(row.owed))


def _distribution(label: str, shares: tuple[Share, ...]) -> Table:
    rows = [(row.label, str(row.count), formats.percent(row.share)) for row in shares[:MOST_ROWS]]
    rest = shares[MOST_ROWS:]
    if rest:
        part = sum(row.share or 0 for row in rest)
        rows.append((_("{count} others").format(count=len(rest)), str(sum(row.count for row in rest)), formats.percent(part)))
    return Table((label, _("Count"), _("Share")), rows)


def _main(figures: Figures) -> Iterator[tuple[str, ...]]:
    names = {Kind.MONTH: _("Month before"), Kind.QUARTER: _("Quarter before"), Kind.YEAR: _("Year before")}
    before = names.get(figures.period.kind, _("As many days before"))
    yield _counts(_("This period"), Both(figures.objections, figures.complaints))
    yield _counts(before, figures.previous)
    yield _pair(_("Change against it"), figures.mom)
    yield _counts(_("A year earlier"), figures.year_before)
    yield _pair(_("Change against that"), figures.yoy)
    yield (_("Share solved on the spot"), formats.percent(figures.solved_on_spot_rate), "", "")
    yield _of_complaints(_("Share replied on the same day"), formats.percent(figures.same_day_reply_rate))
    yield (_("Share of promises kept"), "", "", formats.percent(figures.promise_kept_rate))
    yield _pair(_("Share ended"), figures.close_rate)
    yield _of_complaints(_("Share solved in time"), formats.percent(figures.on_time_rate))
    yield _hours(_("Handling hours, median"), figures.handling_hours_median)
    yield _hours(_("Handling hours, mean"), figures.handling_hours_mean)
    yield _hours(_("Handling hours, 9 of 10 within"), figures.handling_hours_p90)
    yield _pair(_("Share repeated within 90 days"), figures.repeat_rate)
    yield (_("Became complaints"), str(figures.escalated), "", "")
    yield _of_complaints(_("Handled in more than one round"), str(figures.reopened))
    yield _of_complaints(_("Share judged valid"), formats.percent(figures.valid_rate))
    yield _of_complaints(_("Share satisfied"), formats.percent(figures.satisfied_rate))
    yield _of_complaints(_("Satisfaction, mean (1–5)"), _number(figures.satisfaction_mean, 2))
    yield _of_complaints(_("Complaints for 1,000 customers"), _number(figures.complaint_rate, 2))
    yield _of_complaints(_("Compensation agreed (yuan)"), formats.money(figures.compensation_cost))
    yield _of_complaints(_("Estimate: customers as unhappy who say nothing"), str(figures.silent_estimate))
    yield _counts(_("Open cases"), Both(*(sum(bucket[place] for bucket in figures.ageing) for place in (0, 1))))
    for bucket, label in zip(figures.ageing, AGE_LABELS, strict=True):
        yield _counts(_(label), bucket)


def _counts(label: str, counts: Both[int]) -> tuple[str, ...]:
    return (label, str(counts.objections), str(counts.complaints), str(sum(counts)))


def _pair(label: str, rates: Both[float | None]) -> tuple[str, ...]:
    return (label, formats.percent(rates.objections), formats.percent(rates.complaints), "")


def _hours(label: str, hours: Both[float | None]) -> tuple[str, ...]:
    return (label, _number(hours.objections, 1), _number(hours.complaints, 1), "")


def _of_complaints(label: str, text: str) -> tuple[str, ...]:
    return (label, "", text, "")


def _number(value: float | None, places: int) -> str:
    return "—" if value is None else f"{value:,.{places}f}"
