"""端末固有ID: 15 characters of Crockford's base32 and an ISO 7064 hybrid MOD 33,32 check character.

Shown as ``XXXX-XXXX-XXXX-XXXX``; on the wire 16 upper-case characters without hyphens.
"""

import secrets
import unicodedata

from stdnum.iso7064 import mod_37_36

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
_HYPHENS_AND_SPACES = frozenset("-‐‑‒–—―−ー \t　")
_LOOKS_LIKE = str.maketrans("OIL", "011")


class TerminalIdError(ValueError):
    """The text is not a 端末固有ID."""


def new_terminal_id() -> str:
    """An unguessable id (75 bits from the operating system)."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + str(mod_37_36.calc_check_digit(body, alphabet=ALPHABET))


def parse_terminal_id(text: str) -> str:
    """The 16 characters meant by what a person typed: lower case, full width, hyphens, O for 0 and I or L for 1 are
    understood. Raises `TerminalIdError` on anything else or a wrong check character."""
    folded = unicodedata.normalize("NFKC", text).upper()
    compact = "".join(char for char in folded if char not in _HYPHENS_AND_SPACES).translate(_LOOKS_LIKE)
    if len(compact) != LENGTH or not set(compact) <= set(ALPHABET):
        raise TerminalIdError("not 16 characters of the terminal id's alphabet")
    if not mod_37_36.is_valid(compact, alphabet=ALPHABET):
        raise TerminalIdError("check character does not fit")
    return compact


def show_terminal_id(terminal_id: str) -> str:
    """Four groups of four, as on the screen and on paper."""
    return "-".join(terminal_id[start : start + 4] for start in range(0, LENGTH, 4))
