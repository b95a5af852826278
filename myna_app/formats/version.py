"""Which of two versions is newer; the one rule of terminal, backend and updates."""

import re


def version_number(version: str) -> tuple[int, ...]:
    """``1.10.2-rc1`` → (1, 10, 2): the leading numbers, in a form that sorts; what has none is the oldest."""
    leading = re.match(r"[0-9]+(?:\.[0-9]+)*", version)
    return tuple(int(part) for part in leading[0].split(".")) if leading else ()
