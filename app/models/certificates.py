"""The certificate by which the branch signs its agreements, and the one file as which each edition was signed.

The key lies apart from what a certificate says of itself: it is in backups, which are as encrypted as the database, but in no
archive. Its password is kept only where the database is encrypted; else it is asked for.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import peewee

from app.core import certificates, pdf_signatures
from app.core.certificates import FILE, LARGEST, Facts
from app.core.database import InstantColumn, database, explained, transaction
from app.core.errors import PasswordNeeded, UserError, ValidationError
from app.core.language import _
from app.core.session import PROVED_FOR, Session
from app.models import attachments, history, permissions
from app.models.agreements import Agreement

SIGNED = "signed_agreement"
"""What the attachment shows that is the signed file."""
_SOON = timedelta(days=30)


class Certificate(peewee.Model):
    """One that the branch has or had; `ended_at` is None of the one in use."""

    branch_id = peewee.IntegerField()
    subject = peewee.TextField()
    issuer = peewee.TextField()
    serial = peewee.TextField()
    fingerprint = peewee.TextField(index=True)
    valid_from = InstantColumn()
    valid_until = InstantColumn()
    at = InstantColumn()
    who = peewee.TextField()
    ended_at = InstantColumn(null=True)

    class Meta:
        database = database


class CertificateKey(peewee.Model):
    """The key of the one in use, as a file of PKCS#12; the password where it may be kept."""

    content = peewee.BlobField()
    password = peewee.TextField(null=True)

    class Meta:
        database = database
        table_name = "certificate_key"


class SignedEdition(peewee.Model):
    """The file as which an edition was signed; its bytes are an attachment of the agreement."""

    agreement_id = peewee.IntegerField(primary_key=True)
    certificate_id = peewee.IntegerField()
    sha256 = peewee.TextField()
    copies = peewee.IntegerField()
    at = InstantColumn()
    who = peewee.TextField()

    class Meta:
        database = database
        table_name = "signed_edition"


class CertificatePasswordNeeded(PasswordNeeded):
    """The certificate can sign once its password is given."""


class Held(NamedTuple):
    """The certificate in use, when it was set and by whom."""

    id: int
    facts: Facts
    at: datetime
    who: str


def current(session: Session) -> Held | None:
    """The certificate in use; None where the branch does not sign."""
    # Asked for at each agreement, and most branches have none: peewee would take longer to word this than SQLite to answer.
    row = database.execute_sql(
        "SELECT id FROM certificate WHERE branch_id = ? AND ended_at IS NULL LIMIT 1", (session.branch.id,)
    ).fetchone()
    if row is None:
        return None
    found = Certificate.get_by_id(row[0])
    return Held(found.id, _facts(found), found.at, found.who)


def _facts(row: Certificate) -> Facts:
    return Facts(*(getattr(row, name) for name in Facts._fields))


def is_ours(fingerprint: str) -> bool:
    """Whether the branch has or had that certificate."""
    return bool(Certificate.select().where(Certificate.fingerprint == fingerprint).exists())


def warning(session: Session, held: Held) -> str:
    """That it has expired or will soon, in words; empty while neither."""
    if sentence := certificates.out_of_time(held.facts, session.clock()):
        return _("{sentence} Agreements cannot be signed until another one is set or this one is removed.").format(
            sentence=sentence
        )
    left = held.facts.valid_until - session.clock()
    return _("The certificate expires in {days} days. Ask for the next one.").format(days=left.days) if left <= _SOON else ""


def standing(session: Session) -> str:
    """That warning, for who can mend it; empty for others, and where the branch does not sign."""
    if permissions.refusal(session, "certificate.edit") or (held := current(session)) is None:
        return ""
    return warning(session, held)


def choose(session: Session, path: Path, password: str) -> Held:
    """Sign with the certificate of a file from now on. ValidationError says what is wrong with file or password."""
    permissions.require(session, "certificate.edit")
    opened = certificates.opened(_read(path), password, session.clock())
    with session.changed.after(), transaction():
        _end(session)
        made = Certificate.create(branch_id=session.branch.id, at=session.clock(), who=session.user, **opened.facts._asdict())
        CertificateKey.create(id=made.id, content=opened.content, password=None if session.open else password)
        _note(session, "certificate-set", opened.facts)
        session.changed("settings")
    return Held(made.id, opened.facts, made.at, made.who)


def _read(path: Path) -> bytes:
    with explained(path):
        if not path.is_file():
            raise ValidationError({FILE: _("There is no file {path}.").format(path=path)})
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise ValidationError({FILE: _("This is no certificate file (.p12, .pfx) that can be read, with a key of RSA or ECDSA.")})
    return content


def remove(session: Session) -> None:
    """Sign no more; what was signed stays so. UserError where there is none."""
    permissions.require(session, "certificate.edit")
    held = current(session)
    if held is None:
        raise UserError(_("The branch has no certificate."))
    with session.changed.after(), transaction():
        _end(session)
        _note(session, "certificate-removed", held.facts)
        session.changed("settings")


def _end(session: Session) -> None:
    """The key is deleted, what the certificate said of itself stays."""
    CertificateKey.delete().execute()
    ended = Certificate.update(ended_at=session.clock())
    ended.where(Certificate.branch_id == session.branch.id, Certificate.ended_at.is_null()).execute()


def _note(session: Session, action: str, facts: Facts) -> None:
    history.write(session, "branch", session.branch.id, action, note=f"{facts.subject}: {facts.fingerprint}")


def forget_password() -> None:
    """Before the database is no longer encrypted, inside the caller's transaction: the password is asked for from then on."""
    CertificateKey.update(password=None).execute()


def unlock(session: Session, password: str) -> None:
    """Remember the password of the certificate for five minutes, in memory. ValidationError where it is wrong."""
    row = CertificateKey.get_or_none()
    if row is not None:
        certificates.opened(bytes(row.content), password, session.clock())
    session.certificate_password = (password, session.uptime())


def _password(session: Session, row: CertificateKey) -> str:
    if row.password is not None:
        return str(row.password)
    given, at = session.certificate_password
    if not given or session.uptime() - at >= PROVED_FOR:
        raise CertificatePasswordNeeded(_("To sign, the password of the certificate is needed."))
    return given


class SignedFile(NamedTuple):
    """The file as which an edition was signed, and how many copies, each marked as whose it is, it holds."""

    content: bytes
    copies: int


def was_signed(agreement: Agreement) -> bool:
    """Whether an edition was signed by certificate."""
    return _signed_row(agreement) is not None


def _signed_row(agreement: Agreement) -> tuple[str, int] | None:
    """Hash of the file, and its copies."""
    sql = "SELECT sha256, copies FROM signed_edition WHERE agreement_id = ?"
    row: tuple[str, int] | None = database.execute_sql(sql, (agreement.id,)).fetchone()
    return row


def signed_file(session: Session, agreement: Agreement) -> SignedFile | None:
    """What was signed, the same bytes each time; None where nothing was, or it was erased. UserError where it is damaged."""
    row = _signed_row(agreement)
    if row is None:
        return None
    sha256, copies = row
    file = next((one for one in attachments.of(session, agreement) if one.sha256 == sha256), None)
    if file is None:
        return None
    content = file.content()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise UserError(_("{name} is damaged on the disk. Put it back from a backup.").format(name=file.name))
    return SignedFile(content, copies)


def sign(session: Session, agreement: Agreement, content: bytes, name: str, copies: int) -> SignedFile:
    """Sign an edition's paper and keep the file with it; of one that was signed already that file.

    CertificatePasswordNeeded where the password is not at hand; UserError where the certificate has expired or is gone.
    """
    permissions.require(session, "paper.print")
    if (before := signed_file(session, agreement)) is not None:
        return before
    held, row = current(session), CertificateKey.get_or_none()
    if held is None or row is None:
        raise UserError(_("The branch has no certificate."))
    if sentence := certificates.out_of_time(held.facts, session.clock()):
        raise UserError(_("{sentence} Set another one in the settings, or remove it to go on without.").format(sentence=sentence))
    signed = pdf_signatures.sign(content, bytes(row.content), _password(session, row), session.clock())
    with session.changed.after(), transaction():
        file = attachments.keep(session, agreement, name, signed, SIGNED)
        SignedEdition.create(
            agreement_id=agreement.id, certificate_id=held.id, sha256=file.sha256, copies=copies, at=session.clock(),
            who=session.user,
        )  # fmt: skip
        history.write(session, agreement.KIND, agreement.id, "certify", note=f"{held.facts.subject}: {file.sha256}")
    attachments.settle(session, file)
    return SignedFile(signed, copies)
