"""Certificates for tests, made on the spot."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PASSWORD = "章在抽屉里"
FROM, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 12, 31, tzinfo=UTC)
SERVERS = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
ISSUING = x509.BasicConstraints(ca=True, path_length=None)
SEALING = x509.KeyUsage(False, False, True, False, False, False, False, False, False)


@cache
def certificate(
    name: str = "城东分公司",
    *extensions: Any,
    since: datetime = FROM,
    until: datetime = UNTIL,
    password: str = PASSWORD,
    kind: Any = ec.generate_private_key,
) -> bytes:
    """A file of PKCS#12."""
    key = ed25519.Ed25519PrivateKey.generate() if kind is ed25519 else kind(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = x509.CertificateBuilder().subject_name(who).issuer_name(who).serial_number(x509.random_serial_number())
    made = made.public_key(key.public_key()).not_valid_before(since).not_valid_after(until)
    for one in extensions:
        made = made.add_extension(one, critical=True)
    signed = made.sign(key, None if kind is ed25519 else SHA256())
    return pkcs12.serialize_key_and_certificates(None, key, signed, None, BestAvailableEncryption(password.encode()))


def late(days: int) -> datetime:
    """So many days after the tests' clock."""
    return datetime(2026, 11, 23, 6, 32, tzinfo=UTC) + timedelta(days=days)
