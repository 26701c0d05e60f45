"""The sizes of dialogs in which one reads, kept with what else this desk remembers."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog

from app.core.preferences import Preferences

_KEPT = "dialogs"


def restore(dialog: QDialog, name: str) -> None:
    """As large as it was left, as far as the screen and what stands in it let it."""
    if (kept := _preferences(dialog)) is not None and (size := _sizes(kept).get(name)) is not None:
        dialog.resize(QSize(*size).boundedTo(dialog.screen().availableSize()).expandedTo(dialog.minimumSizeHint()))


def keep(dialog: QDialog, name: str) -> None:
    """Its size of now."""
    if (kept := _preferences(dialog)) is not None:
        kept.put(_KEPT, _sizes(kept) | {name: [dialog.width(), dialog.height()]})


def _preferences(dialog: QDialog) -> Preferences | None:
    """Those of the desk before whose window it stands."""
    above = dialog.parentWidget()
    desk = getattr(above.window(), "desk", None) if above is not None else None
    return desk.preferences if desk is not None else None


def _sizes(kept: Preferences) -> dict[str, Any]:
    found = kept.get(_KEPT)
    return found if isinstance(found, dict) else {}
