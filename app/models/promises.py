"""Promises: every date that was given to a customer. What becomes of one follows from what happens, never from a tick."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from app.core import times
from app.core.fields import Choice, Field, Kind
from app.core.language import N_
from app.core.session import Session
from app.core.times import Moment
from app.models.bulk import New, insert_many

# Importing it declares the kind that a promise refers to.
from app.models.customers import Customer as Customer
from app.models.record import Record, Values, change, insert, moment_of

SUBJECTS = (
    Choice("reply", N_("Reply")),
    Choice("visit", N_("Visit")),
    Choice("delivery", N_("Delivery")),
    Choice("follow_up", N_("Follow-up")),
)
OWED = ("open", "moved")
"""Not decided yet; one that was moved stays a promise, though a later day was given meanwhile."""


class Promise(Record):
    """A date given to a customer, in the course of a case."""

    KIND = "promise"
    LABEL = N_("promise")
    FOUND_BY = ("number", "case", "customer_name", "note")
    FIRST_STATUS = "open"
    COUNTED = False
    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("case", N_("Case"), Kind.CODE, derived=True, width=130),
        Field("subject", N_("What was promised"), Kind.CHOICE, choices=SUBJECTS, derived=True, width=90),
        Field("due", N_("Due"), Kind.MOMENT, derived=True, indexed=True, width=126),
        Field("customer", N_("Customer"), Kind.RECORD, refers="customer", derived=True),
        Field("customer_name", N_("Customer"), derived=True, width=160, indexed=True),
        Field("given_at", N_("Given at"), Kind.MOMENT, derived=True, width=126),
        Field("given_by", N_("Given by"), derived=True, width=90),
        Field("kept_at", N_("Done at"), Kind.MOMENT, derived=True, width=126),
        Field("handler", N_("Handler"), derived=True, width=90),
        Field("note", N_("Note"), Kind.MEMO, derived=True, width=200),
    )

    def frozen(self) -> str | None:
        """What was promised cannot be made unpromised."""
        return N_("A promise stands as it was given.")


def owed(session: Session, case: Record, *subjects: str) -> list[Promise]:
    """What a case still owes, the moved ones included."""
    places = ", ".join("?" * len(OWED))
    found = Promise.fetch(
        f't.branch_id = ? AND t."case" = ? AND t.status IN ({places}) ORDER BY t.id', session.branch.id, case.number, *OWED
    )
    return [one for one in found if not subjects or one.subject in subjects]


def of_case(session: Session, case: Record) -> list[Promise]:
    """All that was promised in a case, oldest first."""
    return Promise.fetch('t.branch_id = ? AND t."case" = ? ORDER BY t.id', session.branch.id, case.number)


def give(session: Session, case: Record, subject: str, due: Moment, note: str = "") -> Promise:
    """Write down a promise, inside the caller's transaction; an open one of the same subject counts as moved from now on.

    The same time given again is the same promise.
    """
    for earlier in owed(session, case, subject):
        if earlier.status == "open" and moment_of(session, earlier, "due") == due:
            return earlier
        if earlier.status == "open":
            change(session, earlier, {}, action="moved", note=note, status="moved")
    count = Promise.select().where(Promise.branch_id == session.branch.id, Promise.case == case.number).count()
    values = _values(session, case, subject, due) | {"note": note or None}
    return insert(session, Promise, values, number=f"{case.number}-C{count + 1}")


def _values(session: Session, case: Record, subject: str, due: Moment) -> Values:
    return {
        "case": case.number,
        "subject": subject,
        "due": due,
        "customer": case.customer,
        "customer_name": case.customer_name,
        "given_at": session.clock(),
        "given_by": session.user,
        "handler": case.handler,
    }


def keep(session: Session, case: Record, subject: str, at: Moment, *, due_only: bool = False) -> None:
    """What was promised happened: on time or late. `due_only`: it answers only what had to happen by that day."""
    zone = session.branch.zone
    for one in owed(session, case, subject):
        due = moment_of(session, one, "due")
        assert due is not None
        if due_only and times.day_of(at, zone) < times.day_of(due, zone):
            continue
        late = times.before(due, at, zone)
        change(session, one, {"kept_at": at}, action="kept", status="late" if late else "kept")


def follow(session: Session, case: Record, differing: Values) -> None:
    """What is still owed goes along with who handles the case, and with whose it is."""
    if differing.keys() & {"handler", "customer", "complainant"}:
        for one in owed(session, case):
            change(session, one, {code: getattr(case, code) for code in ("handler", "customer", "customer_name")})


def hand_on(session: Session, case: Record, to: Record) -> None:
    """The case became another one, which owes now what was promised."""
    for one in owed(session, case):
        change(session, one, {"case": to.number}, action="handed-on", note=to.number)


def end(session: Session, case: Record, status: str) -> None:
    """The case ended with these still owed: they are `broken`, or `voided` with it."""
    for one in owed(session, case):
        change(session, one, {}, action=status, status=status)


def take_in(session: Session, kind: type[Record], ids: Iterable[int]) -> None:
    """Write down what cases promised that a register brought, inside its transaction; they were kept or not as they say."""
    found: list[New] = []
    wanted = list(ids)
    for start in range(0, len(wanted), 500):
        place = wanted[start : start + 500]
        cases = kind.fetch(f"t.promised_at IS NOT NULL AND t.id IN ({', '.join('?' * len(place))})", *place)
        found += [_taken_in(session, case) for case in cases]
    insert_many(session, Promise, found, action="import")


def _taken_in(session: Session, case: Record) -> New:
    due, replied = moment_of(session, case, "promised_at"), moment_of(session, case, "replied_at")
    assert due is not None
    late = replied is not None and times.before(due, replied, session.branch.zone)
    status = "late" if late else "kept" if replied is not None else "broken" if case.closed_at is not None else "open"
    values = _values(session, case, "reply", due) | {"kept_at": replied}
    return New(values, f"{case.number}-C1", {"status": status})


def catch_up(session: Session, case: Record, filled: Values) -> None:
    """Let what is owed follow what a register filled in later, inside its transaction."""
    promised, replied = (moment_of(session, case, code) for code in ("promised_at", "replied_at"))
    if promised is not None and "promised_at" in filled:
        give(session, case, "reply", promised)
    if replied is not None and filled.keys() & {"promised_at", "replied_at"}:
        keep(session, case, "reply", replied)
    if case.closed_at is not None and filled.keys() & {"promised_at", "closed_at"}:
        end(session, case, "broken")


def next_due(session: Session, case: Record) -> tuple[Promise, Moment] | None:
    """The promise of a case that falls due first."""
    zone = session.branch.zone
    found = [(one, moment_of(session, one, "due")) for one in owed(session, case) if one.status == "open"]
    dated = [(one, due) for one, due in found if due is not None]
    return min(dated, key=lambda pair: times.instant_of(pair[1], zone), default=None)


def is_overdue(session: Session, due: Moment, now: datetime | None = None) -> bool:
    """Whether a promise's time is over; one for a day is over when the day is."""
    return times.before(due, now or session.clock(), session.branch.zone)
