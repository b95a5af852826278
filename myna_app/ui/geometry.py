"""Where the window stood last time, put back where it can be seen today."""

from base64 import b64decode, b64encode

from PySide6.QtWidgets import QWidget


def geometry_of(window: QWidget) -> str:
    """Place, size and state, for the settings."""
    return b64encode(window.saveGeometry().data()).decode()


def put_back(window: QWidget, geometry: str | None) -> None:
    """Qt moves what would lie on a screen that is gone onto one that is there, and makes it as small as that one."""
    if geometry is None:
        return
    try:
        window.restoreGeometry(b64decode(geometry, validate=True))
    except ValueError:
        return  # a file that somebody wrote by hand; the window stands where a new one would
