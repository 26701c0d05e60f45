"""What happened, newest first: on one case, or with one customer across all cases."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from app.core import formats
from app.core.database import database
from app.core.errors import UserError
from app.core.fields import Field, read
from app.core.language import N_, _
from app.core.session import Session
from app.models import history, promises, sight
from app.models.case_entries import Notice
from app.models.complaints import Complaint
from app.models.customers import GRADED, Contact, ContactEntry, Customer
from app.models.record import KINDS, Part, Record, parts_of
from app.models.steps import steps_of

GROUPS = ("steps", "contacts", "papers", "edits")
OTHER = {
    "moved": (N_("Another day promised"), "contacts"),
    "kept": (N_("Done"), "contacts"),
    "broken": (N_("Not kept"), "contacts"),
    "handed-on": (N_("Went on to the complaint"), "steps"),
    "deliver": (N_("Delivery recorded"), "steps"),
    "dispatch-void": (N_("Dispatch order voided"), "steps"),
    "add": (N_("Written down"), "steps"),
    "import": (N_("Taken in from a register"), "steps"),
    "edit": (N_("Changed"), "edits"),
    "attach": (N_("File attached"), "papers"),
    "attach-shows": (N_("Said what a file shows"), "papers"),
    "attach-void": (N_("Attached file voided"), "papers"),
    "print": (N_("Printed"), "papers"),
    sight.REVEAL: (N_("Looked at"), "edits"),
    history.ERASED: (N_("Personal data erased"), "edits"),
    "person": (N_("Personal data given out"), "edits"),
    "certify": (N_("Signed electronically"), "papers"),
    "release": (N_("Agreement released"), "papers"),
    "sign-agreement": (N_("Agreement signed"), "papers"),
    "agreement-void": (N_("Agreement voided"), "papers"),
    "agreement": (N_("Agreement drawn up"), "papers"),
    "merge": (N_("Merged"), "edits"),
    "edition": (N_("New edition"), "steps"),
    "unmerge": (N_("Merge undone"), "edits"),
}
_PAPERS = ("print", sight.REVEAL)
_FILES = ("attach", "attach-shows", "attach-void")
_BESIDE = {
    "dispatch": ("accept", "chase", "edit", *_FILES),
    "action": ("finish", "check", "publish", "void", "edit", *_FILES),
    "agreement": ("edit", *_FILES),
    "promise": ("broken",),
}
"""What is done to these and told by no step of their case."""
_NO_STEPS = ("set", "edit", "attach", "attach-shows", "attach-void", "print", sight.REVEAL)
_CONTACTS = ("reply", "promise", "notice", "investigate", "follow-up", "consult", "change")


class Event(NamedTuple):
    """One thing that happened. `action` names its icon, `group` is one of GROUPS, `number` the record it leads to.

    `status` is that record's. `day`: no time of the day is known.
    """

    at: datetime
    action: str
    group: str
    title: str
    who: str
    text: str = ""
    number: str = ""
    kind: str = ""
    status: str = ""
    day: bool = False


def of_case(session: Session, record: Record) -> list[Event]:
    """Everything that was done to a case and to what stands beside it, newest first; fields changed at one go are one event."""
    events = [*_done_to(session, record), *_told(session, record), *_beside(session, record)]
    return sorted(events, key=lambda event: event.at)[::-1]


def _told(session: Session, record: Record) -> list[Event]:
    """What the customer was told, by a step of its own or along with another one."""
    if not isinstance(record, Complaint):
        return []
    title, group = _title(record.KIND, "notice")
    made = []
    for line in parts_of(record, "notices"):
        text = line["text"] or formats.label(Notice.field("way"), line["way"] or "")
        at, who = line["at"], line["who"] or ""
        made.append(Event(at, "notice", group, title, who, text, record.number, record.KIND, record.status, line["at_day"]))
    return made


def _beside(session: Session, record: Record) -> list[Event]:
    """What the departments, who improves, and who words the agreement did, as far as no step of the case says it."""
    if not isinstance(record, Complaint):
        return []
    beside = [one for kind in ("dispatch", "action", "agreement") for one in _there(kind, record)]
    beside += promises.of_case(session, record)
    return [
        event._replace(title=f"{event.title} {one.number}")
        for one in beside
        for event in _done_to(session, one)
        if event.action in _BESIDE[one.KIND]
    ]


def _there(kind: str, complaint: Complaint) -> list[Record]:
    """What there is of a kind, void actions aside; a case that has none of it yet is shown without importing the kind."""
    if database.execute_sql(f'SELECT 1 FROM "{kind}" WHERE complaint_id = ? LIMIT 1', (complaint.id,)).fetchone() is None:
        return []
    found: list[Record] = KINDS[kind].fetch("t.complaint_id = ? ORDER BY t.id", complaint.id)
    return [one for one in found if kind != "action" or one.status != "voided"]


def _done_to(session: Session, record: Record) -> list[Event]:
    """Oldest first."""
    entries = history.of(record.KIND, record.id)
    events: list[Event] = []
    for entry in entries:
        if entry.action == "notice":  # told by its own line
            continue
        if entry.action == "set":
            if entry.field in GRADED and events:
                events[-1] = events[-1]._replace(text="\n".join(filter(None, (changed(session, record, entry), events[-1].text))))
            continue
        if (
            entry.action == "edit"
            and events
            and events[-1].action == "edit"
            and (events[-1].at, events[-1].who) == (entry.at, entry.who)
        ):
            events[-1] = events[-1]._replace(text=f"{events[-1].text}\n{changed(session, record, entry)}")
            continue
        events.append(event_of(session, record, entry))
    return events


def event_of(session: Session, record: Record, entry: history.Entry) -> Event:
    """An entry of the history as an event."""
    title, group = _title(record.KIND, entry.action)
    text = changed(session, record, entry) if entry.action == "edit" or entry.field else noted(entry)
    return Event(entry.at, entry.action, group, title, entry.who, text, record.number, record.KIND, record.status)


def noted(entry: history.Entry) -> str:
    """What was noted with it; of a print the document by its title."""
    if entry.action not in _PAPERS:
        return entry.note
    from app.models.prints import TITLES  # heavy: only a case with papers pays for it

    document, times, count = entry.note.partition(" × ")
    return f"{_(TITLES[document])}{times}{count}" if document in TITLES else entry.note


def _title(kind: str, action: str) -> tuple[str, str]:
    if action in OTHER:
        return _(OTHER[action][0]), OTHER[action][1]
    step = next((one for one in steps_of(kind) if one.code == action), None)
    return (_(step.label) if step else action), "contacts" if action in _CONTACTS else "steps"


def changed(session: Session, record: Record, entry: history.Entry) -> str:
    """A changed field in words: 电话：138… → 139…"""
    code = entry.field or ""
    if entry.erased:
        return _("personal data, erased")
    if entry.action == sight.REVEAL:
        return _(record.PARTS[code].LABEL if code in record.PARTS else record.field(code).label)
    if code == "contacts":
        return _people(entry)
    if code in record.PARTS:
        return _("{field} changed").format(field=_(record.PARTS[code].LABEL))
    declared = next((one for one in record.FIELDS if one.code == code), None)
    if declared is None:
        return code
    old, new = (shown(session, declared, value) for value in (entry.old, entry.new))
    return _("{field}: {old} → {new}").format(field=_(declared.label), old=old or "—", new=new or "—")


def _people(entry: history.Entry) -> str:
    """Who came and who left among the contacts of a customer."""
    old, new = ({line["name"]: line for line in json.loads(kept or "[]")} for kept in (entry.old, entry.new))
    told = [_("{name} came").format(name=name) for name in new if name not in old]
    told += [_("{name} is no longer named").format(name=name) for name in old if name not in new]
    left = (name for name, line in new.items() if line.get("until") and not old.get(name, line).get("until"))
    told += [_("{name} left on {day}").format(name=name, day=new[name]["until"]) for name in left]
    return _(", ").join(told) or _("{field} changed").format(field=_(Contact.LABEL))


def shown(session: Session, declared: Field, kept: object) -> str:
    """A value from the history in the user's words; what can no longer be read stands as it was kept."""
    if kept is None or not sight.reads(session, declared):
        return str(sight.shown(session, declared, kept) or "")
    try:
        return formats.show(declared, read(declared.but(happened=False), kept, session.now()), session.now())
    except UserError:
        return str(kept)


def of_customer(session: Session, customer: Customer, limit: int = 200) -> list[Event]:
    """The cases, agreements, contacts and changes of a customer on one line, newest first, at most `limit` of each."""
    events = of_case(session, customer)
    events += [_contact(session, line) for line in parts_of(customer, "log")[-limit:]]
    events += _cases(session, customer, Complaint, "received_at", "description", limit)
    events += _cases(session, customer, KINDS["objection"], "occurred_at", "what", limit)
    agreement = KINDS["agreement"]
    papers = (
        agreement.select()
        .join(Complaint, on=agreement.complaint == Complaint.id)
        .where(Complaint.customer == customer.id, agreement.status != "voided")
        .order_by(agreement.id.desc())
        .limit(limit)
    )
    for one in papers:
        text = _("{cost} yuan").format(cost=formats.money(one.cost))
        events.append(
            Event(
                one.created_at, "agreement", "papers", _("Agreement"), one.created_by, text, one.number, "agreement", one.status
            )
        )
    return sorted(events, key=lambda event: event.at, reverse=True)


def _cases(session: Session, customer: Customer, kind: type[Record], at: str, what: str, limit: int) -> Iterable[Event]:
    moment = getattr(kind, at)
    rows = kind.select().where(kind.customer == customer.id, kind.status != "voided").order_by(moment.desc()).limit(limit)
    for row in rows:
        yield Event(
            row[at],
            kind.KIND,
            "steps",
            _(kind.LABEL),
            row.handler or row.created_by,
            row[what] or "",
            row.number,
            kind.KIND,
            row.status,
            row[f"{at}_day"],
        )


def _contact(session: Session, line: Part) -> Event:
    """An entry of the contact log; it leads nowhere, for it says all."""
    kind = formats.label(ContactEntry.field("kind"), line["kind"])
    title = _("{kind}: {person}").format(kind=kind, person=line["contact"]) if line["contact"] else kind
    said = [line["text"], *_answers(line, ("why_us", "why_buy", "improve", "brand"))]
    said += [_passed_on(line, "company_told", session), _passed_on(line, "maker_told", session)]
    if line["brand"] and not (line["company_told"] or line["maker_told"]):
        said.append(_("Not passed on yet"))
    text = "\n".join(one for one in said if one)
    return Event(line["at"], f"log-{line['kind']}", "contacts", title, line["who"] or "", text, kind="log", day=line["at_day"])


def _answers(line: Part, codes: Iterable[str]) -> list[str]:
    return [
        _("{field}: {sentence}").format(field=_(ContactEntry.field(code).label), sentence=line[code])
        for code in codes
        if line[code]
    ]


def _passed_on(line: Part, code: str, session: Session) -> str:
    if not line[code]:
        return ""
    told = _answers(line, (code,))[0]
    day = line[f"{code}_on"]
    return f"{told} {formats.near(day, session.now())}" if isinstance(day, date) else told


def last_step(session: Session, record: Record, until: datetime | None = None) -> history.Entry | None:
    """The step that brought the record where it is, or was at a time: who holds it since when."""
    entries = [
        one for one in history.of(record.KIND, record.id) if one.action not in _NO_STEPS and (until is None or one.at <= until)
    ]
    return entries[-1] if entries else None
