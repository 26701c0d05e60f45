"""The first page: what its lines and counts say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from app.models.objections import Objection
from app.views.bench_lines import Line, Station
from app.views.window import Window
from tests.make import Make
from tests.views.stage import settle


@pytest.mark.parametrize("page", ["workbench", "promises"])
@pytest.mark.parametrize("width", [1366, 960])
def test_a_promise_without_words_has_no_dot_at_its_end(window: Window, make: Make, qtbot: QtBot, page: str, width: int) -> None:
    window.resize(width, 700)
    case = make.objection()
    make.steps(case, ("promise", {"promised_at": make.session.clock() + timedelta(hours=1)}))
    Objection.rewrite(case.id, what=None, customer=None, customer_name=None)
    window.open_page(page)
    window.page.refresh()
    settle(qtbot)
    (line,) = (one for one in window.page.findChildren(Line) if "Reply" in one.accessibleName())
    assert "·" not in line.accessibleName()


def test_counts_of_thousands_are_told_with_separators(qtbot: QtBot) -> None:
    station = Station("Registered", 6623)
    qtbot.addWidget(station)
    assert station.accessibleName() == station.toolTip() == "Registered 6,623"
