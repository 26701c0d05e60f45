"""What each act on the key file says and leaves: also years later, and where a change of the key was cut off."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from app.core import key_file, keyring, store_file, tries, wrapping
from app.core.errors import UserError, ValidationError
from tests.core.protected import MINE, NEW, YOURS, protected, store_file_with


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
