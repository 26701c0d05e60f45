"""Every page and dialog at the sizes that desks have, in both languages: nothing cut, nothing over another, everything named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from app.core import language
from app.views import style
from app.views.bench_lines import Line
from app.views.pieces.basics import button, column, label
from app.views.pieces.choosers import Segment
from tests.make import Make
from tests.views import sight
from tests.views.full_branch import NAME, Branch
from tests.views.stage import Told, open_window, throw_away
from tests.views.walk import Walk

LOOKS = [
    pytest.param(width, height, code, scale, id=f"{width}x{height}-{code}-{scale * 100:.0f}")
    for width, height, code, scale in (
        (1366, 696, "zh_CN", 1.0),
        (1280, 648, "en", 1.0),
        (960, 508, "zh_CN", 1.0),
        (960, 508, "en", 1.0),
        (1366, 696, "en", 1.5),
        (960, 508, "zh_CN", 1.5),
    )
]


@pytest.mark.parametrize(("width", "height", "code", "scale"), LOOKS)
def test_nothing_is_cut_covered_or_nameless(
    width: int, height: int, code: str, scale: float, qtbot: QtBot, qapp: QApplication, make: Make, told: Told, tmp_path: Path
) -> None:
    language.choose(code)
    branch = Branch(make, tmp_path)
    if scale != style.look().scale:
        style.apply(qapp, "light", scale)
    window = open_window(qtbot, branch.session, width, height)
    walk = Walk(window, branch, told, (width, height, code))
    walk.pages()
    walk.records()
    walk.forms()
    walk.others()
    if scale == 1.0:  # what is asked in between is made of the same pieces
        walk.steps()
        walk.register(qtbot)
        walk.dialogs()
        walk.asked()
        walk.secrets()
    told.messages.clear()
    throw_away(window)
    assert not walk.found, "\n".join(f"{place}: {what}" for what, place in walk.found.items())
    assert walk.places > 70


@pytest.fixture
def board(qtbot: QtBot) -> Iterator[QWidget]:
    """An empty window to put mistakes on."""
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(400, 200)
    made.show()
    yield made
    made.close()


def wrong_with(board: QWidget, *widgets: QWidget) -> str:
    """What is found after they were put on the board at their own places."""
    for widget in widgets:
        widget.setParent(board)
        widget.show()
    QApplication.processEvents()
    return "\n".join(sight.everything(board))


def placed(widget: QWidget, x: int, y: int, width: int, height: int) -> QWidget:
    widget.setGeometry(x, y, width, height)
    return widget


def test_a_board_without_mistakes_has_none(board: QWidget) -> None:
    board.setLayout(column(label("Enough room"), button("Save"), None))
    assert wrong_with(board) == ""


@pytest.mark.parametrize(
    ("widget", "said"),
    [
        (lambda: placed(label(NAME), 0, 0, 60, 20), "is 60×20 and needs"),
        (lambda: placed(label(NAME * 2, wrap=True), 0, 0, 200, 20), "high and needs"),
        (lambda: placed(button("Register and sign"), 0, 0, 60, 32), "is 60×32 and needs"),
        (lambda: placed(Segment("Dissatisfied"), 0, 0, 60, 32), "is 60×32 and needs"),
        (lambda: placed(button("Save"), 380, 0, 90, 32), "lies at 380,0"),
        (lambda: placed(QLineEdit(), 0, 0, 100, 32), "has no name"),
        (lambda: placed(Line([(NAME, "text", False, 1.0)], ("", "")), 0, 0, 60, 34), ""),
    ],
)
def test_a_mistake_is_seen(board: QWidget, widget: Callable[[], QWidget], said: str) -> None:
    found = wrong_with(board, widget())
    assert said in found
    assert bool(said) == bool(found)


def test_siblings_that_overlap_are_seen(board: QWidget) -> None:
    board.setLayout(column(None))
    found = wrong_with(board, placed(button("Save"), 0, 0, 90, 32), placed(button("Cancel"), 60, 0, 90, 32))
    assert "overlap by 30×32" in found


def test_two_filled_buttons_are_seen(board: QWidget) -> None:
    board.setLayout(column(button("Save", "primary"), button("Sign", "primary"), None))
    assert "2 filled buttons" in wrong_with(board)


def test_a_page_that_must_be_scrolled_sideways_is_seen(board: QWidget) -> None:
    area = QScrollArea()
    area.setWidget(placed(QWidget(), 0, 0, 800, 50))
    board.setLayout(column(area))
    assert "too wide" in wrong_with(board)


def test_english_that_is_left_in_the_chinese_window_is_seen(board: QWidget) -> None:
    board.setLayout(column(QLabel("Register complaint"), QLabel("登记投诉"), QLabel("Excel")))
    QApplication.processEvents()
    assert len(sight.english_left(board)) == 1
