"""Try the Windows installer on Windows: install silently, do the job, walk through the window, install over it, remove.

It is run by the workflow; a person's machine keeps its data, but has the program installed and removed again.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from installer import certificate
from installer.places import OUT, version

NEWER = 4
"""What the installer ends with where a newer version is there."""
_KEY = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\KesuDesk"


def ran(*command: str | Path, code: int = 0) -> str:
    """Run to the end; what it said."""
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, encoding="utf-8", errors="replace")
    print(f"$ {' '.join(map(str, command))} ({done.returncode})\n{done.stdout}{done.stderr}", flush=True)
    assert done.returncode == code, f"{command[0]} ended with {done.returncode}, not {code}"
    return done.stdout


def signed(kesu: Path, sample: Path, folder: Path) -> None:
    """An agreement goes out with the signature of a certificate, and is told from others by it."""
    paper = folder / "signed.pdf"
    os.environ["KESU_CERTIFICATE_PASSWORD"] = certificate.PASSWORD
    ran(kesu, "certificate", "set", certificate.made(folder), "--data", sample)
    agreements = json.loads(ran(kesu, "list", "agreements", "--json", "--data", sample))
    number = next(one["number"] for one in agreements if one["status"] == "signed")
    ran(kesu, "document", "agreement", number, "--out", paper, "--data", sample)
    assert b"/ByteRange" in paper.read_bytes(), "the agreement went out without a signature"
    ran(kesu, "verify", paper, "--data", sample)


def main() -> int:
    """Do it all."""
    setup = OUT / f"KesuDesk-{version()}-x64.exe"
    there = Path(os.environ["LOCALAPPDATA"]) / "Programs" / "KesuDesk"
    ran(setup, "/S")
    kesu = there / "kesu.exe"
    assert (there / "KesuDesk.exe").exists()
    assert version() in ran(kesu, "--version")
    assert version() in ran("reg", "query", _KEY, "/v", "DisplayVersion")
    assert "KesuDesk.exe" in ran("reg", "query", r"HKCU\Software\Classes\KesuDesk.Backup\shell\open\command", "/ve")
    os.environ["KESU_PASSWORD"] = "Gartenzaun-72-Regen"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        sample, papers, walk = (Path(folder, name) for name in ("sample", "papers", "walk"))
        ran(kesu, "demo", "--data", sample, "--out", papers, "--no-window", "--lang", "zh_CN")
        ran(kesu, "check", "--data", sample)
        ran(kesu, "init", "--branch-code", "JM", "--branch-name", "加密", "--admin", "王敏", "--data", Path(folder, "sealed"))
        signed(kesu, sample, Path(folder))
        ran(kesu, "--as-child", "installer.walk", sample, papers, walk)
        ran(setup, "/S")  # over itself
        ran(kesu, "check", "--data", sample)
    ran("reg", "add", _KEY, "/v", "DisplayVersion", "/d", "999.0.0", "/f")
    ran(setup, "/S", code=NEWER)
    ran("reg", "add", _KEY, "/v", "DisplayVersion", "/d", version(), "/f")
    # Without _?= it copies itself and comes back at once.
    ran(there / "Uninstall.exe", "/S", f"_?={there}")
    assert not kesu.exists()
    return 0


if __name__ == "__main__":
    sys.exit(main())
