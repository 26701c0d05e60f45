"""Who changed since a month was closed what is counted of its cases, when, by which step and why: told by the history."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from app.core.session import Session
from app.models import history, sight
from app.models.objections import Objection
from app.models.record import Record
from app.services import timeline
from app.services.figures_rows import KINDS as CASES

_ADDED = ("add", "import")
_NO_CHANGE = frozenset(("set", "print", sight.REVEAL, "attach", "attach-shows", "attach-void"))
_ENDED = ("closed_at", "status")


class Act(NamedTuple):
    """Who did something, when, what it was (a code of the history and its words) and why."""

    who: str = ""
    at: datetime | None = None
    action: str = ""
    act: str = ""
    why: str = ""


class Acts:
    """Finds in the history who changed what since a month was closed."""

    def __init__(self, session: Session, known: int) -> None:
        self._session, self._known = session, known

    def of_case(self, kind: type[Record], number: str, what: str) -> Act:
        """Who changed what a column shows, or by what a case came in (`entered`) or is no longer counted (`left`)."""
        record = kind.get_or_none(kind.branch_id == self._session.branch.id, kind.number == number)
        if record is None:
            return Act()
        moment = (CASES.objections if kind is Objection else CASES.complaints).moment
        causes = {
            **dict.fromkeys(("entered", "left", "hours", "age"), (moment, *_ENDED)),
            **dict.fromkeys(("ended", "closed_in_period"), _ENDED),
            "in_period": (moment,),
            "escalated": ("status",),
            "same_day": (moment, "replied_at"),
            "repeated": (moment, "customer", "content", "class"),
            "product": ("product", "product_lines"),
            "tier": ("customer",),
        }
        found = self._added(record) if what == "entered" else None
        found = found or self._last(record, causes.get(what, (what,)))
        if what == "tier" and found is None and record.customer is not None:
            found = self._last(record.customer, ("tier",))
        return found or (Act() if what == "repeated" else self._any(record))

    def of_number(self, kind: type[Record], number: str) -> Act:
        """Who last did something to a record; of several editions to the one changed last."""
        known = kind.select().where(kind.branch_id == self._session.branch.id, kind.number == number)
        record = known.order_by(kind.changed_at.desc()).first()
        return Act() if record is None else self._any(record)

    def _added(self, record: Record) -> Act | None:
        entries = history.since(record.KIND, record.id, self._known)
        return next((self._act(record, one) for one in entries if one.action in _ADDED), None)

    def _last(self, record: Record, fields: tuple[str, ...]) -> Act | None:
        """The last change of one of the fields, told by the step that it belongs to."""
        found, step = None, None
        for entry in history.since(record.KIND, record.id, self._known):
            step = entry if entry.action != "set" else step
            found = (step or entry) if entry.field in fields else found
        return None if found is None else self._act(record, found)

    def _any(self, record: Record) -> Act:
        entries = [one for one in history.since(record.KIND, record.id, self._known) if one.action not in _NO_CHANGE]
        return self._act(record, entries[-1]) if entries else Act()

    def _act(self, record: Record, entry: history.Entry) -> Act:
        event = timeline.event_of(self._session, record, entry)
        return Act(entry.who, entry.at, entry.action, event.title, entry.note)
