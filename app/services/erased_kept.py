"""What an older version kept of erased customers is closed: no word of it is found or stands in the history."""

from __future__ import annotations

from app.core.database import transaction
from app.core.language import _
from app.core.session import Session
from app.models import attachments, history, record
from app.models.agreements import Agreement
from app.models.dispatches import Dispatch
from app.services import erased_texts
from app.services.erased_texts import ids

PARTIES = ("party_b", "party_b_identity", "party_b_address", "party_b_contact", "party_b_phone")


def close(session: Session) -> None:
    """Close what a migration marked: such records were not erased themselves. What was written since stays."""
    with session.changed.after(), transaction():
        for one in (*Agreement.fetch("t.withheld ORDER BY t.id"), *Dispatch.fetch("t.withheld ORDER BY t.id")):
            if not history.erased(one.KIND, one.id):
                _close(session, one)


def _close(session: Session, one: Agreement | Dispatch) -> None:
    names = erased_texts.values("agreement", PARTIES, ids("agreement", "complaint_id", [one.complaint_id]))
    files = [file.id for file in attachments.of(session, one)]
    erased_texts.redact("attachment", ("name", "shows", "void_reason"), files, {name for name in names if len(name) > 1})
    history.erase(session, one.KIND, one.id, _("Kept of a customer who was erased before"))
    record.index(session, one)
    session.changed(one.KIND, one.number)
