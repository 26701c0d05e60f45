"""A plugin of pytest for a control: the table of roles is not asked."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    from app.models import permissions

    monkeypatch.setattr(permissions, "require", lambda _session, _verb: None)
