"""Takes out of a bundle's files what nothing in it reads: debuggers' symbols, other languages, glyphs that are there twice.

Run in the environment that is bundled, on the folder that PyInstaller made.
"""

from __future__ import annotations

import json
import re
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

RARE, REGULAR, BOLD = "LXGWWenKai-Regular.ttf", "NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf"
RARE_NAME = "Kesu Rare Han"
"""The licence keeps the font's own name for the whole font."""
_ICU = re.compile(
    # What Qt asks it for: order of words, names of time zones, likely languages, letters of encodings.
    r"icudt\d+l/((coll/|zone/)?(root|zh|zh_Hans|zh_Hans_CN|zh_CN|en|en_US|en_001|pool|res_index)\.res"
    r"|(currencyNumericCodes|icustd|icuver|keyTypeData|likelySubtags|metadata|metaZones|numberingSystems|plurals|supplementalData"
    r"|timezoneTypes|windowsZones|zoneinfo64)\.res|coll/ucadata\.icu|brkitr/((char|word|line|sent)\.brk|(root|zh|en|res_index)\.res)"
    r"|(cnvalias|pnames|uemoji|ulayout)\.icu|nfkc\.nrm)"
)
_OF_THE_SYSTEM = {"xcb": "libxcb.so.1", "zstd": "libzstd.so.1", "lzma": "liblzma.so.5"}
"""Libraries that Pillow's wheel brings along and every system has."""


def main() -> None:
    """Argument: the folder of the bundle."""
    inside = Path(sys.argv[1]) / "_internal"
    rare_font(inside / "resources" / "fonts")
    for readings in (inside / "pypinyin").glob("*.json"):
        tight(readings)
    if sys.platform == "linux":
        for library in (*(inside / "PIL").glob("*.so"), *(inside / "pillow.libs").glob("*.so*")):
            of_the_system(library)
        for library in (inside / "PySide6" / "Qt" / "lib").glob("libicudata.so.*"):
            icu(library)
        strip(inside)
        unlink_dangling(inside)


def strip(inside: Path) -> None:
    """Of every library the names that only a debugger reads."""
    for library in sorted(inside.rglob("*.so*")):
        if library.is_file() and not library.is_symlink() and b"\0.symtab\0" in library.read_bytes():
            subprocess.run(["strip", "--strip-unneeded", str(library)], check=True)


def of_the_system(library: Path) -> None:
    """The names of brought libraries in it, in place: those of the system, which are shorter, filled up with zeros."""

    def named(found: re.Match[bytes]) -> bytes:
        return _OF_THE_SYSTEM[found[1].decode()].encode().ljust(len(found[0]), b"\0")

    names = "|".join(_OF_THE_SYSTEM)
    changed = re.sub(rf"lib({names})-[0-9a-f]{{8}}\.so\.[\d.]+(?=\0)".encode(), named, library.read_bytes())
    library.write_bytes(changed)


def tight(file: Path) -> None:
    """JSON without its line breaks."""
    content = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def unlink_dangling(inside: Path) -> None:
    """Names of libraries that were left out."""
    for link in inside.iterdir():
        if link.is_symlink() and not link.exists():
            link.unlink()


def rare_font(fonts: Path) -> None:
    """Of the font for rare names, only what the usual ones lack."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    usual = {point for name in (REGULAR, BOLD) for point in TTFont(fonts / name, lazy=True).getBestCmap()}
    options = subset.Options(name_IDs=["*"], notdef_outline=True, recalc_timestamp=False)
    font = subset.load_font(str(fonts / RARE), options)
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=set(font.getBestCmap()) - usual)
    chosen.subset(font)
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6, 16, 18, 21, 25):
            record.string = RARE_NAME.replace(" ", "") if record.nameID == 6 else RARE_NAME
    subset.save_font(font, str(fonts / RARE), options)


def icu(library: Path) -> None:
    """ICU's data with Chinese and English alone, in a library of the same name."""
    whole = _data(library)
    kept = {name: content for name, content in _items(whole) if _ICU.fullmatch(name)}
    symbol = f"icudt{library.suffix[1:]}_dat"
    with tempfile.TemporaryDirectory() as folder:
        data, source = Path(folder, "data"), Path(folder, "data.S")
        data.write_bytes(whole[: _base(whole)] + _packed(kept))
        source.write_text(
            f'.section .rodata\n.balign 16\n.globl {symbol}\n.type {symbol}, @object\n{symbol}: .incbin "{data}"\n'
            f'.size {symbol}, .-{symbol}\n.section .note.GNU-stack,"",@progbits\n'
        )
        options = ("-shared", "-nostdlib", "-Wl,--build-id=none", f"-Wl,-soname,{library.name}")
        subprocess.run(["gcc", *options, "-o", str(library), str(source)], check=True)


def _data(library: Path) -> bytes:
    """What the symbol of the library points to."""
    table = subprocess.run(["readelf", "-sW", str(library)], capture_output=True, text=True, check=True).stdout
    place, size = next((int(line.split()[1], 16), line.split()[2]) for line in table.splitlines() if line.endswith("_dat"))
    headers = subprocess.run(["readelf", "-SW", str(library)], capture_output=True, text=True, check=True).stdout
    section = re.search(r"\.rodata\s+PROGBITS\s+(\w+)\s+(\w+)", headers)
    assert section is not None
    start = place - int(section.group(1), 16) + int(section.group(2), 16)
    return library.read_bytes()[start : start + int(size, 0)]


def _items(data: bytes) -> Iterator[tuple[str, bytes]]:
    """ICU's common data: a header, then how many, then where name and content of each are, counted from there."""
    base = _base(data)
    (count,) = struct.unpack_from("<I", data, base)
    places = [struct.unpack_from("<II", data, base + 4 + 8 * number) for number in range(count)]
    ends = [place for _name, place in places[1:]] + [len(data) - base]
    for (name, start), end in zip(places, ends, strict=True):
        stop = data.index(0, base + name)
        yield data[base + name : stop].decode("ascii"), data[base + start : base + end]


def _base(data: bytes) -> int:
    """Length of the header."""
    return int(struct.unpack_from("<H", data)[0])


def _packed(items: dict[str, bytes]) -> bytes:
    names, contents, table = b"", b"", []
    first = 4 + 8 * len(items)
    for name in items:
        table.append(first + len(names))
        names += name.encode("ascii") + b"\0"
    start = -(-(first + len(names)) // 16) * 16
    places = []
    for content in items.values():
        places.append(start + len(contents))
        contents += content + b"\0" * (-len(content) % 16)
    listed = b"".join(struct.pack("<II", *one) for one in zip(table, places, strict=True))
    body = struct.pack("<I", len(items)) + listed + names
    return body.ljust(start, b"\xaa") + contents


if __name__ == "__main__":
    main()
