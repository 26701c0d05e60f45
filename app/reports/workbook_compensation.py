"""The sheet of the monthly workbook about what was agreed: its cost, and what of it was delivered."""

from __future__ import annotations

from decimal import Decimal

from app.core.language import _
from app.models import classifications as of
from app.models.proposals import YUAN
from app.reports import workbook_charts as charts
from app.reports.recount import near
from app.reports.sheets import Sheet, Styled
from app.reports.workbook_parts import (
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
    mark_differences,
)
from app.services.figures import words_of

WIDTHS = (24, 10, 14, 18, 18, 13, 13, 13, 40, 3)


def compensation(month: Month, sheet: Sheet) -> str:
    """Remedies with counts and costs, what of them was delivered, and the lines they come from; the address of the amounts."""
    begin(month, sheet, _("Compensation"))
    remedies, owed = month.figures.by_remedy, month.figures.promised_vs_delivered
    agreed = below(sheet, (len(remedies), len(owed) - 1), len(month.agreed))
    promised = Area(agreed.last + 3, agreed.last + 4, agreed.last + 3 + max(len(month.listed.owed), 1))
    lines = Block(sheet, agreed)
    _by_remedy(month, sheet, lines)
    _owed(month, sheet, Block(sheet, promised))
    _agreed(month, sheet)
    _promised(month, sheet)
    mark_differences(sheet)
    return lines["G"]


def _by_remedy(month: Month, sheet: Sheet, lines: Block) -> None:
    caption(sheet, _("By remedy"))
    head = heads(sheet, [_("Remedy"), _("Lines"), _("Cost (yuan)"), _("Check")])
    remedies = month.figures.by_remedy
    for row in remedies:
        at = sheet.row + 1
        own = lines.rows(E=f"$A{at}")
        conditions = [f"SUMPRODUCT({own}*{lines['H']})=B{at}", near(f"SUMPRODUCT({own}*{lines['G']})", f"C{at}")]
        numbers = (Styled(row.count, "number"), Styled(float(row.cost), "money"))
        sheet.add([Styled(row.label), *numbers, check(sheet, conditions)], ROW)
    total: Cells = [Styled(_("Total"), "text", True), Styled(sum(row.count for row in remedies), "number", True)]
    total.append(Styled(float(month.figures.compensation_cost), "money", True))
    conditions = [near(f"SUM({lines['G']})", f"C{sheet.row + 1}")]
    sheet.add([*total, check(sheet, conditions, True)], ROW)
    charts.bars(sheet, _("Cost by remedy (yuan)"), "G4", (3, 3), (head, head + 1, sheet.row - 1), size=(12.4, 6))


def _owed(month: Month, sheet: Sheet, lines: Block) -> None:
    """Without a total: units differ."""
    caption(sheet, _("Promised and delivered"))
    labels = [_("Remedy"), _("Unit"), _("Promised quantity"), _("Delivered quantity"), _("Still owed"), _("Check")]
    heads(sheet, labels)
    for row in month.figures.promised_vs_delivered:
        at = sheet.row + 1
        own = lines.rows(E=f"$A{at}", C=f"$B{at}")
        pairs = (("F", "C"), ("G", "D"), ("H", "E"))
        conditions = [near(f"SUMPRODUCT({own}*{lines[column]})", f"{place}{at}") for column, place in pairs]
        numbers = (_quantity(amount, row.unit) for amount in (row.agreed, row.delivered, row.owed))
        sheet.add([Styled(row.label), Styled(row.unit), *numbers, check(sheet, conditions)], ROW)


def _quantity(amount: Decimal, unit: str) -> Styled:
    return Styled(float(amount), "money" if unit == YUAN else "quantity")


def _agreed(month: Month, sheet: Sheet) -> None:
    caption(sheet, _("Agreed lines (a later edition takes back those of the one before)"))
    labels = [
        _("Agreement"), _("Edition"), _("Signed on"), _("Complaint"), _("Remedy"), _("Quantity"), _("Amount (yuan)"), _("Counts"),
        _("Content"),
    ]  # fmt: skip
    heads(sheet, labels)
    words = words_of(of.REMEDIES)
    for line, complaint in month.agreed:
        described = " ".join(filter(None, (line.description, line.unit)))
        known: Cells = [Styled(line.agreement), Styled(line.edition, "number"), Styled(line.signed_on, "day"), Styled(complaint)]
        known += [
            Styled(words.get(line.remedy, line.remedy)),
            Styled(None if line.quantity is None else float(line.quantity), "quantity"),
            Styled(float(line.amount), "money"),
            Styled(line.sign, "number"),
        ]
        sheet.add([*known, Styled(described, "memo")])
    if not month.agreed:
        sheet.add()


def _promised(month: Month, sheet: Sheet) -> None:
    caption(sheet, _("What these agreements promise, by their latest edition"))
    labels = [
        _("Agreement"), _("Edition"), _("Unit"), _("Complaint"), _("Remedy"), _("Promised quantity"), _("Delivered quantity"),
        _("Still owed"), _("Content"),
    ]  # fmt: skip
    heads(sheet, labels)
    words = words_of(of.REMEDIES)
    for line, complaint in month.listed.owed:
        known: Cells = [Styled(line.agreement), Styled(line.edition, "number"), Styled(line.unit), Styled(complaint)]
        known.append(Styled(words.get(line.remedy, line.remedy)))
        known += [_quantity(amount, line.unit) for amount in (line.agreed, line.delivered, line.agreed - line.delivered)]
        sheet.add([*known, Styled(line.description, "memo")])
