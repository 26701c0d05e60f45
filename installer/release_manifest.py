#!/usr/bin/env python3
"""Sign what is released, so that desks find it in the folder that IT names (docs/installing.md).

python3 installer/release_manifest.py key KEY.pem                     a new private key; its public half is printed
python3 installer/release_manifest.py sign FOLDER --key KEY.pem --news-zh FILE [--news-en FILE]
                                                                      kesu-desk.json beside the installers in the folder
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.core import signing
from app.core.files import digest_of, write_durable
from app.services import updates
from app.services.updates import File, Release


def new_key(path: Path) -> str:
    """Make a private key that only this account can read; its public half as it is typed into the settings."""
    pem, public = signing.pair()
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
    return signing.as_text(public)


def signed(folder: Path, pem: bytes, news: dict[str, str]) -> Release:
    """Write the manifest of all installers in a folder. ValueError where there are none, or of several versions."""
    found = [(path, *updates.kind_of(path.name)) for path in sorted(folder.iterdir())]
    versions = {version for _path, kind, version in found if kind}
    if len(versions) != 1:
        raise ValueError(f"{folder} has to hold installers of one version, and holds: {', '.join(sorted(versions)) or 'none'}")
    release = Release(versions.pop(), tuple(_file(path, kind) for path, kind, _version in found if kind), news)
    content = updates.written(release)
    manifest = updates.envelope(content, signing.sign(pem, content))
    if len(manifest) > updates.LARGEST:
        raise ValueError(f"The manifest would have {len(manifest)} bytes; {updates.LARGEST} are read. Shorten what is new.")
    write_durable(folder / updates.MANIFEST, manifest)
    return release


def _file(path: Path, kind: str) -> File:
    with path.open("rb") as stream:
        digest, size = digest_of(stream)
    return File(kind, path.name, size, digest)


def main() -> int:
    """Make a key, or sign a folder; what cannot be is said in a line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    acts = parser.add_subparsers(dest="act", required=True)
    acts.add_parser("key").add_argument("path", type=Path)
    sign = acts.add_parser("sign")
    sign.add_argument("folder", type=Path)
    sign.add_argument("--key", type=Path, required=True)
    sign.add_argument("--news-zh", type=Path, required=True)
    sign.add_argument("--news-en", type=Path)
    asked = parser.parse_args()
    try:
        if asked.act == "key":
            print(new_key(asked.path))
            return 0
        news = {"zh_CN": asked.news_zh, "en": asked.news_en}
        texts = {code: path.read_text(encoding="utf-8").strip() for code, path in news.items() if path}
        made = signed(asked.folder, asked.key.read_bytes(), texts)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{asked.folder / updates.MANIFEST}: {made.version}, {', '.join(file.name for file in made.files)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
