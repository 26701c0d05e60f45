"""Starts the real program as people and scripts do, on a folder of its own; or runs its commands in the process of the test."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import chdir
from pathlib import Path
from typing import Any

from tests.naughty import terminal
from tests.naughty.terminal import Ran

ROOT = Path(__file__).resolve().parents[2]


def compiled_once(environment: Mapping[str, str]) -> dict[str, str]:
    """With a place for compiled modules, also where none may stand beside the sources: else each start compiles them all."""
    kept = {name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {"PYTHONPYCACHEPREFIX": str(ROOT / ".pytest_cache" / "compiled")} | kept


def checked(ran: Ran, arguments: object, expect: int | None) -> Ran:
    """What a command came to, which ends with the code that is expected and says why it refuses."""
    assert expect is None or ran.code == expect, (arguments, ran)
    assert ran.code in (0, 3) or ran.err.strip(), "a refusal says why"
    return ran


class Program:
    """`kesu` on one folder, in English unless a test says otherwise."""

    def __init__(self, folder: Path, lang: str = "en") -> None:
        self.folder, self.lang = folder, lang

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("KESU_")}
        kept |= {"PYTHONPATH": str(ROOT), "KESU_LANG": self.lang, "PYTHONWARNINGS": "error", "QT_QPA_PLATFORM": "offscreen"}
        return compiled_once(kept)

    def command(self, *arguments: object) -> list[str]:
        return [sys.executable, "-m", "app", *map(str, arguments), "--data", str(self.folder)]

    def start(self, *arguments: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(*arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=self.environment(),
            cwd=self.folder.parent,
        )

    def run(self, *arguments: object, expect: int | None = 0) -> Ran:
        """Run to the end; a traceback is a failure, whatever the code."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=120)
        assert "Traceback" not in err, err
        return checked(Ran(process.returncode, out, err), arguments, expect)

    def init(self) -> Program:
        self.run("init", "--branch-code", "CD", "--branch-name", "城东分公司")
        return self

    def put(self, verb: list[object], values: Any, expect: int = 0) -> Ran:
        """A command that reads its values from a JSON file."""
        file = self.folder.parent / "values.json"
        file.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
        return self.run(*verb, "--json-file", file, expect=expect)


class Commands(Program):
    """The same commands within the process of the test: for what they do, where being a process of their own is not the point."""

    def run(self, *arguments: object, expect: int | None = 0) -> Ran:
        with chdir(self.folder.parent):
            ran = terminal.run(*arguments, "--data", self.folder)
        assert "fault of the program" not in ran.err, ran.err
        return checked(ran, arguments, expect)
