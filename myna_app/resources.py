"""Where the files beside the code are: texts, icons, sounds.

A wheel and the frozen program carry them inside the package as `_resources`; in a working copy they lie in the
repository's `resources` folder.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resources_folder() -> Path:
    """The folder that holds `text/`, `icons/`, `sounds/`."""
    packaged = _PACKAGE / "_resources"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "resources"
