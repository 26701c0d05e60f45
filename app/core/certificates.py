"""A certificate with its private key as a file brings it (PKCS#12): what it says of itself, and whether it is fit for signing."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from app.core.errors import ValidationError
from app.core.language import _

if TYPE_CHECKING:
    from cryptography import x509

LARGEST = 1 << 20
"""Bytes; such a file has a few thousand."""
FILE, PASSWORD = "file", "certificate_password"
"""The fields that are asked for."""
SHORT = 16
"""Digits of the fingerprint that stand on a paper."""
_SHORTEST_RSA = 2048
# Any purpose, signing of mails and of documents (RFC 9336, Microsoft, Adobe), proof of identity.
_PURPOSES = {
    *("2.5.29.37.0", "1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.36", "1.3.6.1.4.1.311.10.3.12"),
    *("1.2.840.113583.1.1.5", "1.3.6.1.5.5.7.3.2"),
}


class Facts(NamedTuple):
    """What a certificate says of itself; `fingerprint` is its SHA-256 in hexadecimal digits, the times are UTC."""

    subject: str
    issuer: str
    serial: str
    fingerprint: str
    valid_from: datetime
    valid_until: datetime


class Opened(NamedTuple):
    """A file that could be opened; `content` is it anew, encrypted with the same password by AES-256."""

    content: bytes
    facts: Facts


def opened(content: bytes, password: str, now: datetime) -> Opened:
    """What a file of PKCS#12 holds, if it can sign at this instant. ValidationError says at which field it fails, and why."""
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12  # heavy: rare

    if not password:
        raise ValidationError({PASSWORD: _("A password is missing. Anybody could sign with a file without one: set one.")})
    try:
        held = pkcs12.load_pkcs12(content, password.encode())
    except Exception as error:  # whatever a foreign file makes of the parser, it is no certificate for us
        raise _refusal(error) from None
    if held.key is None or held.cert is None:
        raise ValidationError({FILE: _("The file holds no certificate with its private key. Export it with the key.")})
    certificate = held.cert.certificate
    facts = facts_of(certificate)
    if sentence := unfit(certificate, held.key) or out_of_time(facts, now):
        raise ValidationError({FILE: sentence})
    others = [one.certificate for one in held.additional_certs]
    sealing = BestAvailableEncryption(password.encode())
    again = pkcs12.serialize_key_and_certificates(None, held.key, certificate, others or None, sealing)  # type: ignore[arg-type]
    return Opened(again, facts)


def _refusal(error: Exception) -> ValidationError:
    if "password" in str(error).casefold():
        return ValidationError({PASSWORD: _("The password does not open this file, or the file is damaged.")})
    return ValidationError({FILE: _("This is no certificate file (.p12, .pfx) that can be read, with a key of RSA or ECDSA.")})


def facts_of(certificate: x509.Certificate) -> Facts:
    """What it says of itself."""
    from cryptography.hazmat.primitives.hashes import SHA256  # heavy: rare

    return Facts(
        _name(certificate.subject),
        _name(certificate.issuer),
        f"{certificate.serial_number:X}",
        certificate.fingerprint(SHA256()).hex(),
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
    )


def _name(name: x509.Name) -> str:
    """The common name, else all of it; on one line."""
    from cryptography.x509.oid import NameOID  # heavy: rare

    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return " ".join((str(common[0].value) if common else name.rfc4514_string()).split()) or "?"


def unfit(certificate: x509.Certificate, key: object) -> str:
    """Why it cannot sign documents, in words; empty where it can."""
    from cryptography import x509  # heavy: rare
    from cryptography.hazmat.primitives.asymmetric import ec, rsa  # heavy: rare

    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        return _("The key is of a kind that PDF readers do not check (RSA and ECDSA are). Ask for another certificate.")
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size < _SHORTEST_RSA:
        return _("The key is too short to protect anything: {bits} bits.").format(bits=key.key_size)
    try:
        said = {type(one.value): one.value for one in certificate.extensions}
    except ValueError:
        return _("The certificate cannot be read in full. Ask for another one.")
    basic = said.get(x509.BasicConstraints)
    if isinstance(basic, x509.BasicConstraints) and basic.ca:
        return _("The certificate is one of an authority, made to issue certificates, not to sign documents.")
    usage = said.get(x509.KeyUsage)
    if isinstance(usage, x509.KeyUsage) and not (usage.digital_signature or usage.content_commitment):
        return _("The certificate is not meant for signing (its key usage says so).")
    purposes = said.get(x509.ExtendedKeyUsage)
    if isinstance(purposes, x509.ExtendedKeyUsage) and not _PURPOSES & {one.dotted_string for one in purposes}:
        return _("The certificate is not meant for documents (its extended key usage says so), but for servers or programs.")
    return ""


def out_of_time(facts: Facts, now: datetime) -> str:
    """Why it does not hold at an instant, in words; empty where it does."""
    if now < facts.valid_from:
        return _("The certificate holds only from {day} on.").format(day=facts.valid_from.date().isoformat())
    if now > facts.valid_until:
        return _("The certificate expired on {day}.").format(day=facts.valid_until.date().isoformat())
    return ""
