"""What screen readers are given. That every place has it is seen to by the walk of `test_fits`, which listens as it looks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QScrollArea, QTableView, QWidget
from pytestqt.qtbot import QtBot

from app.core.fields import Field, Kind
from app.models.methods import guard
from app.models.objections import Objection
from app.views.charts import ChartView
from app.views.editors import SegmentsEditor, TextEditor
from app.views.field_grid import FieldRow
from app.views.method_editor import MethodEditor
from app.views.pieces.basics import button, column
from app.views.pieces.choosers import Segments
from app.views.pieces.figures import KeyFigure
from app.views.pieces.options import Options
from app.views.table_model import Column, Rows, TableModel
from tests.views import heard
from tests.views.conftest import NOW, now

Role, Text = QAccessible.Role, QAccessible.Text


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


class Painted(QWidget):
    """Reached by Tab, and nothing says what it is."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Surface")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)


@pytest.mark.parametrize(
    ("widget", "said"),
    [
        (QPushButton, "no name"),
        (Painted, "without a role"),
        (QScrollArea, "no name"),
        (lambda: QPushButton("<b>Save</b>"), "marks are read"),
    ],
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


def test_painted_widgets_are_what_they_look_like(qtbot: QtBot) -> None:
    figure, chart = KeyFigure("Complaints", "38", "cases"), ChartView()
    chart.setAccessibleName("Three bars.")
    board = shown(qtbot, figure, chart)
    assert heard.everything(board) == []
    told = [QAccessible.queryAccessibleInterface(one) for one in (figure, chart)]
    assert [(one.role(), one.text(Text.Name)) for one in told] == [
        (Role.Button, "Complaints 38 cases"),
        (Role.Graphic, "Three bars."),
    ]


def radios(group: Options, *codes: str) -> list[tuple[QAccessible.Role, str, bool, bool]]:
    """Role and name of these, whether each is checked, and whether Tab stops at it."""
    found = []
    for option in (group.option(code) for code in codes):
        node = QAccessible.queryAccessibleInterface(option)
        stops = bool(option.focusPolicy() & Qt.FocusPolicy.TabFocus)
        found.append((node.role(), node.text(Text.Name), bool(node.state().checked), stops))
    return found


def test_what_is_chosen_from_is_a_group_of_radio_buttons(qtbot: QtBot) -> None:
    period = Segments([("month", "Month"), ("year", "Year")], "year")
    period.setAccessibleName("Period")
    board = shown(qtbot, period)
    assert heard.everything(board) == []
    group = QAccessible.queryAccessibleInterface(period)
    assert (group.role(), group.text(Text.Name)) == (Role.Grouping, "Period")
    assert radios(period, "month", "year") == [(Role.RadioButton, "Month", False, False), (Role.RadioButton, "Year", True, True)]
    QTest.keyClick(period.option("year"), Qt.Key.Key_Left)
    assert radios(period, "month", "year") == [(Role.RadioButton, "Month", True, True), (Role.RadioButton, "Year", False, False)]


@pytest.mark.parametrize("make", [SegmentsEditor, MethodEditor])
def test_what_is_wrong_with_a_choice_is_heard_where_the_focus_is(
    qtbot: QtBot, make: type[SegmentsEditor] | type[MethodEditor]
) -> None:
    choices = Objection.field("method").choices
    declared = Field("method", "Method", Kind.CHOICE, required=True, choices=choices)
    editor = make(declared)
    row = FieldRow(declared, editor)
    editor.set_value(choices[1].code)
    board = shown(qtbot, row)
    found = QAccessible.queryAccessibleInterface(editor.focusProxy())
    assert (found.text(Text.Name), bool(found.state().checked)) == (choices[1].label, True)
    assert found.text(Text.Description).endswith("Required")
    row.say("Refused.", error=True)
    assert found.text(Text.Description).endswith("Refused.")
    row.say("", error=True)
    assert found.text(Text.Description).endswith("Required")
    assert heard.everything(board) == []


def test_a_method_says_when_it_may_be_chosen(qtbot: QtBot) -> None:
    declared = Field("method", "Method", Kind.CHOICE, choices=Objection.field("method").choices)
    editor = MethodEditor(declared)
    board = shown(qtbot, FieldRow(declared, editor))
    said = [QAccessible.queryAccessibleInterface(editor.option(one.code)).text(Text.Description) for one in declared.choices]
    assert all(guard(one.code) in words for one, words in zip(declared.choices, said, strict=True))
    assert any("asks for a reason" in words for words in said)
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
