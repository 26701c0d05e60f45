"""The sheets of the monthly workbook that show one classification each, the compensation, and the trend."""

from __future__ import annotations

from app.core.language import _
from app.models import classifications as of
from app.reports import workbook_charts as charts
from app.reports.recount import Labels, near, of_period, yes
from app.reports.sheets import Sheet, Styled, letter
from app.reports.workbook_parts import (
    ROW,
    Area,
    Cells,
    Month,
    Together,
    begin,
    both_kinds,
    caption,
    check,
    heads,
    mark_differences,
    one_kind,
    rate,
    sum_check,
    together,
)
from app.services.figures import words_of
from app.services.figures_values import UNCLASSIFIED
from app.services.periods import Kind

ONE = (30, 11, 11, 11, 11, 11, 11, 3)
TWO = (15, 26, 11, 11, 11, 11, 11, 11, 3)


def by_content(month: Month, sheet: Sheet) -> tuple[tuple[int, int], tuple[int, int, int]]:
    """Objections by content, nature and family, both kinds by channel; the columns and rows of content × nature."""
    shares = month.figures.shares
    begin(month, sheet, _("By content"))
    first = sheet.row + 1
    caption(sheet, _("Objections by content"))
    one_kind(sheet, month.objections, shares["by_content"], "content", _("Content"))
    crossed = _cross(month, sheet)
    caption(sheet, _("Objections by nature"))
    one_kind(sheet, month.objections, shares["by_nature"], "nature", _("Nature"))
    caption(sheet, _("Objections by family"))
    one_kind(sheet, month.objections, shares["by_family"], "family", _("Family"))
    caption(sheet, _("By channel"))
    rows = together(shares["by_channel"], shares["complaints_by_channel"])
    area = both_kinds(month, sheet, rows, "channel", [_("Channel")])
    mark_differences(sheet)
    charts.bars(sheet, _("Content and nature of objections"), f"I{first}", crossed[0], crossed[1])
    charts.bars(sheet, _("By channel"), f"I{first + 15}", (2, 3), (area.heads, area.first, area.last))
    sheet.one_page()
    return crossed


def _cross(month: Month, sheet: Sheet) -> tuple[tuple[int, int], tuple[int, int, int]]:
    """Contents down, natures across; the columns of the natures, and the rows."""
    counted = {(row.content, row.nature): row.count for row in month.figures.content_by_nature}
    natures = [code for code in (*words_of(of.NATURES), UNCLASSIFIED) if any(nature == code for _c, nature in counted)]
    words = words_of((*of.NATURES, *of.CONTENTS)) | {UNCLASSIFIED: _("Unclassified")}
    caption(sheet, _("Objections by content and nature"))
    head = heads(sheet, [_("Content"), *(words.get(code, code) for code in natures), _("Check")])
    for share in month.figures.shares["by_content"]:
        at = sheet.row + 1
        values = [counted.get((share.code, nature), 0) for nature in natures]
        said: Cells = [Styled(share.label), *(Styled(value, "number") for value in values)]
        content = '""' if share.code == UNCLASSIFIED else f"$A{at}"
        recounts = [
            f"{_crossing(month, content, '' if nature == UNCLASSIFIED else words[nature])}={chr(66 + place)}{at}"
            for place, nature in enumerate(natures)
        ]
        sheet.add([*said, check(sheet, recounts)], ROW)
    return (2, len(natures) + 1), (head, head + 1, sheet.row)


def _crossing(month: Month, content: str, nature: str) -> str:
    detail = month.objections
    inside = f"{detail['in_period']}={yes()}"
    return f'SUMPRODUCT(({inside})*EXACT({detail["content"]},{content})*EXACT({detail["nature"]},"{nature}"))'


def by_cause(month: Month, sheet: Sheet) -> None:
    """Causes over both kinds, as a Pareto chart."""
    begin(month, sheet, _("By cause"))
    shares = month.figures.shares
    rows = together(shares["by_cause"], shares["complaints_by_cause"])
    area = both_kinds(month, sheet, rows, "cause", [_("Cause")], summed=True)
    _long(sheet, area.heads, area.last, 7)
    charts.pareto(sheet, _("Causes of objections and complaints"), "I4", (1, 4, 6), (area.heads, area.first, area.last))


def _long(sheet: Sheet, head: int, last: int, columns: int) -> None:
    """A table that is filtered."""
    sheet.ws.auto_filter.ref = f"A{head}:{letter(columns)}{max(last, head + 1)}"
    mark_differences(sheet)


def by_customer(month: Month, sheet: Sheet) -> None:
    """Customers over both kinds, and their tiers."""
    begin(month, sheet, _("By customer"))
    shares = month.figures.shares
    rows = together(shares["by_customer"], shares["complaints_by_customer"])
    area = both_kinds(month, sheet, rows, "customer", [_("Customer number"), _("Customer")], summed=True)
    _long(sheet, area.heads, area.last, 8)
    charts.pareto(sheet, _("Customers with most cases"), "J4", (2, 5, 7), (area.heads, area.first, area.last))


def by_handler(month: Month, sheet: Sheet) -> None:
    """Handlers over both kinds."""
    _ranking(month, sheet, _("By handler"), "handler", [_("Handler")])


def by_product(month: Month, sheet: Sheet) -> None:
    """Products over both kinds."""
    _ranking(month, sheet, _("By product"), "product", [_("Product number"), _("Product")])


def _ranking(month: Month, sheet: Sheet, title: str, what: str, names: list[str]) -> None:
    begin(month, sheet, title)
    shares = month.figures.shares
    rows: list[Together] = together(shares[f"by_{what}"], shares[f"complaints_by_{what}"])
    area = both_kinds(month, sheet, rows, what, names)
    wide = len(names)
    _long(sheet, area.heads, area.last, wide + 5)
    charts.bars(sheet, title, f"{chr(72 + wide)}4", (wide + 1, wide + 2), (area.heads, area.first, area.last), labels=wide)


def by_method(month: Month, sheet: Sheet) -> None:
    """Handling methods of objections, and how satisfied customers were after each."""
    begin(month, sheet, _("Handling methods"))
    rows = month.figures.shares["by_method"]
    head = heads(sheet, [_("Handling method"), _("Cases"), _("Share"), _("Share satisfied"), _("Check")])
    labels = Labels([row.label for row in rows], month.objections)
    detail = month.objections
    for row in rows:
        at, unknown = sheet.row + 1, row.code == UNCLASSIFIED
        conditions = [f"{labels.count(detail, 'method', f'$A{at}', None if unknown else row.label)}=B{at}"]
        if row.satisfied_rate is not None:
            own = ("method", '""' if unknown else f"$A{at}")
            scored = [of_period(detail, own, ("satisfaction", f'">={least}"')) for least in (4, 1)]
            conditions.append(near(f"{scored[0]}/{scored[1]}", f"D{at}"))
        cells: Cells = [Styled(row.label), Styled(row.count, "number"), rate(row.share), rate(row.satisfied_rate)]
        sheet.add([*cells, check(sheet, conditions)], ROW)
    area = Area(head, head + 1, sheet.row)
    total: Cells = [Styled(_("Total"), "text", True), Styled(month.figures.objections, "number", True)]
    sheet.add([*total, Styled(None, "text", True), Styled(None, "text", True), sum_check(sheet, area, "B")], ROW)
    mark_differences(sheet)
    charts.bars(sheet, _("Handling methods"), "I4", (2, 2), (area.heads, area.first, area.last))


def complaints(month: Month, sheet: Sheet) -> None:
    """Complaints by class and severity, both kinds by value tier."""
    begin(month, sheet, _("Complaints"))
    shares = month.figures.shares
    first = sheet.row + 1
    caption(sheet, _("Complaints by class"))
    area = one_kind(sheet, month.complaints, shares["complaints_by_class"], "class", _("Complaint class"))
    caption(sheet, _("Complaints by severity"))
    severity = one_kind(sheet, month.complaints, shares["complaints_by_severity"], "severity", _("Severity"))
    caption(sheet, _("By value tier of the customer"))
    both_kinds(month, sheet, together(shares["by_tier"], shares["complaints_by_tier"]), "tier", [_("Value tier")])
    mark_differences(sheet)
    charts.bars(sheet, _("Complaints by class"), f"I{first}", (2, 2), (area.heads, area.first, area.last))
    charts.bars(sheet, _("Complaints by severity"), f"I{first + 12}", (2, 2), (severity.heads, severity.first, severity.last))


def trend(month: Month, sheet: Sheet) -> int:
    """13 months; the row of the last. Only the period can be counted again: the others' cases are not in this workbook."""
    begin(month, sheet, _("Trend"))
    head = heads(sheet, [_("Month"), _("Objections"), _("Complaints"), _("Together"), _("Check")])
    figures = month.figures
    for row in figures.trend:
        at = sheet.row + 1
        conditions = [f"B{at}+C{at}=D{at}"]
        if figures.period.kind is Kind.MONTH and row.month == figures.period.start:
            conditions += [f"{of_period(month.objections)}=B{at}", f"{of_period(month.complaints)}=C{at}"]
        cells: Cells = [Styled(row.month, "month"), Styled(row.objections, "number"), Styled(row.complaints, "number")]
        sheet.add([*cells, Styled(row.objections + row.complaints, "number"), check(sheet, conditions)], ROW)
    sheet.add([Styled(_("Earlier months are checked by their own workbooks."), "note")])
    last = sheet.row - 1
    mark_differences(sheet)
    charts.lines(sheet, _("Objections and complaints, 13 months"), "I4", (2, 3), (head, head + 1, last))
    return last
