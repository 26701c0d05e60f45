"""The table in which lines are typed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.core.fields import Field, Kind
from app.views import style
from app.views.autocomplete import Picker, RecordEditor, Suggestion
from app.views.lines import LinesEditor
from tests.views.conftest import now

FIELDS = (
    Field("product", "Product", Kind.RECORD, refers="product", required=True),
    Field("batch", "Batch", Kind.CODE),
    Field("made_on", "Made on", Kind.DATE),
    Field("quantity", "Quantity", Kind.QUANTITY),
    Field("invoice", "Invoice", Kind.BOOLEAN),
)
PRODUCTS = (Suggestion("CP-1", "云岭（硬）"), Suggestion("CP-2", "松鹤（细支）"))
PICKER = Picker(lambda _typed: PRODUCTS, lambda number: {one.number: one.title for one in PRODUCTS}.get(number, ""))


@pytest.fixture
def lines(qtbot: QtBot) -> Iterator[LinesEditor]:
    window = QWidget()
    made = LinesEditor("product_lines", FIELDS, now, {"product": PICKER}, prompt="Code or name")
    QVBoxLayout(window).addWidget(made)
    qtbot.addWidget(window)
    window.resize(800, 400)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    made.view.setFocus()
    yield made
    window.close()


def cell(lines: LinesEditor, row: int, column: int) -> QModelIndex:
    return lines.model().index(row, column)


def typed(lines: LinesEditor, qtbot: QtBot, text: str) -> None:
    here: Any = QApplication.focusWidget()
    here.setText(text)
    qtbot.keyClick(here, Qt.Key.Key_Return)


def test_the_model_keeps_qts_rules(qtmodeltester: ModelTester, lines: LinesEditor) -> None:
    lines.set_value([{"product": "CP-1", "quantity": "5"}])
    qtmodeltester.check(lines.model())


def test_the_last_row_is_always_an_empty_one(lines: LinesEditor) -> None:
    assert lines.model().rowCount() == 1
    lines.model().setData(cell(lines, 0, 1), "B07")
    assert lines.model().rowCount() == 2
    assert lines.value() == [{"batch": "B07"}]


def test_enter_moves_right_and_wraps_to_the_next_line(lines: LinesEditor, qtbot: QtBot) -> None:
    lines.set_value([{"product": "CP-1"}])
    lines.view.setCurrentIndex(cell(lines, 0, 1))
    qtbot.keyClick(lines.view, Qt.Key.Key_Return)
    typed(lines, qtbot, "B07")
    typed(lines, qtbot, "2026-9-14")
    typed(lines, qtbot, "50")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert (lines.view.currentIndex().row(), lines.view.currentIndex().column()) == (1, 0)
    assert lines.value() == [{"product": "CP-1", "batch": "B07", "made_on": date(2026, 9, 14), "quantity": Decimal(50)}]


def test_a_product_is_chosen_while_typing(lines: LinesEditor, qtbot: QtBot) -> None:
    lines.view.setCurrentIndex(cell(lines, 0, 0))
    qtbot.keyClick(lines.view, Qt.Key.Key_Return)
    editor: Any = QApplication.focusWidget()
    qtbot.keyClicks(editor, "yl")
    qtbot.waitUntil(editor.is_open)
    qtbot.keyClick(editor, Qt.Key.Key_Down)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert lines.value() == [{"product": "CP-2"}]
    assert lines.model().words(0, 0) == "松鹤（细支）"
    assert lines.view.currentIndex().column() == 1


def test_enter_on_the_empty_line_leaves_it_empty(lines: LinesEditor, qtbot: QtBot) -> None:
    lines.view.setCurrentIndex(cell(lines, 0, 0))
    qtbot.keyClick(lines.view, Qt.Key.Key_Return)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert lines.value() == []


def test_several_lines_are_pasted_into_rows(lines: LinesEditor, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("云岭（硬）\tB1\t2026-9-1\t5\nunknown\tB2\t\t6\r\n")
    lines.view.setCurrentIndex(cell(lines, 0, 0))
    qtbot.keyClick(lines.view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert lines.value() == [
        {"product": "CP-1", "batch": "B1", "made_on": "2026-9-1", "quantity": "5"},
        {"product": "unknown", "batch": "B2", "quantity": "6"},
    ]


def test_one_pasted_word_that_names_no_product_opens_the_list(lines: LinesEditor, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("云岭")
    lines.view.setCurrentIndex(cell(lines, 0, 0))
    qtbot.keyClick(lines.view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    editor = QApplication.focusWidget()
    assert isinstance(editor, RecordEditor)
    qtbot.waitUntil(editor.is_open)
    assert not lines.faulty()
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert lines.value() == [{"product": "CP-1"}]


def test_one_pasted_word_stands_in_its_cell_where_nothing_is_chosen(lines: LinesEditor, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("B07")
    lines.view.setCurrentIndex(cell(lines, 0, 1))
    qtbot.keyClick(lines.view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert lines.value() == [{"batch": "B07"}]
    assert QApplication.focusWidget() is lines.view


def test_nothing_is_pasted_into_lines_that_are_only_shown(lines: LinesEditor, qtbot: QtBot) -> None:
    lines.set_value([{"batch": "B07"}])
    lines.set_read_only()
    QGuiApplication.clipboard().setText("B08")
    lines.view.setCurrentIndex(cell(lines, 0, 1))
    qtbot.keyClick(lines.view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert lines.value() == [{"batch": "B07"}]


def test_a_removed_line_can_be_put_back(lines: LinesEditor, qtbot: QtBot) -> None:
    before = [{"product": "CP-1"}, {"product": "CP-2"}]
    lines.set_value(before)
    lines.view.setCurrentIndex(cell(lines, 0, 1))
    with qtbot.waitSignal(lines.undoable) as told:
        qtbot.keyClick(lines.view, Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    assert lines.value() == [{"product": "CP-2"}]
    told.args[1]()
    assert lines.value() == before


def test_what_cannot_be_read_is_kept_marked_and_said(lines: LinesEditor) -> None:
    lines.set_value([{"product": "CP-1", "quantity": "many"}])
    assert lines.faulty()
    assert lines.model().words(0, 3) == "many"
    assert lines.model().problem(0, 3) == "“many” is no number. Write it like 1260.00."


def test_errors_of_the_model_stand_in_their_cell(lines: LinesEditor) -> None:
    lines.set_value([{"product": "CP-1"}, {"product": "CP-2"}])
    lines.set_errors({"product_lines[1].batch": "Already there."})
    assert lines.model().problem(1, 1) == "Already there."
    assert lines.view.currentIndex() == cell(lines, 1, 1)


def test_values_that_are_not_shown_stay_in_their_line(qtbot: QtBot) -> None:
    lines = LinesEditor("product_lines", FIELDS, now, {}, columns=("batch",))
    qtbot.addWidget(lines)
    lines.set_value([{"batch": "B1", "quantity": "5"}])
    lines.model().setData(cell(lines, 0, 0), "B2")
    assert lines.value() == [{"batch": "B2", "quantity": "5"}]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_current_cell_is_read_as_the_others_are_once_it_was_edited(
    lines: LinesEditor, qtbot: QtBot, qapp: QApplication, theme: str
) -> None:
    style.apply(qapp, theme)
    lines.set_value([{"product": "CP-1", "batch": "B07"}])
    here = cell(lines, 0, 1)
    lines.view.setCurrentIndex(here)
    qtbot.keyClick(lines.view, Qt.Key.Key_Return)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    seen = lines.view.viewport().grab(lines.view.visualRect(here).adjusted(3, 3, -3, -3)).toImage()
    grounds = Counter(seen.pixelColor(x, y).name() for x in range(seen.width()) for y in range(seen.height()))
    assert grounds.most_common(1)[0][0] == style.colour("surface").name()
