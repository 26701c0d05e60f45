#!/usr/bin/env python3
# -*- coding: utf-8 -*-
"""Set up what is missing and start Kesu Desk: the door for a fresh machine. Old Pythons must be able to read this file."""

from __future__ import print_function, unicode_literals

import os
import sys

OLDEST, TOO_NEW = (3, 11), (3, 15)
WINDOWS_TOO_OLD = [
    "客诉台需要 64 位的 Windows 10 或 Windows 11。本机的 Windows 太旧（例如 Windows 7、8），不能运行。数据不受影响。",
    "Kesu Desk needs 64-bit Windows 10 or 11. This Windows is too old (7 and 8 are). Nothing was changed.",
]


def unfit(version):
    """The sentences for a Python that cannot run the program; none for one that can."""
    if OLDEST <= tuple(version[:2]) < TOO_NEW:
        return []
    have = "%d.%d" % tuple(version[:2])
    return [
        "客诉台需要 Python 3.11 至 3.14，本机启动的是 %s。请安装其中一个版本，再用它运行 run.py。" % have,
        "Kesu Desk needs Python 3.11 to 3.14; this one is %s. Install one of those and start run.py with it." % have,
    ]


def too_old():
    """The sentences for a system on which no Python that is new enough runs."""
    if sys.version_info < (3, 9):
        windows = getattr(sys, "getwindowsversion", None)
        return WINDOWS_TOO_OLD if windows is not None and windows()[0] < 10 else []
    from app.core.old_systems import of_this_system

    return of_this_system()


if __name__ == "__main__":
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    faults = too_old() or unfit(sys.version_info)
    for fault in faults:
        print(fault.encode("utf-8") if sys.version_info < (3,) else fault, file=sys.stderr)
    if faults:
        sys.exit(1)
    from scripts.first_start import main

    sys.exit(main(sys.argv[1:]))
