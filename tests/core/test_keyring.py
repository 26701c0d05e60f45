"""Who can open the data: right and wrong passwords, the recovery code, people who come and go, and a key file that is damaged."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.core import key_file, keyring, store_file, tries, wrapping
from app.core.errors import UserError, ValidationError

MINE, YOURS, NEW = "雨后的茶园很安静没有人", "seven green umbrellas", "一只猫坐在书架上面睡觉"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords that cost next to nothing; what they cost in earnest is measured by itself."""
    monkeypatch.setattr(keyring, "COST", (1, 64, 1))


def protected(folder: Path) -> keyring.Made:
    """An encrypted store with 王敏's password."""
    with keyring.making(folder, "王敏", MINE) as made:
        store_file_with(folder, made.key)
    return made


def store_file_with(folder: Path, key: bytes) -> None:
    (folder / store_file.FILE_NAME).unlink(missing_ok=True)
    connection = store_file.raw(folder / store_file.FILE_NAME, key)
    connection.execute("CREATE TABLE customer (name TEXT)")
    connection.close()


@pytest.fixture
def made(tmp_path: Path, quick: None) -> keyring.Made:
    return protected(tmp_path)


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


# What each act says and leaves


def test_a_key_file_that_was_written_long_ago_still_opens(tmp_path: Path) -> None:
    """It lies beside this test: how keys are wrapped must never change."""
    for name in key_file.FILE_NAMES:
        shutil.copy(Path(__file__).with_name("keys.json"), tmp_path / name)
    key = bytes.fromhex("4a350d4d9a54de90b2383e9f30620f1039b2a948560405f810f51d828441d4ec")
    assert keyring.unlock(tmp_path, "王敏", MINE) == (key, "王敏", ())
    assert keyring.unlock_by_code(tmp_path, "QZ5BQ-BT8N7-GWT8F-SWH6M-EURVK").key == key
    assert keyring.belongs(tmp_path, key)
    assert keyring.file_keys_by(tmp_path, key) == [
        bytes.fromhex("9553ca3f227a4a55f92284ea9363f03680a5a3855380d85cdda216f8df0e532c")
    ]


def test_trying_a_password_costs_64_mib_and_three_rounds(tmp_path: Path) -> None:
    protected(tmp_path)
    body = key_file.read(tmp_path).body
    assert [entry["cost"] for entry in (*body["people"].values(), body["recovery"])] == [[3, 65536, 4]] * 2


def test_a_password_is_asked_for_again(tmp_path: Path, made: keyring.Made) -> None:
    keyring.check(tmp_path, "王敏", MINE)
    for name, wrong in (("王敏", YOURS), ("刘洋", MINE)):
        with pytest.raises(keyring.SignInRefused):
            keyring.check(tmp_path, name, wrong)


def test_nobody_gets_a_password_made_of_their_name(tmp_path: Path, made: keyring.Made) -> None:
    keyring.add_person(tmp_path, made.key, "刘洋", YOURS)
    acts: tuple[Callable[[], object], ...] = (
        lambda: keyring.making(tmp_path / "new", "王敏", "王敏王敏茶园水19900101").__enter__(),
        lambda: keyring.set_password(tmp_path, "王敏", MINE, "王敏王敏茶园水19900101"),
        lambda: keyring.add_person(tmp_path, made.key, "陈静", "陈静陈静茶园水19900101"),
        lambda: keyring.reset_person(tmp_path, made.key, "刘洋", "刘洋刘洋茶园水19900101"),
    )
    for act in acts:
        with pytest.raises(ValidationError, match="first that are guessed"):
            act()


def test_what_cannot_be_done_says_who_is_meant(tmp_path: Path, made: keyring.Made) -> None:
    acts: dict[str, Callable[[], object]] = {
        "王敏 has a password already.": lambda: keyring.add_person(tmp_path, made.key, "王敏", YOURS),
        "刘洋 has no password here.": lambda: keyring.reset_person(tmp_path, made.key, "刘洋", YOURS),
        f"{tmp_path} has passwords already. Sign in.": lambda: keyring.making(tmp_path, "刘洋", YOURS).__enter__(),
        "王敏 is the last person with a password. Give another one a password first.": lambda: keyring.remove_person(
            tmp_path, made.key, "王敏"
        ),
        "The key file was changed by another program. Put back keys.json from a backup.": lambda: keyring.new_code(
            tmp_path, bytes(32)
        ),
    }
    for sentence, act in acts.items():
        with pytest.raises(UserError) as told:
            act()
        assert sentence in (str(told.value), getattr(told.value, "errors", {}).get("name"))


def test_a_refusal_knows_the_seconds_to_wait(tmp_path: Path, made: keyring.Made) -> None:
    for turn in range(6):
        with pytest.raises(keyring.SignInRefused) as told:
            keyring.unlock(tmp_path, "王敏", YOURS)
        assert (told.value.wait > 50) is (turn >= 4)


def test_a_name_stays_as_it_was_first_written(tmp_path: Path, made: keyring.Made) -> None:
    keyring.add_person(tmp_path, made.key, "Liu Yang", YOURS)
    keyring.reset_person(tmp_path, made.key, "LIU YANG", NEW)
    assert keyring.unlock(tmp_path, "liu yang", NEW).name == "Liu Yang"


def test_each_change_of_the_key_file_has_a_number_of_its_own(tmp_path: Path, made: keyring.Made) -> None:
    serials = [key_file.read(tmp_path).body["serial"]]
    for _turn in range(2):
        keyring.new_code(tmp_path, made.key)
        serials.append(key_file.read(tmp_path).body["serial"])
    assert serials == [1, 2, 3]


def test_files_count_as_plain_until_they_were_gone_through(tmp_path: Path, made: keyring.Made) -> None:
    assert keyring.is_unfinished(tmp_path)
    for unfinished in (False, True):
        keyring.say_unfinished(tmp_path, made.key, unfinished)
        assert keyring.is_unfinished(tmp_path) is unfinished
        assert keyring.unlock(tmp_path, "王敏", MINE).key == made.key
    with pytest.raises(UserError, match="changed by another program"):
        keyring.say_unfinished(tmp_path, bytes(32), False)
    assert keyring.is_unfinished(tmp_path)


def test_a_key_file_is_of_one_key(tmp_path: Path, made: keyring.Made) -> None:
    assert keyring.belongs(tmp_path, made.key)
    assert not keyring.belongs(tmp_path, bytes(32))
    (secret,) = keyring.file_keys_by(tmp_path, made.key)
    assert len(secret) == wrapping.KEY_SIZE
    assert keyring.file_keys_by(tmp_path, bytes(32)) == keyring.file_keys_by(tmp_path, None) == []


def test_passwords_go_with_the_encryption(tmp_path: Path, made: keyring.Made) -> None:
    with pytest.raises(UserError, match="changed by another program"), keyring.leaving(tmp_path, bytes(32)):
        pass
    with keyring.leaving(tmp_path, made.key):
        pass
    with pytest.raises(keyring.SignInRefused):
        keyring.unlock(tmp_path, "王敏", YOURS)
    assert (tmp_path / tries.FILE_NAME).exists()
    with keyring.leaving(tmp_path, made.key):
        (tmp_path / store_file.FILE_NAME).unlink()
        plain = sqlite3.connect(tmp_path / store_file.FILE_NAME)
        plain.execute("CREATE TABLE customer (name TEXT)")
        plain.close()
    assert not key_file.present(tmp_path)
    assert not (tmp_path / tries.FILE_NAME).exists()


def test_a_key_sealed_to_somebody_else_is_found(tmp_path: Path, made: keyring.Made) -> None:
    body = key_file.read(tmp_path).body
    body["people"]["王敏"]["sealed"] = body["recovery"]["sealed"]
    key_file.write(tmp_path, body)
    with pytest.raises(UserError, match=r"Put back keys\.json from a backup"):
        keyring.unlock(tmp_path, "王敏", MINE)


def copied(folder: Path, place: Path) -> Path:
    """What a crash at this moment would leave."""
    place.mkdir()
    for name in (*key_file.FILE_NAMES, store_file.FILE_NAME):
        shutil.copy(folder / name, place / name)
    return place


def test_a_change_of_the_key_that_was_cut_off_is_settled_at_the_next_sign_in(tmp_path: Path, quick: None) -> None:
    folder = tmp_path / "some" / "where"
    made = protected(folder)
    (file_key,) = keyring.file_keys_by(folder, made.key)
    with keyring.rekeying(folder, made.key) as coming:
        before, lost = copied(folder, tmp_path / "before"), copied(folder, tmp_path / "lost")
        store_file_with(folder, coming)
        after = copied(folder, tmp_path / "after")
    store_file_with(lost, b"x" * wrapping.KEY_SIZE)
    files = keyring.file_keys_by(folder, coming)
    assert (files[0], len(files), len({len(one) for one in files})) == (file_key, 2, 1)
    for place in (before, after, lost):
        for key in (made.key, coming):
            with pytest.raises(UserError, match=r"was cut off\. Sign in again"):
                keyring.new_code(place, key)
    for place, key, kept in ((before, made.key, [file_key]), (after, coming, files)):
        assert keyring.unlock(place, "王敏", MINE).key == key
        assert keyring.file_keys_by(place, key) == kept
        assert keyring.unlock_by_code(place, keyring.new_code(place, key)).key == key
    assert keyring.unlock(lost, "王敏", MINE).key == made.key
    assert keyring.belongs(lost, coming)
