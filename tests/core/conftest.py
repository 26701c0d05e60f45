"""What the tests of the key file stand on."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core import keyring
from tests.core.protected import protected


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords that cost next to nothing; what they cost in earnest is measured by itself."""
    monkeypatch.setattr(keyring, "COST", (1, 64, 1))


@pytest.fixture
def made(tmp_path: Path, quick: None) -> keyring.Made:
    return protected(tmp_path)
