"""Which page of the handbook helps with what is seen, and the handbook over a dialog."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QFrame, QVBoxLayout, QWidget

from app.core.language import _
from app.services import handbook
from app.views import style

_WIDE, _HIGH = 980, 640


def names(seen: QWidget) -> Iterator[str]:
    """What the handbook may know it by, the most exact first: what it says, the step being taken, its open part, its class."""
    yield str(seen.property("help"))
    yield from (str(part.property("help")) for part in seen.findChildren(QFrame) if part.property("help") and part.isVisible())
    yield from getattr(seen, "help_names", list)()
    yield from (kind.__name__ for kind in type(seen).__mro__)


def chapter_for(seen: QWidget) -> str:
    """The chapter about a page or a dialog; of a dialog that asks for an answer or two the chapter about what is below it."""
    found = handbook.chapter_for(names(seen))
    if not found and isinstance(seen, QDialog) and (parent := seen.parentWidget()) is not None:
        below = parent.window()
        found = chapter_for(getattr(below, "page", below))
    return found or handbook.FIRST


def open_over(dialog: QDialog) -> None:
    """The handbook in front of a dialog, which nothing can be reached beside; Esc leads back into it."""
    from app.views.help_view import HelpView  # heavy: few dialogs are asked about

    shown = QDialog(dialog)
    shown.setObjectName("help_dialog")
    shown.setWindowTitle(_("Handbook"))
    view = HelpView()
    layout = QVBoxLayout(shown)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(view)
    room = dialog.screen().availableGeometry()
    shown.resize(min(style.px(_WIDE), room.width()), min(style.px(_HIGH), room.height() - 40))
    shown.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for key, act in (("Ctrl+F", view.search.setFocus), ("Alt+Left", view.step_back)):
        QShortcut(QKeySequence(key), shown).activated.connect(act)
    view.show_chapter(chapter_for(dialog))
    shown.open()
    view.text.setFocus()
