"""The sandbox's folder in the user's data: keys made once, cards' counters, and the day the deck was issued for.

Safe with several processes starting at once: a key that two of them make is published by whoever is first, and the
other takes that one. Nothing here is secret in earnest; it opens cards of invented persons only. Never commit it.
"""

import os
import secrets
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import platformdirs
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

HOME_VARIABLE = "MYNA_SANDBOX_HOME"
JAPAN = timezone(timedelta(hours=9), "JST")
_KEPT_DAYS = 7


def today_in_japan() -> date:
    return datetime.now(JAPAN).date()


class Home:
    """One folder; by default ``MYNA_SANDBOX_HOME``, else the platform's folder for user data."""

    def __init__(self, folder: Path | None = None) -> None:
        chosen = folder or os.environ.get(HOME_VARIABLE) or platformdirs.user_data_dir("myna-sandbox", appauthor=False)
        self.folder = Path(chosen)

    def key(self, name: str) -> RSAPrivateKey:
        """The RSA-2048 key of this name; made on first use."""
        path = self.folder / "keys" / f"{name}.der"
        if not path.exists():
            made = generate_private_key(65537, 2048)
            _publish(path, made.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
        # Validation costs more than the signatures the key is loaded for, and the file is our own.
        key = load_der_private_key(path.read_bytes(), None, unsafe_skip_rsa_key_validation=True)
        assert isinstance(key, RSAPrivateKey)
        return key

    def state_file(self, card: str) -> Path:
        """Where a card's counters lie; deleting it puts the card back to its day of issue."""
        return self.folder / "state" / f"{card}.json"

    def reference_day(self, today: date) -> date:
        """The day the deck's dates are counted from: kept for a week within one month, then today.

        Certificates and records follow from it and from the keys alone, so that all processes make the same ones.
        """
        path = self.folder / "reference-day"
        if path.exists():
            kept = date.fromisoformat(path.read_text("ascii"))
            if timedelta(0) <= today - kept <= timedelta(days=_KEPT_DAYS) and kept.month == today.month:
                return kept
        _write_beside(path, today.isoformat().encode("ascii")).replace(path)
        return today


def _publish(path: Path, content: bytes) -> None:
    """Write a file that must never change; when another process was faster, its file stays."""
    temporary = _write_beside(path, content)
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()


def _write_beside(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content)
    return temporary
