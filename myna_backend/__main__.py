"""`python -m myna_backend`."""

import sys

from myna_backend.cli import main

if __name__ == "__main__":
    sys.exit(main())
