"""The smaller pieces: keys, names for those who listen, folding."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QTextLayout
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.reports.documents.agreement import agreement_sheaf
from app.reports.pdf import Sheaf, bind
from app.reports.shapes import Chart, Measure, Rect, Region
from app.services.period_lines import Line
from app.views import style
from app.views.charts import ChartView
from app.views.paper import FIT_WIDTH, Pages, PaperView
from app.views.pieces.basics import button, column, menu_button, unbroken
from app.views.pieces.choosers import Chip, Segments, Tabs
from app.views.pieces.figures import Change, KeyFigure
from app.views.pieces.flow import ToggleRow
from app.views.pieces.pills import FACES, Pill, face
from app.views.pieces.stations import Station, StationLine
from app.views.pieces.time_line import FIRST, Entry, TimeLine
from app.views.printing import printer_for, send
from app.views.statistics_tables import figures_table
from app.views.tokens import TOKENS
from tests.reports import samples

PAIRS = [("a", "Alpha"), ("b", "Beta"), ("c", "Gamma")]


def put(qtbot: QtBot, widget: QWidget, width: int = 700, height: int = 300) -> None:
    qtbot.addWidget(widget)
    widget.resize(width, height)
    widget.show()
    qtbot.waitExposed(widget)


def test_no_line_ends_within_a_unit(qtbot: QtBot) -> None:
    words = unbroken("紧急：联系时限（小时）")
    layout = QTextLayout(words, style.font())
    layout.beginLayout()
    lines = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(style.metrics().horizontalAdvance("紧急：联系时限（小"))
        lines.append(words[line.textStart() :][: line.textLength()].replace("\u2060", ""))
    layout.endLayout()
    assert lines == ["紧急：联系时限", "（小时）"]


def test_the_unit_of_a_figure_is_seen_where_it_is_narrow(qtbot: QtBot) -> None:
    line = Line("median", "", "Median days that a complaint of the period took", "253.3", "hours", (), ())
    made = figures_table([line], (), lambda *_where: None)
    put(qtbot, made, 260, 200)
    words = next(one for one in made.findChildren(QLabel) if one.text().startswith("Median"))
    assert words.text().endswith(" (hours)")
    assert words.height() >= words.heightForWidth(words.width()) > style.metrics().lineSpacing()


def test_a_locked_button_says_why(qtbot: QtBot) -> None:
    made = button("Release", "primary", "check", key="Ctrl+Return")
    put(qtbot, made)
    made.lock("Only after the approval.")
    assert not made.isEnabled()
    assert made.toolTip() == made.accessibleDescription() == "Only after the approval."
    assert made.text() == "Release  Ctrl+Enter"
    assert made.accessibleName() == "Release"
    made.lock("")
    assert made.isEnabled()


def test_an_ampersand_is_no_mnemonic(qtbot: QtBot) -> None:
    made = button("A & B")
    put(qtbot, made)
    assert made.text() == "A && B"


def test_segments_hold_their_width_whatever_is_chosen(qtbot: QtBot) -> None:
    made = Segments(PAIRS, "a")
    put(qtbot, made)
    before = made.sizeHint()
    with qtbot.waitSignal(made.chosen) as told:
        qtbot.keyClick(made, Qt.Key.Key_Right)
    assert told.args == ["b"]
    assert made.sizeHint() == before


def test_a_second_click_chooses_none_where_that_is_possible(qtbot: QtBot) -> None:
    fixed, free = Segments(PAIRS, "a"), Segments(PAIRS, "a", clearable=True)
    for made, left in ((fixed, "a"), (free, "")):
        put(qtbot, made)
        made.option("a").click()
        assert made.value() == left
        assert made.option("a").isChecked() == bool(left)
        made.option("b").click()
        assert made.value() == "b"
        assert [made.option(code).isChecked() for code, _word in PAIRS] == [code == "b" for code, _word in PAIRS]


def test_a_group_is_left_where_the_focus_goes_to_none_of_its_buttons(qtbot: QtBot) -> None:
    made, other = Segments(PAIRS, "a"), button("Other")
    board = QWidget()
    board.setLayout(column(made, other))
    put(qtbot, board)
    board.activateWindow()
    QApplication.processEvents()
    made.setFocus()
    assert made.option("a").hasFocus()
    told: list[str] = []
    made.left.connect(lambda: told.append(made.value()))
    qtbot.keyClick(made.option("a"), Qt.Key.Key_2)
    assert made.option("b").hasFocus()
    assert told == []
    other.setFocus()
    assert told == ["b"]


def test_a_chip_that_is_on_shows_its_value_and_can_be_cleared_by_key(qtbot: QtBot) -> None:
    made = Chip("status", "Status", PAIRS)
    put(qtbot, made)
    made.set_value(["b", "a", "c"])
    assert made.value() == ("a", "b", "c")
    assert made.text() == "Status: Alpha, Beta +1"
    with qtbot.waitSignal(made.changed):
        qtbot.keyClick(made, Qt.Key.Key_Delete)
    assert made.value() == ()
    assert made.text() == "Status"


def test_a_chip_keeps_what_is_still_offered(qtbot: QtBot) -> None:
    made = Chip("status", "Status", PAIRS)
    put(qtbot, made)
    made.set_value(["a", "b"])
    made.offer([("b", "Beta"), ("d", "Delta")])
    assert made.value() == ("b",)


def opened(qtbot: QtBot, made: QAbstractButton, menu: QMenu) -> QMenu:
    """The menu as it was on the screen, after a click on its button."""
    with qtbot.waitSignal(menu.aboutToHide):
        QTimer.singleShot(0, menu.close)
        made.click()
    return menu


def test_a_menu_reads_from_the_left_though_the_arrow_of_its_button_stands_behind_the_word(qtbot: QtBot) -> None:
    chip, page = Chip("status", "Status", PAIRS), QWidget()
    more = QMenu(page)
    more.addAction("Complaint")
    button_of_menu = menu_button("New", more)
    page.setLayout(column(chip, button_of_menu))
    put(qtbot, page)
    for menu in (opened(qtbot, chip, chip.menu_of_choices()), opened(qtbot, button_of_menu, more)):
        assert menu.layoutDirection() == Qt.LayoutDirection.LeftToRight
    assert button_of_menu.layoutDirection() == chip.layoutDirection() == Qt.LayoutDirection.RightToLeft


def test_tabs_and_toggles_tell_what_is_chosen(qtbot: QtBot) -> None:
    tabs, toggles = Tabs(PAIRS), ToggleRow(PAIRS)
    put(qtbot, tabs)
    put(qtbot, toggles, 120)
    tabs.set_value("c")
    toggles.choose(["a", "c"])
    assert tabs.value() == "c"
    assert toggles.chosen() == ("a", "c")
    assert toggles.heightForWidth(120) > toggles.heightForWidth(700)


def test_every_pill_has_a_colour_and_an_icon() -> None:
    for faces in FACES.values():
        for one in faces.values():
            assert one.tone in TOKENS
            assert f"{one.tone}-soft" in TOKENS
    assert face("status", "unheard-of").tone == "mute"


def test_a_pill_says_its_word(qtbot: QtBot) -> None:
    made = Pill("Draft", face("status", "draft"))
    put(qtbot, made)
    made.show_as("Closed", face("status", "closed"))
    assert made.accessibleName() == made.text() == "Closed"


def stations() -> list[Station]:
    states = ["done"] * 3 + ["now"] + ["todo"] * 4
    return [Station(str(place), f"Station {place}", state, "11-20", "Wang") for place, state in enumerate(states, 1)]


def test_stations_are_buttons_that_say_where_the_case_is(qtbot: QtBot) -> None:
    line = StationLine(stations(), "Round 2")
    put(qtbot, line, 1100, 110)
    assert line.buttons()[3].accessibleName() == "4 Station 4, now, 11-20, Wang"
    with qtbot.waitSignal(line.activated) as told:
        qtbot.keyClick(line.buttons()[1], Qt.Key.Key_Return)
    assert told.args == ["2"]


def test_a_narrow_station_line_shows_the_present_one_and_its_neighbours(qtbot: QtBot) -> None:
    line = StationLine(stations())
    put(qtbot, line, 700, 110)
    assert [place for place, one in enumerate(line.buttons(), 1) if one.isVisible()] == [3, 4, 5]


def test_a_long_time_line_shows_its_beginning_first(qtbot: QtBot) -> None:
    line = TimeLine([Entry("check", f"Event {n}", "Wang", heading="2026-11", target=f"TS-{n}") for n in range(FIRST + 5)])
    put(qtbot, line)
    assert line.findChild(QWidget, f"event_TS-{FIRST}") is None
    more = line.findChild(QWidget, "more_events")
    assert more is not None
    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    last = line.findChild(QWidget, f"event_TS-{FIRST + 4}")
    with qtbot.waitSignal(line.opened) as told:
        qtbot.mouseClick(last, Qt.MouseButton.LeftButton)
    assert told.args == [f"TS-{FIRST + 4}"]


def test_a_key_figure_reads_as_a_sentence_and_opens_by_enter(qtbot: QtBot) -> None:
    made = KeyFigure("Complaints", "38", "cases", [Change("5 less than last month", -1)], months=(3, 5, 4))
    put(qtbot, made, 200, 150)
    assert made.accessibleName() == "Complaints 38 cases, 5 less than last month"
    with qtbot.waitSignal(made.clicked):
        qtbot.keyClick(made, Qt.Key.Key_Return)


def chart(width: float, height: float, measure: Measure) -> Chart:
    bars = tuple(Rect(20 + 60 * n, 20, 40, 100, "accent") for n in range(3))
    regions = tuple(Region(one.x, one.y, one.width, one.height, "by_cause", str(n), f"Bar {n}") for n, one in enumerate(bars))
    return Chart(width, height, bars, regions, "Three bars.")


def test_bars_are_reached_by_keys_and_opened(qtbot: QtBot, tmp_path: Path) -> None:
    made = ChartView(chart)
    put(qtbot, made)
    made.grab()
    assert made.accessibleName() == "Three bars."
    qtbot.keyClick(made, Qt.Key.Key_Right)
    qtbot.keyClick(made, Qt.Key.Key_Right)
    assert made.accessibleDescription() == "Bar 1"
    with qtbot.waitSignal(made.opened) as told:
        qtbot.keyClick(made, Qt.Key.Key_Return)
    assert told.args == ["by_cause", "1"]
    made.save_picture(tmp_path / "chart.png")
    assert (tmp_path / "chart.png").stat().st_size > 500


@pytest.fixture(scope="module")
def pdf() -> bytes:
    from io import BytesIO

    from reportlab.pdfgen.canvas import Canvas

    kept = BytesIO()
    canvas = Canvas(kept)
    for page in range(3):
        canvas.rect(50, 50 + page, 400, 600, fill=1)
        canvas.showPage()
    canvas.save()
    return kept.getvalue()


def test_papers_are_paged_zoomed_and_fitted(qtbot: QtBot, pdf: bytes) -> None:
    view = PaperView()
    put(qtbot, view, 900, 700)
    view.show_pdf(pdf)
    view.go_to(2)
    assert (view.page(), view.count()) == (2, 3)
    view.fit(FIT_WIDTH)
    assert view.page() == 2
    assert view._area.horizontalScrollBar().maximum() == 0
    view.set_zoom(2.0)
    assert view.page() == 2


def test_who_listens_hears_the_page_and_what_stands_on_it(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    view, sheaf = PaperView(), agreement_sheaf(samples.agreement())
    put(qtbot, view, 900, 700)
    view.show_pdf(bind(sheaf, sheaf))
    said = view._sheets.accessibleDescription()
    assert view._sheets.accessibleName() == "Page 1 of 2"
    assert "甲方" in said or "Party A" in said
    view.show_pdf(bind(Sheaf(samples.paper(), "Another", []), sheaf))
    assert view._sheets.accessibleName() == "Page 1 of 2"
    assert "Another" in view._sheets.accessibleDescription()


def test_the_printer_gets_the_pages_that_were_asked_for(pdf: bytes, tmp_path: Path) -> None:
    printer = printer_for("Agreement", copies=2)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "sent.pdf"))
    printer.setFromTo(2, 3)
    send(printer, pdf)
    sent = Pages((tmp_path / "sent.pdf").read_bytes())
    assert len(sent) == 2
    assert sent.image(0, 1.0).pixelColor(150, 400).lightness() < 10
    sent.close()


def test_a_page_is_drawn_as_large_as_asked(pdf: bytes) -> None:
    pages = Pages(pdf)
    image = pages.image(0, 2.0)
    assert (image.width(), image.height()) == (round(pages.size(0)[0] * 2 + 0.49), round(pages.size(0)[1] * 2 + 0.49))
    assert image.pixelColor(image.width() // 4, image.height() // 2).lightness() < 10
    assert image.pixelColor(2, 2).lightness() > 250
    pages.close()
