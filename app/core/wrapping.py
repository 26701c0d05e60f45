"""How keys are wrapped: by a password, sealed to a public key, or under another key. No file is read or written here."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence

from app.core import passwords

KEY_SIZE = 32
_MOST = (10, 256 * 1024, 16)
"""Of the cost that an entry may ask for: a few seconds."""
SALT, _NONCE, _PUBLIC, _TAG = 16, 12, 32, 16
WRAPPED, SEALED = _NONCE + KEY_SIZE + _TAG, _PUBLIC + _NONCE + KEY_SIZE + _TAG
"""Bytes of a key that was wrapped, and of one that was sealed."""


class Wrong(Exception):
    """The secret is not the one that it was wrapped with."""


def pair() -> tuple[bytes, bytes]:
    """A private and a public key (X25519)."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey  # heavy: only where there are passwords

    made = X25519PrivateKey.generate()
    return made.private_bytes_raw(), made.public_key().public_bytes_raw()


def seal(public: bytes, secret: bytes) -> bytes:
    """What only the private half of the pair can read: a pair for this once, and a key out of both."""
    private, once = pair()
    return once + wrap(derived(_shared(private, public), b"seal" + once), secret)


def unseal(private: bytes, sealed: bytes) -> bytes:
    """What was sealed to the pair. Wrong where it was another's."""
    once = sealed[:_PUBLIC]
    return unwrap(derived(_shared(private, once), b"seal" + once), sealed[_PUBLIC:])


def _shared(private: bytes, public: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric import x25519  # heavy: only where there are passwords

    return x25519.X25519PrivateKey.from_private_bytes(private).exchange(x25519.X25519PublicKey.from_public_bytes(public))


def wrap(key: bytes, secret: bytes, bound: bytes = b"") -> bytes:
    """A secret under a key (AES-256-GCM); `bound` must be the same when it is taken out."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # heavy: only where there are passwords

    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, secret, bound)


def unwrap(key: bytes, wrapped: bytes, bound: bytes = b"") -> bytes:
    """The secret. Wrong for another key, or where anything was changed."""
    from cryptography.exceptions import InvalidTag  # heavy: only where there are passwords
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], bound)
    except (InvalidTag, ValueError):
        raise Wrong from None


def stretched(secret: str, salt: bytes, cost: Sequence[int]) -> bytes:
    """The key of a password (argon2id); `cost`: rounds, KiB of memory, lanes."""
    from argon2.low_level import Type, hash_secret_raw  # heavy: only where there are passwords

    rounds, memory, lanes = (min(asked, most) for asked, most in zip(cost, _MOST, strict=True))
    typed = passwords.normal(secret).encode("utf-8", "surrogatepass")
    return hash_secret_raw(typed, salt, rounds, memory, lanes, KEY_SIZE, Type.ID)


def derived(secret: bytes, purpose: bytes, salt: bytes | None = None) -> bytes:
    """A key for one purpose, out of another key (HKDF-SHA256)."""
    from cryptography.hazmat.primitives.hashes import SHA256  # heavy: only where there are passwords
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), KEY_SIZE, salt, b"kesu " + purpose).derive(secret)


def as_text(content: bytes) -> str:
    """Bytes as they stand in JSON."""
    return base64.b64encode(content).decode()


def as_bytes(content: str) -> bytes:
    """The bytes again."""
    return base64.b64decode(content)
