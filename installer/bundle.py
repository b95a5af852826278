"""Which of the files PyInstaller finds are shipped. Used by `myna_app.spec`.

The Qt hooks of PyInstaller take every plugin, every language and what those need in turn; this program uses five
modules, and says here which plugins it needs and why.
"""

from collections.abc import Iterable
from pathlib import PurePosixPath

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

EXCLUDED_MODULES = [
    "PIL._avif", "PIL._webp", "PIL._imagingcms", "PIL._imagingtk",  # only JPEG 2000 is read
    "hypothesis", "mypy", "setuptools", "pytest", "_pytest", "tkinter", "pip",  # others' optional imports
    "IPython", "numpy", "email_validator", "tzdata", "rich", "pygments", "markdown_it", "attr", "defusedxml",
    "keyring.cli", "keyring.backends.chainer", "smartcard.wx",
]  # fmt: skip


NOT_AT_A_RECEPTION = ["myna_backend", "myna_sandbox", "PIL._imagingft"]  # the last draws the virtual cards' letters


def shipped(entries: Iterable[Entry]) -> list[Entry]:
    """`entries` without what this program does not use, in an order that does not depend on the machine."""
    return sorted(entry for entry in entries if _is_used(PurePosixPath(entry[0].replace("\\", "/"))))


def _is_used(path: PurePosixPath) -> bool:
    parts = path.parts
    if any(path.name.removeprefix("lib").startswith(name.removeprefix("lib")) for name in UNUSED_LIBRARIES):
        return False
    if str(path).startswith(UNUSED_DATA):
        return False
    if "PySide6" in parts and "plugins" in parts:
        folder, stem = parts[-2], path.stem.removeprefix("lib").removeprefix("q")
        return stem in PLUGINS.get(folder, ())
    if "PySide6" in parts and "translations" in parts:
        return path.name in LANGUAGES
    return True
