"""Loading Qt leaves Python's own import in place."""

from __future__ import annotations

import builtins
import gc
from collections.abc import Iterator

import pytest

from app.views import qt


@pytest.fixture(autouse=True)
def _collecting() -> Iterator[None]:
    yield
    gc.enable()


def test_modules_imported_after_qt_are_not_searched_for_its_switches() -> None:
    qt.load()
    assert builtins.__import__ is not vars(builtins)["__feature_import__"]
    assert builtins.__import__ is vars(builtins)["__orig_import__"]


def test_loading_twice_changes_nothing() -> None:
    qt.load()
    before = builtins.__import__
    qt.load()
    assert builtins.__import__ is before
