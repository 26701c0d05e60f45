"""A window in a process of its own that says when its list was painted and how much memory it holds; run by `windows`.

`bare`: a QTableView with a hundred rows and nothing else. Otherwise the program, as its command opens it on a folder.
Qt is imported where it is used, as the program does: after what must be there before.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

_COLUMNS = 7


def watch(widget: Any, then: Callable[[], None]) -> None:  # noqa: ANN401 - a widget
    """Call when the widget's first painting is done: the event comes before, a timer of no time after it."""
    from PySide6.QtCore import QEvent, QObject, QTimer

    class Painted(QObject):
        """Sees the events of the one widget."""

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            """Only the first painting matters."""
            if event.type() == QEvent.Type.Paint:
                watched.removeEventFilter(self)
                QTimer.singleShot(0, then)
            return False

    widget.installEventFilter(Painted(widget))


def tell(table: Any) -> None:  # noqa: ANN401 - a view, or None
    """Say what is to be said, having gone through the list, and end."""
    from PySide6.QtWidgets import QApplication

    told = {"painted": time.monotonic(), "memory": _memory(), "scrolled": 0.0}
    if table is not None:
        bar = table.verticalScrollBar()
        for step in (1, 2, 3, 50, 51, 500, 501, 999, 1000):
            bar.setValue(bar.minimum() + (bar.maximum() - bar.minimum()) * step // 1000)
            QApplication.processEvents()
            table.viewport().repaint()
        told["scrolled"] = _memory()
    print(json.dumps(told), flush=True)
    QApplication.exit(0)


def _memory() -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines() if sys.platform == "linux" else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


def bare() -> int:
    """The least that shows a table."""
    from PySide6.QtCore import QAbstractTableModel, Qt
    from PySide6.QtWidgets import QApplication, QTableView

    class Model(QAbstractTableModel):
        """A hundred rows of text."""

        def rowCount(self, _parent: Any = None) -> int:  # noqa: ANN401
            return 100

        def columnCount(self, _parent: Any = None) -> int:  # noqa: ANN401
            return _COLUMNS

        def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> object:  # noqa: ANN401
            return f"第 {index.row()} 行" if role == Qt.ItemDataRole.DisplayRole else None

    app, table, model = QApplication(sys.argv[:1]), QTableView(), Model()
    table.setModel(model)
    table.resize(1366, 768)
    watch(table.viewport(), lambda: tell(table))
    table.show()
    return app.exec()


def program(page: str, folder: str) -> int:
    """The program's own way in, which imports as it always does; its window is watched as soon as it is made."""
    gc.disable()  # as app.__main__ before its first import
    from app import cli

    usual = cli.window

    def window(asked: Any) -> int:  # noqa: ANN401
        from app.views import qt

        qt.load()
        from app.views import application

        application.make_window = _watched(application.make_window, page)
        return usual(asked)

    cli.window = window
    return cli.run(["--data", folder, "--lang", "zh_CN"])


def _watched(make: Callable[..., Any], page: str) -> Callable[..., Any]:
    def watched(*arguments: Any) -> Any:  # noqa: ANN401
        window = make(*arguments)
        window.resize(1366, 768)
        if page == "workbench":
            watch(window.page, lambda: tell(None))
            return window
        table = window.page.table
        watch(table.viewport(), lambda: tell(table))
        return window

    return watched


if __name__ == "__main__":
    sys.exit(bare() if sys.argv[1] == "bare" else program(*sys.argv[1:]))
