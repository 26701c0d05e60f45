"""Everything that a month's workbook is made of, gathered in one place for both doors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.core.language import chosen as language
from app.core.session import Session
from app.services import figures, figures_details, figures_listed, workbook_facts
from app.services.figures_details import AgreedRow, Details
from app.services.figures_listed import NOTHING, Listed
from app.services.figures_rows import ALL, Chosen
from app.services.figures_values import Figures
from app.services.periods import Period
from app.services.workbook_facts import Facts


@dataclass(frozen=True)
class Content:
    """Figures, the cases they are counted from, who prepared it, the local day on which it is made, what programs shall know.

    `language`: in which its words are; a workbook is written in it throughout.
    """

    figures: Figures
    objections: Details
    complaints: Details
    agreed: tuple[AgreedRow, ...]
    prepared_by: str
    day: date
    listed: Listed = NOTHING
    facts: Facts | None = None
    language: str = ""


def gather(session: Session, period: Period, counted: Figures | None = None, chosen: Chosen = ALL) -> Content:
    """The content of a period's workbook; `counted` where the figures of the same cases are at hand."""
    counted = counted or figures.compute(session, period, chosen)
    agreed = figures_details.agreed(session, period, chosen.kinds.complaints)
    listed = figures_listed.listed(session, period, chosen)
    return Content(
        counted,
        figures_details.objections(session, period, chosen.kinds.objections),
        figures_details.complaints(session, period, chosen.kinds.complaints),
        agreed,
        session.user,
        session.now().date(),
        listed,
        workbook_facts.of_figures(session, counted, agreed, listed),
        language(),
    )
