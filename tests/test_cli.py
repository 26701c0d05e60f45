"""The door of the command line: what is understood, what is wrong usage, and where results cannot go."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.cli import COMMANDS, run
from app.core import database, lock
from app.core.program import version
from tests.commands.desk import Desk
from tests.commands.desk import desk as desk
from tests.commands.desk import template as template
from tests.reports.reading import text_of


@pytest.mark.parametrize("words", [["--help"], ["-h", "add"]], ids=str)
def test_every_command_is_offered(desk: Desk, words: list[str]) -> None:
    told = desk.run(*words)
    assert told.code == 0
    assert [name for name, _module, _line in COMMANDS if f"    {name} " not in told.out] == []
    assert "database" not in told.out.replace("folder of the database", "")


def test_the_version_is_said_without_a_branch(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"kesu {version()}\n"


def test_a_value_that_is_named_like_a_command_is_none(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk.folder.parent)
    (desk.folder.parent / "demo").symlink_to(desk.folder)
    assert run(["--data", "demo", "list", "customers"]) == 0
    assert run(["--user", "show", "list", "customers", "--data", "demo", "--limit", "1"]) == 0


def test_a_minus_before_a_field_sorts_the_other_way(desk: Desk) -> None:
    desk.run("add", "customer", given={"name": "乙店"})
    for words in (("--sort", "-number"), ("--sort=-number",)):
        assert [row["number"] for row in desk.run("list", "customers", *words, "--json").json] == ["KH-0002", "KH-0001"]
    assert [row["number"] for row in desk.run("list", "customers", "--sort", "number", "--json").json] == ["KH-0001", "KH-0002"]


@pytest.mark.parametrize(
    "words",
    [
        ("list", "customers", "--limit", "-1"),
        ("list", "customers", "--limit", "9" * 30),
        ("list", "customers", "--limit", "1.5"),
        ("list", "customers", "--lim", "5"),
        ("list", "customers", "--json=1"),
        ("list", "staff"),
        ("list",),
        ("nonsense",),
        ("add", "customer"),
        ("show",),
        ("document", "form", "--blank", "--count", "201", "--out", "x.pdf"),
        ("document", "form", "TS-202403-0001", "--count", "2", "--out", "x.pdf"),
        ("document", "form", "TS-202403-0001", "--edition", "1", "--out", "x.pdf"),
        ("document", "invoice", "TS-202403-0001", "--out", "x.pdf"),
        ("document", "month", "TS-202403-0001", "--out", "x.pdf"),
        ("document", "month", "--where", "status=open", "--out", "x.pdf"),
        ("document", "month", "--to", "2024-01-01", "--out", "x.pdf"),
        ("document", "form", "TS-202403-0001", "--month", "2024-03", "--out", "x.pdf"),
        ("statistics", "--to", "2024-01-01"),
        ("statistics", "--from", "2024-01-01", "--month", "2024-01"),
        ("step", "TS-202403-0001", "--json-file", "x.json"),
        ("demo", "--no-window", "--customers", "0"),
        ("demo", "--no-window", "--months", "9" * 9),
        ("demo", "--no-window", "--complaints", "-1"),
        ("list", "customers", "--user", ""),
    ],
    ids=lambda words: " ".join(words)[:40],
)
def test_nonsense_on_the_command_line_is_wrong_usage(desk: Desk, words: tuple[str, ...]) -> None:
    assert desk.refused(*words, code=2)


def test_a_folder_that_a_script_forgot_to_name_is_not_the_usual_one(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["list", "customers", "--data", "", "--lang", "en"]) == 2
    assert "--data is empty" in capsys.readouterr().err


def test_a_shared_database_is_refused_and_not_overheard(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgresql://desk@server/kesu"
    assert f"{url}: shared databases are not supported yet" in desk.refused("list", "customers", "--database", url)
    monkeypatch.setenv("KESU_DATABASE", url)
    assert "Leave out --database and KESU_DATABASE" in desk.refused("list", "customers")


def test_the_kind_of_fields_may_be_named_once_or_many_times(desk: Desk) -> None:
    one, many = desk.run("fields", "complaint", "--json").json, desk.run("fields", "complaints", "--json").json
    assert one == many
    assert {"code", "label", "type", "required", "choices"} <= one[0].keys()
    assert desk.run("fields", "agreement").code == 0


@pytest.mark.parametrize(
    "command",
    [("document", "form", "TS-202403-0001"), ("document", "month", "--month", "2024-03"), ("statistics", "--month", "2024-03")],
    ids=lambda one: one[1],
)
def test_what_cannot_be_written_is_said(desk: Desk, tmp_path: Path, command: tuple[str, ...]) -> None:
    os.mkfifo(tmp_path / "pipe")
    root = [] if command[0] == "statistics" else ["/"]  # with / at its end it is a folder to write into
    for out in ("", ".", *root, tmp_path, tmp_path / "pipe", "/no/such/folder/x"):
        assert "cannot be written" in desk.refused(*command, "--out", out)
    assert (tmp_path / "pipe").is_fifo()


def test_years_at_the_ends_of_the_calendar_are_refused(desk: Desk) -> None:
    for words in (
        ("--month", "9999-12"),
        ("--month", "0001-01"),
        ("--from", "0001-01-01"),
        ("--from", "2024-01-01", "--to", "9999-12-31"),
    ):
        assert "out of range" in desk.refused("statistics", *words)


def test_a_month_is_put_on_paper_and_known_again(desk: Desk, tmp_path: Path) -> None:
    out = tmp_path / "month.pdf"
    told = desk.run("document", "month", "--month", "2024-03", "--out", out, "--json").json
    assert told == {"file": str(out), "period": {"from": "2024-03-01", "to": "2024-03-31"}}
    counted = desk.run("statistics", "--month", "2024-03", "--json").json
    assert f"Complaints(cases){counted['complaints']}" in text_of(out.read_bytes())
    assert desk.run("verify", out, "--json").json["verdict"] == "issued"
    assert "future" in desk.refused("document", "month", "--month", "2199-01", "--out", tmp_path / "never.pdf")
    assert not (tmp_path / "never.pdf").exists()


def test_figures_are_narrowed_by_field_and_value(desk: Desk) -> None:
    def complaints(*conditions: str) -> int:
        words = [word for condition in conditions for word in ("--by", condition)]
        return int(desk.run("statistics", "--month", "2024-03", *words, "--json").json["complaints"])

    assert [complaints(*by) for by in ((), ("class=product",), ("class=service",), ("customer=KH-0001", "handler="))] == [
        1,
        1,
        0,
        1,
    ]
    for condition, sentence in (
        ("class", "is no condition"),
        ("colour=red", "Possible: branch, content"),
        ("class=x", "among the choices"),
    ):
        assert sentence in desk.refused("statistics", "--month", "2024-03", "--by", condition)


def test_a_sample_leaves_the_older_one_where_it_cannot_be_made(desk: Desk, tmp_path: Path) -> None:
    words = ("demo", "--no-window", "--customers", "2", "--objections", "1", "--complaints", "1", "--months", "1")
    assert "holds a real branch" in desk.refused(*words)
    sample = Desk(tmp_path / "sample", desk._capsys)
    made = sample.run(*words, "--out", tmp_path / "out", "--json").json
    assert (made["customers"], made["objections"]) == (2, 1)
    assert [name for name in made["files"] if not Path(name).exists()] == []
    (tmp_path / "file").write_bytes(b"")
    assert "cannot be used" in sample.refused(*words, "--out", tmp_path / "file")
    held = lock.WindowLock(sample.folder)
    assert "open in another window" in sample.refused(*words)
    held.release()
    database.close()
