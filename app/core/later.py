"""Modules of Python that others import for what they rarely do, imported once it is done."""

from __future__ import annotations

import sys
from importlib import import_module
from threading import Lock
from types import ModuleType

_lock = Lock()


class Later(ModuleType):
    """Stands for a module until somebody asks for something in it."""

    def __getattr__(self, asked: str) -> object:
        with _lock:
            if sys.modules.get(self.__name__) is self:
                del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), asked)


def later(*names: str) -> None:
    """Who imports one of these modules from now on gets what stands for it; nothing changes for one that is there."""
    for name in names:
        sys.modules.setdefault(name, Later(name))
