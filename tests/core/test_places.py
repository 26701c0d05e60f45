"""Folders that hold no database for long are refused, with what to do instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core import places
from app.core.errors import UserError
from app.services import workplace

MOUNTS = """\
22 1 259:2 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /mnt/office rw,relatime shared:9 - cifs //server/office rw,vers=3.0
31 22 0:41 / /mnt/office/local rw - xfs /dev/sdb1 rw
32 22 0:42 / /mnt/two\\040words rw - nfs4 server:/export rw
33 22 0:43 / /mnt/over rw - ext4 /dev/sdc1 rw
34 33 0:44 / /mnt/over rw - fuse.sshfs me@there:/ rw
35 22 0:45 / /mnt/c rw - 9p C:\\134 rw
"""


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/home/wang/kesu", "ext4"), ("/mnt/office/kesu", "cifs"), ("/mnt/office/local/kesu", "xfs"), ("/mnt/officer", "ext4"),
        ("/mnt/two words/kesu", "nfs4"), ("/mnt/over/kesu", "fuse.sshfs"), ("/mnt/c/Users", "9p"),
    ],
)  # fmt: skip
def test_the_nearest_mount_tells_the_file_system(tmp_path: Path, place: str, kind: str) -> None:
    (tmp_path / "mounts").write_text(MOUNTS)
    assert places.file_system(Path(place), tmp_path / "mounts") == kind


def test_a_network_drive_is_refused_and_a_disk_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places.check(tmp_path)
    for kind in sorted(places.NETWORK):
        monkeypatch.setattr(places, "file_system", lambda place, kind=kind: kind)
        with pytest.raises(UserError, match=r"network drive.*Choose a folder on a disk of this computer"):
            workplace.open_folder(tmp_path)
    with pytest.raises(UserError, match="network drive"):
        workplace.init(tmp_path / "new", {"code": "CD", "name": "城东"})
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("OneDrive/kesu", "OneDrive"), ("OneDrive - 城东公司/kesu", "OneDrive"), ("Dropbox/a/b", "Dropbox"),
        ("Dropbox (Office)/kesu", "Dropbox"), ("我的坚果云/客诉", "坚果云 Nutstore"), ("Nutstore/1", "坚果云 Nutstore"),
        ("BaiduSyncdisk/kesu", "百度网盘"), ("iCloudDrive/kesu", "iCloud"), ("WPS云盘/kesu", "WPS 云盘"),
        ("weiyun/kesu", "腾讯微云"), ("dropbox notes/kesu", None), ("my-onedrive-guide", None), ("kesu", None),
    ],
)  # fmt: skip
def test_folders_that_a_cloud_copies_are_known(tmp_path: Path, path: str, service: str | None) -> None:
    assert places.cloud(tmp_path / path) == service
    if service:
        with pytest.raises(UserError, match=f"is copied by {service}"):
            workplace.init(tmp_path / path, {"code": "CD", "name": "城东"})


def test_a_cloud_is_known_by_what_it_leaves_and_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "mine" / ".dropbox.cache").mkdir(parents=True)
    (tmp_path / "mine" / "data").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "mine" / "data")
    with pytest.raises(UserError, match="Dropbox"):
        places.check(tmp_path / "link")
