"""Evidence: what answers rest on — policy, product facts, success stories — and from when until when it holds."""

from __future__ import annotations

from typing import ClassVar

from app.core.fields import Field, Kind
from app.core.formats import day
from app.core.language import N_, _
from app.core.session import Session
from app.models import classifications as of
from app.models.record import Record, Values


class Evidence(Record):
    """A piece of evidence; the days it holds are both included."""

    KIND = "evidence"
    LABEL = N_("piece of evidence")
    FOUND_BY = ("number", "title", "text", "source")
    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("title", N_("Title"), required=True, max_length=100, width=240, indexed=True),
        Field("type", N_("Kind of evidence"), Kind.CHOICE, choices=of.EVIDENCE_TYPES, width=110),
        Field("text", N_("What it says"), Kind.MEMO, required=True, width=300),
        Field("source", N_("Source"), max_length=200, width=200, hint=N_("Document number, catalogue, who told it")),
        Field("valid_from", N_("Valid from"), Kind.DATE, width=110, indexed=True),
        Field("valid_to", N_("Valid to"), Kind.DATE, width=126, indexed=True, hint=N_("Empty: until further notice")),
    )

    @classmethod
    def check(cls, session: Session, values: Values) -> dict[str, str]:
        """Nothing ends before it begins."""
        since, until = values.get("valid_from"), values.get("valid_to")
        if since and until and until < since:
            return {"valid_to": _("{later} cannot lie before {earlier}.").format(later=_("Valid to"), earlier=_("Valid from"))}
        return {}


def fault(session: Session, evidence: Evidence) -> str:
    """Why it proves nothing today; empty while it holds."""
    today = session.now().date()
    if evidence.status == "voided":
        why = _("{number} “{title}” is void.")
    elif evidence.valid_to is not None and evidence.valid_to < today:
        why = _("{number} “{title}” expired on {until}.")
    elif evidence.valid_from is not None and evidence.valid_from > today:
        why = _("{number} “{title}” holds only from {since} on.")
    else:
        return ""
    since, until = (day(value) if value else "" for value in (evidence.valid_from, evidence.valid_to))
    return why.format(number=evidence.number, title=evidence.title, since=since, until=until)
