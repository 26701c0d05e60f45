"""Texts that break programs: those chosen for every run of the tests, and the published list for the long one."""

from __future__ import annotations

import json
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIST = Path(os.environ.get("KESU_TEST_DATA") or ROOT.parent / "shared" / "data") / "robustness" / "blns" / "blns.json"

CHOSEN = {
    "quotes": "他说\"不行\"，'也' ‘不’ “要” `了` \\ \\n",
    "markup": "<b>粗</b> A<b &amp; &lt; <font size=99>x</font> ]]> <!--",
    "picture of a file": '<img src="/etc/passwd"/><img src=x onerror=alert(1)>',
    "templates": "{0} {name} {} {{n}} %s %(x)d %% ${HOME}",
    "pattern": "甲{n:04}",
    "statement": "'; DROP TABLE customer; -- ?",
    "formula": "=cmd|' /C calc'!A0",
    "plus": "+1",
    "at": "@SUM(1+1)*2",
    "tab first": "\t=1+1",
    "emoji": "😀👍🏽 ❤️",
    "joined emoji": "👨\u200d👩\u200d👧",
    "turned round": "\u202e甲\u202c乙\u2066丙\u2069",
    "marks of direction": "\u200f甲\u200e乙",
    "combining": "e\u0301 A\u030a n\u0303 Z\u0351\u036b\u0343",
    "noncharacter": "甲\uffff乙",
    "half a character": "甲\ud83d乙",
    "nothing": "甲\x00乙",
    "full-width": "ＡＢＣ１２３　＝１＋１",
    "half-width kana": "ｶﾞｷﾞｸﾞﾊﾟ",
    "rare characters": "𠮷野家 𬭚 㐂",
    "long": "".join(f"第{number}句话说得很长；" for number in range(1, 1200))[:10_000],
    "lines": "甲\t乙\n丙\r\n丁\r戊",
    "other breaks": "甲\u2028乙\u2029丙\u00a0丁\u3000戊",
    "blanks around": "  两头空  ",
    "blanks": " \u3000 ",
    "NULL": "NULL",
    "None": "None",
    "true": "true",
    "1E5": "1E5",
    "00123": "00123",
    "no day": "2026-02-30",
    "CON": "CON",
    "way up": "../../etc/passwd",
    "like an escape": "_x0041_ _x000D_",
    "error value": "#N/A",
    "list and window title": "甲,乙、丙[*]；&丁&&",
}
"""By what they try."""


def published() -> list[str]:
    """The big list of naughty strings. FileNotFoundError where it is not there."""
    found: list[str] = json.loads(LIST.read_text(encoding="utf-8"))
    return found
