"""What screen readers are given. That every place has it is seen to by the walk of `test_fits`, which listens as it looks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QTableView, QWidget
from pytestqt.qtbot import QtBot

from app.core.fields import Field, Kind
from app.models.objections import Objection
from app.views.editors import SegmentsEditor, TextEditor
from app.views.field_grid import FieldRow
from app.views.method_editor import MethodEditor
from app.views.pieces.basics import button, column
from app.views.pieces.choosers import Segments
from app.views.pieces.figures import KeyFigure
from app.views.table_model import Column, Rows, TableModel
from tests.views import heard
from tests.views.conftest import NOW, now

Text = QAccessible.Text


def shown(qtbot: QtBot, *widgets: QWidget) -> QWidget:
    """A window with these in it."""
    board = QWidget()
    qtbot.addWidget(board)
    board.setLayout(column(*widgets))
    board.show()
    QApplication.processEvents()
    return board


def test_what_has_a_name_is_heard(qtbot: QtBot) -> None:
    assert heard.everything(shown(qtbot, button("Save"), button("Close", "icon", "x"))) == []


@pytest.mark.parametrize(
    ("widget", "said"),
    [(QPushButton, "no name"), (lambda: QPushButton("<b>Save</b>"), "marks are read")],
)
def test_a_control_that_cannot_be_understood_is_found(qtbot: QtBot, widget: Callable[[], QWidget], said: str) -> None:
    (found,) = heard.everything(shown(qtbot, button("Save"), widget()))
    assert said in found


def test_a_field_says_that_it_must_be_filled_in_and_what_is_wrong_with_it(qtbot: QtBot) -> None:
    declared = Field("name", "Name", required=True)
    row = FieldRow(declared, TextEditor(declared, now))
    board = shown(qtbot, row)
    found = QAccessible.queryAccessibleInterface(row.editor)
    assert (found.text(Text.Name), found.text(Text.Description)) == ("Name", "Required")
    row.say("Write the name.", error=True)
    assert found.text(Text.Description) == "Write the name."
    row.say("", error=True)
    assert found.text(Text.Description) == "Required"
    assert heard.everything(board) == []


def test_painted_widgets_say_what_stands_in_them(qtbot: QtBot) -> None:
    period = Segments([("month", "Month"), ("year", "Year")], "year")
    period.setAccessibleName("Period")
    figure = KeyFigure("Complaints", "38", "cases")
    board = shown(qtbot, period, figure)
    assert heard.everything(board) == []
    found = QAccessible.queryAccessibleInterface(period)
    assert (found.text(Text.Name), found.text(Text.Description)) == ("Period", "Year")
    QTest.keyClick(period, Qt.Key.Key_Left)
    assert found.text(Text.Description) == "Month"
    assert QAccessible.queryAccessibleInterface(figure).text(Text.Name) == "Complaints 38 cases"


@pytest.mark.parametrize("make", [SegmentsEditor, MethodEditor])
def test_what_is_chosen_is_heard_whatever_is_wrong_with_it(qtbot: QtBot, make: type[SegmentsEditor] | type[MethodEditor]) -> None:
    choices = Objection.field("method").choices
    declared = Field("method", "Method", Kind.CHOICE, required=True, choices=choices)
    editor = make(declared)
    row = FieldRow(declared, editor)
    editor.set_value(choices[1].code)
    board = shown(qtbot, row)
    found = QAccessible.queryAccessibleInterface(editor)
    row.say("Refused.", error=True)
    assert (found.text(Text.Name), found.text(Text.Description)) == ("Method", f"{choices[1].label}\nRefused.")
    row.say("", error=True)
    assert found.text(Text.Description) == f"{choices[1].label}\nRequired"
    assert heard.everything(board) == []


def test_cells_say_what_is_seen_and_heads_what_they_are(qtbot: QtBot) -> None:
    columns = (
        Column("name", "Name", second="street"),
        Column("street", "Address", shown=False),
        Column("due", "Due", Kind.MOMENT, face="due"),
    )
    model = TableModel(columns, now)
    model.show(Rows([(1, "Wang", "Jiefang Road", NOW - timedelta(hours=3))]))
    view = QTableView()
    view.setModel(model)
    board = shown(qtbot, view)
    cells = [model.index(0, place).data(heard.ACCESSIBLE) for place in range(3)]
    assert cells[0] == "Wang, Jiefang Road"
    assert cells[2].startswith("3 hours overdue, ")
    assert heard.everything(board) == ["QTableView '', Table '': no name"]
    table = QAccessible.queryAccessibleInterface(view)
    told = [table.child(place).text(Text.Name) for place in range(table.childCount())]
    assert {"Name", "Address", "Due", cells[0], cells[2]} <= set(told)
