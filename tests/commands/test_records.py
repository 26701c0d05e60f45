"""Commands on single records and lists: JSON that cannot be, versions, steps, files, conditions."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest

from tests.commands.desk import Desk
from tests.commands.desk import desk as desk
from tests.commands.desk import template as template

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
    assert "Possible names: sign" in desk.refused("step", "TS-202403-0001", "fly")
    assert "CP-0001 is a product: it has no steps" in desk.refused("step", "CP-0001")


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
        ("propose", {"text": "补偿", "valid": True, "lines": lines}),
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
    assert told["Attachment"] == "1 批号.jpg · 批号"


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


def test_a_method_against_its_guard_needs_a_reason_here_too(desk: Desk) -> None:
    said = {"customer": "KH-0001", "occurred_at": "2024-11-01", "what": "订十条只给两条", "nature": "genuine"}
    said |= {"cause": "system.supply_shortage", "method": "compensation"}
    assert "rule 11" in desk.refused("add", "objection", given=said)
    number = desk.run("add", "objection", "--json", given=said | {"method_reason": "陈经理同意"}).json["number"]
    shown = desk.run("show", number, "--json").json
    assert shown["fitting_methods"][:3] == ["enquiry", "indirect", "tactful"]
    assert shown["missing_elements"] == ["where", "who", "wish"]
    told = desk.run("step", number, "feed-back", "--json", given={"fed_back_to": "市场部"})
    assert told.json["status"] == "open"
