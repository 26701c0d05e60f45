"""Products: what they are found by."""

from __future__ import annotations

from importlib import import_module

import pytest

from app.core import search_index
from app.core.database import database
from app.core.session import Session
from app.models.listing import PRODUCTS, Query
from app.models.record import edit
from app.services import checking
from tests.make import Make


def found(session: Session, typed: str) -> int:
    return PRODUCTS.count(session, Query(text=typed)).rows


@pytest.mark.parametrize("typed", ["纯生", "cspj", "CSPJ500", "chunsheng", "CS500"])
def test_a_product_is_found_by_name_code_and_sound(session: Session, make: Make, typed: str) -> None:
    make.product(name="纯生啤酒500ml", code="CS500")
    make.product(name="原浆啤酒", code="YJ")
    assert found(session, typed) == 1


def test_a_renamed_product_sounds_like_its_new_name(session: Session, make: Make) -> None:
    product = make.product(name="纯生啤酒", code="CS")
    edit(session, product, {"name": "原浆"}, product.version)
    assert (found(session, "cspj"), found(session, "yj")) == (0, 1)


def test_products_of_before_sound_from_then_on(session: Session, make: Make) -> None:
    product = make.product(name="纯生啤酒500ml", code="CS500")
    search_index.put("product", [(product.id, "CP-0001 CS500 纯生啤酒500ml")])
    assert found(session, "cspj") == 0
    import_module("app.models.migrations.0014_products_by_sound").up(None, database)
    assert found(session, "cspj") == 1
    assert checking.check(session) == []
