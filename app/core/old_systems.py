"""Systems on which Qt does not run: said in both languages before it is loaded, for no catalogue of words is there yet."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

OLDEST_WINDOWS = 10
OLDEST_GLIBC = (2, 28)


def refusal(windows: Sequence[int] = (), libc: str = "") -> list[str]:
    """The sentences for a system that is too old, none for one that will do. `windows`: its version; `libc`: as "glibc 2.36"."""
    if windows and windows[0] < OLDEST_WINDOWS:
        return [
            "客诉台需要 64 位的 Windows 10 或 Windows 11。本机的 Windows 太旧（例如 Windows 7、8），不能运行。数据不受影响。",
            "Kesu Desk needs 64-bit Windows 10 or 11. This Windows is too old (7 and 8 are). Nothing was changed.",
        ]
    name, _gap, number = libc.partition(" ")
    parts = number.split(".")[:2]
    if name == "glibc" and all(part.isdigit() for part in parts) and tuple(map(int, parts)) < OLDEST_GLIBC:
        return [
            f"客诉台需要 glibc 2.28 或更新的系统，本机是 {number}，不能运行。请升级系统。数据不受影响。",
            f"Kesu Desk needs a system with glibc 2.28 or newer; this one has {number}. Update the system. Nothing was changed.",
        ]
    return []


def of_this_system() -> list[str]:
    """The same for the system that the program runs on."""
    if sys.platform == "win32":
        return refusal(windows=sys.getwindowsversion()[:2])
    names = getattr(os, "confstr_names", {})
    return refusal(libc=os.confstr("CS_GNU_LIBC_VERSION") or "") if "CS_GNU_LIBC_VERSION" in names else []


def show(sentences: Sequence[str]) -> None:
    """On standard error, and where a double click leaves nobody to read that, in a box of the system."""
    sys.stderr.write("".join(f"{sentence}\n" for sentence in sentences))
    if sys.platform == "win32":
        import ctypes  # only what cannot start pays for it

        ctypes.windll.user32.MessageBoxW(None, "\n\n".join(sentences), "客诉台 Kesu Desk", 0x10)
