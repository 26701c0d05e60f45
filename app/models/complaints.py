"""Complaints: the registration form as data, with its product lines, losses and enquiries.

How a case moves stands in complaint_steps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

import peewee

from app.core import text, times
from app.core.errors import ValidationError
from app.core.fields import Field, Kind
from app.core.language import N_, _
from app.core.pinyin import pinyin_of
from app.core.session import Session
from app.models import classifications as of
from app.models import deadlines, warnings
from app.models.customers import Customer
from app.models.products import Product
from app.models.record import Part, Record, Values, find, moment_of, stored_columns

SOURCE = N_("Customer and source")
WORDS = N_("What the customer says")
JUDGEMENT = N_("Judgement")
_OUTCOME = N_("Outcome")

ORDER = ("received_at", "signed_at", "handed_at", "replied_at", "closed_at")
"""Times of a case that cannot lie before the first of them."""


class Complaint(Record):
    """A complaint from its registration to its end."""

    KIND = "complaint"
    LABEL = N_("complaint")
    FOUND_BY = (
        *("number", "source_reference", "customer_name", "customer_keys", "complainant", "end_user", "phone", "address"),
        *("description", "wish", "batches"),
    )
    PHONES = ("phone",)
    CALLED = "phone_keys(c.phone)"
    NUMBERED_BY = "received_at"
    FIRST_STATUS = "draft"
    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("customer", N_("Customer"), Kind.RECORD, refers="customer", group=SOURCE),
        Field("received_at", N_("Received at"), Kind.MOMENT, required=True, happened=True, group=SOURCE, width=106, indexed=True),
        Field("complainant", N_("Complainant"), max_length=100, group=SOURCE, width=90),
        Field("channel", N_("Channel"), Kind.CHOICE, choices=of.CHANNELS, group=SOURCE, width=80),
        Field("phone", N_("Phone"), Kind.PHONE, max_length=100, group=SOURCE, warn=warnings.phone, width=130, masked=True),
        Field(
            "source_reference",
            N_("Reference of the source"),
            Kind.CODE,
            max_length=100,
            group=SOURCE,
            hint=N_("Number from 12313 / 12315"),
        ),
        Field("address", N_("Address"), max_length=300, group=SOURCE, width=200),
        Field("end_user", N_("End user"), max_length=100, group=SOURCE, hint=N_("If another than the customer")),
        Field("class", N_("Complaint class"), Kind.CHOICE, choices=of.COMPLAINT_CLASSES, group=SOURCE, width=100),
        Field("severity", N_("Severity"), Kind.CHOICE, choices=of.SEVERITIES, group=SOURCE, width=70, indexed=True),
        Field("external", N_("External complaint"), Kind.BOOLEAN, group=SOURCE, width=70),
        Field("tags", N_("Tags"), Kind.TAGS, choices=of.TAGS, group=SOURCE),
        Field("description", N_("What happened"), Kind.MEMO, required=True, group=WORDS, width=280),
        Field("wish", N_("Wished solution"), Kind.MEMO, group=WORDS, width=200),
        Field("went_wrong", N_("What went wrong"), Kind.MEMO, group=WORDS),
        Field("feeling", N_("How the customer feels"), Kind.MEMO, group=WORDS),
        Field("reason", N_("Reason as stated"), Kind.MEMO, group=WORDS),
        Field("broken_expectation", N_("Broken expectation"), Kind.CHOICE, choices=of.BROKEN_EXPECTATIONS, group=JUDGEMENT),
        Field("service_failure", N_("Service failure"), Kind.CHOICE, choices=of.SERVICE_FAILURES, group=JUDGEMENT),
        Field("reason_sufficient", N_("Reason sufficient"), Kind.BOOLEAN, group=JUDGEMENT),
        Field("demand_reasonable", N_("Demand reasonable"), Kind.BOOLEAN, group=JUDGEMENT),
        Field("faith", N_("Good faith or malicious"), Kind.CHOICE, choices=of.FAITH, group=JUDGEMENT),
        Field("evidence", N_("Evidence of malice"), Kind.MEMO, group=JUDGEMENT),
        Field("valid", N_("Complaint valid"), Kind.BOOLEAN, group=JUDGEMENT),
        Field("cause", N_("Cause"), Kind.CHOICE, choices=of.CAUSES, group=JUDGEMENT, width=140),
        Field("responsible_party", N_("Responsible party"), Kind.CHOICE, choices=of.PARTIES, group=JUDGEMENT),
        Field("responsible_stage", N_("Responsible stage"), Kind.CHOICE, choices=of.STAGES, group=JUDGEMENT),
        Field(
            "fault_percent", N_("Company's fault (%)"), Kind.INTEGER, group=JUDGEMENT, minimum=Decimal(0), maximum=Decimal(100)
        ),
        Field("responsible_person", N_("Person responsible"), max_length=100, group=JUDGEMENT, width=100),
        Field("swapped", N_("Goods were swapped"), Kind.BOOLEAN, group=JUDGEMENT),
        Field("recorder", N_("Recorder"), max_length=100, by_step=True, width=80),
        Field("signed_at", N_("Signed at"), Kind.MOMENT, happened=True, by_step=True),
        Field("handed_to", N_("Handed over to"), Kind.CHOICE, choices=of.DEPARTMENTS, by_step=True),
        Field("handed_at", N_("Handed over at"), Kind.MOMENT, happened=True, by_step=True),
        Field("handed_person", N_("Handed to whom"), max_length=100, derived=True),
        Field("taken_over_at", N_("Taken over at"), Kind.MOMENT, derived=True),
        Field("handler", N_("Handler"), max_length=100, by_step=True, width=80, indexed=True),
        Field("contact_due", N_("Contact due"), Kind.MOMENT, derived=True, width=110),
        Field("solution_due", N_("Solution due"), Kind.MOMENT, derived=True, width=126, indexed=True),
        Field("extended_to", N_("Solution due, extended"), Kind.MOMENT, derived=True),
        Field("paused_at", N_("Paused at"), Kind.MOMENT, derived=True),
        Field("contacted_at", N_("First contact at"), Kind.MOMENT, derived=True),
        Field("solved_at", N_("Last round replied at"), Kind.MOMENT, derived=True),
        Field("promised_at", N_("Promised reply"), Kind.MOMENT, by_step=True, width=126, indexed=True),
        Field("replied_at", N_("Replied at"), Kind.MOMENT, happened=True, by_step=True, width=110),
        Field("reply_channel", N_("Replied by"), Kind.CHOICE, choices=of.CHANNELS, by_step=True),
        Field("reply_text", N_("Reply"), Kind.MEMO, by_step=True),
        Field("solved_on_spot", N_("Solved on the spot"), Kind.BOOLEAN, by_step=True, width=80),
        Field("waived", N_("No agreement because"), Kind.MEMO, by_step=True),
        Field("follow_up_at", N_("Follow-up planned for"), Kind.DATE, derived=True, width=110, indexed=True),
        Field("follow_up_by", N_("Follow-up by"), max_length=100, derived=True),
        Field("reject_reason", N_("Not accepted because"), Kind.MEMO, derived=True),
        Field("turn_to", N_("Where the customer can turn"), Kind.MEMO, derived=True),
        Field("closed_reason", N_("Closed with gaps because"), Kind.MEMO, derived=True),
        Field("closed_at", N_("Closed at"), Kind.MOMENT, happened=True, by_step=True, width=110, indexed=True),
        Field("result", N_("Result"), Kind.MEMO, by_step=True, group=_OUTCOME),
        Field(
            "satisfaction",
            N_("Satisfaction (1–5)"),
            Kind.INTEGER,
            by_step=True,
            minimum=Decimal(1),
            maximum=Decimal(5),
            group=_OUTCOME,
        ),
        Field("summary", N_("Summary"), Kind.MEMO, by_step=True, group=_OUTCOME),
        Field("lesson", N_("Lesson"), Kind.MEMO, by_step=True, group=_OUTCOME),
        Field("customer_name", N_("Customer"), derived=True, width=128, indexed=True),
        Field("product", N_("Product"), Kind.RECORD, refers="product", derived=True),
    )
    PARTS: ClassVar[dict[str, type[Part]]] = {}

    round = peewee.IntegerField(default=1)
    customer_keys = peewee.TextField(default="")
    batches = peewee.TextField(default="")
    imported = peewee.BooleanField(default=False)
    source_key = peewee.TextField(null=True)

    @classmethod
    def check(cls, session: Session, values: Values) -> dict[str, str]:
        """Somebody must have complained; times must be in order; no more can be defective than there is."""
        errors: dict[str, str] = {}
        if not values.get("customer") and not values.get("complainant") and not values.get("imported"):
            errors["customer"] = _("Name the customer or the complainant.")
        errors |= contradicting(session, cls, values, ORDER)
        for place, line in enumerate(values.get("product_lines") or []):
            whole, bad = line.get("quantity"), line.get("defective_quantity")
            if whole is not None and bad is not None and bad > whole:
                errors[f"product_lines[{place}].defective_quantity"] = _(
                    "More defective ({bad}) than there are ({whole})."
                ).format(bad=bad, whole=whole)
        return errors

    @classmethod
    def derive(cls, session: Session, values: Values) -> Values:
        """The name that lists show, the first product, the batches that find it, and the deadlines."""
        customer = values.get("customer")
        if isinstance(customer, str):
            customer = find(session, Customer, customer)
        shown = shown_customer(customer, values.get("complainant"))
        lines = values.get("product_lines") or []
        product = next((line["product"] for line in lines if line.get("product")), None)
        if isinstance(product, str):
            product = find(session, Product, product)
        due = deadlines.of(session, values["received_at"], values.get("severity"))
        if values.get("extended_to") is not None:
            due = due._replace(solution=values["extended_to"])
        times_due = {"contact_due": due.contact, "solution_due": due.solution}
        return shown | {"product": product, "batches": batches_of(lines)} | stored_columns(session, cls, times_due)

    @classmethod
    def search_text(cls, stored: Mapping[str, Any]) -> str:
        """Besides its words the phone as digits."""
        return f"{super().search_text(stored)} {text.digits(stored.get('phone') or '')}"

    @classmethod
    def follow(cls, session: Session, record: Record, differing: Values) -> None:
        """What was promised in it shows who handles it, and whose it is."""
        from app.models import promises  # heavy: a list of cases does without them

        promises.follow(session, record, differing)

    def unchangeable(self, session: Session, values: Values) -> dict[str, str]:
        """No later deadline by the way: an extension has its own step, with a reason and who may grant it (rule 9)."""
        present: Values = {"received_at": moment_of(session, self, "received_at"), "severity": self.severity}
        moved = [code for code in present if code in values and values[code] != present[code]]
        due = moment_of(session, self, "solution_due")
        if not moved or due is None or self.status == "draft" or self.extended_to is not None:
            return {}
        wanted = present | {code: values[code] for code in moved}
        solution = deadlines.of(session, wanted["received_at"], wanted["severity"]).solution
        if not times.before(due, solution, session.branch.zone):
            return {}
        sentence = _("This would move the deadline to a later day. Extend the deadline first, with a reason (rule 9).")
        return {moved[0]: sentence}

    def frozen(self) -> str | None:
        """Ended cases stay as they are."""
        if self.status in of.ENDED:
            return _("{number} is closed and cannot be changed.").format(number=self.number)
        return super().frozen()


def batches_of(lines: Sequence[Values]) -> str:
    """The batch numbers of product lines, each once."""
    return " ".join(dict.fromkeys(str(line["batch"]) for line in lines if line.get("batch")))


def shown_customer(customer: Customer | None, otherwise: str | None) -> Values:
    """The name that lists of cases show, and the pinyin that finds it."""
    if customer is not None:
        return {"customer_name": customer.name, "customer_keys": f"{customer.pinyin} {customer.initials}"}
    return {"customer_name": otherwise, "customer_keys": " ".join(pinyin_of(otherwise)) if otherwise else ""}


class ProductLine(Part):
    """One product of a complaint."""

    LABEL = N_("Products")
    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("product", N_("Product"), Kind.RECORD, refers="product", required=True, width=180),
        Field("specification", N_("Specification"), max_length=100, width=100),
        Field("unit", N_("Unit"), max_length=20, width=60),
        Field("batch", N_("Batch"), Kind.CODE, max_length=50, width=140),
        Field("produced_on", N_("Production date"), Kind.DATE, happened=True, width=110),
        Field("quantity", N_("Quantity"), Kind.QUANTITY, width=80),
        Field("defective_quantity", N_("Defective"), Kind.QUANTITY, width=80),
        Field("symptom", N_("Symptom"), max_length=500, width=200),
        Field("order_number", N_("Order number"), Kind.CODE, max_length=50, width=130),
        Field("bought_on", N_("Bought on"), Kind.DATE, happened=True, width=110),
        Field("used_since", N_("In use since"), Kind.DATE, happened=True, width=110),
        Field("earlier_brand", N_("Earlier brand and its condition"), max_length=200, width=160),
        Field("recent_condition", N_("Recent condition"), max_length=200, width=160),
        Field("invoice", N_("Invoice"), Kind.BOOLEAN, width=70),
    )
    parent = peewee.ForeignKeyField(Complaint)


class LossLine(Part):
    """One loss that the customer states."""

    LABEL = N_("Losses")
    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("item", N_("Item"), Kind.CHOICE, choices=of.LOSSES, required=True, width=140),
        Field("amount", N_("Amount (yuan)"), Kind.MONEY, required=True, width=120),
        Field("note", N_("Note"), max_length=200, width=240),
    )
    parent = peewee.ForeignKeyField(Complaint)


class Enquiry(Part):
    """One enquiry at the customer or the end user."""

    LABEL = N_("Enquiries")
    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("at", N_("When"), Kind.MOMENT, required=True, happened=True, width=130),
        Field("way", N_("By"), Kind.CHOICE, choices=of.CHANNELS, width=90),
        Field("asked", N_("Asked at"), max_length=100, width=120, hint=N_("Customer or end user")),
        Field("findings", N_("Findings"), Kind.MEMO, required=True, width=260),
        Field("restatement", N_("Read back to the customer"), Kind.MEMO, width=200),
        Field("confirmed_at", N_("Confirmed at"), Kind.MOMENT, happened=True, width=130),
        Field("confirmed_by", N_("Confirmed by"), max_length=100, width=120),
    )
    parent = peewee.ForeignKeyField(Complaint)


Complaint.PARTS |= {"product_lines": ProductLine, "loss_lines": LossLine, "enquiries": Enquiry}


def contradicting(session: Session, kind: type[Record], values: Values, order: Sequence[str]) -> dict[str, str]:
    """Sentences for times that lie before the first time of the case."""
    zone = session.branch.zone
    first = values.get(order[0])
    if first is None:
        return {}
    return {
        code: _("{later} cannot lie before {earlier}.").format(
            later=_(kind.field(code).label), earlier=_(kind.field(order[0]).label)
        )
        for code in order[1:]
        if values.get(code) is not None and times.before(values[code], first, zone)
    }


def demand_order(session: Session, record: Record, values: Values, code: str) -> None:
    """ValidationError where a time that a step brings lies before the first of the case."""
    first = record.NUMBERED_BY
    order = {first: moment_of(session, record, first), code: values[code]}
    if errors := contradicting(session, type(record), order, (first, code)):
        raise ValidationError(errors)


def open_twins(session: Session, values: Values, own: int | None = None) -> list[tuple[str, str]]:
    """(number, batch) of open cases of the same customer, product and batch (rule 17)."""
    if not values.get("customer"):
        return []
    wanted = {
        (line.get("product"), line.get("batch"))
        for line in values.get("product_lines") or []
        if line.get("product") and line.get("batch")
    }
    rows = (
        ProductLine.select(Complaint.number, ProductLine.batch, Product.number, Complaint.id)
        .join(Complaint, on=ProductLine.parent == Complaint.id)
        .join(Customer, on=Complaint.customer == Customer.id)
        .switch(ProductLine)
        .join(Product, on=ProductLine.product == Product.id)
        .where(
            Customer.branch_id == session.branch.id,
            Customer.number == values["customer"],
            Complaint.closed_at.is_null(),
            Complaint.status != "voided",
        )
        .tuples()
    )
    return [(number, batch) for number, batch, product, found in rows if (product, batch) in wanted and found != own]
