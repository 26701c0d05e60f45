"""投诉登记表 after the paper form: filled from a case, or blank and numbered for handwriting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from app.core.language import _
from app.core.times import Moment
from app.reports.documents.claims import LossLine, ProductLine, loss_table, product_table
from app.reports.documents.parts import (
    NOT_JUDGED,
    Judgement,
    boxes,
    judgement_choices,
    judgement_pairs,
    moment,
    money,
    signed,
    yes_no,
)
from app.reports.grid import Grid, Row, form_row, memo_row
from app.reports.pdf import Paper, Sheaf


class _Room(NamedTuple):
    """The least heights of rows in points."""

    row: float
    story: float
    answer: float
    loss: float
    opinion: float
    signature: float


# Filled, an ordinary case fits on one page; by hand it takes both sides of a sheet.
_FILLED = _Room(row=20, story=34, answer=20, loss=17, opinion=44, signature=34)
_BY_HAND = _Room(row=25, story=126, answer=46, loss=20, opinion=118, signature=60)
_BLANK_PRODUCTS = 3


@dataclass(frozen=True)
class RegistrationForm:
    """A complaint as registered, instants in the branch's zone. `blank` gives room for handwriting, the `*_options` to tick."""

    paper: Paper
    customer: str = ""
    customer_number: str = ""
    end_user: str = ""
    complainant: str = ""
    phone: str = ""
    address: str = ""
    received_at: Moment | None = None
    channel: str = ""
    source_reference: str = ""
    complaint_class: str = ""
    severity: str = ""
    external: bool | None = None
    promised_at: Moment | None = None
    description: str = ""
    went_wrong: str = ""
    feelings: str = ""
    wished_solution: str = ""
    reason_stated: str = ""
    products: tuple[ProductLine, ...] = ()
    losses: tuple[LossLine, ...] = ()
    recorder: str = ""
    recorded_at: Moment | None = None
    handed_over_to: str = ""
    handed_over_at: Moment | None = None
    judgement: Judgement = NOT_JUDGED
    proposal: str = ""
    cost: Decimal | None = None
    handler: str = ""
    proposed_at: Moment | None = None
    opinion: str = ""
    opinion_by: str = ""
    opinion_at: Moment | None = None
    customer_signed_by: str = ""
    customer_signed_on: date | None = None
    blank: bool = False
    channel_options: tuple[str, ...] = ()
    class_options: tuple[str, ...] = ()
    severity_options: tuple[str, ...] = ()
    loss_options: tuple[str, ...] = ()


def form_sheaf(data: RegistrationForm) -> Sheaf:
    """The paper."""
    room = _BY_HAND if data.blank else _FILLED
    options = data.loss_options if data.blank else (_("none"),)
    products = data.products or (ProductLine(),) * (_BLANK_PRODUCTS if data.blank else 1)
    losses = data.losses or tuple(LossLine(kind) for kind in options)
    blocks = [
        Grid(_customer(data, room)),
        product_table(products, room.row),
        Grid(_words(data, room)),
        loss_table(losses, room.loss, whole=data.blank),
        Grid(_handling(data, room)),
    ]
    return Sheaf(data.paper, _("Complaint registration form"), blocks)


def _choice(data: RegistrationForm, value: str, options: tuple[str, ...]) -> str:
    return boxes(options) if data.blank and not value else value


def _customer(data: RegistrationForm, room: _Room) -> list[Row]:
    name = " ".join(part for part in (data.customer, data.customer_number) if part)
    external = boxes([_("yes"), _("no")]) if data.blank and data.external is None else yes_no(data.external)
    channel = (_("Channel"), _choice(data, data.channel, data.channel_options))
    source = (_("Referral no."), data.source_reference)
    kind = (_("Class"), _choice(data, data.complaint_class, data.class_options), 0.6)
    severity = (_("Severity"), _choice(data, data.severity, data.severity_options), 0.4)
    caller = ((_("Complainant"), data.complainant, 0.28), (_("Phone"), data.phone, 0.32))
    people = (
        ((_("Customer"), name, 0.6), (_("End user"), data.end_user, 0.4)),
        (*caller, (_("Received"), moment(data.received_at), 0.4)),
        ((_("Address"), data.address, 1),),
    )
    whole = ((*channel, 0.28), (*source, 0.42), (_("External"), external, 0.3))
    by_hand = (((*channel, 1.0),), ((*source, 0.6), (_("External"), external, 0.4)))
    outside = by_hand if data.blank else (whole,)
    return [form_row(*pairs, least=room.row) for pairs in (*people, *outside, (kind, severity))]


def _words(data: RegistrationForm, room: _Room) -> list[Row]:
    answers = (
        (_("What went wrong"), data.went_wrong),
        (_("How it feels"), data.feelings),
        (_("Wished solution"), data.wished_solution),
        (_("Reason as stated"), data.reason_stated),
    )
    story = memo_row(_("What happened"), data.description, least=room.story, ruled=data.blank)
    return [story, *(memo_row(caption, text, least=room.answer, ruled=data.blank) for caption, text in answers)]


def _handling(data: RegistrationForm, room: _Room) -> list[Row]:
    opinions = (
        (_("Proposed handling"), _proposal(data), signed(_("Handler"), data.handler, data.proposed_at)),
        (_("Manager's opinion"), data.opinion, signed(_("Signature"), data.opinion_by, data.opinion_at)),
    )
    customer = signed(_("Customer"), data.customer_signed_by, data.customer_signed_on)
    return [
        *_taken_over(data, room),
        memo_row(_("Judgement"), _judgement(data), least=room.opinion),
        *(memo_row(caption, text, least=room.opinion, ruled=data.blank, foot=foot) for caption, text, foot in opinions),
        memo_row(_("Customer's signature"), "", least=room.signature, foot=customer, joined=True),
    ]


def _taken_over(data: RegistrationForm, room: _Room) -> list[Row]:
    recorder = (_("Recorder's signature"), data.recorder)
    recorded = (_("Signed at"), moment(data.recorded_at))
    taken = ((_("Handed over to"), data.handed_over_to), (_("Handed over at"), moment(data.handed_over_at)))
    promised = (_("Reply promised by"), moment(data.promised_at))
    rows = [[(*recorder, 0.5), (*recorded, 0.5)], [(*part, 0.5) for part in taken], [(*promised, 1.0)]]
    return [form_row(*pairs, least=room.row) for pairs in rows]


def _judgement(data: RegistrationForm) -> str:
    by_hand = data.blank and data.judgement == NOT_JUDGED
    pairs = judgement_choices() if by_hand else judgement_pairs(data.judgement)
    told = [_("{caption}: {value}").format(caption=caption, value=value) for caption, value in pairs if value]
    short = ["    ".join(told[start : start + 3]) for start in range(0, len(told), 3)]
    more = ((_("Cause"), data.judgement.cause), (_("Evidence"), data.judgement.evidence))
    longer = [_("{caption}: {value}").format(caption=caption, value=value) for caption, value in more if value or by_hand]
    return "\n".join([*short, *longer])


def _proposal(data: RegistrationForm) -> str:
    cost = _("Cost: {amount} yuan").format(amount=money(data.cost)) if data.cost is not None else ""
    return "\n".join(part for part in (data.proposal, cost) if part)
