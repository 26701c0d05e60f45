"""What stands in the later tabs of a complaint: execution, promises and notices, follow-ups, corrective actions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core import formats
from app.core.fields import Field
from app.core.language import _
from app.core.session import Session
from app.models import classifications as of
from app.models.complaints import Complaint
from app.models.dispatches import Dispatch, DispatchLine, Promised
from app.models.promises import Promise
from app.models.record import Part, Values
from app.services.case_course import Stand
from app.services.cases import Case
from app.views.desk import Desk
from app.views.facts import fact_grid, line_table
from app.views.line_table import LineTable
from app.views.messages import MessageBar
from app.views.pieces.basics import button, hairline, label, row
from app.views.pieces.pills import Pill, face
from app.views.preview import fact_pairs

_JUDGEMENT = (
    "valid", "cause", "reason_sufficient", "demand_reasonable", "faith", "evidence", "fault_percent", "responsible_party",
    "responsible_person", "responsible_stage", "broken_expectation", "service_failure", "swapped",
)  # fmt: skip


def _stack(*parts: QWidget | None) -> QWidget:
    made = QWidget()
    layout = QVBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    for part in parts:
        if part is not None:
            layout.addWidget(part)
    return made


def _titled(title: str, content: QWidget | None) -> QWidget | None:
    return None if content is None else _stack(label(title, "small"), content)


def _entries(session: Session, case: Case, code: str) -> QWidget | None:
    """The entries of a part, newest first."""
    part: type[Part] = Complaint.PARTS[code]
    lines: Sequence[Values] = case.values[code]
    return _titled(_(part.LABEL), line_table(part.FIELDS, lines[::-1], session.now())) if lines else None


def _or_nothing(made: list[QWidget | None], sentence: str) -> QWidget:
    return _stack(*made) if any(made) else label(sentence, "secondary")


def enquiries(session: Session, case: Case) -> QWidget:
    """What was found out, who was asked, and what was changed to find it."""
    made: list[QWidget | None] = [_enquiry(session, line) for line in case.values["enquiries"][::-1]]
    made += [_entries(session, case, code) for code in ("consultations", "changes")]
    return _or_nothing(made, _("Nothing is known yet."))


def _enquiry(session: Session, line: Values) -> QWidget:
    """As it would be told: when, how and whom; what was found; what was read back."""
    declared = {one.code: one for one in Complaint.PARTS["enquiries"].FIELDS}
    said = {code: formats.show(one, line.get(code), session.now()) for code, one in declared.items()}
    made = _stack()
    layout = made.layout()
    assert isinstance(layout, QVBoxLayout)
    beside = label("   ".join(filter(None, (said["way"], said["asked"]))), "secondary")
    layout.addLayout(row(label(said["at"], "strong"), beside, None, gap=12))
    layout.addWidget(label(said["findings"], wrap=True, selectable=True))
    back = [(_(declared[code].label), said[code]) for code in ("restatement", "confirmed_at", "confirmed_by") if said[code]]
    if back:
        layout.addWidget(fact_grid(back, columns=1))
    layout.addWidget(hairline())
    return made


def judgement(session: Session, case: Case) -> QWidget:
    """The judgement and the five questions."""
    return _stack(fact_grid(fact_pairs(session, case.record, _JUDGEMENT)), _entries(session, case, "assessments"))


def execution(desk: Desk, case: Case) -> QWidget:
    """Promised = issued = delivered, line by line; then the orders with what reached the customer."""
    promised = case.course.promised
    made: list[QWidget | None] = [_balance(promised) if promised else None]
    made += [_order(desk, one) for one in case.course.orders]
    return _or_nothing(made, _("Nothing is to be delivered yet."))


def _balance(promised: Sequence[Promised]) -> QWidget:
    head = [_("Remedy"), _("Content"), _("Unit"), _("Promised"), _("Dispatched"), _("Delivered"), _("Owed")]
    rows = [
        [
            formats.label(DispatchLine.field("remedy"), one.remedy),
            one.description,
            one.unit,
            *(formats.quantity(amount) for amount in (one.quantity, one.issued, one.delivered, one.owed)),
        ]
        for one in promised
    ]
    return LineTable(head, rows, [False] * 3 + [True] * 4)


def _order(desk: Desk, one: Stand) -> QWidget:
    values, now = one.values, desk.session.now()
    late = one.status in ("issued", "accepted") and values["due"] is not None and values["due"] < now.date()
    due = _("due {day}").format(day=formats.near(values["due"], now)) if values["due"] is not None else ""
    head = row(
        button(one.number, "link", "truck", on_click=partial(desk.open, one.number)),
        Pill(status_word(of.DISPATCH_STATUSES, one.status), face("status", one.status)),
        label(formats.label(Dispatch.field("department"), values["department"]), "strong"),
        label(due, "error" if late else "hint"),
        label(values["accepted_by"] or "", "hint"),
        None,
    )
    made = _stack()
    layout = made.layout()
    assert isinstance(layout, QVBoxLayout)
    layout.addLayout(head)
    layout.addWidget(line_table(DispatchLine.FIELDS, values["lines"], now))
    if values["deliveries"]:
        layout.addWidget(line_table(Dispatch.PARTS["deliveries"].FIELDS, values["deliveries"], now))
    return made


def status_word(choices: Sequence[object], code: str) -> str:
    """The word of a status."""
    return formats.label(Field("status", "", choices=tuple(choices)), code)  # type: ignore[arg-type]


def told(desk: Desk, case: Case) -> QWidget:
    """Promises with what became of them, then the notices."""
    session = desk.session
    shown = tuple(Promise.field(code) for code in ("subject", "due", "kept_at", "given_by", "note"))
    rows = []
    for one in reversed(case.course.promises):
        cells = [formats.show(field, one.values.get(field.code), session.now()) for field in shown]
        rows.append([status_word(of.PROMISE_STATUSES, one.status), *cells])
    table = LineTable([_("Status"), *(_(field.label) for field in shown)], rows, [False] * 6) if rows else None
    made = [_titled(_("Promises"), table), *(_entries(session, case, code) for code in ("notices", "extensions", "escalations"))]
    return _or_nothing(made, _("Nothing was promised or told yet."))


def follow_ups(session: Session, case: Case) -> QWidget:
    """When the customer is to be called, and what was said so far."""
    record = case.record
    plan = None
    if record.follow_up_at is not None:
        when = formats.near(record.follow_up_at, session.now())
        words = _("Planned for {when}, by {who}") if record.follow_up_by else _("Planned for {when}")
        plan = label(words.format(when=when, who=record.follow_up_by), "strong")
    return _or_nothing([plan, _entries(session, case, "follow_ups")], _("No follow-up yet."))


def improvement(desk: Desk, case: Case) -> QWidget:
    """Why it recurs, and what is done about it."""
    made: list[QWidget | None] = []
    for one in case.course.recurrences:
        acts = tuple((number, partial(desk.open, number)) for number in one.numbers[:3])
        made.append(MessageBar("warn", one.sentence, acts))
    made += [_action(desk, one) for one in case.course.actions]
    begin = button(_("Corrective action"), "text", "plus", name="new_action", on_click=partial(desk.new, "action", _from(case)))
    widget = _or_nothing(made, _("No corrective action yet."))
    both = _stack(widget)
    layout = both.layout()
    assert isinstance(layout, QVBoxLayout)
    layout.addWidget(begin, 0, Qt.AlignmentFlag.AlignLeft)
    return both


def _from(case: Case) -> dict[str, object]:
    return {"complaint": case.record.number, "cause": case.values["cause"]}


def _action(desk: Desk, one: Stand) -> QWidget:
    values, now = one.values, desk.session.now()
    due = _("due {day}").format(day=formats.near(values["due"], now)) if values["due"] is not None else ""
    made = _stack()
    layout = made.layout()
    assert isinstance(layout, QVBoxLayout)
    layout.addLayout(
        row(
            button(one.number, "link", "clipboard-check", on_click=partial(desk.open, one.number)),
            Pill(status_word(of.ACTION_STATUSES, one.status), face("status", one.status)),
            label(values["person"] or "", "secondary"),
            label(due, "hint"),
            label(_("published") if values["published_at"] is not None else "", "hint"),
            None,
        )
    )
    layout.addWidget(label(values["root_cause"], wrap=True, selectable=True))
    return made
