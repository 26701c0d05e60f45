"""Modules of Python that others import for what they rarely do, imported once it is done."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.machinery import ModuleSpec
from threading import RLock
from types import ModuleType

_lock = RLock()


class Later(ModuleType):
    """Stands for a module until somebody asks for something in it; what was asked for once it knows itself."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__spec__ = ModuleSpec(name, None)

    def __getattr__(self, asked: str) -> object:
        with _lock:
            if sys.modules.get(self.__name__) is self:
                del sys.modules[self.__name__]
        found: object = getattr(import_module(self.__name__), asked)
        vars(self)[asked] = found
        return found


def later(*names: str) -> None:
    """Who imports one of these modules from now on gets what stands for it; nothing changes for one that is there."""
    for name in names:
        sys.modules.setdefault(name, Later(name))
