"""Files for people: there whole or not at all, whatever stands in the way."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from app.core import language
from app.core.errors import UserError
from app.core.files import coming_file, reason, write_whole


def test_a_file_gets_its_name_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / f"{'长' * 80}.pdf"
    path.write_bytes(b"older")
    with coming_file(path) as write:
        write(b"new")
        assert path.read_bytes() == b"older"
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_what_breaks_off_leaves_the_older_file(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"older")
    with pytest.raises(ZeroDivisionError), coming_file(path) as write:
        write(bytes(1 // 0))
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"older", [path])


def test_behind_a_link_the_file_is_replaced_and_the_link_stays(tmp_path: Path) -> None:
    (tmp_path / "link.pdf").symlink_to(tmp_path / "real.pdf")
    write_whole(tmp_path / "link.pdf", b"x")
    assert (tmp_path / "link.pdf").is_symlink()
    assert (tmp_path / "real.pdf").read_bytes() == b"x"


@pytest.mark.skipif(os.name == "nt", reason="devices are those of Unix")
def test_folders_and_devices_are_no_place_for_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for path in (tmp_path, Path(), Path("/")):
        with pytest.raises(UserError, match="it is a folder"):
            write_whole(path, b"x")
    os.mkfifo(tmp_path / "pipe")  # no device of the system: whoever runs this may be allowed to replace it
    (tmp_path / "link").symlink_to(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path / "link"):
        with pytest.raises(UserError, match="it is a device"):
            write_whole(path, b"x")
    assert (tmp_path / "pipe").is_fifo()


def test_a_place_that_cannot_be_is_said_before_the_work(tmp_path: Path) -> None:
    for path in (tmp_path / "gone" / "x.pdf", tmp_path / ("x" * 5000)):
        with pytest.raises(UserError, match="cannot be written"), coming_file(path):
            pytest.fail("the work began")
    assert list(tmp_path.iterdir()) == []


def test_the_usual_reasons_are_said_in_the_language_of_the_user() -> None:
    language.choose("zh_CN")
    assert reason(OSError(errno.ENOSPC, "No space left on device")) == "磁盘已满"
    assert reason(OSError(errno.EIO, "Input/output error")) == "Input/output error"
    assert reason(OSError("odd")) == "odd"


def test_a_file_is_on_the_disk_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a power cut leaves an empty one under it, while the database says that it was printed."""
    done: list[str] = []
    sync, replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (done.append("sync"), sync(handle)))
    monkeypatch.setattr(Path, "replace", lambda path, target: (done.append("name"), replace(path, target))[1])
    write_whole(tmp_path / "a.pdf", b"1")
    assert done[:2] == ["sync", "name"]
