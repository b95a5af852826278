"""The PySide6 we ship with must count references as this Python does (6.12.0 did not on Python 3.11)."""

import sys

from PySide6.QtCore import QObject


def test_calls_that_return_none_leave_none_alone() -> None:
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(1000):
        thing.setObjectName("name")
    assert sys.getrefcount(None) > before - 500
