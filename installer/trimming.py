"""What a bundle does without: parts of the libraries that no page, paper or workbook of the program reaches.

Each pattern is matched against the place in the bundle, `/` on every system. `try_deb.py` proves that nothing is missed.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path, PurePath

# Modules that libraries would import where they are there; nothing here uses them.
MODULES = (
    *("tkinter", "unittest", "doctest", "idlelib", "lib2to3", "setuptools", "pip", "test"),
    *("ssl", "_ssl", "_hashlib", "readline", "curses", "numpy", "pandas", "matplotlib", "IPython", "apsw", "psycopg2"),
    *("lxml.html", "lxml.objectify", "lxml.isoschematron", "lxml.cssselect", "PIL.ImageQt", "PIL.ImageTk"),
    # A SQLite beside ours, what makes the bundle, guesses encodings of XML, runs other processes, serves help.
    *("sqlite3", "_sqlite3", "fontTools", "charset_normalizer", "multiprocessing", "xmlrpc", "pydoc_data", "http.server"),
    *("reportlab.graphics.testshapes", "PySide6.QtNetwork", "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtOpenGL"),
)

_QT = r"PySide6/(Qt/)?"
LEFT_OUT = (
    # Qt: of its plugins those for desks stay: X11, Wayland and no screen; pictures that are attached; input methods; print.
    _QT
    + r"plugins/(egldeviceintegrations|generic|networkinformation|tls|qmltooling|sqldrivers|designer|qmllint|assetimporters)/",
    _QT + r"plugins/(vectorimageformats|wayland-graphics-integration-server|wayland-decoration-client/libadwaita)",
    _QT + r"plugins/platforms/(lib)?q(eglfs|wayland-egl|linuxfb|minimal|minimalegl|vkkhrdisplay|vnc|direct2d)[.\w]*$",
    _QT + r"plugins/imageformats/(lib)?q(icns|pdf|tga|tiff|wbmp)[.\w]*$",
    _QT + r"plugins/wayland-shell-integration/(?!libxdg-shell)",
    _QT + r"plugins/platforminputcontexts/(lib)?qtvirtualkeyboard",
    _QT + r"qml/",
    _QT + r"plugins/(xcbglintegrations|wayland-graphics-integration-client|egldeviceintegrations)/",
    _QT + r"QtDBus\.",
    # Qt's libraries that only those plugins use.
    _QT + r"(lib/)?(lib)?Qt6(Network|Qml\w*|Quick\w*|Pdf|VirtualKeyboard\w*|EglF\w+|Lottie\w*|Labs\w+|Sql|Designer\w*)(\.|$)",
    _QT + r"(lib/)?(lib)?Qt6(OpenGL|WaylandCompositor|WaylandEgl\w+HwIntegration)(\.|$)",
    # A graphics card in software (20 MB): widgets are painted without any.
    r"PySide6/(opengl32sw|d3dcompiler_\d+)\.dll$",
    # Of its words the Chinese ones of the standard buttons.
    _QT + r"translations/(?!qtbase_(zh_CN|en)\.qm$)",
    # Workdays of China only.
    r"holidays/locale/(?!(zh_CN|en_US)/LC_MESSAGES/CN\.mo$)",
    r"dateutil/zoneinfo/.*\.tar\.gz$",
    # Its formats of pictures are those that the program takes; libraries that every system has, see `smaller.py`.
    r"PIL/_(avif|imagingtk|imagingcms|imagingft|imagingmath|imagingmorph)\.",
    r"(pillow|PIL)\.libs/lib(avif|harfbuzz|freetype|png16|lcms2|brotli\w+|Xau|xcb|zstd|lzma)\b",
    r"rapidfuzz/(distance/metrics_cpp|fuzz_cpp_avx2)",
    r"stdnum/(?!cn/)[\w/]+\.dat$",
    r"resources/.*\.po$",
    r"reportlab/fonts/",
    # Tables in Korean encodings. The Japanese ones are asked for by QR codes.
    r"(python[\d.]+/lib-dynload/)?_codecs_(kr|iso2022)\.",
    # Licences were gathered before, but for the program's own; some packages ask their own version.
    r"(?!kesu-)[\w.]+-[\w.]+\.dist-info/(?!METADATA$)",
    r"kesu-[\w.]+\.dist-info/(?!METADATA$|licenses/)",
)
_ON_LINUX = r"tzdata/zoneinfo/"
"""Each Linux has a list of time zones of its own, kept up to date."""
_LEFT_OUT = re.compile("|".join(f"(?:{one})" for one in (*LEFT_OUT, *([_ON_LINUX] if sys.platform == "linux" else []))))


def stays(place: str) -> bool:
    """Whether a file of this place in the bundle goes along."""
    return _LEFT_OUT.match(PurePath(place).as_posix().replace("\\", "/")) is None


def is_of_the_system(source: str, own: tuple[Path, ...]) -> bool:
    """Whether a library was taken from the building machine rather than from the interpreter or a package of ours."""
    return bool(source) and not any(Path(source).is_relative_to(folder) for folder in own)
