"""`python -m myna_app`, and the entry of the frozen program."""

import sys

from myna_app.cli import main

if __name__ == "__main__":
    sys.exit(main())
