"""What a desk remembers: it costs memory, never work."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core import preferences
from app.core.preferences import Preferences


def test_what_was_put_is_there_at_the_next_start(tmp_path: Path) -> None:
    Preferences(tmp_path).put("width", 1366)
    assert Preferences(tmp_path).get("width") == 1366


def test_a_disk_that_refuses_costs_memory_and_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Preferences(tmp_path).put("width", 1366)

    def refuse(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    monkeypatch.setattr("os.replace", refuse)
    Preferences(tmp_path).put("width", 1920)
    assert [path.name for path in tmp_path.iterdir()] == [preferences.FILE_NAME]
    assert Preferences(tmp_path).get("width") == 1366
