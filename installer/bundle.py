"""The program with its interpreter and libraries in one folder, by PyInstaller; the same on every system."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from installer import chroots, interpreter, source
from installer.places import HERE, NAME, ROOT, WORK, epoch, run

# Tags of the wheels that a system with this glibc takes; pip is told, for it runs on another one.
_TAGS = ("2_28", "2_27", "2_26", "2_24", "2_17", "2_12", "2_5")
_OLD_TAGS = ("manylinux2014", "manylinux2010", "manylinux1")


class Flavour(NamedTuple):
    """One way to bundle: what Qt, on what, for which systems."""

    name: str
    qt: str = ""
    """Requirements that go before those of runtime.txt."""
    glibc: str = ""
    """The oldest that its libraries promise to run with."""


CURRENT = Flavour("current", glibc="2.34")
OLD = Flavour("old", qt="old-qt", glibc="2.31")
WINDOWS = Flavour("windows")


def made(flavour: Flavour) -> Path:
    """The folder of the bundle, made anew."""
    home = WORK / f"bundle-{flavour.name}"
    home.mkdir(parents=True, exist_ok=True)
    for name in ("installer", "dist", "work", "made"):
        shutil.rmtree(home / name, ignore_errors=True)
    # Without the program's source beside it: what is bundled is what the wheel holds.
    shutil.copytree(HERE, home / "installer", ignore=shutil.ignore_patterns("__pycache__"))
    (home / "made").mkdir()
    wheel = shutil.copy(source.wheel(), home)
    (home / "wanted.txt").write_text(_wanted(flavour), encoding="utf-8")
    _download(home, flavour)
    with _shell(home, flavour) as shell:
        _install(shell, home, flavour, Path(wheel).name)
        shell.python("-m", "installer.bundled", "made")
        shell.python("-m", "PyInstaller", "installer/kesu.spec", "--noconfirm", "--log-level", "WARN",
                     "--distpath", "dist", "--workpath", "work")  # fmt: skip
        shell.python("-m", "installer.smaller", f"dist/{NAME}")
    return home / "dist" / NAME


class _Shell:
    """Runs the environment's Python in the folder where the bundle is made, be it in a chroot."""

    def __init__(self, home: Path, root: Path | None, base: str) -> None:
        self._home, self._root, self.base = home, root, base
        self._program = "env/Scripts/python.exe" if os.name == "nt" else "env/bin/python"

    def python(self, *arguments: str, base: bool = False) -> None:
        settings = {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": str(epoch()), "PYTHONUTF8": "1", "KESU_MADE": "made"}
        program = self.base if base else self._program
        if os.name == "posix":
            settings["LD_LIBRARY_PATH"] = str(Path(self.base).parents[1] / "lib")
        if self._root is None:
            run(program, *arguments, environment={**os.environ, **settings}, folder=self._home)
        else:
            shown = " ".join((program, *arguments))
            chroots.inside(self._root, "sh", "-c", f"cd /build && exec {shown}", environment=settings)


@contextmanager
def _shell(home: Path, flavour: Flavour) -> Iterator[_Shell]:
    if flavour is OLD:
        root = interpreter.made()
        with chroots.entered(root, {"build": home}):
            yield _Shell(home, root, f"/{interpreter.python(interpreter.PREFIX)}")
    else:
        yield _Shell(home, None, sys.executable if flavour is WINDOWS else interpreter.python(interpreter.copied()))


def _install(shell: _Shell, home: Path, flavour: Flavour, wheel: str) -> None:
    """An environment with exactly what is asked for; the program is installed anew each time."""
    wanted, have = home / "wanted.txt", home / "env" / "wanted.txt"
    if not have.exists() or have.read_bytes() != wanted.read_bytes():
        shutil.rmtree(home / "env", ignore_errors=True)
        shell.python("-m", "venv", "--without-pip", "env", base=True)
        shell.python(*_pip(home), "--require-hashes", "--only-binary=:all:", "-r", "wanted.txt")
        shutil.copy(wanted, have)
    shell.python(*_pip(home), "--force-reinstall", wheel)


def _pip(home: Path) -> tuple[str, ...]:
    """Run from its wheel: the interpreter has none of its own."""
    found = next((home / "wheels").glob("pip-*.whl"))
    return (
        f"wheels/{found.name}/pip",
        "-q",
        "install",
        "--no-index",
        "--find-links",
        "wheels",
        "--no-deps",
        "--root-user-action",
        "ignore",
    )


def _wanted(flavour: Flavour) -> str:
    """The pinned requirements, those of `qt` in place of the usual ones."""
    chosen: dict[str, str] = {}
    for name in ("runtime", "bundle", *((flavour.qt,) if flavour.qt else ())):
        text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        chosen |= {block.partition("==")[0]: block for block in re.split(r"\n(?=\S)", text) if block.strip()}
    return "".join(f"{block.rstrip()}\n" for block in chosen.values())


def _download(home: Path, flavour: Flavour) -> None:
    """The wheels, by this machine's pip: the interpreter that is bundled on Linux has no way to a registry."""
    told = [*("-q", "download", "--require-hashes", "--no-deps", "--only-binary=:all:"), "-d", str(home / "wheels")]
    if flavour is not WINDOWS:
        platforms = (*(("2_34", "2_31") if flavour is CURRENT else ()), *_TAGS)
        tags = [*(f"manylinux_{one}_x86_64" for one in platforms), *(f"{one}_x86_64" for one in _OLD_TAGS)]
        told += [word for tag in tags for word in ("--platform", tag)]
        told += ["--python-version", interpreter.VERSION, "--implementation", "cp"]
        told += ["--abi", f"cp{interpreter.VERSION.replace('.', '')}", "--abi", "abi3", "--abi", "none"]
    run(sys.executable, "-m", "pip", *told, "-r", home / "wanted.txt")
