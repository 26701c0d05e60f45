"""Write the pinned, hashed requirement files from what pyproject.toml asks for; needs `pip install uv`.

python scripts/requirements.py              keep what is pinned where it still fits
python scripts/requirements.py --upgrade    take the newest
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# One file serves every system and Python; it names no index, so that each site uses its own.
OPTIONS = (
    *("--universal", "--python-version", "3.11", "--generate-hashes", "--quiet"),
    *("--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate"),
)


def compile_file(name: str, *more: str) -> None:
    command = [
        sys.executable,
        "-m",
        "uv",
        "pip",
        "compile",
        "pyproject.toml",
        *OPTIONS,
        *more,
        "-o",
        f"requirements/{name}.txt",
    ]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    compile_file("runtime", *sys.argv[1:])
    compile_file("dev", "--group", "dev", "--constraints", "requirements/runtime.txt", *sys.argv[1:])
