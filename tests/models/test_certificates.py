"""The certificate of the branch: where its password is kept, and what the history says of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.database import database
from app.core.session import Session
from app.models import certificates
from app.models.certificates import CertificateKey
from app.services import staffing
from tests import certified
from tests.staffed import PASSWORD, protected, quick


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)


def brought(folder: Path) -> Path:
    path = folder / "branch.p12"
    path.write_bytes(certified.certificate())
    return path


def test_where_passwords_are_the_certificates_own_is_kept_until_they_are_turned_off(session: Session, tmp_path: Path) -> None:
    protected(session)
    certificates.choose(session, brought(tmp_path), certified.PASSWORD)
    assert CertificateKey.get().password == certified.PASSWORD
    staffing.unprotect(session, PASSWORD)
    assert CertificateKey.get().password is None


def test_the_history_tells_of_the_certificate_and_of_no_secret(session: Session, tmp_path: Path) -> None:
    certificates.choose(session, brought(tmp_path), certified.PASSWORD)
    certificates.remove(session)
    rows = database.execute_sql("SELECT action, note FROM history WHERE action LIKE 'certificate-%' ORDER BY id").fetchall()
    assert [action for action, _note in rows] == ["certificate-set", "certificate-removed"]
    assert not any(certified.PASSWORD in note for _action, note in rows)
