"""What backups hold, as the page, the dialogs and the red bar show it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.core import formats
from app.core.language import _
from app.services.arriving import Held
from app.services.backup_places import Backup
from app.services.restoring import TOLD, Present
from app.views.pieces.basics import box, hairline, label


def both_sides(backup: Backup, there: Present | None) -> QWidget:
    """The present data and the backup beside each other: dates and counts; where both differ the backup's stands out."""
    holder = box("block")
    grid = QGridLayout(holder)
    grid.setContentsMargins(14, 10, 14, 10)
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(3)
    held, zone = backup.manifest, ZoneInfo(backup.manifest.time_zone)
    lines = [
        (_("Last entry"), _when(there and there.last_at, zone), _when(held.last_at, zone)),
        *(
            (_(word), f"{there.counts.get(table, 0):,}" if there else "—", f"{held.counts.get(table, 0):,}")
            for table, word in TOLD
        ),
    ]
    made = _("Backup of {when}").format(when=f"{backup.local:%Y-%m-%d %H:%M}")
    for place, word in enumerate((_("Now"), made), 1):
        grid.addWidget(label(word, "hint"), 0, place, Qt.AlignmentFlag.AlignRight)
    grid.addWidget(hairline(), 1, 0, 1, 3)
    for place, (word, now, then) in enumerate(lines, 2):
        grid.addWidget(label(word, "secondary"), place, 0)
        grid.addWidget(label(now), place, 1, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(label(then, "strong" if now != then else ""), place, 2, Qt.AlignmentFlag.AlignRight)
    grid.setColumnStretch(0, 1)
    return holder


def held_card(held: Held) -> QWidget:
    """What a file from another computer holds: branch, dates and counts."""
    holder = box("block")
    grid = QGridLayout(holder)
    grid.setContentsMargins(14, 10, 14, 10)
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(3)
    lines = [
        (_("Branch"), f"{held.name} {held.code}".strip() or "—"),
        (_("Made at"), f"{held.made_at:%Y-%m-%d %H:%M}" if held.made_at else "—"),
        *([(_("Last entry"), f"{held.last_at:%Y-%m-%d %H:%M}")] if held.last_at else []),
        *((_(word), f"{held.counts.get(table, 0):,}") for table, word in TOLD),
    ]
    for place, (word, shown) in enumerate(lines):
        grid.addWidget(label(word, "secondary"), place, 0)
        grid.addWidget(label(shown, "strong"), place, 1, Qt.AlignmentFlag.AlignRight)
    grid.setColumnStretch(0, 1)
    return holder


def _when(at: datetime | None, zone: ZoneInfo) -> str:
    return "—" if at is None else f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def held_words(backup: Backup) -> str:
    """What a backup holds, in a line."""
    counts = backup.manifest.counts
    return _(", ").join(f"{_(word)} {counts.get(table, 0):,}" for table, word in TOLD[:4])


def ago(at: datetime | None, now: datetime) -> str:
    """When, in words near today."""
    return _("never") if at is None else formats.near(at, now)
