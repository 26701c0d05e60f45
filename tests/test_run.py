"""The first start: what it says, what it takes for done, what it would install. Nothing here touches the network."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import run
from scripts import first_start
from scripts.first_start import Places, Said

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """A folder whose environment has just been set up."""
    there = Places(tmp_path)
    there.python.parent.mkdir(parents=True)
    there.python.symlink_to(sys.executable)
    (tmp_path / "requirements").mkdir()
    for kind in ("runtime", "dev"):
        there.requirements(kind).write_text("peewee==4\n")
        there.installed(kind).write_bytes(first_start.stamp(there.requirements(kind), os.path.realpath(sys.executable)))
    return there


@pytest.fixture
def _no_installing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_more: object) -> None:
        raise AssertionError("this start must not run anything")

    monkeypatch.setattr(subprocess, "run", refuse)


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 10, 12), (3, 15, 0)])
def test_an_unfit_python_is_named_in_both_languages(version: tuple[int, int, int]) -> None:
    chinese, english = run.unfit(version)
    assert "3.11" in chinese
    assert f"this one is {version[0]}.{version[1]}." in english


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 14, 2)])
def test_a_fit_python_is_let_through(version: tuple[int, int, int]) -> None:
    assert run.unfit(version) == []


def test_old_pythons_can_read_the_door() -> None:
    tree = ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 7))
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.AsyncFunctionDef)
    assert [node for node in ast.walk(tree) if isinstance(node, newer)] == []
    assert all(
        argument.annotation is None for node in ast.walk(tree) if isinstance(node, ast.arguments) for argument in node.args
    )


def test_a_finished_environment_is_ready(places: Places) -> None:
    assert first_start.is_ready(places, "runtime")


def test_changed_requirements_ask_for_an_update(places: Places) -> None:
    places.requirements("runtime").write_text("peewee==5\n")
    assert not first_start.is_ready(places, "runtime")


def test_an_interrupted_installation_is_not_taken_for_done(places: Places) -> None:
    places.unfinished.touch()
    assert not first_start.is_ready(places, "runtime")


def test_an_environment_whose_python_is_gone_is_not_ready(places: Places) -> None:
    places.python.unlink()
    places.python.symlink_to("/nowhere/python3")
    assert not first_start.is_ready(places, "runtime")


@pytest.mark.usefixtures("_no_installing")
def test_a_second_start_runs_the_program_and_nothing_else(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(first_start, "ROOT", places.root)
    monkeypatch.setattr(os, "execve", lambda _path, command, _environment: started.append(command))
    first_start.main(["demo", "--out", "out"])
    assert started == [[str(places.python), "-P", "-m", "app", "demo", "--out", "out"]]


def test_tests_are_run_with_what_was_asked(places: Places) -> None:
    assert first_start.command_for(places, ["test", "-k", "run"])[-2:] == ["-k", "run"]
    assert first_start.command_for(places, ["test"])[-2:] == ["-n", "auto"]


def test_a_library_that_cannot_be_loaded_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_start, "LIBRARIES", {"libkesu-nowhere.so.9": "libkesu-nowhere9"})
    monkeypatch.setattr(first_start.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert first_start.missing_packages() == ["libkesu-nowhere9"]
    assert "sudo apt install libkesu-nowhere9" in first_start.name_missing(["libkesu-nowhere9"]).english


def test_a_missing_venv_module_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_start, "LIBRARIES", {})
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    monkeypatch.setattr(first_start.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert first_start.missing_packages() == ["python3-venv"]


def test_without_the_right_to_install_the_command_is_said_and_the_window_not_opened(
    places: Places, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(first_start, "ROOT", places.root)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.setattr(first_start, "missing_packages", lambda: ["libegl1"])
    monkeypatch.setattr(first_start, "WELCOME", {})
    monkeypatch.setattr(first_start, "as_root", lambda: None)
    monkeypatch.setattr(first_start, "make_environment", lambda _places: None)
    monkeypatch.setattr(first_start, "aloud", lambda _command: True)
    places.installed("runtime").unlink()
    assert first_start.main([]) == 1
    assert not first_start.is_ready(places, "runtime")
    said = capfd.readouterr()
    assert said.out == ""
    assert "libegl1" in said.err


def test_a_failed_download_is_a_sentence_and_leaves_the_environment_unfinished(
    places: Places, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(first_start, "ROOT", places.root)
    monkeypatch.setattr(first_start, "missing_packages", list)
    monkeypatch.setattr(first_start, "WELCOME", {})
    monkeypatch.setattr(first_start, "make_environment", lambda _places: None)
    monkeypatch.setattr(first_start, "aloud", lambda _command: False)
    places.installed("runtime").unlink()
    assert first_start.main(["list", "complaints"]) == 1
    assert places.unfinished.exists()
    assert "pip config" in capfd.readouterr().err


def test_nothing_but_the_pinned_packages_is_looked_for(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[object]] = []
    monkeypatch.setattr(first_start, "aloud", lambda command: bool(asked.append(list(command))) or True)
    first_start.install_requirements(places, "runtime")
    assert [{"--require-hashes", "--no-deps"} <= set(map(str, command)) for command in asked] == [True]


def test_the_pinned_packages_bring_all_that_they_need() -> None:
    from importlib.metadata import PackageNotFoundError, requires

    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    lines = (ROOT / "requirements" / "dev.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line.partition("==")[0] for line in lines if "==" in line}
    lacking = set()
    for name in pinned:
        try:
            needed = [Requirement(text) for text in requires(name) or []]
        except PackageNotFoundError:  # for another system
            continue
        wanted = (one.name for one in needed if one.marker is None or one.marker.evaluate({"extra": ""}))
        lacking |= {canonicalize_name(one) for one in wanted} - pinned
    assert lacking == {"aiohttp", "certifi", "oscrypto"}  # ways to a network, left out on purpose


def test_a_folder_that_cannot_be_written_to_is_a_sentence(places: Places) -> None:
    (places.root / ".venv.lock").mkdir()  # root may write everywhere, but not into a folder as if it were a file
    with pytest.raises(first_start.SetupError, match="cannot be written"):
        first_start.set_up(places, "runtime")


@pytest.mark.parametrize(
    ("language", "expected"), [("zh_CN.UTF-8", "中"), ("en_GB.UTF-8", "E"), ("", "中\nE"), ("C.UTF-8", "中\nE")]
)
def test_messages_speak_the_language_of_the_system(language: str, expected: str) -> None:
    assert first_start.in_language(Said("中", "E"), {"LANG": language}) == expected


@pytest.mark.parametrize("kind", ["runtime", "dev"])
def test_every_requirement_is_pinned_with_hashes_and_names_no_index(kind: str) -> None:
    text = (ROOT / "requirements" / f"{kind}.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    blocks = text.replace("\\\n", " ").splitlines()
    assert blocks
    assert [block for block in blocks if "==" not in block or "--hash=sha256:" not in block] == []


def test_pinned_versions_are_those_that_the_project_asks_for() -> None:
    tomllib = pytest.importorskip("tomllib")
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    lines = (ROOT / "requirements" / "dev.txt").read_text(encoding="utf-8").splitlines()
    pinned = {name: rest.split()[0] for name, _, rest in (line.partition("==") for line in lines) if rest}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [Requirement(text) for text in project["project"]["dependencies"] + project["dependency-groups"]["dev"]]
    unmet = [str(one) for one in asked if pinned.get(canonicalize_name(one.name), "") not in one.specifier]
    assert unmet == []


@pytest.mark.parametrize(
    ("words", "opens"),
    [
        ("", True),
        ("--data folder", True),
        ("--lang en --user 王敏", True),
        ("--data=folder", True),
        ("list complaints", False),
        ("--data folder list complaints", False),
        ("--help", False),
        ("--data folder -h", False),
    ],
)
def test_a_window_opens_where_no_command_is_named(words: str, opens: bool) -> None:
    assert first_start.opens_window(words.split()) is opens
