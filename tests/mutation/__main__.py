"""`python -m tests.mutation`: changes money, numbering, permissions, history and keys in one place each, and asks the tests.

Needs mutmut, which makes the changes (`pip install mutmut`; it is no part of the environment), on Linux or macOS. Answers are
kept in out/mutation: nothing is asked twice unless it survived and is asked for. A whole run takes some hours of one core;
the report is REPORT.md beside this file. Exits 1 where a group is below its goal.

python -m tests.mutation                       everything that is not known yet
python -m tests.mutation --only keyring tries  some modules
python -m tests.mutation --sample 100          a hundred of each module
python -m tests.mutation --survivors           what survived last time, after tests were added
"""

from __future__ import annotations

import argparse
import importlib.util
import multiprocessing
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from time import strftime
from typing import TYPE_CHECKING, Any

from tests.mutation.targets import TARGETS, Target

if TYPE_CHECKING:
    from tests.mutation import report
    from tests.mutation.mutants import Mutant
    from tests.mutation.running import Answer, Asked

FOLDER = Path("out/mutation")


def main() -> int:
    """Ask, and write down what was answered; 1 where a group is below its goal."""
    asked = _arguments()
    if importlib.util.find_spec("mutmut") is None or not hasattr(os, "fork"):
        print("This needs mutmut (pip install mutmut) and a system that can fork: Linux or macOS.", file=sys.stderr)
        return 2
    from tests.mutation import report

    os.nice(10)
    FOLDER.mkdir(parents=True, exist_ok=True)
    known = report.Results(FOLDER)
    for target in (one for one in TARGETS if not asked.only or one.name in asked.only):
        _ask(target, known, asked)
    return report.write(known)


def _ask(target: Target, known: report.Results, asked: argparse.Namespace) -> None:
    from tests.mutation import report
    from tests.mutation.mutants import mutants
    from tests.mutation.running import ask_which, copy_tree

    made = mutants(Path(target.path).read_text(encoding="utf-8"), target.only)
    wanted = known.begin(target, made, asked.sample, asked.survivors)
    print(f"{strftime('%H:%M:%S')} {target.name}: {len(made)} mutants, {len(wanted)} to ask", flush=True)
    if wanted:
        trees = [FOLDER.resolve() / f"tree{number}" for number in range(asked.workers)]
        for tree in trees:
            copy_tree(tree)
        which = ask_which(target, trees[0])
        by_key = {one.key: one for one in wanted}
        for answer in _answers(target, which, wanted, trees):
            known.note(target, answer, by_key[answer.key])
    print(f"{strftime('%H:%M:%S')} {report.line_of(target, known)}", flush=True)


def _answers(target: Target, which: Asked, wanted: list[Mutant], trees: list[Path]) -> Iterator[Answer]:
    """From a process for each copy of the tree; each takes every so-manieth mutant."""
    from tests.mutation.running import Answer

    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    shares = [wanted[number :: len(trees)] for number in range(len(trees))]
    workers = [
        context.Process(target=_work, args=(target, which, share, tree, queue)) for share, tree in zip(shares, trees, strict=True)
    ]
    for worker in workers:
        worker.start()
    for _mutant in wanted:
        yield Answer(*_next(queue, workers))
    for worker in workers:
        worker.join()


def _next(queue: multiprocessing.Queue[tuple[str, str, float]], workers: list[Any]) -> tuple[str, str, float]:
    while True:
        try:
            return queue.get(timeout=60)
        except Empty:
            if not any(worker.is_alive() for worker in workers):
                raise RuntimeError("The processes that ask the tests broke off.") from None


def _work(
    target: Target, which: Asked, share: list[Mutant], tree: Path, queue: multiprocessing.Queue[tuple[str, str, float]]
) -> None:
    from tests.mutation.running import ask, prepare

    prepare(tree)
    for answer in ask(target, which, share, tree):
        queue.put(tuple(answer))  # plain: the module that names it was taken out of memory


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutation", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=[one.name for one in TARGETS], help="modules")
    parser.add_argument("--survivors", action="store_true", help="ask again only about those that survived")
    parser.add_argument("--sample", type=int, metavar="N", help="N of each module, drawn by chance but always the same")
    parser.add_argument("--workers", type=int, default=2, help="processes at once (2)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
