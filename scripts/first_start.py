"""Make the virtual environment that the program needs, then hand over to it. Standard library only: nothing else is there yet."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
WINDOWS = os.name == "nt"

# What Qt's wheels link to and do not bring along, and the Debian package that has it.
LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}

# Good to have: the window works without them, on X11 and without printers.
WELCOME = {
    "libcups.so.2": "libcups2",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}


class Said(NamedTuple):
    """One sentence in both languages."""

    chinese: str
    english: str


class SetupError(Exception):
    """The program cannot be set up; the sentence says what to do."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(english)
        self.said = Said(chinese, english)


class Places(NamedTuple):
    """Where the environment lies and what tells its state."""

    root: Path

    @property
    def environment(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.environment / ("Scripts/python.exe" if WINDOWS else "bin/python")

    @property
    def unfinished(self) -> Path:
        """Stands while packages are being installed: one that is found at a start tells of an interruption."""
        return self.environment / "kesu-unfinished"

    def requirements(self, kind: str) -> Path:
        return self.root / "requirements" / f"{kind}.txt"

    def installed(self, kind: str) -> Path:
        return self.environment / f"kesu-{kind}"


def in_language(said: Said, environment: dict[str, str]) -> str:
    """The sentence in the user's language; in both where the system doesn't tell."""
    names = (environment.get(name, "") for name in ("KESU_LANG", "LC_ALL", "LC_MESSAGES", "LANG"))
    tag = next((name.lower() for name in names if name), "")
    if tag.startswith("zh"):
        return said.chinese
    return said.english if tag.startswith("en") else f"{said.chinese}\n{said.english}"


def say(chinese: str, english: str) -> None:
    print(in_language(Said(chinese, english), dict(os.environ)), file=sys.stderr, flush=True)


def stamp(requirements: Path, interpreter: str) -> bytes:
    """What an environment was made from: the interpreter beneath it and the very text of the requirements."""
    return interpreter.encode() + b"\n" + requirements.read_bytes()


def interpreter_below(python: Path) -> str:
    """The interpreter that an environment stands on; empty where there is none (any more)."""
    if not python.exists():
        return ""
    if not WINDOWS:
        return os.path.realpath(python)
    settings = (python.parents[1] / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    home = next((line.partition("=")[2].strip() for line in settings if line.startswith("home")), "")
    below = Path(home) / "python.exe"
    return str(below) if below.exists() else ""


def is_ready(places: Places, kind: str) -> bool:
    """Whether the environment holds exactly these requirements; cheap, as every start asks it."""
    installed = places.installed(kind)
    if not installed.exists() or places.unfinished.exists():
        return False
    below = interpreter_below(places.python)
    return bool(below) and installed.read_bytes() == stamp(places.requirements(kind), below)


def quietly(command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)


def aloud(command: Sequence[str | Path], environment: dict[str, str] | None = None) -> bool:
    """Run with its output on standard error, as standard output belongs to the program; whether it went well."""
    return subprocess.run(command, stdout=sys.stderr, env=environment, check=False).returncode == 0


def missing_libraries(names: Iterable[str]) -> list[str]:
    """Those of the system libraries that cannot be loaded."""
    if WINDOWS or sys.platform == "darwin":
        return []
    import ctypes  # only a first start needs it

    missing = []
    for name in names:
        try:
            ctypes.CDLL(name)
        except OSError:
            missing.append(name)
    return missing


def missing_packages() -> list[str]:
    """The Debian packages without which nothing works here; on other systems what they would hold."""
    from importlib.util import find_spec

    libraries = missing_libraries(LIBRARIES)
    has_apt = shutil.which("apt-get") is not None
    packages = [LIBRARIES[name] if has_apt else name for name in libraries]
    if not WINDOWS and find_spec("ensurepip") is None:
        packages.append("python3-venv" if has_apt else "ensurepip")
    return packages


def as_root() -> list[str] | None:
    """What makes a command root's: nothing if we are root, sudo where it asks no password, None where we may not."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and quietly(["sudo", "-n", "true"]).returncode == 0:
        return ["sudo", "-n"]
    return None


def install_system_packages(packages: list[str]) -> bool:
    prefix = as_root()
    if shutil.which("apt-get") is None or prefix is None:
        return False
    say(f"正在安装系统组件：{' '.join(packages)}", f"Installing system packages: {' '.join(packages)}")
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "Dpkg::Use-Pty=0"]
    aloud([*apt, "update"])  # where it fails, the lists that are there may do
    return aloud([*apt, "install", "-y", "--no-install-recommends", *packages])


def complete_system() -> list[str]:
    """Install what the system lacks if we may; what is still missing and needed."""
    needed = missing_packages()
    wanted = needed + [WELCOME[name] for name in missing_libraries(WELCOME)]
    if not wanted or not install_system_packages(wanted):
        return needed
    return missing_packages()


def name_missing(packages: list[str]) -> Said:
    if shutil.which("apt-get"):
        command = f"sudo apt install {' '.join(packages)}"
        return Said(
            f"本机缺少系统组件，请由管理员运行：{command}",
            f"This system lacks packages. Ask whoever administers it to run: {command}",
        )
    listed = ", ".join(packages)
    return Said(
        f"本机缺少系统组件：{listed}。请用系统的软件管理器安装后再启动。",
        f"This system lacks {listed}. Install them with the system's package manager, then start again.",
    )


def make_environment(places: Places) -> None:
    """An environment with a working pip; one that is there and works is kept."""
    intact = not places.unfinished.exists() and bool(interpreter_below(places.python))
    if intact and quietly([places.python, "-m", "pip", "--version"]).returncode == 0:
        return
    say("正在建立运行环境……", "Making the virtual environment …")
    made = quietly([sys.executable, "-m", "venv", "--clear", places.environment])
    if made.returncode:
        print(made.stdout + made.stderr, file=sys.stderr)
        raise SetupError(
            "运行环境未能建立，原因见上。Debian、Ubuntu 请先安装 python3-venv，并确认磁盘有空间、本文件夹可写，再重新启动。",
            "The virtual environment could not be made; the reason stands above. On Debian or Ubuntu install python3-venv first; "
            "see that the disk has room and this folder may be written to, then start again.",
        )


def install_requirements(places: Places, kind: str) -> None:
    say(
        "正在下载并安装所需的软件包（约 110 MB，仅首次启动和更新后需要）……",
        "Downloading and installing packages (about 110 MB, at the first start and after updates only) …",
    )
    places.unfinished.touch()
    pip: list[str | Path] = [places.python, "-m", "pip", "--disable-pip-version-check", "--no-input", "install"]
    # The lists are complete. Asked to look for more, an older pip takes a newer release for `coverage[toml]` than the pinned one.
    if not aloud([*pip, "--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", places.requirements(kind)]):
        raise SetupError(
            "软件包下载或安装失败，原因见上。请检查网络和磁盘空间后重新启动；可用 pip config 指定镜像。",
            "Downloading or installing packages failed; the reason stands above. Check the network and the disk's free space, "
            "then start again; a mirror can be set with pip config.",
        )
    done = ("runtime", "dev") if kind == "dev" else (kind,)
    for name in done:
        places.installed(name).write_bytes(stamp(places.requirements(name), interpreter_below(places.python)))
    places.unfinished.unlink()


@contextmanager
def alone(places: Places) -> Iterator[None]:
    """One setup at a time: a second start waits for the first instead of clearing what it makes."""
    try:
        lock = (places.root / ".venv.lock").open("a")
    except OSError as error:
        raise SetupError(
            f"无法写入程序所在的文件夹 {places.root}。请换一个有写权限的文件夹，或由管理员授权。",
            f"The program's folder {places.root} cannot be written to. Move it to one of yours, or ask for the right to write.",
        ) from error
    with lock:
        if sys.platform == "win32":
            import msvcrt  # Windows only

            msvcrt.locking(lock.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl  # everywhere else

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def set_up(places: Places, kind: str) -> list[str]:
    """Everything that a start needs; the system packages that we may not install ourselves."""
    with alone(places):
        if is_ready(places, kind):
            return []
        missing = complete_system()
        if "python3-venv" in missing or "ensurepip" in missing:
            said = name_missing(missing)
            raise SetupError(said.chinese, said.english)
        make_environment(places)
        install_requirements(places, kind)
        if missing:
            places.installed(kind).unlink()  # so that the next start looks at the system again
        return missing


def opens_window(arguments: Sequence[str]) -> bool:
    """Whether no command is named; what stands behind the options that may come before one is their value."""
    words = iter(arguments)
    for word in words:
        if word in ("--data", "--user", "--lang", "--database"):
            next(words, None)
        elif not word.startswith("-") or word in ("-h", "--help"):
            return False
    return True


def command_for(places: Places, arguments: Sequence[str]) -> list[str]:
    if arguments[:1] == ["test"]:
        chosen = list(arguments[1:]) or ["-n", "auto"]
        return [
            str(places.python),
            "-m",
            "pytest",
            "--rootdir",
            str(places.root),
            "-c",
            str(places.root / "pyproject.toml"),
            *chosen,
        ]
    # -P: a file of the folder one stands in must not be taken for a module of the program.
    return [str(places.python), "-P", "-m", "app", *arguments]


def hand_over(places: Places, arguments: Sequence[str]) -> int:
    command = command_for(places, arguments)
    environment = dict(os.environ)
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(places.root), environment.get("PYTHONPATH"))))
    if arguments[:1] == ["test"]:
        os.chdir(places.root)
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    if not WINDOWS:
        os.execve(command[0], command, environment)
    child = subprocess.Popen(command, env=environment)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:  # the child got it too, and decides
            continue


def main(arguments: Sequence[str]) -> int:
    places = Places(ROOT)
    kind = "dev" if arguments[:1] == ["test"] else "runtime"
    try:
        if not is_ready(places, kind) and (missing := set_up(places, kind)):
            say(*name_missing(missing))
            if opens_window(arguments) or kind == "dev":
                return 1
        return hand_over(places, arguments)
    except SetupError as error:
        say(*error.said)
    except OSError as error:
        say(f"启动失败：{error}", f"The start failed: {error}")
    except KeyboardInterrupt:
        say("已停止。下次启动会从头完成安装。", "Stopped. The next start completes the installation.")
    return 1
