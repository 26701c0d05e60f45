"""The part 版本更新 of the settings: where IT puts newer versions, by whose key, what lies there, and the diagnosis."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import platformdirs
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core import program
from app.core.errors import UserError
from app.core.fields import Field
from app.core.language import N_, _
from app.core.settings import SETTINGS
from app.core.signing import fingerprint, read_key
from app.services import updates
from app.services.updates import Release
from app.views.desk import Desk
from app.views.file_editor import FolderEditor
from app.views.forms import Section, Shape
from app.views.messages import MessageBar
from app.views.pieces.basics import button, clear, label, row
from app.views.pieces.cards import Card
from app.views.settings_form import FormPart

_CODES = ("update_folder", "update_key")
_FETCH_LIMIT = 600_000


class UpdatesPart(QWidget):
    """The form of IT, and what a look into the folder found."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.release: Release | None = None
        fields: tuple[Field, ...] = tuple(declared for declared, _default in SETTINGS if declared.code in _CODES)
        section = Section(N_("Updates"), _CODES, N_("a folder or a share, never the network; signed with this key"), wide=_CODES)
        self.form = FormPart(
            desk,
            Shape(fields, (section,), numbered=False, editors={"update_folder": FolderEditor}),
            lambda: {code: desk.session.settings[code] for code in _CODES},
            partial(updates.set_source, desk.session),
        )
        self._found = QVBoxLayout()
        self.look_button = button(_("Look now"), icon="search", name="look_now", on_click=self.look)
        self.get = button(_("Fetch and check"), icon="download", name="fetch", on_click=self.fetch)
        self.diagnose = button(_("Diagnosis"), icon="shield-check", name="diagnosis", on_click=self.show_diagnosis)
        card = Card(_("What lies there"))
        card.body.addLayout(self._found)
        card.body.addLayout(row(self.look_button, self.get, self.diagnose, None))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(card)
        layout.addWidget(self.form, 1)
        self.setFocusProxy(self.look_button)
        self.refresh()

    @property
    def dirty(self) -> bool:
        """Whether something is typed and not saved."""
        return self.form.dirty

    @dirty.setter
    def dirty(self, on: bool) -> None:
        self.form.dirty = on

    def refresh(self) -> None:
        """What is set, and the last finding."""
        self.form.refresh()
        self._say("info", "")
        self.release = None

    def _say(self, tone: str, sentence: str) -> None:
        """The version here, whose key is trusted, and a sentence."""
        settings = self._desk.session.settings
        named = bool(settings["update_folder"] and settings["update_key"])
        clear(self._found)
        self._found.addWidget(label(_("This is version {version}.").format(version=program.version()), "strong"))
        if named:
            told = _("Fingerprint of the key: {fingerprint}").format(fingerprint=fingerprint(read_key(settings["update_key"])))
            self._found.addWidget(label(told, "secondary", wrap=True, selectable=True))
        if sentence:
            self._found.addWidget(MessageBar(tone, sentence))
        self.look_button.lock("" if named else _("Name folder and key first."))
        self.get.lock("" if self.release else _("Nothing newer was found yet."))

    def save(self) -> None:
        """Folder and key."""
        self.form.save()
        self.refresh()

    def look(self) -> None:
        """Look into the folder at once."""
        from app.views.updates import look  # heavy: few look themselves

        self.look_button.lock(_("Wait until what is under way is done."))
        look(self._desk, self._looked, self)

    def _looked(self, release: Release | None, error: Exception | None) -> None:
        self.release = release if release is not None and release.file_for(updates.this_kind()) else None
        if error is not None:
            self._fail(error)
        elif release is None:
            self._say("ok", _("This is the newest version."))
        elif self.release is None:
            self._say("warn", _("Version {version} lies there, but no file for this system.").format(version=release.version))
        else:
            told = _("Version {version} can be installed. New: {news}").format(version=release.version, news=release.new())
            self._say("info", told)

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, UserError):
            self._desk.fail(error)
        self._say("bad", str(error))

    def fetch(self) -> None:
        """Copy the installer here and check it again."""
        from app.views.updates import Aside  # heavy: likewise

        file = self.release and self.release.file_for(updates.this_kind())
        if not file:
            return
        source, target = (
            Path(self._desk.session.settings["update_folder"]),
            platformdirs.user_cache_path("kesu-desk", appauthor=False),
        )
        self.get.lock(_("Wait until what is under way is done."))
        Aside(lambda: updates.fetch(source, file, target), self._fetched, self, _FETCH_LIMIT)

    def _fetched(self, copy: Path | None, error: Exception | None) -> None:
        if error is not None or copy is None:
            self._fail(error or UserError(""))
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(copy.parent)))
        told = _(
            "{file} was checked and lies in the folder that opened. It is not started from here: close the program, "
            "then start it."
        )
        self._say("ok", told.format(file=copy.name))

    def show_diagnosis(self) -> None:
        """How this computer and its data are."""
        from app.views.diagnosis import show_diagnosis  # heavy: few ask

        show_diagnosis(self._desk, self.diagnose)
