"""The two copies of the key file: which one counts, how a damaged one comes back, and what is said."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from app.core import key_file, wrapping
from app.core.errors import UserError
from app.core.key_file import FILE_NAMES


def entry(name: str = "王敏") -> dict[str, Any]:
    """With the lengths that stand in the key files of every branch: who changes them locks people out."""
    parts = {"salt": 16, "public": 32, "private": 60}
    secrets = {part: wrapping.as_text(bytes(size)) for part, size in parts.items()}
    return {"name": name, "cost": [1, 8, 1], "sealed": [wrapping.as_text(bytes(92))]} | secrets


def body(serial: int = 1, **parts: object) -> dict[str, Any]:
    whole = {"version": 1, "serial": serial, "people": {"王敏": entry()}, "recovery": entry(""), "macs": ["0" * 64]}
    return whole | {"files": [wrapping.as_text(bytes(60))], "unfinished": False} | parts


def write(folder: Path, place: int, content: dict[str, Any]) -> None:
    (folder / FILE_NAMES[place]).write_bytes(key_file.encode(content))


def test_a_copy_is_its_sum_and_its_content_in_one_form() -> None:
    first, _newline, rest = key_file.encode({"b": 1, "a": "王"}).partition(b"\n")
    assert rest == '{\n "a": "王",\n "b": 1\n}\n'.encode()
    assert first.decode() == hashlib.sha256(rest[:-1]).hexdigest()


def test_both_copies_are_written_and_read_without_a_word(tmp_path: Path) -> None:
    assert not key_file.present(tmp_path)
    key_file.write(tmp_path, body())
    assert len({(tmp_path / name).read_bytes() for name in FILE_NAMES}) == 1
    assert key_file.read(tmp_path) == (body(), ())


@pytest.mark.parametrize("newer", [0, 1])
def test_the_newer_copy_counts_and_the_other_follows_without_a_word(tmp_path: Path, newer: int) -> None:
    write(tmp_path, newer, body(serial=10))
    write(tmp_path, 1 - newer, body(serial=9))
    assert key_file.read(tmp_path) == (body(serial=10), ())
    assert len({(tmp_path / name).read_bytes() for name in FILE_NAMES}) == 1


@pytest.mark.parametrize("place", [0, 1])
def test_one_copy_is_enough_and_the_other_is_mended(tmp_path: Path, place: int) -> None:
    write(tmp_path, place, body())
    assert key_file.present(tmp_path)
    (note,) = key_file.read(tmp_path).notes
    assert note == f"The key file {FILE_NAMES[1 - place]} was damaged or missing and was mended from its second copy."
    assert key_file.read(tmp_path) == (body(), ())


def test_what_cannot_be_mended_is_read_all_the_same(tmp_path: Path) -> None:
    write(tmp_path, 0, body())
    (tmp_path / FILE_NAMES[1]).mkdir()
    assert key_file.read(tmp_path) == (body(), ())


def test_without_a_whole_copy_it_is_said_what_to_do(tmp_path: Path) -> None:
    for content in (None, b"", b"{}", key_file.encode(body())[:-1], key_file.encode(body()) + b" "):
        if content is not None:
            (tmp_path / FILE_NAMES[0]).write_bytes(content)
        with pytest.raises(UserError) as told:
            key_file.read(tmp_path)
        assert str(told.value) == (
            f"Both copies of the key file in {tmp_path} are missing or damaged, so no password can open the data. "
            "Put back keys.json from a backup; nothing was changed."
        )


def test_a_newer_program_is_named_whatever_it_wrote(tmp_path: Path) -> None:
    strange = body(version=2, people={"a": 5}, macs=[])
    write(tmp_path, 0, strange)
    with pytest.raises(UserError) as told:
        key_file.read(tmp_path)
    assert str(told.value) == (
        f"The passwords in {tmp_path} were written by a newer program. Install the newer program here too."
    )
    assert not (tmp_path / FILE_NAMES[1]).exists()


def test_a_part_of_another_kind_is_damage(tmp_path: Path) -> None:
    good = body()
    odd = [good | {part: wrong} for part in good for wrong in (None, "x", 1.5, [[]], {"x": None})]
    odd += [{name: kept for name, kept in good.items() if name != part} for part in good]
    for content in odd:
        write(tmp_path, 0, content)
        with pytest.raises(UserError):
            key_file.read(tmp_path)


@pytest.mark.parametrize(
    ("cost", "fits"),
    [([1, 8, 1], True), ([3, 65536, 4], True), ([1, 16, 2], True), ([1, 15, 2], False), ([0, 8, 1], False), ([1, 8, 0], False),
     ([1, 8], False), ([1.0, 8, 1], False), ([True, 8, 1], False)],
)  # fmt: skip
def test_a_cost_is_one_that_can_be_paid(tmp_path: Path, cost: list[Any], fits: bool) -> None:
    write(tmp_path, 0, body(recovery=entry("") | {"cost": cost}))
    if fits:
        assert key_file.read(tmp_path).body["recovery"]["cost"] == cost
        return
    with pytest.raises(UserError):
        key_file.read(tmp_path)


@pytest.mark.parametrize("part", ["salt", "public", "private"])
@pytest.mark.parametrize("longer", [-1, 1])
def test_a_secret_has_its_length(tmp_path: Path, part: str, longer: int) -> None:
    odd = wrapping.as_text(bytes(len(wrapping.as_bytes(entry()[part])) + longer))
    write(tmp_path, 0, body(people={"王敏": entry() | {part: odd}}))
    with pytest.raises(UserError):
        key_file.read(tmp_path)


def test_only_cut_off_writes_are_cleared_away(tmp_path: Path) -> None:
    key_file.write(tmp_path, body())
    for name in ("keys.json.77-1.part", "keys-copy.json.8-2.part", "other.part", "keys.json.txt"):
        (tmp_path / name).write_text("x")
    key_file.clear_up(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["keys-copy.json", "keys.json", "keys.json.txt", "other.part"]
    key_file.remove(tmp_path)
    key_file.remove(tmp_path)
    assert not key_file.present(tmp_path)
