"""Who can open the data: right and wrong passwords, the recovery code, people who come and go, and a key file that is damaged."""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.core import key_file, keyring, tries, wrapping
from app.core.errors import UserError, ValidationError
from tests.core.protected import MINE, NEW, YOURS, protected, store_file_with


def test_the_password_opens_and_no_other(tmp_path: Path, made: keyring.Made) -> None:
    assert keyring.unlock(tmp_path, "王敏", MINE) == (made.key, "王敏", ())
    for wrong in (YOURS, MINE[:-1], f"{MINE} ", "", MINE.upper() + "x"):
        with pytest.raises(keyring.SignInRefused, match=r"^Name or password is wrong\.$"):
            keyring.unlock(tmp_path, "王敏", wrong)
        tries.forget(tmp_path, "王敏")


def test_full_width_letters_of_an_input_method_are_the_same_password(tmp_path: Path, made: keyring.Made) -> None:
    keyring.add_person(tmp_path, made.key, "Liu Yang", YOURS)
    wide = "".join(chr(ord(letter) + 0xFEE0) if letter != " " else "\u3000" for letter in YOURS)
    assert keyring.unlock(tmp_path, "ｌｉｕ yang", wide).name == "Liu Yang"


def test_the_code_opens_and_no_other(tmp_path: Path, made: keyring.Made) -> None:
    assert keyring.unlock_by_code(tmp_path, made.code.lower()) == (made.key, "", ())
    with pytest.raises(keyring.SignInRefused, match="not the recovery code"):
        keyring.unlock_by_code(tmp_path, keyring.passwords.new_code())
    for _turn in range(9):
        with pytest.raises(ValidationError, match="mistyped"):
            keyring.unlock_by_code(tmp_path, made.code[:-1] + ("2" if made.code[-1] != "2" else "3"))
    assert keyring.unlock_by_code(tmp_path, made.code).key == made.key


def test_a_new_code_ends_the_old_one(tmp_path: Path, made: keyring.Made) -> None:
    code = keyring.new_code(tmp_path, made.key)
    with pytest.raises(keyring.SignInRefused):
        keyring.unlock_by_code(tmp_path, made.code)
    assert keyring.unlock_by_code(tmp_path, code) == (made.key, "", ())


def test_nothing_secret_stands_in_the_key_file(tmp_path: Path, made: keyring.Made) -> None:
    content = b"".join((tmp_path / name).read_bytes() for name in key_file.FILE_NAMES)
    for secret in (MINE.encode(), made.code.encode(), made.code.replace("-", "").encode(), made.key.hex().encode(), made.key):
        assert secret not in content
    assert keyring.as_text(made.key).encode() not in content


def test_a_changed_password_replaces_the_old_one(tmp_path: Path, made: keyring.Made) -> None:
    with pytest.raises(keyring.SignInRefused):
        keyring.set_password(tmp_path, "王敏", YOURS, NEW)
    with pytest.raises(ValidationError, match="at least 10"):
        keyring.set_password(tmp_path, "王敏", MINE, "short")
    keyring.set_password(tmp_path, "王敏", MINE, NEW)
    assert keyring.unlock(tmp_path, "王敏", NEW).key == made.key
    with pytest.raises(keyring.SignInRefused):
        keyring.unlock(tmp_path, "王敏", MINE)


def test_people_come_and_go(tmp_path: Path, made: keyring.Made) -> None:
    keyring.add_person(tmp_path, made.key, "刘洋", YOURS)
    assert set(keyring.people(tmp_path)) == {"刘洋", "王敏"}
    assert keyring.unlock(tmp_path, "刘洋", YOURS).key == made.key
    with pytest.raises(ValidationError, match="has a password already"):
        keyring.add_person(tmp_path, made.key, "刘洋", NEW)
    keyring.reset_person(tmp_path, made.key, "刘洋", NEW)
    assert keyring.unlock(tmp_path, "刘洋", NEW).key == made.key
    keyring.remove_person(tmp_path, made.key, "刘洋")
    with pytest.raises(keyring.SignInRefused):
        keyring.unlock(tmp_path, "刘洋", NEW)
    with pytest.raises(UserError, match="no password here"):
        keyring.reset_person(tmp_path, made.key, "刘洋", NEW)
    with pytest.raises(UserError, match="last person"):
        keyring.remove_person(tmp_path, made.key, "王敏")


def test_a_reset_ends_the_wait(tmp_path: Path, made: keyring.Made) -> None:
    keyring.add_person(tmp_path, made.key, "刘洋", YOURS)
    for _turn in range(5):
        with pytest.raises(keyring.SignInRefused):
            keyring.unlock(tmp_path, "刘洋", NEW)
    assert keyring.wait(tmp_path, "刘洋") > 50
    keyring.reset_person(tmp_path, made.key, "刘洋", NEW)
    assert keyring.unlock(tmp_path, "刘洋", NEW).key == made.key


def test_who_holds_another_key_changes_nothing(tmp_path: Path, made: keyring.Made) -> None:
    before = (tmp_path / "keys.json").read_bytes()
    acts: tuple[Callable[[], object], ...] = (
        lambda: keyring.add_person(tmp_path, bytes(32), "刘洋", YOURS),
        lambda: keyring.reset_person(tmp_path, bytes(32), "王敏", YOURS),
        lambda: keyring.new_code(tmp_path, bytes(32)),
        lambda: keyring.remove_person(tmp_path, bytes(32), "王敏"),
    )
    for act in acts:
        with pytest.raises(UserError, match="changed by another program"):
            act()
    assert (tmp_path / "keys.json").read_bytes() == before


# Waiting


def answers(folder: Path, name: str) -> list[str]:
    found = []
    for _turn in range(7):
        with pytest.raises(keyring.SignInRefused) as caught:
            keyring.unlock(folder, name, "wrong all the time")
        found.append(str(caught.value))
    return found


def test_an_unknown_name_gets_the_same_answers(tmp_path: Path, made: keyring.Made) -> None:
    known = answers(tmp_path, "王敏")
    assert known == answers(tmp_path, "没有这人")
    assert [("Wait 1 min" in answer) for answer in known] == [False] * 4 + [True] * 3
    with pytest.raises(keyring.SignInRefused, match="Wait"):
        keyring.unlock(tmp_path, "王敏", MINE)  # the right one has to wait too, else waiting would tell


def test_an_unknown_name_takes_as_long(tmp_path: Path) -> None:
    protected(tmp_path)
    spans: dict[str, list[float]] = {"王敏": [], "没有这人": []}
    for _turn in range(4):
        for name, taken in spans.items():
            start = time.perf_counter()
            with pytest.raises(keyring.SignInRefused):
                keyring.unlock(tmp_path, name, "wrong all the time")
            taken.append(time.perf_counter() - start)
    known, unknown = (statistics.median(taken) for taken in spans.values())
    assert unknown > known / 3
    assert known > unknown / 3
    assert min(known, unknown) > 0.02  # the control: it is the costly part that both go through


# A key file that is damaged or tampered with


@pytest.mark.parametrize("place", key_file.FILE_NAMES)
def test_a_damaged_copy_is_mended_from_the_other_and_said(tmp_path: Path, made: keyring.Made, place: str) -> None:
    whole = (tmp_path / place).read_bytes()
    draw = random.Random(7)
    damages = [b"", whole[:-1], whole[: len(whole) // 2], b"{}", bytes(len(whole)), None]
    for _turn in range(10):
        bit = draw.randrange(len(whole) * 8)
        damages.append(whole[: bit // 8] + bytes([whole[bit // 8] ^ 1 << bit % 8]) + whole[bit // 8 + 1 :])
    for damage in damages:
        (tmp_path / place).unlink() if damage is None else (tmp_path / place).write_bytes(damage)
        opened = keyring.unlock(tmp_path, "王敏", MINE)
        assert opened.key == made.key
        assert opened.notes == (f"The key file {place} was damaged or missing and was mended from its second copy.",)
        assert (tmp_path / place).read_bytes() == whole
    assert keyring.unlock(tmp_path, "王敏", MINE).notes == ()


def test_both_copies_damaged_is_said_and_nothing_is_touched(tmp_path: Path, made: keyring.Made) -> None:
    for name in key_file.FILE_NAMES:
        (tmp_path / name).write_bytes(b"x")
    for act in (lambda: keyring.unlock(tmp_path, "王敏", MINE), lambda: keyring.unlock_by_code(tmp_path, made.code)):
        with pytest.raises(UserError, match=r"Both copies of the key file .* Put back keys.json from a backup"):
            act()
    assert [(tmp_path / name).read_bytes() for name in key_file.FILE_NAMES] == [b"x", b"x"]
    assert keyring.exists(tmp_path)


def test_a_write_cut_off_between_the_copies_counts_and_is_no_damage(tmp_path: Path, made: keyring.Made) -> None:
    before = (tmp_path / key_file.FILE_NAMES[1]).read_bytes()
    keyring.set_password(tmp_path, "王敏", MINE, NEW)
    (tmp_path / key_file.FILE_NAMES[1]).write_bytes(before)
    opened = keyring.unlock(tmp_path, "王敏", NEW)
    assert opened == (made.key, "王敏", ())
    assert len({(tmp_path / name).read_bytes() for name in key_file.FILE_NAMES}) == 1


def test_an_entry_slipped_in_by_another_program_is_found(tmp_path: Path, made: keyring.Made) -> None:
    """Its check sum is right; without the key nobody can make the rest right."""
    body = key_file.read(tmp_path).body
    body["people"]["王敏"]["public"] = body["recovery"]["public"]
    key_file.write(tmp_path, body)
    with pytest.raises(UserError):
        keyring.unlock_by_code(tmp_path, made.code)


def test_a_key_file_of_a_newer_program_is_left_alone(tmp_path: Path, made: keyring.Made) -> None:
    key_file.write(tmp_path, key_file.read(tmp_path).body | {"version": 2})
    with pytest.raises(UserError, match="newer program"):
        keyring.unlock(tmp_path, "王敏", MINE)


def test_an_entry_cannot_ask_for_all_memory(tmp_path: Path, made: keyring.Made, monkeypatch: pytest.MonkeyPatch) -> None:
    body = key_file.read(tmp_path).body
    body["people"]["王敏"]["cost"] = [10**9, 2**31, 2**20]
    key_file.write(tmp_path, body)
    monkeypatch.setattr(wrapping, "_MOST", (1, 64, 1))
    assert wrapping.stretched(MINE, bytes(16), [10**9, 2**31, 2**20])
    with pytest.raises(UserError, match="changed by another program"):
        keyring.unlock(tmp_path, "王敏", MINE)


@pytest.mark.parametrize("body", [[], {"version": 1}, {"version": "1", "serial": 1, "people": {}, "recovery": {}, "macs": []}])
def test_a_strange_key_file_counts_as_damaged(tmp_path: Path, body: object) -> None:
    for name in key_file.FILE_NAMES:
        (tmp_path / name).write_bytes(key_file.encode(json.loads(json.dumps(body))))
    with pytest.raises(UserError, match="Both copies"):
        key_file.read(tmp_path)


# Making and taking away


def test_no_store_no_key_file(tmp_path: Path, quick: None) -> None:
    with pytest.raises(RuntimeError), keyring.making(tmp_path, "王敏", MINE):
        raise RuntimeError
    assert not key_file.present(tmp_path)
    with pytest.raises(ValidationError), keyring.making(tmp_path, "王敏", "password123"):
        pass
    assert not keyring.exists(tmp_path)


def test_passwords_are_not_made_twice(tmp_path: Path, made: keyring.Made) -> None:
    with pytest.raises(UserError, match="has passwords already"), keyring.making(tmp_path, "刘洋", YOURS):
        pass
    assert keyring.unlock(tmp_path, "王敏", MINE).key == made.key


def test_the_store_decides_which_of_two_keys_stays(tmp_path: Path, made: keyring.Made) -> None:
    with keyring.rekeying(tmp_path, made.key):
        pass
    assert keyring.unlock(tmp_path, "王敏", MINE).key == made.key
    keyring.add_person(tmp_path, made.key, "刘洋", YOURS)
    with keyring.rekeying(tmp_path, made.key, "刘洋") as coming:
        store_file_with(tmp_path, coming)
    assert keyring.unlock(tmp_path, "王敏", MINE).key == coming != made.key
    assert keyring.unlock_by_code(tmp_path, made.code).key == coming
    with pytest.raises(keyring.SignInRefused):
        keyring.unlock(tmp_path, "刘洋", YOURS)
    keyring.add_person(tmp_path, coming, "刘洋", YOURS)


def test_nobody_is_left_out_where_the_key_stays(tmp_path: Path, made: keyring.Made) -> None:
    keyring.add_person(tmp_path, made.key, "刘洋", YOURS)
    with pytest.raises(UserError, match="at work"), keyring.rekeying(tmp_path, made.key, "刘洋"):
        raise UserError("Another window is at work on these data.")
    assert keyring.unlock(tmp_path, "刘洋", YOURS).key == made.key
    with keyring.rekeying(tmp_path, made.key, "刘洋") as coming:
        store_file_with(tmp_path, coming)
    assert keyring.people(tmp_path) == ("王敏",)
    with keyring.rekeying(tmp_path, coming, "刘洋") as again:
        store_file_with(tmp_path, again)
    assert keyring.unlock(tmp_path, "王敏", MINE).key == again


def test_two_who_write_wait_for_each_other(tmp_path: Path, made: keyring.Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.core.lock._PATIENCE", 0.1)
    with keyring.rekeying(tmp_path, made.key), pytest.raises(UserError, match="busy with"):
        keyring.unlock(tmp_path, "王敏", MINE)
    assert keyring.unlock(tmp_path, "王敏", MINE).key == made.key
