"""Write the pinned, hashed requirement files from what pyproject.toml asks for; needs `pip install uv`.

python scripts/requirements.py              keep what is pinned where it still fits
python scripts/requirements.py --upgrade    take the newest
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# One file serves every system and Python; it names no index, so that each site uses its own.
OPTIONS = (
    *("--universal", "--python-version", "3.11", "--generate-hashes", "--quiet"),
    *("--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate"),
)


# The last Qt for systems with a glibc older than 2.34; the rest of runtime.txt holds there too.
OLD_QT = "PySide6-Essentials==6.9.3"
# pyHanko asks for these to fetch from a network what a signature is checked with, which the program never does.
WITHOUT = ("aiohttp", "certifi", "oscrypto")


def compile_file(name: str, *more: str, sources: tuple[str, ...] = ("pyproject.toml",), text: str | None = None) -> None:
    command = [
        sys.executable,
        "-m",
        "uv",
        "pip",
        "compile",
        *sources,
        *OPTIONS,
        *more,
        "-o",
        f"requirements/{name}.txt",
    ]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, input=text, text=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "without.txt"
        listed.write_text("".join(f"{name} ; python_version < '3'\n" for name in WITHOUT), encoding="utf-8")
        without = ("--overrides", str(listed))
        compile_file("runtime", *without, *sys.argv[1:])
        compile_file("old-qt", *sys.argv[1:], sources=("-",), text=OLD_QT)
        kept = ("--constraints", "requirements/runtime.txt", *sys.argv[1:])
        compile_file("dev", "--group", "dev", *without, *kept)
    for group in ("bundle", "release"):  # without what the program needs
        compile_file(group, "--group", group, *kept, sources=())
