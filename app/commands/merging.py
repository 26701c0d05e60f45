"""The command that merges the monthly workbooks of branches into one. It needs no branch of its own."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from app.commands.common import TerminalProgress, on_one_line, print_json, say
from app.core.errors import WrongUsage
from app.core.files import write_whole
from app.core.language import _
from app.services import merging, periods
from app.services.merged_cases import Merged

IN_PART = 3


def declare(name: str, parser: argparse.ArgumentParser) -> None:
    """The arguments of `merge`."""
    parser.add_argument("files", nargs="+", type=Path, metavar=_("FILE"), help=_("workbooks, or folders of them"))
    parser.add_argument("--out", type=Path, required=True, metavar=_("FILE.xlsx"))
    parser.add_argument("--month", metavar=_("YYYY-MM|last"), help=_("if not that of most files"))
    told = _("a table or text file with the code of a branch a line: who must be there")
    parser.add_argument("--expect", type=Path, metavar=_("FILE"), help=told)
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def run(asked: argparse.Namespace) -> int:
    """Merge what can be merged; 3 where something given or expected is not in the result."""
    from app.reports import consolidated  # heavy: the Excel library

    if asked.out.is_dir():
        raise WrongUsage(_("--out names the file to be written, not a folder."))
    period = periods.read(asked.month, date.today()) if asked.month else None
    expected = merging.expected_in(asked.expect) if asked.expect else ()
    progress = TerminalProgress()
    with merging.gather(asked.files, period=period, expected=expected, out=asked.out, progress=progress) as merged:
        write_whole(asked.out, consolidated.render(merged, "", date.today(), progress))
    _tell(asked, merged)
    return 0 if merged.complete else IN_PART


def _tell(asked: argparse.Namespace, merged: Merged) -> None:
    for fault in merged.faults:
        print(on_one_line(f"{fault.where}: {fault.sentence}"), file=sys.stderr)
    if asked.json:
        print_json(_plain(asked.out, merged))
        return
    told = _("{file}\t{branches} branches, {objections} objections, {complaints} complaints")
    counts = {"objections": merged.whole.objections, "complaints": merged.whole.complaints}
    say(told.format(file=asked.out, branches=len(merged.sources), **counts))


def _plain(out: Path, merged: Merged) -> dict[str, object]:
    period = {"from": merged.period.start.isoformat(), "to": merged.period.last_day.isoformat()}
    files = [
        {"file": one.file, "branch": one.code, "hash": one.seal, "objections": one.objections, "complaints": one.complaints}
        for one in merged.sources
    ]
    faults = [fault._asdict() for fault in merged.faults]
    counts = {"objections": merged.whole.objections, "complaints": merged.whole.complaints}
    return {"file": str(out), "period": period, **counts, "merged": files, "faults": faults, "complete": merged.complete}
