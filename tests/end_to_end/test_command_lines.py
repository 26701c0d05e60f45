"""The real program at the edges of its surroundings: streams, terminals, signals, disks, registers, and the door before it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.end_to_end.program import ROOT, Program

pty = pytest.importorskip("pty", reason="signals, terminals and mounts are those of Unix")

REGISTER = """投诉台账,,,,,,,
,,,,,,,
编号,投诉日期,客户名称,联系电话,投诉内容,类别,当场解决,满意度
1,2024-01-05,福来商店,13800000001,烟支发霉,质量,是,5
2,2024/1/6,福来商店,,缺条,质量,否,9
3,2024年1月7日,乙店,,态度差,？,,None
3,2024.01.08,乙店,,编号重复,,,
,2024-01-09,丙店,,没有编号,服务,,
,2024-01-09,丙店,,没有编号,服务,,
7,2099-01-01,丙店,,将来,,,
8,20240110,,,没有客户,,,
9,,丙店,,没有日期,,,
"""
MORE = """
[values.class]
"质量" = "product"
"服务" = "service"
[values.satisfaction]
"None" = ""
[values.channel]
"电" = "phone"
[defaults]
handler = "李明"
"""


@pytest.fixture(scope="module")
def branch(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A branch with three customers and six complaints, and the register that they come from."""
    program = Program(tmp_path_factory.mktemp("branch") / "data").init()
    register = program.folder.parent / "台账.csv"
    register.write_text(REGISTER, encoding="gb18030")
    program.run("import", "complaints", register, expect=3)
    return program


def raw(program: Program, words: str, **more: Any) -> subprocess.CompletedProcess[bytes]:
    """The program as a shell starts it: `words` may redirect."""
    command = f'exec "$PYTHON" -m app {words}'
    environment = program.environment() | {"PYTHON": sys.executable, "KESU_DATA": str(program.folder)} | more.pop("env", {})
    return subprocess.run(
        ["sh", "-c", command], capture_output=True, env=environment, cwd=program.folder.parent, check=False, timeout=60, **more
    )


# Streams, language, places


def test_a_result_that_cannot_be_written_is_said_and_the_work_is_done(branch: Program) -> None:
    for redirected, reason in ((">&-", b"standard output is closed"), (">/dev/full", b"the disk is full")):
        done = raw(branch, f"list customers {redirected}")
        assert done.returncode == 1
        assert done.stderr.startswith(b"The result cannot be written: " + reason)
        assert done.stderr.count(b"\n") == 1


def test_a_reader_that_has_seen_enough_is_no_failure(branch: Program) -> None:
    read, write = os.pipe()
    os.close(read)
    process = subprocess.run(
        branch.command("list", "complaints", "--json"),
        stdout=write,
        stderr=subprocess.PIPE,
        env=branch.environment(),
        check=False,
    )
    os.close(write)
    assert (process.returncode, process.stderr) == (0, b"")


def test_the_code_comes_where_nobody_listens_to_the_sentence(branch: Program) -> None:
    assert raw(branch, "show TS-1 2>&-").returncode == 1
    assert raw(branch, "show TS-1 2>/dev/full").returncode == 1
    assert raw(branch, "add customer --json-file - <&- ").returncode == 1


def test_chinese_is_utf_8_whatever_the_locale(branch: Program) -> None:
    latin = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "latin-1", "KESU_LANG": ""}
    refused = raw(branch, "show TS-1", env=latin)
    assert (refused.returncode, refused.stderr.decode()) == (1, "没有记录 TS-1。核对编号。\n")
    helped = raw(branch, "import --help", env=latin)
    assert helped.returncode == 0
    assert "用法" in helped.stdout.decode()
    assert raw(branch, "list nonsense", env=latin | {"LC_ALL": "en_GB.UTF-8"}).stderr.startswith(b"usage: kesu list")


def test_a_screen_that_cannot_be_reached_is_said(branch: Program) -> None:
    for platform, reason in (("nonsense", b'platform plugin "nonsense"'), ("", b"kesu --help")):
        refused = raw(branch, "", env={"QT_QPA_PLATFORM": platform, "DISPLAY": "", "WAYLAND_DISPLAY": ""})
        assert refused.returncode == 1
        assert refused.stderr.startswith(b"There is no screen to open the window on.")
        assert reason in refused.stderr
        assert refused.stderr.count(b"\n") == 1


def test_each_command_finds_all_it_needs_by_itself(branch: Program, tmp_path: Path) -> None:
    """Where many run in one process, one may live on what another has imported."""
    program = Program(Path(shutil.copytree(branch.folder, tmp_path / "data")))
    paper, values, reason = tmp_path / "paper.pdf", tmp_path / "values.json", tmp_path / "reason.json"
    values.write_text('{"name": "新店"}', encoding="utf-8")
    reason.write_text('{"reason": "重复"}', encoding="utf-8")
    for words in (
        ("fields", "card"),
        ("add", "customer", "--json-file", values),
        ("edit", "KH-0001", "--json-file", values),
        ("attach", NEWEST, values),
        ("step", NEWEST, "void", "--json-file", reason),
        ("show", NEWEST),
        ("merge-customers", "--find"),
        ("document", "visit", "KH-0001", "--out", paper),
        ("document", "register", "complaints", "--out", paper),
        ("document", "form", NEWEST, "--out", paper),
        ("verify", paper),
        ("statistics", "--month", "2024-01", "--out", tmp_path / "month.xlsx"),
    ):
        program.run(*words)


# Stopping


def shim(folder: Path, module: str) -> dict[str, str]:
    """An environment in which Ctrl-C is pressed at the moment when a library is imported."""
    folder.mkdir()
    (folder / f"{module}.py").write_text("raise KeyboardInterrupt\n")
    return {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}


def test_ctrl_c_while_the_program_loads_is_no_traceback(branch: Program, tmp_path: Path) -> None:
    for module, said in (("gettext", "已停止。Stopped.\n"), ("peewee", "Stopped. Nothing was left half done.\n")):
        stopped = raw(branch, "list customers", env=shim(tmp_path / module, module))
        assert (stopped.returncode, stopped.stderr.decode()) == (1, said)


def on_a_terminal(program: Program, *arguments: object, stop_at: bytes = b"") -> tuple[int, str, str]:
    """Exit code, standard output, and what a terminal shows as standard error; Ctrl-C when `stop_at` shows up there."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        program.command(*arguments),
        stdout=subprocess.PIPE,
        stderr=theirs,
        env=program.environment(),
        # Tests that a shell runs in the background ignore Ctrl-C, and what they start would too.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )
    os.close(theirs)
    seen = b""
    while block := _read(ours):
        seen += block
        if stop_at and stop_at in seen:
            process.send_signal(signal.SIGINT)
            stop_at = b""
    os.close(ours)
    assert process.stdout is not None
    out = process.stdout.read().decode()
    process.stdout.close()
    return process.wait(timeout=60), out, seen.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux says so that the other end is closed
        return b""


def test_an_import_shows_its_progress_and_can_be_stopped_with_nothing_half_done(tmp_path: Path) -> None:
    program = Program(tmp_path / "data").init()
    register = tmp_path / "long.csv"
    register.write_text("编号,投诉日期,客户名称,投诉内容\n" + "".join(f"{n},2024-01-05,店{n},x\n" for n in range(30_000)))
    code, out, shown = on_a_terminal(program, "import", "complaints", register, stop_at=b"Taking in")
    assert (code, out) == (1, "")
    assert "\rTaking in long.csv 2 / 30,002\x1b[K" in shown
    assert shown.endswith("\r\x1b[KStopped. Nothing was left half done.\r\n")
    assert program.run("list", "complaints", "--json").json == program.run("list", "customers", "--json").json == []
    register.write_text("编号,投诉日期,客户名称,投诉内容\n1,2024-01-05,店,x\n")
    code, out, shown = on_a_terminal(program, "import", "complaints", register)
    assert (code, out) == (0, "1 rows read: 1 created, 0 updated, 0 unchanged, 0 rejected.\n")
    assert shown.endswith("\r\x1b[K")


# Disks


@contextmanager
def mounted(*words: str, at: Path) -> Iterator[None]:
    """A mount of its own for a test that may make one."""
    at.mkdir(exist_ok=True)
    tried = subprocess.run(["mount", *words, str(at)], capture_output=True, check=False)
    if tried.returncode:
        pytest.skip("this account may mount nothing")
    try:
        yield
    finally:
        subprocess.run(["umount", str(at)], check=True)


def test_a_full_disk_is_said_and_leaves_all_as_it_was(branch: Program, tmp_path: Path) -> None:
    full = tmp_path / "full"
    size = (branch.folder / "kesu.db").stat().st_size + 256 * 1024
    with mounted("-t", "tmpfs", "-o", f"size={size}", "kesu-test", at=full):
        program = Program(Path(shutil.copytree(branch.folder, full / "data")))
        program.folder.joinpath("filling").write_bytes(b"x" * (160 * 1024))
        before = program.folder.joinpath("kesu.db").read_bytes()
        values = tmp_path / "values.json"
        values.write_text(json.dumps({"background": "长" * 30_000}))
        assert "the disk is full" in program.run("edit", "KH-0001", "--json-file", values, expect=1).err
        fill(full / "rest")
        assert "the disk is full" in program.run("attach", "KH-0001", values, expect=1).err
        assert "the disk is full" in branch.run("statistics", "--month", "2024-01", "--out", full / "x.xlsx", expect=1).err
        register = branch.folder.parent / "台账.csv"
        assert "the disk is full" in branch.run("import", "complaints", register, "--rejects", full / "x.xlsx", expect=1).err
        assert "the disk is full" in program.run("list", "customers", expect=1).err
        assert program.folder.joinpath("kesu.db").read_bytes() == before
        assert sorted(path.name for path in full.iterdir()) == ["data", "rest"]


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as rest, suppress(OSError):
        while rest.write(b"x" * 4096):
            pass


def test_a_disk_that_can_only_be_read_is_said(branch: Program, tmp_path: Path) -> None:
    there = tmp_path / "there"
    with mounted("--bind", "-o", "ro", str(branch.folder), at=there):
        for words in (("list", "customers"), ("demo", "--no-window")):
            assert "a disk that can only be read" in Program(there).run(*words, expect=1).err
        assert "the disk can only be read" in branch.run("document", "form", NEWEST, "--out", there / "x.pdf", expect=1).err
        assert "the disk can only be read" in Program(there / "new").run("init", *BRANCH, expect=1).err


NEWEST = "TS-202401-0001"
BRANCH = ("--branch-code", "CD", "--branch-name", "城东")


def test_damage_inside_the_database_is_said_by_whatever_reads_it(branch: Program, tmp_path: Path) -> None:
    program = Program(Path(shutil.copytree(branch.folder, tmp_path / "data")))
    path = program.folder / "kesu.db"
    whole = path.read_bytes()
    # The header and the first page stand: the file opens, and the damage shows only to what reads the rows.
    path.write_bytes(whole[:4096] + b"".join(b"\xa5" * 64 + whole[at + 64 : at + 4096] for at in range(4096, len(whole), 4096)))
    spoilt = path.read_bytes()
    for words in (("list", "complaints"), ("show", NEWEST), ("statistics", "--month", "2024-01")):
        assert "is damaged. Nothing was changed." in program.run(*words, expect=1).err
    assert path.read_bytes() == spoilt


def test_of_two_that_start_a_branch_at_once_one_gets_the_folder(tmp_path: Path) -> None:
    program = Program(tmp_path / "data")
    both = [program.start("init", *BRANCH) for _turn in range(2)]
    ends = sorted((one.communicate(timeout=60)[1], one.returncode) for one in both)
    assert [code for _said, code in ends] == [0, 1]
    assert "already holds a branch" in ends[1][0]
    assert program.run("list", "customers", "--json").json == []


# Registers


def test_a_register_comes_in_by_the_mapping_that_the_dry_run_printed(tmp_path: Path) -> None:
    program = Program(tmp_path / "data").init()
    register, mapping, rejects = tmp_path / "台账.csv", tmp_path / "map.toml", tmp_path / "rejects.xlsx"
    register.write_text(REGISTER, encoding="utf-16")
    tried = program.run("import", "complaints", register, "--dry-run", "--rejects", rejects, expect=3)
    assert "# 9 rows read: 5 created, 0 updated, 0 unchanged, 4 rejected." in tried.out
    assert program.run("list", "complaints", "--json").json == []
    mapping.write_text(tried.out + MORE, encoding="utf-8")
    words = ("import", "complaints", register, "--map", mapping, "--rejects", rejects, "--json")
    assert "cannot be written" in program.run(*words[:-2], tmp_path, "--json", expect=1).err
    first = program.run(*words, expect=3).json
    assert {code: first[code] for code in ("read", "created", "updated", "unchanged")} == {
        "read": 9, "created": 5, "updated": 0, "unchanged": 1,
    }  # fmt: skip
    assert first["unmapped"] == {"class": {"？": 1}}
    assert first["warnings"] == ["The mapping has values for channel, but no column."]
    assert [(one["row"], one["column"], one["value"]) for one in first["rejected"]] == [
        (5, "满意度", "9"), (10, "投诉日期", "2099-01-01"), (12, "投诉日期", ""),
    ]  # fmt: skip
    correct(rejects)
    again = program.run("import", "complaints", rejects, "--map", mapping, "--rejects", rejects, "--json").json
    assert (again["created"], again["rejected"]) == (3, [])
    assert [cell.value for cell in load_workbook(rejects).active[1]].count("Reason for rejection") == 1
    last = program.run(*words, expect=3).json
    assert (last["created"], last["updated"], last["unchanged"]) == (0, 0, 7)
    compare_cases(program.run("list", "complaints", "--sort", "received_at", "--json").json)


def correct(rejects: Path) -> None:
    """What a clerk does with the rows that were refused."""
    book = load_workbook(rejects)
    for row in book.active.iter_rows(min_row=2):
        row[1].value = row[1].value if (row[1].value or "").startswith("2024") else "2024-02-01"
        row[7].value = "4"
    book.save(rejects)


def compare_cases(found: list[dict[str, Any]]) -> None:
    told = [(one["source_reference"], one["customer_name"], one["class"], one["solved_on_spot"], one["handler"]) for one in found]
    assert told == [
        ("1", "福来商店", "product", True, "李明"),
        ("2", "福来商店", "product", False, "李明"),
        ("3", "乙店", None, None, "李明"),
        (None, "丙店", "service", None, "李明"),
        (None, "丙店", "service", None, "李明"),
        ("8", None, None, None, "李明"),
        ("7", "丙店", None, None, "李明"),
        ("9", "丙店", None, None, "李明"),
    ]
    assert {one["status"] for one in found} == {"registered"}


def test_what_is_no_register_is_refused(branch: Program, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    register = branch.folder.parent / "台账.csv"
    for words in ((pipe,), (tmp_path,), (register, "--encoding", "undefined"), (register, "--map", "/dev/zero")):
        branch.run("import", "complaints", *words, expect=1)


# Figures


def test_the_figures_have_the_shapes_that_scripts_rely_on(branch: Program) -> None:
    said = branch.run("statistics", "--month", "2024-01", "--json").json
    assert (said["branch"], said["period"], said["month"]) == ("CD", {"from": "2024-01-01", "to": "2024-01-31"}, "2024-01")
    assert said["now"] == "2024-02-01T00:00:00+08:00"
    both = ("mom", "yoy", "close_rate", "repeat_rate", *(f"handling_hours_{way}" for way in ("median", "mean", "p90")))
    assert all(said[code].keys() == {"objections", "complaints"} for code in both)
    counts = ("objections", "complaints", "reopened", "escalated", "backlog", "silent_estimate")
    assert all(isinstance(said[code], int) for code in counts)
    assert {"promise_kept_rate", "on_time_rate", "satisfied_rate", "satisfaction_mean"} <= said.keys()
    assert said["promised_vs_delivered"] == []
    for code in [code for code in said if code.startswith(("by_", "complaints_by_")) and code != "by_remedy"]:
        rated = {"satisfied_rate"} if code == "by_method" else set()
        assert all(row.keys() == {"code", "label", "count", "share"} | rated for row in said[code]), code
    assert [row["code"] for row in said["complaints_by_customer"]][-1] == "unclassified"
    assert said["ageing"].keys() == {"<=1", "2-3", "4-7", "8-30", ">30"}
    assert said["compensation_cost"] == "0.00"
    assert [row["month"] for row in said["trend"]][::12] == ["2023-01", "2024-01"]
    assert all(row.keys() == {"month", "objections", "complaints"} for row in said["trend"])
    rows = [*said["pareto"]["causes"], *said["pareto"]["customers"]]
    assert all(row.keys() == {"code", "label", "count", "share", "cumulative"} for row in rows)


# The door before


SETTING_UP = (
    "run.py",
    "scripts/__init__.py",
    "scripts/first_start.py",
    "app/__init__.py",
    "app/core/__init__.py",
    "app/core/old_systems.py",
)


def test_run_py_passes_arguments_and_exit_codes_on(tmp_path: Path) -> None:
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\nfor word in "$@"; do printf "<%s>" "$word"; done\nexit 3\n')
    python.chmod(0o755)
    for name in (*SETTING_UP, "requirements/runtime.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    stamp = os.path.realpath(python).encode() + b"\n" + (tmp_path / "requirements/runtime.txt").read_bytes()
    (tmp_path / ".venv" / "kesu-runtime").write_bytes(stamp)
    words = ["import", "complaints", "我的 台账.csv", "--where", "a=b c", "", "-"]
    done = subprocess.run([sys.executable, tmp_path / "run.py", *words], capture_output=True, text=True, cwd="/", check=False)
    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout == "".join(f"<{word}>" for word in ("-P", "-m", "app", *words))
