"""The classifications of the trade: codes that never change, with their words."""

from __future__ import annotations

from app.core.fields import Choice
from app.core.language import N_


def _two_levels(upper: str, group: str, *pairs: tuple[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(f"{upper}.{code}", label, group=group) for code, label in pairs)


CUSTOMER_TYPES = (
    Choice("retailer", N_("Retailer")),
    Choice("wholesaler", N_("Wholesaler")),
    Choice("dealer", N_("Dealer")),
    Choice("end_user", N_("End user")),
    Choice("online", N_("Online customer")),
    Choice("other", N_("Other")),
)
TIERS = (
    Choice("key", N_("Key customer")),
    Choice("ordinary", N_("Ordinary")),
    Choice("small", N_("Small")),
    Choice("poor", N_("Poor")),
)
INTEGRITY = tuple(Choice(grade, grade) for grade in "ABCD")
EXPRESSIONS = (
    Choice("disagree", N_("Disagrees")),
    Choice("dissatisfied", N_("Dissatisfied")),
    Choice("question", N_("Questions")),
    Choice("refuse", N_("Refuses")),
)
NATURES = (Choice("genuine", N_("Genuine")), Choice("false", N_("False")), Choice("hidden", N_("Hidden")))
CONTENTS = (
    Choice("need", N_("Need")),
    Choice("price", N_("Price")),
    Choice("product", N_("Product")),
    Choice("timing", N_("Time of purchase")),
    Choice("staff", N_("Service staff")),
    Choice("service", N_("Service")),
    Choice("ability_to_pay", N_("Ability to pay")),
)
FAMILIES = (
    Choice("supply", N_("Supply of goods")),
    Choice("sales_practice", N_("New sales practice")),
    Choice("quality", N_("Product quality")),
    Choice("service_quality", N_("Service quality")),
    Choice("other", N_("Other")),
)
CAUSES = (
    *_two_levels(
        "customer",
        N_("The customer"),
        ("refuses_change", N_("refuses change")),
        ("low_mood", N_("low mood")),
        ("unwilling", N_("unwilling")),
        ("need_unmet", N_("need cannot be met")),
        ("budget", N_("budget too small")),
        ("misunderstanding", N_("misunderstanding")),
        ("hidden_objection", N_("hidden objection")),
        ("carelessness", N_("carelessness")),
    ),
    *_two_levels(
        "product",
        N_("The product"),
        ("use_value", N_("use value")),
        ("function", N_("function")),
        ("quality", N_("quality")),
        ("packaging", N_("packaging")),
        ("culture", N_("culture")),
        ("price", N_("price")),
        ("supply", N_("supply")),
        ("brand", N_("brand")),
        ("after_sales", N_("after-sales service")),
        ("defect", N_("defect or damage")),
        ("fault", N_("frequent faults")),
    ),
    *_two_levels(
        "staff",
        N_("The staff"),
        ("rapport", N_("no rapport")),
        ("exaggeration", N_("exaggeration")),
        ("communication", N_("poor communication")),
        ("demonstration", N_("failed demonstration")),
        ("arrogance", N_("arrogance")),
        ("obstruction", N_("obstruction")),
        ("ignoring", N_("ignoring the customer")),
        ("explanation", N_("too little explanation")),
        ("broken_promise", N_("broken promise")),
        ("dishonesty", N_("dishonesty")),
        ("rudeness", N_("rudeness")),
        ("rigidity", N_("rigidity")),
    ),
    *_two_levels(
        "company",
        N_("The company"),
        ("advertising", N_("exaggerated advertising")),
        ("sales_policy", N_("sales policy")),
        ("unkept_commitment", N_("unkept commitment")),
        ("slow_or_unsatisfying", N_("slow or unsatisfying handling")),
        ("operation", N_("way of operation")),
        ("delivery", N_("delivery")),
        ("classification", N_("fairness of classification")),
        ("integrity_grading", N_("integrity grading")),
    ),
    *_two_levels(
        "system",
        N_("The trade system"),
        ("monopoly", N_("monopoly restrictions")),
        ("supply_shortage", N_("supply shortage")),
        ("electronic_settlement", N_("electronic settlement")),
        ("marked_price", N_("marked prices")),
        ("quota", N_("reasonable quota")),
        ("cross_area_order", N_("cross-area orders")),
        ("brand_promotion", N_("brand promotion")),
    ),
)
COMPLAINT_CLASSES = (
    Choice("service", N_("Because of service")),
    Choice("product", N_("Because of product")),
    Choice("self", N_("Because of the customer")),
    Choice("deception", N_("Deceived")),
)
STAGES = (
    *_two_levels(
        "maker", N_("Maker"), ("production", N_("production")), ("storage", N_("storage")), ("transport", N_("transport"))
    ),
    *_two_levels("company", N_("Company"), ("storage", N_("storage")), ("delivery", N_("delivery"))),
    *_two_levels("customer", N_("Customer"), ("storage", N_("storage")), ("sale", N_("sale"))),
)
SEVERITIES = (
    Choice("general", N_("General")),
    Choice("major", N_("Major")),
    Choice("urgent", N_("Urgent")),
)
CHANNELS = (
    Choice("phone", N_("Phone")),
    Choice("fax", N_("Fax")),
    Choice("on_site", N_("On site")),
    Choice("counter", N_("At the counter")),
    Choice("letter", N_("Letter")),
    Choice("online", N_("Online")),
    Choice("wechat", N_("WeChat")),
    Choice("sms", N_("Text message")),
    Choice("email", N_("E-mail")),
    Choice("hotline", N_("Hotline 12313/12315")),
)
METHODS = (
    Choice("enquiry", N_("Enquiry"), N_("Fits on-the-spot handling.")),
    Choice("rebuttal", N_("Rebuttal"), N_("Only for a misunderstanding, with evidence, mildly. Better avoided.")),
    Choice("conversion", N_("Conversion"), N_("Not for opinions that touch the deal or are sensitive.")),
    Choice("indirect", N_("Indirect"), N_("Only for ignorance, prejudice, partial experience or lack of information.")),
    Choice("compensation", N_("Compensation"), N_("Only for a genuine, valid objection.")),
    Choice("tactful", N_("Tactful"), N_("When there is no answer yet; softens, never alters.")),
    Choice("merge", N_("Merged opinions"), N_("Discuss them together once.")),
    Choice("cooling", N_("Cooling off"), N_("Only when it does not affect the deal.")),
)
MATERIAL_REMEDIES = (
    Choice("replace", N_("Replacement")),
    Choice("return", N_("Return of goods")),
    Choice("refund", N_("Refund")),
    Choice("goods", N_("Goods as compensation")),
    Choice("gift", N_("Small gift")),
    Choice("money", N_("Compensation money")),
    Choice("discount", N_("Discount")),
    Choice("promotion", N_("Promotion support")),
    Choice("branch_support", N_("Help with a branch shop")),
    Choice("reward", N_("Reward")),
    Choice("special_packaging", N_("Special packaging")),
)
MORAL_REMEDIES = (
    Choice("apology", N_("Apology")),
    Choice("condolence", N_("Condolence")),
    Choice("visit", N_("Visit or call by a leader")),
    Choice("thanks", N_("Thanks and honour")),
    Choice("care", N_("Personal care")),
    Choice("reference_visit", N_("Invitation to visit")),
    Choice("discussion", N_("Invitation to a discussion")),
    Choice("expert", N_("Help of a known expert")),
)
REMEDIES = MATERIAL_REMEDIES + MORAL_REMEDIES
MORAL = frozenset(choice.code for choice in MORAL_REMEDIES)
GOODS = frozenset({"replace", "return", "goods", "gift", "special_packaging"})
DEPARTMENTS = (
    Choice("warehouse", N_("Warehouse")),
    Choice("marketing", N_("Marketing")),
    Choice("production", N_("Production")),
    Choice("finance", N_("Finance")),
    Choice("monopoly", N_("Monopoly administration")),
    Choice("police", N_("Police")),
    Choice("maker", N_("Maker")),
    Choice("other", N_("Other")),
)
PARTIES = (
    Choice("company", N_("Company")),
    Choice("maker", N_("Maker")),
    Choice("staff", N_("Staff")),
    Choice("carrier", N_("Carrier")),
    Choice("customer", N_("Customer")),
    Choice("third_party", N_("Third party")),
    Choice("none", N_("Nobody")),
)
BROKEN_EXPECTATIONS = (
    Choice("function", N_("Product did not do what it should")),
    Choice("as_described", N_("Service was not as described")),
    Choice("promise_kept", N_("A promise was not kept")),
)
SERVICE_FAILURES = (
    Choice("indifference", N_("Indifference")),
    Choice("slow", N_("Slow reaction")),
    Choice("disparaging", N_("Disparaging a competitor")),
    Choice("hard_to_order", N_("Hard to order")),
    Choice("taking_for_granted", N_("Taking for granted")),
    Choice("overpromising", N_("Overpromising")),
    Choice("negativity", N_("Negativity")),
    Choice("pushing", N_("Pushing for the deal")),
    Choice("image", N_("Poor packaging and image")),
    Choice("excuses", N_("Excuses")),
    Choice("penny_pinching", N_("Penny-pinching")),
    Choice("poor_goods", N_("Poor goods")),
    Choice("complacency", N_("Complacency")),
    Choice("poor_training", N_("Poor training")),
)
FAITH = (Choice("good", N_("Good faith")), Choice("malicious", N_("Malicious")))
TAGS = (Choice("market_information", N_("Market information")), Choice("crisis_warning", N_("Crisis warning")))
LOSSES = (
    Choice("parking", N_("Parking")),
    Choice("downtime", N_("Downtime")),
    Choice("returns", N_("Loss by returns")),
    Choice("other", N_("Other")),
)
OBJECTION_STATUSES = (
    Choice("open", N_("Open")),
    Choice("promised", N_("Reply promised")),
    Choice("replied", N_("Replied")),
    Choice("closed", N_("Closed")),
    Choice("escalated", N_("Became a complaint")),
    Choice("voided", N_("Voided")),
)
COMPLAINT_STATUSES = (
    Choice("draft", N_("Draft")),
    Choice("registered", N_("Registered")),
    Choice("accepted", N_("Accepted")),
    Choice("investigating", N_("Investigating")),
    Choice("proposed", N_("Waits for approval")),
    Choice("approved", N_("Approved")),
    Choice("replied", N_("Replied")),
    Choice("agreed", N_("Agreed")),
    Choice("executing", N_("Executing")),
    Choice("following_up", N_("Waits for follow-up")),
    Choice("closed", N_("Closed")),
    Choice("rejected", N_("Not accepted")),
    Choice("voided", N_("Voided")),
)
AGREEMENT_STATUSES = (
    Choice("draft", N_("Draft")),
    Choice("released", N_("Released")),
    Choice("signed", N_("Signed")),
    Choice("voided", N_("Voided")),
)
PROMISE_STATUSES = (
    Choice("open", N_("Owed")),
    Choice("moved", N_("Moved")),
    Choice("kept", N_("Kept")),
    Choice("late", N_("Kept late")),
    Choice("broken", N_("Broken")),
    Choice("voided", N_("Voided")),
)
DISPATCH_STATUSES = (
    Choice("issued", N_("Issued")),
    Choice("accepted", N_("Taken on")),
    Choice("done", N_("Delivered")),
    Choice("voided", N_("Voided")),
)
ACTION_STATUSES = (
    Choice("open", N_("Under way")),
    Choice("done", N_("Done, to be checked")),
    Choice("effective", N_("Effective")),
    Choice("voided", N_("Voided")),
)
PRODUCT_STATUSES = (
    Choice("active", N_("Active")),
    Choice("inactive", N_("No longer sold")),
    Choice("voided", N_("Voided")),
)
EVIDENCE_TYPES = (
    Choice("policy", N_("Policy")),
    Choice("facts", N_("Product facts")),
    Choice("story", N_("Success story")),
)
EVIDENCE_STATUSES = (Choice("active", N_("In force")), Choice("voided", N_("Voided")))
CARD_STATUSES = (
    Choice("collected", N_("Collected")),
    Choice("discussed", N_("Discussed")),
    Choice("rehearsed", N_("Rehearsed")),
    Choice("published", N_("Published")),
    Choice("retired", N_("Retired")),
    Choice("voided", N_("Voided")),
)
CUSTOMER_STATUSES = (
    Choice("active", N_("Active")),
    Choice("lost", N_("Lost")),
    Choice("ended", N_("Ended")),
    Choice("merged", N_("Merged")),
    Choice("voided", N_("Voided")),
)
ENDED = ("closed", "rejected", "escalated")
"""Statuses in which a case is over; each of them sets `closed_at`."""
