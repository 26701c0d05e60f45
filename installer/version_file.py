"""What Windows shows of a program's file under Details; for PyInstaller."""

from __future__ import annotations

from importlib import metadata
from typing import Any

from installer.places import AUTHORS

CHINESE, UNICODE = 0x0804, 1200


def of(name: str) -> Any:  # noqa: ANN401 - a class of PyInstaller's
    """The version resource of the program `name`.exe."""
    from PyInstaller.utils.win32.versioninfo import (  # type: ignore[import-not-found,import-untyped,unused-ignore]
        FixedFileInfo,
        StringFileInfo,
        StringStruct,
        StringTable,
        VarFileInfo,
        VarStruct,
        VSVersionInfo,
    )

    version = metadata.version("kesu")
    numbers = numbers_of(version)
    told = {
        "CompanyName": AUTHORS,
        "FileDescription": "客诉台 Kesu Desk",
        "FileVersion": version,
        "InternalName": name,
        "LegalCopyright": "MIT licence",
        "OriginalFilename": f"{name}.exe",
        "ProductName": "客诉台 Kesu Desk",
        "ProductVersion": version,
    }
    table = StringTable(f"{CHINESE:04X}{UNICODE:04X}", [StringStruct(*one) for one in told.items()])
    return VSVersionInfo(
        ffi=FixedFileInfo(filevers=numbers, prodvers=numbers),
        kids=[StringFileInfo([table]), VarFileInfo([VarStruct("Translation", [CHINESE, UNICODE])])],
    )


def numbers_of(version: str) -> tuple[int, int, int, int]:
    """Four numbers, as Windows counts versions."""
    parts = [int("".join(filter(str.isdigit, part)) or 0) for part in version.split(".")]
    first, second, third, fourth = (*parts, 0, 0, 0, 0)[:4]
    return first, second, third, fourth
