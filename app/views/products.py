"""The list of products and the form of one: it serves new products and, as their page, those there are."""

from __future__ import annotations

from typing import Any

from app.core.language import N_, _
from app.models.listing import PRODUCTS
from app.models.products import Product
from app.models.record import Record, add
from app.views.desk import Desk
from app.views.form_page import FormPage
from app.views.forms import Section, Shape
from app.views.lists import REGISTER, ListPage

_CODES = ("name", "code", "specification", "brand", "unit", "active")


class ProductsPage(ListPage):
    """All products."""

    listing = PRODUCTS
    topics = ("product",)
    title = N_("Products")
    nav = "settings"
    new_kind = "product"
    hint = N_("Number, code, name, pinyin, brand")
    new_label = N_("Add product")
    empty_icon = "package"
    empty_words, empty_way = N_("Add a product, or take in the list of products."), REGISTER
    stretch = "name"


class ProductForm(FormPage):
    """A product. `asked`: its number, or the first values of a new one."""

    kind = Product
    nav = "settings"
    new_kind = "product"
    title_new, title_edit = N_("Add product"), N_("Product")

    def __init__(self, desk: Desk, asked: dict[str, Any] | str) -> None:
        super().__init__(desk, {"_edit": asked} if isinstance(asked, str) else asked)

    def shape(self) -> Shape:
        """One card."""
        fields = tuple(Product.field(code) for code in _CODES)
        return Shape(fields, (Section(N_("Product"), _CODES, wide=("name",)),), checks=frozenset({"active"}), numbered=False)

    def first_values(self) -> dict[str, Any]:
        """What is added is sold."""
        return {"active": True}

    def title_of(self, values: dict[str, Any]) -> str:
        """Its name."""
        return _("New product: {name}").format(name=values.get("name") or values.get("code") or "")

    def write(self, raw: dict[str, Any]) -> Record:
        """A new product."""
        return add(self.session, Product, raw)

    def saved(self, record: Record) -> None:
        """Back to where one came from."""
        self.desk.back.emit()
        self.desk.tell(_("{number} {name} saved.").format(number=record.number, name=record["name"]))
