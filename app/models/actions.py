"""Corrective actions: the root cause of a justified complaint, what is done about it, and whether that helped."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import ClassVar

from app.core.errors import ValidationError
from app.core.fields import Field, Kind
from app.core.language import N_, _
from app.core.session import Session
from app.core.times import day_of
from app.models import classifications as of
from app.models.complaints import Complaint
from app.models.record import Record, Values, change, insert
from app.models.steps import REASON, STEPS, Missing, Step

_WHO = ("handler", "manager", "head")
_DECIDES = ("manager", "head")
_CHECK_AFTER = 30


class Action(Record):
    """A corrective action; `check_on` is the day on which somebody looks whether it helped."""

    KIND = "action"
    LABEL = N_("corrective action")
    FOUND_BY = ("number", "customer_name", "root_cause", "immediate", "lasting", "person")
    FIRST_STATUS = "open"
    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("complaint", N_("Complaint"), Kind.RECORD, refers="complaint", required=True),
        Field("root_cause", N_("Root cause"), Kind.MEMO, required=True, width=260),
        Field("cause", N_("Cause"), Kind.CHOICE, choices=of.CAUSES, width=140),
        Field("immediate", N_("Immediate measure"), Kind.MEMO, width=200),
        Field("lasting", N_("Lasting measure"), Kind.MEMO, width=200),
        Field("department", N_("Responsible department"), Kind.CHOICE, choices=of.DEPARTMENTS, width=110),
        Field("person", N_("Responsible person"), max_length=100, width=90),
        Field("due", N_("Due"), Kind.DATE, width=110, indexed=True),
        Field("check_on", N_("Check on"), Kind.DATE, width=110, indexed=True),
        Field("done_at", N_("Done at"), Kind.MOMENT, derived=True, width=110),
        Field("done_note", N_("What was done"), Kind.MEMO, derived=True),
        Field("checked_at", N_("Checked at"), Kind.MOMENT, derived=True, width=110),
        Field("check_note", N_("What the check found"), Kind.MEMO, derived=True),
        Field("published_at", N_("Published at"), Kind.MOMENT, derived=True, width=110),
        Field("published_by", N_("Published by"), max_length=100, derived=True),
        Field("customer_name", N_("Customer"), derived=True, width=160, indexed=True),
    )

    @classmethod
    def check(cls, session: Session, values: Values) -> dict[str, str]:
        """A measure is checked after it is due."""
        due, check = values.get("due"), values.get("check_on")
        if due is None or check is None or due <= check:
            return {}
        return {"check_on": _("{later} cannot lie before {earlier}.").format(later=_("Check on"), earlier=_("Due"))}

    @classmethod
    def derive(cls, session: Session, values: Values) -> Values:
        """Whose complaint it comes from."""
        complaint = values.get("complaint")
        if isinstance(complaint, str):
            found = Complaint.get_or_none(Complaint.branch_id == session.branch.id, Complaint.number == complaint)
            return {"customer_name": found.customer_name if found is not None else None}
        return {"customer_name": complaint.customer_name} if complaint is not None else {}


def of_cases(session: Session, numbers: Iterable[str]) -> list[Action]:
    """The actions, void ones aside, of these complaints."""
    wanted = list(numbers)[:500]
    places = ", ".join("?" * len(wanted))
    condition = (  # of the branch by its complaint: with a branch of its own all actions would be gone through
        f"t.status <> 'voided' AND t.complaint_id IN "
        f"(SELECT id FROM complaint WHERE branch_id = ? AND number IN ({places})) ORDER BY t.id"
    )
    return Action.fetch(condition, session.branch.id, *wanted) if wanted else []


def begin(session: Session, complaint: Complaint, values: Values) -> Action:
    """A new action for a complaint, inside the caller's transaction."""
    today = day_of(session.clock(), session.branch.zone)
    due = values.get("due") or today + timedelta(days=7)
    given = {code: value for code, value in values.items() if value is not None}
    start: Values = {"cause": complaint.cause, "due": due, "check_on": due + timedelta(days=_CHECK_AFTER)}
    content = start | given | {"complaint": complaint.number}
    if errors := Action.check(session, content):
        raise ValidationError(errors)
    return insert(session, Action, content, note=complaint.number)


def _finish(session: Session, record: Record, values: Values) -> Record:
    given = {"done_at": values["done_at"] or session.clock(), "done_note": values["done_note"]}
    return change(session, record, given, action="finish", status="done")


def _check(session: Session, record: Record, values: Values) -> Record:
    given: Values = {"checked_at": session.clock(), "check_note": values["check_note"]}
    if values["effective"]:
        return change(session, record, given, action="check", note=values["check_note"], status="effective")
    due = values["due"] or day_of(session.clock(), session.branch.zone) + timedelta(days=7)
    given |= {"due": due, "check_on": due + timedelta(days=_CHECK_AFTER), "done_at": None, "done_note": None}
    return change(session, record, given, action="check", note=values["check_note"], status="open")


def _publish(session: Session, record: Record, values: Values) -> Record:
    given = {"published_at": session.clock(), "published_by": session.user}
    return change(session, record, given, action="publish", note=values["note"] or "")


def _void(session: Session, record: Record, values: Values) -> Record:
    return change(session, record, {}, action="void", note=values["reason"], status="voided", void_reason=values["reason"])


def _measured(session: Session, record: Record) -> list[Missing]:
    """A notice names what is done, not only what went wrong."""
    codes = [code for code in ("lasting", "department") if not record[code]]
    return [Missing(code, _("{field} is missing.").format(field=_(record.field(code).label)), 15) for code in codes]


def _published(session: Session, record: Record) -> str:
    return _("Published already.") if record.published_at is not None else ""


STEPS["action"] = (
    Step(
        "finish",
        N_("Report done"),
        _WHO,
        ("open",),
        _finish,
        (
            Field("done_note", N_("What was done"), Kind.MEMO, required=True),
            Field("done_at", N_("Done at"), Kind.MOMENT, happened=True),
        ),
        lock=N_("Done already, or void."),
        rule=15,
        defaults=lambda session, record: {"done_at": session.clock()},
    ),
    Step(
        "check",
        N_("Check effect"),
        _DECIDES,
        ("done",),
        _check,
        (
            Field("effective", N_("It helped"), Kind.BOOLEAN, required=True),
            Field("check_note", N_("What the check found"), Kind.MEMO, required=True),
            Field("due", N_("If not: due again"), Kind.DATE),
        ),
        lock=N_("Possible once the measure is done."),
        rule=15,
    ),
    Step(
        "publish",
        N_("Publish notice"),
        _DECIDES,
        ("open", "done", "effective"),
        _publish,
        (Field("note", N_("To whom"), max_length=300),),
        lock=N_("What is void is not published."),
        rule=15,
        missing=_measured,
        barred=_published,
    ),
    Step("void", N_("Void"), _DECIDES, ("open", "done"), _void, (REASON,), lock=N_("It has ended."), danger=True),
)
