"""A note for the other users of this PC: who holds its registration.

No secret, and only a hint: the registration itself lies in that user's key store, and where the note cannot be written
nothing but the hint is lost.
"""

import getpass
import json
from contextlib import suppress
from pathlib import Path

_FILE = "registered.json"


def current_user() -> str:
    """Sign-in name of this user; empty when the system does not tell."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def registered_user(machine: Path) -> str | None:
    """Who registered this PC, as far as the note in the folder `machine` says."""
    try:
        user = json.loads((machine / _FILE).read_text(encoding="utf-8"))["user"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return user if isinstance(user, str) and user else None


def note_registration(machine: Path) -> None:
    """Leave the note. Not durable on purpose: it is written again at every start of a registered terminal."""
    with suppress(OSError):
        machine.mkdir(parents=True, exist_ok=True)
        (machine / _FILE).write_text(json.dumps({"user": current_user()}), encoding="utf-8")


def remove_note(machine: Path) -> None:
    """The registration is gone."""
    with suppress(OSError):
        (machine / _FILE).unlink(missing_ok=True)
