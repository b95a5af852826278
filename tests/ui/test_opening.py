import subprocess
import sys

_ASK = """
import builtins
from myna_app.ui.opening import open_application
open_application()
print(builtins.__import__.__name__)
"""


def test_once_the_application_is_open_no_import_reads_the_source_text_of_modules() -> None:
    told = subprocess.run([sys.executable, "-c", _ASK], capture_output=True, text=True, check=True)
    assert told.stdout.strip() not in ("", "__feature_import__")
