"""Where a database may lie: not on another computer and not in a folder that a cloud copies away while it is written."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from app.core.errors import UserError
from app.core.language import _

NETWORK = {
    *("nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "9p", "afs", "ncpfs", "ceph", "lustre", "ocfs2", "gfs2", "davfs"),
    *("fuse.sshfs", "fuse.rclone", "fuse.davfs2", "fuse.glusterfs", "fuse.s3fs", "fuse.curlftpfs", "fuse.gvfsd-fuse"),
}
"""Types of file systems, as Linux names them, whose files lie elsewhere: neither locks nor the log can be relied on there."""
CLOUDS = {
    "OneDrive": ("onedrive",),
    "Dropbox": ("dropbox",),
    "坚果云 Nutstore": ("nutstore", "坚果云", "我的坚果云"),
    "百度网盘": ("baidusyncdisk", "baidunetdisksync", "百度网盘同步空间", "百度云同步盘"),
    "iCloud": ("iclouddrive", "icloud drive", "com~apple~clouddocs"),
    "WPS 云盘": ("wps云盘", "wps 云盘", "wpsdrive", "wps drive", "wps网盘"),
    "Google Drive": ("google drive", "googledrive"),
    "腾讯微云": ("weiyun", "微云同步助手"),
}
"""Services with the names, in lower case, of the folders they copy."""
_MARKS = {".dropbox.cache": "Dropbox", ".849C9593-D756-4E56-8D6E-42412F2A707B": "OneDrive"}
"""Files that a service leaves at the top of its folder."""
_REMOTE_DRIVE = 4


def check(folder: Path) -> None:
    """UserError where a database in this folder would be damaged sooner or later."""
    place = Path(os.path.realpath(folder))
    if _is_network(place):
        raise UserError(
            _(
                "{folder} lies on another computer or a network drive; a database there is damaged sooner or later. "
                "Choose a folder on a disk of this computer; a network drive is good for backups."
            ).format(folder=folder)
        )
    if service := cloud(place):
        raise UserError(
            _(
                "{folder} is copied by {service} while the program writes in it, and that damages a database. "
                "Choose a folder outside of it; only backups may lie there."
            ).format(folder=folder, service=service)
        )


def cloud(place: Path) -> str | None:
    """The service that copies a folder away, None where none is known to."""
    for part in place.parts:
        name = part.casefold()
        for service, names in CLOUDS.items():
            if name in names or name.startswith((f"{names[0]} - ", f"{names[0]} (")):
                return service
    above = (place, *place.parents)
    return next((service for mark, service in _MARKS.items() if any((one / mark).exists() for one in above)), None)


if sys.platform == "win32":
    import ctypes

    def _is_network(place: Path) -> bool:
        drive = place.drive
        return drive.startswith("\\\\") or bool(ctypes.windll.kernel32.GetDriveTypeW(f"{drive}\\") == _REMOTE_DRIVE)

else:

    def _is_network(place: Path) -> bool:
        return file_system(place) in NETWORK


def file_system(place: Path, mounts: Path = Path("/proc/self/mountinfo")) -> str:
    """The type of the file system that a path is on; empty where the system does not tell."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ""
    best, kind = -1, ""
    for line in lines:
        fields, _dash, more = line.partition(" - ")
        point = Path(_plain(fields.split(" ")[4]))
        if place.is_relative_to(point) and len(point.parts) >= best:  # of two at one place the later lies on top
            best, kind = len(point.parts), more.split(" ")[0]
    return kind


def _plain(escaped: str) -> str:
    """A path of the list of mounts: blanks and their kin stand as octal numbers there."""
    for code, sign in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        escaped = escaped.replace(code, sign)
    return escaped
