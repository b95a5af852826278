"""Where the files beside the code are: texts, icons, sounds.

A wheel and the frozen program carry them inside the package as `_resources`; in a working copy they lie in the
repository's `resources` folder.
"""

from contextlib import suppress
from datetime import date
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resources_folder() -> Path:
    """The folder that holds `text/`, `icons/`, `sounds/`."""
    packaged = _PACKAGE / "_resources"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "resources"


def built_on() -> date | None:
    """The day of the commit that the frozen program was built from, in UTC; its build writes it beside the texts."""
    with suppress(OSError, ValueError):
        return date.fromisoformat((resources_folder() / "built.txt").read_text("utf-8").strip())
    return None
