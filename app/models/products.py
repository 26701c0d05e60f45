"""Products: what is sold and complained about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import peewee

from app.core.fields import Field, Kind
from app.core.language import N_
from app.core.pinyin import pinyin_of
from app.models.record import Record


class Product(Record):
    """A product of the list."""

    KIND = "product"
    LABEL = N_("product")
    FOUND_BY = ("number", "code", "name", "brand", "specification")
    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("name", N_("Name"), required=True, max_length=100, width=200, indexed=True),
        Field("code", N_("Product code"), Kind.CODE, max_length=50, indexed=True),
        Field("specification", N_("Specification"), max_length=100),
        Field("brand", N_("Brand"), max_length=100),
        Field("unit", N_("Unit"), max_length=20, width=70),
        Field("active", N_("Still sold"), Kind.BOOLEAN, width=80),
        Field("source_reference", N_("Outside number"), Kind.CODE, max_length=100, derived=True),
    )

    source_key = peewee.TextField(null=True)

    @classmethod
    def search_text(cls, stored: Mapping[str, Any]) -> str:
        """What a product is found by, and how its name sounds: in full and as initials."""
        return " ".join((super().search_text(stored), *pinyin_of(str(stored.get("name") or ""))))
