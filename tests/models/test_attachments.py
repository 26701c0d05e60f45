"""Files kept with records: once by their content, whole or not at all."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from app.core.errors import UserError, ValidationError
from app.models import attachments, history
from tests.make import Make


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "批号照（霉变）.jpg"
    path.write_bytes(b"\xff\xd8 photo" * 1000)
    return path


def kept(make: Make) -> list[Path]:
    return [path for path in (make.session.folder / "attachments").rglob("*") if path.is_file()]


def test_a_file_is_kept_with_name_size_and_hash(make: Make, photo: Path) -> None:
    complaint = make.complaint()
    file = attachments.attach(make.session, complaint, photo, "批号照")
    content = photo.read_bytes()
    photo.unlink()
    assert (file.name, file.media_type, file.size, file.shows) == ("批号照（霉变）.jpg", "image/jpeg", len(content), "批号照")
    assert (file.path.read_bytes(), file.sha256) == (content, hashlib.sha256(content).hexdigest())
    assert attachments.of(make.session, complaint) == [file]
    assert history.of("complaint", complaint.id)[-1].note == file.name


def test_equal_files_are_kept_once(make: Make, photo: Path) -> None:
    first = attachments.attach(make.session, make.complaint(), photo)
    second = attachments.attach(make.session, make.complaint(), photo.rename(photo.with_name("copy.bin")))
    assert first.path == second.path
    assert len(kept(make)) == 1
    assert second.media_type == "application/octet-stream"


def test_a_spoilt_copy_is_mended_by_attaching_again(make: Make, photo: Path) -> None:
    complaint = make.complaint()
    file = attachments.attach(make.session, complaint, photo)
    file.path.write_bytes(b"half")
    attachments.attach(make.session, complaint, photo)
    assert file.path.read_bytes() == photo.read_bytes()


def test_a_gone_source_a_folder_and_a_huge_file_are_said(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    complaint = make.complaint()
    for path in (tmp_path / "gone.jpg", tmp_path):
        with pytest.raises(UserError, match="There is no file"):
            attachments.attach(make.session, complaint, path)
    huge = tmp_path / "huge.bin"
    with huge.open("wb") as file:
        file.truncate(attachments.LARGEST + 1)
    with pytest.raises(UserError, match="larger than 200 MB"):
        attachments.attach(make.session, complaint, huge)
    assert kept(make) == []
    assert attachments.of(make.session, complaint) == []


def test_a_description_that_cannot_be_is_refused_before_anything_is_kept(make: Make, photo: Path) -> None:
    for shows in ("a\x00b", "字" * 201):
        with pytest.raises(ValidationError):
            attachments.attach(make.session, make.complaint(), photo, shows)
    assert kept(make) == []


def test_a_file_name_that_cannot_be_is_refused_as_such(make: Make, tmp_path: Path) -> None:
    photo = tmp_path / "a\x07b.jpg"
    photo.write_bytes(b"1")
    with pytest.raises(ValidationError, match=r"^File name: Character 2 "):
        attachments.attach(make.session, make.complaint(), photo)
    assert kept(make) == []


def test_a_disk_that_fills_up_leaves_nothing(make: Make, photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    complaint = make.complaint()
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(UserError, match="the disk is full"):
        attachments.attach(make.session, complaint, photo)
    monkeypatch.undo()
    assert kept(make) == []
    assert attachments.of(make.session, complaint) == []
