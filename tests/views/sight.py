"""What an attentive person sees wrong in a window: cut words, things that overlap or stick out, controls without a name.

Each function gives findings as lines; no line, nothing wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QScrollBar,
    QTableView,
    QWidget,
)

from app.core.language import translated
from app.views import style
from app.views.bench_lines import Line, Station
from app.views.import_columns import FirstValues
from app.views.pieces.basics import Button, KeyMark
from app.views.pieces.choosers import Segment
from app.views.pieces.figures import KeyFigure
from app.views.pieces.heads import Elided
from app.views.pieces.pills import Pill
from app.views.pieces.stations import StationButton
from app.views.sidebar import NavItem
from app.views.toast import Toast

TAGS = re.compile(r"<[^>]*>")
BREAKS = re.compile(r"(?<=[-/\u200b])|\s+")
"""Where a line may end within Western words."""
ROUNDING = 2
"""Widths of texts are rounded up at some places and down at others."""
PAINTED = (Line, Station, StationButton, FirstValues)
"""They end in dots what does not fit; all their words stand in the tool tip."""
SQUEEZED = (KeyFigure, NavItem)
"""They may be smaller than they would like, down to a limit of their own."""
SIZED = (Pill, KeyMark, Segment, *SQUEEZED)
CONTROLS = (QAbstractButton, QLineEdit, QComboBox, QPlainTextEdit, QAbstractItemView)


def everything(root: QWidget) -> list[str]:
    """All that is wrong within a window."""
    seen = list(visible(root))
    found = [f"{name_of(one)}: {what}" for one in seen for what in (*cut(one), *scrolled_sideways(one), *nameless(one))]
    found += [what for one in seen for what in (*overlaps(one), *outside(one))]
    return found + loud(seen)


def visible(widget: QWidget) -> Iterator[QWidget]:
    """A widget and all that is seen within it."""
    yield widget
    for child in widget.children():
        if isinstance(child, QWidget) and child.isVisible() and not child.isWindow():
            yield from visible(child)


def name_of(widget: QWidget) -> str:
    """So that it can be found in the code."""
    return f"{type(widget).__name__} {widget.objectName() or words_on(widget)!r}"


def words_on(widget: QWidget) -> str:
    """What stands on a label or button."""
    return widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""


def cut(widget: QWidget) -> Iterator[str]:
    """Words that do not fit their widget, and painted ones that cannot be read in full anywhere."""
    if isinstance(widget, QLabel):
        yield from _cut_label(widget)
    elif isinstance(widget, PAINTED):
        words = _told(widget)
        if words and not all(word in widget.toolTip() for word in words.split()):
            yield f"{words!r} is not in its tool tip"
    elif isinstance(widget, Button | QCheckBox):
        yield from _cut_button(widget)
    elif isinstance(widget, SIZED):
        yield from _smaller(widget, _least(widget))
    elif isinstance(widget, QLineEdit):
        room = widget.width() - 20 - (26 if widget.actions() else 0)
        yield from _cut_words(widget, widget.placeholderText() if not widget.text() else "", room)
    elif isinstance(widget, QComboBox):
        yield from _cut_words(widget, widget.currentText(), widget.width() - 34)
    elif isinstance(widget, QHeaderView):
        yield from _cut_heads(widget)


def _least(widget: QWidget) -> QSize:
    return widget.minimumSizeHint() if isinstance(widget, SQUEEZED) else widget.sizeHint()


def _cut_label(label: QLabel) -> Iterator[str]:
    if isinstance(label, Elided):
        if label.text() != _told(label) != label.toolTip():
            yield f"{_told(label)!r} is cut and not in its tool tip"
        return
    if not label.text() or _whole_in_tip(label, label.text()):
        return
    if label.wordWrap():
        needed = label.heightForWidth(label.width())
        if label.height() + ROUNDING < needed:
            yield f"is {label.height()} high and needs {needed} for {label.text()[:40]!r}"
        widest = max(
            (label.fontMetrics().horizontalAdvance(word) for word in BREAKS.split(TAGS.sub("", label.text())) if word.isascii()),
            default=0,
        )
        if label.width() + ROUNDING < widest:
            yield f"is {label.width()} wide and has a word of {widest}: {label.text()[:40]!r}"
    else:
        yield from _smaller(label, label.sizeHint())


def _cut_button(button: QAbstractButton) -> Iterator[str]:
    if not _whole_in_tip(button, _told(button)):
        yield from _smaller(button, button.sizeHint())


def _whole_in_tip(widget: QWidget, words: str) -> bool:
    return bool(words) and words in widget.toolTip()


def _smaller(widget: QWidget, wanted: QSize) -> Iterator[str]:
    width, height = wanted.width(), wanted.height()
    if widget.width() + ROUNDING < width or widget.height() + ROUNDING < height:
        yield f"is {widget.width()}×{widget.height()} and needs {width}×{height}"


def _cut_words(widget: QWidget, words: str, room: int) -> Iterator[str]:
    needed = widget.fontMetrics().horizontalAdvance(words)
    if needed > room + ROUNDING and not _whole_in_tip(widget, words):
        yield f"has room of {room} and needs {needed} for {words!r}"


def _cut_heads(head: QHeaderView) -> Iterator[str]:
    table = head.parentWidget()
    if not isinstance(table, QTableView) or head.orientation() != Qt.Orientation.Horizontal:
        return
    for place in range(head.count()):
        words = str(head.model().headerData(place, Qt.Orientation.Horizontal) or "")
        needed = style.metrics(style.SMALL).horizontalAdvance(words) + 20
        if not head.isSectionHidden(place) and needed > head.sectionSize(place):
            yield f"column {words!r} has only {head.sectionSize(place)}"


def scrolled_sideways(widget: QWidget) -> Iterator[str]:
    """A page that must be scrolled sideways hides what stands at its right."""
    if isinstance(widget, QScrollArea) and widget.horizontalScrollBar().maximum() > 0:
        yield f"its content is {widget.horizontalScrollBar().maximum()} too wide"


def overlaps(parent: QWidget) -> Iterator[str]:
    """Children of one layout that lie on each other."""
    if parent.layout() is None:
        return
    children = [one for one in _children(parent) if not one.isWindow() and not isinstance(one, Toast)]
    for one, other in combinations(children, 2):
        common = one.geometry().intersected(other.geometry())
        if common.width() > ROUNDING and common.height() > ROUNDING:
            yield f"{name_of(one)} and {name_of(other)} overlap by {common.width()}×{common.height()}"


def outside(parent: QWidget) -> Iterator[str]:
    """Children that stick out of their parent, where nothing can be scrolled."""
    if _scrolls(parent):
        return
    room = parent.rect().adjusted(-ROUNDING, -ROUNDING, ROUNDING, ROUNDING)
    for child in _children(parent):
        if not child.isWindow() and not room.contains(child.geometry()):
            yield f"{name_of(child)} lies at {_place(child.geometry())} in {name_of(parent)} of {_place(parent.rect())}"


def _children(parent: QWidget) -> list[QWidget]:
    found = parent.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return [one for one in found if one.isVisible() and not isinstance(one, QScrollBar)]


def _scrolls(widget: QWidget) -> bool:
    above = widget.parentWidget()
    within = isinstance(above, QAbstractScrollArea) and above.viewport() is widget
    return within or isinstance(widget, QAbstractItemView | QHeaderView | QComboBox | QLineEdit)


def _place(rect: QRect) -> str:
    return f"{rect.x()},{rect.y()} {rect.width()}×{rect.height()}"


def nameless(widget: QWidget) -> Iterator[str]:
    """A control that a screen reader cannot name."""
    own = isinstance(widget, CONTROLS) or widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    inner = isinstance(widget, QHeaderView) or widget.objectName().startswith("qt_") or _scrolls(widget.parentWidget() or widget)
    if own and not inner and not isinstance(widget, QScrollArea) and not _told(widget):
        yield "has no name for those who do not see it"


def _told(widget: QWidget) -> str:
    found = QAccessible.queryAccessibleInterface(widget)
    return found.text(QAccessible.Text.Name) if found is not None else ""


def loud(seen: list[QWidget]) -> list[str]:
    """More than one filled button."""
    filled = [name_of(one) for one in seen if isinstance(one, Button) and one.property("kind") == "primary"]
    return [f"{len(filled)} filled buttons: {', '.join(filled)}"] if len(filled) > 1 else []


def english_left(root: QWidget) -> list[str]:
    """Words that the catalogue has in Chinese and the Chinese window shows in English."""
    found = []
    for one in visible(root):
        said = {words_on(one), one.toolTip(), one.accessibleName(), one.accessibleDescription()}
        said |= {one.placeholderText()} if isinstance(one, QLineEdit) else set()
        found += [f"{name_of(one)}: {words!r}" for words in said if words and translated(words, "zh_CN") != words]
    return found
