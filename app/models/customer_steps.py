"""What happens to a customer besides its cases: contacts, grades with their reasons, lost, ended and back again."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from app.core.errors import ValidationError
from app.core.fields import Field, Kind
from app.core.language import N_, _
from app.core.session import Session
from app.models import history
from app.models.customers import GRADED, ContactEntry, Customer
from app.models.history import Entry
from app.models.record import Record, Values, append_lines, change
from app.models.steps import REASON, STEPS, Step

_DESK = ("clerk", "handler", "manager", "head")
_DECIDES = ("handler", "manager", "head")
_STANDING = ("active", "lost", "ended")
_ASKED_IN = {"survey": ("why_us", "why_buy", "improve"), "market": ("brand", "company_told", "maker_told")}
_TOLD = (("company_told", "company_told_on"), ("maker_told", "maker_told_on"))


def _grade(session: Session, record: Record, values: Values) -> Record:
    given = {code: values[code] for code in GRADED if values[code] is not None}
    if all(record[code] == value for code, value in given.items()):
        raise ValidationError({"tier": _("Nothing changes. Choose another tier or grade.")})
    return change(session, record, given, action="grade", note=values["reason"])


def _lose(session: Session, record: Record, values: Values) -> Record:
    day = values["lost_on"] or session.now().date()
    _demand_after(record, "lost_on", day)
    given = {"lost_on": day, "lost_reason": values["lost_reason"], "ended_on": None}
    return change(session, record, given, action="lose", note=values["lost_reason"], status="lost")


def _end(session: Session, record: Record, values: Values) -> Record:
    day = values["ended_on"] or session.now().date()
    _demand_after(record, "ended_on", day)
    return change(session, record, {"ended_on": day}, action="end", note=values["note"] or "", status="ended")


def _demand_after(record: Record, code: str, day: date) -> None:
    """ValidationError where a customer would leave before it came."""
    if record.customer_since is not None and day < record.customer_since:
        labels = {"later": _(record.field(code).label), "earlier": _(record.field("customer_since").label)}
        raise ValidationError({code: _("{later} cannot lie before {earlier}.").format(**labels)})


def _return(session: Session, record: Record, values: Values) -> Record:
    cleared: Values = {"lost_on": None, "lost_reason": None, "ended_on": None}
    return change(session, record, cleared, action="return", note=values["note"] or "", status="active")


def _log(session: Session, record: Record, values: Values) -> Record:
    line = values | {"at": values["at"] or session.clock(), "who": values["who"] or session.user}
    asked = _ASKED_IN.get(line["kind"], ())
    if not any(line[code] for code in ("text", *asked)):
        raise ValidationError({asked[0] if asked else "text": _("Write down what was said or done.")})
    for whom, day in _TOLD:
        if line[whom] and line[day] is None:
            line[day] = session.now().date()
    foreign = [code for codes in _ASKED_IN.values() for code in codes if code not in asked and line[code] is not None]
    if foreign:
        raise ValidationError({foreign[0]: _("“{field}” does not belong to this kind.").format(field=_(_label(foreign[0])))})
    append_lines(session, record, "log", [line])
    session.changed(record.KIND, record.number)
    return record


def _label(code: str) -> str:
    return ContactEntry.field(code).label


def _void(session: Session, record: Record, values: Values) -> Record:
    return change(session, record, {}, action="void", note=values["reason"], status="voided", void_reason=values["reason"])


_LOG = tuple(one.but(required=False) if one.code == "at" else one for one in ContactEntry.FIELDS)


def _erased(session: Session, record: Record) -> str:
    """Nothing new is written down of who was erased."""
    return (record.frozen() or "") if history.erased(record.KIND, record.id) else ""


_NOTE = Field("note", N_("Note"), Kind.MEMO)
CUSTOMER_STEPS: tuple[Step, ...] = (
    Step(
        "log",
        N_("Write down a contact"),
        _DESK,
        _STANDING,
        _log,
        _LOG,
        lock=N_("Its record is void or merged."),
        defaults=lambda session, record: {"at": session.clock(), "who": session.user},
        barred=_erased,
    ),
    Step(
        "grade",
        N_("Grade"),
        _DECIDES,
        _STANDING,
        _grade,
        (Customer.field("tier"), Customer.field("integrity"), REASON),
        lock=N_("Its record is void or merged."),
        defaults=lambda session, record: {code: record[code] for code in GRADED},
        barred=_erased,
    ),
    Step(
        "lose",
        N_("Mark as lost"),
        _DECIDES,
        ("active", "ended"),
        _lose,
        (Customer.field("lost_reason").but(required=True), Customer.field("lost_on")),
        lock=N_("Possible while it is a customer."),
        defaults=lambda session, record: {"lost_on": session.now().date()},
        barred=_erased,
    ),
    Step(
        "end",
        N_("End the relation"),
        _DECIDES,
        ("active", "lost"),
        _end,
        (Customer.field("ended_on"), _NOTE),
        lock=N_("Possible while it is a customer or was lost."),
        defaults=lambda session, record: {"ended_on": session.now().date()},
        barred=_erased,
    ),
    Step(
        "return",
        N_("Customer again"),
        _DECIDES,
        ("lost", "ended"),
        _return,
        (_NOTE,),
        lock=N_("Possible when it was lost or ended."),
        barred=_erased,
    ),
    Step("void", N_("Void"), _DECIDES, _STANDING, _void, (REASON,), lock=N_("Its record is void or merged."), danger=True),
)
STEPS["customer"] = CUSTOMER_STEPS


class Grading(NamedTuple):
    """A change of tier or integrity grade: `step` is the one it came by, `reason` empty where nobody was asked."""

    at: datetime
    who: str
    step: str
    field: str
    old: str | None
    new: str | None
    reason: str


def gradings(customer: Record, entries: list[Entry] | None = None) -> list[Grading]:
    """All changes of tier and integrity grade, oldest first. `entries`: the customer's history where it was read already."""
    found: list[Grading] = []
    step, note = "", ""
    for entry in history.of(customer.KIND, customer.id) if entries is None else entries:
        if entry.action not in ("set", "edit"):
            step, note = entry.action, entry.note
        if entry.field in GRADED:
            edited = entry.action == "edit"
            by, reason = ("edit", "") if edited else (step, note)
            found.append(Grading(entry.at, entry.who, by, str(entry.field), entry.old, entry.new, reason))
    return found
