"""审批单: a proposal for a case, what it rests on and costs, who may approve it, and what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.core.language import _
from app.core.times import Moment
from app.reports.documents.parts import (
    NOT_JUDGED,
    SECTION,
    Judgement,
    RemedyLine,
    in_capitals,
    judgement_pairs,
    moment,
    money,
    remedy_table,
    signed,
    total,
)
from app.reports.grid import BODY, LABEL, Cell, Grid, Row, form_row, memo_row
from app.reports.layout import Block, Text
from app.reports.pdf import Paper, Sheaf


@dataclass(frozen=True)
class Rung:
    """A step of the approval ladder: up to `limit` 元 (None: above all), and whether this proposal ends there."""

    role: str
    limit: Decimal | None
    decides: bool = False


@dataclass(frozen=True)
class Decision:
    """An opinion given: `outcome` as text (approved, returned …), `way` how (on paper, in the program …)."""

    role: str
    by: str = ""
    at: Moment | None = None
    outcome: str = ""
    opinion: str = ""
    way: str = ""


@dataclass(frozen=True)
class ApprovalSheet:
    """A proposal of one round. `assessment` is (question, answer) of the 五问; instants are in the branch's zone."""

    paper: Paper
    complaint_number: str
    customer: str = ""
    customer_number: str = ""
    customer_tier: str = ""
    received_at: Moment | None = None
    complaint_class: str = ""
    severity: str = ""
    owner: str = ""
    round: int = 1
    products: str = ""
    summary: str = ""
    wished_solution: str = ""
    judgement: Judgement = NOT_JUDGED
    assessment: tuple[tuple[str, str], ...] = ()
    band: str = ""
    override_reason: str = ""
    proposal: str = ""
    remedies: tuple[RemedyLine, ...] = ()
    cost: Decimal | None = None
    proposed_by: str = ""
    proposed_at: Moment | None = None
    ladder: tuple[Rung, ...] = ()
    decisions: tuple[Decision, ...] = ()


def approval_sheaf(data: ApprovalSheet) -> Sheaf:
    """The paper."""
    blocks: list[Block] = [Grid(_case(data)), _heading(_("Judgement")), Grid(_judgement(data))]
    if data.assessment or data.band:
        blocks += [_heading(_("Five questions before negotiating")), _assessment(data)]
    blocks += [_heading(_("Proposal")), Grid(_proposal(data)), remedy_table(data.remedies), *_cost(data)]
    if data.ladder:
        blocks += [_heading(_("Who approves")), _ladder(data)]
    blocks += [_heading(_("Decision")), Grid(_decisions(data))]
    return Sheaf(data.paper, _("Approval sheet"), blocks)


def _heading(title: str) -> Text:
    return Text(title, SECTION, before=4, with_next=True)


def _case(data: ApprovalSheet) -> list[Row]:
    name = " ".join(part for part in (data.customer, data.customer_number) if part)
    return [
        form_row((_("Complaint"), data.complaint_number, 0.5), (_("Received"), moment(data.received_at), 0.5)),
        form_row((_("Customer"), name, 0.5), (_("Tier"), data.customer_tier, 0.25), (_("Round"), str(data.round), 0.25)),
        form_row((_("Class"), data.complaint_class, 0.5), (_("Severity"), data.severity, 0.25), (_("Owner"), data.owner, 0.25)),
        form_row((_("Products"), data.products, 1)),
        memo_row(_("What happened"), data.summary, least=34),
        memo_row(_("Wished solution"), data.wished_solution, least=20),
    ]


def _judgement(data: ApprovalSheet) -> list[Row]:
    pairs = judgement_pairs(data.judgement)
    rows = [form_row(*((caption, value, 1 / 3) for caption, value in pairs[start : start + 3]), label=0.16) for start in (0, 3)]
    return [
        *rows,
        memo_row(_("Cause"), data.judgement.cause, least=20),
        memo_row(_("Evidence"), data.judgement.evidence, least=20),
    ]


def _assessment(data: ApprovalSheet) -> Grid:
    """Question and answer, two pairs in a row; the band in bold."""
    band = [(_("Suggested band"), data.band)] if data.band else []
    pairs = [*data.assessment, *band]
    rows = [_questions(pairs[start : start + 2]) for start in range(0, len(pairs), 2)]
    reason = [memo_row(_("Other than suggested because"), data.override_reason)] if data.override_reason else []
    return Grid([*rows, *reason])


def _questions(pairs: Sequence[tuple[str, str]]) -> Row:
    share = 1 / len(pairs)
    left = BODY._replace(size=9)
    asked = [(Cell(question, 0.28, left, shaded=True), Cell(answer, share - 0.28)) for question, answer in pairs]
    return Row([cell for pair in asked for cell in pair], 20)


def _proposal(data: ApprovalSheet) -> list[Row]:
    foot = signed(_("Proposed by"), data.proposed_by, data.proposed_at)
    return [memo_row(_("Proposed handling"), data.proposal, least=40, foot=foot)]


def _cost(data: ApprovalSheet) -> list[Block]:
    amount = data.cost if data.cost is not None else total(data.remedies)
    if amount is None:
        return []
    text = _("Cost: {amount} yuan").format(amount=money(amount))
    return [Text(f"{text}    {in_capitals(amount)}", BODY._replace(bold=True, spacing=1.7), before=3)]


def _ladder(data: ApprovalSheet) -> Grid:
    share = 1 / len(data.ladder)
    return Grid([Row([cell for rung in data.ladder for cell in _rung(rung, share)], 20)])


def _rung(rung: Rung, share: float) -> list[Cell]:
    limit = _("no limit") if rung.limit is None else _("up to {amount}").format(amount=money(rung.limit))
    chosen = f"✓ {limit}" if rung.decides else limit
    return [Cell(rung.role, share * 0.45, LABEL, shaded=True), Cell(chosen, share * 0.55, BODY._replace(bold=rung.decides))]


def _decisions(data: ApprovalSheet) -> list[Row]:
    decisions = data.decisions or (Decision(next((rung.role for rung in data.ladder if rung.decides), _("Manager"))),)
    return [_decision(number, decision) for number, decision in enumerate(decisions)]


def _decision(number: int, decision: Decision) -> Row:
    outcome = " · ".join(part for part in (decision.outcome, decision.way) if part)
    text = "\n".join(part for part in (outcome, decision.opinion) if part)
    foot = signed(_("Signature"), decision.by, decision.at)
    return memo_row(decision.role, text, least=60, foot=foot, joined=number > 0)
