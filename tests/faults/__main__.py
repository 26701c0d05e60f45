"""`python -m tests.faults`: does to the program what must not harm it, as often as was promised, and writes REPORT.md.

Exits 1 where something went wrong, or where a control found nothing.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from tests.faults import report
from tests.faults.trial import MOST_SHOWN, Trial


def main() -> int:
    """Try what is asked for; the page is written after each."""
    os.environ |= {"QT_QPA_PLATFORM": "offscreen", "QT_LOGGING_RULES": "qt.qpa.fonts=false"}
    from tests.faults.trials import TRIALS  # only now: Qt reads these once

    asked = _arguments([trial.name for trial in TRIALS])
    names, red = [trial.name for trial in TRIALS], False
    for trial in TRIALS:
        if asked.only and trial.name not in asked.only:
            continue
        found = _run(trial, max(1, trial.full * asked.percent // 100))
        red = red or report.is_red(found)
        if asked.percent == 100:
            report.write(report.read() | {trial.name: found}, names)
    return int(red)


def _run(trial: Trial, times: int) -> report.Row:
    print(f"{trial.name}: {trial.done}, {times:,} times …", file=sys.stderr, flush=True)
    started = perf_counter()
    with tempfile.TemporaryDirectory(prefix="kesu-faults-") as folder:
        for name in ("act", "control"):
            Path(folder, name).mkdir()
        tried = trial.act(Path(folder, "act"), times)
        control = trial.without(Path(folder, "control"), trial.controls)
    found = report.row(trial, tried, control, perf_counter() - started)
    print(f"{found.name}: {found.times} times, {found.result} · {found.control} · {found.seconds} s", flush=True)
    for wrong in tried.wrong[:MOST_SHOWN]:
        print(f"  {wrong}", flush=True)
    return found


def _arguments(names: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--only", action="append", choices=names, help="may be given several times")
    parser.add_argument("--percent", type=int, default=100, metavar="N", help="of the full number; less than 100 writes no page")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
