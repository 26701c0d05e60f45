"""What the signature of a PDF adds to the verdict on it: only one that covers all of the file, and is ours, is good."""

from __future__ import annotations

import re

from app.core import language, pdf_signatures
from app.core.certificates import SHORT
from app.core.language import _
from app.models import certificates
from app.reports.pdf import CERTIFICATE
from app.reports.verdicts import CHANGED, ISSUED, STRANGER, UNSIGNED, Verdict


def judged(verdict: Verdict, content: bytes, text: str) -> Verdict:
    """The verdict, with what is to be said of the signature; `text` is all that stands in the file, without blanks."""
    if not pdf_signatures.has_signature(content):
        return _missing(verdict) if verdict.genuine and verdict.code != ISSUED and _named(text) else verdict
    found = pdf_signatures.examine(content)
    by = found.by.fingerprint if found.by is not None else ""
    ours = bool(by) and certificates.is_ours(by)
    told = _(found.problem) if found.problem else _("The electronic signature covers all of the file, which is unchanged since.")
    if found.by is not None:
        known = (
            _("The certificate is the branch's: {subject}, {code}.")
            if ours
            else _("The certificate is not one of this branch: {subject}, {code}. Anybody may have made it.")
        )
        told = _("{one} {more}").format(one=told, more=known.format(subject=found.by.subject, code=by[:SHORT]))
    code = CHANGED if found.problem else verdict.code if ours or not verdict.genuine else STRANGER
    sentence = _("{one} {more}").format(one=told, more=verdict.sentence) if not found.problem or not verdict.genuine else told
    return verdict._replace(code=code, sentence=sentence, by=by)


def _missing(verdict: Verdict) -> Verdict:
    told = _("It says that it is signed electronically, but no signature is in it: it was taken off, or the file printed anew.")
    return verdict._replace(code=UNSIGNED, sentence=told)


def _named(text: str) -> bool:
    """Whether the foot of the paper names a certificate."""
    for spoken in language.LANGUAGES:
        with language.speaking(spoken):
            form = re.escape("".join(_(CERTIFICATE).split())).replace(re.escape("{code}"), f"[0-9a-f]{{{SHORT}}}")
        if re.search(form, text):
            return True
    return False
