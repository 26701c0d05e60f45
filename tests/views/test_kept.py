"""No page of the window says what is kept of an erased customer, nor the pane beside a list, nor a preview."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from app.core.session import ROLES
from app.models.listing import LISTINGS
from app.views.case_page import CasePage
from app.views.preview import Preview
from app.views.window import FACTORIES, Window
from tests.make import Make
from tests.services.test_kept import Held, erase, fill, found_in
from tests.views.stage import Told, bury
from tests.views.test_veil import everything


def texts(widget: QWidget) -> set[str]:
    """What of it a widget says once all is done that its last change asked for."""
    QApplication.processEvents()
    bury()
    return found_in(everything(widget))


def said(window: Window, held: Held) -> dict[str, set[str]]:
    """What each place tells of it; places that tell nothing left out."""
    told: dict[str, set[str]] = {}
    for place in FACTORIES:
        window.open_page(place)
        told[place] = texts(window.page)
        for pane in window.page.findChildren(Preview):
            for record in held if place in LISTINGS else ():
                pane.show_number(record.number)
                told[f"{record.KIND} beside {place}"] = texts(pane)
    for record in held:
        window.open_record(record.number)
        told[record.KIND] = texts(window.page)
        for code, _word in window.page.tabs() if isinstance(window.page, CasePage) else ():
            window.page.open_tab(code)
            told[f"{record.KIND}, {code}"] = texts(window.page)
    return {place: found for place, found in told.items() if found}


@pytest.mark.parametrize("roles", [["clerk"], ["handler", "manager"], ["head"], [*ROLES]], ids=str)
def test_no_place_of_the_window_says_what_is_kept_of_an_erased_customer(
    window: Window, make: Make, told: Told, tmp_path: Path, roles: list[str]
) -> None:
    held = erase(make, fill(make, tmp_path))
    make.session.roles = frozenset(roles)
    assert said(window, held) == {}


def test_before_it_was_erased_the_window_says_it(window: Window, make: Make, told: Told, tmp_path: Path) -> None:
    found = said(window, fill(make, tmp_path))
    assert {"agreement beside agreements", "agreement", "dispatch", "customer"} <= found.keys()
