"""The attachments of an encrypted branch in checks, backups and archives."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

import pytest

from app.core import keyring
from app.core.errors import UserError
from app.core.progress import Progress
from app.core.session import Session
from app.models import attachments
from app.models.record import find_any
from app.services import archiving, backup_places, backups, checking, encryption, restoring, staffing, workplace
from tests.make import Make
from tests.services.test_encryption import NAME, PASSWORD, files_with


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "COST", (1, 64, 1))


@pytest.fixture
def branch(session: Session) -> Session:
    Make(session).customer(name=NAME)
    return session


def test_a_check_reads_sealed_attachments(branch: Session, tmp_path: Path) -> None:
    path = tmp_path / "批号.jpg"
    path.write_bytes(random.Random(3).randbytes(3_000_000))
    kept = attachments.attach(branch, find_any(branch, "KH-0001"), path)
    encryption.turn_on(branch, "李管理", PASSWORD)
    assert checking.check(branch) == []
    lying = bytearray(kept.path.read_bytes())
    lying[2_000_000] ^= 1
    kept.path.write_bytes(lying)
    (fault,) = checking.check(branch)
    assert "not the one that was taken in" in fault.what


def test_backups_of_an_encrypted_branch_hold_its_attachments_sealed(branch: Session, tmp_path: Path) -> None:
    path = tmp_path / "批号.txt"
    path.write_text(f"{NAME}的批号", encoding="utf-8")
    kept = attachments.attach(branch, find_any(branch, "KH-0001"), path)
    encryption.turn_on(branch, "王敏", PASSWORD)
    usb = tmp_path / "usb"
    usb.mkdir()
    backups.set_second_place(branch, usb)
    made = backups.make(branch.folder, "hand", branch.clock())
    assert (made.backup.manifest.missing, made.second_failed) == ((), "")
    assert files_with(usb) == []
    (copy,) = usb.rglob(kept.sha256)
    lying = bytearray(copy.read_bytes())
    lying[40] ^= 1
    copy.write_bytes(lying)
    assert not backup_places.is_whole(copy, kept.sha256)
    out = tmp_path / "out.zip"
    assert archiving.write(branch, out, Progress()).missing == ()
    with zipfile.ZipFile(out) as found:
        assert found.read(f"attachments/{kept.sha256}") == path.read_bytes()


def test_backups_from_before_passwords_make_way_for_one_that_is_encrypted(branch: Session, tmp_path: Path) -> None:
    """The control: before, the name is in a file of the attachments; the database in a backup is compressed."""
    path = tmp_path / "说明.txt"
    path.write_text(f"{NAME}的说明", encoding="utf-8")
    kept = attachments.attach(branch, find_any(branch, "KH-0001"), path)
    home = backup_places.home(branch.folder)
    backups.make(branch.folder, "hand", branch.clock())
    plain = backups.make(branch.folder, "closing", branch.clock()).backup.path
    assert any("backups/attachments" in one for one in files_with(branch.folder))
    encryption.turn_on(branch, "王敏", PASSWORD)
    (only,) = backup_places.listed(home).backups
    assert not plain.exists()
    assert only.manifest.missing == ()
    assert backup_places.is_whole(backup_places.attachment(home, kept.sha256), kept.sha256)
    assert files_with(branch.folder) == []
    assert restoring.drill(branch, workplace.LATEST, Progress()).missing == 0
    encryption.turn_off(branch, "王敏", PASSWORD)
    (again,) = backup_places.listed(home).backups
    assert again.manifest.missing == ()
    assert backup_places.attachment(home, kept.sha256).read_bytes() == path.read_bytes()


def test_while_a_change_of_the_key_is_cut_off_files_can_be_read_and_new_ones_are_sealed(
    branch: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key file knows both keys then, and the store has the old one until somebody signs in again."""
    for name in ("批号", "发票"):
        (tmp_path / f"{name}.txt").write_text(f"{NAME}的{name}", encoding="utf-8")
    encryption.turn_on(branch, "王敏", PASSWORD)
    record = find_any(branch, "KH-0001")
    before = attachments.attach(branch, record, tmp_path / "批号.txt")

    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(encryption, "rewrite", full)
        patch.setattr(keyring, "_settle", full)
        with pytest.raises(UserError):
            encryption.rekey(branch)
    assert before.content() == f"{NAME}的批号".encode()
    after = attachments.attach(branch, record, tmp_path / "发票.txt")
    assert files_with(branch.folder) == []
    again = staffing.sign_in(branch.folder, "王敏", PASSWORD)
    assert [file.content() for file in (before, after)] == [f"{NAME}的{name}".encode() for name in ("批号", "发票")]
    encryption.rekey(again)
    assert checking.check(again) == []
    assert after.content() == f"{NAME}的发票".encode()
