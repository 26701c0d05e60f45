"""Objections: what a customer says against something, in the customer's words and on all axes of the trade."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

import peewee

from app.core.fields import Field, Kind
from app.core.language import N_, _
from app.core.session import Session
from app.models import classifications as of
from app.models import methods
from app.models.cards import Card
from app.models.complaints import contradicting, shown_customer
from app.models.customers import Customer
from app.models.record import Part, Record, Values, find

SOURCE = N_("Customer and source")
WORDS = N_("The five elements")
AXES = N_("Classification")
METHOD = N_("Handling method")
STEPS = N_("The five steps")
_OUTCOME = N_("Outcome")
ORDER = ("occurred_at", "replied_at", "closed_at")
ELEMENTS = ("occurred_at", "where", "what", "who", "wish")
"""4W1H: when, where, what, who, and how the customer wants it solved."""

STEP_NAMES = (
    ("buffer", N_("Buffer")),
    ("enquire", N_("Ask")),
    ("listen", N_("Listen and record")),
    ("persuade", N_("Persuade")),
    ("feed_back", N_("Feed back and follow up")),
)


def _five_steps() -> tuple[Field, ...]:
    return tuple(
        field
        for code, label in STEP_NAMES
        for field in (
            Field(f"step_{code}", label, Kind.BOOLEAN, group=STEPS),
            Field(f"step_{code}_note", N_("Note"), max_length=500, group=STEPS),
        )
    )


class Objection(Record):
    """An objection of a customer."""

    KIND = "objection"
    LABEL = N_("objection")
    FOUND_BY = ("number", "source_reference", "customer_name", "customer_keys", "what", "where", "who", "wish")
    NUMBERED_BY = "occurred_at"
    FIRST_STATUS = "open"
    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("customer", N_("Customer"), Kind.RECORD, refers="customer", required=True, group=SOURCE),
        Field("channel", N_("Channel"), Kind.CHOICE, choices=of.CHANNELS, group=SOURCE, width=80),
        Field("occurred_at", N_("When"), Kind.MOMENT, required=True, happened=True, group=WORDS, width=106, indexed=True),
        Field("where", N_("Where"), max_length=200, group=WORDS, width=100),
        Field("who", N_("Who is concerned"), max_length=200, group=WORDS, width=110),
        Field("what", N_("What"), Kind.MEMO, required=True, group=WORDS, width=300, hint=N_("In the customer's own words")),
        Field("wish", N_("How the customer wants it solved"), Kind.MEMO, group=WORDS, width=200),
        Field("expression", N_("Expression"), Kind.CHOICE, choices=of.EXPRESSIONS, group=AXES, width=80),
        Field("nature", N_("Nature"), Kind.CHOICE, choices=of.NATURES, group=AXES, width=80),
        Field("hidden_demand", N_("Demand behind it"), Kind.MEMO, group=AXES, hint=N_("When the objection is hidden")),
        Field("content", N_("Content"), Kind.CHOICE, choices=of.CONTENTS, group=AXES, width=90),
        Field("family", N_("Family"), Kind.CHOICE, choices=of.FAMILIES, group=AXES, width=110),
        Field("cause", N_("Cause"), Kind.CHOICE, choices=of.CAUSES, group=AXES, width=150),
        Field("product", N_("Product"), Kind.RECORD, refers="product", group=AXES),
        Field("method", N_("Handling method"), Kind.CHOICE, choices=of.METHODS, group=METHOD, width=90),
        Field("method_reason", N_("Why this method"), max_length=500, group=METHOD),
        Field("card", N_("Card used"), Kind.RECORD, refers="card", group=METHOD, width=90),
        Field("handler", N_("Handler"), max_length=100, group=METHOD, width=80, indexed=True),
        *_five_steps(),
        Field("solved_on_spot", N_("Solved on the spot"), Kind.BOOLEAN, by_step=True, width=80),
        Field("promised_at", N_("Promised reply"), Kind.MOMENT, by_step=True, width=126, indexed=True),
        Field("replied_at", N_("Replied at"), Kind.MOMENT, happened=True, by_step=True, width=110),
        Field("closed_at", N_("Closed at"), Kind.MOMENT, happened=True, by_step=True, width=110, indexed=True),
        Field("result", N_("Result"), Kind.MEMO, by_step=True, group=_OUTCOME, width=200),
        Field(
            "satisfaction", N_("Satisfaction (1–5)"), Kind.INTEGER, by_step=True, minimum=Decimal(1), maximum=Decimal(5), width=70
        ),
        Field("fed_back_at", N_("Fed back to the company at"), Kind.MOMENT, happened=True, by_step=True),
        Field("fed_back_to", N_("Fed back to"), max_length=100, by_step=True),
        Field("complaint", N_("Complaint it became"), Kind.RECORD, refers="complaint", derived=True),
        Field("source_reference", N_("Outside number"), Kind.CODE, max_length=100, by_step=True),
        Field("customer_name", N_("Customer"), derived=True, width=128, indexed=True),
    )
    PARTS: ClassVar[dict[str, type[Part]]] = {}

    customer_keys = peewee.TextField(default="")
    imported = peewee.BooleanField(default=False)
    source_key = peewee.TextField(null=True)

    @classmethod
    def check(cls, session: Session, values: Values) -> dict[str, str]:
        """Times in order, only a card that was published, and no method against its guard without a reason; a register may."""
        found = contradicting(session, cls, values, ORDER) | _unpublished(session, values.get("card"))
        return found if values.get("imported") else found | methods.unexplained(values)

    @classmethod
    def derive(cls, session: Session, values: Values) -> Values:
        """The name that lists show."""
        customer = values.get("customer")
        if isinstance(customer, str):
            customer = find(session, Customer, customer)
        return shown_customer(customer, None)

    @classmethod
    def follow(cls, session: Session, record: Record, differing: Values) -> None:
        """What was promised in it shows who handles it, and whose it is."""
        from app.models import promises  # heavy: a list of cases does without them

        promises.follow(session, record, differing)

    def frozen(self) -> str | None:
        """Ended cases stay as they are."""
        if self.status in of.ENDED:
            return _("{number} is closed and cannot be changed.").format(number=self.number)
        return super().frozen()


def missing_elements(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Which of the five elements are not known yet."""
    return tuple(code for code in ELEMENTS if not values.get(code))


def undiscovered(values: Mapping[str, Any]) -> str:
    """A sentence where an objection is hidden and the demand behind it is not known yet; empty where all is well."""
    if values.get("nature") != "hidden" or values.get("hidden_demand"):
        return ""
    return _("The objection is hidden: write the demand behind it.")


def last_of(session: Session, person: str) -> Objection | None:
    """The objection that a person wrote down last; None where there is none."""
    mine = "t.branch_id = ? AND t.created_by = ? AND t.status <> 'voided' ORDER BY t.id DESC LIMIT 1"
    return next(iter(Objection.fetch(mine, session.branch.id, person)), None)


def _unpublished(session: Session, number: object) -> dict[str, str]:
    known = Card.fetch("t.branch_id = ? AND t.number = ?", session.branch.id, number) if number else []
    if not known or known[0].published_at is not None:
        return {}
    return {"card": _("{number} is not published yet. Choose a card that was published.").format(number=number)}
