"""Proposals of how to settle a complaint, round by round, with their remedy lines and approvals."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import ClassVar, NamedTuple

import peewee

from app.core.database import InstantColumn, MoneyColumn
from app.core.errors import ValidationError
from app.core.fields import LARGEST_MONEY, Choice, Field, Kind
from app.core.formats import money
from app.core.language import N_, _
from app.core.session import Session
from app.models import classifications as of
from app.models.complaints import Complaint
from app.models.record import Part, Row, Values, row_values

WAYS = (
    Choice("own_limit", N_("Within the handler's own limit")),
    Choice("self_approved", N_("Approved by the same person")),
    Choice("in_program", N_("In the program")),
    Choice("on_paper", N_("On paper")),
)

REMEDY_FIELDS: tuple[Field, ...] = (
    Field("remedy", N_("Remedy"), Kind.CHOICE, choices=of.REMEDIES, required=True, width=130),
    Field("description", N_("Content"), max_length=500, width=240),
    Field("quantity", N_("Quantity"), Kind.QUANTITY, width=80),
    Field("unit", N_("Unit"), max_length=20, width=60),
    Field("unit_price", N_("Unit price (yuan)"), Kind.MONEY, width=110),
    Field("amount", N_("Amount (yuan)"), Kind.MONEY, width=110, hint=N_("Empty: quantity × unit price")),
)


class Proposal(Row):
    """What the handler proposes in one round; `status` is proposed, approved or returned.

    `settled`: how it came to bind us, by a signed agreement (`agreement`) or without one (`waived`); empty while it does not.
    """

    complaint = peewee.ForeignKeyField(Complaint)
    round = peewee.IntegerField()
    text = peewee.TextField()
    cost = MoneyColumn()
    status = peewee.TextField(default="proposed")
    settled = peewee.TextField(default="")
    proposed_by = peewee.TextField()
    proposed_at = InstantColumn()


class RemedyLine(Part):
    """One thing that the customer is to get."""

    LABEL = N_("Remedies")
    FIELDS: ClassVar[tuple[Field, ...]] = REMEDY_FIELDS
    parent = peewee.ForeignKeyField(Proposal)


class Approval(Row):
    """A decision on a proposal: by whom, how, when, with what opinion; `for_whom`: whose deputy decided."""

    proposal = peewee.ForeignKeyField(Proposal)
    result = peewee.TextField()
    way = peewee.TextField()
    who = peewee.TextField()
    paper_approver = peewee.TextField(default="")
    for_whom = peewee.TextField(default="")
    at = InstantColumn()
    opinion = peewee.TextField(default="")


class Round(NamedTuple):
    """A proposal with its lines and decisions."""

    proposal: Proposal
    lines: list[Values]
    approvals: list[Approval]


def amount_of(line: Values) -> Decimal:
    """What a remedy line costs in 元; moral remedies and lines without an amount cost nothing."""
    if line.get("remedy") in of.MORAL:
        return Decimal("0.00")
    if line.get("amount") is not None:
        return Decimal(line["amount"])
    if line.get("quantity") is not None and line.get("unit_price") is not None:
        return Decimal(line["quantity"] * line["unit_price"]).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return Decimal("0.00")


def of_unknown_cost(lines: list[Values]) -> bool:
    """Whether one of the material remedies says neither an amount nor a price: nobody can tell whether a limit holds."""
    return any(line["remedy"] not in of.MORAL and line.get("amount") is None and line.get("unit_price") is None for line in lines)


YUAN = "元"
TIMES = "次"
"""The units in which money, and what is only done, are promised and delivered; kept so in the database."""
_COUNTED_AS_MONEY = frozenset({"money", "refund"})


class Measure(NamedTuple):
    """How much of something is promised."""

    quantity: Decimal
    unit: str


def measure(line: Values) -> Measure:
    """By what a remedy line is told to be delivered: money by its amount, goods by their number, else once."""
    amount = amount_of(line)
    if amount and (line["remedy"] in _COUNTED_AS_MONEY or line.get("quantity") is None):
        return Measure(amount, YUAN)
    if line.get("quantity"):
        return Measure(Decimal(line["quantity"]), line.get("unit") or "")
    return Measure(Decimal(1), TIMES)


def complete_lines(lines: list[Values]) -> list[Values]:
    """The lines with their amounts worked out. ValidationError where an amount cannot be, or they are too much together."""
    errors = {f"lines[{place}].amount": sentence for place, line in enumerate(lines) if (sentence := _wrong_amount(line))}
    completed = [line | {"amount": amount_of(line)} for line in lines]
    if not errors and sum((line["amount"] for line in completed), Decimal(0)) > LARGEST_MONEY:
        errors[f"lines[{len(lines) - 1}].amount"] = _("An amount lies between 0.00 and {most}.").format(most=money(LARGEST_MONEY))
    if errors:
        raise ValidationError(errors)
    return completed


def _wrong_amount(line: Values) -> str | None:
    given, worked_out = line.get("amount"), amount_of(line | {"amount": None})
    if line.get("remedy") in of.MORAL:
        return _("A moral remedy costs nothing. Take out the amount, or choose a material remedy.") if given else None
    if given is not None and worked_out and given != worked_out:
        return _("{amount} is not quantity × unit price ({right}). Correct one of them.").format(amount=given, right=worked_out)
    if worked_out > LARGEST_MONEY:
        return _("An amount lies between 0.00 and {most}.").format(most=money(LARGEST_MONEY))
    return None


def propose(session: Session, complaint: Complaint, text: str, lines: list[Values]) -> Proposal:
    """Write the proposal of the present round, inside the caller's transaction."""
    lines = complete_lines(lines)
    proposal: Proposal = Proposal.create(
        complaint=complaint.id,
        round=complaint.round or 1,
        text=text,
        cost=sum((line["amount"] for line in lines), Decimal("0.00")),
        proposed_by=session.user,
        proposed_at=session.clock(),
    )
    for position, line in enumerate(lines):
        RemedyLine.create(parent=proposal.id, position=position, **line)
    return proposal


def decide(
    session: Session, proposal: Proposal, result: str, way: str, opinion: str, *, paper_approver: str = "", for_whom: str = ""
) -> None:
    """Record a decision, inside the caller's transaction."""
    Approval.create(
        proposal=proposal.id,
        result=result,
        way=way,
        who=session.user,
        paper_approver=paper_approver,
        for_whom=for_whom,
        at=session.clock(),
        opinion=opinion,
    )
    Proposal.update(status=result).where(Proposal.id == proposal.id).execute()


def latest(complaint: Complaint) -> Proposal | None:
    """The proposal that counts now."""
    found = Proposal.fetch("t.complaint_id = ? ORDER BY t.id DESC LIMIT 1", complaint.id)
    return found[0] if found else None


def settle(complaint: Complaint, how: str) -> None:
    """The proposal that counts now binds us: `agreement` or `waived`; inside the caller's transaction."""
    proposal = latest(complaint)
    if proposal is not None:
        Proposal.update(settled=how).where(Proposal.id == proposal.id).execute()


def lines_of(session: Session, proposal: Proposal) -> list[Values]:
    """The remedy lines of a proposal, in order."""
    return [row_values(session, row) for row in RemedyLine.fetch("t.parent_id = ? ORDER BY t.position", proposal.id)]


def rounds_of(session: Session, complaint: Complaint) -> list[Round]:
    """All proposals of a case, oldest first."""
    found = Proposal.fetch("t.complaint_id = ? ORDER BY t.id", complaint.id)
    decided = "t.proposal_id = ? ORDER BY t.id"
    return [Round(one, lines_of(session, one), Approval.fetch(decided, one.id)) for one in found]
