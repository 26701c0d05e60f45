"""The application around the window: look, language, input method, the first start, and what happens when something breaks."""

from __future__ import annotations

import gc
import os
import sys
import traceback
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from time import monotonic
from types import ModuleType, TracebackType

from PySide6.QtCore import QEvent, QLibraryInfo, QLocale, QObject, Qt, QTimer, QTranslator
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.core import database, keyring, language, log, paths
from app.core.database import Unusable
from app.core.errors import UserError
from app.core.language import N_, _
from app.core.lock import AlreadyOpen, WindowLock, ring
from app.core.preferences import Preferences
from app.core.session import Session
from app.services import workplace
from app.views import icons, style
from app.views.desk import Desk
from app.views.guard import Guard
from app.views.messages import fault_dialog, stop_dialog
from app.views.qt import no_abort
from app.views.second_start import come_when_called
from app.views.tokens import DARK, LIGHT
from app.views.window import Window
from app.views.work import pool

_LAST_WAIT = 5_000
"""Milliseconds for work that is under way when the window closes."""
_MOMENT = 100
"""Milliseconds after the first painting: what was clicked meanwhile comes first."""
_UNSEEN = 20_000
"""Milliseconds after which what waits for the first painting begins without one."""


class Composition(QObject):
    """Knows whether an input method is composing: then no key acts: all belong to the words being formed.

    Only what has the focus is watched: to watch the whole application would call Python for each of its events.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.composing = False
        app.focusChanged.connect(self._follow)

    def _follow(self) -> None:
        self.composing = False
        focused = QApplication.focusWidget()
        if focused is not None:
            focused.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Watch the words being formed; hold keys back meanwhile."""
        if isinstance(event, QInputMethodEvent):
            self.composing = bool(event.preeditString())
        elif event.type() == QEvent.Type.FocusOut:
            self.composing = False
            watched.removeEventFilter(self)
        elif self.composing and event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            event.accept()
            return True
        return False


class FirstPainting(QObject):
    """Calls a moment after the window was painted for the first time, however long that takes here.

    One that nobody sees yet, as it was started minimised, is not waited for any longer than `unseen` milliseconds.
    """

    def __init__(self, window: QWidget, then: Callable[[], object], unseen: int = _UNSEEN) -> None:
        super().__init__(window)
        self._then: Callable[[], object] | None = then
        window.installEventFilter(self)
        QTimer.singleShot(unseen, self, self._call)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The event comes before the painting of the window and all in it, a timer of no time after."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self._painted)
        return False

    def _painted(self) -> None:
        QTimer.singleShot(_MOMENT, self, self._call)

    def _call(self) -> None:
        then, self._then = self._then, None
        if then is not None:
            then()


def input_method(environment: dict[str, str], plugins: Path) -> tuple[str, str]:
    """(what to set QT_IM_MODULE to, what was asked for): ibus where the one asked for is not among Qt's plugins; "" leaves it."""
    asked = environment.get("QT_IM_MODULE", "")
    if not asked or not sys.platform.startswith("linux"):
        return "", asked
    here = {path.name for path in plugins.glob("lib*platforminputcontextplugin.so")}
    known = {"compose", "ibus", "xim", "none"}
    if asked in known or f"lib{asked}platforminputcontextplugin.so" in here:
        return "", asked
    return "ibus", asked


def prepare(arguments: list[str] | None = None) -> QApplication:
    """The QApplication, made once. UserError where there is no screen to show it on."""
    found = QApplication.instance()
    if isinstance(found, QApplication):
        return found
    if sys.platform.startswith("linux") and not any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    ):
        raise UserError(_no_screen())
    plugins = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "platforminputcontexts"
    instead, _asked = input_method(dict(os.environ), plugins)
    if instead:
        os.environ["KESU_IM_ASKED"] = _asked
        os.environ["QT_IM_MODULE"] = instead
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    # Asked for like this, for a call of setStyle hands back a QStyle, and Python would make all its 566 constants.
    with no_abort(_no_screen()):
        app = QApplication([*(arguments or sys.argv[:1]), "-style", "Fusion"])
    app.setApplicationName("kesu")
    return app


def _no_screen() -> str:
    return _("There is no screen to open the window on. The commands work without one: kesu --help.")


class Gaps(QTranslator):
    """Words of Qt's own file dialog that its Chinese catalogue lacks; asked last, so only for these."""

    WORDS = (N_("&Look in:"), N_("Files of &type:"), N_("Folder"), N_("Drive"))

    def translate(self, context: str, text: str, _comment: str | None = None, _count: int = -1) -> str | None:
        """The words in our catalogue; None leaves what Qt says, where an empty text would be said instead."""
        return _(text) if context in ("QFileDialog", "QAbstractFileIconProvider") and text in self.WORDS else None

    def isEmpty(self) -> bool:
        """Qt does not ask one that is empty."""
        return False


def speak(app: QApplication, code: str) -> None:
    """Our words and Qt's own in a language."""
    language.choose(code)
    QLocale.setDefault(QLocale(code))
    app.installTranslator(Gaps(app))
    translator = QTranslator(app)
    if translator.load(f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)


def open_window(folder: Path, user: str = "", lang: str | None = None, file: Path | None = None) -> int:
    """Open the window on a data folder and stay until it is closed; returns the exit code. `file`: a backup or an archive."""
    app = prepare()
    preferences = Preferences(folder)
    speak(app, lang or str(preferences.get("language") or language.preferred()))
    put_on(app, preferences)
    sys.excepthook = _broken
    Composition(app)
    while True:
        code, afterwards = _one_window(app, folder, user, file)
        file = None
        if afterwards is None:
            return code
        next_folder = afterwards()
        folder = next_folder if isinstance(next_folder, Path) else folder


def _one_window(app: QApplication, folder: Path, user: str, file: Path | None) -> tuple[int, Callable[[], object] | None]:
    """Open the window and stay until it is closed: the exit code, and what is to be done before it is opened anew.

    Where that gives a folder, it is the one to go on with.
    """
    course = ""
    try:
        if file is not None and not workplace.is_expected(folder) and incoming().begin(folder, file):
            file, course = None, incoming().MOVED
        expected = workplace.is_expected(folder)
        opened, session, course = (folder, None, course) if expected else _first_start(folder, user)
        if opened is None:
            return 0, None
        lock = WindowLock(opened)
    except UserError as error:
        if isinstance(error, AlreadyOpen) and opened is not None and ring(opened):
            return 0, None
        log.refused(error)
        stop_dialog(str(error))
        return 1, None
    try:
        session = session or _entered(opened, user)
        if session is None:
            return 0, None
        window = make_window(app, session, user)
        _begin(window, course)
        window.show()
        if file is not None:
            incoming().offer(window, file)
        come_when_called(window, opened)
        gc.freeze()  # what start-up made stays: no collection need look through it again
        gc.enable()
        began, code = monotonic(), int(app.exec())
        log.note("end", code=code, seconds=round(monotonic() - began))
        return code, _ended(app, window)
    except Unusable as error:
        from app.views.restore import rescue  # heavy: only data that cannot be opened pays for it

        gc.enable()

        return 1, (lambda: None) if rescue(opened, str(error.__cause__ or error)) else None
    except UserError as error:
        log.refused(error)
        stop_dialog(str(error))
        return 1, None
    finally:
        database.close()
        lock.release()


def incoming() -> ModuleType:
    """What deals with a file that the program was opened with."""
    from app.views import incoming as found  # heavy: only such a start pays for it

    return found


def _ended(app: QApplication, window: Window) -> Callable[[], object] | None:
    """Take the window away; what it left to be done without it."""
    afterwards = window.afterwards
    if not pool().waitForDone(_LAST_WAIT):
        database.close()
        os._exit(0)  # a disk or a share that does not answer must not keep the program
    app.styleHints().colorSchemeChanged.disconnect()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return afterwards


def put_on(app: QApplication, preferences: Preferences) -> None:
    """The look that this desk chose; the sheet comes with the first window or dialog."""
    theme, scale = preferences.get("theme", style.SYSTEM), preferences.get("scale", 1.0)
    known = theme if theme in (LIGHT, DARK) else style.SYSTEM
    style.apply(app, known, scale if scale in style.SCALES else 1.0, dressed=False)


def make_window(app: QApplication, session: Session, user: str = "") -> Window:
    """The window on a session; a `user` named at the start goes before the one that this desk is set to."""
    preferences = Preferences(session.folder)
    if session.open:
        session.user = user or str(preferences.get("user") or session.user)
    else:
        preferences.put("user", session.user)
    window = Window(Desk(session, preferences))
    style.dress(app)
    guard = Guard(app, session, window)
    guard.changing.connect(partial(_make_room, window))
    window.desk.wanted_lock.connect(guard.lock)
    window.desk.wanted_step.connect(partial(_guide, window))
    if session.branch.sample:
        _mark_sample(window)
    for sentence in session.notices:
        window.messages.show_message("warn", sentence)
    FirstPainting(window, partial(_settle, app, window))
    style.follow_system(app, window.restyle)
    app.setWindowIcon(icons.mark(64))
    return window


def _make_room(window: Window) -> None:
    """Somebody else signs in: what is typed here waits among the unfinished entries for who typed it."""
    from app.views.form_page import FormPage  # heavy: the first page may need no form

    for page in window.findChildren(FormPage):
        page.keep()
    window.desk.preferences.put("user", "")
    window.afterwards = lambda: None


def _begin(window: Window, course: str) -> None:
    """Where a branch was just begun or brought here: its first steps."""
    if course:
        from app.services import first_day  # heavy: only new branches pay for it

        first_day.begin(window.desk.preferences, course)
        window.desk.wanted_step.emit("")


def _guide(window: Window, step: str) -> None:
    from app.views.first_day import guide  # heavy: only new branches pay for it

    guide(window, step)


def _mark_sample(window: Window) -> None:
    """Nobody takes it for a real branch, and one step leads back to the own one, or to its beginning."""
    words = _("Sample data: all of it is invented and lies apart from real data. Try out whatever you like.")
    leave = partial(window.close_for, partial(paths.own_folder, window.session.folder))
    window.standing.stand("warn", words, ((_("Leave the sample"), leave),))


def _settle(app: QApplication, window: Window) -> None:
    from app.views.after_start import begin  # heavy: the first page must not wait for it

    begin(app, window)


def _entered(folder: Path, user: str) -> Session | None:
    """The session of a branch that exists, of who signs in where there are passwords; None where nobody does."""
    if not keyring.exists(folder):
        return workplace.open_folder(folder, user=user)
    from app.views.sign_in import SignIn  # heavy: only a branch with passwords pays for it

    gc.enable()
    return SignIn(folder, user or str(Preferences(folder).get("user") or "")).person()


def _first_start(folder: Path, user: str) -> tuple[Path | None, Session | None, str]:
    """The folder to go on with, the session of who begins a branch with passwords there, and which first steps follow."""
    from app.views.welcome import Welcome  # heavy: only the first start pays for it

    gc.enable()
    welcome = Welcome(folder, user)
    welcome.exec()
    if welcome.session is None:
        database.close()
    return welcome.opened, welcome.session, welcome.course


def _broken(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Our own faults: logged, and shown once with a report that can be copied."""
    if issubclass(kind, KeyboardInterrupt):
        QApplication.quit()
        return
    when = _local(log.fault(error))
    report = "\n".join((f"{when.isoformat()} {log.FILE_NAME}", *log.lines_of(error)))
    if sys.stderr.isatty():  # elsewhere it becomes a file, which must not name anybody either
        sys.stderr.write("".join(traceback.format_exception(kind, error, trace)))
    else:
        sys.stderr.write(f"{report}\n")
    QTimer.singleShot(0, lambda: fault_dialog(report, when.isoformat().partition("T")[2]))


def _local(when: datetime) -> datetime:
    """As the window tells the time, whatever the zone of the computer."""
    window = next((one for one in QApplication.topLevelWidgets() if isinstance(one, Window)), None)
    return when if window is None else when.astimezone(window.session.branch.zone)
