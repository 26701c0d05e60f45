"""How this desk printed each document the last time: the printer, the paper and whether on both sides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrinter

from app.core.language import _
from app.core.preferences import Preferences

_NAME = "printing"


class Habits:
    """Of one document, by its code. What was remembered on another desk or by hand and makes no sense is passed over."""

    def __init__(self, preferences: Preferences, document: str) -> None:
        self._preferences, self._document = preferences, document

    def put_on(self, printer: QPrinter, names: Sequence[str]) -> str:
        """Set a printer as it was the last time; `names` are those that there are. A sentence where that one is gone."""
        kept = self._kept()
        name, paper, duplex = (str(kept.get(code) or "") for code in ("printer", "paper", "duplex"))
        if name in names:
            printer.setPrinterName(name)
        if paper in QPageSize.PageSizeId.__members__:
            printer.setPageSize(QPageSize(QPageSize.PageSizeId[paper]))
        if duplex in QPrinter.DuplexMode.__members__:
            printer.setDuplex(QPrinter.DuplexMode[duplex])
        if not name or name in names:
            return ""
        words = _("The printer {name}, which printed this the last time, is not there. {other} is suggested instead.")
        return words.format(name=name, other=printer.printerName() or names[0])

    def keep(self, printer: QPrinter) -> None:
        """Remember how it was chosen."""
        paper = printer.pageLayout().pageSize().id().name
        chosen = {"printer": printer.printerName(), "paper": paper, "duplex": printer.duplex().name}
        self._preferences.put(_NAME, self._all() | {self._document: chosen})

    def _all(self) -> dict[str, Any]:
        found = self._preferences.get(_NAME)
        return found if isinstance(found, dict) else {}

    def _kept(self) -> dict[str, Any]:
        found = self._all().get(self._document)
        return found if isinstance(found, dict) else {}
