"""The page of a complaint in each of its states: what is possible can be reached, what is not cannot, and its reason is read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication

from app.models.steps import options
from app.views.case_page import CasePage
from app.views.window import Window
from tests.make import Make
from tests.models.stands import COMPLAINT_STATES, complaint_in
from tests.views.stage import buttons


def offered(page: CasePage) -> set[str]:
    """The steps of the case that the page lets one begin, by button or menu."""
    names = buttons(page) | {action.objectName() for action in page.findChildren(QAction)}
    return {name.partition("_")[2] for name in names if name.startswith(("act_", "menu_"))}


@pytest.mark.parametrize("state", COMPLAINT_STATES)
def test_what_is_possible_is_offered_and_nothing_that_would_be_refused(
    state: str, later: Callable[[], Window], make: Make
) -> None:
    record = complaint_in(make, state)
    window = later()
    window.open_record(record.number)
    QApplication.processEvents()
    page = window.page
    assert isinstance(page, CasePage)
    found = options(make.session, record)
    possible = {one.step.code for one in found if one.possible or one.waivable}
    of_orders = {"accept", "deliver"} if state == "executing" else set()
    assert offered(page) & {one.step.code for one in found} - of_orders == possible - of_orders
