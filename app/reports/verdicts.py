"""What can be said of a file that somebody brings, and what became of an edition whose content is right."""

from __future__ import annotations

from typing import NamedTuple

from app.core.language import N_, _
from app.core.session import Session
from app.models import agreements
from app.models.agreements import Agreement
from app.models.prints import Known

ISSUED, SAME, DRAFTED = "issued", "same", "draft"
CHANGED, OLDER, VOIDED, UNKNOWN = "changed", "older", "void", "unknown"
REWRITTEN, STRANGER, UNSIGNED = "history", "stranger", "unsigned"
GENUINE = (ISSUED, SAME)
"""The verdicts on what may be relied on."""
WORDS = {
    ISSUED: N_("As issued"),
    SAME: N_("Same content"),
    DRAFTED: N_("A draft"),
    CHANGED: N_("Altered"),
    OLDER: N_("An older edition"),
    VOIDED: N_("Void"),
    UNKNOWN: N_("Unknown"),
    REWRITTEN: N_("Another history"),
    STRANGER: N_("Signed by somebody else"),
    UNSIGNED: N_("Signature missing"),
}


class Verdict(NamedTuple):
    """What was found: a code of WORDS, a sentence, the number and edition that the file names, when it was issued, and
    the fingerprint of the certificate that signed it."""

    code: str
    sentence: str
    sha256: str
    number: str = ""
    edition: int = 0
    issued: tuple[Known, ...] = ()
    by: str = ""

    @property
    def genuine(self) -> bool:
        """Whether it may be relied on."""
        return self.code in GENUINE


def drafted(record: Agreement) -> Verdict:
    """Of a paper with the watermark of a draft."""
    told = _("This is a draft of {number}, edition {edition}. A draft binds nobody.")
    return of_edition(record, DRAFTED, told)


def of_edition(record: Agreement, code: str, sentence: str, **words: object) -> Verdict:
    """A verdict on a paper of an edition; the sentence has places for its number and edition."""
    told = sentence.format(number=record.number, edition=record.edition, **words)
    return Verdict(code, told, "", record.number, record.edition)


def stand(session: Session, record: Agreement) -> Verdict:
    """What became of an edition whose content is right."""
    if record.status == "voided":
        counting = [one for one in agreements.editions(session, record.complaint) if one.status != "voided"]
        newest = next((one.edition for one in counting if one.number == record.number), None)
        if newest is not None:
            told = _("{number}: edition {edition} was replaced; edition {newest} counts.")
            return of_edition(record, OLDER, told, newest=newest)
        return of_edition(record, VOIDED, _("{number}, edition {edition}, is void: {reason}"), reason=record.void_reason or "")
    if record.content_hash and agreements.content_hash(session, record) != record.content_hash:
        told = _("The record of {number}, edition {edition}, was changed in the database after its release.")
        return of_edition(record, CHANGED, told)
    told = _("This is the content of {number}, edition {edition}, unchanged; the file itself was printed or saved elsewhere.")
    return of_edition(record, SAME, told)
