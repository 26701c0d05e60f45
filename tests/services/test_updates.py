"""Newer versions in a folder: what is rightly signed is offered, everything else is refused by a sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.core import signing
from app.core.errors import UserError
from app.services import updates
from app.services.updates import File, Refused, Release
from installer import release_manifest

RUNNING = "0.2.0"
NEWS = {"zh_CN": "修了三处", "en": "Three things were mended"}


class Share:
    """A folder of IT with a release in it, and the key that signed it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pem, self.public = signing.pair()

    def release(self, version: str = "0.3.0") -> Release:
        for old in self.folder.iterdir():
            old.unlink()
        for name in (f"kesu-{version}-py3-none-any.whl", f"KesuDesk-{version}-x64.exe"):
            (self.folder / name).write_bytes(f"installer {version}".encode() * 50)
        return release_manifest.signed(self.folder, self.pem, NEWS)

    @property
    def manifest(self) -> Path:
        return self.folder / updates.MANIFEST

    def look(self, *, key: bytes | None = None, seen: str = "") -> Release | None:
        return updates.look(self.folder, key or self.public, RUNNING, seen)

    def sign(self, content: str) -> None:
        """A manifest with any content, signed with the right key."""
        self.manifest.write_bytes(updates.envelope(content.encode(), signing.sign(self.pem, content.encode())))


@pytest.fixture
def share(tmp_path: Path) -> Share:
    made = Share(tmp_path / "share")
    made.folder.mkdir()
    made.release()
    return made


def file_of(release: Release | None) -> File:
    file = release.file_for("wheel") if release else None
    assert file is not None
    return file


def test_a_newer_version_is_found_and_its_file_is_the_one_that_was_signed(share: Share, tmp_path: Path) -> None:
    release = share.look()
    assert release is not None
    assert (release.version, release.new()) == ("0.3.0", NEWS["en"])
    copy = updates.fetch(share.folder, file_of(release), tmp_path / "here")
    assert copy.read_bytes() == b"installer 0.3.0" * 50


def test_the_version_that_runs_is_not_newer(share: Share) -> None:
    share.release(RUNNING)
    assert share.look() is None


def test_an_older_version_is_refused(share: Share) -> None:
    share.release("0.1.9")
    with pytest.raises(Refused, match=r"0\.1\.9.*0\.2\.0 runs here"):
        share.look()


def test_an_earlier_manifest_that_is_put_back_is_refused(share: Share) -> None:
    """A replay: newer than what runs and rightly signed, but the folder had shown more."""
    share.release("0.3.0")
    with pytest.raises(Refused, match=r"showed version 0\.4\.0 before"):
        share.look(seen="0.4.0")


def test_ten_is_newer_than_nine(share: Share) -> None:
    share.release("0.10.0")
    release = share.look(seen="0.9.0")
    assert release is not None
    assert release.version == "0.10.0"


def test_another_key_is_refused(share: Share) -> None:
    with pytest.raises(Refused, match="not signed with the key"):
        share.look(key=signing.pair()[1])


@pytest.mark.parametrize("change", [("0.3.0", "0.9.0"), ("Three", "Four"), ('"size": 750', '"size": 751')])
def test_a_changed_manifest_is_refused(share: Share, change: tuple[str, str]) -> None:
    told = json.loads(share.manifest.read_text(encoding="utf-8"))
    assert change[0] in told["signed"]
    told["signed"] = told["signed"].replace(*change)
    share.manifest.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(Refused, match="changed afterwards"):
        share.look()


@pytest.mark.parametrize("content", ["", "[]", "{}", "null", '{"signed": "x", "signature": "!"}', "[" * 30_000, '{"signed": 1}'])
def test_what_is_no_manifest_is_refused(share: Share, content: str) -> None:
    share.manifest.write_text(content, encoding="utf-8")
    with pytest.raises(Refused):
        share.look()


@pytest.mark.parametrize(
    "file",
    [
        {"kind": "wheel", "name": "../kesu-0.3.0-py3-none-any.whl", "size": 9, "sha256": ""},
        {"kind": "wheel", "name": "kesu-0.4.0-py3-none-any.whl", "size": 9, "sha256": ""},
        {"kind": "windows", "name": "kesu-0.3.0-py3-none-any.whl", "size": 9, "sha256": ""},
        {"kind": "wheel", "name": "kesu-0.3.0-py3-none-any.whl", "size": -1, "sha256": ""},
        {"kind": "wheel"},
    ],
)
def test_files_that_cannot_be_are_refused_even_with_the_right_signature(share: Share, file: dict[str, object]) -> None:
    share.sign(json.dumps({"version": "0.3.0", "files": [file], "news": {}}))
    with pytest.raises(Refused, match="not in a form"):
        share.look()


@pytest.mark.parametrize("version", ["", "0.3.0-rc1", "٣.٠", "1", "9" * 40 + ".0"])
def test_a_version_that_is_none_is_refused(share: Share, version: str) -> None:
    share.sign(json.dumps({"version": version, "files": [], "news": {}}))
    with pytest.raises(Refused):
        share.look()


def test_a_manifest_too_large_is_not_read(share: Share) -> None:
    share.manifest.write_bytes(b" " * (updates.LARGEST + 1))
    with pytest.raises(Refused, match="larger than a manifest can be"):
        share.look()


def test_a_changed_file_of_the_same_size_is_found_when_it_is_fetched(share: Share, tmp_path: Path) -> None:
    file = file_of(share.look())
    path = share.folder / file.name
    path.write_bytes(b"X" + path.read_bytes()[1:])
    with pytest.raises(Refused, match="not the file that the manifest names"):
        updates.fetch(share.folder, file, tmp_path / "here")
    assert list((tmp_path / "here").iterdir()) == []


def test_a_cut_file_is_never_offered(share: Share) -> None:
    path = share.folder / file_of(share.look()).name
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(Refused, match="not copied whole"):
        share.look()


def test_a_missing_file_is_said(share: Share) -> None:
    (share.folder / file_of(share.look()).name).unlink()
    with pytest.raises(UserError, match="there is no such file"):
        share.look()


@pytest.mark.parametrize("name", ["empty", "gone"])
def test_a_folder_without_a_manifest_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match=r"holds no kesu-desk\.json"):
        updates.look(tmp_path / name, signing.pair()[1], RUNNING)


@pytest.mark.parametrize(
    "named", ["https://example.com/x", "http:/example.com", "ftp://x/y", "smb://server/share", "file:///srv", "server/share", ""]
)
def test_addresses_of_the_network_and_half_paths_are_refused(named: str) -> None:
    with pytest.raises(UserError):
        updates.check_folder(named)


def test_a_whole_path_is_taken_without_looking_whether_it_is_there() -> None:
    updates.check_folder("/mnt/never/there")


@pytest.mark.parametrize("typed", ["", "abc", "é", "AAAA" * 11, "A" * 44])
def test_what_is_no_public_key_is_refused(typed: str) -> None:
    with pytest.raises(UserError, match="no public key"):
        signing.read_key(typed)


def test_a_key_is_read_as_it_was_given_out() -> None:
    public = signing.pair()[1]
    assert signing.read_key(f" {signing.as_text(public)}\n") == public
    assert len(signing.fingerprint(public).split()) == 8


def test_a_signature_made_for_something_else_is_none_here() -> None:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    pem, public = signing.pair()
    assert signing.holds(public, b"x", signing.sign(pem, b"x"))
    assert not signing.holds(public, b"x", load_pem_private_key(pem, None).sign(b"x"))  # type: ignore[union-attr, call-arg]


def test_a_private_key_is_for_its_account_alone_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    typed = release_manifest.new_key(path)
    assert path.stat().st_mode & 0o077 == 0
    assert signing.holds(signing.read_key(typed), b"x", signing.sign(path.read_bytes(), b"x"))
    with pytest.raises(FileExistsError):
        release_manifest.new_key(path)


def test_installers_of_two_versions_are_not_signed_together(share: Share) -> None:
    (share.folder / "KesuDesk-0.4.0-x64.exe").write_bytes(b"x")
    with pytest.raises(ValueError, match=r"0\.3\.0, 0\.4\.0"):
        release_manifest.signed(share.folder, share.pem, NEWS)
