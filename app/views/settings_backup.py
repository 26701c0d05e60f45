"""The part 备份 of the settings: what there is, a backup now, the second place, putting back, and the monthly trial."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QGridLayout, QVBoxLayout, QWidget

from app.core import formats
from app.core.errors import Cancelled, UserError
from app.core.language import _
from app.core.progress import Progress
from app.services import backup_places, backups, restore_rights, restoring, workplace
from app.services.backup_places import DAYS, MONTHS, Backup, State, home
from app.services.backups import Made, Outlook
from app.services.restore_rights import Right
from app.services.restoring import TOLD, Drill, Present
from app.views import restore
from app.views.backup_words import ago, held_words
from app.views.desk import Desk
from app.views.messages import MessageBar
from app.views.pieces.basics import breakable, button, clear, hairline, label, row
from app.views.pieces.cards import Card
from app.views.volumes import elsewhere

_FIRST = 8


class BackupPart(QWidget):
    """Nothing is typed here; everything long runs beside the window."""

    dirty = False

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._all = False
        self._said = QVBoxLayout()
        self._now, self._there, self._second = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        self.make = button(_("Back up now"), "primary", "shield-check", name="back_up", on_click=self.back_up)
        self.trial = button(_("Try a restore"), icon="repeat", name="drill", on_click=self.try_out)
        self.other = button(_("Restore another file"), icon="folder-open", name="restore_file", on_click=self.choose_file)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(self._said)
        for card in (self._now_card(), self._second_card(), self._there_card()):
            layout.addWidget(card)
        layout.addStretch(1)
        self.setFocusProxy(self.make)
        self.refresh()

    def _now_card(self) -> Card:
        card = Card(_("Backups"), _("on closing, daily, before imports and updates"))
        card.body.addLayout(self._now)
        card.body.addLayout(row(self.make, self.trial, None))
        return card

    def _second_card(self) -> Card:
        card = Card(_("Second place"), _("another disk or a share: it helps when this disk breaks"))
        card.body.addLayout(self._second)
        choose = button(_("Choose folder"), icon="folder-open", name="choose_second", on_click=self.choose_second)
        self._forget = button(_("Do without"), "link", "x", name="forget_second", on_click=partial(self.set_second, None))
        self._copy = button(_("Copy there now"), "link", "copy", name="copy_second", on_click=self.copy_there)
        card.body.addLayout(row(choose, self._copy, self._forget, None))
        return card

    def _there_card(self) -> Card:
        kept = _("the newest of {days} days and {months} months stay").format(days=DAYS, months=MONTHS)
        card = Card(_("Restore"), kept)
        card.body.addLayout(self._there)
        card.body.addLayout(row(self.other, None))
        return card

    def refresh(self) -> None:
        """Look at the folder again."""
        outlook = self._desk.attempt(lambda: backups.outlook(self._desk.session))
        found = self._desk.attempt(lambda: backup_places.listed(home(self._desk.session.folder)))
        if outlook is None or found is None:
            return
        for layout in (self._now, self._there, self._second):
            clear(layout)
        self._show_state(outlook)
        self._show_second(outlook)
        self._show_list(found.backups)
        for path in found.unreadable:
            self._there.addWidget(label(_("{file} is damaged or no backup.").format(file=path.name), "error", wrap=True))

    def _show_state(self, outlook: Outlook) -> None:
        now, newest = self._desk.session.now(), outlook.newest
        if newest is None:
            self._now.addWidget(label(_("There is no backup yet."), "strong"))
        else:
            words = _("Last backup: {when}, {why}").format(when=ago(newest.local, now), why=newest.why)
            self._now.addWidget(label(words, "strong", wrap=True))
            self._now.addWidget(label(held_words(newest), "secondary", wrap=True))
        state = _("Something was entered since then.") if outlook.changed else _("Nothing was entered since then.")
        if newest is not None:
            self._now.addWidget(label(state, "secondary", wrap=True))
        if failed := State(self._desk.session.folder).read().get("failed"):
            self._now.addWidget(label(_("The last try failed: {error}").format(error=failed), "error", wrap=True))
        self._now.addWidget(label(self._trial_words(outlook), "warning" if outlook.drill_due else "secondary", wrap=True))
        self.trial.lock("" if newest else _("There is no backup yet. Make one first."))

    def _trial_words(self, outlook: Outlook) -> str:
        last = ago(outlook.drill_at, self._desk.session.now())
        if failed := State(self._desk.session.folder).read().get("drill_failed"):
            return _("The last trial failed: {error} Make a new backup and try again.").format(error=failed)
        if outlook.drill_due:
            return _("Last tried out: {when}. Once a month, see that a backup can be restored.").format(when=last)
        return _("Last tried out: {when}").format(when=last)

    def _show_second(self, outlook: Outlook) -> None:
        for act in (self._copy, self._forget):
            act.setVisible(outlook.second is not None)
        if outlook.second is None:
            self._second.addWidget(
                label(_("None is set. A USB disk or a folder on another computer will do."), "secondary", wrap=True)
            )
            return
        self._second.addWidget(label(breakable(outlook.second), "strong", wrap=True))
        when = _("Last copied there: {when}").format(when=ago(outlook.second_at, self._desk.session.now()))
        self._second.addWidget(label(when, "error" if outlook.second_overdue else "secondary", wrap=True))
        reached = label("", "warning", wrap=True)
        self._second.addWidget(reached)
        reached.hide()
        folder, second = self._desk.session.folder, outlook.second

        def look(_progress: Progress) -> str:
            if not second.is_dir():
                return _("It is not reachable now.")
            return _("It lies on the same disk as the data.") if backups.is_same_disk(folder, second) else ""

        def show(words: str) -> None:
            reached.setText(words)
            reached.setVisible(bool(words))

        self._desk.run(look, show, reached, lambda _error: None, shown=False)

    def _show_list(self, found: tuple[Backup, ...]) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        head = [_("Made"), _("Occasion"), *(_(word) for _table, word in TOLD[:4]), _("Size")]
        for place, word in enumerate(head):
            side = Qt.AlignmentFlag.AlignRight if place > 1 else Qt.AlignmentFlag.AlignLeft
            grid.addWidget(label(word, "hint"), 0, place, side)
        for line, one in enumerate(found if self._all else found[:_FIRST]):
            grid.addWidget(hairline(), 2 * line + 1, 0, 1, len(head) + 1)
            self._show_line(grid, 2 * line + 2, one)
        grid.setColumnStretch(1, 1)
        self._there.addLayout(grid) if found else self._there.addWidget(label(_("There is no backup yet."), "secondary"))
        if len(found) > _FIRST and not self._all:
            words = _("Show all {count}").format(count=len(found))
            self._there.addLayout(row(button(words, "link", "chevron-down", name="show_all", on_click=self.show_all), None))

    def _show_line(self, grid: QGridLayout, line: int, one: Backup) -> None:
        counts = [f"{one.manifest.counts.get(table, 0):,}" for table, _word in TOLD[:4]]
        when = f"{one.local:%Y-%m-%d %H:%M}"
        for place, text in enumerate([when, one.why, *counts, formats.file_size(one.size)]):
            side = Qt.AlignmentFlag.AlignRight if place > 1 else Qt.AlignmentFlag.AlignLeft
            grid.addWidget(label(text), line, place, side)
        act = button(_("Restore …"), "link", name=f"restore_{one.path.stem}", on_click=partial(self.ask_restore, one.path))
        act.setAccessibleName(_("Restore the backup of {when}").format(when=when))
        grid.addWidget(act, line, len(counts) + 3)

    def show_all(self) -> None:
        """Also those from long ago."""
        self._all = True
        self.refresh()

    def save(self) -> None:
        """Nothing is typed here."""

    # Acts.

    def back_up(self) -> None:
        """Make a backup now."""
        session = self._desk.session

        def work(progress: Progress) -> Made:
            return backups.make(session.folder, "hand", session.clock(), progress)

        self._run(work, self._made)

    def _made(self, made: Made) -> None:
        missing = len(made.backup.manifest.missing)
        words = [_("Backed up and checked: {held}.").format(held=held_words(made.backup))]
        words += [_("Attachments that are gone or damaged: {count}.").format(count=missing)] if missing else []
        words += [made.second_failed] if made.second_failed else []
        self._say("warn" if missing or made.second_failed else "ok", " ".join(words))

    def try_out(self) -> None:
        """Put the newest backup back beside the data, for a trial."""
        self._run(lambda progress: restoring.drill(self._desk.session, workplace.LATEST, progress), self._tried)

    def _tried(self, done: Drill) -> None:
        when, held = f"{done.backup.local:%Y-%m-%d %H:%M}", held_words(done.backup)
        words = _("The backup of {when} was restored for a trial and is whole: {held}. The trial was taken away again.")
        told = words.format(when=when, held=held)
        if done.missing:
            told += " " + _("Attachments that are gone or damaged: {count}.").format(count=done.missing)
        self._say("warn" if done.missing else "ok", told)

    def choose_second(self) -> None:
        """Ask for the folder."""
        path = QFileDialog.getExistingDirectory(self, _("Choose folder"), str(elsewhere(self._desk.session.folder) or ""))
        if path:
            self.set_second(Path(path))

    def set_second(self, path: Path | None) -> None:
        """Set the second place, or do without, and bring the newest backup there."""
        try:
            backups.set_second_place(self._desk.session, path)
        except UserError as error:
            self._say("bad", str(error))
            return
        self.refresh()
        if path is not None:
            self.copy_there()

    def copy_there(self) -> None:
        """Bring the newest backup to the second place."""
        self._run(
            partial(backups.bring_newest_to_second, self._desk.session),
            lambda _none: self._say("ok", _("The newest backup is in the second place too, and was read again there.")),
        )

    def choose_file(self) -> None:
        """A backup from elsewhere, for example from the second place."""
        path = restore.choose_backup(self, self._desk.session.folder)
        if path is not None:
            self.ask_restore(path)

    def ask_restore(self, path: Path) -> None:
        """Check the backup, show both sides, and ask."""
        folder = self._desk.session.folder

        def work(progress: Progress) -> tuple[Backup, Present | None]:
            return restoring.look(path, workplace.LATEST, progress), restoring.present(folder)

        self._run(work, self._looked_at)

    def _looked_at(self, both: tuple[Backup, Present | None]) -> None:
        backup, there = both
        session = self._desk.session
        if not self._desk.permitted("backup.restore") or not restore.may_restore(self, backup, there):
            return

        def settled() -> Right | None:
            with suppress(Cancelled):
                return restore_rights.of_session(session, backup.path, restore.asking(self, session.user))
            return None

        if right := self._desk.attempt(settled):
            self._desk.wanted_end.emit(partial(restore.put_back, session.folder, backup.path, right))

    def _run(self, work: object, done: object) -> None:
        """One thing at a time."""
        clear(self._said)
        self._lock(_("Wait until what is under way is done."))

        def over(result: object) -> None:
            self._lock("")
            self.refresh()
            done(result)  # type: ignore[operator]
            self._desk.session.changed("backup")

        def failed(error: Exception) -> None:
            self._lock("")
            self.refresh()
            if isinstance(error, Cancelled):
                self._say("info", _("Stopped. Nothing was changed."))
            elif isinstance(error, UserError):
                self._say("bad", str(error))
            else:
                self._desk.fail(error)

        self._desk.run(work, over, self, failed)  # type: ignore[arg-type]

    def _lock(self, reason: str) -> None:
        for act in (self.make, self.trial, self.other, self._copy, self._forget):
            act.lock(reason)

    def _say(self, tone: str, sentence: str) -> None:
        clear(self._said)
        self._said.addWidget(MessageBar(tone, sentence))
