"""The sheet of a closed month's workbook that says what would be different if it were counted today."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.language import _
from app.reports.sheets import Styled
from app.reports.workbook_parts import Month, begin, heads
from app.services import restated as services
from app.services.restated import Restated

_WIDTHS = (14, 10, 18, 34, 22, 22, 11, 17, 14, 34)


def write(month: Month, restated: Sequence[Restated]) -> None:
    """A row for each difference, cases first; the other sheets say what was kept."""
    sheet = month.book.sheet(_("Restatements"), _WIDTHS)
    sheet.freeze(4, 3)
    begin(month, sheet, _("Restatements since the month was closed"))
    words = (_("What changed"), _("Kind"), _("Number"), _("Item"), _("When closed"), _("Today"), _("Who"), _("At"), _("Step"))
    heads(sheet, [*words, _("Reason")])
    zone = month.figures.zone
    for one in restated:
        number = "" if one.what == "figure" else one.number
        texts = (services.what_of(one), services.kind_of(one), number, one.label, *services.sides(one), one.who)
        at = None if one.at is None else one.at.astimezone(zone).replace(tzinfo=None)
        told = [Styled(text, "memo") for text in texts]
        sheet.add([*told, Styled(at, "moment"), Styled(one.act, "memo"), Styled(one.why, "memo")])
