"""Loading Qt leaves Python's own import in place."""

from __future__ import annotations

import builtins
import gc
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.views import qt

ROOT = Path(__file__).resolve().parents[2]


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


_LEFT_OUT = """
import builtins, sys
usual = builtins.__import__
from app.views import qt
qt.load()
qt.load()
print(builtins.__import__ is usual)
from PySide6.QtWidgets import QApplication, QLabel
support = [sys.modules["PySide6.support.signature.lib." + one] for one in ("pyi_generator", "enum_sig")]
print([one for module in support for one in vars(module) if not one.startswith("__")])
app = QApplication(["kesu", "-platform", "offscreen"])
try:
    QLabel().setText(3)
except TypeError as error:
    print("setText(arg__1: str" in str(error))
"""


def test_of_qt_s_support_only_what_is_used_is_loaded() -> None:
    done = subprocess.run([sys.executable, "-c", _LEFT_OUT], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split("\n")[:3] == ["True", "[]", "True"]
