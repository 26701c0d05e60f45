"""What is written down on the way of a complaint, entry by entry: notices, consultations, escalations, follow-ups and the rest.

Each is a part that only grows; the steps that add to them stand in the modules of steps.
"""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import peewee

from app.core.fields import Choice, Field, Kind
from app.core.language import N_
from app.models import classifications as of
from app.models.complaints import Complaint
from app.models.record import Part

MILESTONES = (
    Choice("accept", N_("Accepted")),
    Choice("approve", N_("Decided")),
    Choice("dispatch", N_("Dispatched")),
    Choice("deliver", N_("Delivered")),
    Choice("other", N_("Other")),
)
"""The steps of a case that the customer is told of (rule 14)."""
CHANGED = (
    Choice("person", N_("Another person")),
    Choice("place", N_("Another place")),
    Choice("time", N_("Another time")),
)
LEVELS = (Choice("manager", N_("Manager")), Choice("head", N_("Branch head")))
BANDS = (
    Choice("generous", N_("Generous"), N_("Worth more than the case itself: settle quickly and go beyond the demand.")),
    Choice("normal", N_("Normal"), N_("Settle by the rules, no more and no less.")),
    Choice("decline", N_("Decline"), N_("Unreasonable and no business to come: a friendly refusal is a proper result.")),
)
MOVES = (Choice("extension", N_("Extension")), Choice("pause", N_("Pause")))
_AT = Field("at", N_("When"), Kind.MOMENT, required=True, happened=True, width=130)
_WHO = Field("who", N_("Who"), max_length=100, width=90)
_ROUND = Field("round", N_("Round"), Kind.INTEGER, width=60)


def _score(code: str, label: str) -> Field:
    return Field(code, label, Kind.INTEGER, minimum=Decimal(1), maximum=Decimal(5), width=90)


class Notice(Part):
    """What the customer was told of the progress."""

    LABEL = N_("Notices")
    APPENDED = True
    FIELDS: ClassVar[tuple[Field, ...]] = (
        _AT,
        Field("step", N_("Step"), Kind.CHOICE, choices=MILESTONES, required=True, width=90),
        Field("way", N_("How"), Kind.CHOICE, choices=of.CHANNELS, width=90),
        Field("text", N_("What was said"), Kind.MEMO, width=260),
        _WHO,
        _ROUND,
    )
    parent = peewee.ForeignKeyField(Complaint)


class Consultation(Part):
    """The opinion of somebody who was asked."""

    LABEL = N_("Consultations")
    APPENDED = True
    FIELDS: ClassVar[tuple[Field, ...]] = (
        _AT,
        Field("with_whom", N_("With whom"), required=True, max_length=200, width=120),
        Field("opinion", N_("Opinion"), Kind.MEMO, required=True, width=300),
        _WHO,
    )
    parent = peewee.ForeignKeyField(Complaint)


class Change(Part):
    """Another person, place or time for the talk with the customer (三变法)."""

    LABEL = N_("Changes of person, place or time")
    APPENDED = True
    FIELDS: ClassVar[tuple[Field, ...]] = (
        _AT,
        Field("what", N_("What was changed"), Kind.CHOICE, choices=CHANGED, required=True, width=110),
        Field("to", N_("To what"), required=True, max_length=200, width=160),
        Field("taken_over_by", N_("Who took over"), max_length=100, width=100),
        Field("until", N_("Until"), Kind.MOMENT, width=130),
        _WHO,
    )
    parent = peewee.ForeignKeyField(Complaint)


class Escalation(Part):
    """What went up to the manager or the branch head (rules 12 and 19)."""

    LABEL = N_("Escalations")
    APPENDED = True
    FIELDS: ClassVar[tuple[Field, ...]] = (
        _AT,
        Field("to", N_("To whom"), Kind.CHOICE, choices=LEVELS, required=True, width=100),
        Field("department", N_("And to the department"), Kind.CHOICE, choices=of.DEPARTMENTS, width=120),
        Field("note", N_("What about"), Kind.MEMO, required=True, width=300),
        _WHO,
    )
    parent = peewee.ForeignKeyField(Complaint)


class Extension(Part):
    """A deadline that was moved: by an approved extension, or by a pause."""

    LABEL = N_("Extensions")
    APPENDED = True
    FIELDS: ClassVar[tuple[Field, ...]] = (
        _AT,
        Field("kind", N_("Kind"), Kind.CHOICE, choices=MOVES, required=True, width=80),
        Field("until", N_("New deadline"), Kind.MOMENT, required=True, width=130),
        Field("reason", N_("Reason"), Kind.MEMO, required=True, width=260),
        Field("who", N_("Approved by"), max_length=100, width=90),
    )
    parent = peewee.ForeignKeyField(Complaint)


QUESTIONS: tuple[Field, ...] = (
    Field("long_standing", N_("A long-standing relation?"), Kind.BOOLEAN, required=True),
    Field("buys_again", N_("Likely to buy again?"), Kind.BOOLEAN, required=True),
    Field("word_of_mouth", N_("Will others hear of it?"), Kind.BOOLEAN, required=True),
    Field("unreasonable", N_("Is the demand unreasonable?"), Kind.BOOLEAN, required=True),
    Field("our_fault", N_("Our fault (%)"), Kind.INTEGER, required=True, minimum=Decimal(0), maximum=Decimal(100)),
)


class Assessment(Part):
    """The five questions before negotiating, what they suggest, and what was chosen."""

    LABEL = N_("Assessments")
    APPENDED = True
    FIELDS: ClassVar[tuple[Field, ...]] = (
        _AT,
        *QUESTIONS,
        Field("suggested", N_("Suggested"), Kind.CHOICE, choices=BANDS, width=90),
        Field("band", N_("Chosen"), Kind.CHOICE, choices=BANDS, width=90),
        Field("reason", N_("Why otherwise"), Kind.MEMO, width=200),
        _WHO,
        _ROUND,
    )
    parent = peewee.ForeignKeyField(Complaint)


class FollowUp(Part):
    """A call back, or the try of one."""

    LABEL = N_("Follow-ups")
    APPENDED = True
    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("planned_for", N_("Planned for"), Kind.DATE, width=110),
        Field("at", N_("Done at"), Kind.MOMENT, required=True, happened=True, width=130),
        Field("way", N_("How"), Kind.CHOICE, choices=of.CHANNELS, width=90),
        Field("reached", N_("Reached"), Kind.BOOLEAN, width=70),
        _score("result_score", N_("Result (1–5)")),
        _score("process_score", N_("Process (1–5)")),
        Field("dissatisfied_about", N_("Still dissatisfied about"), Kind.MEMO, width=200),
        Field("change_solution", N_("Change the solution"), Kind.BOOLEAN, width=90),
        Field("text", N_("What the customer said"), Kind.MEMO, width=240),
        _WHO,
        _ROUND,
    )
    parent = peewee.ForeignKeyField(Complaint)


Complaint.PARTS |= {
    "notices": Notice,
    "consultations": Consultation,
    "changes": Change,
    "escalations": Escalation,
    "extensions": Extension,
    "assessments": Assessment,
    "follow_ups": FollowUp,
}


def band_of(long_standing: bool, buys_again: bool, word_of_mouth: bool, unreasonable: bool, our_fault: int) -> str:
    """What the five answers suggest: decline what is unreasonable and brings no business, be generous where much is at stake."""
    if unreasonable and not buys_again and our_fault < 50:
        return "decline"
    at_stake = long_standing + buys_again + word_of_mouth
    if not unreasonable and (our_fault >= 50 or (our_fault > 0 and at_stake >= 2)):
        return "generous"
    return "normal"
