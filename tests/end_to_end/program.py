"""Starts the real program as people and scripts do, on a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Ran(NamedTuple):
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Program:
    """`kesu` on one folder, in English unless a test says otherwise."""

    def __init__(self, folder: Path, lang: str = "en") -> None:
        self.folder, self.lang = folder, lang

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("KESU_")}
        return kept | {"PYTHONPATH": str(ROOT), "KESU_LANG": self.lang, "PYTHONWARNINGS": "error", "QT_QPA_PLATFORM": "offscreen"}

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
        if expect is not None:
            assert process.returncode == expect, (arguments, process.returncode, out, err)
        if process.returncode not in (0, 3):
            assert err.strip(), "a refusal says why"
        return Ran(process.returncode, out, err)

    def init(self) -> Program:
        self.run("init", "--branch-code", "CD", "--branch-name", "城东分公司")
        return self

    def put(self, verb: list[object], values: Any, expect: int = 0) -> Ran:
        """A command that reads its values from a JSON file."""
        file = self.folder.parent / "values.json"
        file.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
        return self.run(*verb, "--json-file", file, expect=expect)
