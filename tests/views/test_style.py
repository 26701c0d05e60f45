"""The look on a real application: sheet, palette, icons, switching."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.core.paths import resources
from app.views import icons, sheet, style
from app.views.tab_order import ReadDialog
from app.views.tokens import TOKENS, column


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_sheet_names_only_colours_that_there_are(theme: str) -> None:
    filled = sheet.filled(column(theme), theme, "pictures", 1.0)
    assert "$" not in filled
    assert "@" not in filled


def test_the_sheet_holds_no_colours_of_its_own() -> None:
    assert re.findall(r"#[0-9A-Fa-f]{3,8}\b|\brgba?\(", sheet.template()) == []


def test_measures_of_the_sheet_follow_the_size_of_type() -> None:
    assert "font-size: 30px" in sheet.filled(column("light"), "light", "", 1.5)


@pytest.mark.parametrize(("theme", "token"), [("light", "#F3F5F7"), ("dark", "#14181C")])
def test_the_palette_follows_the_theme(qapp: QApplication, theme: str, token: str) -> None:
    style.apply(qapp, theme)
    assert qapp.palette().color(QPalette.ColorRole.Window).name().upper() == token


def test_a_dialog_before_the_window_puts_on_what_waits_for_the_window(qapp: QApplication, qtbot: QtBot) -> None:
    worn = qapp.styleSheet()
    style.apply(qapp, "dark", dressed=False)
    assert qapp.styleSheet() == worn
    qtbot.addWidget(ReadDialog())
    assert qapp.styleSheet() == style.look().sheet != worn


def test_high_contrast_takes_every_colour_from_the_system(qapp: QApplication) -> None:
    style.apply(qapp, "light", contrast=True)
    system = QApplication.style().standardPalette()
    assert style.colour("accent") == system.color(QPalette.ColorRole.Highlight)
    assert set(style.look().hexes) == set(TOKENS)
    style.apply(qapp, "light")


def test_all_icons_can_be_drawn() -> None:
    names = [path.stem for path in (resources() / "icons").glob("*.svg")]
    assert len(names) > 60
    for name in names:
        assert _inked(icons.pixmap(name, "#17658A", 16))


def _inked(picture: QPixmap) -> bool:
    image = picture.toImage().convertToFormat(QImage.Format.Format_ARGB32)
    return any(image.pixelColor(x, y).alpha() for x in range(image.width()) for y in range(image.height()))


def test_an_icon_takes_the_colour_of_the_theme_in_force(qapp: QApplication) -> None:
    made = icons.icon("check", "accent")
    light = made.pixmap(QSize(16, 16)).toImage()
    style.apply(qapp, "dark")
    assert made.pixmap(QSize(16, 16)).toImage() != light


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_an_icon_has_as_many_pixels_as_the_screen(ratio: float) -> None:
    made = icons.icon("check", "accent").pixmap(QSize(22, 16), ratio)
    assert (made.width(), made.height(), made.devicePixelRatio()) == (22 * ratio, 16 * ratio, ratio)


def test_an_unknown_icon_is_a_fault_at_once() -> None:
    with pytest.raises(FileNotFoundError):
        icons.icon("no-such-drawing")


def test_focus_moves_no_text(qtbot: QtBot) -> None:
    """A border of two pixels takes its pixel from the padding."""
    plain, focused = QPushButton("批准"), QPushButton("批准")
    for one in (plain, focused):
        qtbot.addWidget(one)
        one.show()
    focused.setFocus()
    focused.ensurePolished()
    assert plain.sizeHint() == focused.sizeHint()
