"""Where a bundle begins: the program, or one module of it in a process of its own."""

from __future__ import annotations

import sys
from importlib import import_module

from app.core.program import CHILD

if sys.argv[1:2] == [CHILD]:
    _own, _mark, name, *arguments = sys.argv
    sys.argv[1:] = arguments
    import_module(name).main()
else:
    from app.__main__ import main

    sys.exit(main())
