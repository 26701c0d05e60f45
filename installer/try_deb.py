#!/usr/bin/env python3
"""Try the packages on bare Debian systems: python3 installer/try_deb.py [bullseye bookworm trixie]

Each system is made new, holds no Python, and is thrown away. The version before is installed, a person starts a branch and
does the main job with the keyboard, the package is upgraded, every page, paper and print path is gone through, and it is
removed: what the person wrote must still be there. Pictures and what was said lie in KESU_BUILD/tried/SYSTEM.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from installer import bundle, certificate, chroots, deb
from installer.chroots import entered, inside
from installer.places import NAME, WORK, run, version
from installer.screen import Person, screen

SUITES = {"bullseye": bundle.OLD, "bookworm": bundle.CURRENT, "trixie": bundle.CURRENT}
PERSON, HOME = "clerk", "/home/clerk"
DATA = f"{HOME}/.local/share/kesu"


class System:
    """A bare Debian with a person on it."""

    def __init__(self, root: Path, suite: str) -> None:
        self.root, self.suite = root, suite
        self.log = (WORK / "tried" / suite / "said.txt").open("w", encoding="utf-8")

    def command(self, *words: str, display: str = "") -> list[str]:
        """As the person would start it."""
        settings = [f"HOME={HOME}", "LANG=C.UTF-8", "KESU_LANG=zh_CN", "PATH=/usr/bin:/bin", f"USER={PERSON}"]
        shown = [f"DISPLAY={display}", "QT_QPA_PLATFORM=xcb"] if display else ["QT_QPA_PLATFORM=offscreen"]
        return ["chroot", f"--userspec={PERSON}:{PERSON}", str(self.root), "/usr/bin/env", "-i", *settings, *shown, *words]

    def does(self, *words: str, display: str = "") -> str:
        """Run a command to its end as the person; what it said."""
        started = time.monotonic()
        done = subprocess.run(self.command(*words, display=display), capture_output=True, text=True, timeout=900)
        self.note(f"$ {' '.join(words)}  ({done.returncode}, {time.monotonic() - started:.1f} s)\n{done.stdout}{done.stderr}")
        assert done.returncode == 0, (words, done.returncode, done.stdout[-2000:], done.stderr[-2000:])
        return done.stdout

    def note(self, words: str) -> None:
        self.log.write(f"{words}\n")
        self.log.flush()


def tried(suite: str, package: Path) -> None:
    """All of it on one system. AssertionError or CalledProcessError says what went wrong."""
    place = WORK / "tried" / suite
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    with chroots.copied(suite, f"try-{suite}") as root, screen() as display:
        shutil.copy(package, root / "new.deb")
        before(package, root / "old.deb")
        with entered(root, {"tmp/.X11-unix": Path("/tmp/.X11-unix")}):
            system = System(root, suite)
            assert not list((root / "usr/bin").glob("python3*")), "there is a Python already"
            inside(root, "apt-get", "-q", "update")
            inside(root, "apt-get", "-q", "-y", "--no-install-recommends", "install", "/old.deb")
            assert not list((root / "usr/bin").glob("python3*")), "the package brought the system's Python"
            inside(root, "useradd", "-m", PERSON)
            with watched(system, display, place) as person:
                main_job(person)
                refused_while_running(root)
            counted = system.does("kesu", "list", "complaints")
            inside(root, "apt-get", "-q", "-y", "install", "/new.deb")
            assert system.does("kesu", "list", "complaints") == counted
            system.does("kesu", "check")
            commands(system)
            illustrated(system)
            signed(system)
            walked(system, display, place)
            removed(system)
    print(f"{suite}: installed, the main job done, upgraded, walked through, removed; see {place}", flush=True)


def before(package: Path, to: Path) -> None:
    """The same package as if it were of an older version."""
    tree = to.with_name("older")
    shutil.rmtree(tree, ignore_errors=True)
    run("dpkg-deb", "-R", package, tree)
    control = tree / "DEBIAN" / "control"
    control.write_text(re.sub(r"(?m)^Version: .*$", "Version: 0.0.1", control.read_text(encoding="utf-8")), encoding="utf-8")
    run("dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", tree, to)
    shutil.rmtree(tree)


@contextmanager
def watched(system: System, display: str, place: Path) -> Iterator[Person]:
    """The program as it is started from the menu, with the person before it."""
    focus = system.root / "home" / PERSON / "focus.txt"
    focus.unlink(missing_ok=True)
    words = ("kesu", "--as-child", "installer.watched", f"{HOME}/focus.txt", "--user", "wangmin")
    with (place / "window.txt").open("w") as said:
        window = subprocess.Popen(system.command(*words, display=display), stdout=said, stderr=said)
        try:
            yield Person(display, focus, place)
        finally:
            window.terminate()
            window.wait()


def main_job(person: Person) -> None:
    """From the first start to the month's workbook, with nothing but the keyboard."""
    first_start(person)
    person.key("ctrl+2")
    time.sleep(2)
    person.picture("customers")
    person.key("ctrl+n")
    person.waits_for("name")
    person.tabs_to("name")
    person.types("鑫瑞达商行")
    person.key("ctrl+s")
    time.sleep(2)
    person.picture("customer")
    person.key("F8")
    person.waits_for("customer")
    person.types("xrd")
    time.sleep(1.5)
    person.key("Return")
    person.tabs_to("description")
    person.types("六条霉变，有异味")
    person.picture("complaint")
    person.tabs_to("sign")
    person.key("Return")
    time.sleep(2)
    through_the_stations(person)
    person.key("ctrl+9")
    time.sleep(2)
    person.picture("statistics")
    person.key("ctrl+e")
    time.sleep(2)
    person.key("ctrl+a")
    person.types(f"{HOME}/month.xlsx")
    person.key("Return")
    time.sleep(3)
    person.picture("workbook")


def first_start(person: Person) -> None:
    """A branch of its own, up to the first step of its first day."""
    person.waits_for("name")
    person.types("城东分公司")
    person.key("Tab")
    person.types("CD")
    person.picture("welcome")
    person.key("ctrl+Return")
    person.waits_for("address")
    person.picture("first-day")


def through_the_stations(person: Person) -> None:
    """The case that is seen, to its end."""
    person.step("accept", ("promised_at", "今天 23:30"))
    person.step("investigate", ("findings", "属实"))
    person.step("propose", ("text", "登门致歉"))
    person.picture("approved")
    person.step("reply", ("reply_text", "今天登门致歉"))
    person.step("agreement")
    person.key("ctrl+5")
    time.sleep(1.5)
    person.key("Home", "Return")
    time.sleep(1.5)
    person.step("release")
    person.step("sign-agreement", ("signed_by", "周建国"))
    person.picture("agreement")
    person.key("ctrl+4")
    time.sleep(1.5)
    person.key("Home", "Return")
    time.sleep(1.5)
    person.step("follow-up", ("result_score", "5"))
    person.step("close", ("result", "满意"))
    person.picture("closed")


def refused_while_running(root: Path) -> None:
    """An upgrade does not take the files away from a window that is open."""
    words = ("chroot", str(root), "dpkg", "-i", "/new.deb")
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode != 0, "the program's files were replaced while it ran"
    assert "客诉台正在使用中" in done.stderr, done.stderr


def commands(system: System) -> None:
    """Every paper and workbook, keys, backup, archive, registers, checks, by command."""
    assert version() in system.does("kesu", "--version")
    sample = f"{HOME}/sample"
    assert "closed" in system.does("kesu", "list", "complaints", "--json")
    assert (system.root / HOME[1:] / "month.xlsx").exists(), "the window wrote no workbook"
    system.does("kesu", "demo", "--data", sample, "--out", f"{HOME}/papers", "--no-window")
    system.does("kesu", "check", "--data", sample)
    system.does("kesu", "merge-customers", "--find", "--data", sample)
    system.does("kesu", "backup", "--data", sample)
    system.does("kesu", "archive", f"{HOME}/all.kesu.zip", "--data", sample)
    system.does("kesu", "unarchive", f"{HOME}/all.kesu.zip", "--data", f"{HOME}/again")
    words = (
        "env",
        "KESU_PASSWORD=Gartenzaun-72-Regen",
        "kesu",
        "init",
        "--branch-code",
        "JM",
        "--branch-name",
        "加密",
        "--admin",
        "王敏",
        "--data",
        f"{HOME}/sealed",
    )
    system.does(*words)
    header = (system.root / HOME[1:] / "sealed/kesu.db").read_bytes()[:15]
    assert header != b"SQLite format 3", "the store is not encrypted"


def illustrated(system: System) -> None:
    """A picture of each kind that may be attached is in the case's file, and those of the handbook in its."""
    home, sample = system.root / HOME[1:], f"{HOME}/sample"
    pictures = [f"picture.{kind}" for kind in ("bmp", "gif", "jpeg", "png", "webp")]
    for name in pictures:
        run("convert", "-size", "90x60", "plasma:", home / name)
    number = json.loads(system.does("kesu", "list", "complaints", "--limit", "1", "--json", "--data", sample))[0]["number"]
    system.does("kesu", "attach", number, *(f"{HOME}/{name}" for name in pictures), "--data", sample)
    system.does("kesu", "document", "case-file", number, "--out", f"{HOME}/papers/illustrated.pdf", "--data", sample)
    assert (home / "papers/illustrated.pdf").read_bytes().count(b"/Subtype /Image") >= len(pictures), "a picture is missing"
    system.does("kesu", "document", "handbook", "--out", f"{HOME}/papers/handbook.pdf", "--data", sample)


def signed(system: System) -> None:
    """The agreement of the main job goes out with the signature of a certificate, and is told from others by it."""
    home = system.root / HOME[1:]
    both = certificate.made(home)
    kesu = ("env", f"KESU_CERTIFICATE_PASSWORD={certificate.PASSWORD}", "kesu")
    system.does(*kesu, "certificate", "set", f"{HOME}/{both.name}")
    number = json.loads(system.does("kesu", "list", "agreements", "--json"))[0]["number"]
    system.does(*kesu, "document", "agreement", number, "--out", f"{HOME}/signed.pdf")
    assert b"/ByteRange" in (home / "signed.pdf").read_bytes(), "the agreement went out without a signature"
    system.does("kesu", "verify", f"{HOME}/signed.pdf")


def walked(system: System, display: str, place: Path) -> None:
    """Every page, record, form and print path, in the window on this screen."""
    words = ("kesu", "--as-child", "installer.walk", f"{HOME}/sample", f"{HOME}/papers", f"{HOME}/walk")
    system.does(*words, display=display)
    for name in ("walk", "papers"):
        shutil.copytree(system.root / HOME[1:] / name, place / name)


def removed(system: System) -> None:
    """Nothing of the program stays, all of the person's does."""
    inside(system.root, "apt-get", "-q", "-y", "purge", NAME)
    assert not (system.root / "opt" / NAME).exists()
    assert not (system.root / "usr/bin/kesu").is_symlink()
    assert (system.root / DATA[1:] / "kesu.db").exists(), "the data is gone"


def main() -> int:
    """Try the packages that lie in `dist` on the systems that are named, or on all."""
    for suite in sys.argv[1:] or list(SUITES):
        tried(suite, deb.package(SUITES[suite]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
