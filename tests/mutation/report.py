"""What is known of each mutant, kept in a folder between runs, and the report made of it."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.mutation.mutants import Mutant
from tests.mutation.running import Answer
from tests.mutation.targets import GOAL, GROUPS, TARGETS, Target

PLACE = Path("tests/mutation")
_NOTICED = ("killed", "timeout")


class Results:
    """What was answered about each mutant, by its key, and how many there are: a file for each module."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, dict[str, Any]] = {}
        self.made: dict[str, int] = {}
        for target in TARGETS:
            path = self._path(target)
            kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"made": 0, "known": {}}
            self._known[target.name], self.made[target.name] = kept["known"], kept["made"]

    def _path(self, target: Target) -> Path:
        return self._folder / f"{target.name}.json"

    def of(self, target: Target) -> dict[str, Any]:
        """By key: outcome, line, what was changed."""
        return self._known[target.name]

    def begin(self, target: Target, made: Sequence[Mutant], sample: int | None, survivors: bool) -> list[Mutant]:
        """Forget what is no mutant any more; those that must be asked about: unknown ones, or those not noticed last time."""
        self.made[target.name] = len(made)
        old = self.of(target)
        self._known[target.name] = {one.key: old[one.key] | {"line": one.line} for one in made if one.key in old}
        self._write(target)
        if survivors:
            return [one for one in made if one.key in old and old[one.key]["outcome"] not in _NOTICED]
        return [one for one in sorted(made)[:sample] if one.key not in old]  # keys are hashes: drawn by chance

    def note(self, target: Target, answer: Answer, mutant: Mutant) -> None:
        """Keep an answer at once: a run may be cut off."""
        told = {"line": mutant.line, "before": mutant.before, "after": mutant.after}
        self.of(target)[answer.key] = {"outcome": answer.outcome, "seconds": round(answer.seconds, 1)} | told
        self._write(target)

    def _write(self, target: Target) -> None:
        content = json.dumps({"made": self.made[target.name], "known": self.of(target)}, ensure_ascii=False, indent=1)
        self._path(target).write_text(content, encoding="utf-8")


def _share(noticed: int, whole: int) -> str:
    return f"{noticed / whole * 100:.1f} %" if whole else "—"


def _counts(outcomes: Iterable[dict[str, Any]]) -> tuple[int, int, int]:
    """Mutants, noticed ones, those that a test hung on."""
    found = Counter(one["outcome"] for one in outcomes)
    return sum(found.values()), sum(found[one] for one in _NOTICED), found["timeout"]


def line_of(target: Target, known: Results) -> str:
    """One module in one line."""
    whole, noticed, hung = _counts(known.of(target).values())
    return f"{target.name}: {noticed} of {whole} noticed ({hung} by hanging), {_share(noticed, whole)}"


def write(known: Results) -> int:
    """Write the report; 1 where a group is below the goal."""
    reasons = tomllib.loads((PLACE / "equivalent.toml").read_text(encoding="utf-8"))
    lines = [
        "# Mutants of money, numbering, permissions, history and keys",
        "",
        f"Written by `python -m tests.mutation` on {date.today().isoformat()} with mutmut {version('mutmut')}, which makes",
        "the changes. Each mutant is a module changed in one place, in its functions, under decorators and in its tables; it is",
        "noticed when a test of that module fails or hangs. Where not all were asked about, those that were are drawn by chance.",
        f"Goal: {GOAL} % of each group; those that mean the same as the original count against it.",
        "",
        "| group | module | mutants | asked | noticed | share |",
        "|---|---|---:|---:|---:|---:|",
    ]
    short = []
    for group in GROUPS:
        targets = [one for one in TARGETS if one.group == group]
        for target in targets:
            whole, noticed, _hung = _counts(known.of(target).values())
            there = known.made[target.name]
            lines.append(f"| {group} | {target.path} | {there:,} | {whole:,} | {noticed:,} | {_share(noticed, whole)} |")
        whole, noticed, _hung = _counts([one for target in targets for one in known.of(target).values()])
        there = sum(known.made[target.name] for target in targets)
        lines.append(f"| **{group}** | | **{there:,}** | **{whole:,}** | **{noticed:,}** | **{_share(noticed, whole)}** |")
        if not whole or noticed * 100 < whole * GOAL:
            short.append(group)
    lines += ["", *_survivors(known, reasons)]
    (PLACE / "REPORT.md").write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    print(f"Below the goal, or nothing known: {', '.join(short)}" if short else "Every group reached the goal.")
    return int(bool(short))


def _survivors(known: Results, reasons: dict[str, dict[str, str]]) -> list[str]:
    lines = [
        "## Not noticed",
        "",
        "With the reason where one means the same as the original, or only differs where nothing can be seen of it.",
    ]
    for target in TARGETS:
        left = [(key, one) for key, one in known.of(target).items() if one["outcome"] not in _NOTICED]
        if left:
            lines += ["", f"### {target.path}", ""]
        for key, one in sorted(left, key=lambda pair: pair[1]["line"]):
            why = reasons.get(target.name, {}).get(key, "")
            told = f": {why}" if why else ""
            lines.append(f"- {key} line {one['line']}: `{one['before']}` → `{one['after']}`{told}")
    return lines
