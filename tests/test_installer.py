"""What people install: packages, what a bundle leaves out, the desktop's files, the Windows script."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest

from app.core import language, licences, program
from installer import bundle, interpreter, libraries, nsis, pictures, places, smaller, source, trimming, version_file
from scripts.first_start import LIBRARIES, WELCOME

LINUX = places.HERE / "linux"
BUNDLES = [one for flavour in ("current", "old") if (one := places.WORK / f"bundle-{flavour}" / "dist" / places.NAME).exists()]


def needs(tool: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(tool) is None, reason=f"{tool} is not here")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, Path]]:
    """Source package and wheel, made twice from the same files at different times."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1764205200")  # there need be no git here
        return [source.packages(tmp_path_factory.mktemp(f"built{turn}"), Path(sys.executable)) for turn in range(2)]


def test_two_builds_differ_in_nothing(built: list[tuple[Path, Path]]) -> None:
    first, second = built
    assert [one.read_bytes() == other.read_bytes() for one, other in zip(first, second, strict=True)] == [True, True]


def test_the_wheel_holds_every_resource_and_migration(built: list[tuple[Path, Path]]) -> None:
    with zipfile.ZipFile(built[0][1]) as wheel:
        names = set(wheel.namelist())
    there = {file.relative_to(places.ROOT).as_posix() for folder in ("app", "resources") for file in listed(folder)}
    assert there - names == set()
    assert {name.split("/")[0] for name in names} == {"app", "resources", f"kesu-{places.version()}.dist-info"}


def test_the_source_package_holds_all_that_is_kept_here(built: list[tuple[Path, Path]]) -> None:
    with tarfile.open(built[0][0]) as packed:
        names = {name.partition("/")[2] for name in packed.getnames()}
    there = {file.relative_to(places.ROOT).as_posix() for file in listed(".")}
    aside = (".ci/", ".github/", ".gitattributes", ".gitignore", ".pre-commit-config.yaml")
    assert {name for name in there - names if not name.startswith(aside)} == set()


def listed(folder: str) -> list[Path]:
    """Files of a folder that the repository keeps."""
    if shutil.which("git") is None:
        pytest.skip("git is not here to say which files are kept")
    told = subprocess.run(["git", "-C", places.ROOT, "ls-files", "-z", folder], capture_output=True, check=True).stdout
    return [file for name in told.decode().split("\0") if name and (file := places.ROOT / name).exists()]


def test_an_installed_program_finds_its_resources(built: list[tuple[Path, Path]], tmp_path: Path) -> None:
    with zipfile.ZipFile(built[0][1]) as wheel:
        wheel.extractall(tmp_path)
    said = subprocess.run(
        [sys.executable, "-m", "app", "init", "--branch-code", "CD", "--branch-name", "城东", "--data", tmp_path / "data"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "KESU_LANG": "zh_CN"},
        capture_output=True,
        text=True,
    )
    assert said.returncode == 0, said.stderr
    assert "城东" in said.stdout


def test_every_part_has_its_licence() -> None:
    found = licences.all_of_them()
    assert {one.name for one in found if not one.terms} == set()
    assert {one.name for one in found if len(one.text) < 500} == set()


def test_a_bundle_calls_itself_for_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/opt/kesu-desk/kesu")
    assert program.child("app.services.register_cells", "a.xlsx") == [
        "/opt/kesu-desk/kesu", program.CHILD, "app.services.register_cells", "a.xlsx",
    ]  # fmt: skip
    monkeypatch.setattr(sys, "executable", str(Path("C:") / "KesuDesk.exe"))
    assert program.child("x")[0] == str(Path("C:") / "kesu.exe")


@pytest.mark.parametrize(
    ("place", "stays"),
    [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqwayland.so", True),
        ("PySide6/Qt/plugins/platforms/libqwayland-generic.so", True),
        ("PySide6/Qt/plugins/platforms/libqwayland-egl.so", False),
        ("PySide6/Qt/plugins/platforms/libqoffscreen.so", True),
        ("PySide6/plugins/platforms/qwindows.dll", True),
        ("PySide6/plugins/platforms/qminimal.dll", False),
        ("PySide6/Qt/plugins/imageformats/libqwebp.so", True),
        ("PySide6/Qt/plugins/sqldrivers/libqsqlite.so", False),
        ("PySide6/opengl32sw.dll", False),
        ("PySide6/Qt6Network.dll", False),
        ("PySide6/Qt/translations/qtbase_zh_CN.qm", True),
        ("PySide6/Qt/translations/qtbase_de.qm", False),
        ("PIL/_webp.cpython-313-x86_64-linux-gnu.so", True),
        ("holidays/locale/zh_CN/LC_MESSAGES/CN.mo", True),
        ("holidays/locale/zh_CN/LC_MESSAGES/HK.mo", False),
        ("holidays/locale/th/LC_MESSAGES/CN.mo", False),
        ("PIL/_imaging.cpython-313-x86_64-linux-gnu.so", True),
        ("pillow.libs/libwebp-51b0b3f7.so.7.2.0", True),
        ("pillow.libs/libxcb-9065bb12.so.1.1.0", False),
        ("PySide6/Qt/plugins/wayland-shell-integration/libxdg-shell.so", True),
        ("PySide6/Qt/plugins/wayland-shell-integration/libivi-shell.so", False),
        ("python3.13/lib-dynload/_codecs_cn.cpython-313-x86_64-linux-gnu.so", True),
        ("_codecs_jp.pyd", True),
        ("_codecs_kr.pyd", False),
        ("kesu-0.2.0.dist-info/METADATA", True),
        ("kesu-0.2.0.dist-info/licenses/LICENSE", True),
        ("kesu-0.2.0.dist-info/RECORD", False),
        ("holidays-0.109.dist-info/METADATA", True),
        ("holidays-0.109.dist-info/RECORD", False),
        ("stdnum/cn/loc.dat", True),
        ("stdnum/oui.dat", False),
        ("resources/locale/zh_CN/LC_MESSAGES/kesu.mo", True),
    ],
)
def test_what_is_left_out_of_a_bundle(place: str, stays: bool) -> None:
    assert trimming.stays(place) is stays


def test_a_library_asks_for_those_of_the_system_by_their_usual_names(tmp_path: Path) -> None:
    library = tmp_path / "_imaging.so"
    library.write_bytes(b"\0libtiff-20b7e810.so.6.3.0\0libxcb-9065bb12.so.1.1.0\0liblzma-de26b416.so.5.8.4\0end")
    smaller.of_the_system(library)
    names = library.read_bytes()
    assert len(names) == len(b"\0libtiff-20b7e810.so.6.3.0\0libxcb-9065bb12.so.1.1.0\0liblzma-de26b416.so.5.8.4\0end")
    assert [one for one in names.split(b"\0") if one] == [b"libtiff-20b7e810.so.6.3.0", b"libxcb.so.1", b"liblzma.so.5", b"end"]


def test_the_packages_name_who_answers_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DEBFULLNAME", raising=False)
    monkeypatch.delenv("DEBEMAIL", raising=False)
    assert places.maintainer() == "The Kesu Desk authors <kesu-desk@localhost>"
    monkeypatch.setenv("DEBFULLNAME", "城东信息科")
    monkeypatch.setenv("DEBEMAIL", "it@chengdong.cn")
    assert places.maintainer() == "城东信息科 <it@chengdong.cn>"


def test_rare_characters_are_all_kept_in_the_smaller_font(tmp_path: Path) -> None:
    ttfont = pytest.importorskip("fontTools.ttLib", reason="fonttools is not here").TTFont
    for name in (smaller.RARE, smaller.REGULAR, smaller.BOLD):
        shutil.copy(places.ROOT / "resources" / "fonts" / name, tmp_path)
    whole, usual = ttfont(tmp_path / smaller.RARE).getBestCmap(), ttfont(tmp_path / smaller.REGULAR).getBestCmap()
    smaller.rare_font(tmp_path)
    kept = ttfont(tmp_path / smaller.RARE)
    assert whole.keys() - usual.keys() <= kept.getBestCmap().keys()
    assert "LXGW" not in {str(one) for one in kept["name"].names if one.nameID in (1, 4, 6)}


def test_the_older_qt_goes_before_the_usual_one() -> None:
    wanted = bundle._wanted(bundle.OLD)
    assert "pyside6-essentials==6.9.3" in wanted
    assert wanted.count("pyside6-essentials==") == 1
    assert "pyside6-essentials==6.9.3" not in bundle._wanted(bundle.CURRENT)


def test_a_source_start_asks_for_no_library_that_the_package_forgot() -> None:
    asked = {**libraries.PACKAGES, **libraries.WELCOME}
    brought = set(interpreter.BROUGHT)
    assert {name for name in {**LIBRARIES, **WELCOME} if name not in asked and name not in brought} == set()


@pytest.mark.skipif(not BUNDLES, reason="no bundle was made here")
@needs("objdump")
def test_the_bundle_runs_with_the_glibc_that_it_promises() -> None:
    for folder in BUNDLES:
        promised = (2, 31) if "bundle-old" in str(folder) else (2, 34)
        assert [(one.file.name, one.glibc) for one in libraries.asked(folder) if one.glibc > promised] == []


@pytest.mark.skipif(not BUNDLES, reason="no bundle was made here")
@needs("objdump")
def test_the_bundle_asks_for_no_library_that_nobody_has() -> None:
    for folder in BUNDLES:
        must, welcome = libraries.depends(libraries.asked(folder), folder)
        assert "libglib2.0-0 | libglib2.0-0t64" in must
        assert "libcups2 | libcups2t64" in welcome


@needs("appstreamcli")
def test_the_description_for_software_centres_is_valid(tmp_path: Path) -> None:
    text = (LINUX / "metainfo.xml").read_text(encoding="utf-8").replace("@VERSION@", places.version())
    told = tmp_path / "org.kesu_desk.KesuDesk.metainfo.xml"
    told.write_text(text.replace("@DATE@", "2026-11-27"), encoding="utf-8")
    done = subprocess.run(["appstreamcli", "validate", "--no-net", told], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_types_of_files_are_those_that_the_desktop_opens() -> None:
    desktop = (LINUX / "kesu-desk.desktop").read_text(encoding="utf-8")
    types = [one.get("type") for one in ElementTree.parse(LINUX / "kesu-desk.xml").getroot()]
    assert [f"{one};" in desktop for one in types] == [True] * 2
    assert {"Name[zh_CN]=客诉台", "Exec=kesu-desk %f"} <= set(desktop.splitlines())


def test_versions_of_windows_have_four_numbers() -> None:
    assert version_file.numbers_of("0.2.0") == (0, 2, 0, 0)
    assert version_file.numbers_of("1.12.3rc1") == (1, 12, 31, 0)


@cache
def script() -> str:
    return nsis.SCRIPT.read_text(encoding="utf-8")


@needs("makensis")
def test_the_windows_installer_compiles_and_packs_every_file(tmp_path: Path) -> None:
    for name in ("kesu.exe", "KesuDesk.exe", "_internal/resources/字.txt"):
        file = tmp_path / "payload" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(name.encode() * 50)
    pictures.write_ico(tmp_path / "kesu.ico")
    made = nsis.compiled(tmp_path / "payload", tmp_path / "kesu.ico", tmp_path / "KesuDesk.exe")
    assert made.read_bytes()[:2] == b"MZ"
    if shutil.which("7z"):
        told = subprocess.run(["7z", "l", "-slt", made], capture_output=True, text=True, check=True).stdout
        assert all(name in told for name in ("kesu.exe", "KesuDesk.exe", "字.txt"))


def test_the_windows_installer_speaks_both_languages() -> None:
    words = [line.split()[1:3] for line in script().splitlines() if line.startswith("LangString")]
    assert {name for name, _code in words} == {name for name, code in words if code == "2052"}
    assert len(words) == 2 * len({name for name, _code in words})
    assert {name for name, _code in words} <= {name for name, _code in words if f"$({name})" in script()}


def test_the_windows_installer_needs_no_administrator_and_leaves_data_alone() -> None:
    assert "RequestExecutionLevel user" in script()
    assert "HKLM" not in script()
    assert r'RMDir /r "$INSTDIR"' not in script()
    assert language.LANGUAGES.keys() == {"zh_CN", "en"}
