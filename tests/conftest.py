"""What every test stands on: no screen, no trace of the person who runs it, English words unless a test chooses others."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

# Before anything imports Qt: it reads these once.
os.environ["QT_QPA_PLATFORM"] = os.environ.get("KESU_TEST_PLATFORM", "offscreen")
os.environ["QT_LOGGING_RULES"] = "qt.qpa.fonts=false"
for name in [name for name in os.environ if name.startswith("KESU_") and name != "KESU_TEST_PLATFORM"]:
    del os.environ[name]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Each test starts in English, whatever the one before chose."""
    from app.core import language

    language.choose("en")
    yield
    language.choose("en")


@pytest.fixture(autouse=True)
def _homeless(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test reads or writes the data folder or the settings of the person who runs it."""
    home = tmp_path_factory.getbasetemp() / "home"
    home.mkdir(exist_ok=True)
    for variable in ("HOME", "USERPROFILE", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(home))
