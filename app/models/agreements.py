"""Processing agreements: controlled documents made from an approved proposal.

A changed one is a new edition, the old one is void.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar

import peewee

from app.core import formats
from app.core.fields import Field, Kind
from app.core.language import N_, _
from app.core.session import Session
from app.core.times import day_of
from app.models import classifications as of
from app.models import clauses, warnings
from app.models.clauses import Terms
from app.models.complaints import Complaint
from app.models.proposals import REMEDY_FIELDS, complete_lines
from app.models.record import Follow, Part, Record, Values, parts_of, row_values, values_of

_PARTIES = N_("Parties")
_CONTENT = ("party_a", "party_a_identity", "party_b", "party_b_identity", "facts", "clauses", "deadline", "copies")
_REACHED = ("party_a_address", "party_a_representative", "party_a_phone", "party_b_address", "party_b_contact", "party_b_phone")


class Agreement(Record):
    """A processing agreement; its editions share the number. `edition` is the version that the paper names."""

    KIND = "agreement"
    LABEL = N_("agreement")
    FOUND_BY = ("number", "customer_name", "party_b", "facts")
    FIRST_STATUS = "draft"
    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("complaint", N_("Complaint"), Kind.RECORD, refers="complaint", derived=True),
        Field("party_a", N_("Party A"), max_length=200, required=True, group=_PARTIES),
        Field(
            "party_a_identity",
            N_("Credit code of party A"),
            Kind.CODE,
            max_length=50,
            warn=warnings.credit_code,
            group=_PARTIES,
        ),
        Field("party_a_address", N_("Address of party A"), max_length=300, group=_PARTIES),
        Field("party_a_representative", N_("Representative of party A"), max_length=100, group=_PARTIES),
        Field("party_a_phone", N_("Phone of party A"), Kind.PHONE, max_length=100, warn=warnings.phone, group=_PARTIES),
        Field("party_b", N_("Party B"), max_length=200, required=True, group=_PARTIES),
        Field(
            "party_b_identity",
            N_("Identity of party B"),
            Kind.CODE,
            max_length=50,
            warn=warnings.party_identity,
            group=_PARTIES,
            hint=N_("Licence, credit code or identity number"),
            masked=True,
        ),
        Field("party_b_address", N_("Address of party B"), max_length=300, group=_PARTIES),
        Field("party_b_contact", N_("Contact of party B"), max_length=100, group=_PARTIES),
        Field(
            "party_b_phone", N_("Phone of party B"), Kind.PHONE, max_length=100, warn=warnings.phone, group=_PARTIES, masked=True
        ),
        Field("facts", N_("Facts"), Kind.MEMO, required=True),
        Field("clauses", N_("Clauses"), Kind.MEMO, hint=N_("One clause to a line")),
        Field("deadline", N_("To be performed by"), Kind.DATE, width=110, indexed=True),
        Field("copies", N_("Copies"), Kind.INTEGER, minimum=Decimal(2), maximum=Decimal(9)),
        Field("cost", N_("Cost (yuan)"), Kind.MONEY, derived=True, width=110),
        Field("signed_on", N_("Signed on"), Kind.DATE, happened=True, by_step=True, width=110, indexed=True),
        Field("signed_by", N_("Signed by"), max_length=100, by_step=True, width=100),
        Field("customer_name", N_("Customer"), derived=True, width=160, indexed=True),
    )
    PARTS: ClassVar[dict[str, type[Part]]] = {}

    edition = peewee.IntegerField(default=1)
    content_hash = peewee.TextField(default="")
    print_count = peewee.IntegerField(default=0)
    template = peewee.IntegerField(default=0)
    round = peewee.IntegerField(default=1)
    proposal = peewee.IntegerField(default=0)
    withheld = peewee.BooleanField(default=False)

    @classmethod
    def complete(cls, values: Values) -> Values:
        """Amounts follow from quantity and unit price."""
        return values | {"lines": complete_lines(values["lines"])} if values.get("lines") else values

    @classmethod
    def derive(cls, session: Session, values: Values) -> Values:
        """The cost of all lines."""
        lines = values.get("lines") or []
        return {"cost": sum((line.get("amount") or Decimal(0) for line in lines), Decimal("0.00"))}

    @classmethod
    def adapt(cls, session: Session, record: Record, before: Values, values: Values) -> Values:
        """Clauses that came from the template follow deadline, copies, parties and lines."""
        assert isinstance(record, Agreement)
        followed: Values = follower_of(session, record)(before, before | values)[0]
        return values | followed

    def frozen(self) -> str | None:
        """What was released stands as it is."""
        if self.status in ("released", "signed") and not self.withheld:
            return _("{number} is released and cannot be changed. Make a new edition instead.").format(number=self.number)
        return super().frozen()


class AgreementLine(Part):
    """A remedy that both sides agree on."""

    LABEL = N_("Remedies")
    FIELDS: ClassVar[tuple[Field, ...]] = REMEDY_FIELDS
    parent = peewee.ForeignKeyField(Agreement)


Agreement.PARTS["lines"] = AgreementLine


def lines_of(session: Session, agreement: Agreement) -> list[Values]:
    """The remedy lines of an agreement."""
    return [row_values(session, line) for line in parts_of(agreement, "lines")]


def content_hash(session: Session, agreement: Agreement) -> str:
    """SHA-256 over what was agreed: all that the paper says without print stamp, copy and signatures; kept at release.

    Where the parties are found counts as far as it is known, so that agreements from before it was kept have the hash they had.
    """
    codes = (*_CONTENT, *(code for code in _REACHED if getattr(agreement, code)))
    content = {code: formats.as_json(getattr(agreement, code), session.branch.zone) for code in codes}
    content |= {"number": agreement.number, "edition": agreement.edition, "complaint": agreement.complaint.number}
    content["received"] = day_of(agreement.complaint.received_at, session.branch.zone).isoformat()
    content["lines"] = formats.as_json(lines_of(session, agreement), session.branch.zone)
    plain = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def suggested_deadline(session: Session) -> date:
    """Until when an agreement that is drawn up now is to be performed: never on a day off."""
    today = day_of(session.clock(), session.branch.zone)
    return session.calendar.working(today + timedelta(days=session.settings["performance_days"]))


def terms(session: Session, values: Values, complaint: str) -> Terms:
    """What the clauses of an agreement of such values depend on."""
    return Terms(
        values["lines"] or [],
        values["deadline"],
        values["copies"] or session.settings["copies"],
        complaint,
        values["party_a"] or "",
        values["party_b"] or "",
    )


def follower(session: Session, complaint: str, template: int, start: Values) -> Follow:
    """What goes along with changed values of a case's agreement: its clauses. Those written by hand stay, and a sentence says
    so where one of them names another day. `start`: all values, of which a form may hold some.
    """

    def follow(before: Values, after: Values) -> tuple[Values, dict[str, str]]:
        then, now = (terms(session, start | values, complaint) for values in (before, after))
        text = clauses.following((start | after)["clauses"] or "", then, now, template)
        odd = clauses.odd(text, now, template, session.now().date())
        return {"clauses": text or None}, {"clauses": odd, "deadline": odd}

    return follow


def follower_of(session: Session, agreement: Agreement) -> Follow:
    """The same for an agreement that is edited."""
    return follower(session, agreement.complaint.number, agreement.template, values_of(session, agreement))


def editions(session: Session, complaint: Complaint) -> list[Agreement]:
    """All editions of a complaint's agreements, oldest first."""
    return Agreement.fetch("t.branch_id = ? AND t.complaint_id = ? ORDER BY t.id", session.branch.id, complaint.id)


def current(session: Session, complaint: Complaint) -> Agreement | None:
    """The edition of the present round that is not void."""
    found = (one for one in reversed(editions(session, complaint)) if one.round == complaint.round)
    return next((one for one in found if one.status != "voided"), None)


def is_draft(agreement: Agreement, complaint: Complaint) -> bool:
    """Whether it prints with the draft watermark: not released yet, or void (rule 4)."""
    return agreement.status not in ("released", "signed")


STATUSES = of.AGREEMENT_STATUSES
