"""The branch's settings, declared as data: what can be set, its default and its kind. Where they are kept is no matter here."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.core.fields import Choice, Field, Kind
from app.core.language import N_


def _count(code: str, label: str, most: int) -> Field:
    return Field(code, label, Kind.INTEGER, required=True, minimum=Decimal(1), maximum=Decimal(most))


SETTINGS: tuple[tuple[Field, object], ...] = (
    (Field("limit_handler", N_("Handler approves up to (yuan)"), Kind.MONEY, required=True), Decimal("200.00")),
    (Field("limit_manager", N_("Manager approves up to (yuan)"), Kind.MONEY, required=True), Decimal("5000.00")),
    (Field("pattern_complaint", N_("Number of a complaint"), required=True), "TS-{year}{month}-{n:04}"),
    (Field("pattern_objection", N_("Number of an objection"), required=True), "YY-{year}{month}-{n:04}"),
    (Field("pattern_agreement", N_("Number of an agreement"), required=True), "XY-{year}{month}-{n:04}"),
    (Field("pattern_dispatch", N_("Number of a dispatch order"), required=True), "PF-{year}{month}-{n:04}"),
    (Field("pattern_action", N_("Number of a corrective action"), required=True), "ZG-{year}{month}-{n:04}"),
    (Field("pattern_customer", N_("Number of a customer"), required=True), "KH-{n:04}"),
    (Field("pattern_card", N_("Number of an objection card"), required=True), "YK-{n:04}"),
    (Field("pattern_evidence", N_("Number of a piece of evidence"), required=True), "YJ-{n:04}"),
    (Field("pattern_product", N_("Number of a product"), required=True), "CP-{n:04}"),
    (_count("performance_days", N_("Days to perform an agreement"), 365), 7),
    (_count("contact_hours_urgent", N_("Urgent: contact within hours"), 720), 2),
    (_count("contact_hours_major", N_("Major: contact within hours"), 720), 12),
    (_count("contact_hours_general", N_("General: contact within hours"), 720), 24),
    (_count("solution_hours_urgent", N_("Urgent: solution within hours"), 720), 24),
    (_count("solution_days_major", N_("Major: solution within working days"), 250), 5),
    (_count("solution_days_general", N_("General: solution within working days"), 250), 7),
    (_count("closing_hour", N_("Close of business (hour)"), 24), 18),
    (_count("follow_up_days", N_("Follow-up after delivery (working days)"), 60), 3),
    (_count("recurrence_days", N_("A case recurs within days"), 365), 90),
    (_count("silent_factor", N_("Silent customers per complaint"), 1000), 24),
    (_count("retention_years", N_("Keep agreements and customers for years after the last case"), 30), 3),
    (_count("lock_minutes", N_("Lock the desk after idle minutes"), 240), 10),
    (Field("copies", N_("Copies of an agreement"), Kind.INTEGER, required=True, minimum=Decimal(2), maximum=Decimal(9)), 2),
    (Field("update_folder", N_("Folder of newer versions"), max_length=400), None),
    (Field("update_key", N_("Public key"), max_length=100), None),
)


class Settings:
    """The values in force: what was set, else the default."""

    def __init__(self, values: Mapping[str, object] | None = None) -> None:
        self._values = {declared.code: default for declared, default in SETTINGS} | dict(values or {})

    def __getitem__(self, code: str) -> Any:  # noqa: ANN401 - the type is the declared field's
        return self._values[code]


THEMES = (Choice("system", N_("As the system")), Choice("light", N_("Light")), Choice("dark", N_("Dark")))
