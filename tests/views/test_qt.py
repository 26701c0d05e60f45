"""Loading Qt leaves Python's own import in place."""

from __future__ import annotations

import builtins
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.views import application, qt
from app.views.messages import Dialog
from app.views.window import Window
from tests.views.stage import Told, press

ROOT = Path(__file__).resolve().parents[2]


def test_modules_imported_after_qt_are_not_searched_for_its_switches() -> None:
    qt.load()
    assert builtins.__import__ is not vars(builtins)["__feature_import__"]
    assert builtins.__import__ is vars(builtins)["__orig_import__"]


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system has one zone for all programs")
def test_a_fault_is_told_at_the_time_of_the_window(
    window: Window, told: Told, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The computer may stand in another zone than the branch, whose time all else shows."""
    reports: list[str] = []

    def read(dialog: Dialog) -> None:
        reports.extend(one.toPlainText() for one in dialog.findChildren(QPlainTextEdit))
        press(dialog, "dialog_close")

    told.answers.append(read)
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "UTC")
        time.tzset()
        application._broken(ValueError, ValueError("x"), None)
        qtbot.waitUntil(lambda: bool(reports))
    time.tzset()
    assert "+08:00" in told.dialogs[0]
    assert reports[0].splitlines()[0].endswith("+08:00 kesu.log")


def test_loading_twice_changes_nothing() -> None:
    qt.load()
    before = builtins.__import__, sys.getdlopenflags()
    qt.load()
    assert (builtins.__import__, sys.getdlopenflags()) == before


_LEFT_OUT = """
import builtins, os, sys
usual = builtins.__import__
class Watching:
    def find_spec(self, name, path=None, target=None):
        if name == "PySide6.QtWidgets":
            print("flags", sys.getdlopenflags() == os.RTLD_LAZY)
sys.meta_path.insert(0, Watching())
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


def test_of_qt_s_support_only_what_is_used_is_loaded_and_functions_are_bound_when_called() -> None:
    done = subprocess.run([sys.executable, "-c", _LEFT_OUT], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split("\n")[:4] == ["flags True", "True", "[]", "True"]


_SPOKEN = """
import sys
from app.views import application, pictures, qt
qt.load()
from PySide6.QtCore import QCoreApplication as Qt
app = application.prepare(["kesu", "-platform", "offscreen"])
application.speak(app, sys.argv[1])
print(Qt.translate("Nobody", "Unknown"), Qt.translate("QPlatformTheme", "Cancel"), Qt.translate("QFileDialog", "Folder"))
print(pictures.look_of(bytes.fromhex(sys.argv[2])).name)
"""
_PNG = "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"


@pytest.mark.parametrize(("language", "words"), [("en", "Unknown Cancel Folder"), ("zh_CN", "Unknown 取消 文件夹")])
def test_what_nobody_translates_is_said_as_qt_says_it(language: str, words: str) -> None:
    """Said as nothing, it took a button's word, and from a reader of pictures the error by which it leaves them to another."""
    done = subprocess.run(
        [sys.executable, "-c", _SPOKEN, language, _PNG], capture_output=True, encoding="utf-8", check=True, cwd=ROOT
    )
    assert done.stdout.split("\n")[:2] == [words, "PICTURE"]
