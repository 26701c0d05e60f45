"""Whether a file is what this database issued: by the hash of the file, else by what a PDF of an agreement says."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from app.core import formats
from app.core.database import explained
from app.core.errors import UserError
from app.core.files import BROKEN_ZIP, opened_zip
from app.core.language import _
from app.core.session import Session
from app.models import prints
from app.models.agreements import Agreement
from app.models.prints import Known
from app.models.record import KINDS, Record
from app.reports import verifying_signature as signatures
from app.reports.verdicts import CHANGED, ISSUED, REWRITTEN, UNKNOWN, Verdict, drafted, stand
from app.reports.verifying_agreement import read, text_of
from app.services import anchors

LARGEST = 200 * 1024 * 1024


def verify(session: Session, path: Path) -> Verdict:
    """The verdict on a file. UserError where it cannot be read, or is neither a PDF nor a workbook."""
    with explained(path):
        if not path.is_file():
            raise UserError(_("There is no file {path}.").format(path=path))
        if path.stat().st_size > LARGEST:
            raise UserError(_("{name} is larger than 200 MB, so it is nothing that was issued here.").format(name=path.name))
        content = path.read_bytes()
    verdict = _verdict(session, path.name, content)
    if content.startswith(b"%PDF"):
        verdict = signatures.judged(verdict, content, _text_of(content))
    return _anchored(verdict, content) if verdict.genuine else verdict


def _verdict(session: Session, name: str, content: bytes) -> Verdict:
    digest = hashlib.sha256(content).hexdigest()
    if known := prints.with_hash(digest):
        return _known(session, known)._replace(sha256=digest, issued=tuple(known))
    if content.startswith(b"PK"):
        return _workbook(session, content)._replace(sha256=digest)
    return _paper(session, name, content)._replace(sha256=digest)


def _anchored(verdict: Verdict, content: bytes) -> Verdict:
    """The verdict, unless the file bears witness to another history than the one that is here."""
    workbook = content.startswith(b"PK")
    written = [_property(content, "dc:identifier")] if workbook else anchors.texts(_text_of(content))
    broken = [one for one in map(anchors.parse, filter(None, written)) if not anchors.stands(one)]
    if not broken:
        return verdict
    told = _("The file is right, but the history of this database is no longer the one that it names ({anchor}). Run a check.")
    return verdict._replace(code=REWRITTEN, sentence=told.format(anchor=f"{broken[0].number}:{broken[0].digits}"))


def _text_of(content: bytes) -> str:
    import pypdfium2  # heavy: start-up must not pay for it

    document = pypdfium2.PdfDocument(content)
    try:
        return text_of(document)
    finally:
        document.close()


def _known(session: Session, known: Sequence[Known]) -> Verdict:
    """Of a file that was issued: as it was; its agreement may have been replaced since."""
    for one in known:
        record = _record(one)
        if isinstance(record, Agreement) and one.document == "agreement":
            found = drafted(record) if one.draft else stand(session, record)
            if not found.genuine:
                return found
    first = known[0]
    record = _record(first)
    what = record.number if record is not None else first.reason
    title = (prints.TITLES | prints.FILES).get(first.document, first.document)
    told = _("This is the file as it was issued: {document} {what}, {time}, by {person}.").format(
        document=_(title), what=what, time=formats.moment(first.at, session.branch.zone), person=first.who
    )
    edition = record.edition if isinstance(record, Agreement) else 0
    return Verdict(ISSUED, told, "", record.number if record is not None else "", edition)


def _record(one: Known) -> Record | None:
    kind = KINDS.get(one.kind)
    return None if kind is None else kind.get_or_none(kind.id == one.record_id)


def _workbook(session: Session, content: bytes) -> Verdict:
    """A workbook whose file is not known: changed, if it calls itself like one that was issued."""
    title = _property(content, "dc:title")
    issued = prints.titled(prints.MONTH, title) if title else []
    if not issued:
        return Verdict(UNKNOWN, _("This database issued no such file."), "")
    told = _("It calls itself “{title}”, as a workbook issued on {time} does, but it was changed or saved again since.")
    when = formats.moment(issued[-1].at, session.branch.zone)
    return Verdict(CHANGED, told.format(title=title, time=when), "", issued=tuple(issued))


def _property(content: bytes, name: str) -> str:
    """What stands in the properties of a workbook. UserError where it is none."""
    try:
        with opened_zip(BytesIO(content)) as archive, archive.open("docProps/core.xml") as file:
            told = file.read(65_536).decode("utf-8", "replace")
    except (OSError, KeyError, *BROKEN_ZIP):
        raise UserError(_("This file is neither a PDF nor a workbook that can be read.")) from None
    found = re.search(f"<{name}[^>]*>([^<]*)</{name}>", told)
    return html.unescape(found[1]) if found else ""


def _paper(session: Session, name: str, content: bytes) -> Verdict:
    """A PDF whose file is not known. UserError where it cannot be read."""
    import pypdfium2  # heavy: start-up must not pay for it

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        raise UserError(_("{name} is no PDF that can be read. It may be damaged or locked.").format(name=name)) from None
    try:
        return read(session, document)
    except pypdfium2.PdfiumError:
        raise UserError(_("{name} is no PDF that can be read. It may be damaged or locked.").format(name=name)) from None
    finally:
        document.close()
