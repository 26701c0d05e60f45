#!/usr/bin/env python3
# -*- coding: utf-8 -*-
"""Set up what is missing and start Kesu Desk: the door for a fresh machine. Old Pythons must be able to read this file."""

from __future__ import print_function, unicode_literals

import os
import sys

OLDEST, TOO_NEW = (3, 11), (3, 15)


def unfit(version):
    """The sentences for a Python that cannot run the program; none for one that can."""
    if OLDEST <= tuple(version[:2]) < TOO_NEW:
        return []
    have = "%d.%d" % tuple(version[:2])
    return [
        "客诉台需要 Python 3.11 至 3.14，本机启动的是 %s。请安装其中一个版本，再用它运行 run.py。" % have,
        "Kesu Desk needs Python 3.11 to 3.14; this one is %s. Install one of those and start run.py with it." % have,
    ]


if __name__ == "__main__":
    faults = unfit(sys.version_info)
    for fault in faults:
        print(fault.encode("utf-8") if sys.version_info < (3,) else fault, file=sys.stderr)
    if faults:
        sys.exit(1)
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    from scripts.first_start import main

    sys.exit(main(sys.argv[1:]))
