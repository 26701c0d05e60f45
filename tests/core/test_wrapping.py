"""How keys are wrapped, worked out a second time by the standards: what is written today must be readable for ever."""

from __future__ import annotations

import hmac
from hashlib import sha256

import pytest
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.core import wrapping

KEY, SECRET = bytes(range(32)), bytes(range(32, 64))
SALT = bytes(range(16))


def hkdf(secret: bytes, info: bytes, salt: bytes = bytes(32)) -> bytes:
    """RFC 5869 for one block."""
    return hmac.digest(hmac.digest(salt, secret, sha256), info + b"\x01", sha256)


def test_a_key_for_a_purpose_is_that_of_the_standard() -> None:
    assert wrapping.derived(KEY, b"files") == hkdf(KEY, b"kesu files")
    assert wrapping.derived(KEY, b"files", SALT) == hkdf(KEY, b"kesu files", SALT)
    assert len({wrapping.derived(KEY, purpose) for purpose in (b"files", b"key file", b"seal")}) == 3


def test_the_key_of_a_password_is_that_of_the_standard() -> None:
    expected = hash_secret_raw("雨后 tea".encode(), SALT, 2, 128, 3, 32, Type.ID)
    assert wrapping.stretched("雨后 ｔｅａ", SALT, (2, 128, 3)) == expected
    assert wrapping.stretched("\ud800", SALT, (1, 64, 1)) != expected


def test_no_part_of_the_cost_is_above_its_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wrapping, "_MOST", (2, 128, 3))
    most = wrapping.stretched("tea", SALT, (2, 128, 3))
    for asked in ((3, 128, 3), (2, 129, 3), (2, 128, 4), (9, 999, 9)):
        assert wrapping.stretched("tea", SALT, asked) == most
    for asked in ((1, 128, 3), (2, 127, 3), (2, 128, 2)):
        assert wrapping.stretched("tea", SALT, asked) != most


def test_what_is_wrapped_is_a_nonce_and_the_standard() -> None:
    wrapped = wrapping.wrap(KEY, SECRET, b"bound")
    assert len(wrapped) == wrapping.WRAPPED == 60
    assert AESGCM(KEY).decrypt(wrapped[:12], wrapped[12:], b"bound") == SECRET
    assert wrapping.unwrap(KEY, b"n" * 12 + AESGCM(KEY).encrypt(b"n" * 12, SECRET, b"bound"), b"bound") == SECRET
    assert wrapping.unwrap(KEY, wrapping.wrap(KEY, SECRET)) == SECRET
    assert len({wrapping.wrap(KEY, SECRET)[:12] for _turn in range(20)}) == 20


def test_a_changed_byte_another_key_or_what_it_is_bound_to_opens_nothing() -> None:
    wrapped = wrapping.wrap(KEY, SECRET, b"bound")
    tries = [(KEY, wrapped, b""), (KEY, wrapped, b"other"), (SECRET, wrapped, b"bound"), (KEY, wrapped[:-1], b"bound")]
    tries += [(KEY, wrapped[:20], b"bound"), (KEY, b"", b"bound"), (b"short", wrapped, b"bound")]
    for place in range(len(wrapped)):
        tries.append((KEY, wrapped[:place] + bytes([wrapped[place] ^ 1]) + wrapped[place + 1 :], b"bound"))
    for key, given, bound in tries:
        with pytest.raises(wrapping.Wrong):
            wrapping.unwrap(key, given, bound)


def test_what_is_sealed_opens_for_the_private_half_alone() -> None:
    private, public = wrapping.pair()
    sealed = wrapping.seal(public, SECRET)
    assert len(sealed) == wrapping.SEALED == 92
    once = X25519PublicKey.from_public_bytes(sealed[:32])
    shared = X25519PrivateKey.from_private_bytes(private).exchange(once)
    key = hkdf(shared, b"kesu seal" + sealed[:32])
    assert AESGCM(key).decrypt(sealed[32:44], sealed[44:], b"") == SECRET
    assert wrapping.unseal(private, sealed) == SECRET
    assert wrapping.seal(public, SECRET)[:32] != sealed[:32]
    other, _public = wrapping.pair()
    for wrong, given in ((other, sealed), (private, sealed[:-1] + bytes([sealed[-1] ^ 1]))):
        with pytest.raises(wrapping.Wrong):
            wrapping.unseal(wrong, given)


def test_bytes_stand_in_text_and_come_back() -> None:
    assert wrapping.as_text(b"\xff\xfe\xfd") == "//79"
    assert wrapping.as_bytes("//79") == b"\xff\xfe\xfd"
