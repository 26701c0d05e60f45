"""`python -m app` and the installed command `kesu`."""

from __future__ import annotations

import gc
import sys


def main() -> int:
    """Run the program with the arguments it was started with; returns its exit code."""
    gc.disable()  # nearly all that importing makes stays; a command looks for garbage again, and the window when it stands
    try:
        from app.cli import run  # here, so that Ctrl-C is no traceback from the first moment on

        return run(sys.argv[1:])
    except KeyboardInterrupt:
        sys.stderr.write("已停止。Stopped.\n")  # the words are not there yet
        return 1


if __name__ == "__main__":
    sys.exit(main())
