"""The approval sheet of a proposal: what it rests on, what the five questions suggested, who may decide, and who did."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from app.core import formats
from app.core.errors import UserError
from app.core.language import _
from app.core.session import Session
from app.models.case_entries import QUESTIONS, Assessment
from app.models.complaints import Complaint
from app.models.customers import Customer
from app.models.record import Values
from app.reports.documents import approval_sheet as approval
from app.reports.documents.approval_sheet import ApprovalSheet, Rung, approval_sheaf
from app.reports.papers_case import (
    Words,
    decided_by,
    demand,
    frame_of,
    judgement_of,
    local,
    outcome_of,
    products_of,
    remedies,
    way_of,
)
from app.reports.pdf import Sheaf
from app.services.cases import Case, Round


def approval_sheet(session: Session, case: Case, proposed: Round | None = None) -> Sheaf:
    """The approval sheet of a proposal; of the last one where none is given."""
    demand(case, Complaint, _("{number} is no complaint, so there is nothing to approve."))
    proposed = proposed or case.round
    if proposed is None:
        raise UserError(
            _("{number} has no proposal yet, so there is nothing to approve. Propose first.").format(number=case.record.number)
        )
    words = Words(session, Complaint, case.values)
    asked: Values = next((line for line in reversed(case.values["assessments"]) if line["round"] == proposed.round), {})
    ladder = _ladder(session, proposed.cost)
    return approval_sheaf(
        ApprovalSheet(
            paper=frame_of(session, case),
            complaint_number=case.record.number,
            customer=words.text("customer_name"),
            customer_number=case.customer.get("number") or "",
            customer_tier=Words(session, Customer, case.customer).label("tier"),
            received_at=words.moment("received_at"),
            complaint_class=words.label("class"),
            severity=words.label("severity"),
            owner=words.text("handler"),
            round=proposed.round,
            products="\n".join(products_of(case)),
            summary=words.text("description"),
            wished_solution=words.text("wish"),
            judgement=judgement_of(words),
            assessment=_answers(asked),
            band=_band(asked, "suggested"),
            override_reason=_override(asked),
            proposal=proposed.text,
            remedies=remedies(proposed.lines),
            cost=proposed.cost,
            proposed_by=proposed.proposed_by,
            proposed_at=local(proposed.proposed_at, words.zone),
            ladder=ladder,
            decisions=_decisions(session, proposed, ladder),
        )
    )


def _answers(asked: Values) -> tuple[tuple[str, str], ...]:
    """The five questions with their answers; none where nobody asked them."""
    return tuple((_(one.label), _answer(asked[one.code])) for one in QUESTIONS if asked.get(one.code) is not None)


def _answer(value: bool | int) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return f"{value} %"


def _band(asked: Values, code: str) -> str:
    return formats.label(Assessment.field(code), asked[code]) if asked.get(code) else ""


def _override(asked: Values) -> str:
    """The band that was chosen instead, and why."""
    if asked.get("band") in (None, asked.get("suggested")):
        return ""
    return _("{band}: {reason}").format(band=_band(asked, "band"), reason=asked["reason"] or "")


def _ladder(session: Session, cost: Decimal) -> tuple[Rung, ...]:
    """Who may approve up to how much (rule 3), and where this cost ends."""
    limits = (
        (_("Handler"), session.settings["limit_handler"]),
        (_("Manager"), session.settings["limit_manager"]),
        (_("Branch head"), None),
    )
    deciding = next(place for place, (_role, limit) in enumerate(limits) if limit is None or cost <= limit)
    return tuple(Rung(role, limit, place == deciding) for place, (role, limit) in enumerate(limits))


def _decisions(session: Session, proposed: Round, ladder: Sequence[Rung]) -> tuple[approval.Decision, ...]:
    """Each by the role that the cost asked for."""
    role = next(rung.role for rung in ladder if rung.decides)
    return tuple(
        approval.Decision(
            ladder[0].role if one.way == "own_limit" else role,
            decided_by(one),
            local(one.at, session.branch.zone),
            outcome_of(one),
            one.opinion,
            way_of(one),
        )
        for one in proposed.decisions
    )
