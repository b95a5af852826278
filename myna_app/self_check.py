"""What of the program itself must be there and loadable: for whoever builds and rolls it out (`doctor --self`).

Everything else the doctor looks at is the PC's; a part missing here was left out when the program was frozen.
"""

import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QPluginLoader, QTranslator

from myna_app.card.scard import PyscardApi
from myna_app.errors import AppError
from myna_app.resources import resources_folder
from myna_app.ui.texts import Language, Texts
from myna_app.vault import Entry, KeyringVault


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the program. `found` names it, or says what is wrong, in words for builders."""

    name: str
    good: bool
    found: str


def examine_self() -> Iterator[Part]:
    """One `Part` after the other. None of them needs a network, a screen, a reader or a card."""
    for name, check in (
        ("qt_platform", _platform_plugins),
        ("tls", _tls),
        ("key_store", _key_store),
        ("jpeg_2000", _jpeg_2000),
        ("pcsc", _pcsc),
        ("translations", _translations),
    ):
        yield _examine(name, check)


def _examine(name: str, check: Callable[[], str]) -> Part:
    try:
        return Part(name, True, check())
    except Exception as error:  # noqa: BLE001 - whatever keeps a part from loading is what is looked for
        return Part(name, False, f"{type(error).__name__}: {error}")


def _platform_plugins() -> str:
    folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath), "platforms")
    files = sorted(file for file in folder.iterdir() if file.is_file())
    for file in files:
        loader = QPluginLoader(str(file))
        if not loader.load():
            raise OSError(loader.errorString())
    if not files:
        raise FileNotFoundError(folder.name)
    return ", ".join(file.stem.removeprefix("lib") for file in files)


def _tls() -> str:
    import truststore  # noqa: PLC0415 - whether it can be imported is what is asked

    truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return ssl.OPENSSL_VERSION


def _key_store() -> str:
    KeyringVault("self-check").get(Entry.DEVICE, lambda _record: None)
    return "opened"


def _jpeg_2000() -> str:
    from PIL import Image  # noqa: PLC0415 - as above

    file = BytesIO()
    Image.new("L", (16, 20), 128).save(file, "JPEG2000")
    picture = Image.open(BytesIO(file.getvalue()))
    picture.load()
    return f"{picture.format} {picture.width}x{picture.height}"


def _pcsc() -> str:
    """The library is here when it answers, were it only that no service runs."""
    pcsc = PyscardApi()
    try:
        pcsc.release_context(pcsc.establish_context())
    except AppError as error:
        return f"loaded; {error.problem.value}"
    return "loaded; service running"


def _translations() -> str:
    for language in Language:
        Texts.load(language, resources_folder() / "text")
    if not QTranslator().load(
        QLocale("ja"), "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    ):
        raise FileNotFoundError("qtbase_ja.qm")
    return ", ".join(Language)
