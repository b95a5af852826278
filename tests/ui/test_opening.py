import subprocess
import sys

_ASK = """
import builtins
from myna_app.ui.opening import open_application
open_application()
print(builtins.__import__)
"""


def test_modules_are_imported_by_python_alone_once_the_application_is_open() -> None:
    """Not by way of Qt for Python, which would read the source text of each of them."""
    told = subprocess.run([sys.executable, "-c", _ASK], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "<built-in function __import__>"
