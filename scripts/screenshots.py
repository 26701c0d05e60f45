"""Take the pictures of the handbook: the sample branch on a fixed day, the real window without a screen.

python -m scripts.screenshots               all pictures into resources/handbook/pictures, for the README, too
python -m scripts.screenshots case form     only these, in both languages
python -m scripts.screenshots --out DIR     to another place
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple, cast

from PIL import Image
from PySide6.QtCore import QBuffer, QEvent
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit

from app.core import database
from app.core.language import choose
from app.core.preferences import Preferences
from app.core.session import Session
from app.models.complaints import Complaint
from app.models.listing import LISTINGS, Query
from app.models.unfinished import of as unfinished_of
from app.services import backup_places, backups, first_day, periods, sample, sample_folder, staffing, workplace
from app.views import application, style
from app.views.case_page import CasePage
from app.views.complaints import ComplaintForm
from app.views.imports import ImportPage
from app.views.objections import ObjectionForm
from app.views.settings import SettingsPage
from app.views.statistics import StatisticsPage
from app.views.tokens import LIGHT
from app.views.welcome import Welcome
from app.views.window import Window
from app.views.work import pool

PICTURES = Path(__file__).resolve().parents[1] / "resources" / "handbook" / "pictures"
NOW = datetime(2026, 11, 23, 6, 32, tzinfo=UTC)  # Monday, 14:32 in Shanghai
PERSON, PASSWORD = "王敏", "雨后的茶园很安静没有人"
PEOPLE = (("陈静", "clerk"), ("孙丽", "handler"), ("周国强", "manager"), ("刘建明", "head"), ("马骏", "clerk"))
WIDTH, HEIGHT = 1366, 768
COLOURS = 200
LARGEST = 120_000
ROUGH = 0xF8
LANGUAGES = {"en": "en", "zh_CN": "zh"}  # Chinese last: Qt's own Chinese words stay with the application
SETTLE, PATIENCE = 0.4, 15.0
Colour = tuple[int, int, int]
HOME = Path("D:/客诉台")
"""Where the data lies, as the pictures say."""
WORDS = "青峦连着三周订 10 条只给 2 条，隔壁老街口每周都有 6 条。我要货的时候你们总说没有。"
REGISTER = """2026年客户投诉台账
序号,投诉日期,客户名称,联系电话,投诉内容,类别,受理人
1,2026-09-03,好又多便利店,13800002211,送来两条烟外包装破损,质量,王敏
2,2026-09-05,诚信商行,13800002212,约好上午送货下午才到,服务,孙丽
3,2026-09-11,长青烟酒批发,13800002213,三周没有订到青峦（硬）,货源,陈志强
4,2026-09-14,旭日商店,13800002214,扫码付款成功却显示欠款,服务,刘洋
"""


class Shot(NamedTuple):
    """A picture: its name, and what brings the window there or, of a window of its own, gives what is taken instead."""

    name: str
    go: Callable[[Window], object]


def newest(session: Session, kind: str, *statuses: str) -> str:
    """The case of a status that shows most: the longest text among the newest."""
    listing = LISTINGS[kind]
    number = listing.columns.index("number") + 1
    rows = list(listing.all(session, Query(where={"status": statuses}), 12))
    return str(max(rows, key=lambda row: sum(len(str(cell)) for cell in row if cell))[number])


def busiest_customer() -> str:
    """The customer with most complaints."""
    counted: dict[str, int] = {}
    for case in Complaint.select().where(Complaint.customer.is_null(False)):
        counted[case.customer.number] = counted.get(case.customer.number, 0) + 1
    return max(counted, key=lambda one: (counted[one], one))


def open_form(window: Window) -> None:
    """A complaint as it is being typed."""
    entry = next(one for one in unfinished_of(window.session) if one.kind == "complaint")
    window.open_form("complaint", {"_entry": entry.id})
    assert isinstance(window.page, ComplaintForm)
    form = window.page.form
    product = LISTINGS["products"].all(window.session, Query(text="青峦（硬）"), 1, numbers=True)
    number = next(iter(product))[1 + LISTINGS["products"].columns.index("number")]
    line = {"product": number, "batch": "20260914-B07", "produced_on": date(2026, 9, 14), "quantity": Decimal(10)}
    typed = {
        "complainant": "钱立新",
        "phone": "138 0000 4934",
        "class": "product",
        "severity": "general",
        "product_lines": [line | {"defective_quantity": Decimal(2), "symptom": "漏气、掉烟丝", "invoice": True}],
        "wish": "换同批以外的 2 条，当天送到",
        "feeling": "老顾客当面说是假货，下不来台",
    }
    form.set_values(form.values() | typed)
    window.page.refresh_side()


def open_execution(window: Window, number: str) -> None:
    """What is promised, dispatched, delivered and owed."""
    window.open_record(number)
    assert isinstance(window.page, CasePage)
    window.page.open_tab("execution")


def open_statistics(window: Window) -> None:
    """A full month."""
    window.open_page("statistics")
    assert isinstance(window.page, StatisticsPage)
    window.page.show_period(periods.month_of(date(2026, 10, 1)))


def open_objection(window: Window) -> None:
    """An objection as it is being typed."""
    window.open_form("objection")
    assert isinstance(window.page, ObjectionForm)
    window.page.form.set_values(window.page.form.values() | {"customer": busiest_customer(), "what": WORDS})
    window.page.refresh_side()


def open_settings(window: Window, part: str) -> None:
    """A part of the settings."""
    if part == "backup" and not backup_places.listed(backup_places.home(window.session.folder)).backups:
        backups.make(window.session.folder, "hand", NOW)
    window.open_page("settings")
    assert isinstance(window.page, SettingsPage)
    window.page.show_part(part)


def open_import(window: Window) -> None:
    """A register whose columns are recognised."""
    window.open_page("import")
    assert isinstance(window.page, ImportPage)
    path = window.session.folder / "2026年投诉台账.csv"
    path.write_text(REGISTER, encoding="utf-8")
    window.page.kind.set_value("complaints")
    window.page.open_file(path)
    window.page.findChildren(QLineEdit, "file")[0].setText(str(HOME / path.name))


def shots(session: Session) -> tuple[Shot, ...]:
    """What is taken, from the first page to the last."""
    case, agreement = newest(session, "complaints", "proposed"), newest(session, "agreements", "released")
    executing = newest(session, "complaints", "executing")
    customer = busiest_customer()
    order = newest(session, "dispatches", "issued")
    return (
        Shot("workbench", lambda window: window.open_page("workbench")),
        Shot("complaints", lambda window: window.open_page("complaints")),
        Shot("form", open_form),
        Shot("case", lambda window: window.open_record(case)),
        Shot("execution", lambda window: open_execution(window, executing)),
        Shot("promises", lambda window: window.open_page("promises")),
        Shot("agreement", lambda window: window.open_record(agreement)),
        Shot("statistics", open_statistics),
        Shot("customer", lambda window: window.open_record(customer)),
        Shot("objection", open_objection),
        Shot("dispatch", lambda window: window.open_record(order)),
        Shot("cards", lambda window: window.open_page("cards")),
        Shot("import", open_import),
        Shot("backup", lambda window: open_settings(window, "backup")),
        Shot("history", lambda window: window.open_page("history")),
        Shot("welcome", lambda window: Welcome(HOME, "")),
    )


STAFFED = (Shot("staff", lambda window: open_settings(window, "staff")),)
"""What is taken once the branch has passwords."""


def bring_people(folder: Path) -> Session:
    """Passwords, and colleagues who have signed in but for the last."""
    database.close()
    session = workplace.open_folder(folder, user=PERSON, clock=lambda: NOW)
    staffing.protect(session, PERSON, PASSWORD)
    for place, (name, *roles) in enumerate(PEOPLE, 2):
        entered = staffing.add(session, {"code": f"{place:02}", "name": name, "roles": roles})
        if name != PEOPLE[-1][0]:
            staffing.change_password(session_of(session, name, entered.password), entered.password, PASSWORD)
            session = session_of(session, PERSON, PASSWORD)
    return session


def session_of(session: Session, name: str, password: str) -> Session:
    """Somebody signs in."""
    database.close()
    return staffing.sign_in(session.folder, name, password, clock=session.clock)


def make_sample(folder: Path) -> Session:
    """The sample branch as it is on the fixed day; as a real one, for its pictures show what people see at work."""
    choose("zh_CN")
    session = workplace.init(folder, sample_folder.BRANCH, user=PERSON, clock=lambda: NOW)
    first_day.put_away(Preferences(folder))
    sample.fill(session)
    return session


def settle(app: QApplication) -> None:
    """Let the window paint and its worker finish."""
    end = time.monotonic() + PATIENCE
    quiet = time.monotonic() + SETTLE
    while time.monotonic() < min(quiet, end):
        app.processEvents()
        if pool().activeThreadCount():
            quiet = time.monotonic() + SETTLE
        time.sleep(0.01)


def nearest(colour: Colour, palette: list[Colour]) -> int:
    """The place of the palette's colour that differs least."""
    return min(
        range(len(palette)), key=lambda place: sum((one - other) ** 2 for one, other in zip(colour, palette[place], strict=True))
    )


def optimised(png: bytes) -> bytes:
    """The picture in its most frequent colours, which flat areas keep exactly; the others take the nearest.

    Pillow's own way to a palette rounds colours, so that white is no longer white.
    """
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    pixels = cast(list[Colour], list(picture.get_flattened_data()))
    counted = Counter(pixels)
    palette = [colour for colour, _count in counted.most_common(COLOURS)]
    exact = {colour: place for place, colour in enumerate(palette)}
    rough: dict[Colour, int] = {}
    for red, green, blue in counted.keys() - exact.keys():
        key = (red & ROUGH, green & ROUGH, blue & ROUGH)
        if key not in rough:
            rough[key] = nearest((red, green, blue), palette)
        exact[red, green, blue] = rough[key]
    drawn = Image.new("P", picture.size)
    drawn.putpalette([part for colour in palette for part in colour])
    drawn.putdata([exact[pixel] for pixel in pixels])
    kept = io.BytesIO()
    drawn.save(kept, "PNG", optimize=True)
    return kept.getvalue()


def take(app: QApplication, session: Session, shot: Shot) -> bytes:
    """One picture, of a window of its own."""
    style.apply(app, LIGHT, 1.0)
    window = application.make_window(app, session)
    window.resize(WIDTH, HEIGHT)
    window.show()
    settle(app)
    made = shot.go(window)
    taken = made if isinstance(made, QDialog) else window
    taken.show()
    settle(app)
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    taken.grab().save(buffer, "PNG")
    taken.hide()
    window.hide()
    window.deleteLater()
    app.sendPostedEvents(window, QEvent.Type.DeferredDelete.value)
    return optimised(bytes(buffer.data().data()))


def pictures(app: QApplication, session: Session, wanted: set[str]) -> Iterator[tuple[str, bytes]]:
    """File names and what belongs into them."""
    yield from _spoken(app, session, shots(session), wanted)
    if not wanted or wanted & {shot.name for shot in STAFFED}:
        yield from _spoken(app, bring_people(session.folder), STAFFED, wanted)


def _spoken(app: QApplication, session: Session, taken: Sequence[Shot], wanted: set[str]) -> Iterator[tuple[str, bytes]]:
    for code, language in LANGUAGES.items():
        application.speak(app, code)
        for shot in taken:
            if not wanted or shot.name in wanted:
                yield f"{shot.name}.{language}.png", take(app, session, shot)


def main() -> int:
    """Take the pictures; 1 where one is too large to be kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--out", type=Path, default=PICTURES)
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    large = False
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_LOGGING_RULES"] = "qt.qpa.fonts=false"
    with tempfile.TemporaryDirectory() as folder:
        app = application.prepare(["kesu"])
        session = make_sample(Path(folder))
        for name, content in pictures(app, session, set(asked.names)):
            (asked.out / name).write_bytes(content)
            large |= len(content) > LARGEST
            print(f"{name}\t{len(content):,}")
        database.close()
    return int(large)


if __name__ == "__main__":
    sys.exit(main())
