"""The consolidated workbook: the monthly workbook over all branches, with sheets that compare these, and what it was made of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from app.core import formats
from app.core.language import N_, _
from app.core.progress import Progress
from app.reports import consolidated_tables as tables
from app.reports import workbook
from app.reports.sheets import Sheet, Styled
from app.reports.workbook import Page
from app.reports.workbook_parts import ROW, Month, begin, caption, heads
from app.services.figures_content import Content
from app.services.figures_listed import Listed
from app.services.merged_cases import Merged

_SOURCES = (30, 12, 20, 17, 17, 10, 9, 9, 9, 40)
_RULES = (
    N_("Each case counts once, by its identifier, whichever files it stands in."),
    N_("Rates are of the summed parts, medians of all cases: none is an average of averages."),
    N_("Customers and handlers are of one branch: its code stands before them. A product number means one product where all "
       "branches give it the same name; else the branch's code stands before it, too."),
    N_("Earlier months of the trend, the period before, the year before and the active customers are summed as the branches "
       "give them."),
)  # fmt: skip


def render(merged: Merged, prepared_by: str, day: date, progress: Progress | None = None) -> bytes:
    """The workbook as a file's content. `progress` learns of the rows, and may cancel."""
    lists = merged.lists
    listed = Listed(lists.promises, lists.follow_ups, lists.overdue, lists.owed)
    content = Content(merged.whole, *merged.read_details(), lists.agreed, prepared_by, day, listed, merged.facts)
    return workbook.render(content, progress, _pages(merged), title_of(merged))


def title_of(merged: Merged) -> str:
    """What the workbook calls itself."""
    return _("Objections and complaints of all branches") + f" {merged.period.label()}"


def _pages(merged: Merged) -> tuple[Page, ...]:
    def page(code: str, name: str, widths: tuple[float, ...], fill: Callable[..., object]) -> Page:
        return Page(code, name, widths, (4, 1), partial(fill, merged))

    matrices = (page(one.code, one.name, tables.MATRIX, partial(tables.matrix, one)) for one in tables.MATRICES)
    return (
        Page("sources", N_("Sources"), _SOURCES, (4, 1), partial(_sources, merged)),
        page("counts", N_("Branches: counts"), tables.COUNTS, partial(tables.compare, tables.OF_COUNTS)),
        page("rates", N_("Branches: handling"), tables.RATES, partial(tables.compare, tables.OF_HANDLING)),
        page("ranks", N_("Branches: ranks"), tables.RANKS, tables.ranks),
        *matrices,
    )


def _sources(merged: Merged, month: Month, sheet: Sheet) -> None:
    begin(month, sheet, _("Sources"))
    heads(
        sheet,
        [
            _("File"),
            _("Branch code"),
            _("Branch name"),
            _("As of"),
            _("Made at"),
            _("Program"),
            _("Objections"),
            _("Complaints"),
            _("Cases in details"),
            _("Content hash"),
        ],
    )
    zone = merged.whole.zone
    for one in merged.sources:
        texts = [one.file, one.code, one.name, formats.moment(one.now, zone), formats.moment(one.made, zone), one.program]
        counts = [Styled(count, "number") for count in (one.objections, one.complaints, one.rows)]
        sheet.add([*map(Styled, texts), *counts, Styled(one.seal[:32])], ROW)
    caption(sheet, _("What did not fit"))
    heads(sheet, [_("File or branch"), _("Effect"), _("What is wrong, what to do")])
    for fault in merged.faults:
        effect = _("missing here") if fault.lost else _("to be known")
        sheet.add([Styled(fault.where), Styled(effect), Styled(fault.sentence, "note")], ROW)
    if not merged.faults:
        sheet.add([Styled(_("Nothing: all files are merged."), "note")], ROW)
    caption(sheet, _("How it was merged"))
    for rule in _RULES:
        sheet.add([Styled(_(rule), "note")], ROW)
    sheet.one_page()
