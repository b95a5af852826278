"""The commands of the card, one function each: data of the answer, or `RefusedError` with the status word.

ISO/IEC 7816-4 under CLA 00, JICSAP 1.1 and the issuer's own under CLA 80.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from myna_sandbox.virtual_card import secure_messaging, signing
from myna_sandbox.virtual_card.apdu import Command
from myna_sandbox.virtual_card.files import (
    Application,
    Broken,
    CardImage,
    ChangedBy,
    Key,
    Purpose,
    Records,
    Secret,
    Transparent,
)
from myna_sandbox.virtual_card.memory import Memory, reference_name
from myna_sandbox.virtual_card.session import SecurityState
from myna_sandbox.virtual_card.status import SW, RefusedError, tries_left

CARD_MANAGER = bytes.fromhex("A0000001510000")
"""AID of the GlobalPlatform issuer security domain, the state after power-on."""
CONTACT_ATR = 0x5F51
_LONGEST_SECRET = 16


@dataclass(frozen=True, slots=True)
class Chip:
    """What a command works on."""

    image: CardImage
    memory: Memory
    state: SecurityState


def select(chip: Chip, command: Command) -> bytes:
    """SELECT FILE. P1 04 by (partial) AID, 02 a file of the application, 00 the useless "master file"."""
    match command.p1:
        case 0x04:
            return _select_application(chip, command)
        case 0x02 if command.p2 in (0x0C, 0x00):
            if len(command.data) != 2:
                raise RefusedError(SW.WRONG_LENGTH)
            chip.state.select(int.from_bytes(command.data, "big"))
            return b"" if command.p2 or command.expected is None else b"\x6f\x04\x83\x02" + command.data
        case 0x00 if command.p2 in (0x0C, 0x00):
            if command.data:
                raise RefusedError(SW.NOT_FOUND)
            if chip.state.application is None:
                raise RefusedError(SW.WRONG_PARAMETERS)
            return b""
    raise RefusedError(SW.WRONG_PARAMETERS)


def _select_application(chip: Chip, command: Command) -> bytes:
    if command.p2 not in (0x0C, 0x00, 0x02):
        raise RefusedError(SW.WRONG_PARAMETERS)
    if not 1 <= len(command.data) <= 16:
        raise RefusedError(SW.WRONG_LENGTH)
    found: list[Application | None] = [one for one in chip.image.applications if one.aid.startswith(command.data)]
    if CARD_MANAGER.startswith(command.data):
        found.append(None)
    if command.p2 == 0x02 and chip.state.application in found:
        found = found[found.index(chip.state.application) + 1 :]
    if not found:
        raise RefusedError(SW.NOT_FOUND)
    chip.state.enter(found[0])
    if command.p2 == 0x0C or command.expected is None:
        return b""
    aid = found[0].aid if found[0] else CARD_MANAGER
    return bytes([0x6F, len(aid) + 2, 0x84, len(aid)]) + aid


def read_binary(chip: Chip, command: Command) -> bytes:
    """READ BINARY: by offset in the current file, or P1 = 80 | SFI and an offset up to 255."""
    if command.data or command.expected is None:
        raise RefusedError(SW.WRONG_LENGTH)
    short_id, offset = 0, command.p1p2
    if command.p1 & 0x80:
        if command.p1 & 0x60:
            raise RefusedError(SW.WRONG_PARAMETERS)
        short_id, offset = command.p1 & 0x1F, command.p2
    _, file = chip.state.file(short_id)
    match file:
        case Transparent(content, access):
            chip.state.demand(access)
            if offset >= len(content):
                raise RefusedError(SW.OUTSIDE_FILE)
            return content[offset : offset + command.expected]
        case Broken():
            raise RefusedError(SW.INTERNAL)
    raise RefusedError(SW.WRONG_FILE_TYPE)


def read_record(chip: Chip, command: Command) -> bytes:
    """READ RECORD: P1 the number (0 the current one), P2 = SFI << 3 | 4 one record, | 5 from there to the last."""
    if command.data or command.expected is None:
        raise RefusedError(SW.WRONG_LENGTH)
    _, file = chip.state.file(command.p2 >> 3)
    if not isinstance(file, Records):
        raise RefusedError(SW.WRONG_FILE_TYPE)
    number = command.p1 or chip.state.record
    if number is None or number > len(file.records):
        raise RefusedError(SW.RECORD_NOT_FOUND)
    match command.p2 & 0x07:
        case 4:
            chip.state.record = number
            return file.records[number - 1][: command.expected]
        case 5:
            return b"".join(file.records[number - 1 :])[: command.expected]
    raise RefusedError(SW.WRONG_PARAMETERS)


def verify(chip: Chip, command: Command) -> bytes:
    """VERIFY, and with neither data nor Le the question how many tries are left."""
    if command.p1:
        raise RefusedError(SW.WRONG_PARAMETERS)
    name, file_id, secret = _secret(chip, command)
    left = chip.memory.tries_left(name, secret)
    if command.expected is not None or len(command.data) > _LONGEST_SECRET:
        raise RefusedError(SW.WRONG_LENGTH)
    if not command.data:
        raise RefusedError(tries_left(left))
    if left == 0:
        raise RefusedError(SW.LOCKED)
    right = command.data == chip.memory.value(name, secret)
    chip.memory.set_tries_left(name, secret.tries if right else left - 1)  # before the answer: pulling wins no try
    if not right:
        chip.state.verified.discard(file_id)
        raise RefusedError(tries_left(left - 1))
    chip.state.verified.add(file_id)
    return b""


def change_reference_data(chip: Chip, command: Command) -> bytes:
    """CHANGE REFERENCE DATA, P1 01: the new value only, after the old one was verified."""
    return _change(chip, command, ChangedBy.CHANGE_REFERENCE_DATA, p1=0x01)


def change_key(chip: Chip, command: Command) -> bytes:
    """CHANGE KEY of JICSAP, P1 00; otherwise like CHANGE REFERENCE DATA."""
    return _change(chip, command, ChangedBy.CHANGE_KEY, p1=0x00)


def _change(chip: Chip, command: Command, instruction: ChangedBy, p1: int) -> bytes:
    if command.p1 != p1:
        raise RefusedError(SW.WRONG_PARAMETERS)
    name, file_id, secret = _secret(chip, command)
    if secret.changed_by is not instruction:
        raise RefusedError(SW.NOT_ALLOWED)
    chip.state.demand(frozenset({file_id}))
    if command.expected is not None or not 1 <= len(command.data) <= _LONGEST_SECRET:
        raise RefusedError(SW.WRONG_LENGTH)
    chip.memory.set_value(name, command.data)
    return b""


def _secret(chip: Chip, command: Command) -> tuple[str, int, Secret]:
    file_id, file = chip.state.file(_reference(command))
    if not isinstance(file, Secret):
        raise RefusedError(SW.WRONG_FILE_TYPE)
    assert chip.state.application
    return reference_name(chip.state.application.name, file_id), file_id, file


def _reference(command: Command) -> int:
    """The short id in P2 = 80 | SFI."""
    if command.p2 & 0xE0 != 0x80:
        raise RefusedError(SW.WRONG_PARAMETERS)
    return command.p2 & 0x1F


def get_challenge(_chip: Chip, command: Command) -> bytes:
    """GET CHALLENGE: exactly Le random bytes; the extended form is refused."""
    if command.p1p2:
        raise RefusedError(SW.WRONG_PARAMETERS)
    if command.extended:
        raise RefusedError(SW.CONDITIONS)
    if command.data or command.expected is None:
        raise RefusedError(SW.WRONG_LENGTH)
    return secrets.token_bytes(command.expected)


def internal_authenticate(chip: Chip, command: Command) -> bytes:
    """INTERNAL AUTHENTICATE with the one key that serves it (共通カードAP 0019); other keys are refused."""
    if command.p1:
        raise RefusedError(SW.WRONG_PARAMETERS)
    _, file = chip.state.file(_reference(command))
    if not isinstance(file, Key):
        raise RefusedError(SW.WRONG_FILE_TYPE)
    chip.state.demand(file.access)
    if file.purpose is not Purpose.AUTHENTICATE or file.private_key is None:
        raise RefusedError(SW.CONDITIONS)
    if command.expected is None:
        raise RefusedError(SW.WRONG_LENGTH)
    return signing.authenticate(file.private_key, command.data)


def get_data(chip: Chip, command: Command) -> bytes:
    """GET DATA of the card-manager level; an object longer than Le is refused with 6700, not 6Cxx."""
    if command.data or command.expected is None:
        raise RefusedError(SW.WRONG_LENGTH)
    content = chip.image.objects.get(command.p1p2)
    if content is None or (chip.state.application is not None and command.p1p2 != CONTACT_ATR):
        raise RefusedError(SW.REFERENCE_NOT_FOUND)
    if len(content) > command.expected:
        raise RefusedError(SW.WRONG_LENGTH)
    return content


def compute_signature(chip: Chip, command: Command) -> bytes:
    """COMPUTE DIGITAL SIGNATURE: P1 the scheme, P2 the key: 00 the application's own, 80 current, 80 | SFI."""
    if command.p1 not in signing.SCHEMES:
        raise RefusedError(SW.WRONG_PARAMETERS)
    application = chip.state.application
    if command.p2 == 0:
        if application is None or application.default_key is None:
            raise RefusedError(SW.REFERENCE_NOT_FOUND)
        file = application.files[application.default_key]
    else:
        short_id = _reference(command)
        if short_id and (application is None or short_id not in application.files):
            raise RefusedError(SW.REFERENCE_NOT_FOUND)
        _, file = chip.state.file(short_id)
    if not isinstance(file, Key):
        raise RefusedError(SW.WRONG_FILE_TYPE)
    chip.state.demand(file.access)
    if file.purpose is not Purpose.SIGN or file.private_key is None:
        raise RefusedError(SW.CONDITIONS)
    if command.expected is None or command.expected < file.private_key.key_size // 8:
        raise RefusedError(SW.WRONG_LENGTH)
    return signing.compute_signature(command.p1, file.private_key, command.data)


def terminal_certificate(chip: Chip, command: Command) -> bytes:
    """``80 A2`` of 公的個人認証AP: a terminal's certificate in two blocks.

    The first is taken, the second refused, as on some cards (measured, sc-tools-myna): the issuing key is not public.
    """
    if command.p1p2 not in (0x06C1, 0x00C1):
        raise RefusedError(SW.WRONG_PARAMETERS)
    _, file = chip.state.file(0)
    if not isinstance(file, Key) or file.purpose is not Purpose.TERMINAL:
        raise RefusedError(SW.WRONG_FILE_TYPE)
    if command.p1p2 == 0x00C1:
        raise RefusedError(SW.NOT_ALLOWED if chip.state.terminal_certificate else SW.CONDITIONS)
    if len(command.data) != 307 or not command.data.startswith(bytes.fromhex("7F218202335F4E820129")):
        raise RefusedError(SW.WRONG_DATA)
    chip.state.terminal_certificate = True
    return b""


def set_session_key(chip: Chip, command: Command) -> bytes:
    """SET SESSION KEY: opens secure messaging of 券面入力補助AP."""
    if command.p1p2:
        raise RefusedError(SW.WRONG_PARAMETERS)
    application = chip.state.application
    if application is None:
        raise RefusedError(SW.NOT_ALLOWED)
    if application.session_keys is None:
        raise RefusedError(application.session_key_refusal)
    chip.state.demand(frozenset({application.session_keys.reference}))
    chip.state.secure = secure_messaging.open_session(application.session_keys.private_key, command.data)
    return b""


def last_command(chip: Chip, _command: Command) -> bytes:
    """``80 FC``: part of the iPhone profile only."""
    if not chip.image.last_command:
        raise RefusedError(SW.WRONG_LENGTH)
    return b""


def issuer_only(_chip: Chip, _command: Command) -> bytes:
    """EXTERNAL AUTHENTICATE and the issuer's commands: the authorisation they need cannot be given here."""
    raise RefusedError(SW.NOT_ALLOWED)


COMMANDS: Mapping[tuple[int, int], Callable[[Chip, Command], bytes]] = MappingProxyType(
    {
        (0x00, 0xA4): select,
        (0x00, 0xB0): read_binary,
        (0x00, 0xB2): read_record,
        (0x00, 0x20): verify,
        (0x00, 0x24): change_reference_data,
        (0x00, 0x84): get_challenge,
        (0x00, 0x88): internal_authenticate,
        (0x00, 0x82): issuer_only,
        (0x00, 0xCA): get_data,
        (0x80, 0x2A): compute_signature,
        (0x80, 0x32): change_key,
        (0x80, 0xA2): terminal_certificate,
        (0x80, 0xAE): set_session_key,
        (0x80, 0xFC): last_command,
        (0x80, 0x06): issuer_only,  # ERASE ALL RECORDS
        (0x80, 0x50): issuer_only,  # LOCK DF
        (0x80, 0x52): issuer_only,  # UNLOCK DF
        (0x80, 0x54): issuer_only,  # UNLOCK KEY
        (0x80, 0x8A): issuer_only,  # MANAGE ATTRIBUTES
    }
)
"""By class and instruction."""
