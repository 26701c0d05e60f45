#!/usr/bin/env python3
"""Make what people install: python3 installer/build.py TARGET …

deb             Debian package for systems with glibc 2.34 or newer (Debian 12, 13 and their like)
deb-old         the same for older ones (glibc 2.31: Debian 11 and its like)
windows-payload the folder that the Windows installer packs; on Windows
nsis            the Windows installer from that folder
sdist           source package and wheel
sbom            what is bundled, as CycloneDX
audit           whether anything of it has a known hole

What is made lies in dist/; KESU_BUILD names the folder where chroots, interpreters and bundles are kept.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from installer import bundle, deb, nsis, source

TARGETS: dict[str, Callable[[], object]] = {
    "deb": lambda: deb.made(bundle.CURRENT),
    "deb-old": lambda: deb.made(bundle.OLD),
    "windows-payload": lambda: bundle.made(bundle.WINDOWS),
    "nsis": nsis.made,
    "sdist": source.packages,
    "sbom": source.bill,
    "audit": source.audit,
}


def main() -> int:
    """Make each target that is named, and say where it lies."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="+", choices=list(TARGETS), metavar="TARGET")
    for name in parser.parse_args().targets:
        print(f"{name}: {TARGETS[name]()}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
