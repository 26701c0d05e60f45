"""A processing agreement put on paper from its case: one edition, with the hash that was kept at its release."""

from __future__ import annotations

import re
from dataclasses import replace

from app.core.errors import UserError
from app.core.language import _
from app.core.session import Session
from app.core.times import day_of
from app.models import history
from app.models.complaints import Complaint
from app.models.record import Values
from app.reports.documents.agreement import Agreement, Party, agreement_sheaf
from app.reports.papers_case import frame, remedies
from app.reports.pdf import VOID, Paper, Sheaf
from app.services.cases import Case, Edition

_IDENTITY = re.compile(r"\d{17}[\dXx]")
_CREDIT_CODE = re.compile(r"[0-9A-Z]{18}")


def edition_of(case: Case, edition: int | None, number: str = "") -> Edition:
    """The edition of that count; of none, the present one, else the last void one. UserError where there is none.

    `number`: of that agreement; else of the case's newest one that has such an edition.
    """
    if not isinstance(case.record, Complaint):
        raise UserError(_("{number} is no complaint, so it has no agreement.").format(number=case.record.number))
    if not case.editions:
        raise UserError(_("{number} has no agreement yet. Draw one up first.").format(number=case.record.number))
    if edition is None:
        return case.edition or case.editions[-1]
    fitting = (one for one in reversed(case.editions) if one.number == number or not number)
    found = next((one for one in fitting if one.edition == edition), None)
    if found is None:
        raise UserError(_("{number} has no edition {edition}.").format(number=case.editions[-1].number, edition=edition))
    return found


def is_valid(edition: Edition) -> bool:
    """Whether it prints without a watermark (rule 4)."""
    return edition.status in ("released", "signed")


def copies(session: Session, case: Case, edition: Edition, certificate: str = "") -> list[Sheaf]:
    """Every copy that the edition speaks of, marked as whose it is; of one that is not valid a single one without a mark."""
    if not is_valid(edition):
        return [agreement(session, case, edition)]
    count = edition.values["copies"] or session.settings["copies"]
    ours = (count + 1) // 2
    marks = [
        _("copy {number} of {count} · for party A") if place < ours else _("copy {number} of {count} · for party B")
        for place in range(count)
    ]
    named = [mark.format(number=number, count=count) for number, mark in enumerate(marks, 1)]
    return [agreement(session, case, edition, mark, certificate=certificate) for mark in named]


def agreement(
    session: Session, case: Case, edition: Edition, copy: str = "", *, counted: bool = True, certificate: str = ""
) -> Sheaf:
    """The paper; a valid one says which print it is, unless it is not counted or to be signed with a `certificate`."""
    paper = frame(
        session,
        edition.number,
        version=edition.edition,
        prints=edition.print_count + 1 if counted and not certificate and is_valid(edition) else 0,
        mark=VOID if edition.status == "voided" else "",
        copy=copy,
    )
    return agreement_sheaf(content(session, case, edition, replace(paper, certificate=certificate)))


def content(session: Session, case: Case, edition: Edition, paper: Paper) -> Agreement:
    """What the paper of an edition says."""
    values, received = edition.values, case.values["received_at"]
    return Agreement(
        paper=paper,
        complaint_number=case.record.number,
        received_on=None if received is None else day_of(received, session.branch.zone),
        branch=_branch(values),
        customer=_customer(case, edition),
        facts=values["facts"] or "",
        remedies=remedies(values["lines"]),
        clauses=tuple(line.strip() for line in (values["clauses"] or "").split("\n") if line.strip()),
        deadline=values["deadline"],
        copies=values["copies"] or session.settings["copies"],
        released=is_valid(edition),
        content_hash=edition.content_hash,
        anchor=str(history.head()) if is_valid(edition) else "",
    )


def _branch(values: Values) -> Party:
    return Party(
        values["party_a"] or "",
        credit_code=values["party_a_identity"] or "",
        address=values["party_a_address"] or "",
        representative=values["party_a_representative"] or "",
        phone=values["party_a_phone"] or "",
    )


def _customer(case: Case, edition: Edition) -> Party:
    """Party B; its one identity is named by what the customer has, else by its form."""
    values = edition.values
    identity = values["party_b_identity"] or ""
    known = {case.customer.get("licence"): "licence", case.customer.get("credit_code"): "credit"}
    kind = known.get(identity) or ("identity" if _IDENTITY.fullmatch(identity) else "")
    kind = kind or ("credit" if _CREDIT_CODE.fullmatch(identity) else "licence")
    return Party(
        values["party_b"] or "",
        credit_code=identity if kind == "credit" else "",
        licence_number=identity if kind == "licence" else "",
        identity_number=identity if kind == "identity" else "",
        address=values["party_b_address"] or "",
        contact=values["party_b_contact"] or "",
        phone=values["party_b_phone"] or "",
        signed_by=values["signed_by"] or "",
        signed_on=values["signed_on"],
    )
