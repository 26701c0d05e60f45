"""The last steps of a complaint: dispatched, delivered, followed up, closed; reopened, or void."""

from __future__ import annotations

from decimal import Decimal

from app.core.errors import RuleBroken, ValidationError
from app.core.fields import Field, Kind
from app.core.language import N_, _
from app.core.session import Session
from app.core.times import day_of
from app.models import actions, agreements, dispatches, gaps, promises
from app.models import classifications as of
from app.models.actions import Action
from app.models.case_entries import FollowUp
from app.models.case_moves import DESK, HANDED, OWNERS, TOLD, Added, entry, next_round, plan, told, visited, write
from app.models.complaint_intake import demand_product_facts
from app.models.complaints import Complaint
from app.models.dispatches import Dispatch, DispatchLine, Promised
from app.models.record import Record, Values, change, insert
from app.models.steps import REASON, Missing, Step

_LINE = (
    Field("place", N_("Line"), Kind.INTEGER, minimum=Decimal(0), width=60, hint=N_("Of what is still to be dispatched, from 1")),
    Field("description", N_("Content"), max_length=500, width=240),
    Field("quantity", N_("Quantity"), Kind.QUANTITY, width=90),
    Field("unit", N_("Unit"), max_length=20, width=60),
    Field("department", N_("Department"), Kind.CHOICE, choices=of.DEPARTMENTS, width=110),
)
_BEFORE_AGREED = ("registered", "accepted", "investigating", "proposed", "approved", "replied")
_AUTHORITIES = ("monopoly", "police", "maker")


def _to_issue(session: Session, record: Record) -> list[Promised]:
    assert isinstance(record, Complaint)
    return [one for one in dispatches.promised(session, record) if one.to_issue > 0]


def _dispatch_defaults(session: Session, record: Record) -> Values:
    lines = [
        {
            "place": place,
            "description": one.description or remedy_label(one),
            "quantity": one.to_issue,
            "unit": one.unit,
            "department": dispatches.department_of(one.remedy),
        }
        for place, one in enumerate(_to_issue(session, record), 1)
    ]
    return {"due": _due(session, record), "lines": lines, "told_by": record.channel}


def remedy_label(one: Promised) -> str:
    """What is to be delivered, in a word."""
    choice = DispatchLine.field("remedy").choice(one.remedy)
    return _(choice.label) if choice is not None else one.remedy


def _due(session: Session, record: Record) -> object:
    assert isinstance(record, Complaint)
    agreement = agreements.current(session, record)
    if agreement is not None and agreement.deadline is not None:
        return agreement.deadline
    return agreements.suggested_deadline(session)


def _dispatch(session: Session, record: Record, values: Values) -> Record:
    """One order to each department; without lines, everything that is still to be dispatched to whom it usually goes to."""
    assert isinstance(record, Complaint)
    waiting = _to_issue(session, record)
    lines = values["lines"] or _dispatch_defaults(session, record)["lines"]
    orders: dict[str, list[tuple[Promised | None, Values]]] = {}
    for place, line in enumerate(lines):
        meant = _meant(waiting, line, f"lines[{place}]")
        department = line.get("department") or (dispatches.department_of(meant.remedy) if meant else "")
        _demand_right_address(record, meant, department, f"lines[{place}]")
        orders.setdefault(department, []).append((meant, line))
    _demand_no_more(orders)
    due = values["due"] or _due(session, record)
    numbers = [_issue(session, record, department, due, values["note"], found) for department, found in orders.items()]
    promised = any(one is not None for found in orders.values() for one, _line in found)
    added = told(session, record, "dispatch", values)
    return write(session, record, "dispatch", "executing" if promised else None, ", ".join(numbers), added)


def _meant(waiting: list[Promised], line: Values, where: str) -> Promised | None:
    """The promised remedy of a line; None for a report to an authority."""
    place = int(line.get("place") or 0)
    if place == 0:
        return None
    if place > len(waiting):
        raise ValidationError({f"{where}.place": _("There are {count} lines to dispatch.").format(count=len(waiting))})
    return waiting[place - 1]


def _demand_right_address(record: Record, promised: Promised | None, department: str, where: str) -> None:
    if promised is None and department not in _AUTHORITIES:
        raise ValidationError({f"{where}.place": _("Say which of the promised lines is meant.")})
    if department == "maker" and record["class"] == "product":
        demand_product_facts(record)
    if department == "monopoly" and record.swapped and gaps.unverified(record):
        raise RuleBroken(
            13, _("Swapped goods need verified facts first: read the enquiry back to the customer and note the day.")
        )


def _demand_no_more(orders: dict[str, list[tuple[Promised | None, Values]]]) -> None:
    """No more is dispatched than was promised (rule 6)."""
    given: dict[tuple[int, int], Decimal] = {}
    for promised, line in (pair for found in orders.values() for pair in found):
        if promised is None:
            continue
        key = (promised.proposal, promised.place)
        given[key] = given.get(key, Decimal(0)) + (promised.to_issue if line.get("quantity") is None else line["quantity"])
        if given[key] > promised.to_issue:
            raise RuleBroken(
                6,
                _("{what}: {given} would be dispatched, {left} are promised and not dispatched.").format(
                    what=remedy_label(promised), given=given[key], left=promised.to_issue
                ),
            )


def _issue(
    session: Session,
    record: Complaint,
    department: str,
    due: object,
    note: str | None,
    found: list[tuple[Promised | None, Values]],
) -> str:
    agreement = agreements.current(session, record)
    values = {
        "complaint": record,
        "agreement": agreement.number if agreement is not None and agreement.status == "signed" else None,
        "department": department,
        "due": due,
        "note": note,
        "customer_name": record.customer_name,
    }
    made = insert(session, Dispatch, values, note=record.number)
    for position, (promised, line) in enumerate(found):
        quantity = line.get("quantity")
        DispatchLine.create(
            parent=made.id,
            position=position,
            proposal=promised.proposal if promised else 0,
            place=promised.place if promised else 0,
            remedy=promised.remedy if promised else None,
            description=line.get("description") or (promised.description if promised else ""),
            quantity=quantity if quantity is not None else promised.to_issue if promised else Decimal(1),
            unit=promised.unit if promised else line.get("unit"),
            delivered=Decimal(0),
        )
    return str(made.number)


def _nothing_left(session: Session, record: Record) -> str:
    return "" if _to_issue(session, record) or record.swapped else _("Nothing is left to dispatch.")


def _delivered(session: Session, record: Record) -> list[Missing]:
    assert isinstance(record, Complaint)
    return gaps.undelivered(session, record)


def _follow_up(session: Session, record: Record, values: Values) -> Record:
    """Satisfied: it can be closed. Dissatisfied: the next round begins by itself (rule 7). Else it is tried again later."""
    reached, score = values["reached"] is not False, values["result_score"]
    if reached and score is None:
        sentence = _("Say how satisfied the customer is with the result, or that nobody was reached.")
        raise ValidationError({"result_score": sentence})
    at = values["at"] or session.clock()
    visited(session, record, values["way"], at)
    added = entry(session, record, "follow_ups", values | {"at": at, "reached": reached, "planned_for": record.follow_up_at})
    if not reached:
        return _again(session, record, values, _("Nobody was reached."), added)
    promises.keep(session, record, "follow_up", at)
    if score <= gaps.DISSATISFIED or values["change_solution"]:
        about = values["dissatisfied_about"] or values["text"] or _("The customer is still dissatisfied.")
        return next_round(session, record, "follow-up", about, values["promised_at"], added)
    if score < gaps.SATISFIED:
        return _again(session, record, values, values["dissatisfied_about"] or "", added)
    more: Values = {"satisfaction": score, "follow_up_at": None}
    return change(session, record, more, action="follow-up", note=values["text"] or "", added=added, status="following_up")


def _again(session: Session, record: Record, values: Values, note: str, added: Added) -> Record:
    today = day_of(session.clock(), session.branch.zone)
    day = values["next_on"] or session.calendar.after(today, session.settings["follow_up_days"])
    next_one = plan(session, record, day)
    return change(session, record, next_one, action="follow-up", note=note, added=added, status="following_up")


def _close(session: Session, record: Record, values: Values) -> Record:
    """With a reason of the branch head also with gaps: what is still owed is broken, orders and unsigned papers are withdrawn."""
    assert isinstance(record, Complaint)
    reason = str(values["reason"] or "") if gaps.before_closing(session, record) else ""
    if reason:
        _withdraw(session, record, reason)
    promises.end(session, record, "broken")
    codes = ("result", "satisfaction", "summary", "lesson")
    given = {code: values[code] for code in codes} | {"closed_at": session.clock(), "closed_reason": reason or None}
    return write(session, record, "close", "closed", reason, **given)


def _withdraw(session: Session, record: Complaint, reason: str) -> None:
    agreement = agreements.current(session, record)
    unsigned = [agreement] if agreement is not None and agreement.status != "signed" else []
    for one in [*dispatches.open_of(record), *unsigned]:
        change(session, one, {}, action="void", note=reason, status="voided", void_reason=reason)


def _reopen(session: Session, record: Record, values: Values) -> Record:
    return next_round(session, record, "reopen", values["reason"], values["promised_at"])


def _bound(session: Session, record: Record) -> list[Missing]:
    """What was signed or delivered stays, and its case with it."""
    assert isinstance(record, Complaint)
    signed = next((one for one in agreements.editions(session, record) if one.status == "signed"), None)
    if signed is not None:
        why = _("{number} is signed by the customer. A case with a signed agreement cannot be void.")
        return [Missing("agreement", why.format(number=signed.number), 4)]
    lines = (line for one in dispatches.of_case(record) if one.status != "voided" for line in dispatches.lines_of(one))
    if any(line.delivered for line in lines):
        return [Missing("dispatches", _("Something was delivered already. Close the case with a reason instead."), 6)]
    return []


def _void(session: Session, record: Record, values: Values) -> Record:
    assert isinstance(record, Complaint)
    _withdraw(session, record, values["reason"])
    promises.end(session, record, "voided")
    return change(session, record, {}, action="void", note=values["reason"], status="voided", void_reason=values["reason"])


def _act(session: Session, record: Record, values: Values) -> Record:
    assert isinstance(record, Complaint)
    made = actions.begin(session, record, values)
    return write(session, record, "action", note=made.number)


PROMISED_NEXT = Field("promised_at", N_("If not: next answer by"), Kind.MOMENT)
DISPATCH = Step(
    "dispatch",
    N_("Dispatch"),
    (*OWNERS, "clerk"),
    ("agreed", "executing", "following_up"),
    _dispatch,
    (Field("due", N_("Due"), Kind.DATE), Field("note", N_("Note"), Kind.MEMO), *TOLD),
    {"lines": _LINE},
    lock=N_("Possible once the customer has signed or the agreement was waived."),
    rule=5,
    barred=_nothing_left,
    defaults=_dispatch_defaults,
)
_ASKED = ("at", "way", "reached", "result_score", "process_score", "dissatisfied_about", "change_solution", "text")
FOLLOW_UP = Step(
    "follow-up",
    N_("Follow up"),
    DESK,
    ("agreed", "executing", "following_up"),
    _follow_up,
    (
        *(FollowUp.field(code).but(required=False) for code in _ASKED),
        Field("next_on", N_("If not reached: again on"), Kind.DATE),
        PROMISED_NEXT,
    ),
    lock=N_("Possible once everything is delivered."),
    rule=6,
    missing=_delivered,
    defaults=lambda session, record: {"at": session.clock(), "way": "phone", "reached": True},
)
ACTION = Step(
    "action",
    N_("Corrective action"),
    OWNERS,
    (*HANDED, "closed"),
    _act,
    tuple(Action.field(code) for code in ("root_cause", "immediate", "lasting", "department", "person", "due")),
    lock=N_("Possible once the case is registered."),
    rule=15,
)
CLOSE = Step(
    "close",
    N_("Close"),
    OWNERS,
    ("agreed", "executing", "following_up"),
    _close,
    (
        *(Complaint.field(code) for code in ("result", "satisfaction", "summary", "lesson")),
        Field("reason", N_("If something is missing: close because"), Kind.MEMO),
    ),
    lock=N_("Possible after the follow-up."),
    rule=6,
    missing=gaps.before_closing,
    waiver="reason",
    waived_by="head",
    waived_starts=_BEFORE_AGREED,
    starts_imported=_BEFORE_AGREED,
)
REOPEN = Step(
    "reopen",
    N_("Reopen"),
    (*OWNERS, "clerk"),
    ("closed",),
    _reopen,
    (REASON, PROMISED_NEXT.but(label=N_("Next answer by"))),
    lock=N_("Possible once the case is closed."),
    rule=7,
)
VOID = Step(
    "void",
    N_("Void"),
    DESK,
    ("draft", *HANDED),
    _void,
    (REASON,),
    lock=N_("An ended case stays as it is."),
    missing=_bound,
    danger=True,
)
