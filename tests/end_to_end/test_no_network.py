"""The program opens no connection: whoever asks Python for a socket or a name of the network while it works is found."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.end_to_end.program import ROOT, Program

_WATCHED = """
import sys

def watch(event, arguments):
    if event.startswith("socket."):
        raise SystemExit(f"{event} {arguments}")

sys.addaudithook(watch)
"""
_WORK = """
from app.__main__ import main
sys.exit(main())
"""
_WINDOW = """
import os
from pathlib import Path
from PySide6.QtCore import QTimer
from app.services import workplace
from app.views import application
app = application.prepare(["kesu"])
window = application.make_window(app, workplace.open_folder(Path(sys.argv[1]), user="王敏"))
window.show()
for page in ("workbench", "complaints", "statistics", "settings", "history", "help"):
    window.open_page(page)
    app.processEvents()
QTimer.singleShot(500, window.close)
sys.exit(app.exec())
"""


def watched(program: Program, work: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", _WATCHED + work, *map(str, arguments)]
    environment = program.environment() | {"HOME": str(program.folder.parent), "PATH": os.environ["PATH"]}
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, check=False, timeout=300)


def test_commands_papers_workbooks_and_the_window_ask_for_no_connection(tmp_path: Path) -> None:
    program, small = Program(tmp_path / "data"), ("--customers", 8, "--objections", 8, "--complaints", 4, "--months", 2)
    for arguments in (
        ("demo", "--out", tmp_path / "out", "--no-window", *small),
        ("archive", tmp_path / "all.kesu.zip"),
    ):
        done = watched(program, _WORK, *arguments, "--data", program.folder)
        assert done.returncode == 0, (arguments, done.stderr)
    assert list((tmp_path / "out").glob("*.pdf"))
    assert watched(program, _WINDOW, program.folder).stderr == ""


def test_whoever_asks_for_one_is_found(tmp_path: Path) -> None:
    done = watched(Program(tmp_path / "data"), "import socket; socket.create_connection(('localhost', 9), 1)")
    assert done.stderr.startswith("socket.")
