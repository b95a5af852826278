"""Entry of the frozen practice program: the application beside a tray of virtual cards, for trainers.

The practice starts the reference backend as ``<program> -m myna_backend …``, as Python itself would take it.
"""

import sys

from myna_backend.cli import main as backend
from myna_sandbox.cli import main as sandbox

if __name__ == "__main__":
    match sys.argv[1:]:
        case ["-m", "myna_backend", *arguments]:
            sys.exit(backend(arguments))
        case arguments:
            sys.exit(sandbox(arguments or ["demo", "--practice"]))
