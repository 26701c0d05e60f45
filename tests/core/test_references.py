"""The Qt in use loses no references: PySide6 6.12.0 did, one to None per call, and aborted on Python 3.11."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QObject

CALLS = 10_000


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on: there is nothing to lose")
def test_ten_thousand_calls_keep_their_references_to_none() -> None:
    thing = QObject()
    before = sys.getrefcount(None)
    for _call in range(CALLS):
        thing.setObjectName("a")
    assert abs(sys.getrefcount(None) - before) < CALLS / 10
