"""What a card holds: applications, elementary files, and which references open them.

A `CardImage` is plain data, made by `myna_sandbox.virtual_card.layout`; the state of a card lies elsewhere.
File ids are 16 bits, 0001..001E; the short id (SFI) is their low five bits.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto, unique

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

FREE: None = None
"""Readable with no credential."""
NEVER: frozenset[int] = frozenset()
"""Opened by nothing that can be presented to the card."""

Access = frozenset[int] | None
"""Ids of the references of which any one, once verified, opens the file; `FREE` or `NEVER`."""


def by(*references: int) -> Access:
    """Opened by any one of these references."""
    return frozenset(references)


@dataclass(frozen=True, slots=True)
class Transparent:
    """A file of bytes."""

    content: bytes = field(repr=False)
    access: Access


@dataclass(frozen=True, slots=True)
class Records:
    """A file of records, counted from 1."""

    records: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Broken:
    """A file the chip can no longer read: every READ answers 6F00."""


@dataclass(frozen=True, slots=True)
class Internal:
    """An internal file of unknown purpose: it can be selected and that is all."""


@unique
class ChangedBy(Enum):
    """Which instruction replaces a secret, after it has been verified."""

    NOTHING = auto()
    CHANGE_REFERENCE_DATA = auto()
    CHANGE_KEY = auto()


@dataclass(frozen=True, slots=True)
class Secret:
    """A PIN reference (暗証番号, 照合番号, 生年月日 key).

    `value` None is a secret nobody knows; `tries` is the full counter, `issued` the counter on the day of issue.
    """

    value: bytes | None = field(repr=False)
    tries: int
    changed_by: ChangedBy = ChangedBy.NOTHING
    issued: int | None = None


@unique
class Purpose(Enum):
    SIGN = auto()
    """COMPUTE DIGITAL SIGNATURE"""
    AUTHENTICATE = auto()
    """INTERNAL AUTHENTICATE"""
    TERMINAL = auto()
    """checks a terminal's certificate; no private half is on the card"""


@dataclass(frozen=True, slots=True)
class Key:
    """An internal key file."""

    purpose: Purpose
    access: Access
    private_key: RSAPrivateKey | None = field(default=None, repr=False)


File = Transparent | Records | Broken | Internal | Secret | Key


@dataclass(frozen=True, slots=True)
class SessionKeys:
    """How an application does secure messaging: the key for SET SESSION KEY and the reference that must precede it."""

    private_key: RSAPrivateKey = field(repr=False)
    reference: int


@dataclass(frozen=True, slots=True)
class Application:
    """One DF. `default_key` is what P2 = 00 of COMPUTE DIGITAL SIGNATURE means."""

    name: str
    aid: bytes
    files: Mapping[int, File]
    default_key: int | None = None
    session_keys: SessionKeys | None = None
    session_key_refusal: int = 0x6982
    """What SET SESSION KEY answers where there is no secure messaging."""

    @property
    def secrets(self) -> Mapping[int, Secret]:
        return {file_id: file for file_id, file in self.files.items() if isinstance(file, Secret)}


@dataclass(frozen=True, slots=True)
class CardImage:
    """A whole card. `objects` are the data objects of the card-manager level by tag (GET DATA)."""

    atr: bytes
    applications: tuple[Application, ...]
    """In the order a partial AID finds them."""
    objects: Mapping[int, bytes] = field(repr=False)
    last_command: bool = False
    """The iPhone profile answers ``80 FC 00 00`` (last command); the plastic card refuses it."""
