"""Files kept with records: once by their content, whole or not at all."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from app.core import language
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
    file = attachments.attach(make.session, complaint, photo, "批号照片")
    content = photo.read_bytes()
    photo.unlink()
    assert (file.name, file.media_type, file.size, file.shows) == ("批号照（霉变）.jpg", "image/jpeg", len(content), "批号照片")
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


def test_a_gone_source_a_folder_an_empty_and_a_huge_file_are_said(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    complaint = make.complaint()
    for path in (tmp_path / "gone.jpg", tmp_path):
        with pytest.raises(UserError, match="There is no file"):
            attachments.attach(make.session, complaint, path)
    (tmp_path / "空文件.pdf").touch()
    with pytest.raises(UserError, match=r"空文件\.pdf is empty \(0 bytes\)"):
        attachments.attach(make.session, complaint, tmp_path / "空文件.pdf")
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


def test_what_a_file_shows_is_a_code_a_word_of_it_or_free_words(make: Make, photo: Path) -> None:
    complaint = make.complaint()
    said = ["batch_photo", "Photo of the batch number", "店门口的招牌", ""]
    assert [attachments.attach(make.session, complaint, photo, words).shows for words in said] == [
        "batch_photo", "batch_photo", "店门口的招牌", "",
    ]  # fmt: skip
    language.choose("zh_CN")
    assert attachments.attach(make.session, make.complaint(), photo, "批号照").shows == "batch_photo"
    assert attachments.shown("batch_photo") == "批号照"
    assert attachments.shown("店门口的招牌") == "店门口的招牌"


def test_the_same_file_showing_the_same_is_attached_once(make: Make, photo: Path) -> None:
    complaint = make.complaint()
    first = attachments.attach(make.session, complaint, photo, "photo")
    assert attachments.attach(make.session, complaint, photo, "photo") == first
    attachments.attach(make.session, complaint, photo, "invoice")
    assert [file.shows for file in attachments.of(make.session, complaint)] == ["photo", "invoice"]
    assert len(kept(make)) == 1


def test_it_can_be_said_later_what_a_file_shows(make: Make, photo: Path) -> None:
    complaint = make.complaint()
    file = attachments.attach(make.session, complaint, photo)
    assert attachments.say(make.session, complaint, file.id, "invoice").shows == "invoice"
    attachments.say(make.session, complaint, file.id, "invoice")
    notes = [entry.note for entry in history.of("complaint", complaint.id) if entry.action == "attach-shows"]
    assert notes == ["批号照（霉变）.jpg: Invoice"]
    with pytest.raises(UserError, match=f"{complaint.number} has no attachment 77"):
        attachments.say(make.session, complaint, 77, "invoice")


def test_a_file_is_voided_with_a_reason_and_stays(make: Make, photo: Path) -> None:
    complaint = make.complaint()
    file = attachments.attach(make.session, complaint, photo, "photo")
    with pytest.raises(ValidationError, match="Reason is missing"):
        attachments.void(make.session, complaint, file.id, " ")
    attachments.void(make.session, complaint, file.id, "别家的照片")
    (void,) = attachments.of(make.session, complaint)
    assert (void.voided_by, void.void_reason) == ("王敏", "别家的照片")
    assert void.path.read_bytes() == photo.read_bytes()
    assert attachments.counting([void]) == []
    assert history.of("complaint", complaint.id)[-1].note == "批号照（霉变）.jpg: 别家的照片"
    for act in (attachments.void, attachments.say):
        with pytest.raises(UserError, match="is void already"):
            act(make.session, complaint, file.id, "again")
    assert attachments.attach(make.session, complaint, photo, "photo").id != file.id


def test_a_file_belongs_to_one_record_only(make: Make, photo: Path) -> None:
    file = attachments.attach(make.session, make.complaint(), photo)
    with pytest.raises(UserError, match="has no attachment"):
        attachments.void(make.session, make.complaint(), file.id, "anderswo")


@pytest.mark.parametrize(
    ("name", "kept_as"),
    [("a\x07b\nc.jpg", "a_b_c.jpg"), ("\u202egpj.exe", "_gpj.exe"), ("程序.exe", "程序.exe"), ("a\udcffb.jpg", "a_b.jpg")],
)
def test_files_with_odd_names_are_kept_under_a_tame_one(make: Make, tmp_path: Path, name: str, kept_as: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"MZ")
    assert attachments.attach(make.session, make.complaint(), path).name == kept_as
