"""Everything that a month's workbook is made of, gathered in one place for both doors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.core.session import Session
from app.models import history
from app.services import figures, figures_details
from app.services.figures_details import AgreedRow, Details
from app.services.figures_rows import ALL, Chosen
from app.services.figures_values import Figures
from app.services.periods import Period


@dataclass(frozen=True)
class Content:
    """Figures, the cases they are counted from, who prepared it, the local day on which it is made, and the history then."""

    figures: Figures
    objections: Details
    complaints: Details
    agreed: tuple[AgreedRow, ...]
    prepared_by: str
    day: date
    anchor: str = ""


def gather(session: Session, period: Period, counted: Figures | None = None, chosen: Chosen = ALL) -> Content:
    """The content of a period's workbook; `counted` where the figures of the same cases are at hand."""
    return Content(
        counted or figures.compute(session, period, chosen),
        figures_details.objections(session, period, chosen.kinds.objections),
        figures_details.complaints(session, period, chosen.kinds.complaints),
        figures_details.agreed(session, period, chosen.kinds.complaints),
        session.user,
        session.now().date(),
        str(history.head()),
    )
