"""Forms from declared fields: typing, leaving, errors at the field, keys, what comes out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QScrollArea
from pytestqt.qtbot import QtBot

from app.core import language
from app.core.fields import Choice, Field, Kind
from app.models.complaints import Complaint
from app.views import style
from app.views.editors import CheckEditor, ComboEditor, MemoEditor, SegmentsEditor, TextEditor
from app.views.forms import Form, Section, Shape
from tests.naughty.strings import LIST, published
from tests.views.conftest import NOW, now
from tests.views.stage import focus_name

CHANNELS = tuple(Choice(code, code.title()) for code in ("phone", "letter", "online", "counter", "fax"))
FIELDS = (
    Field("name", "Name", required=True, group="Who"),
    Field("received_at", "Received", Kind.MOMENT, required=True, happened=True, group="Who"),
    Field("channel", "Channel", Kind.CHOICE, choices=CHANNELS, group="Who"),
    Field("severity", "Severity", Kind.CHOICE, choices=(Choice("low", "Low"), Choice("high", "High")), group="Who"),
    Field("phone", "Phone", Kind.PHONE, group="Who", warn=lambda text: "Odd number." if len(text) < 5 else None),
    Field("cost", "Cost", Kind.MONEY, group="What"),
    Field("count", "Count", Kind.INTEGER, group="What"),
    Field("day", "Day", Kind.DATE, group="What"),
    Field("text", "Text", Kind.MEMO, required=True, group="What"),
    Field("valid", "Valid", Kind.BOOLEAN, group="What"),
    Field("external", "External", Kind.BOOLEAN, group="What"),
    Field("tags", "Tags", Kind.TAGS, choices=CHANNELS, group="What"),
)


@pytest.fixture
def form(qtbot: QtBot) -> Form:
    made = Form(Shape(FIELDS, checks=frozenset({"external"})), now)
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    return made


def focused(code: str) -> bool:
    return focus_name() == code


def test_each_kind_has_its_editor(form: Form) -> None:
    kinds = {
        code: type(form.editor(code)) for code in ("name", "received_at", "channel", "severity", "text", "valid", "external")
    }
    assert kinds == {
        "name": TextEditor,
        "received_at": TextEditor,
        "channel": ComboEditor,
        "severity": SegmentsEditor,
        "text": MemoEditor,
        "valid": SegmentsEditor,
        "external": CheckEditor,
    }


def test_what_was_set_and_not_touched_comes_back_as_it_was(form: Form) -> None:
    values: dict[str, Any] = {
        "name": "  two  blanks\u3000",
        "received_at": NOW,
        "channel": "fax",
        "severity": "high",
        "phone": "138\u00a00000\u200b",
        "cost": Decimal("1260.00"),
        "count": 3,
        "day": date(2026, 11, 23),
        "text": "one\u2028two\u00a0three\n\tfour",
        "valid": False,
        "external": True,
        "tags": ("phone", "fax"),
    }
    form.set_values(values)
    assert form.values() == values


def test_an_empty_form_gives_nothing(form: Form) -> None:
    assert {code for code, value in form.values().items() if value is not None} == {"external"}


def test_a_date_is_typed_freely_and_told_in_full_on_leaving(form: Form, qtbot: QtBot) -> None:
    form.focus_field("received_at")
    qtbot.keyClicks(form.editor("received_at"), "11-20 9:30")
    qtbot.keyClick(form.editor("received_at"), Qt.Key.Key_Return)
    assert form.editor("received_at").text() == "2026-11-20 09:30"
    assert focused("channel")


def test_what_cannot_be_read_is_said_below_the_field_and_stays_as_typed(form: Form, qtbot: QtBot) -> None:
    form.focus_field("received_at")
    qtbot.keyClicks(form.editor("received_at"), "2026-11-32 14:20")
    form.focus_field("name")
    assert form.rows["received_at"].error().startswith("There is no 2026-11-32.")
    assert form.editor("received_at").property("error") == "1"
    assert form.values()["received_at"] == "2026-11-32 14:20"
    assert form.editor("received_at").accessibleDescription() == form.rows["received_at"].error()
    form.focus_field("received_at")
    qtbot.keyClick(form.editor("received_at"), Qt.Key.Key_Backspace)
    assert form.rows["received_at"].error() == ""


def test_what_is_odd_is_warned_about_and_is_no_error(form: Form, qtbot: QtBot) -> None:
    form.focus_field("phone")
    qtbot.keyClicks(form.editor("phone"), "12")
    form.focus_field("name")
    assert form.rows["phone"].error() == ""
    assert form.editor("phone").accessibleDescription() == "Odd number."
    assert ("phone", "Correct “Phone”") not in form.missing()


def test_what_is_odd_is_warned_about_as_long_as_it_stands_there(form: Form) -> None:
    form.set_values({"phone": "12"})
    assert form.editor("phone").accessibleDescription() == "Odd number."
    form.set_errors({"text": "Text is missing."})
    assert form.editor("phone").accessibleDescription() == "Odd number."
    form.veil("phone")
    form.set_values({"phone": "1…2"})
    assert form.editor("phone").accessibleDescription() == ""
    form.unveil("phone", "571-5550123")
    assert form.editor("phone").accessibleDescription() == ""


def test_errors_of_the_model_stand_at_their_fields_and_the_first_gets_the_focus(form: Form) -> None:
    rest = form.set_errors({"text": "Text: Text is missing.", "cost": "Too much.", "elsewhere": "Not here."})
    assert rest == ["Not here."]
    assert form.rows["text"].error() == "Text is missing."
    assert focused("cost")


def test_what_is_missing_is_told_in_reading_order(form: Form, qtbot: QtBot) -> None:
    assert [code for code, _words in form.missing()] == ["name", "received_at", "text"]
    form.set_values({"name": "A", "received_at": NOW})
    assert form.missing() == [("text", "Fill in “Text”")]


def test_a_group_earns_its_tick(form: Form, qtbot: QtBot) -> None:
    mark = form.cards[0].mark
    assert mark is not None
    form.set_values({"name": "A"})
    qtbot.wait(20)
    assert not mark._done
    form.set_values({"received_at": NOW})
    qtbot.waitUntil(lambda: mark._done)


def test_enter_and_tab_go_on_and_a_memo_breaks_its_line(form: Form, qtbot: QtBot) -> None:
    seen = []
    form.focus_field("name")
    for code in ("name", "received_at", "channel", "severity", "phone", "cost", "count", "day", "text"):
        seen.append(focus_name())
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab if code == "phone" else Qt.Key.Key_Return)
    assert seen == ["name", "received_at", "channel", "severity", "phone", "cost", "count", "day", "text"]
    assert focused("text")
    assert form.editor("text").toPlainText() == "\n"
    qtbot.keyClick(form.editor("text"), Qt.Key.Key_Tab)
    assert focused("valid")


def test_a_key_goes_to_each_group(form: Form, qtbot: QtBot) -> None:
    qtbot.keyClick(form, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: focused("cost"))


def test_segments_are_moved_by_keys_and_can_be_left_open(form: Form, qtbot: QtBot) -> None:
    editor = form.editor("valid")
    qtbot.keyClick(editor, Qt.Key.Key_Right)
    assert form.values()["valid"] is True
    qtbot.keyClick(editor, Qt.Key.Key_2)
    assert form.values()["valid"] is False
    qtbot.keyClick(editor, Qt.Key.Key_Delete)
    assert form.values()["valid"] is None


def test_typing_in_a_choice_jumps_to_what_contains_it(form: Form, qtbot: QtBot) -> None:
    editor = form.editor("channel")
    qtbot.keyClicks(editor, "tte")
    assert editor.value() == "letter"
    told = QInputMethodEvent("", [])
    told.setCommitString("Fax")
    editor._typed_at = 0.0
    with qtbot.waitSignal(editor.edited):
        QApplication.sendEvent(editor, told)
    assert editor.value() == "fax"


@pytest.mark.parametrize("typed", ["qxdc", "qingxu", "低潮"])
def test_a_choice_is_found_by_its_words_its_pinyin_or_their_initials(qtbot: QtBot, typed: str) -> None:
    language.choose("zh_CN")
    editor = ComboEditor(Complaint.field("cause"))
    qtbot.addWidget(editor)
    qtbot.keyClicks(editor, typed) if typed.isascii() else editor._jump(typed)
    assert editor.value() == "customer.low_mood"


def test_typing_in_the_open_list_goes_there_and_enter_chooses(qtbot: QtBot) -> None:
    language.choose("zh_CN")
    editor = ComboEditor(Complaint.field("cause"))
    qtbot.addWidget(editor)
    editor.show()
    editor.showPopup()
    qtbot.keyClicks(editor.view(), "qxdc")
    assert editor.value() is None
    with qtbot.waitSignal(editor.edited):
        qtbot.keyClick(editor.view(), Qt.Key.Key_Return)
    assert editor.value() == "customer.low_mood"


@pytest.mark.skipif(not LIST.is_file(), reason=f"the naughty strings are not in {LIST} (KESU_TEST_DATA)")
def test_strange_texts_come_out_as_they_were_typed(form: Form) -> None:
    """A paragraph's end is a line's end in a memo; Qt takes a byte order mark in front as one. Nothing else changes."""
    for text in (given.lstrip("\ufeff\ufffe") for given in published()):
        form.editor("name").setText(text)
        form.editor("text").setPlainText(text)
        broken = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2029", "\n")
        assert (form.values()["name"] or "", form.values()["text"] or "") == (text, broken)


def test_counts_and_days_step_by_the_arrows(form: Form, qtbot: QtBot) -> None:
    form.set_values({"count": 3, "day": date(2026, 11, 30)})
    qtbot.keyClick(form.editor("count"), Qt.Key.Key_Up)
    qtbot.keyClick(form.editor("day"), Qt.Key.Key_Up)
    assert (form.values()["count"], form.values()["day"]) == ("4", "2026-12-01")


def test_only_what_a_person_does_counts_as_a_change(form: Form, qtbot: QtBot) -> None:
    told: list[str] = []
    form.changed.connect(told.append)
    form.set_values({"name": "A", "text": "B", "channel": "fax", "valid": True, "tags": ("fax",), "external": True})
    assert told == []
    qtbot.keyClicks(form.editor("name"), "x")
    qtbot.keyClicks(form.editor("text"), "y")
    assert told == ["name", "text"]


def test_a_code_that_is_no_longer_declared_is_kept(form: Form) -> None:
    form.set_values({"channel": "telex"})
    assert form.values()["channel"] == "telex"


def test_two_columns_become_one_where_it_is_narrow(qtbot: QtBot) -> None:
    form = Form(Shape(FIELDS), now)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(form)
    qtbot.addWidget(area)
    area.resize(1000, 600)
    area.show()
    qtbot.waitExposed(area)
    name, received = form.rows["name"], form.rows["received_at"]
    assert name.geometry().top() == received.geometry().top()
    area.resize(560, 600)
    qtbot.waitUntil(lambda: received.geometry().top() > name.geometry().bottom())
    assert area.horizontalScrollBar().maximum() == 0


def test_no_word_of_a_form_is_cut(qtbot: QtBot, qapp: QApplication) -> None:
    for scale in (1.0, 1.5):
        style.apply(qapp, "light", scale)
        form = Form(Shape(FIELDS, (Section("One", tuple(one.code for one in FIELDS)),)), now)
        qtbot.addWidget(form)
        form.resize(1000, 900)
        form.show()
        qtbot.waitExposed(form)
        for row in form.rows.values():
            assert (row.name.text(), row.name.width()) >= (row.name.text(), row.name.sizeHint().width())
            lines = isinstance(row.editor, MemoEditor)
            assert lines or row.editor.height() >= row.editor.minimumSizeHint().height()


def test_a_form_that_is_shown_only_cannot_be_typed_into(form: Form, qtbot: QtBot) -> None:
    form.set_read_only("Closed cases stay as they are.")
    qtbot.keyClicks(form.editor("name"), "x")
    assert form.values()["name"] is None
    assert not form.editor("channel").isEnabled()
    assert form.editor("channel").toolTip() == "Closed cases stay as they are."


def test_of_some_fields_one_must_be_filled_in(qtbot: QtBot) -> None:
    form = Form(Shape(FIELDS, (Section("Who", ("channel", "phone", "count"), one_of=("phone", "count")),)), now)
    qtbot.addWidget(form)
    form.show()
    form.set_values({"channel": "fax"})
    assert form.missing() == [("phone", "Fill in “Phone or Count”")]
    form.set_values({"count": 3})
    assert form.missing() == []
