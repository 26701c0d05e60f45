"""The panel of a step as a person with a keyboard meets it: reached by Tab, typed into key by key, and asked what it says."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QComboBox, QMenu, QWidget

from app.core.database import database
from app.core.fields import Kind
from app.models.record import Record
from app.models.steps import Step
from app.views.editors import ComboEditor, MemoEditor
from app.views.lines import LinesEditor
from app.views.pieces.basics import Button
from app.views.pieces.choosers import Segments
from app.views.step_panel import StepPanel
from app.views.window import Window
from tests.make import Make
from tests.models.stands import whole
from tests.views.stage import CONTROL, Key, focus_name, key, type_keys, words_of

_LONG = 200
"""What is longer is pasted."""


def everything(make: Make, record: Record) -> tuple[Any, ...]:
    """All that a refused step must leave as it was: the record with its history, and how many rows each table has.

    What was typed itself is kept apart, after a while.
    """
    tables = [name for name in database.get_tables() if not name.startswith(("search_", "sqlite_", "unfinished"))]
    counts = [(name, database.execute_sql(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in tables]
    return whole(make, record), counts


def tab_to(name: str, most: int = 120) -> None:
    """Tab until the focus is there."""
    for _time in range(most):
        if focus_name() == name:
            return
        key(Key.Key_Tab)
    pytest.fail(f"Tab does not reach {name}")


def open_panel(window: Window, record: Record, step: Step) -> StepPanel:
    """The panel of a step, by the keyboard alone."""
    window.open_record(record.number)
    for _round in range(5):  # a head has its width only once the page around it has found its own
        QApplication.processEvents()
    seen = {one.objectName() for one in window.findChildren(Button) if one.isVisible()}
    if f"act_{step.code}" in seen:
        tab_to(f"act_{step.code}")
        key(Key.Key_Return)
    elif step.code == "agreement" and "new_edition" in seen:
        tab_to("new_edition")
        key(Key.Key_Return)
    else:
        _by_menu(window, step)
    QApplication.processEvents()
    found = [one for one in window.findChildren(StepPanel, f"step_{step.code}") if one.isVisible()]
    assert len(found) == 1, (record.KIND, step.code, sorted(seen))
    return found[0]


def _by_menu(window: Window, step: Step) -> None:
    names = (f"menu_{step.code}", f"act_{step.code}")
    for holder in (one for one in window.findChildren(Button) if one.isVisible() and one.menu() is not None):
        place = next((n for n, one in enumerate(_rows(holder.menu())) if one.objectName() in names), None)
        if place is not None:
            tab_to(holder.objectName())
            key(Key.Key_Space)
            for code in (*[Key.Key_Down] * (place + 1), Key.Key_Return):
                menu = QApplication.activePopupWidget()
                assert menu is not None
                QTest.keyClick(menu, code)
            return
    there = [(one.objectName(), one.isVisible()) for one in window.findChildren(Button) if one.menu() is not None]
    pytest.fail(f"nothing on {type(window.page).__name__} of {window.page.width()} begins {step.code}: {there}")


def _rows(menu: QMenu) -> list[Any]:
    return [one for one in menu.actions() if not one.isSeparator()]


def type_into(panel: StepPanel, code: str, text: str) -> None:
    """Reach a field by Tab, and leave this in it: of a table a cell of its first line, `part.column`, or a new one, `part+`."""
    part, _dot, column = code.partition(".")
    if column:
        _type_cell(panel, part.rstrip("+"), column, text, below=part.endswith("+"))
        return
    editor = panel.form.editor(code)
    tab_to(f"{code}_path" if panel.form.rows[code].declared.kind is Kind.FILE else code)
    if isinstance(editor, Segments | ComboEditor):
        _choose(editor, text)
        return
    key(Key.Key_A, CONTROL)
    key(Key.Key_Delete)
    _write(text)


def _write(text: str) -> None:
    if len(text) > _LONG:
        QApplication.clipboard().setText(text)
        key(Key.Key_V, CONTROL)
    elif text:
        type_keys(text)


def _choose(editor: Any, code: str) -> None:
    """Empty it, then go to the choice by its digit or by the arrow."""
    key(Key.Key_Delete)
    if not code:
        return
    if isinstance(editor, QComboBox):
        for _time in range(editor.count()):
            if editor.value() == code:
                return
            key(Key.Key_Down)
    else:
        for digit in range(1, 6):
            key(Key(Key.Key_0.value + digit))
            if str(editor.value()).lower() == code:
                return
    assert str(editor.value()).lower() == code


def _type_cell(panel: StepPanel, part: str, column: str, text: str, *, below: bool) -> None:
    table = panel.form.tables[part]
    tab_to(part)
    place = [one.code for one in table.model().declared].index(column)
    view = table.view
    for _time in range(table.model().columnCount()):
        key(Key.Key_Left)
    key(Key.Key_Home, CONTROL)
    if below:
        key(Key.Key_Down)
    for _time in range(place):
        key(Key.Key_Right)
    assert view.currentIndex().column() == place
    if not text:
        key(Key.Key_Delete)
        return
    key(Key.Key_Return)
    editor = QApplication.focusWidget()
    if isinstance(editor, ComboEditor):
        _choose(editor, text)
    else:
        key(Key.Key_A, CONTROL)
        _write(text)
    key(Key.Key_Return)
    if QApplication.focusWidget() is not view:
        key(Key.Key_Escape)


def said(panel: StepPanel, code: str = "") -> str:
    """What stands in red at a field, below a table, or above all."""
    part, _dot, column = code.partition(".")
    if column:
        table = panel.form.tables[part]
        told = table.model().problem(0, [one.code for one in table.model().declared].index(column))
        assert "Line 1" in words_of(table)  # in words the first thing that is wrong, the others by red cells and tool tips
        return told
    return panel.form.rows[code].error() if code else words_of(panel)


def typed(panel: StepPanel) -> dict[str, Any]:
    """What stands in every editor, as it is seen."""
    found: dict[str, Any] = {}
    for code, one in panel.form.rows.items():
        editor: QWidget = one.editor
        text = editor.text() if hasattr(editor, "text") else None
        found[code] = editor.toPlainText() if isinstance(editor, MemoEditor) else text or one.editor.value()  # type: ignore[attr-defined]
    return found | {code: [dict(line) for line in _lines(table)] for code, table in panel.form.tables.items()}


def _lines(table: LinesEditor) -> list[dict[str, Any]]:
    return table.value()


def act(panel: StepPanel) -> None:
    """Ctrl+Enter, and the moment in which the button is seen to be pressed."""
    pressed = QSignalSpy(next(one for one in panel.findChildren(Button) if one.objectName().startswith("do_")).clicked)
    key(Key.Key_Return, CONTROL)
    assert pressed.count() or pressed.wait(5000)
    QApplication.processEvents()
