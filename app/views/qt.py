"""Loading Qt: called by the door before anything else of the window is imported."""

from __future__ import annotations

import builtins
import gc


def load() -> None:
    """Load PySide6, which has two things to be made good for a quick start.

    It sets an import of its own that reads through the source of every module imported from then on, in search of switches
    (`__feature__`) that this program does not use: Python's is put back. And of the many objects that are made until the
    window stands nearly all stay: looking for garbage among them waits until `open_window` has shown it.
    """
    gc.disable()
    import PySide6.QtWidgets as _widgets  # noqa: F401 - loading it is the point

    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
