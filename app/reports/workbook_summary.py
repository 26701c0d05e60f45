"""The first sheet of the monthly workbook: the main figures of both kinds, each with its check, and where to sign."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from app.core.language import _
from app.reports import workbook_charts as charts
from app.reports.recount import Detail, having, near, no, of_period, part, yes
from app.reports.sheets import Sheet, Styled
from app.reports.workbook_course import kept, satisfied
from app.reports.workbook_parts import ROW, Month, begin, caption, check, heads, mark_differences, rate
from app.services.figures_values import AGE_LABELS, Both
from app.services.periods import Kind

Number = int | float | Decimal | None
WIDTHS = (30, 13, 13, 13, 10, 3)
_SMALLEST_AGE = (None, 2, 4, 8, 31)
_LARGEST_AGE = (1, 3, 7, 30, None)


@dataclass(frozen=True)
class Entry:
    """A row: values of objections, complaints and both (None: there is none); what must hold, {o} {c} {t} being their cells."""

    label: str
    values: tuple[Number, Number, Number]
    look: str = "number"
    conditions: tuple[str, ...] = ()
    dash: tuple[bool, bool, bool] = (False, False, False)


class Drawn(NamedTuple):
    """A table of another sheet that is drawn here: columns from–to; rows of heads, first and last."""

    sheet: Sheet
    columns: tuple[int, int]
    rows: tuple[int, int, int]


class Links(NamedTuple):
    """Where other sheets hold what this recounts from: amounts agreed, scores; the trend's last month if that is the period."""

    amounts: str
    outcomes: str
    scores: str
    trend: tuple[str, int] | None
    months: Drawn
    contents: Drawn


def write(month: Month, sheet: Sheet, prepared_by: str, day: date, links: Links) -> None:
    """The whole sheet."""
    begin(month, sheet, _("Monthly report on objections and complaints"))
    _block(sheet, _("Cases"), [*_counts(month, links)])
    _block(sheet, _("Handling"), [*_handling(month, links)])
    _block(sheet, _("Customers and compensation"), [*_money(month, links)])
    ages = _block(sheet, _("Open at the end"), [*_open(month)])
    sheet.add()
    sheet.add([Styled(_("Prepared by: {name}").format(name=prepared_by), "hand")], 24)
    sheet.add([Styled(_("Checked by:"), "hand")], 24)
    sheet.add([Styled(_("Date: {day}").format(day=day.isoformat()), "hand")], 24)
    mark_differences(sheet)
    months, contents = links.months, links.contents
    charts.lines(sheet, _("Objections and complaints, 13 months"), "G4", months.columns, months.rows, months.sheet)
    charts.bars(sheet, _("Content and nature of objections"), "G19", contents.columns, contents.rows, source=contents.sheet)
    charts.bars(sheet, _("Open cases by age"), "G35", (2, 3), (ages, ages + 1, ages + 5))
    sheet.one_page()


def _block(sheet: Sheet, name: str, entries: Sequence[Entry]) -> int:
    """A table of entries; the row of its heads."""
    caption(sheet, name)
    head = heads(sheet, [_("Figure"), _("Objections"), _("Complaints"), _("Together"), _("Check")])
    for entry in entries:
        at = sheet.row + 1
        cells = [Styled(entry.label)]
        cells += [
            rate(None) if dash and value is None else Styled(_plain(value), entry.look)
            for value, dash in zip(entry.values, entry.dash, strict=True)
        ]
        conditions = [condition.format(o=f"B{at}", c=f"C{at}", t=f"D{at}") for condition in entry.conditions]
        sheet.add([*cells, check(sheet, conditions)], ROW)
    return head


def _plain(value: Number) -> int | float | None:
    return float(value) if isinstance(value, Decimal) else value


def _pair(label: str, pair: Both[float | None], look: str, recounts: Sequence[str]) -> Entry:
    """A rate of both kinds."""
    places = ("{o}", "{c}")
    conditions = tuple(
        near(recount, place) for value, recount, place in zip(pair, recounts, places, strict=True) if value is not None
    )
    return Entry(label, (*pair, None), look, conditions, (True, True, False))


def _one(label: str, place: int, value: Number, look: str, recount: str) -> Entry:
    """A figure of one kind: place 0 objections, 1 complaints, 2 both."""
    values: list[Number] = [None, None, None]
    values[place] = value
    dash = (place == 0, place == 1, place == 2)
    conditions = () if value is None or not recount else (near(recount, ("{o}", "{c}", "{t}")[place]),)
    return Entry(label, (values[0], values[1], values[2]), look, conditions, dash)


def _all(detail: Detail) -> str:
    return of_period(detail)


def _counts(month: Month, links: Links) -> Iterator[Entry]:
    figures, objections, complaints = month.figures, month.objections, month.complaints
    recounts = (f"{_all(objections)}={{o}}", f"{_all(complaints)}={{c}}", "{o}+{c}={t}")
    yield Entry(
        _("This period"), (figures.objections, figures.complaints, figures.objections + figures.complaints), "number", recounts
    )
    names = {Kind.MONTH: _("Month before"), Kind.QUARTER: _("Quarter before"), Kind.YEAR: _("Year before")}
    compared = (
        (names.get(figures.period.kind, _("As many days before")), figures.previous, figures.mom, _("Change against it"), 1),
        (_("A year earlier"), figures.year_before, figures.yoy, _("Change against that"), 12),
    )
    for label, counts, changes, change, back in compared:
        found = _in_trend(links, back)
        yield Entry(label, (counts.objections, counts.complaints, sum(counts)), "number", (*found, "{o}+{c}={t}"))
        recounted = (f"{_all(objections)}/{counts.objections}-1", f"{_all(complaints)}/{counts.complaints}-1")
        yield _pair(change, changes, "change", recounted)
    yield _one(
        _("Silent customers (estimate)"),
        1,
        figures.silent_estimate,
        "number",
        f"{_all(complaints)}*{figures.silent_factor}",
    )


def _in_trend(links: Links, back: int) -> tuple[str, ...]:
    """The counts of an earlier month stand in the trend, too."""
    if links.trend is None:
        return ()
    name, row = links.trend
    return (f"'{name}'!B{row - back}={{o}}", f"'{name}'!C{row - back}={{c}}")


def _handling(month: Month, links: Links) -> Iterator[Entry]:
    figures, objections, complaints = month.figures, month.objections, month.complaints
    solved = f"{of_period(objections, ('solved_on_spot', yes()))}/{_all(objections)}"
    yield _one(_("Share solved on the spot"), 0, figures.solved_on_spot_rate, "percent", solved)
    yield _one(_("Share replied on the same day"), 1, figures.same_day_reply_rate, "percent", _same_day(complaints))
    yield _one(_("Share of promises kept"), 2, figures.promise_kept_rate, "percent", kept(links.outcomes))
    ended = [f"{of_period(detail, ('ended', yes()))}/{_all(detail)}" for detail in (objections, complaints)]
    yield _pair(_("Share ended"), figures.close_rate, "percent", ended)
    yield _one(_("Share solved in time"), 1, figures.on_time_rate, "percent", _in_time(complaints))
    kinds = (objections, complaints)
    yield _pair(
        _("Handling hours, median"), figures.handling_hours_median, "hours", [f"MEDIAN({kind['hours']})" for kind in kinds]
    )
    yield _pair(_("Handling hours, mean"), figures.handling_hours_mean, "hours", [f"AVERAGE({kind['hours']})" for kind in kinds])
    ranks = [f"SMALL({kind['hours']},ROUNDUP(COUNT({kind['hours']})*9/10,0))" for kind in kinds]
    yield _pair(_("Handling hours, 9 of 10 within"), figures.handling_hours_p90, "hours", ranks)
    repeats = [f"{of_period(detail, ('repeated', yes()))}/{_all(detail)}" for detail in kinds]
    yield _pair(_("Share repeated within 90 days"), figures.repeat_rate, "percent", repeats)
    yield _one(_("Became complaints"), 0, figures.escalated, "number", of_period(objections, ("escalated", yes())))
    yield _one(_("Handled in more than one round"), 1, figures.reopened, "number", of_period(complaints, ("round", '">1"')))
    yield _one(_("Share judged valid"), 1, figures.valid_rate, "percent", part(complaints, "valid"))
    yield _one(_("Share satisfied"), 1, figures.satisfied_rate, "percent", satisfied(links.scores))
    yield _one(_("Satisfaction, mean (1–5)"), 1, figures.satisfaction_mean, "mean", f"AVERAGE({links.scores})")


def _same_day(complaints: Detail) -> str:
    same = of_period(complaints, ("same_day", yes()))
    return f"{same}/({same}+{of_period(complaints, ('same_day', no()))})"


def _in_time(complaints: Detail) -> str:
    """Those whose solution fell due need not be of the period."""
    met = having(complaints, ("in_time", yes()))
    return f"{met}/({met}+{having(complaints, ('in_time', no()))})"


def _money(month: Month, links: Links) -> Iterator[Entry]:
    figures = month.figures
    yield _one(_("Active customers"), 2, figures.active_customers, "number", "")
    per_thousand = f"{_all(month.complaints)}/{figures.active_customers}*1000"
    yield _one(_("Complaints for 1,000 customers"), 1, figures.complaint_rate, "mean", per_thousand)
    yield _one(_("Compensation agreed (yuan)"), 1, figures.compensation_cost, "money", f"SUM({links.amounts})")


def _open(month: Month) -> Iterator[Entry]:
    details = (month.objections, month.complaints)
    both = Both(*(sum(bucket[place] for bucket in month.figures.ageing) for place in (0, 1)))
    recounts = [f"COUNT({detail['age']})={{{place}}}" for detail, place in zip(details, "oc", strict=True)]
    for bucket, label, least, most in zip(month.figures.ageing, AGE_LABELS, _SMALLEST_AGE, _LARGEST_AGE, strict=True):
        conditions = []
        for detail, place in zip(details, "oc", strict=True):
            bounds = [("age", f'">={least}"')] if least is not None else []
            bounds += [("age", f'"<={most}"')] if most is not None else []
            conditions.append(f"{having(detail, *bounds)}={{{place}}}")
        yield Entry(_(label), (*bucket, sum(bucket)), "number", (*conditions, "{o}+{c}={t}"))
    yield Entry(_("Open cases"), (*both, sum(both)), "number", (*recounts, "{o}+{c}={t}"))
