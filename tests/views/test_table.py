"""The table behind all lists: what it fetches, keys, copying, columns."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.core.fields import Choice, Field, Kind
from app.views import style
from app.views.table import ListView
from app.views.table_model import PAGE, Column, Rows, TableModel, column_of
from app.views.table_paint import PADDING, due_face, overdue
from tests.views.conftest import NOW, now

STATUS = Field("status", "Status", Kind.CHOICE, choices=(Choice("draft", "Draft"), Choice("closed", "Closed")))
COLUMNS = (
    Column("number", "Number", width=120, face="soft", sortable=True),
    Column("name", "Name", width=150, sortable=True),
    Column("what", "What", width=200, stretch=True),
    column_of(STATUS),
    column_of(Field("promised_at", "Promised", Kind.MOMENT, width=120)),
    column_of(Field("cost", "Cost", Kind.MONEY, width=90)),
    Column("hidden", "Hidden", shown=False),
)


class Counting:
    """A million rows that remember which pages were asked for."""

    def __init__(self, count: int = 1_000_000) -> None:
        self._count = count
        self.asked: list[int] = []

    def count(self) -> int:
        return self._count

    def page(self, offset: int, limit: int) -> list[tuple[Any, ...]]:
        self.asked.append(offset)
        return [record(number) for number in range(offset, min(self._count, offset + limit))]


def record(number: int) -> tuple[Any, ...]:
    due = NOW + timedelta(hours=number - 3)
    return (number + 1, f"TS-{number:06}", f"name {number}", "first\nsecond\tthird", "draft", due, Decimal(number), None)


def shown(qtbot: QtBot, source: Any, **special: Any) -> ListView:
    view = ListView(COLUMNS, now, **special)
    qtbot.addWidget(view)
    view.resize(1000, 400)
    view.show_source(source)
    view.show()
    qtbot.waitExposed(view)
    return view


def test_the_model_keeps_qts_rules(qtmodeltester: ModelTester) -> None:
    model = TableModel(COLUMNS, now)
    model.show(Counting(250))
    qtmodeltester.check(model)


def test_a_list_fetches_what_is_seen_and_jumps_to_the_end_at_once(qtbot: QtBot) -> None:
    source = Counting()
    view = shown(qtbot, source)
    view.grab()
    assert set(source.asked) == {0}
    qtbot.keyClick(view, Qt.Key.Key_End)
    view.grab()
    assert view.current_id() == 1_000_000
    assert set(source.asked) <= {0, 1_000_000 - PAGE, 1_000_000 - 2 * PAGE}


def test_enter_opens_the_record_of_the_current_row(qtbot: QtBot) -> None:
    view = shown(qtbot, Counting(300))
    view.go_to(120)
    with qtbot.waitSignal(view.opened) as told:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert told.args == [121]


def test_the_preview_is_told_once_the_keys_rest(qtbot: QtBot) -> None:
    view = shown(qtbot, Counting(300))
    told: list[int] = []
    view.rested.connect(told.append)
    for _press in range(5):
        qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: told == [6])


def test_copied_rows_are_a_table_with_a_head_line(qtbot: QtBot) -> None:
    view = shown(qtbot, Rows([record(3), record(4)]))
    view.selectAll()
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    content = QGuiApplication.clipboard().mimeData()
    assert list(csv.reader(io.StringIO(content.text()), "excel-tab")) == [
        ["Number", "Name", "What", "Status", "Promised", "Cost"],
        ["TS-000003", "name 3", "first\nsecond\tthird", "Draft", "2026-11-23 14:32", "3.00"],
        ["TS-000004", "name 4", "first\nsecond\tthird", "Draft", "2026-11-23 15:32", "4.00"],
    ]
    assert content.html().count("<tr>") == 3
    assert 'sdval="3" sdnum="1033;0;#,##0.00">3.00</td>' in content.html()


def test_a_head_sorts_first_upwards_then_downwards_and_says_so(qtbot: QtBot) -> None:
    view = shown(qtbot, Counting(10))
    asked: list[tuple[str, bool]] = []
    view.sort_asked.connect(lambda code, descending: asked.append((code, descending)))
    head = view.horizontalHeader()
    middle = QPoint(head.sectionViewportPosition(1) + 20, 10)
    for _click in range(2):
        qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert asked == [("name", False), ("name", True)]
    assert view.rows.headerData(1, Qt.Orientation.Horizontal, Qt.ItemDataRole.AccessibleTextRole) == "Name, descending"


def test_a_column_that_cannot_be_sorted_asks_for_nothing(qtbot: QtBot) -> None:
    view = shown(qtbot, Counting(10))
    head = view.horizontalHeader()
    with qtbot.assertNotEmitted(view.sort_asked):
        qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(head.sectionViewportPosition(2) + 20, 10))


def test_chosen_columns_and_widths_are_remembered(qtbot: QtBot) -> None:
    kept: list[dict[str, Any]] = []
    first = shown(qtbot, Counting(10), remember=kept.append)
    first.show_column(6, True)
    first.show_column(1, False)
    first.horizontalHeader().resizeSection(0, 222)
    first.horizontalHeader().moveSection(0, 3)
    second = shown(qtbot, Counting(10), state=kept[-1])
    assert second.isColumnHidden(1)
    assert not second.isColumnHidden(6)
    assert second.columnWidth(0) == 222
    assert second.horizontalHeader().visualIndex(0) == 3
    assert second.arrangement() == kept[-1]


def test_what_is_left_goes_to_the_column_that_stretches(qtbot: QtBot) -> None:
    view = shown(qtbot, Counting(10))
    before = view.columnWidth(2)
    view.resize(1300, 400)
    assert view.columnWidth(2) == before + 300


def test_where_it_is_narrow_columns_get_what_their_words_need_and_no_scroll_bar_comes(qtbot: QtBot) -> None:
    view = shown(qtbot, Counting(50))
    view.resize(740, 400)
    assert view.columnWidth(1) < 150
    assert view.columnWidth(2) >= 160
    assert view.horizontalScrollBar().maximum() == 0


class EarlierYears(Counting):
    """Newest first, as a list comes; from row 60 on they are of the year before, and promised."""

    def page(self, offset: int, limit: int) -> list[tuple[Any, ...]]:
        rows = super().page(offset, limit)
        return [(*row[:5], NOW - timedelta(days=7 * row[0]), row[6], NOW, NOW.date()) for row in rows]


@pytest.mark.parametrize(("width", "told"), [(560, "2023-01-23"), (1060, "2023-01-23 14:32"), (1600, "2023-01-23 14:32")])
def test_dates_of_earlier_years_are_never_cut_whichever_rows_were_shown_first(qtbot: QtBot, width: int, told: str) -> None:
    columns = (*COLUMNS[:4], COLUMNS[4]._replace(kept_by=("hidden",)), *COLUMNS[5:], Column("closed_on", "Closed", Kind.DATE))
    view = ListView(columns, now)
    qtbot.addWidget(view)
    view.resize(width, 400)
    view.show_source(EarlierYears(200))
    view.show()
    qtbot.waitExposed(view)
    assert view._cells.fitting(199, 4, view.columnWidth(4) - 2 * PADDING) == told
    assert view._cells.fitting(199, 7, view.columnWidth(7) - 2 * PADDING) == "today"
    assert style.width(told) <= view.columnWidth(4) - 2 * PADDING
    assert style.width("2023-01-23") <= view.columnWidth(7) - 2 * PADDING


def test_a_column_that_a_person_sized_stays_so(qtbot: QtBot) -> None:
    view = shown(qtbot, Counting(50))
    view.horizontalHeader().resizeSection(1, 240)
    view.resize(640, 400)
    assert view.columnWidth(1) == 240


def test_typing_jumps_without_fetching(qtbot: QtBot) -> None:
    source = Counting()
    view = shown(qtbot, source)
    view.grab()
    qtbot.keyClicks(view, "ts-000007")
    assert view.current_id() == 8
    assert set(source.asked) == {0}


def test_a_list_that_became_shorter_meanwhile_shows_empty_rows_and_no_fault(qtbot: QtBot) -> None:
    source = Counting(200)
    view = shown(qtbot, source)
    source._count = 20
    view.go_to(199)
    view.grab()
    assert view.current_id() == -1
    assert view.rows.text(199, 0) == ""


def test_due_times_are_told_by_word_icon_and_colour() -> None:
    assert due_face(NOW - timedelta(minutes=1), NOW)[0] == "bad"
    assert due_face(NOW + timedelta(minutes=1), NOW)[0] == "warn"
    assert due_face(NOW.date(), NOW)[0] == "warn"
    assert due_face(NOW + timedelta(days=1), NOW)[0] == "text2"
    assert overdue(NOW - timedelta(hours=3, minutes=5), NOW) == "3 hours overdue"
    assert overdue(NOW.date() - timedelta(days=2), NOW) == "days overdue: 2"


def test_a_promise_that_was_kept_does_not_press_any_more(qtbot: QtBot) -> None:
    columns = (
        column_of(Field("promised_at", "Promised", Kind.MOMENT)),
        Column("replied_at", "Replied", Kind.MOMENT),
        column_of(STATUS),
    )
    model = TableModel(columns, now)
    model.show(Rows([(1, NOW, None, "draft"), (2, NOW, NOW, "draft"), (3, NOW, None, "voided")]))
    assert [model.pressing(row, 0) for row in range(3)] == [True, False, False]
