"""The mail program of Windows, asked for a new message with a file: it runs in a process of its own and opens no connection."""

from __future__ import annotations

import ctypes
import sys

_DIALOG, _LOGON_UI, _ABORTED = 0x8, 0x1, 1
_POINTER, _WORDS, _NUMBER = ctypes.c_void_p, ctypes.c_wchar_p, ctypes.c_ulong


class FileDesc(ctypes.Structure):
    """MapiFileDescW: one attached file."""

    _fields_ = (
        ("reserved", _NUMBER), ("flags", _NUMBER), ("position", _NUMBER), ("path", _WORDS), ("name", _WORDS), ("type", _POINTER),
    )  # fmt: skip


class Message(ctypes.Structure):
    """MapiMessageW: a subject and files; whom it goes to is chosen in the mail program."""

    _fields_ = (
        ("reserved", _NUMBER), ("subject", _WORDS), ("text", _WORDS), ("type", _WORDS), ("received", _WORDS),
        ("conversation", _WORDS), ("flags", _NUMBER), ("originator", _POINTER), ("recipient_count", _NUMBER),
        ("recipients", _POINTER), ("file_count", _NUMBER), ("files", ctypes.POINTER(FileDesc)),
    )  # fmt: skip


def message(path: str, subject: str) -> Message:
    """With one file, where the program likes it."""
    file = FileDesc(position=0xFFFFFFFF, path=path)
    return Message(subject=subject, file_count=1, files=ctypes.pointer(file))


def main() -> None:
    """Path and subject are the arguments; ends well also where the person closed the message without sending it."""
    path, subject = sys.argv[-2:]
    asked = message(path, subject)
    answer = vars(ctypes)["windll"].mapi32.MAPISendMailW(0, 0, ctypes.byref(asked), _DIALOG | _LOGON_UI, 0)
    sys.exit(0 if answer in (0, _ABORTED) else 1)
