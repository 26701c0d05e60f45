"""Encrypted stores with the password of one person, for the tests of the key file."""

from __future__ import annotations

from pathlib import Path

from app.core import keyring, store_file

MINE, YOURS, NEW = "雨后的茶园很安静没有人", "seven green umbrellas", "一只猫坐在书架上面睡觉"


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
