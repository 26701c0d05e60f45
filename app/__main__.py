"""`python -m app` and the installed command `kesu`."""

from __future__ import annotations

import sys

from app.cli import run


def main() -> int:
    """Run the program with the arguments it was started with; returns its exit code."""
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
