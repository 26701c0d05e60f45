"""The command line with a text as any of its arguments: done or refused in one line, never a fault of the program."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from app.core import database
from app.core.language import _
from app.services import workplace
from tests.make import Make
from tests.naughty.report import BRANCH, NOW, Fault, Report
from tests.naughty.terminal import Ran, run


def check_commands(texts: Sequence[str], folder: Path) -> Report:
    """Each command with each text, on a small branch."""
    session = workplace.init(folder / "data", BRANCH, user="王敏", clock=lambda: NOW)
    number = Make(session).complaint(complainant="李").number
    database.close()
    (folder / "file").write_bytes(b"1")
    report = Report()
    for place, text in enumerate(texts):
        for arguments in (*_asking(text, number, folder), *_writing(text, number, folder, place)):
            ran = run(*arguments)
            faults = [Fault(text, f"kesu {arguments[0]}", what) for what in _wrong(ran)]
            report += Report(1, int(ran.code == 1), tuple(faults))
    return report


def _asking(text: str, number: str, folder: Path) -> Iterator[list[str]]:
    data = f"--data={folder / 'data'}"
    yield ["list", "customers", f"--search={text}", data]
    yield from (["list", "complaints", f"--where={where}", data] for where in (f"handler={text}", text))
    yield from (["list", "products", f"--{option}={text}", data] for option in ("sort", "view", "user"))
    yield from ([command, data, "--", text] for command in ("show", "step"))
    yield ["step", data, "--", number, text]
    paper = f"--out={folder / 'paper.pdf'}"
    yield ["document", "form", data, paper, "--", text]
    yield ["document", "visit", data, paper, f"--route={text}"]
    yield from (["statistics", data, f"--{option}={text}"] for option in ("month", "from", "by"))
    yield ["statistics", data, "--month=2026-11", f"--by=handler={text}"]
    yield ["merge-customers", data, "--", text, text]


def _writing(text: str, number: str, folder: Path, place: int) -> Iterator[list[str]]:
    data, named = f"--data={folder / 'data'}", folder / "named.json"
    unknown = folder / "unknown.json"
    named.write_text(json.dumps({"name": text, "tags": [text]}), encoding="utf-8")
    unknown.write_text(json.dumps({text: text}), encoding="utf-8")
    yield ["add", "customer", f"--json-file={named}", data, "--json"]
    yield ["edit", number, f"--json-file={unknown}", data]
    yield ["attach", number, str(folder / "file"), f"--shows={text}", data, "--json"]
    yield ["attach", number, "--kept=1", f"--void={text}", data, "--json"]
    place_of_own = f"--data={folder / f'branch-{place}'}"
    yield ["init", "--branch-code=CD", f"--branch-name={text}", f"--address={text}", place_of_own, "--json"]


def _wrong(ran: Ran) -> Iterator[str]:
    fault = _("This is a fault of the program: {error}. Nothing was changed.").partition("{")[0]
    if ran.code not in (0, 1, 2) or fault in ran.err:
        yield f"ends with {ran.code}: {ran.err[:200]}"
    if ran.code == 1 and (not ran.err.strip() or "\n" in ran.err.strip()):
        yield f"no clear sentence: {ran.err!a}"
