"""Files that only the server's own user may read."""

import os
from pathlib import Path


def write_private(file: Path, content: bytes) -> None:
    """Replaces `file` whole, readable by its owner alone."""
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as new:
        new.write(content)
    part.replace(file)
