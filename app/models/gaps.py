"""What a case still lacks before it can be closed: nothing closes with a gap (rules 5 to 7, 12 to 15 and 19)."""

from __future__ import annotations

from app.core import times
from app.core.formats import label
from app.core.language import _
from app.core.session import Session
from app.models import actions, dispatches, recurrence
from app.models.case_entries import Escalation, FollowUp, Notice
from app.models.complaints import Complaint
from app.models.dispatches import DispatchLine, Promised
from app.models.record import Record, moment_of, parts_of
from app.models.steps import Missing

SATISFIED, DISSATISFIED = 4, 2


def owed_words(lines: list[Promised]) -> str:
    """What is still owed, in words: 更换 2 条、补偿金 300 元."""
    told = (
        _("{remedy} {quantity} {unit}").format(
            remedy=label(DispatchLine.field("remedy"), one.remedy), quantity=f"{one.owed.normalize():f}", unit=one.unit
        )
        for one in lines
    )
    return _(", ").join(part.strip() for part in told)


def undelivered(session: Session, complaint: Complaint) -> list[Missing]:
    """Rule 6: promised = delivered, to the unit and the 分."""
    found = dispatches.promised(session, complaint)
    if to_issue := [one for one in found if one.to_issue > 0]:
        words = owed_words([one._replace(delivered=one.issued) for one in to_issue])
        return [Missing("@dispatch", _("Not dispatched yet: {what}.").format(what=words), 6)]
    if owed := [one for one in found if one.owed > 0]:
        return [Missing("@deliver", _("Not delivered yet: {what}.").format(what=owed_words(owed)), 6)]
    return [
        Missing("@deliver", _("{number} is still under way.").format(number=one.number), 6)
        for one in dispatches.open_of(complaint)
    ]


def before_closing(session: Session, record: Record) -> list[Missing]:
    """Everything that keeps a case from being closed, in the order in which it is usually mended."""
    assert isinstance(record, Complaint)
    return [
        *_reply(record),
        *undelivered(session, record),
        *_follow_up(record),
        *_notices(record),
        *_colleague(record),
        *_swapped(record),
        *_cause(session, record),
        *_overdue(session, record),
    ]


def _reply(record: Complaint) -> list[Missing]:
    """What a register brought may have been answered and followed up on paper."""
    return (
        []
        if record.solved_at is not None or record.imported
        else [Missing("@reply", _("The reply to the customer is missing."), 6)]
    )


def satisfied(record: Complaint) -> bool:
    """Whether the last follow-up of this round says so."""
    done = [one for one in parts_of(record, "follow_ups") if isinstance(one, FollowUp) and one.round == record.round]
    return any(one.reached and (one.result_score or 0) >= SATISFIED for one in done[-1:])


def _follow_up(record: Complaint) -> list[Missing]:
    if record.imported or satisfied(record):
        return []
    return [Missing("@follow-up", _("A follow-up that says satisfied is missing."), 6)]


def _notices(record: Complaint) -> list[Missing]:
    """Rule 14. The reply tells of the decision, the follow-up asks after the delivery."""
    told = {one.step for one in parts_of(record, "notices") if isinstance(one, Notice)}
    wanted = ["accept"] if record.handler else []
    wanted += ["dispatch"] if any(one.status != "voided" for one in dispatches.of_case(record)) else []
    return [
        Missing("@notice", _("The customer was not told: {step}.").format(step=label(Notice.field("step"), step)), 14)
        for step in wanted
        if step not in told
    ]


def _colleague(record: Complaint) -> list[Missing]:
    """Rule 12: the fault of a colleague goes to that department and the branch head."""
    if record.responsible_party != "staff":
        return []
    reported = (one for one in parts_of(record, "escalations") if isinstance(one, Escalation))
    if any(one.to == "head" and one.department for one in reported):
        return []
    return [Missing("@escalate", _("A colleague's fault is to be reported to that department and the branch head."), 12)]


def _swapped(record: Complaint) -> list[Missing]:
    """Rule 13: swapped goods go to the monopoly administration."""
    if not record.swapped:
        return []
    if any(one.department == "monopoly" and one.status != "voided" for one in dispatches.of_case(record)):
        return []
    return [Missing("@dispatch", _("Swapped goods are to be dispatched to the monopoly administration."), 13)]


def _cause(session: Session, record: Complaint) -> list[Missing]:
    """Rule 15: a justified complaint needs its root cause and, when it recurs, a corrective action."""
    if not record.valid:
        return []
    if not record.cause:
        return [Missing("cause", _("A justified complaint needs its cause."), 15)]
    found = recurrence.of(session, record)
    numbers = {number for one in found for number in one.numbers}
    if not numbers or actions.of_cases(session, [record.number, *sorted(numbers, reverse=True)]):
        return []
    most = max(found, key=lambda one: one.times)
    return [Missing("@action", _("{what}. A corrective action is needed.").format(what=most.sentence), 15)]


def overdue(session: Session, record: Complaint) -> bool:
    """Whether the solution came, or is, after its deadline."""
    due = moment_of(session, record, "solution_due")
    at = moment_of(session, record, "solved_at") or session.clock()
    if record.paused_at is not None and times.before(record.paused_at, at, session.branch.zone):
        at = record.paused_at  # the time stands still since then
    return due is not None and times.before(due, at, session.branch.zone)


def _overdue(session: Session, record: Complaint) -> list[Missing]:
    """Rule 19: an overdue case goes up, with note and time."""
    if not overdue(session, record) or parts_of(record, "escalations"):
        return []
    return [Missing("@escalate", _("The case is overdue and was not reported to the manager."), 19)]


def unverified(record: Complaint) -> bool:
    """Whether no enquiry was read back to the customer and confirmed (rule 13 asks for verified facts)."""
    return not any(one["confirmed_at"] is not None for one in parts_of(record, "enquiries"))
