"""What the columns of a register can be mapped to: the fields of each kind, and those of the first line of its parts."""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from dataclasses import dataclass

from app.core.fields import Choice, Field, Kind
from app.core.language import LANGUAGES, N_
from app.core.paths import resources
from app.models import classifications as of
from app.models.complaints import Complaint, LossLine, ProductLine
from app.models.customers import Contact, Customer
from app.models.objections import Objection
from app.models.products import Product
from app.models.record import Record

KINDS: Mapping[str, type[Record]] = {
    "customers": Customer,
    "products": Product,
    "objections": Objection,
    "complaints": Complaint,
}
CASES = ("objections", "complaints")
_PARTIES: Mapping[str, type[Record]] = {"customer": Customer, "product": Product}
"""Records that a register can name in words."""


@dataclass(frozen=True)
class Target:
    """A field that a column can fill. `part` and `line`: it stands in that line of a part of the record.

    `only`: not a field of the record at all, but a mark by which its customer is found or made.
    """

    code: str
    field: Field
    part: str = ""
    line: str = ""
    only: str = ""


_NUMBER = Field("number", N_("Number"), Kind.CODE, max_length=100)
_CUSTOMER = ("licence", "phone", "address")


def targets(kind: str) -> dict[str, Target]:
    """Code → what it fills, for customers, products, objections or complaints."""
    table = KINDS[kind]
    found = {"number": Target("number", _NUMBER)}
    found |= {one.code: Target(one.code, _named(one)) for one in table.FIELDS if _can_come_in(one)}
    if kind == "complaints":
        found |= {one.code: Target(one.code, _named(one), "product_lines", "1") for one in ProductLine.FIELDS}
        found |= dict(_loss(choice) for choice in of.LOSSES)
    if kind == "customers":
        found |= {f"contact_{one.code}": Target(f"contact_{one.code}", one, "contacts", "1") for one in Contact.FIELDS}
    if kind in CASES:
        for code in _CUSTOMER:
            found[f"customer_{code}"] = Target(f"customer_{code}", Customer.field(code), only=code)
    return found


def _can_come_in(declared: Field) -> bool:
    return not declared.derived and declared.refers in ("", *_PARTIES)


def _named(declared: Field) -> Field:
    """A register names other records in words: what comes in is as long as the name of one that is made."""
    if declared.kind is not Kind.RECORD:
        return declared
    name = _PARTIES[declared.refers].field("name")
    return declared.but(kind=Kind.TEXT, max_length=name.max_length)


def _loss(choice: Choice) -> tuple[str, Target]:
    code = f"loss_{choice.code}"
    return code, Target(code, LossLine.field("amount").but(label=choice.label, required=False), "loss_lines", choice.code)


def in_all_languages(message: str) -> set[str]:
    """A declared word in English and every language of the program: registers do not follow the language of the window."""
    folder = str(resources() / "locale")
    translations = (gettext.translation("kesu", folder, [code], fallback=True) for code in LANGUAGES)
    return {message, *(translation.gettext(message) for translation in translations)} if message else set()
