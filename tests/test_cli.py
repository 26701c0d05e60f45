"""The door of the command line, inside the test's process: what is understood, what is refused, with which code and sentence."""

from __future__ import annotations

import errno
import gettext
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from app.cli import COMMANDS, run
from app.core import database, lock

LATER = (
    "dispatch", "follow-up", "promises", "cards", "staff", "backup", "restore", "archive", "unarchive", "merge",
    "merge-customers", "close-month", "verify", "check", "erase", "person",
)  # fmt: skip


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


# Understanding


def test_what_comes_later_is_not_offered(desk: Desk) -> None:
    told = desk.run("--help")
    assert told.code == 0
    assert [name for name, _module, _line in COMMANDS if f"    {name} " not in told.out] == []
    assert [name for name in LATER if f"    {name} " in told.out or desk.run(name).code != 2] == []
    assert "database" not in told.out.replace("folder of the database", "")


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
        ("list", "cards"),
        ("list",),
        ("nonsense",),
        ("add", "customer"),
        ("show",),
        ("document", "form", "--blank", "--count", "201", "--out", "x.pdf"),
        ("document", "form", "TS-202403-0001", "--count", "2", "--out", "x.pdf"),
        ("document", "form", "TS-202403-0001", "--edition", "1", "--out", "x.pdf"),
        ("document", "receipt", "TS-202403-0001", "--out", "x.pdf"),
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


# JSON files


DEEP = b"[" * 100_000
JSON_FILES = {
    "nothing": (b"", "is no JSON: line 1, column 1"),
    "broken": (b'{"name": ', "is no JSON: line 1"),
    "a zero byte": (b'{"name": "a\x00b"}', "is no JSON: line 1"),
    "an array": (b"[1]", "must hold one JSON object"),
    "a text": (b'"x"', "must hold one JSON object"),
    "null": (b"null", "must hold one JSON object"),
    "no number": (b'{"name": NaN}', "holds a number that cannot be read"),
    "a number too long": (b'{"name": ' + b"9" * 5000 + b"}", "holds a number that cannot be read"),
    "an exponent too large": (b'{"phone": 1e9999999999999999999}', "holds a number that cannot be read"),
    "lists without end": (DEEP, "lists within lists"),
    "not UTF-8": ("{}".encode("utf-16"), "is not UTF-8 from byte 1 on"),
    "oversized": (b'{"name": "' + b"x" * (17 << 20) + b'"}', "has more than 16 MB"),
    "an unknown field": (b'{"colour": 1}', "There is no field “colour”"),
    "a field of steps": (b'{"lost_on": "2024-01-01"}', "There is no field “lost_on”"),
    "a list for one value": (b'{"name": ["a"]}', "One value is wanted here"),
    "an object for one value": (b'{"name": {"a": 1}}', "One value is wanted here"),
    "true for a text": (b'{"name": true}', "A text is wanted here"),
    "objects for words": (b'{"tags": [{"a": 1}]}', "Words are wanted here"),
    "an object for lines": (b'{"contacts": {}}', "A list of lines is wanted here"),
    "a control character": (b'{"name": "a\\u0000b"}', "invisible control character U+0000"),
    "half a character": (b'{"name": "a\\ud800b"}', "invisible control character U+D800"),
    "an unknown choice": (b'{"tier": "gold"}', "“gold” is not among the choices"),
    "another version": (b'{"name": "x", "version": 7}', "was saved by"),
    "no version": (b'{"name": "x", "version": "1"}', "“version” must be the number"),
    "true for a version": (b'{"name": "x", "version": true}', "“version” must be the number"),
    "a required field emptied": (b'{"name": null}', "Name is missing"),
}  # fmt: skip


@pytest.mark.parametrize("name", JSON_FILES)
def test_a_json_file_that_cannot_be_is_refused_with_a_sentence(desk: Desk, name: str) -> None:
    given, sentence = JSON_FILES[name]
    assert sentence in desk.refused("edit", "KH-0001", given=given)


def test_an_edit_of_the_present_version_is_saved_and_an_older_one_is_not(desk: Desk) -> None:
    assert desk.run("edit", "KH-0001", "--json", given={"name": "新名", "version": 1}).json["version"] == 2
    assert "Nothing of yours was written" in desk.refused("edit", "KH-0001", given={"name": "旧名", "version": 1})
    assert desk.run("show", "KH-0001", "--json").json["name"] == "新名"


def test_a_step_on_an_older_version_is_refused(desk: Desk) -> None:
    assert "meanwhile" in desk.refused("step", "TS-202403-0001", "sign", given={"version": 9})
    assert "“version” must be" in desk.refused("step", "TS-202403-0001", "sign", given={"version": "1"})
    assert desk.run("step", "TS-202403-0001", "sign", given={"version": 1}).code == 0


@pytest.mark.parametrize("file", ["", ".", "gone.json", "/dev/zero"])
def test_a_json_file_that_is_none_is_refused(desk: Desk, file: str) -> None:
    desk.refused("edit", "KH-0001", "--json-file", file)


# Numbers, steps, files


def test_unknown_numbers_are_said(desk: Desk) -> None:
    for words in (("show",), ("step",), ("attach",), ("edit",)):
        more = {"attach": ["x.txt"], "edit": ["--json-file", "x.json"]}.get(words[0], [])
        assert "no record TS-1" in desk.refused(*words, "TS-1", *more)
    assert "There is no customer KH-9" in desk.refused("add", "objection", given=objection(customer="KH-9"))
    assert "no such" in desk.refused("document", "form", "TS-202403-0001", "--out", "/no/such/folder/x.pdf")


def test_a_new_record_has_no_version_to_name(desk: Desk) -> None:
    assert "There is no field “version”" in desk.refused("add", "customer", given={"name": "乙", "version": 1})


def objection(**values: object) -> dict[str, object]:
    return {"customer": "KH-0001", "occurred_at": "2024-03-05", "what": "贵"} | values


def test_a_step_that_a_rule_forbids_names_the_rule(desk: Desk) -> None:
    assert desk.refused("step", "TS-202403-0001", "accept").endswith("(rule 1)\n")
    assert desk.refused("step", "TS-202403-0001", "reply").endswith("(rule 2)\n")
    assert desk.refused("step", "TS-202403-0001", "close").endswith("(rule 6)\n")
    assert "Possible names: sign" in desk.refused("step", "TS-202403-0001", "dispatch")
    assert "KH-0001 is a customer: it has no steps" in desk.refused("step", "KH-0001")


def test_several_files_are_kept_together_or_not_at_all(desk: Desk, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"x")
    for other in (tmp_path / "gone.jpg", tmp_path, "", "/dev/zero"):
        desk.refused("attach", "TS-202403-0001", photo, other)
    assert desk.run("show", "TS-202403-0001", "--json").json["attachments"] == []
    assert not (desk.folder / "attachments").exists()
    assert len(desk.run("attach", "TS-202403-0001", photo, photo, "--json").json) == 2


def test_a_disk_that_fills_up_between_two_files_keeps_neither(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [tmp_path / "a.bin", tmp_path / "b.bin"]
    for file in files:
        file.write_bytes(file.name.encode())
    synced: list[int] = []

    def full(descriptor: int) -> None:
        synced.append(descriptor)
        if len(synced) > 1:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    assert "the disk is full" in desk.refused("attach", "TS-202403-0001", *files)


def test_unknown_is_null_in_a_record(desk: Desk) -> None:
    desk.run("step", "TS-202403-0001", "sign")

    def empty(value: Any) -> bool:
        if isinstance(value, dict | list):
            return any(map(empty, value.values() if isinstance(value, dict) else value))
        return bool(value == "")

    assert not empty(desk.run("show", "TS-202403-0001", "--json").json)


def test_a_case_is_shown_to_people_with_all_that_belongs_to_it(desk: Desk, tmp_path: Path) -> None:
    number = "TS-202403-0001"
    photo = tmp_path / "批号.jpg"
    photo.write_bytes(b"x")
    lines = [{"remedy": "money", "amount": "150.00"}]
    for step, given in (
        ("sign", {}),
        ("accept", {"answered": True}),
        ("investigate", {"findings": "属实"}),
        ("propose", {"text": "补偿", "lines": lines}),
        ("agreement", {}),
    ):
        assert desk.run("step", number, step, given=given).code == 0
    desk.run("attach", number, photo, "--shows", "批号")
    told = dict(line.split("\t", 1) for line in reversed(desk.run("show", number).out.splitlines()))
    assert told["Status"] == "Approved"
    assert told["Proposal"].endswith("150.00 yuan, 补偿")
    assert told["Remedies"] == "Remedy Compensation money, Amount (yuan) 150.00"
    assert told["Approved"].endswith("Within the handler's own limit")
    assert told["Agreement"].startswith("XY-")
    assert told["Attachment"] == "批号.jpg, 批号"


# Lists


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        ("status", "is no condition. Write FIELD=VALUE"),
        ("=", "There is no field “”"),
        ("colour=red", "There is no field “colour”"),
        ("product_lines=1", "There is no field “product_lines”"),
        ("class=nonsense", "“nonsense” is not among the choices"),
        ("status=nonsense", "“nonsense” is not among the choices"),
        ("tags=nonsense", "“nonsense” is not among the choices"),
        ("customer=KH-9", "There is no customer KH-9"),
        ("received_at=nonsense", "“nonsense” is no date"),
        ("satisfaction=five", "“five” is no number"),
        ("external=perhaps", "“perhaps” is neither yes nor no"),
        ("handler=a\x1b[2Jb", "invisible control character U+001B"),
    ],
)
def test_a_condition_that_can_never_hold_is_refused(desk: Desk, condition: str, sentence: str) -> None:
    assert sentence in desk.refused("list", "complaints", "--where", condition)


@pytest.mark.parametrize(
    ("conditions", "count"),
    [
        (["received_at=2024-03-05"], 1),
        (["received_at=2024-03-05 09:00"], 1),
        (["received_at=2024-03-06"], 0),
        (["received_at=2024-03-06", "received_at=unclassified"], 0),
        (["class=product"], 1),
        (["class=Because of product"], 1),
        (["class=unclassified"], 0),
        (["class="], 0),
        (["handler="], 1),
        (["status=closed", "status=open_cases"], 1),
        (["number=TS-202403-0001", "customer=KH-0001"], 1),
        (["version=1"], 1),
    ],
)
def test_conditions_find_what_they_say(desk: Desk, conditions: list[str], count: int) -> None:
    words = [word for condition in conditions for word in ("--where", condition)]
    assert len(desk.run("list", "complaints", *words, "--json").json) == count


@pytest.mark.parametrize("search", ["投" * 20_000, '"*()NEAR', "\x01\udcff", "' OR 1=1 --", "  "])
def test_any_search_is_answered(desk: Desk, search: str) -> None:
    assert desk.run("list", "complaints", "--search", search).code == 0


def test_a_list_that_cannot_be_sorted_so_says_it(desk: Desk) -> None:
    assert "cannot be sorted by “colour”" in desk.refused("list", "complaints", "--sort", "-colour")


# Places for results


@pytest.mark.parametrize(
    "command", [("document", "form", "TS-202403-0001"), ("statistics", "--month", "2024-03")], ids=lambda one: one[0]
)
def test_what_cannot_be_written_is_said(desk: Desk, tmp_path: Path, command: tuple[str, ...]) -> None:
    os.mkfifo(tmp_path / "pipe")
    for out in ("", ".", "/", tmp_path, tmp_path / "pipe", "/no/such/folder/x"):
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
        ("colour=red", "Possible: content"),
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
