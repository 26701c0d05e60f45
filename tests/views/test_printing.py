"""Printing as the last time: printer, paper and both sides of each document; with a real CUPS where there is one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog

from app.core.preferences import Preferences
from app.views.print_habits import Habits
from app.views.printing import ask, printer_for, send
from app.views.window import Window
from tests.make import Make
from tests.views.stage import Told

CUPSD = shutil.which("cupsd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
PPD = """*PPD-Adobe: "4.3"
*FormatVersion: "4.3"
*FileVersion: "1.0"
*LanguageVersion: English
*LanguageEncoding: ISOLatin1
*PCFileName: "OFFICE.PPD"
*Manufacturer: "Generic"
*Product: "(Office)"
*ModelName: "Office"
*ShortNickName: "Office"
*NickName: "Office"
*PSVersion: "(3010.000) 0"
*LanguageLevel: "3"
*ColorDevice: True
*DefaultColorSpace: RGB
*FileSystem: False
*cupsFilter: "application/vnd.cups-pdf 0 -"
*OpenUI *PageSize/Size: PickOne
*OrderDependency: 10 AnySetup *PageSize
*DefaultPageSize: Letter
*PageSize A4/A4: ""
*PageSize A5/A5: ""
*PageSize Letter/Letter: ""
*CloseUI: *PageSize
*DefaultPaperDimension: Letter
*PaperDimension A4/A4: "595 842"
*PaperDimension A5/A5: "420 595"
*PaperDimension Letter/Letter: "612 792"
*OpenUI *Duplex/2-Sided: PickOne
*OrderDependency: 20 AnySetup *Duplex
*DefaultDuplex: None
*Duplex None/Off: ""
*Duplex DuplexNoTumble/Long: ""
*Duplex DuplexTumble/Short: ""
*CloseUI: *Duplex
"""
SETTINGS = """Listen {place}/socket
WebInterface No
Browsing Off
DefaultAuthType None
<Location />
Order allow,deny
Allow all
</Location>
<Location /admin>
Order allow,deny
Allow all
</Location>
<Policy default>
<Limit All>
Order deny,allow
</Limit>
</Policy>
"""
FILES = "\n".join(f"{name} {{place}}/{name}" for name in ("ServerRoot", "RequestRoot", "CacheDir", "StateDir"))
LOGS = "\n".join(f"{name} {{place}}/StateDir/{name}" for name in ("AccessLog", "ErrorLog", "PageLog"))
FIRST_TIME = """
from PySide6.QtWidgets import QApplication
from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from pathlib import Path
import sys
from app.core.preferences import Preferences
from app.views.print_habits import Habits
from app.views.printing import printer_for
application = QApplication([])
folder, act = Path(sys.argv[1]), sys.argv[2]
printer, names = printer_for("Form"), QPrinterInfo.availablePrinterNames()
habits = Habits(Preferences(folder), "form")
if act == "choose":
    printer.setPrinterName("Office")
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A5))
    printer.setDuplex(QPrinter.DuplexMode.DuplexLongSide)
    habits.keep(printer)
print(habits.put_on(printer, names))
print(printer.printerName(), printer.pageLayout().pageSize().id().name, printer.duplex().name)
"""


@pytest.fixture
def cups(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of programs that find two printers, Office and Laser (the default), with a scheduler of our own."""
    if CUPSD is None or shutil.which("lpadmin") is None or os.geteuid() != 0:
        pytest.skip("no CUPS that this account may start")
    place = Path("/tmp") / f"kesu-cups-{os.getpid()}"  # a socket needs a short name, and the scheduler an open folder
    for folder in (place, *(place / name for name in ("ServerRoot", "RequestRoot", "CacheDir", "StateDir"))):
        folder.mkdir()
        folder.chmod(0o777)
    (place / "cupsd.conf").write_text(SETTINGS.format(place=place))
    (place / "cups-files.conf").write_text(f"{FILES}\n{LOGS}\nFileDevice Yes\n".format(place=place))
    (place / "office.ppd").write_text(PPD)
    command = [CUPSD, "-f", "-c", str(place / "cupsd.conf"), "-s", str(place / "cups-files.conf")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    environment = {**os.environ, "CUPS_SERVER": str(place / "socket")}
    try:
        for _try in range(100):
            if (place / "socket").exists():
                break
            time.sleep(0.1)
        for name in ("Office", "Laser"):
            asked = ["lpadmin", "-p", name, "-E", "-v", "file:///dev/null", "-P", str(place / "office.ppd")]
            if subprocess.run(asked, env=environment, capture_output=True).returncode:
                pytest.skip("this CUPS takes no printer")
        subprocess.run(["lpadmin", "-d", "Laser"], env=environment, check=True)
        yield environment
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(place, ignore_errors=True)


def in_a_program(folder: Path, act: str, environment: dict[str, str]) -> list[str]:
    command = [sys.executable, "-c", FIRST_TIME, str(folder), act]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.splitlines()


def test_the_printer_of_the_last_time_comes_back_and_its_absence_is_said(cups: dict[str, str], tmp_path: Path) -> None:
    in_a_program(tmp_path, "choose", cups)
    assert in_a_program(tmp_path, "again", cups) == ["", "Office A5 DuplexLongSide"]
    subprocess.run(["lpadmin", "-x", "Office"], env=cups, check=True)
    said, now = in_a_program(tmp_path, "again", cups)
    assert "Office" in said
    assert "Laser is suggested" in said
    assert now == "Laser A5 DuplexLongSide"


def test_each_document_is_remembered_by_itself(tmp_path: Path) -> None:
    preferences = Preferences(tmp_path)
    printer = printer_for("Agreement")
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A5))
    printer.setDuplex(QPrinter.DuplexMode.DuplexShortSide)
    Habits(preferences, "agreement").keep(printer)
    again, other = printer_for("Agreement"), printer_for("Form")
    assert Habits(Preferences(tmp_path), "agreement").put_on(again, ["Laser"]) == ""
    Habits(Preferences(tmp_path), "form").put_on(other, ["Laser"])
    assert again.pageLayout().pageSize().id() == QPageSize.PageSizeId.A5
    assert other.pageLayout().pageSize().id() == QPageSize.PageSizeId.A4
    assert other.duplex() == printer_for("Form").duplex()


@pytest.mark.parametrize("kept", ["nonsense", {"form": []}, {"form": {"printer": 3, "paper": "A99", "duplex": None}}])
def test_what_makes_no_sense_is_passed_over(tmp_path: Path, kept: object) -> None:
    preferences = Preferences(tmp_path)
    preferences.put("printing", kept)
    printer = printer_for("Form")
    Habits(preferences, "form").put_on(printer, ["Laser"])
    assert printer.pageLayout().pageSize().id() == QPageSize.PageSizeId.A4
    Habits(preferences, "form").keep(printer)
    assert preferences.get("printing")["form"]["paper"] == "A4"


def test_the_dialog_begins_as_the_last_time_and_what_is_chosen_is_kept(
    window: Window, make: Make, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str]] = []

    def answer(dialog: QPrintDialog) -> QDialog.DialogCode:
        printer = dialog.printer()
        asked.append((dialog.windowTitle(), printer.pageLayout().pageSize().id().name))
        printer.setPageSize(QPageSize(QPageSize.PageSizeId.A5))
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", staticmethod(lambda: ["Laser"]))
    monkeypatch.setattr(QPrintDialog, "exec", answer)
    window.desk.preferences.put("printing", {"form": {"printer": "Gone"}})
    for _time in range(2):
        assert ask(window, "Form", window.desk, "form") is not None
        told.expect("Gone") if told.messages else None
    assert asked == [("Form", "A4"), ("Form", "A5")]


def test_pages_that_lie_across_are_printed_across(tmp_path: Path) -> None:
    paper = pypdfium2.PdfDocument.new()
    for size in ((595, 842), (842, 595), (595, 842)):
        paper.new_page(*size)
    paper.save(str(tmp_path / "mixed.pdf"))
    printer = printer_for("Register")
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "sent.pdf"))
    send(printer, (tmp_path / "mixed.pdf").read_bytes())
    sent = pypdfium2.PdfDocument(tmp_path / "sent.pdf")
    assert [sent.get_page_size(place)[0] > 800 for place in range(len(sent))] == [False, True, False]
