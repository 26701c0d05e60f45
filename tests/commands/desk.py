"""The command line inside the test's process, on a small branch: quicker than a process of its own for each refusal."""

from __future__ import annotations

import gettext
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from app.cli import run


class Told(NamedTuple):
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Desk:
    """The command line on a folder with a customer, a product and a complaint."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys

    def run(self, *arguments: object, given: object = None) -> Told:
        """Run to the end; `given` is what stands in the JSON file, as text or to be written so."""
        words = [str(one) for one in arguments]
        if given is not None:
            file = self.folder.parent / "given.json"
            file.write_bytes(given if isinstance(given, bytes) else json.dumps(given, ensure_ascii=False).encode())
            words += ["--json-file", str(file)]
        code = run([*words, "--data", str(self.folder), "--lang", "en"])
        out, err = self._capsys.readouterr()
        assert "Traceback" not in err
        assert "fault of the program" not in err
        return Told(code, out, err)

    def refused(self, *arguments: object, code: int = 1, given: object = None) -> str:
        """The one line of a refusal; nothing on standard output, and the data as it was."""
        before = self.folder.joinpath("kesu.db").read_bytes()
        told = self.run(*arguments, given=given)
        assert (told.code, told.out) == (code, ""), told
        assert self.folder.joinpath("kesu.db").read_bytes() == before
        if code != 2 or not told.err.startswith("usage"):
            assert told.err.count("\n") == 1, told.err
        return told.err


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A branch that is copied for each test."""
    folder = tmp_path_factory.mktemp("template") / "data"

    def add(kind: str, values: object) -> None:
        file = folder.parent / "values.json"
        file.write_text(json.dumps(values), encoding="utf-8")
        assert run(["add", kind, "--json-file", str(file), "--data", str(folder)]) == 0

    assert run(["init", "--branch-code", "CD", "--branch-name", "城东", "--data", str(folder)]) == 0
    add("customer", {"name": "福来商店"})
    add("product", {"name": "云岭（硬）"})
    add("complaint", {"customer": "KH-0001", "received_at": "2024-03-05 09:00", "description": "x", "class": "product"})
    return folder


@pytest.fixture
def desk(template: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("LANGUAGE", "")  # it is set by the door, and put back by this
    yield Desk(Path(shutil.copytree(template, tmp_path / "data")), capsys)
    gettext.textdomain("messages")
