"""Signatures of what lies in a shared folder (Ed25519): who has the private key wrote it, and nobody changed it since."""

from __future__ import annotations

import base64
import binascii
import hashlib

from app.core.errors import UserError
from app.core.language import _

_KEY_SIZE = 32
_PURPOSE = b"kesu-desk manifest 1\n"
"""What is signed begins so: a signature for anything else is none here."""


def pair() -> tuple[bytes, bytes]:
    """A new private key as PEM, and its public half."""
    from cryptography.hazmat.primitives import serialization  # heavy: only where something is signed
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    made = Ed25519PrivateKey.generate()
    pem = made.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return pem, made.public_key().public_bytes_raw()


def sign(pem: bytes, content: bytes) -> bytes:
    """The signature. ValueError for a key that is none of ours."""
    from cryptography.hazmat.primitives import serialization  # heavy: only where something is signed
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = serialization.load_pem_private_key(pem, None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("no Ed25519 key")
    return key.sign(_PURPOSE + content)


def holds(public: bytes, content: bytes, signature: bytes) -> bool:
    """Whether the content is as who has the private key signed it."""
    from cryptography.exceptions import InvalidSignature  # heavy: only where something was signed
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, _PURPOSE + content)
    except (InvalidSignature, ValueError):
        return False
    return True


def as_text(public: bytes) -> str:
    """A public key as it is typed."""
    return base64.b64encode(public).decode()


def read_key(typed: str) -> bytes:
    """A public key that was typed. UserError where it is none."""
    try:
        public = base64.b64decode("".join(typed.split()), validate=True)
    except (binascii.Error, ValueError):
        public = b""
    if len(public) != _KEY_SIZE:
        raise UserError(_("This is no public key: it has 44 signs and ends in “=”. Copy it as it was given out."))
    return public


def fingerprint(public: bytes) -> str:
    """Short enough to be compared by eye or on the telephone."""
    digest = hashlib.sha256(public).hexdigest()[:32]
    return " ".join(digest[place : place + 4] for place in range(0, len(digest), 4))
