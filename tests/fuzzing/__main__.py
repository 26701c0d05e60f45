"""`python -m tests.fuzzing`: changed inputs, guided by coverage, for all that comes in; exits 1 where anything goes wrong.

Needs atheris (`pip install atheris`; it is no part of the environment), on Linux with CPython 3.11 to 3.13. Inputs and
findings are kept in out/fuzzing, from where the next run goes on; the report is REPORT.md beside this file. An error that
is no sentence for people, 10 seconds, or 1 GB of memory are a finding.

python -m tests.fuzzing                          ten minutes for each
python -m tests.fuzzing --minutes 3 --only tables days
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from tests.fuzzing.harnesses import HARNESSES

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "out" / "fuzzing"
_COVERAGE = re.compile(r"cov: (\d+) ft: (\d+) corp: (\d+)")
_RUNS = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
_MEMORY = re.compile(r"stat::peak_rss_mb:\s*(\d+)")


class Ran(NamedTuple):
    """What came of a harness: inputs tried, places reached at first and at last, inputs kept, most memory in MB, findings."""

    minutes: float
    runs: int
    first: int
    last: int
    corpus: int
    memory: int
    findings: list[str]


def main() -> int:
    """Run, write the report, and say what was found."""
    asked = _arguments()
    if importlib.util.find_spec("atheris") is None:
        print("This needs atheris (pip install atheris), on Linux with CPython 3.11 to 3.13.", file=sys.stderr)
        return 2
    os.nice(10)
    results = _known()
    for name in asked.only or HARNESSES:
        results[name] = _run(name, asked.minutes)
        print(f"{name}: {_line(results[name])}", flush=True)
        for finding in results[name].findings:
            print(f"    {finding}", flush=True)
        (FOLDER / "results.json").write_text(json.dumps(results, ensure_ascii=False, indent=1), encoding="utf-8")
    _write(results)
    return int(any(ran.findings for ran in results.values()))


def _known() -> dict[str, Ran]:
    path = FOLDER / "results.json"
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {name: Ran(*kept[name]) for name in HARNESSES if name in kept}


def _run(name: str, minutes: float) -> Ran:
    folder = FOLDER / name
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for old in [*folder.glob("found-*"), *folder.glob("stopped-*")]:
        old.unlink()
    seeding = f"from tests.fuzzing.__main__ import seed; seed({name!r})"
    subprocess.run([sys.executable, "-c", seeding], cwd=ROOT, env=_environment(), check=True)
    command = [sys.executable, "-m", "tests.fuzzing.child", name, str(folder), str(int(minutes * 60))]
    with (folder / "log.txt").open("w+") as log:
        code = subprocess.run(command, cwd=ROOT, stdout=log, stderr=log, env=_environment()).returncode
        log.seek(0)
        told = log.read()
    findings = [_told(path) for path in sorted(folder.glob("found-*.json"))]
    findings += [f"stopped: {path.name} ({path.stat().st_size} bytes)" for path in sorted(folder.glob("stopped-*"))]
    if code and not findings:
        findings.append(f"ended with {code}: {' '.join(told.splitlines()[-3:])[-300:]}")
    seen = [tuple(map(int, found)) for found in _COVERAGE.findall(told)] or [(0, 0, 0)]
    runs, memory = (int(found[1]) if (found := form.search(told)) else 0 for form in (_RUNS, _MEMORY))
    return Ran(minutes, runs, seen[0][0], seen[-1][0], len(list(corpus.iterdir())), memory, findings)


def seed(name: str) -> None:
    """Write the first inputs, where they are not there yet; in a process of its own, for it opens branches."""
    corpus = FOLDER / name / "corpus"
    for content in HARNESSES[name].seeds():
        path = corpus / hashlib.sha1(content, usedforsecurity=False).hexdigest()
        if not path.exists():
            path.write_bytes(content)


def _environment() -> dict[str, str]:
    return os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}


def _told(path: Path) -> str:
    found = json.loads(path.read_text(encoding="utf-8"))
    return f"{found['where']}: {found['what'][:120]!a} ({path.with_suffix('.bin').name})"


def _line(ran: Ran) -> str:
    return (
        f"{ran.runs:,} inputs in {ran.minutes:g} min, places reached {ran.first:,} → {ran.last:,}, {ran.corpus:,} inputs kept, "
        f"{ran.memory} MB, {len(ran.findings)} findings"
    )


def _write(results: dict[str, Ran]) -> None:
    lines = [
        "# What changed inputs did to what comes in",
        "",
        f"Written by `python -m tests.fuzzing` on {date.today().isoformat()} with atheris {version('atheris')} on CPython",
        f"{sys.version.split()[0]}. An error that is no sentence for people, 10 seconds or 1 GB of memory are findings. Places",
        "are those of our own code that the first inputs reached, and that the changed ones reached in the end. What was found",
        "and mended stands as tests in `tests/services/test_once_broke.py`.",
        "",
        "| harness | what | minutes | inputs | places at first | at last | inputs kept | memory MB | findings |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, ran in results.items():
        figures = (ran.runs, ran.first, ran.last, ran.corpus, ran.memory, len(ran.findings))
        cells = " | ".join(f"{figure:,}" for figure in figures)
        lines.append(f"| {name} | {HARNESSES[name].about} | {ran.minutes:g} | {cells} |")
    found = [f"- {name}: {finding}" for name, ran in results.items() for finding in ran.findings]
    lines += ["", "## Findings of this run", "", *(found or ["None."])]
    (Path(__file__).parent / "REPORT.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzzing", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=10, help="for each harness (10)")
    parser.add_argument("--only", nargs="+", choices=list(HARNESSES), metavar="NAME", help=", ".join(HARNESSES))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
