"""The look in force (theme, size of type, colours) and putting it on the application. The table itself stands in `tokens`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QFontMetricsF, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from app.core.paths import resources
from app.views import sheet
from app.views.tokens import DARK, LIGHT, column

SYSTEM = "system"
SCALES = (0.9, 1.0, 1.1, 1.25, 1.5)
"""The sizes of type offered."""
BODY, SMALL, CARD, TITLE, FIGURE = 14, 12, 15, 20, 26
CHINESE_FONTS = (
    "Microsoft YaHei UI", "Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN",
    "WenQuanYi Micro Hei", "Noto Sans SC",
)  # fmt: skip
_ROLES = {
    "Window": "window", "WindowText": "text", "Base": "surface", "AlternateBase": "sunken", "Text": "text", "Button": "surface",
    "ButtonText": "text", "BrightText": "bad", "Highlight": "accent", "HighlightedText": "on-accent", "PlaceholderText": "text3",
    "Link": "accent", "LinkVisited": "wait", "ToolTipBase": "surface", "ToolTipText": "text", "Mid": "line", "Midlight": "hover",
    "Dark": "field", "Light": "surface", "Shadow": "field", "Accent": "accent",
}  # fmt: skip
# Where the person asked the system for high contrast, its own palette gives every colour.
_SYSTEM_ROLES = {
    "window": "Window", "sidebar": "Window", "surface": "Base", "sunken": "Base", "hover": "Button", "line": "WindowText",
    "field": "WindowText", "text": "WindowText", "text2": "WindowText", "text3": "WindowText", "accent": "Highlight",
    "accent-hover": "Highlight", "accent-pressed": "Highlight", "on-accent": "HighlightedText", "on-bad": "HighlightedText",
    "bad": "WindowText", "toast": "Highlight", "on-toast": "HighlightedText", "series2": "WindowText", "series3": "WindowText",
    "desk": "Window",
}  # fmt: skip


class _Advances(dict[str, float]):
    """How far each character of a font reaches; those that were not asked for yet are measured."""

    def __init__(self, measures: QFontMetrics) -> None:
        super().__init__()
        self._measures = QFontMetricsF(measures)

    def __missing__(self, one: str) -> float:
        self[one] = self["中"] if "一" <= one <= "龥" and one != "中" else self._measures.horizontalAdvance(one)
        return self[one]


@dataclass
class Look:
    """What painted widgets ask at paint time."""

    theme: str = LIGHT
    scale: float = 1.0
    hexes: dict[str, str] = field(default_factory=lambda: column(LIGHT))
    colours: dict[str, QColor] = field(default_factory=dict)
    asked: str = SYSTEM
    family: str = ""
    measures: dict[tuple[int, bool], QFontMetrics] = field(default_factory=dict)
    advances: dict[tuple[int, bool], _Advances] = field(default_factory=dict)
    sheet: str = ""


# As with the language, there is one look to a process.
_look = Look()


def look() -> Look:
    """The look in force."""
    return _look


def colour(token: str) -> QColor:
    """The colour of a token now. Ask at paint time, keep nothing."""
    found = _look.colours.get(token)
    if found is None:
        found = _look.colours[token] = QColor(_look.hexes[token])
    return found


def px(measure: float) -> int:
    """A measure in logical pixels at the chosen size of type."""
    return round(measure * _look.scale)


def font(size: int = BODY, *, bold: bool = False) -> QFont:
    """The application's font in a size of the scale (in pixels at 100 %)."""
    made = QFont(QApplication.font())
    made.setPixelSize(px(size))
    made.setBold(bold)
    return made


def metrics(size: int = BODY, *, bold: bool = False) -> QFontMetrics:
    """Measures of a font of the scale."""
    key = (size, bold)
    if key not in _look.measures:
        _look.measures[key] = QFontMetrics(font(size, bold=bold))
    return _look.measures[key]


def width(text: str, size: int = BODY, *, bold: bool = False) -> int:
    """How wide a text is: the sum of its characters. Each is measured once, and of the Chinese ones, which are all alike, one.

    Qt lays a whole text out to measure it, and loads each character from the font until it has been painted.
    """
    key = (size, bold)
    if key not in _look.advances:
        _look.advances[key] = _Advances(metrics(size, bold=bold))
    return round(sum(map(_look.advances[key].__getitem__, text)))


def system_theme() -> str:
    """What the system asks for; unknown counts as light."""
    return DARK if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT


def high_contrast() -> bool:
    """Whether the system is set to high contrast, as far as it can be asked."""
    return _windows_high_contrast() if sys.platform == "win32" else False


def _windows_high_contrast() -> bool:
    import ctypes  # asked on Windows only

    class HighContrast(ctypes.Structure):
        _fields_ = (("size", ctypes.c_uint), ("flags", ctypes.c_uint), ("scheme", ctypes.c_wchar_p))

    asked = HighContrast(ctypes.sizeof(HighContrast), 0, None)
    known = vars(ctypes)["windll"].user32.SystemParametersInfoW(0x0042, asked.size, ctypes.byref(asked), 0)
    return bool(known and asked.flags & 1)


def apply(
    app: QApplication, theme: str = SYSTEM, scale: float = 1.0, *, contrast: bool | None = None, dressed: bool = True
) -> None:
    """Put theme (system, light, dark) and size of type on the whole application; open windows follow at once.

    Not `dressed`: the sheet waits for `dress`.
    """
    _look.asked, _look.scale = theme, scale
    _look.theme = system_theme() if theme == SYSTEM else theme
    in_contrast = high_contrast() if contrast is None else contrast
    _look.hexes = _contrast_column() if in_contrast else column(_look.theme)
    _look.colours, _look.measures, _look.advances = {}, {}, {}
    _set_font(app)
    app.setPalette(_system_palette() if in_contrast else _palette())
    pictures = (resources() / "icons" / "sheet").as_posix()
    _look.sheet = sheet.filled(_look.hexes, _look.theme, pictures, scale)
    if dressed:
        dress(app)


def dress(app: QApplication) -> None:
    """Put the sheet on. Before a first window is made it would be looked through again for each layout that takes widgets in."""
    if app.styleSheet() != _look.sheet:
        app.setStyleSheet(_look.sheet)


def follow_system(app: QApplication, also: Callable[[], None] | None = None) -> None:
    """Change with the system as long as the setting says so."""
    app.styleHints().colorSchemeChanged.connect(partial(_system_changed, app, also))


def _system_changed(app: QApplication, also: Callable[[], None] | None, _scheme: object) -> None:
    if _look.asked == SYSTEM and system_theme() != _look.theme:
        apply(app, SYSTEM, _look.scale)
        if also is not None:
            also()


def polish(widget: QWidget, **properties: str) -> None:
    """Set dynamic properties and let the sheet look again."""
    if all(widget.property(name) == value for name, value in properties.items()):
        return
    for name, value in properties.items():
        widget.setProperty(name, value)
    # What has not been shown yet has not been looked at either.
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()


def _palette() -> QPalette:
    palette = QPalette()
    for role, token in _ROLES.items():
        palette.setColor(QPalette.ColorRole[role], colour(token))
    for role in ("WindowText", "Text", "ButtonText"):
        palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole[role], colour("text3"))
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Base, colour("mute-soft"))
    return palette


def _system_palette() -> QPalette:
    return QApplication.style().standardPalette()


def _contrast_column() -> dict[str, str]:
    palette = _system_palette()
    soft = {name: "Base" for name in column(LIGHT) if name.endswith("-soft")}
    roles = dict.fromkeys(column(LIGHT), "WindowText") | _SYSTEM_ROLES | soft
    return {name: palette.color(QPalette.ColorRole[role]).name().upper() for name, role in roles.items()}


def _set_font(app: QApplication) -> None:
    if not _look.family:
        _look.family = _family(app)
        # Names hold characters that few fonts have; Qt falls back to this one for them.
        QFontDatabase.addApplicationFont(str(resources() / "fonts" / "LXGWWenKai-Regular.ttf"))
    made = QFont(_look.family)
    made.setPixelSize(px(BODY))
    made.setHintingPreference(
        QFont.HintingPreference.PreferNoHinting if sys.platform == "darwin" else QFont.HintingPreference.PreferDefaultHinting
    )
    app.setFont(made)


def _family(app: QApplication) -> str:
    """The system's font where it shows Chinese, else a known Chinese one, else the bundled one."""
    chinese = set(QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese))
    own = app.font().family()
    if own in chinese:
        return own
    found = next((name for name in CHINESE_FONTS if name in chinese), "")
    if found or chinese:
        return found or own
    for weight in ("Regular", "Bold"):
        QFontDatabase.addApplicationFont(str(resources() / "fonts" / f"NotoSansSC-{weight}.ttf"))
    return "Noto Sans SC"
