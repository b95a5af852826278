"""Signatures: six schemes, their inputs, their keys."""

import hashlib

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.x509 import load_der_x509_certificate

from myna_sandbox.virtual_card.card import VirtualCard

from .talk import DIGEST_INFO, Talk

SHA256 = hashes.SHA256()


def public_key(talk: Talk) -> RSAPublicKey:
    talk.application("JPKI")
    key = load_der_x509_certificate(talk.data("00B08A00000000")).public_key()
    assert isinstance(key, RSAPublicKey)
    assert talk.verify("18", "1234") == "9000"
    return key


def test_all_six_schemes_verify_under_the_certificate(talk: Talk) -> None:
    key = public_key(talk)
    message = b"hello"
    digest = hashlib.sha256(message).digest()
    info = bytes.fromhex(DIGEST_INFO) + digest

    def sign(scheme: int, given: bytes) -> bytes:
        return talk.data(f"802A{scheme:02X}97{len(given):02X}{given.hex()}00")

    pss = PSS(MGF1(SHA256), 32)
    key.verify(sign(0, info), message, PKCS1v15(), SHA256)
    assert key.recover_data_from_signature(sign(1, message), PKCS1v15(), None) == digest
    key.verify(sign(2, digest), message, PKCS1v15(), SHA256)
    key.verify(sign(3, message), message, PKCS1v15(), SHA256)
    key.verify(sign(4, digest), digest, pss, Prehashed(SHA256))
    key.verify(sign(5, message), message, pss, SHA256)
    assert sign(0, info) == sign(2, digest) == sign(3, message)
    assert sign(4, digest) != sign(4, digest)


@pytest.mark.parametrize(
    ("scheme", "length", "status"),
    [
        *((scheme, 0, "6700") for scheme in range(6)),
        (0, 1, "9000"),
        (0, 245, "9000"),
        (0, 246, "6985"),
        (0, 256, "6700"),
        (1, 255, "9000"),
        (2, 31, "6985"),
        (2, 32, "9000"),
        (2, 33, "6985"),
        (3, 255, "9000"),
        (3, 256, "6700"),
        (4, 33, "6985"),
        (5, 255, "9000"),
    ],
)
def test_the_input_of_a_scheme_has_a_length(talk: Talk, scheme: int, length: int, status: str) -> None:
    public_key(talk)
    head = f"802A{scheme:02X}97"
    if length == 0:
        assert talk.status(head + "00") == status
    elif length > 255:
        assert talk.status(f"{head}00{length:04X}{'05' * length}0000") == status
    else:
        assert talk.status(f"{head}{length:02X}{'05' * length}00") == status


def test_the_selected_key_and_its_short_id_give_the_same_signature(talk: Talk) -> None:
    public_key(talk)
    by_short_id = talk.data(f"802A009733{DIGEST_INFO}{'11' * 32}00")
    assert talk.select("0017") == "9000"
    assert talk.data(f"802A008033{DIGEST_INFO}{'11' * 32}00") == by_short_id


@pytest.mark.parametrize(("application", "key"), [("SURFACE", "9A"), ("TEXT", "93")])
def test_the_default_key_is_the_applications_own(talk: Talk, application: str, key: str) -> None:
    talk.application(application)
    command = f"33{DIGEST_INFO}{'11' * 32}00"
    assert talk.data(f"802A0000{command}") == talk.data(f"802A00{key}{command}")


def test_a_terminal_certificate_is_taken_and_then_refused(talk: Talk) -> None:
    talk.application("JPKI")
    talk.select("0016")
    body = talk.card.image.objects[0x00F8] if isinstance(talk.card, VirtualCard) else b""
    first = (bytes.fromhex("7F21820233") + body)[:307]
    assert talk.status("80A200C1000105" + "00" * 261) == "6985"
    assert talk.status(f"80A206C1000133{first.hex()}") == "9000"
    assert talk.status("80A200C1000105" + body[302:].hex()) == "6982"
    assert talk.read("09")[1] == "6982"


@pytest.mark.parametrize(("application", "status"), [("COMMON", "66F1"), ("SURFACE", "66F1"), ("JUKI", "6982")])
def test_other_applications_refuse_a_session_key(talk: Talk, application: str, status: str) -> None:
    talk.application(application)
    assert talk.status("80AE0000000100" + "00" * 256) == status
