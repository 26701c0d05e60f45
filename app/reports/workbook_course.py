"""The sheets of the monthly workbook about the course of cases: promises, satisfaction, and what is overdue.

Each has tables above and, below, the list that they are counted from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from app.core.language import _
from app.models import classifications as of
from app.models.promises import SUBJECTS
from app.reports import workbook_charts as charts
from app.reports.recount import near
from app.reports.sheets import Sheet, Styled, letter
from app.reports.workbook_parts import (
    ROOM,
    ROW,
    Area,
    Block,
    Cells,
    Month,
    begin,
    below,
    caption,
    check,
    heads,
    leave_room,
    mark_differences,
    rate,
    sum_check,
)
from app.services.figures import SATISFIED, words_of
from app.services.figures_details import statuses_of
from app.services.figures_listed import IN_TIME, OUTCOMES, FollowUpRow, Local, OverdueRow, PromiseRow
from app.services.figures_rows import KINDS

T = TypeVar("T")
PROMISES = (20, 18, 12, 17, 17, 12, 12, 24, 3)
SATISFACTION = (20, 18, 20, 12, 12, 12, 12, 12, 34, 3)
OVERDUE = (20, 22, 16, 17, 12, 12, 14, 3)
_HALF, _WHOLE = (12.4, 6.2), (21.5, 6.2)


def kept(outcomes: str) -> str:
    """The share of promises kept, from the address of what became of them."""
    return f'COUNTIF({outcomes},{_quoted(_(IN_TIME))})/COUNTIF({outcomes},"?*")'


def satisfied(scores: str) -> str:
    """The share of the satisfied, from the address of the scores."""
    return f'COUNTIF({scores},">={SATISFIED}")/COUNT({scores})'


def _quoted(word: str) -> str:
    return f'"{word}"'


def _grouped(rows: Iterable[T], of_row: Callable[[T], str]) -> dict[str, list[T]]:
    """Most first; what has no name is the last."""
    found: dict[str, list[T]] = {}
    for row in rows:
        found.setdefault(of_row(row), []).append(row)
    return dict(sorted(found.items(), key=lambda item: (not item[0], -len(item[1]), item[0])))


def _first(name: str) -> tuple[Styled, Callable[[int], str]]:
    """The first cell of a row of a table, and what its rows of the list hold."""
    return Styled(name or _("Unclassified")), (lambda at: f"$A{at}") if name else (lambda _at: '""')


def _time(value: Local) -> Styled:
    return Styled(value, "moment" if isinstance(value, datetime) else "day")


def _rows(area: Area) -> tuple[int, int, int]:
    return area.heads, area.first, area.last


def _listed(sheet: Sheet, area: Area, title: str, labels: Sequence[str], rows: Iterable[Cells]) -> None:
    caption(sheet, title)
    heads(sheet, labels)
    for row in rows:
        sheet.add(row)
    sheet.ws.auto_filter.ref = f"A{area.heads}:{letter(len(labels))}{area.last}"
    sheet.ws.print_title_rows = f"{area.heads}:{area.heads}"
    mark_differences(sheet)


def promises(month: Month, sheet: Sheet) -> str:
    """Promises that fell due, by what was promised and by handler; the address of what became of each."""
    begin(month, sheet, _("Promises"))
    rows, words = month.listed.promises, words_of(SUBJECTS)
    by_subject = _grouped(rows, lambda row: words.get(row.subject, row.subject))
    by_handler = _grouped(rows, lambda row: row.handler)
    area = below(sheet, (len(by_subject), len(by_handler)), len(rows), ROOM if rows else 0)
    block = Block(sheet, area)
    caption(sheet, _("By what was promised"))
    subjects = _kept_table(month, sheet, block, _("What was promised"), by_subject, "C")
    caption(sheet, _("By handler"))
    handlers = _kept_table(month, sheet, block, _("Handler"), by_handler, "G")
    if rows:
        at = leave_room(sheet)
        charts.bars(sheet, _("Promises by what was promised"), f"A{at}", (3, 5), _rows(subjects), size=_HALF)
        charts.bars(sheet, _("Promises by handler"), f"E{at}", (3, 5), _rows(handlers), size=_HALF)
    labels = [_("Number"), _("Case"), _("What was promised"), _("Due"), _("Done at"), _("Outcome"), _("Handler"), _("Customer")]
    _listed(sheet, area, _("Promises that fell due"), labels, (_promise(row, words) for row in rows))
    return block["F"]


def _promise(row: PromiseRow, words: dict[str, str]) -> Cells:
    known = [
        Styled(row.number),
        Styled(row.case),
        Styled(words.get(row.subject, row.subject)),
        _time(row.due),
        _time(row.kept_at),
    ]
    return [*known, Styled(_(row.outcome)), Styled(row.handler, "memo"), Styled(row.customer, "memo")]


def _kept_table(month: Month, sheet: Sheet, block: Block, name: str, groups: dict[str, list[PromiseRow]], column: str) -> Area:
    head = heads(sheet, [name, _("Fell due"), *map(_, OUTCOMES), _("Share kept"), _("Check")])
    for group, rows in groups.items():
        at = sheet.row + 1
        cell, said = _first(group)
        counts = [sum(row.outcome == outcome for row in rows) for outcome in OUTCOMES]
        found = [
            f"{block.count(**{column: said(at), 'F': _quoted(_(outcome))})}={place}{at}"
            for outcome, place in zip(OUTCOMES, "CDE", strict=True)
        ]
        conditions = [*found, f"SUM(C{at}:E{at})=B{at}", near(f"C{at}/B{at}", f"F{at}")]
        numbers = [Styled(count, "number") for count in (len(rows), *counts)]
        sheet.add([cell, *numbers, rate(counts[0] / len(rows)), check(sheet, conditions)], ROW)
    area = Area(head, head + 1, sheet.row)
    every = [row for rows in groups.values() for row in rows]
    totals = [len(every), *(sum(row.outcome == outcome for row in every) for outcome in OUTCOMES)]
    ends: Cells = [Styled(_("Total"), "text", True), *(Styled(total, "number", True) for total in totals)]
    share = month.figures.promise_kept_rate
    conditions = [] if share is None else [near(kept(block["F"]), f"F{sheet.row + 1}")]
    sheet.add([*ends, rate(share, strong=True), sum_check(sheet, area, *"BCDE", more=conditions)], ROW)
    return area


def satisfaction(month: Month, sheet: Sheet) -> str:
    """What the follow-ups say, by score and by handler; the address of the scores of the result."""
    begin(month, sheet, _("Satisfaction"))
    rows = month.listed.follow_ups
    by_handler = _grouped(rows, lambda row: row.handler)
    area = below(sheet, (len(_SCORES) + 2, len(by_handler)), len(rows))
    block = Block(sheet, area)
    scores = _scores(month, sheet, block)
    _satisfied_table(month, sheet, block, by_handler)
    labels = [
        _("Done at"), _("Complaint"), _("Customer"), _("How"), _("Result (1–5)"), _("Process (1–5)"), _("Handler"), _("Asked by"),
        _("Still dissatisfied about"),
    ]  # fmt: skip
    ways = words_of(of.CHANNELS)
    _listed(sheet, area, _("Follow-ups of complaints"), labels, (_follow_up(row, ways) for row in rows))
    charts.bars(sheet, _("Satisfaction with the result"), "G4", (2, 2), _rows(scores), size=(13, 6.2))
    return block["E"]


_SCORES = (5, 4, 3, 2, 1)


def _follow_up(row: FollowUpRow, ways: dict[str, str]) -> Cells:
    way = _("imported") if row.way is None and not row.who else ways.get(row.way or "", row.way or "")
    known: Cells = [_time(row.at), Styled(row.complaint), Styled(row.customer, "memo"), Styled(way)]
    known += [Styled(row.result, "number"), Styled(row.process, "number"), Styled(row.handler, "memo"), Styled(row.who, "memo")]
    return [*known, Styled(row.about, "memo")]


def _scores(month: Month, sheet: Sheet, block: Block) -> Area:
    rows = month.listed.follow_ups
    results, processes = [row.result for row in rows], [row.process for row in rows if row.process is not None]
    caption(sheet, _("By score"))
    head = heads(sheet, [_("Points"), _("Result"), _("Share"), _("Process"), _("Check")])
    for score in _SCORES:
        at = sheet.row + 1
        conditions = [f"COUNTIF({block[column]},$A{at})={place}{at}" for column, place in (("E", "B"), ("F", "D"))]
        numbers = (Styled(score, "number"), Styled(results.count(score), "number"))
        share = rate(results.count(score) / len(results) if results else None)
        sheet.add([*numbers, share, Styled(processes.count(score), "number"), check(sheet, conditions)], ROW)
    area = Area(head, head + 1, sheet.row)
    total: Cells = [Styled(_("Total"), "text", True), Styled(len(results), "number", True), Styled(None, "text", True)]
    sheet.add([*total, Styled(len(processes), "number", True), sum_check(sheet, area, "B", "D")], ROW)
    pleased = sum(score >= SATISFIED for score in processes) / len(processes) if processes else None
    mean = sum(processes) / len(processes) if processes else None
    _summed(sheet, block, _("Share satisfied"), "percent", (month.figures.satisfied_rate, pleased), satisfied)
    _summed(sheet, block, _("Mean"), "mean", (month.figures.satisfaction_mean, mean), lambda scores: f"AVERAGE({scores})")
    return area


def _summed(
    sheet: Sheet,
    block: Block,
    label: str,
    look: str,
    values: tuple[float | None, float | None],
    recount: Callable[[str], str],
) -> None:
    """A row of what results and processes come to."""
    at = sheet.row + 1
    placed = zip(values, (("E", "B"), ("F", "D")), strict=True)
    conditions = [near(recount(block[column]), f"{place}{at}") for value, (column, place) in placed if value is not None]
    said = (rate(values[0], look, True), Styled(None, "text", True), rate(values[1], look, True))
    sheet.add([Styled(label, "text", True), *said, check(sheet, conditions, True)], ROW)


def _satisfied_table(month: Month, sheet: Sheet, block: Block, groups: dict[str, list[FollowUpRow]]) -> None:
    caption(sheet, _("By handler"))
    head = heads(sheet, [_("Handler"), _("Satisfied"), _("Not satisfied"), _("Share satisfied"), _("Check")])
    for group, rows in groups.items():
        at = sheet.row + 1
        cell, said = _first(group)
        pleased = sum(row.result >= SATISFIED for row in rows)
        own = block.rows(G=said(at))
        conditions = [
            f"SUMPRODUCT({own}*({block['E']}>={SATISFIED}))=B{at}",
            f"{block.count(G=said(at))}=B{at}+C{at}",
            near(f"B{at}/(B{at}+C{at})", f"D{at}"),
        ]
        numbers = (Styled(pleased, "number"), Styled(len(rows) - pleased, "number"))
        sheet.add([cell, *numbers, rate(pleased / len(rows)), check(sheet, conditions)], ROW)
    area = Area(head, head + 1, sheet.row)
    every = [row.result >= SATISFIED for rows in groups.values() for row in rows]
    ends: Cells = [Styled(_("Total"), "text", True), Styled(sum(every), "number", True)]
    ends += [Styled(len(every) - sum(every), "number", True), rate(month.figures.satisfied_rate, strong=True)]
    sheet.add([*ends, sum_check(sheet, area, "B", "C")], ROW)


def overdue(month: Month, sheet: Sheet) -> None:
    """What was overdue and still owed, by handler, the longest first."""
    begin(month, sheet, _("Overdue list"))
    rows = month.listed.overdue
    by_handler = _grouped(rows, lambda row: row.handler)
    area = below(sheet, (len(by_handler),), len(rows), ROOM if rows else 0)
    table = _overdue_table(sheet, Block(sheet, area), by_handler)
    if rows:
        charts.bars(sheet, _("Overdue by handler"), f"A{leave_room(sheet)}", (2, 3), _rows(table), size=_WHOLE)
    labels = [_("Case"), _("Customer"), _("What is overdue"), _("Due"), _("Days overdue"), _("Status"), _("Handler")]
    words = words_of(SUBJECTS)
    statuses = {code: word for kind in KINDS for code, word in statuses_of(kind).items()}
    _listed(sheet, area, _("Not done by then, the longest overdue first"), labels, (_late(row, words, statuses) for row in rows))


def _what(row: OverdueRow, words: dict[str, str]) -> str:
    return _("Solution due") if row.subject is None else _("Promise: {what}").format(what=words.get(row.subject, row.subject))


def _late(row: OverdueRow, words: dict[str, str], statuses: dict[str, str]) -> Cells:
    known = [
        Styled(row.case),
        Styled(row.customer, "memo"),
        Styled(_what(row, words)),
        _time(row.due),
        Styled(row.days, "number"),
    ]
    return [*known, Styled(statuses.get(row.status, row.status)), Styled(row.handler, "memo")]


def _overdue_table(sheet: Sheet, block: Block, groups: dict[str, list[OverdueRow]]) -> Area:
    caption(sheet, _("By handler"))
    labels = [_("Handler"), _("Complaints to be solved"), _("Promises"), _("Together"), _("Longest (days)"), _("Check")]
    head = heads(sheet, labels)
    for group, rows in groups.items():
        at = sheet.row + 1
        cell, said = _first(group)
        solutions = sum(row.subject is None for row in rows)
        conditions = [
            f"{block.count(G=said(at), C=_quoted(_('Solution due')))}=B{at}",
            f"{block.count(G=said(at))}=D{at}",
            f"B{at}+C{at}=D{at}",
            f"SUMPRODUCT(MAX({block.rows(G=said(at))}*{block['E']}))=E{at}",
        ]
        numbers = (solutions, len(rows) - solutions, len(rows), max(row.days for row in rows))
        sheet.add([cell, *(Styled(number, "number") for number in numbers), check(sheet, conditions)], ROW)
    area = Area(head, head + 1, sheet.row)
    every = [row for rows in groups.values() for row in rows]
    solutions = sum(row.subject is None for row in every)
    numbers = (solutions, len(every) - solutions, len(every), max((row.days for row in every), default=0))
    ends: Cells = [Styled(_("Total"), "text", True), *(Styled(number, "number", True) for number in numbers)]
    sheet.add([*ends, sum_check(sheet, area, *"BCD")], ROW)
    return area
