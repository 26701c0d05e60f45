"""What is kept about a customer on paper, for the person who asks."""

from __future__ import annotations

import json
from collections.abc import Iterator

from app.core import formats
from app.core.language import _
from app.core.progress import Progress
from app.core.session import Session
from app.models import attachments
from app.models.customers import Customer
from app.reports.documents.parts import part
from app.reports.grid import Grid, memo_row
from app.reports.layout import Block
from app.reports.papers_case import frame
from app.reports.papers_file_forms import all_told, told
from app.reports.pdf import Sheaf, bind
from app.services import person_data
from app.services.cases import Case


def sheet(session: Session, customer: Customer, progress: Progress | None = None) -> bytes:
    """All that is kept, record by record, as PDF."""
    blocks = [block for case in person_data.gather(session, customer) for block in _record(session, case)]
    return bind(Sheaf(frame(session, customer.number), _("Personal data that is kept"), blocks), progress=progress)


def content(session: Session, customer: Customer, ending: str, progress: Progress | None = None) -> bytes:
    """The file that is given out, by its ending: `.json` for a machine, else PDF."""
    if ending == ".json":
        return json.dumps(person_data.as_json(session, customer), ensure_ascii=False, indent=2).encode()
    return sheet(session, customer, progress)


def _record(session: Session, case: Case) -> list[Block]:
    title = f"{_(case.record.LABEL)} {case.record.number}"
    rows = [memo_row(caption, text, label=0.22, least=18) for caption, text in _pairs(session, case) if text]
    return part(title[:1].upper() + title[1:], Grid(rows))


def _pairs(session: Session, case: Case) -> Iterator[tuple[str, str]]:
    """Every field that holds something, every line of its parts, what was proposed and decided, and the names of its files."""
    kind = type(case.record)
    yield _("Entered"), formats.moment(case.record.created_at, session.branch.zone)
    for field in kind.FIELDS:
        yield told(session, field, case.values)
    for code, lines in kind.PARTS.items():
        texts = (all_told(session, lines.FIELDS, line) for line in case.values[code])
        yield _(lines.LABEL), "\n".join(texts)
    for one in case.rounds:
        opinions = (f"{decision.who}: {decision.opinion}" for decision in one.decisions if decision.opinion)
        yield _("Proposal"), "\n".join((one.text, *opinions))
    named = (" · ".join(filter(None, (file.name, attachments.shown(file.shows)))) for file in case.attachments)
    yield _("Attachments"), "\n".join(named)
