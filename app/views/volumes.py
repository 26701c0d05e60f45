"""Disks that are plugged in."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QStorageInfo

from app.services.backups import is_same_disk

_DISKS = (b"/dev/", b"//", b"\\\\?\\Volume")
"""How the devices of disks and shares begin; other volumes lie in the memory."""


def elsewhere(folder: Path) -> Path | None:
    """Another disk than that of the folder, if there is one to write on."""
    for volume in QStorageInfo.mountedVolumes():
        path = Path(volume.rootPath())
        ready = volume.isReady() and not volume.isReadOnly() and bytes(volume.device().data()).startswith(_DISKS)
        if ready and os.access(path, os.W_OK) and not is_same_disk(folder, path):
            return path
    return None
