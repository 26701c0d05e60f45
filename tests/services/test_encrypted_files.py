"""The attachments of an encrypted branch in checks, backups and archives."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

import pytest

from app.core import keyring
from app.core.progress import Progress
from app.core.session import Session
from app.models import attachments
from app.models.record import find_any
from app.services import archiving, backup_places, backups, checking, encryption
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
