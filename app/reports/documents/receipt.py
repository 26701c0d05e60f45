"""受理回执: what the customer takes home: what was registered, who handles it, until when, and where else to turn."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.language import _
from app.core.times import Moment
from app.reports.documents.parts import PARAGRAPH, blank_day, moment, part, short_day
from app.reports.grid import Grid, Row, form_row, memo_row
from app.reports.layout import Block, Entry, Signatures, Text
from app.reports.pdf import Paper, Sheaf


@dataclass(frozen=True)
class Receipt:
    """A complaint as the customer is told of it. `reject_reason`: it is not accepted. Instants are in the branch's zone."""

    paper: Paper
    addressee: str
    number: str
    received_at: Moment | None = None
    customer: str = ""
    complainant: str = ""
    phone: str = ""
    channel: str = ""
    description: str = ""
    wish: str = ""
    products: tuple[str, ...] = ()
    handler: str = ""
    promised_at: Moment | None = None
    replied_at: Moment | None = None
    recorder: str = ""
    recorded_at: Moment | None = None
    branch_phone: str = ""
    branch_address: str = ""
    reject_reason: str = ""
    turn_to: str = ""


def receipt_sheaf(data: Receipt) -> Sheaf:
    """The paper."""
    greeting = _("Dear {name},").format(name=data.addressee or _("customer"))
    blocks: list[Block] = [
        Text(greeting, PARAGRAPH),
        Text(_opening(data), PARAGRAPH._replace(indent=2), before=2),
        *part(_("What you told us"), Grid(_told(data))),
        *part(_("How it goes on"), Grid(_handling(data))),
        *part(_("How to reach us, and where else to turn")),
        *(Text(f"{number}. {sentence}", PARAGRAPH, before=2) for number, sentence in enumerate(_ways(data), 1)),
        _signatures(data),
    ]
    return Sheaf(data.paper, _("Receipt for a complaint"), blocks)


def _opening(data: Receipt) -> str:
    if data.reject_reason:
        return _("We have looked at your complaint and cannot accept it. Why, and who can help you, is said below.")
    return _(
        "We have registered your complaint under the number {number}. Keep this receipt and name the number when you ask."
    ).format(number=data.number)


def _told(data: Receipt) -> list[Row]:
    rows = [
        form_row((_("Number"), data.number, 0.5), (_("Received"), moment(data.received_at), 0.5)),
        form_row((_("Customer"), data.customer, 0.5), (_("Channel"), data.channel, 0.5)),
        form_row((_("Complainant"), data.complainant, 0.5), (_("Phone"), data.phone, 0.5)),
    ]
    rows += [memo_row(_("Products"), "\n".join(data.products), least=22)] if data.products else []
    return [*rows, memo_row(_("What happened"), data.description, least=76), memo_row(_("Your wish"), data.wish, least=34)]


def _handling(data: Receipt) -> list[Row]:
    if data.reject_reason:
        return [
            memo_row(_("Not accepted because"), data.reject_reason, least=34),
            memo_row(_("Where you can turn"), data.turn_to, least=34),
        ]
    who = data.handler or _("We tell you as soon as it is known.")
    return [form_row((_("Handled by"), who, 0.5), (_("Answer by"), _until(data), 0.5))]


def _until(data: Receipt) -> str:
    if data.replied_at is not None:
        return _("answered on {day}").format(day=moment(data.replied_at))
    return moment(data.promised_at) or _("We tell you as soon as it is known.")


def _ways(data: Receipt) -> list[str]:
    at = _(", ").join(part for part in (data.branch_phone, data.branch_address) if part)
    ask = _("Ask for progress or add what you forgot: {where}.").format(where=at)
    return [
        ask if at else _("Ask us for progress or add what you forgot at any time."),
        _("If the answer is late, or you are not satisfied with it, ask for the head of this branch."),
        _("You may also turn to 12313 (supervision of the tobacco market) or 12315 (consumer protection)."),
    ]


def _signatures(data: Receipt) -> Signatures:
    return Signatures(
        [
            [
                Entry(_("Received by (seal):"), "", line=False),
                Entry(_("Recorder:"), data.recorder),
                Entry(_("Date:"), short_day(data.recorded_at) or blank_day(), line=False),
            ],
            [
                Entry(_("Handed to the customer:"), "", line=False),
                Entry(_("Signature:")),
                Entry(_("Date:"), blank_day(), line=False),
            ],
        ]
    )
