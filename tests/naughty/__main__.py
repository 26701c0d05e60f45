"""`python -m tests.naughty`: every text that breaks programs through the whole product; exits 1 where anything goes wrong."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path
from time import perf_counter

from app.core import language
from tests.naughty.report import Report
from tests.naughty.strings import CHOSEN, LIST, published

_MOST_SHOWN = 40


def main() -> int:
    """Run, and print what came of it."""
    asked = _arguments()
    if not asked.chosen and not LIST.is_file():
        print(f"The published list is not in {LIST} (KESU_TEST_DATA). --chosen tries the others.", file=sys.stderr)
        return 2
    texts = list(dict.fromkeys([*CHOSEN.values(), *([] if asked.chosen else published())]))
    language.choose("zh_CN")
    started = perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        report = _whole(texts, Path(folder))
    print(
        f"{len(texts)} texts, {report.tried:,} combinations, {report.refused:,} refused by a sentence, "
        f"{len(report.faults):,} faults, {perf_counter() - started:.0f} s"
    )
    for where, count in Counter(fault.where for fault in report.faults).most_common():
        print(f"{count:6,}  {where}")
    for fault in report.faults[:_MOST_SHOWN]:
        print(fault)
    return int(bool(report.faults))


def _whole(texts: list[str], folder: Path) -> Report:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_LOGGING_RULES"] = "qt.qpa.fonts=false"
    # Only now: Qt reads these once.
    from tests.naughty.check import check
    from tests.naughty.door import check_commands
    from tests.naughty.registers import check_registers
    from tests.naughty.whole import Product

    for name in ("records", "registers", "commands"):
        (folder / name).mkdir()
    records = check(texts, folder / "records", Product(len(texts), folder))
    return records + check_registers(texts, folder / "registers") + check_commands(texts, folder / "commands")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.naughty", description=__doc__)
    parser.add_argument("--chosen", action="store_true", help="only those that the tests bring along")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
