"""Secure messaging of 券面入力補助AP, spoken by a terminal of the test's own."""

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC, ECB

from .talk import Talk

SEED = bytes(range(32))
KEY = SEED[:16]


def initial_vector(count: int) -> bytes:
    return Cipher(AES(KEY), ECB()).encryptor().update(count.to_bytes(16, "big"))


def encrypt(count: int, data: bytes) -> str:
    padded = data + b"\x80" + bytes(-(len(data) + 1) % 16)
    ciphertext = Cipher(AES(KEY), CBC(initial_vector(count))).encryptor().update(padded)
    return f"86{len(ciphertext) + 1:02X}01{ciphertext.hex()}"


def decrypt(count: int, answer: bytes) -> bytes:
    start = 5 if answer[1] == 0x82 else 3
    assert answer[0] == 0x86
    assert answer[start - 1] == 1
    padded = Cipher(AES(KEY), CBC(initial_vector(count))).decryptor().update(answer[start:])
    return padded.rstrip(b"\x00")[:-1]


def secure(header: str, data_object: str) -> str:
    return f"{header}{len(data_object) // 2:02X}{data_object}"


def cryptogram(talk: Talk, message: bytes) -> str:
    key = talk.data("00B0860000" + "0000")
    public = RSAPublicNumbers(65537, int.from_bytes(key[13:269], "big")).public_key()
    return public.encrypt(message, OAEP(MGF1(hashes.SHA256()), hashes.SHA256(), None)).hex()


@pytest.fixture
def open_session(talk: Talk) -> Callable[[], None]:
    def open_it() -> None:
        talk.application("TEXT")
        assert talk.verify("11", "1234") == "9000"
        message = cryptogram(talk, bytes.fromhex("A0228020") + SEED)
        assert talk.status(f"80AE0000000100{message}") == "9000"

    return open_it


def test_verify_select_and_read_work_and_count_up(talk: Talk, open_session: Callable[[], None]) -> None:
    open_session()
    assert talk.status(secure("08200094", encrypt(1, b"537686677188"))) == "9000"
    assert talk.status(secure("08A4020C", encrypt(2, bytes.fromhex("0001")))) == "9000"
    answer = talk.data("08B00000000005" + "9603000000" + "0000")
    assert decrypt(3, answer).hex().upper() == "FF100C353337363836363737313838FFFF"
    answer = talk.data("08B00000000005" + "9603000003" + "0000")
    assert decrypt(4, answer).hex().upper() == "FF100C"


def test_a_long_answer_has_a_three_byte_length(talk: Talk, open_session: Callable[[], None]) -> None:
    open_session()
    assert len(decrypt(1, talk.data("08B08700000005" + "9603000000" + "0000"))) == 536


def test_refused_commands_count_and_plain_ones_do_not(talk: Talk, open_session: Callable[[], None]) -> None:
    open_session()
    assert talk.status(secure("08A4020C", encrypt(1, bytes.fromhex("0099")))) == "6A82"
    assert talk.select("0002") == "9000"
    assert talk.status(secure("08A4020C", encrypt(2, bytes.fromhex("0001")))) == "9000"


@pytest.mark.parametrize(
    "data_object",
    [
        "87110100112233445566778899AABBCCDDEEFF",  # wrong tag
        "86110200112233445566778899AABBCCDDEEFF",  # wrong indicator
        "8610010011223344556677889 9AABBCCDDEE".replace(" ", ""),  # no whole block
        "8601 01".replace(" ", ""),  # nothing encrypted
        "86110100112233445566778899AABBCCDDEEFF9600",  # two objects
        "86110100112233445566778899AABBCCDDEEFF",  # padding that is none
    ],
)
def test_a_wrong_object_ends_the_session(talk: Talk, open_session: Callable[[], None], data_object: str) -> None:
    open_session()
    assert talk.status(secure("08200094", data_object)) == "6988"
    assert talk.status(secure("08200094", encrypt(2, b"537686677188"))) == "69FC"


def test_without_a_session_select_and_the_others_are_refused_differently(talk: Talk) -> None:
    talk.application("TEXT")
    assert talk.status(secure("08A4020C", encrypt(1, bytes.fromhex("0001")))) == "6882"
    assert talk.status(secure("08200094", encrypt(1, b"1234"))) == "69FC"
    assert talk.status("08B00000000005" + "9603000000" + "0000") == "69FC"
    assert talk.status("0C200094") == "6987"


def test_selecting_an_application_ends_the_session(talk: Talk, open_session: Callable[[], None]) -> None:
    open_session()
    talk.application("TEXT")
    assert talk.status(secure("08200094", encrypt(1, b"537686677188"))) == "69FC"


def test_a_session_key_needs_the_pin_and_the_right_structure(talk: Talk) -> None:
    talk.application("TEXT")
    assert talk.verify("14", "537686677188") == "9000"
    message = cryptogram(talk, bytes.fromhex("A0228020") + SEED)
    assert talk.status(f"80AE0000000100{message}") == "6982"
    assert talk.verify("11", "1234") == "9000"
    for wrong in ("A0228120", "A0248120"):
        assert talk.status(f"80AE0000000100{cryptogram(talk, bytes.fromhex(wrong) + SEED)}") == "6A80"
    assert talk.status("80AE0000000100" + "00" * 255 + "02") == "6A80"
    assert talk.status("80AE0000000100" + "FF" * 256) == "6F00"
    assert talk.status("80AE0000000080" + "00" * 128) == "6700"
