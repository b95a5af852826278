"""Which of the files PyInstaller finds are shipped. Used by `myna_app.spec`.

The Qt hooks of PyInstaller take every plugin, every language and what those need in turn; this program uses five
modules, and says here which plugins it needs and why.
"""

import sys
from collections.abc import Iterable
from pathlib import PurePosixPath

import PIL
from PyInstaller.depend.bindepend import get_imports

Entry = tuple[str, str, str]
"""Name in the folder, file it comes from, PyInstaller's type code."""

PLUGINS = {
    # offscreen is there for the self-check, the input contexts for typing Japanese on Linux
    "platforms": ("windows", "offscreen", "xcb", "cocoa"),
    "styles": ("modernwindowsstyle", "macstyle"),
    "platforminputcontexts": (
        "composeplatforminputcontextplugin",
        "ibusplatforminputcontextplugin",
    ),
    "printsupport": ("cupsprintersupport",),  # the printed 端末固有ID, on Linux and macOS
    "xcbglintegrations": (),
}
"""Qt's plugins by folder; no other folder is shipped. TLS is Python's; pictures are SVG, which QtSvg draws."""

LANGUAGES = ("qtbase_ja.qm", "qtbase_en.qm")

UNUSED_LIBRARIES = (
    "opengl32sw",  # software OpenGL: widgets are drawn without
    "libgtk", "libgdk", "libatk", "libcairo", "libpango", "libharfbuzz", "librsvg", "libepoxy",  # of the GTK theme
    "libwayland", "Qt6Wayland", "Qt6WlShell", "Qt6EglF", "Qt6OpenGL", "libEGL", "libGL", "libgbm", "libdrm",
    "Qt6Quick", "Qt6Qml", "Qt6Pdf", "Qt6VirtualKeyboard", "Qt6Designer",
)  # fmt: skip

UNUSED_DATA = ("stdnum/",)  # tables of other countries' numbers; only its check digit algorithms are used

WRITTEN_AT_INSTALLATION = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")
"""Of a package's metadata; they name the folder it lies in, and would make two builds differ."""

EXCLUDED_MODULES = [
    "PIL._avif", "PIL._webp", "PIL._imagingcms", "PIL._imagingtk",  # only JPEG 2000 is read
    "hypothesis", "mypy", "setuptools", "pytest", "_pytest", "tkinter", "pip",  # others' optional imports
    "IPython", "numpy", "email_validator", "tzdata", "rich", "pygments", "markdown_it", "attr", "defusedxml",
    "keyring.cli", "keyring.backends.chainer", "smartcard.wx",
    *([] if sys.platform == "win32" else ["platformdirs.windows"]),
]  # fmt: skip


NOT_AT_A_RECEPTION = [
    "myna_backend", "myna_sandbox",
    "PIL._imagingft",  # draws the virtual cards' letters
    "asyncio", "multiprocessing", "xmlrpc", "pydoc_data", "pydantic.v1",  # used by the backend's server alone
    *(f"PIL.{plugin}" for plugin in PIL._plugins if plugin != "Jpeg2KImagePlugin"),  # what cards carry
]  # fmt: skip

_CODE = ("BINARY", "EXTENSION")

STRIP = sys.platform == "linux"
"""Symbols for debuggers are taken out where there are any: wheels and builds of Python differ much in how many."""


def shipped(entries: Iterable[Entry]) -> list[Entry]:
    """`entries` without what this program does not use, in an order that does not depend on the machine."""
    used = sorted(entry for entry in entries if _is_used(PurePosixPath(entry[0].replace("\\", "/"))))
    return _linked(used) if sys.platform == "linux" else used


def _linked(entries: list[Entry]) -> list[Entry]:
    """Without the system's libraries that nothing shipped links to: what plugins that stay out had brought."""
    imports = {entry: {name for name, _path in get_imports(entry[1])} for entry in entries if entry[2] in _CODE}
    while True:
        wanted = set().union(*(imports.get(entry, set()) for entry in entries))
        kept = [entry for entry in entries if entry[0] in wanted or not _is_system_library(entry[0])]
        if kept == entries:
            return kept
        entries = kept


def _is_system_library(name: str) -> bool:
    """At the top of the folder; Python itself is loaded by the program without a link."""
    return "/" not in name and name.startswith("lib") and not name.startswith("libpython")


def _is_used(path: PurePosixPath) -> bool:
    parts = path.parts
    if any(path.name.removeprefix("lib").startswith(name.removeprefix("lib")) for name in UNUSED_LIBRARIES):
        return False
    if str(path).startswith(UNUSED_DATA) or (".dist-info" in str(path) and path.name in WRITTEN_AT_INSTALLATION):
        return False
    if "PySide6" in parts and "plugins" in parts:
        folder, stem = parts[-2], path.stem.removeprefix("lib").removeprefix("q")
        return stem in PLUGINS.get(folder, ())
    if "PySide6" in parts and "translations" in parts:
        return path.name in LANGUAGES
    return True
