"""What view tests stand on: the look on the application, and a fixed moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtWidgets import QApplication

from app.views import style
from tests.views.stage import later as later
from tests.views.stage import told as told
from tests.views.stage import window as window

NOW = datetime(2026, 11, 23, 14, 32, tzinfo=ZoneInfo("Asia/Shanghai"))


def now() -> datetime:
    """Monday, 23 November 2026, 14:32 in Shanghai."""
    return NOW


@pytest.fixture(autouse=True)
def _look(qapp: QApplication) -> Iterator[None]:
    """Fusion and the light theme, as the window has them; applied once, for it takes a while."""
    if style.look().family == "":
        qapp.setStyle("Fusion")
        style.apply(qapp, "light")
    yield
    if style.look().theme != "light" or style.look().scale != 1.0:
        style.apply(qapp, "light")
