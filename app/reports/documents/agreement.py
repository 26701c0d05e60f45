"""处理协议: what branch and customer agreed, for both to sign, with the hash by which its content is known again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import zip_longest

from app.core.language import _
from app.reports.documents.parts import (
    PARAGRAPH,
    RemedyLine,
    blank_day,
    day,
    in_capitals,
    remedy_table,
    section,
    total,
)
from app.reports.layout import Block, Code, Columns, Entry, Signatures, Text
from app.reports.pdf import DRAFT, Paper, Sheaf

Pairs = list[tuple[str, str]]
_FACTS = PARAGRAPH._replace(indent=2)


@dataclass(frozen=True)
class Party:
    """One side. Empty identities are left out; `signed_by` and `signed_on` stay to be written by hand where empty."""

    name: str
    credit_code: str = ""
    licence_number: str = ""
    identity_number: str = ""
    address: str = ""
    representative: str = ""
    contact: str = ""
    phone: str = ""
    signed_by: str = ""
    signed_on: date | None = None


@dataclass(frozen=True)
class Agreement:
    """`clauses` are final sentences without numbers; `content_hash` was taken at release, `anchor` is the number and head of the
    history chain at this print; until it is `released` it carries the watermark 草稿."""

    paper: Paper
    complaint_number: str
    received_on: date | None
    branch: Party
    customer: Party
    facts: str
    remedies: tuple[RemedyLine, ...]
    clauses: tuple[str, ...]
    deadline: date | None = None
    copies: int = 2
    released: bool = False
    content_hash: str = ""
    anchor: str = ""


def code_content(data: Agreement) -> str:
    """What the QR code says: number, version, content hash and history anchor."""
    return "|".join(("KESU1", data.paper.number, str(data.paper.version), data.content_hash, data.anchor))


def agreement_sheaf(data: Agreement) -> Sheaf:
    """The paper."""
    paper = data.paper if data.released or data.paper.mark else replace(data.paper, mark=DRAFT)
    paper = replace(paper, anchor=data.anchor)
    blocks: list[Block] = [*_parties(data)]
    blocks += [section(1, _("Facts")), Text(data.facts, _FACTS)]
    blocks += [section(2, _("Settlement")), remedy_table(data.remedies)]
    amount = total(data.remedies)
    if amount is not None:
        blocks.append(Text(in_capitals(amount), PARAGRAPH._replace(bold=True), before=3))
    if data.deadline:
        blocks.append(Text(_("To be performed by: {day}").format(day=day(data.deadline)), PARAGRAPH, before=3))
    if data.clauses:
        blocks.append(section(3, _("Terms")))
    blocks += [Text(f"{number}. {clause}", PARAGRAPH, before=2) for number, clause in enumerate(data.clauses, 1)]
    blocks.append(_signatures(data))
    return Sheaf(paper, _("Agreement on an objection or complaint"), blocks)


def _parties(data: Agreement) -> list[Columns]:
    received = _("Received: {day}").format(day=day(data.received_on)) if data.received_on else ""
    ours = _party(_("Party A: {name}").format(name=data.branch.name), data.branch)
    theirs = _party(_("Party B: {name}").format(name=data.customer.name), data.customer)
    about = [(_("Complaint: {number}").format(number=data.complaint_number), received)]
    return [Columns(pairs, PARAGRAPH, before=4) for pairs in (ours, theirs, about)]


def _party(name: str, party: Party) -> Pairs:
    """Name and identity, address, who speaks for it and by which phone; what is not known is left out."""
    identities = _given(
        (_("Unified social credit code"), party.credit_code),
        (_("Licence number"), party.licence_number),
        (_("Identity number"), party.identity_number),
    )
    address = _given((_("Address"), party.address))
    reached = _given((_("Representative"), party.representative), (_("Contact person"), party.contact), (_("Phone"), party.phone))
    return [*_in_twos([name, *identities]), *_in_twos(address), *_in_twos(reached)]


def _given(*pairs: tuple[str, str]) -> list[str]:
    return [_("{caption}: {value}").format(caption=caption, value=value) for caption, value in pairs if value]


def _in_twos(texts: Sequence[str]) -> Pairs:
    return list(zip_longest(texts[::2], texts[1::2], fillvalue=""))


def _signatures(data: Agreement) -> Signatures:
    ours, theirs = data.branch, data.customer
    columns = (
        (
            Entry(_("Party A (seal):"), "", line=False),
            Entry(_("Representative:"), ours.signed_by),
            Entry(_("Date:"), day(ours.signed_on) or blank_day(), line=False),
        ),
        (
            Entry(_("Party B (signature or seal):"), "", line=False),
            Entry(_("Signed by:"), theirs.signed_by),
            Entry(_("Date:"), day(theirs.signed_on) or blank_day(), line=False),
        ),
    )
    return Signatures(columns, code=_code(data) if data.content_hash else None)


def _code(data: Agreement) -> Code:
    short = " ".join(data.content_hash[start : start + 4] for start in range(0, 12, 4))
    return Code(code_content(data), _("Content check code {code}").format(code=short))
