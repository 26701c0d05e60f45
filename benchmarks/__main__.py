"""`python -m benchmarks`: measures the program beside its floors at several sizes and writes REPORT.md."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from time import perf_counter

from app.core import database, language
from benchmarks import curve, report
from benchmarks.store import Store, opened
from benchmarks.timing import Result

MEASURES: Mapping[str, str] = {
    "start": "windows",
    "list": "lists",
    "board": "boards",
    "search": "searches",
    "save": "saving",
    "open": "opening",
    "figures": "monthly",
    "pdf": "documents",
    "import": "registers",
    "bundle": "bundles",
}
ONCE = ("pdf", "import", "bundle")
"""What does not depend on the store is measured at the first size only."""
SIZES = (1_000, 100_000, 1_000_000)


_REPORT = Path(__file__).with_name("REPORT.md")


def main() -> int:
    """Run what is asked for; a whole run writes the report."""
    asked = _arguments()
    language.choose("zh_CN")
    if asked.curve:
        return _curve(asked)
    results: list[Result] = []
    for size in asked.sizes:
        for name in asked.only:
            if size == asked.sizes[0] or name not in ONCE:
                results += _run(name, size, asked.cache)
    if asked.report:
        before = asked.report.read_text(encoding="utf-8") if asked.report.exists() else ""
        page, kept = report.written(results), report.section_of(before, curve.TITLE)
        asked.report.write_text(report.with_section(page, curve.TITLE, kept) if kept else page, encoding="utf-8")
    return 0


def _curve(asked: argparse.Namespace) -> int:
    """Measure it, and put it into the report."""
    results, path = [], asked.report or _REPORT
    for size in asked.sizes if asked.sizes != SIZES else curve.SIZES:
        for result in curve.measure(size, asked.cache):
            print(report.line(result), flush=True)
            results.append(result)
            page = report.with_section(path.read_text(encoding="utf-8"), curve.TITLE, curve.section(results))
            path.write_text(page, encoding="utf-8")
    return 0


def _run(name: str, size: int, cache: Path) -> Iterator[Result]:
    measure: Callable[[Store], Iterator[Result]] = import_module(f"benchmarks.{MEASURES[name]}").measure
    store, started = opened(size, cache), perf_counter()
    try:
        for result in measure(store):
            print(report.line(result), flush=True)
            yield result
    finally:
        database.close()
    print(f"# {name} at {size:,}: {perf_counter() - started:.0f} s", file=sys.stderr)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", type=_sizes, default=SIZES, help="numbers of complaints, e.g. 1000,100000")
    parser.add_argument("--only", type=_names, default=tuple(MEASURES), help=f"some of {', '.join(MEASURES)}")
    parser.add_argument(
        "--cache", type=Path, default=Path(tempfile.gettempdir()) / "kesu-benchmarks", help="where stores are kept"
    )
    parser.add_argument("--report", type=Path, help="where to write (a whole run: benchmarks/REPORT.md)")
    parser.add_argument("--curve", action="store_true", help="only one month in stores of up to 10 M cases: 12 GB, 20 minutes")
    asked = parser.parse_args()
    asked.cache.mkdir(parents=True, exist_ok=True)
    if asked.report is None and asked.sizes == SIZES and asked.only == tuple(MEASURES):
        asked.report = _REPORT
    return asked


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(size) for size in text.split(","))


def _names(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    for name in names:
        if name not in MEASURES:
            raise argparse.ArgumentTypeError(f"{name} is none of {', '.join(MEASURES)}")
    return names


if __name__ == "__main__":
    sys.exit(main())
