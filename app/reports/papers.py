"""The papers of a case as they are issued: by code, with a file name, a watermark where they are not valid, and a record of each.

What stands on them is put together in `papers_case`, `papers_agreement`, `papers_course` and the others of their name.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from app.core.certificates import SHORT
from app.core.database import transaction
from app.core.errors import UserError
from app.core.files import plain_name
from app.core.language import _
from app.core.progress import Progress
from app.core.session import Session
from app.models import actions, agreements, certificates, dispatches, permissions, prints, sight
from app.models.actions import Action
from app.models.agreements import Agreement
from app.models.complaints import Complaint
from app.models.dispatches import Dispatch
from app.models.prints import CASE_FILE as CASE_FILE
from app.models.prints import TITLES as TITLES
from app.models.record import Record
from app.models.steps import take
from app.reports import (
    enclosures,
    papers_agreement,
    papers_approval,
    papers_cards,
    papers_case,
    papers_course,
    papers_file,
    papers_quality,
)
from app.reports.pdf import Sheaf, bind
from app.services import cases
from app.services.cases import Case

FORM, RECEIPT, OBJECTION, APPROVAL, AGREEMENT = "form", "receipt", "objection", "approval", "agreement"
DISPATCH, REMINDER, FOLLOW_UP = "dispatch", "reminder", "follow-up"
NOTICE, LETTER = "notice", "letter"
CARDS, VISIT = "cards", "visit"
_WITHOUT_PHONES = (NOTICE, LETTER, APPROVAL, CARDS)
"""Papers that show nobody's phone or identity; the others go to who has to call, and show them in full."""


class Issued(NamedTuple):
    """A document ready to be printed or saved; `name` is a file name for it, `draft` says that it is not valid, and says so.

    `others`: further records that are on it. `copies`: how many copies, each marked as whose it is, the file holds.
    `unsigned`: it goes out only after it was `signed` by the certificate of the branch.
    """

    document: str
    content: bytes
    name: str
    draft: bool
    record: Record
    others: tuple[Record, ...] = ()
    copies: int = 1
    unsigned: bool = False

    @property
    def numbers(self) -> list[str]:
        """Of all records on it."""
        return [record.number for record in (self.record, *self.others)]


_SHEAVES: Mapping[str, Callable[[Session, Case], Sheaf]] = {
    FORM: papers_case.registration_form,
    RECEIPT: papers_course.receipt,
    OBJECTION: papers_case.objection_record,
    APPROVAL: papers_approval.approval_sheet,
    FOLLOW_UP: papers_course.follow_up,
    LETTER: papers_quality.letter,
    VISIT: lambda session, case: papers_cards.visit_sheet(session, case.record),
}
"""The documents that are one sheaf of one record."""
_OF_PARTS: Mapping[str, Callable[[Session, Case], Sequence[Sheaf]]] = {
    DISPATCH: papers_course.dispatch_set,
    REMINDER: lambda session, case: [papers_course.reminder(session, case)],
    NOTICE: lambda session, case: [papers_quality.notice(session, case)],
}
"""The documents of dispatch orders and corrective actions, which may be named by their complaint, too."""


def paper(session: Session, document: str, case: Case, edition: int | None = None, progress: Progress | None = None) -> Issued:
    """A document of the case. `edition` (of an agreement): the present one where none is named.

    UserError where the case has no such document.
    """
    permissions.require(session, "paper.print")
    if document not in _WITHOUT_PHONES:
        sight.look_at_paper(session, case.record.KIND, case.record.id, document)
    if document in (CASE_FILE, FOLLOW_UP) and case.holds_kept:
        sight.look_at_kept(session, case.record.KIND, case.record.id, document)
    if document == AGREEMENT:
        return _agreement(session, case, edition)
    if document == CARDS:
        return pocket_cards(session, [case.record])
    if document == CASE_FILE:
        content, void = papers_file.case_file(session, case, progress), case.record.status == "voided"
        return Issued(document, content, file_name(document, case.record.number), void, case.record)
    if document in _OF_PARTS:
        return _of_parts(session, document, case)
    others = papers_quality.of_batch(session, case) if document == LETTER else []
    sheaf = _SHEAVES[document](session, case)
    return _issued(document, [sheaf], case.record, [one for one in others if one.id != case.record.id])


def _issued(document: str, sheaves: Sequence[Sheaf], record: Record, others: Sequence[Record] = ()) -> Issued:
    draft = any(sheaf.paper.mark for sheaf in sheaves)
    return Issued(document, bind(*sheaves), file_name(document, record.number), draft, record, tuple(others))


def _agreement(session: Session, case: Case, edition: int | None) -> Issued:
    number = ""
    if isinstance(case.record, Agreement):
        number, edition = case.record.number, case.record.edition if edition is None else edition
        case = cases.load(session, case.values["complaint"])
    chosen = papers_agreement.edition_of(case, edition, number)
    assert isinstance(case.record, Complaint)
    wanted = (chosen.number, chosen.edition)
    record = next(one for one in agreements.editions(session, case.record) if (one.number, one.edition) == wanted)
    _look_at_kept(session, AGREEMENT, record)
    valid = papers_agreement.is_valid(chosen)
    if valid and (kept := certificates.signed_file(session, record)) is not None:
        return Issued(AGREEMENT, kept.content, file_name(AGREEMENT, record.number), False, record, copies=kept.copies)
    held = certificates.current(session) if valid else None
    if held is not None and certificates.was_signed(record):
        held = None
    sheaves = papers_agreement.copies(session, case, chosen, "" if held is None else held.facts.fingerprint[:SHORT])
    return _issued(AGREEMENT, sheaves, record)._replace(copies=len(sheaves), unsigned=held is not None)


def signed(session: Session, issued: Issued) -> Issued:
    """The paper as it goes out: an agreement that holds is signed, where the branch has a certificate.

    CertificatePasswordNeeded where that has to be given first.
    """
    if not issued.unsigned:
        return issued
    assert isinstance(issued.record, Agreement)
    made = certificates.sign(session, issued.record, issued.content, issued.name, issued.copies)
    return issued._replace(content=made.content, copies=made.copies, unsigned=False)


def _look_at_kept(session: Session, document: str, record: Record) -> None:
    if sight.is_withheld(record):
        sight.look_at_kept(session, record.KIND, record.id, document)


def _of_parts(session: Session, document: str, case: Case) -> Issued:
    found = _parts(session, document, case.record)
    if not found:
        sentence = _("{number} has nothing to put on paper as “{document}”.")
        raise UserError(sentence.format(number=case.record.number, document=_(TITLES[document])))
    for record in found:
        _look_at_kept(session, document, record)
    made = [sheaf for record in found for sheaf in _OF_PARTS[document](session, cases.case_of(session, record))]
    return _issued(document, made, found[0], found[1:])


def _parts(session: Session, document: str, record: Record) -> Sequence[Record]:
    """The record itself, or what a complaint has of its kind."""
    if isinstance(record, Action if document == NOTICE else Dispatch):
        return [record]
    if not isinstance(record, Complaint):
        return []
    if document == NOTICE:
        return actions.of_cases(session, [record.number])
    if document == REMINDER:
        return dispatches.open_of(record)
    return [one for one in dispatches.of_case(record) if one.status != "voided"]


def pocket_cards(session: Session, cards: Sequence[Record]) -> Issued:
    """Objection cards to cut out, eight on a page."""
    permissions.require(session, "paper.print")
    if not cards:
        raise UserError(_("No card is published yet, so there is nothing to print."))
    content = bind(papers_cards.pocket_cards(session, cards))
    draft = not all(map(papers_cards.is_valid, cards))
    return Issued(CARDS, content, file_name(CARDS, cards[0].number), draft, cards[0], tuple(cards[1:]))


def blank_form(session: Session, number: str) -> bytes:
    """A registration form for handwriting with a number that was reserved for it."""
    return bind(papers_case.blank_form(session, number))


def file_name(document: str, number: str) -> str:
    """What the file of a document is called."""
    return safe_name(f"{_(TITLES[document])} {number}.pdf")


def safe_name(name: str) -> str:
    """A file name that every system takes."""
    return plain_name(name)


def keep_record(session: Session, issued: Issued, content: bytes = b"", *, copies: int = 1, reason: str = "") -> None:
    """Remember that it was printed or saved; `content` where it went out as part of a larger file.

    A department that is reminded on paper was chased.
    """
    assert not issued.unsigned, "it went out without the signature that it names"
    with session.changed.after(), transaction():
        for record in (issued.record, *issued.others):
            prints.record_print(
                session,
                record,
                issued.document,
                content or issued.content,
                copies=copies * issued.copies,
                draft=issued.draft,
                reason=reason,
            )
            if issued.document == REMINDER and type(record).get_by_id(record.id).status == record.status:
                take(session, record, "chase", {"note": _("Reminder printed")})


def together(contents: Sequence[bytes]) -> bytes:
    """Several documents in one file, each with its own page numbers."""
    if not contents:
        raise UserError(_("There is nothing to print."))
    if len(contents) == 1:
        return contents[0]
    import pypdfium2  # heavy: start-up must not pay for it

    whole = pypdfium2.PdfDocument.new()
    parts = [pypdfium2.PdfDocument(content) for content in contents]
    for part in parts:
        whole.import_pages(part)
    buffer = io.BytesIO()
    whole.save(buffer)
    for document in (*parts, whole):  # the parts not before: they may still be read while the whole is saved
        document.close()
    return enclosures.settled(buffer.getvalue())
