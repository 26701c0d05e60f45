"""What the program has imported when the first list is painted: every module there costs every start of the program its time."""

from __future__ import annotations

import subprocess
import sys

from app.core.preferences import Preferences
from app.core.session import Session
from tests.end_to_end.program import Program
from tests.make import Make

# A module that is missing here is imported where it is used instead, with a word why ("# heavy: …"); a new one that a list
# cannot do without is entered.
NEEDED = {
    "core": (
        "chain database errors fields files formats key_file keyring language later likeness lock log old_systems passwords "
        "paths places preferences progress replacing sealed_files search_index session settings store_file text times "
        "tries uids workdays wrapping"
    ),
    "models": (
        "anniversaries availability branches classifications complaints conflicts customers deadlines history "
        "list_columns list_conditions list_rows listing numbering permissions personal products record "
        "saved_views sight spans staff tables warnings workdays"
    ),
    "services": "workplace",
    "views": (
        "application bulk_bar bulk_summary composed desk due_words enumerations guard icons kept_size list_filters list_output "
        "list_source lists messages page pieces.area pieces.basics pieces.choosers pieces.flow pieces.heads pieces.nothing "
        "pieces.options pieces.pills "
        "preview qt saved_views search_box second_start sheet sidebar spoken style tab_order table table_model "
        "table_paint table_widths tips toast tokens veil window work"
    ),
}
LIBRARIES = {
    "PySide6",
    "shiboken6",
    "shibokensupport",
    "signature_bootstrap",
    "peewee",
    "playhouse",
    "sqlcipher3",
    "platformdirs",
}
SYSTEM = {"sitecustomize", "usercustomize", "apport_python_hook"}
"""What a system's own Python imports before anybody asks."""
HEAVY = {
    "_hashlib",
    "_socket",
    "_sqlite3",
    "asyncio",
    "csv",
    "email",
    "html",
    "http",
    "importlib.metadata",
    "multiprocessing",
    "platform",
    "subprocess",
    "tomllib",
    "xml",
    "xmlrpc",
}
"""Of the standard library: each takes more than all tables of a list."""
_TELL = """
import os, sys
from app import cli

def tell(_app, window):
    assert window.page.table.rows.rowCount() == 1
    print(*sys.modules, sep="\\n", flush=True)
    os._exit(0)

def window(asked, usual=cli.window):
    from app.views import qt
    qt.load()
    from app.views import application
    application._settle = tell
    return usual(asked)

cli.window = window
cli.run(["--data", sys.argv[1], "--user", "王敏"])
"""


def imported(session: Session) -> set[str]:
    """What a process of its own has imported when its first list was painted."""
    environment = Program(session.folder).environment()
    command = [sys.executable, "-c", _TELL, str(session.folder)]
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_a_start_imports_what_the_first_list_needs_and_no_more(session: Session, make: Make) -> None:
    make.complaint()
    Preferences(session.folder).put("page", "complaints")
    found = imported(session)
    ours = {name for name in found if name.startswith("app.") and name.count(".") > 1 and name != "app.views.pieces"}
    needed = {f"app.{room}.{name}" for room, names in NEEDED.items() for name in names.split()}
    assert (sorted(ours - needed), sorted(needed - ours)) == ([], [])
    known = {*sys.stdlib_module_names, *LIBRARIES, *SYSTEM, "app"}
    others = {name.split(".")[0] for name in found if not name.startswith(("__", "_"))}
    assert sorted(others - known) == []
    assert sorted(found & HEAVY) == []
