"""The folder of papers that the sample branch shows: one of each document, of cases that show much."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from app.commands.common import TerminalProgress
from app.commands.papers import write_blanks
from app.core.database import explained
from app.core.language import _
from app.core.session import Session
from app.models import cards
from app.models.listing import LISTINGS, Query
from app.models.objections import Objection
from app.models.record import Record
from app.reports import papers, papers_many, papers_month, papers_period
from app.services import cases, periods, restated, visits
from app.services.cases import Case
from app.services.periods import Period

Fit = Callable[[Session, Case], object]
_LOOKED_AT = 40
"""Of the newest records of each kind."""


def write_all(session: Session, folder: Path) -> list[Path]:
    """One of each document, and the last full month's workbook; what the branch lacks is left out."""
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
    written = [_write_named(session, folder, issued) for issued in _telling(session)]
    blank = folder / _("Blank registration form.pdf")
    write_blanks(session, blank)
    period = periods.read("last", session.now().date())
    report = folder / papers.safe_name(_("Monthly report {month}.xlsx").format(month=period.label()))
    made = restated.report(session, period)
    papers_month.write(session, report, made.content, TerminalProgress(), made.restated)
    return [*written, blank, report, _write_month(session, folder, period)]


def _write_month(session: Session, folder: Path, period: Period) -> Path:
    made = papers_period.render(session, period)
    path = folder / papers_period.file_name(session, made)
    papers_period.write(session, path, made)
    return path


def _write_named(session: Session, folder: Path, issued: papers.Issued) -> Path:
    path = folder / issued.name
    papers_many.write_together(session, path, [issued])
    return path


def _any(_session: Session, _case: Case) -> bool:
    return True


def _in_a_batch(_session: Session, case: Case) -> bool:
    return any(one.kind == "batch" for one in case.course.recurrences)


def _overdue(session: Session, case: Case) -> bool:
    return bool(case.values["due"] is not None and case.values["due"] < session.now().date())


def _published(_session: Session, case: Case) -> bool:
    return case.values["published_at"] is not None


_WANTED: tuple[tuple[str, str, tuple[str, ...], Fit], ...] = (
    (papers.FORM, "complaints", ("closed", "agreed"), _any),
    (papers.RECEIPT, "complaints", ("accepted", "investigating"), _any),
    (papers.OBJECTION, "objections", ("closed",), _any),
    (papers.APPROVAL, "complaints", ("approved", "replied", "proposed"), _any),
    (papers.AGREEMENT, "agreements", ("signed", "released"), _any),
    (papers.AGREEMENT, "agreements", ("draft",), _any),
    (papers.DISPATCH, "dispatches", ("accepted", "issued"), _any),
    (papers.REMINDER, "dispatches", ("accepted", "issued"), _overdue),
    (papers.FOLLOW_UP, "complaints", ("following_up",), _any),
    (papers.NOTICE, "actions", ("effective", "done", "open"), _published),
    (papers.LETTER, "complaints", ("following_up", "executing", "agreed", "closed"), _in_a_batch),
    (papers.CASE_FILE, "complaints", ("closed", "following_up"), _any),
)
"""Document, list, statuses, and what a record must be like."""


def _telling(session: Session) -> Iterator[papers.Issued]:
    """The filled documents of the richest records among the newest of each kind."""
    for document, kind, statuses, fit in _WANTED:
        found = [case for case in _newest(session, kind, statuses) if fit(session, case)]
        if found:
            yield papers.paper(session, document, max(found, key=_richness))
    if published := cards.published(session):
        yield papers.pocket_cards(session, published)
    if customer := _worth_a_visit(session):
        yield papers.paper(session, papers.VISIT, cases.case_of(session, customer))


def _newest(session: Session, kind: str, statuses: tuple[str, ...]) -> Iterator[Case]:
    listing = LISTINGS[kind]
    number = listing.columns.index("number") + 1
    for row in listing.all(session, Query(where={"status": statuses}), _LOOKED_AT):
        yield cases.load(session, str(row[number]))


def _worth_a_visit(session: Session) -> Record | None:
    """The customer with an open objection of whom there is most to know."""
    waiting = Objection.fetch("t.branch_id = ? AND t.status IN ('open', 'promised', 'replied') LIMIT 30", session.branch.id)
    customers = {one.customer.id: one.customer for one in waiting if one.customer is not None}.values()
    known = [(visits.prepare(session, one), one) for one in customers]
    told = [(len(visit.cards) + len(visit.objections) + len(visit.cases), one.id, one) for visit, one in known]
    return max(told)[2] if told else None


def _richness(case: Case) -> int:
    """How much there is to see: filled fields and lines."""
    lines = sum(len(value) for value in case.values.values() if isinstance(value, list))
    filled = sum(value not in (None, "", [], False) for value in case.values.values())
    last = case.rounds[-1] if case.rounds else None
    cost = case.values.get("cost") or (last.cost if last else 0)
    return filled + 3 * min(lines, 6) + (6 if last and last.decisions else 0) + min(int(cost) // 100, 10)
