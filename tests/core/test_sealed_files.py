"""Encrypted files: every length comes back, and nothing that was changed does."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from app.core import sealed_files


@pytest.mark.parametrize(
    "size", [0, 1, sealed_files.PIECE - 1, sealed_files.PIECE, sealed_files.PIECE + 1, 2 * sealed_files.PIECE]
)
def test_every_length_comes_back(tmp_path: Path, size: int) -> None:
    path, keys = tmp_path / "file", [bytes(32), bytes(range(32))]
    path.write_bytes(random.Random(3).randbytes(size))
    whole = path.read_bytes()
    sealed_files.rewrite(path, keys, seal=True)
    assert sealed_files.content(path, keys) == whole
    assert sealed_files.content(path, keys, 100) == whole[:100]
    sealed_files.rewrite(path, keys, seal=False)
    assert path.read_bytes() == whole
    assert list(tmp_path.iterdir()) == [path]


def test_every_change_to_a_sealed_file_is_found(tmp_path: Path) -> None:
    path, keys, draw = tmp_path / "file", [bytes(32)], random.Random(5)
    path.write_bytes(bytes(2 * sealed_files.PIECE + 77))
    sealed_files.rewrite(path, keys, seal=True)
    whole, piece = path.read_bytes(), sealed_files.PIECE + 16
    head = whole[:25]
    spoiled = [whole[: 25 + piece], whole[:-1], whole + b"x", head, head + whole[25 + piece :], whole[:20]]
    spoiled.append(head + whole[25 + piece : 25 + 2 * piece] + whole[25 : 25 + piece] + whole[25 + 2 * piece :])
    for _turn in range(20):
        bit = draw.randrange(8 * 8, len(whole) * 8)  # behind the mark, by which a file is known as sealed
        spoiled.append(whole[: bit // 8] + bytes([whole[bit // 8] ^ 1 << bit % 8]) + whole[bit // 8 + 1 :])
    for content in spoiled:
        path.write_bytes(content)
        with pytest.raises(sealed_files.Damaged):
            sealed_files.content(path, keys)
