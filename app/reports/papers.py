"""The papers of a case as they are issued: by code, with a file name, a watermark where they are not valid, and a record of each.

What stands on them is put together in `papers_case` and `papers_agreement`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import NamedTuple

from app.core.database import transaction
from app.core.errors import UserError
from app.core.language import N_, _
from app.core.session import Session
from app.models import agreements, prints
from app.models.agreements import Agreement
from app.models.complaints import Complaint
from app.models.record import Record
from app.reports import papers_agreement, papers_cards, papers_case
from app.services import cases
from app.services.cases import Case

FORM, OBJECTION, APPROVAL, AGREEMENT = "form", "objection", "approval", "agreement"
CARDS, VISIT = "cards", "visit"
TITLES = {
    FORM: N_("Complaint registration form"),
    OBJECTION: N_("Objection record"),
    APPROVAL: N_("Approval sheet"),
    AGREEMENT: N_("Processing agreement"),
    CARDS: N_("Objection cards"),
    VISIT: N_("Pre-visit sheet"),
}
"""The documents by code."""
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


class Issued(NamedTuple):
    """A document ready to be printed or saved; `name` is a file name for it, `draft` says that it is not valid, and says so.

    `others`: further records that are on it.
    """

    document: str
    content: bytes
    name: str
    draft: bool
    record: Record
    others: tuple[Record, ...] = ()

    @property
    def numbers(self) -> list[str]:
        """Of all records on it."""
        return [record.number for record in (self.record, *self.others)]


def paper(session: Session, document: str, case: Case, edition: int | None = None, copy: str = "") -> Issued:
    """A document of the case. `edition` (of an agreement): the present one where none is named; `copy`: whose copy it is.

    UserError where the case has no such document.
    """
    if document == AGREEMENT:
        return _agreement(session, case, edition, copy)
    if document == CARDS:
        return pocket_cards(session, [case.record])
    if document == VISIT:
        content = papers_cards.visit_sheet(session, case.record)
    elif document == OBJECTION:
        content = papers_case.objection_record(session, case)
    elif document == APPROVAL:
        content = papers_case.approval_sheet(session, case)
    else:
        content = papers_case.registration_form(session, case)
    return Issued(document, content, file_name(document, case.record.number), case.record.status == "voided", case.record)


def _agreement(session: Session, case: Case, edition: int | None, copy: str) -> Issued:
    number = ""
    if isinstance(case.record, Agreement):
        number, edition = case.record.number, case.record.edition if edition is None else edition
        case = cases.load(session, case.values["complaint"])
    chosen = papers_agreement.edition_of(case, edition, number)
    content = papers_agreement.agreement(session, case, chosen, copy)
    assert isinstance(case.record, Complaint)
    wanted = (chosen.number, chosen.edition)
    record = next(one for one in agreements.editions(session, case.record) if (one.number, one.edition) == wanted)
    return Issued(AGREEMENT, content, file_name(AGREEMENT, chosen.number), not papers_agreement.is_valid(chosen), record)


def pocket_cards(session: Session, cards: Sequence[Record]) -> Issued:
    """Objection cards to cut out, eight on a page."""
    if not cards:
        raise UserError(_("No card is published yet, so there is nothing to print."))
    content = papers_cards.pocket_cards(session, cards)
    draft = not all(map(papers_cards.is_valid, cards))
    return Issued(CARDS, content, file_name(CARDS, cards[0].number), draft, cards[0], tuple(cards[1:]))


def blank_form(session: Session, number: str) -> bytes:
    """A registration form for handwriting with a number that was reserved for it."""
    return papers_case.blank_form(session, number)


def file_name(document: str, number: str) -> str:
    """What the file of a document is called."""
    return safe_name(f"{_(TITLES[document])} {number}.pdf")


def safe_name(name: str) -> str:
    """A file name that every system takes."""
    return _NOT_IN_NAMES.sub("-", name)


def keep_record(session: Session, issued: Issued, content: bytes = b"", *, copies: int = 1, reason: str = "") -> None:
    """Remember that it was printed or saved; `content` where it went out as part of a larger file."""
    with transaction():
        for record in (issued.record, *issued.others):
            prints.record_print(
                session,
                record,
                issued.document,
                content or issued.content,
                copies=copies,
                draft=issued.draft,
                reason=reason,
            )


def together(contents: Sequence[bytes]) -> bytes:
    """Several documents in one file, each with its own page numbers."""
    if not contents:
        raise UserError(_("There is nothing to print."))
    if len(contents) == 1:
        return contents[0]
    import pypdfium2  # heavy: start-up must not pay for it

    whole = pypdfium2.PdfDocument.new()
    for content in contents:
        part = pypdfium2.PdfDocument(content)
        whole.import_pages(part)
        part.close()
    buffer = io.BytesIO()
    whole.save(buffer)
    whole.close()
    return buffer.getvalue()
