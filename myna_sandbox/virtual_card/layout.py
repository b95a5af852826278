"""Puts a person's data and keys into the five applications of the plastic card, or into a phone's token.

File ids, access rules and tries as measured (myna-card, sc-tools-myna) and published (P8, municipalities). What
nobody has published the purpose of stays what a terminal sees of it: a file that can be selected and nothing more.
"""

import hashlib
from dataclasses import dataclass, field
from enum import Enum, unique

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from myna_sandbox.virtual_card import records
from myna_sandbox.virtual_card.files import (
    FREE,
    NEVER,
    Access,
    Application,
    Broken,
    CardImage,
    ChangedBy,
    File,
    Internal,
    Key,
    Purpose,
    Records,
    Secret,
    SessionKeys,
    Transparent,
    by,
)

CONTACT_ATR = bytes.fromhex("3BE000FF8131FE4514")
CONTACTLESS_ATR = bytes.fromhex("3B888001000005E0B381A1007F")

COMMON_AID = bytes.fromhex("D3921000310001010100")
JUKI_AID = bytes.fromhex("D3921000310001010401")
SURFACE_AID = bytes.fromhex("D3921000310001010402")
TEXT_AID = bytes.fromhex("D3921000310001010408")
JPKI_AID = bytes.fromhex("D392F000260100000001")

_PRESENT, _ABSENT = b"\x8f", b"\x00"
_UNUSED = 16 * records.FILLER


@unique
class Token(Enum):
    """Labels of 公的個人認証AP 0006."""

    CARD = "JPKIAPICCTOKEN2"
    ANDROID = "JPKIAPGPSETOKEN"
    IPHONE = "JPKIAPIOSTOKEN"


@dataclass(frozen=True, slots=True)
class Certificates:
    """X.509 DER. A holder's certificate that does not exist is None."""

    authentication: bytes | None
    authentication_ca: bytes
    signing: bytes | None
    signing_ca: bytes


@dataclass(frozen=True, slots=True)
class CardKeys:
    """Private halves in the chip."""

    authentication: RSAPrivateKey = field(repr=False)
    signing: RSAPrivateKey | None = field(repr=False)
    surface: RSAPrivateKey = field(repr=False)
    text: RSAPrivateKey = field(repr=False)
    text_session: RSAPrivateKey = field(repr=False)
    common: RSAPrivateKey = field(repr=False)


@dataclass(frozen=True, slots=True)
class Holder:
    """The person as registered. `birth_date` YYYYMMDD; `address` and `name` as the basic four carry them."""

    name: str = field(repr=False)
    address: str = field(repr=False)
    birth_date: str = field(repr=False)
    sex: str = field(repr=False)
    individual_number: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Secrets:
    """What opens files; ASCII. A PIN that was never set is None."""

    pin: str | None = field(repr=False)
    password: str | None = field(repr=False)
    birth_date_key: str = field(repr=False)
    reference_b: str = field(repr=False)
    """照合番号B"""


@dataclass(frozen=True, slots=True)
class CardContents:
    """All that makes one plastic card.

    `vouched_key` is the card key that the signed records name; in an honest card the public half of `keys.surface`.
    """

    holder: Holder
    secrets: Secrets
    keys: CardKeys
    vouched_key: RSAPublicKey
    certificates: Certificates
    surface_issuer: records.Issuer
    text_issuer: records.Issuer
    face: records.CardFace
    serial: str
    municipality: str
    expires: str
    manager_certificates: tuple[bytes, bytes]
    """CV certificates of the card-manager level: the intermediate's, and the one it signed."""
    manager_key_id: bytes
    tries_issued: dict[str, int] = field(default_factory=dict)
    """Counters that are not full on the day of issue, e.g. ``{"SURFACE.0011": 4}``."""
    broken_certificate: bool = False


def plastic_card(card: CardContents) -> CardImage:
    """個人番号カード."""
    return CardImage(
        atr=CONTACT_ATR,
        applications=(_common(card), _juki(card), _surface(card), _text(card), _jpki(card)),
        objects=_manager_objects(card),
    )


def phone_token(token: Token, secrets: Secrets, certificates: Certificates, key: RSAPrivateKey) -> CardImage:
    """スマホ用電子証明書: 公的個人認証AP alone, and its certificate only after the phone's own PIN."""
    pin = by(0x18)
    files: dict[int, File] = {
        0x06: Transparent(records.token_information(token.value), FREE),
        0x08: Transparent(_ABSENT + _PRESENT + b"\x00", FREE),
        0x0A: _certificate(certificates.authentication, pin),
        0x0B: Transparent(certificates.authentication_ca, FREE),
        0x17: Key(Purpose.SIGN, pin, key),
        0x18: Secret(_ascii(secrets.pin), 3, ChangedBy.CHANGE_REFERENCE_DATA),
    }
    return CardImage(
        atr=CONTACTLESS_ATR,
        applications=(Application("JPKI", JPKI_AID, files),),
        objects={},
        last_command=token is Token.IPHONE,
    )


def blank_card() -> CardImage:
    """A card of the same make with no application on it."""
    return CardImage(atr=CONTACTLESS_ATR, applications=(), objects={0x5F51: CONTACT_ATR[1:]})


def _common(card: CardContents) -> Application:
    files: dict[int, File] = {
        0x01: Records((records.card_record(card.serial, card.municipality, card.expires),)),
        0x02: Records((records.simple_tlv(records.key_id("7000021")),)),
        0x19: Key(Purpose.AUTHENTICATE, FREE, card.keys.common),
        0x1C: _secret(card, "COMMON.001C", card.secrets.pin, 3, ChangedBy.CHANGE_KEY),
        0x1E: _unknown_secret(3),
    }
    return Application("COMMON", COMMON_AID, files, session_key_refusal=0x66F1)


def _juki(card: CardContents) -> Application:
    files: dict[int, File] = {
        0x02: Records((records.simple_tlv(records.key_id("7000021")),)),
        0x1C: _secret(card, "JUKI.001C", card.secrets.pin, 3, ChangedBy.CHANGE_KEY),
    }
    return Application("JUKI", JUKI_AID, files)


def _surface(card: CardContents) -> Application:
    birth_date, a, a_or_b = by(0x11), by(0x13), by(0x13, 0x12)
    vouched, issuer = card.vouched_key, card.surface_issuer
    number = records.number_picture(card.face.individual_number, vouched, issuer)
    files: dict[int, File] = {
        0x01: Transparent(records.age_record(card.holder.birth_date, vouched, issuer), birth_date),
        0x02: Transparent(records.card_face(card.face, vouched, issuer), a_or_b),
        0x03: Transparent(records.surface_information(card.municipality, _opaque(card, 256)), FREE),
        0x04: Transparent(issuer.certificate, FREE),
        0x05: Transparent(number, a),
        0x06: Transparent(_UNUSED, a_or_b),
        0x11: _secret(card, "SURFACE.0011", card.secrets.birth_date_key, 10),
        0x12: _secret(card, "SURFACE.0012", card.secrets.reference_b, 10),
        0x13: _secret(card, "SURFACE.0013", card.holder.individual_number, 10),
        0x1A: Key(Purpose.SIGN, FREE, card.keys.surface),
        0x1C: Internal(),
        0x1E: Internal(),
    }
    return Application("SURFACE", SURFACE_AID, files, default_key=0x1A, session_key_refusal=0x66F1)


def _text(card: CardContents) -> Application:
    holder, issuer = card.holder, card.text_issuer
    any_one = by(0x11, 0x14, 0x15)
    number = records.individual_number(holder.individual_number)
    four = records.basic_four(holder.name, holder.address, holder.birth_date, holder.sex)
    files: dict[int, File] = {
        0x01: Transparent(number, by(0x11, 0x14)),
        0x02: Transparent(four, by(0x11, 0x15)),
        0x03: Transparent(records.text_digests(number, four, issuer), any_one),
        0x04: Transparent(issuer.certificate, FREE),
        0x05: Transparent(records.text_information(_opaque(card, 32)), FREE),
        0x06: Transparent(records.session_public_key(card.keys.text_session.public_key()), any_one),
        0x07: Transparent(records.authentication_key(card.keys.text.public_key(), issuer), any_one),
        0x08: Transparent(_UNUSED, by(0x11)),
        0x10: Internal(),
        0x11: _secret(card, "TEXT.0011", card.secrets.pin, 3, ChangedBy.CHANGE_REFERENCE_DATA),
        0x12: _unknown_secret(0),  # issued blocked
        0x13: Key(Purpose.SIGN, FREE, card.keys.text),
        0x14: _secret(card, "TEXT.0014", holder.individual_number, 10),
        0x15: _secret(card, "TEXT.0015", card.secrets.reference_b, 10),
        0x1C: Internal(),
        0x1E: Internal(),
    }
    return Application(
        "TEXT", TEXT_AID, files, default_key=0x13, session_keys=SessionKeys(card.keys.text_session, reference=0x11)
    )


def _jpki(card: CardContents) -> Application:
    certificates, keys = card.certificates, card.keys
    pin, password = by(0x18), by(0x1B)
    present = (_PRESENT if one else _ABSENT for one in (certificates.signing, certificates.authentication))
    files: dict[int, File] = {
        0x01: _certificate(certificates.signing, password),
        0x02: Transparent(certificates.signing_ca, FREE),
        0x05: Internal(),
        0x06: Transparent(records.token_information(Token.CARD.value), FREE),
        0x08: Transparent(b"".join(present) + b"\x00", FREE),
        0x09: Transparent(_UNUSED, NEVER),
        0x0A: Broken() if card.broken_certificate else _certificate(certificates.authentication, FREE),
        0x0B: Transparent(certificates.authentication_ca, FREE),
        0x10: _unknown_secret(3),
        0x16: Key(Purpose.TERMINAL, FREE),
        0x17: Key(Purpose.SIGN, pin, keys.authentication),
        0x18: _secret(card, "JPKI.0018", card.secrets.pin, 3, ChangedBy.CHANGE_REFERENCE_DATA),
        0x19: Internal(),
        0x1A: Key(Purpose.SIGN, password, keys.signing),
        0x1B: _secret(card, "JPKI.001B", card.secrets.password, 5, ChangedBy.CHANGE_REFERENCE_DATA),
        0x1C: Internal(),
        0x1E: Internal(),
    }
    return Application("JPKI", JPKI_AID, files)


def _manager_objects(card: CardContents) -> dict[int, bytes]:
    """Data objects of the card-manager level; certificates without their ``7F21`` header."""
    intermediate, last = (one[len(records.CV_HEADER) :] for one in card.manager_certificates)
    return {
        0x0042: card.manager_key_id,
        0x0045: card.serial.encode("ascii"),
        0x0066: _recognition_data(),
        0x00F0: card.municipality.encode("ascii"),
        0x00F2: card.expires.encode("ascii"),
        0x00F7: card.manager_key_id,
        0x00F8: intermediate,
        0x7F21: last,
        0x5F51: CONTACT_ATR[1:],
    }


def _recognition_data() -> bytes:
    """GlobalPlatform card specification 2.3, H.2: recognition data under the arc 1.2.840.114283."""
    arc = bytes.fromhex("2A864886FC6B")
    version = records.tlv("60", records.tlv("06", arc + bytes.fromhex("02020201")))
    scheme = records.tlv("63", records.tlv("06", arc + b"\x03"))
    channel = records.tlv("64", records.tlv("06", arc + bytes.fromhex("040255")))
    return records.tlv("66", records.tlv("73", records.tlv("06", arc + b"\x01") + version + scheme + channel))


def _certificate(certificate: bytes | None, access: Access) -> File:
    """An absent certificate's file can be selected and refuses to be read."""
    return Transparent(b"", NEVER) if certificate is None else Transparent(certificate, access)


def _secret(
    card: CardContents, name: str, value: str | None, tries: int, changed_by: ChangedBy = ChangedBy.NOTHING
) -> Secret:
    return Secret(_ascii(value), tries, changed_by, card.tries_issued.get(name))


def _ascii(value: str | None) -> bytes | None:
    return None if value is None else value.encode("ascii")


def _unknown_secret(tries: int) -> Secret:
    """A reference that answers how many tries are left; nobody knows its value."""
    return Secret(None, tries)


def _opaque(card: CardContents, length: int) -> bytes:
    """Bytes of unknown meaning: the same on every read of one card, different on every card."""
    return hashlib.shake_256(card.serial.encode("ascii")).digest(length)
