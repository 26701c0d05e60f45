"""Loading Qt: called by the door before anything else of the window is imported."""

from __future__ import annotations

import builtins
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.machinery import ModuleSpec
from types import ModuleType, SimpleNamespace

from app.views import enumerations

_TOOLS = "shibokensupport.signature.lib"
_UNUSED = ("pyi_generator", "enum_sig")
"""Of PySide's support: what writes stub files, and what only that asks. It loads them at each start and never asks them."""


def load() -> None:
    """Load PySide6, where four things stand in the way of a quick start.

    It compiles the source of its support anew each time, with two large patterns: what is not used of it is left out. It sets an
    import of its own that reads through the source of every module imported from then on, in search of switches (`__feature__`)
    that this program does not use: Python's is put back. Of its 13,000 references to Qt's functions few are ever followed: each
    is looked up when it is. And its enumerations are made quickly.
    """
    enumerations.make_quickly()
    usual = getattr(builtins, "__orig_import__", builtins.__import__)
    builtins.__import__ = partial(_lean, usual)  # type: ignore[assignment]
    try:
        with _bound_when_called():
            import PySide6.QtWidgets as _widgets  # noqa: F401 - loading it is the point
    finally:
        builtins.__import__ = vars(builtins)["__orig_import__"] = usual


@contextmanager
def _bound_when_called() -> Iterator[None]:
    """What libraries are loaded inside look up a function of another one when they first call it, not all while they are loaded.

    Windows has no such choice.
    """
    if sys.platform == "win32":
        yield
        return
    usual = sys.getdlopenflags()
    sys.setdlopenflags(os.RTLD_LAZY)
    try:
        yield
    finally:
        sys.setdlopenflags(usual)


def _lean(usual: Callable[..., object], name: str, *others: object, **named: object) -> object:
    """Import, but empty modules for what PySide only keeps."""
    unused = [one for one in _UNUSED if name == _TOOLS and others[2:3] == ((one,),)]
    if not unused:
        return usual(name, *others, **named)
    made = ModuleType(f"{_TOOLS}.{unused[0]}")
    made.__spec__ = ModuleSpec(made.__name__, None)
    return SimpleNamespace(**{unused[0]: made})


@contextmanager
def no_abort(sentence: str) -> Iterator[None]:
    """Qt aborts the program where it cannot reach the screen: say the sentence and Qt's reason instead, and end it in order."""
    from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler  # heavy: only once it is loaded

    heard: list[str] = []

    def hear(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
        heard.append(message.partition("\n")[0])
        if kind is QtMsgType.QtFatalMsg:
            sys.stderr.write(f"{sentence} ({heard[0]})\n")
            sys.stderr.flush()
            os._exit(1)

    usual = qInstallMessageHandler(hear)
    try:
        yield
    finally:
        qInstallMessageHandler(usual)
    sys.stderr.writelines(f"{line}\n" for line in heard)
