"""What was measured, as a page to read: ratios to the floor, whether the goals are met, and what grows with what."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from benchmarks.timing import Result

_INTRODUCTION = """# What the program costs beside the least it could cost

Written by `python -m benchmarks`. Each row compares the program with a floor that does the same work with nothing of
the program above the library: both in turns in the same run, medians. Ratios count, times do not: the machine had
{cores} shared cores on which others worked ({system}, CPython {python}, {day}). A goal is the most the ratio may be.
Peers (Tryton, WeasyPrint, LibreOffice) were not installed and are left out.
"""


def line(result: Result) -> str:
    """One result for the screen."""
    goal = f"{result.goal_said} {'' if result.reached else 'MISSED'}"
    return (
        f"{result.measure:9} {result.what:42} {result.size:>9,} {result.ours:10.2f} {result.floor:10.2f} {result.unit:6}"
        f"{result.ratio:7.2f} {goal:14} {result.note}"
    )


def written(results: Sequence[Result]) -> str:
    """The whole report."""
    start = _INTRODUCTION.format(
        cores=os.cpu_count(), system=platform.platform(terse=True), python=platform.python_version(), day=datetime.now(UTC).date()
    )
    return "\n".join([start, *_summary(results), *_growth(results), *_all(results)])


def with_section(page: str, title: str, section: str) -> str:
    """The page with a section of that title at its end, in place of the one it had."""
    return f"{page.partition(title)[0].rstrip()}\n\n{section}"


def section_of(page: str, title: str) -> str:
    """The section of that title, the last of the page; empty where it has none."""
    return "".join(page.partition(title)[1:])


def _summary(results: Iterable[Result]) -> list[str]:
    missed = [one for one in results if not one.reached]
    if not missed:
        return ["All goals are met.", ""]
    rows = [f"- {one.measure}, {one.what} at {one.size:,}: {one.ratio:.2f} (goal {one.goal_said})" for one in missed]
    return ["Goals that are missed:", "", *rows, ""]


def _growth(results: Sequence[Result]) -> list[str]:
    """One row per measure: the program's own times over the sizes."""
    sizes = sorted({one.size for one in results})
    kinds = list(dict.fromkeys((one.measure, one.what, one.unit) for one in results))
    found = {(one.measure, one.what, one.size): one for one in results}
    head = [
        "## What grows with what", "", f"| measure | {' | '.join(f'{size:,}' for size in sizes)} | last ÷ first |",
        f"|---|{'--:|' * (len(sizes) + 1)}",
    ]  # fmt: skip
    rows = []
    for measure, what, unit in kinds:
        values = [found.get((measure, what, size)) for size in sizes]
        shown = [f"{one.ours:,.2f} {unit}" if one else "" for one in values]
        grown = f"{values[-1].ours / values[0].ours:.1f}" if values[0] and values[-1] and values[0].ours else ""
        rows.append(f"| {measure}: {what} | {' | '.join(shown)} | {grown} |")
    return [*head, *rows, ""]


def _all(results: Sequence[Result]) -> list[str]:
    lines = ["## Beside the floor", ""]
    for measure in dict.fromkeys(one.measure for one in results):
        lines += [
            f"### {measure}",
            "",
            "| what | complaints | program | floor | ratio | goal | |",
            "|---|--:|--:|--:|--:|---|---|",
        ]
        lines += [_row(one) for one in results if one.measure == measure]
        lines.append("")
    return lines


def _row(one: Result) -> str:
    goal = f"{one.goal_said}{'' if one.reached else ' **missed**'}"
    measured = f"{one.ours:,.2f} {one.unit} | {one.floor:,.2f} {one.unit} | {one.ratio:.2f}"
    return f"| {one.what} | {one.size:,} | {measured} | {goal} | {one.note} |"
