"""Objection cards 异议卡: an objection in the customer's words with the answer that helps, ripened in four stages."""

from __future__ import annotations

from typing import ClassVar

import peewee

from app.core.errors import NotPermitted, ValidationError
from app.core.fields import Field, Kind
from app.core.language import N_, _
from app.core.session import ROLES, Session
from app.models import classifications as of
from app.models import evidence as proofs
from app.models import history
from app.models.record import Part, Record, Values, parts_of
from app.models.steps import held

CONTENT = ("words", "content", "cause", "answer", "method", "evidence_lines")
"""What a card says: changed after publishing it is a new edition."""
PUBLISHERS = ("manager", "head")


class Card(Record):
    """A card. `edition` counts what was published under its number."""

    KIND = "card"
    LABEL = N_("objection card")
    FOUND_BY = ("number", "from_objection", "words", "answer")
    FIRST_STATUS = "collected"
    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("words", N_("The customer's words"), Kind.MEMO, required=True, width=300, hint=N_("In the customer's own words")),
        Field("content", N_("Content"), Kind.CHOICE, choices=of.CONTENTS, width=90),
        Field("cause", N_("Cause"), Kind.CHOICE, choices=of.CAUSES, width=150),
        Field("answer", N_("Answer"), Kind.MEMO, width=300, hint=N_("As one says it to the customer")),
        Field("method", N_("Handling method"), Kind.CHOICE, choices=of.METHODS, width=90),
        Field("published_at", N_("Published at"), Kind.MOMENT, happened=True, by_step=True, width=110, indexed=True),
        Field("retired_reason", N_("Retired because"), Kind.MEMO, by_step=True),
        Field("from_objection", N_("From objection"), Kind.CODE, derived=True, width=130),
    )
    PARTS: ClassVar[dict[str, type[Part]]] = {}

    edition = peewee.IntegerField(default=1)

    @classmethod
    def check(cls, session: Session, values: Values) -> dict[str, str]:
        """The same evidence twice proves no more."""
        numbers = [line["evidence"] for line in values.get("evidence_lines") or []]
        return {
            f"evidence_lines[{place}].evidence": _("{number} stands here twice.").format(number=number)
            for place, number in enumerate(numbers)
            if number in numbers[:place]
        }

    @classmethod
    def follow(cls, session: Session, record: Record, differing: Values) -> None:
        """A published card that says something else is a new edition, for which whoever publishes has to stand."""
        if record.status != "published" or not differing.keys() & set(CONTENT):
            return
        if not held(session).intersection(PUBLISHERS):
            raise NotPermitted(_("This needs the role {role}.").format(role=_(ROLES[PUBLISHERS[0]])))
        if missing := lacking(session, record):
            raise ValidationError(missing)
        record.edition += 1
        cls.rewrite(record.id, edition=record.edition)
        history.write(session, cls.KIND, record.id, "edition", note=_("Edition {n}").format(n=record.edition))

    def frozen(self) -> str | None:
        """What is retired stays as it was."""
        if self.status == "retired":
            return _("{number} is retired. Discuss it again before it is changed.").format(number=self.number)
        return super().frozen()


class EvidenceLine(Part):
    """What the answer rests on."""

    LABEL = N_("Supporting evidence")
    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("evidence", N_("Supporting evidence"), Kind.RECORD, refers="evidence", required=True, width=300),
    )
    parent = peewee.ForeignKeyField(Card)


class Minutes(Part):
    """What a discussion of the card came to."""

    LABEL = N_("Minutes")
    APPENDED = True
    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("held_on", N_("Held on"), Kind.DATE, happened=True, width=110),
        Field("present", N_("Who took part"), max_length=200, width=180),
        Field("text", N_("Minutes"), Kind.MEMO, required=True, width=300),
    )
    parent = peewee.ForeignKeyField(Card)


class Rehearsal(Part):
    """What playing the scene through has shown."""

    LABEL = N_("Rehearsals")
    APPENDED = True
    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("held_on", N_("Held on"), Kind.DATE, happened=True, width=110),
        Field("players", N_("Who played whom"), max_length=200, width=180),
        Field("note", N_("What was noticed"), Kind.MEMO, required=True, width=300),
    )
    parent = peewee.ForeignKeyField(Card)


Card.PARTS |= {"evidence_lines": EvidenceLine, "minutes": Minutes, "rehearsals": Rehearsal}


def published(session: Session) -> list[Card]:
    """The cards in use, in order of number."""
    return Card.fetch("t.branch_id = ? AND t.status = 'published' ORDER BY t.id", session.branch.id)


def proofs_of(card: Record) -> list[proofs.Evidence]:
    """The evidence of a card, in order."""
    return [line.evidence for line in parts_of(card, "evidence_lines")]


def faults(session: Session, card: Record) -> tuple[str, ...]:
    """Sentences about evidence of a card that does not hold today."""
    return tuple(sentence for proof in proofs_of(card) if (sentence := proofs.fault(session, proof)))


def lacking(session: Session, card: Record) -> dict[str, str]:
    """Field → sentence about what must be there before a card can be published."""
    found = {
        code: _("{field} is missing.").format(field=_(card.field(code).label)) for code in ("answer", "method") if not card[code]
    }
    if not parts_of(card, "rehearsals"):
        found["rehearsals"] = _("A rehearsal note is missing.")
    if sentences := faults(session, card):
        found["evidence_lines"] = " ".join([*sentences, _("Take other evidence.")])
    return found
