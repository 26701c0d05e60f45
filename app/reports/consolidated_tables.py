"""The sheets of the consolidated workbook that compare branches: a row each, counted again from the details of all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from app.core.language import N_, _
from app.reports import workbook_charts as charts
from app.reports.recount import Detail, having, near, no, of_period, yes
from app.reports.sheets import Sheet, Styled, letter
from app.reports.workbook_parts import ROW, Cells, Month, begin, check, mark_differences, rate
from app.services.figures_values import UNCLASSIFIED, Figures, Share
from app.services.merged_cases import Merged

Number = int | float | None
Where = tuple[tuple[str, str], ...]
"""Conditions that choose a branch; none chooses all."""
_WILD = set("*?~")
COUNTS = (26, 9, 9, 9, 9, 11, 11, 9, 9, 11, 11, 14, 9, 3)
RATES = (26, 10, 10, 10, 10, 10, 10, 12, 12, 12, 12, 10, 10, 10, 10, 10, 9, 3)
RANKS = (26, 11, 11, 11, 11, 11, 11, 11, 12, 11, 11, 3)
MATRIX = (26, *[11] * 15)
MOST_CODES = 12


class Measure(NamedTuple):
    """A figure of a branch: how it looks, where it comes from, and the formula that counts it again (None: nothing can).

    `better`: 1 where more is better, −1 where less is, 0 where neither.
    """

    label: str
    look: str
    value: Callable[[Figures], Number]
    recount: Callable[[Month, Where], str] | None = None
    better: int = 0


def _own(kind: str, code: str = "", criterion: str = "") -> Callable[[Month, Where], str]:
    """Cases of the period; of those in which a column meets a criterion, or says yes."""
    return lambda month, where: of_period(_detail(month, kind), *where, *([(code, criterion or yes())] if code else []))


def _part(kind: str, code: str, *, asked: bool = False) -> Callable[[Month, Where], str]:
    """Yes of all, or, where not every case was asked, of yes and no."""

    def formula(month: Month, where: Where) -> str:
        detail = _detail(month, kind)
        said = of_period(detail, *where, (code, yes()))
        return f"{said}/({said}+{of_period(detail, *where, (code, no()))})" if asked else f"{said}/{of_period(detail, *where)}"

    return formula


def _mean(kind: str, code: str) -> Callable[[Month, Where], str]:
    def formula(month: Month, where: Where) -> str:
        detail = _detail(month, kind)
        pairs = ",".join(f"{detail[column]},{criterion}" for column, criterion in where)
        return f"AVERAGEIFS({detail[code]},{pairs})" if pairs else f"AVERAGE({detail[code]})"

    return formula


def _open(month: Month, where: Where) -> str:
    return "+".join(having(detail, *where, ("age", '">=0"')) for detail in (month.objections, month.complaints))


def _in_time(month: Month, where: Where) -> str:
    """Of the solutions that fell due, whenever their complaints were received."""
    met, late = (having(month.complaints, *where, ("in_time", word)) for word in (yes(), no()))
    return f"{met}/({met}+{late})"


def _detail(month: Month, kind: str) -> Detail:
    return month.objections if kind == "objections" else month.complaints


OF_COUNTS = (
    Measure(N_("Objections"), "number", lambda one: one.objections, _own("objections")),
    Measure(N_("Complaints"), "number", lambda one: one.complaints, _own("complaints")),
    Measure(N_("Together"), "number", lambda one: one.objections + one.complaints),
    Measure(N_("Open cases"), "number", lambda one: one.backlog, _open),
    Measure(N_("Objections against the period before"), "change", lambda one: one.mom.objections),
    Measure(N_("Complaints against the period before"), "change", lambda one: one.mom.complaints),
    Measure(N_("Became complaints"), "number", lambda one: one.escalated, _own("objections", "escalated")),
    Measure(N_("Reopened"), "number", lambda one: one.reopened, _own("complaints", "round", '">1"')),
    Measure(N_("Active customers"), "number", lambda one: one.active_customers),
    Measure(N_("Complaints for 1,000 customers"), "mean", lambda one: one.complaint_rate, None, -1),
    Measure(N_("Compensation agreed (yuan)"), "money", lambda one: float(one.compensation_cost)),
)  # fmt: skip
OF_HANDLING = (
    Measure(N_("Share solved on the spot"), "percent", lambda one: one.solved_on_spot_rate,
            _part("objections", "solved_on_spot"), 1),
    Measure(N_("Share replied on the same day"), "percent", lambda one: one.same_day_reply_rate,
            _part("complaints", "same_day", asked=True), 1),
    Measure(N_("Share solved in time"), "percent", lambda one: one.on_time_rate, _in_time, 1),
    Measure(N_("Share of promises kept"), "percent", lambda one: one.promise_kept_rate, None, 1),
    Measure(N_("Objections ended"), "percent", lambda one: one.close_rate.objections, _part("objections", "ended"), 1),
    Measure(N_("Complaints ended"), "percent", lambda one: one.close_rate.complaints, _part("complaints", "ended"), 1),
    Measure(N_("Hours of objections, median"), "hours", lambda one: one.handling_hours_median.objections),
    Measure(N_("Hours of complaints, median"), "hours", lambda one: one.handling_hours_median.complaints, None, -1),
    Measure(N_("Hours of objections, mean"), "hours", lambda one: one.handling_hours_mean.objections,
            _mean("objections", "hours")),
    Measure(N_("Hours of complaints, mean"), "hours", lambda one: one.handling_hours_mean.complaints,
            _mean("complaints", "hours")),
    Measure(N_("Objections repeated"), "percent", lambda one: one.repeat_rate.objections, _part("objections", "repeated")),
    Measure(N_("Complaints repeated"), "percent", lambda one: one.repeat_rate.complaints, _part("complaints", "repeated"), -1),
    Measure(N_("Share judged valid"), "percent", lambda one: one.valid_rate, _part("complaints", "valid", asked=True)),
    Measure(N_("Share satisfied"), "percent", lambda one: one.satisfied_rate, None, 1),
    Measure(N_("Satisfaction, mean (1–5)"), "mean", lambda one: one.satisfaction_mean),
)  # fmt: skip
RANKED = tuple(one for one in (*OF_COUNTS, *OF_HANDLING) if one.better)


def ordered(merged: Merged) -> list[Figures]:
    """The branches, most cases first."""
    return sorted(merged.branches, key=lambda one: (-one.objections - one.complaints, one.branch_code))


def name_of(one: Figures) -> str:
    """As the details call the branch."""
    return f"{one.branch_code} {one.branch_name}"


def _key(name: str, row: int) -> str:
    """The criterion that finds exactly this branch."""
    if not _WILD & set(name):
        return f"$A{row}"
    return f'SUBSTITUTE(SUBSTITUTE(SUBSTITUTE($A{row},"~","~~"),"*","~*"),"?","~?")'


def _heads(sheet: Sheet, labels: Iterable[str], *last: str) -> int:
    return sheet.add([Styled(label, "head") for label in (_("Branch"), *labels, *last)], 46)


def compare(measures: Sequence[Measure], merged: Merged, month: Month, sheet: Sheet) -> None:
    """A row per branch with figures, and one of all."""
    begin(month, sheet, sheet.title)
    head = _heads(sheet, [_(one.label) for one in measures], _("Check"))
    branches = ordered(merged)
    for one in branches:
        where = (("branch", _key(name_of(one), sheet.row + 1)),)
        _measured(month, sheet, measures, one, where)
    _measured(month, sheet, measures, merged.whole, ())
    sheet.ws.auto_filter.ref = f"A{head}:{letter(len(measures) + 2)}{sheet.row - 1}"
    mark_differences(sheet)
    if measures is OF_COUNTS:
        _draw(sheet, len(measures), (head, head + 1, sheet.row - 1))


def _draw(sheet: Sheet, measures: int, rows: tuple[int, int, int]) -> None:
    """Bars of the branches with most cases: below a short table, else beside it and not on paper."""
    below = len(range(rows[1], rows[2] + 1)) <= charts.MOST_BARS
    sheet.ws.print_area = f"A1:{letter(measures + 2)}{sheet.row + 32 * below}"
    place = f"A{sheet.row + 2}" if below else f"{letter(measures + 4)}4"
    charts.bars(sheet, _("Objections and complaints by branch"), place, (2, 3), rows)


def _measured(month: Month, sheet: Sheet, measures: Sequence[Measure], one: Figures, where: Where) -> None:
    total = not where
    cells: Cells = [Styled(_("All branches") if total else name_of(one), "text", total)]
    conditions = []
    for place, measure in enumerate(measures, 2):
        value = measure.value(one)
        cells.append(rate(None, strong=total) if value is None else Styled(value, measure.look, total))
        if measure.recount is not None and value is not None:
            conditions.append(near(measure.recount(month, where), f"{letter(place)}{sheet.row + 1}"))
    sheet.add([*cells, check(sheet, conditions, total)], ROW)


def ranks(merged: Merged, month: Month, sheet: Sheet) -> None:
    """The place of each branch among those that have the figure; equal ones share it."""
    begin(month, sheet, sheet.title)
    sheet.ws.auto_filter.ref = f"A4:{letter(len(RANKED) + 1)}{4 + len(merged.branches)}"
    _heads(sheet, [_(one.label) for one in RANKED])
    places = [_places([one.value(branch) for branch in ordered(merged)], one.better) for one in RANKED]
    for number, branch in enumerate(ordered(merged)):
        cells: Cells = [Styled(name_of(branch))]
        cells += [rate(None) if column[number] is None else Styled(column[number], "number") for column in places]
        sheet.add(cells, ROW)
    told = _("1 is best: fewer complaints for 1,000 customers, repeated ones and hours; more of the others.")
    sheet.add([Styled(told, "note")])


def _places(values: Sequence[Number], better: int) -> list[int | None]:
    known = [value * better for value in values if value is not None]
    return [None if value is None else 1 + sum(other > value * better for other in known) for value in values]


class Matrix(NamedTuple):
    """Branches down, codes of a classification across; the figures that are added up, and the column of the details."""

    code: str
    name: str
    figures: tuple[str, ...]
    column: str


MATRICES = (
    Matrix("by_branch_content", N_("Branches × content"), ("by_content",), "content"),
    Matrix("by_branch_class", N_("Branches × class"), ("complaints_by_class",), "class"),
    Matrix("by_branch_cause", N_("Branches × cause"), ("by_cause", "complaints_by_cause"), "cause"),
    Matrix("by_branch_channel", N_("Branches × channel"), ("by_channel", "complaints_by_channel"), "channel"),
    Matrix("by_branch_tier", N_("Branches × value tier"), ("by_tier", "complaints_by_tier"), "tier"),
)


def matrix(shown: Matrix, merged: Merged, month: Month, sheet: Sheet) -> None:
    """Cases of each branch by code, most frequent first; rarer ones together."""
    begin(month, sheet, sheet.title)
    counted = _counts(merged.whole, shown)
    codes = sorted(counted, key=lambda code: (code == UNCLASSIFIED, -counted[code], code))
    codes, rest = codes[:MOST_CODES], codes[MOST_CODES:]
    labels = {row.code: row.label for figure in shown.figures for row in merged.whole.shares[figure]}
    others = [_("{count} others").format(count=len(rest))] if rest else []
    head = _heads(sheet, [*(labels[code] for code in codes), *others, _("Together")], _("Check"))
    for one in (*ordered(merged), merged.whole):
        _matrix_row(month, sheet, shown, one, codes, bool(rest), one is merged.whole)
    sheet.ws.auto_filter.ref = f"A{head}:{letter(len(codes) + len(others) + 3)}{sheet.row - 1}"
    mark_differences(sheet)


def _counts(one: Figures, shown: Matrix) -> dict[str, int]:
    found: dict[str, int] = {}
    rows: list[Share] = [row for figure in shown.figures for row in one.shares[figure]]
    for row in rows:
        found[row.code] = found.get(row.code, 0) + row.count
    return found


def _matrix_row(month: Month, sheet: Sheet, shown: Matrix, one: Figures, codes: Sequence[str], rest: bool, total: bool) -> None:
    row = sheet.row + 1
    where: Where = () if total else (("branch", _key(name_of(one), row)),)
    counted = _counts(one, shown)
    counts = [counted.get(code, 0) for code in codes]
    everything = sum(counted.values())
    counts += [everything - sum(counts)] if rest else []
    details = [month.objections if figure == f"by_{shown.column}" else month.complaints for figure in shown.figures]
    conditions = []
    for place, code in enumerate(codes, 2):
        criterion = '""' if code == UNCLASSIFIED else f"{letter(place)}$4"
        again = "+".join(of_period(detail, *where, (shown.column, criterion)) for detail in details)
        conditions.append(f"{again}={letter(place)}{row}")
    last = letter(len(counts) + 2)
    conditions.append(f"{'+'.join(of_period(detail, *where) for detail in details)}={last}{row}")
    cells: Cells = [Styled(_("All branches") if total else name_of(one), "text", total)]
    cells += [Styled(count, "number", total) for count in (*counts, everything)]
    sheet.add([*cells, check(sheet, conditions, total)], ROW)
