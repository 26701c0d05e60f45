"""Closing a month: its figures and the rows they came from are kept as they are, and stand for the month from then on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from app.core.database import database
from app.core.errors import UserError
from app.core.language import _
from app.core.progress import Progress
from app.core.session import Session
from app.core.text import quoted
from app.models import frozen_months, history, permissions
from app.models.frozen_months import Freeze
from app.services import figures, figures_content, kept_content, kept_part, periods
from app.services.figures_content import Content
from app.services.figures_details import COMPLAINT_COLUMNS, OBJECTION_COLUMNS, Column, Details
from app.services.figures_rows import ALL, Chosen
from app.services.figures_values import Figures
from app.services.kept_content import Rows
from app.services.periods import Kind, Period


@dataclass(frozen=True)
class Closed:
    """A closed month as it was kept. `missing`: figures that the program did not know when it was closed, by their names.

    `chosen`: the cases of it that this is about.
    """

    freeze: Freeze
    content: Content
    missing: tuple[str, ...]
    chosen: Chosen = ALL


def month(session: Session, typed: str) -> Period:
    """The month that was typed. UserError where it is none."""
    period = periods.read(typed, session.now().date())
    if period.kind is not Kind.MONTH:
        raise UserError(_("“{text}” is no month. Write 2026-11 or last.").format(text=quoted(typed)))
    return period


def close(session: Session, period: Period, progress: Progress | None = None) -> Freeze:
    """Keep a month. UserError where it is not over, or closed already; nothing is written then."""
    permissions.require(session, "month.close")
    name = _demand_over(session, period)
    if known := frozen_months.standing(session, name):
        raise frozen_months.already(session, known)
    at = session.clock()
    # Figures and rows of the same moment, though others go on saving meanwhile.
    with database.atomic("DEFERRED"):
        known_history = history.last()
        packed = kept_content.pack(figures_content.gather(session, period), progress or Progress())
    return frozen_months.keep(session, name, packed.pieces, packed.sha256, known_history, at)


def can_be_closed(session: Session, period: Period) -> bool:
    """Whether it is a month that is over by the branch's clock."""
    return period.month is not None and period.end <= session.now().date()


def _demand_over(session: Session, period: Period) -> str:
    """The month as it is written."""
    name = _name(period)
    if not can_be_closed(session, period):
        raise UserError(
            _("{month} is not over yet. It can be closed from {day} on.").format(month=name, day=period.end.isoformat())
        )
    return name


def open_again(session: Session, period: Period, reason: str) -> Freeze:
    """Open a month again: its figures are those of the records once more. UserError where it is not closed."""
    return frozen_months.open_again(session, _name(period), reason)


def _name(period: Period) -> str:
    if period.month is None:
        raise UserError(_("Only months are closed. Choose a month."))
    return period.month


def standing(session: Session, period: Period) -> Freeze | None:
    """The closing of a period; only months have one."""
    return None if period.month is None else frozen_months.standing(session, period.month)


def closed(session: Session, period: Period, chosen: Chosen = ALL) -> Closed | None:
    """What was kept of a closed month, or of the chosen cases in it; None of a period that is counted from the records.

    UserError where it is damaged.
    """
    freeze = standing(session, period)
    if freeze is None:
        return None
    unpacked = kept_content.unpack(partial(frozen_months.pieces, freeze), freeze.sha256, freeze.month)
    kept = _completed(Closed(freeze, unpacked.content, unpacked.missing))
    if not chosen.only:
        return kept
    part = None if kept.missing else kept_part.narrowed(session, kept.content, chosen)
    return None if part is None else replace(kept, content=part, chosen=chosen)


def figures_of(session: Session, period: Period, chosen: Chosen = ALL) -> Figures:
    """The figures of a period: of a closed month those that were kept. UserError where these are damaged."""
    kept = closed(session, period, chosen)
    return kept.content.figures if kept else figures.compute(session, period, chosen)


def _completed(kept: Closed) -> Closed:
    """With a place for the classifications and columns that came to the program later."""
    shares = kept.content.figures.shares
    later = [axis.figure for axes in figures.AXES for axis in axes if axis.figure not in shares]
    missing = [*kept.missing, *(f"figures.{figure}" for figure in later)]
    padded: dict[str, Any] = {}
    for name, declared in (("objections", OBJECTION_COLUMNS), ("complaints", COMPLAINT_COLUMNS)):
        details: Details = getattr(kept.content, name)
        known = {column.code for column in details.columns}
        added = tuple(replace(column, label=_(column.label)) for column in declared if column.code not in known)
        missing += [f"{name}.{column.code}" for column in added]
        padded[name] = _padded(details, added)
    counted = replace(kept.content.figures, shares={**shares, **dict.fromkeys(later, ())})
    return replace(kept, content=replace(kept.content, figures=counted, **padded), missing=tuple(missing))


def _padded(details: Details, added: tuple[Column, ...]) -> Details:
    rows = details.rows
    assert isinstance(rows, Rows)
    return Details(details.columns + added, replace(rows, width=rows.width + len(added)))
