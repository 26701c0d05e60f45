"""The form of a product: a new one, one that is changed; and their list."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.core.preferences import Preferences
from app.core.session import Session
from app.models.products import Product
from app.views.desk import Desk
from app.views.products import ProductForm, ProductsPage
from tests.make import Make


@pytest.fixture
def desk(session: Session) -> Desk:
    return Desk(session, Preferences(session.folder))


def test_a_product_is_added(desk: Desk, qtbot: QtBot) -> None:
    page = ProductForm(desk, {"code": "YL02"})
    qtbot.addWidget(page)
    page.form.set_values({"name": "云岭（软）", "unit": "条"})
    with qtbot.waitSignals([desk.back, desk.told]):
        page.save()
    made = Product.get()
    assert (made.name, made.code, made.unit, made.active) == ("云岭（软）", "YL02", "条", True)


def test_a_product_is_reached_by_its_number_and_changed(desk: Desk, make: Make, qtbot: QtBot) -> None:
    product = make.product()
    page = ProductForm(desk, product.number)
    qtbot.addWidget(page)
    assert page.form.values()["name"] == product.name
    page.form.editor("name").setText("云岭（新）")
    page.save()
    assert make.again(product).name == "云岭（新）"


def test_a_name_that_is_missing_is_said_at_its_field(desk: Desk, qtbot: QtBot) -> None:
    page = ProductForm(desk, {})
    qtbot.addWidget(page)
    page.save()
    assert page.form.rows["name"].error()
    assert Product.select().count() == 0


def test_the_list_shows_the_products(desk: Desk, make: Make, qtbot: QtBot) -> None:
    product = make.product()
    page = ProductsPage(desk)
    qtbot.addWidget(page)
    assert page.table.rows.rowCount() == 1
    page.resize(1300, 700)
    page.show()
    page.narrow(1300)
    words = [one.text() for one in page.preview.findChildren(QLabel)]
    assert {product.number, product.name, "YL01"} <= set(words)
