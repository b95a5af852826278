"""OpenSC lists, reads, counts and signs with every card of the deck, and takes the cards for what they are."""

from pathlib import Path

import pytest
from cryptography import x509

from myna_sandbox.deck.person import CardKind, Flaw, load_deck
from myna_sandbox.home import today_in_japan
from myna_sandbox.personalise import Sandbox
from tests.opensc.tools import certificate, openssl_accepts, pkcs15, run, sign, tries, verify_pin
from tests.parts import Pcscd, lying

DECK = load_deck(today_in_japan())
AUTHENTICATION, SIGNING = "01", "02"
"""OpenSC's ids, of certificate, key and PIN alike."""
BOTH = (AUTHENTICATION, SIGNING)
SLOTS = {AUTHENTICATION: 0, SIGNING: 1}
"""It shows a card with two PINs as two PKCS #11 slots."""


@pytest.mark.parametrize("name", DECK)
def test_a_card_is_reported_as_its_file_says(pcscd: Pcscd, sandbox: Sandbox, tmp_path: Path, name: str) -> None:
    person = sandbox.person(name)
    pins = {AUTHENTICATION: person.card.pin, SIGNING: person.card.password}
    message = tmp_path / "message.txt"
    message.write_bytes(b"signed by a card that a stranger's program unlocked")
    with lying(sandbox.card(name, volatile=True)):
        listed = pkcs15("--list-certificates")
        if person.opensc.refusal is not None:
            assert listed.status != 0
            assert person.opensc.refusal in listed.text
            return
        assert (listed.status, listed.text.count("X.509 Certificate")) == (0, 4)
        assert tries() == {AUTHENTICATION: 3, SIGNING: 5}
        assert certificate(SIGNING) is None, "the signing certificate is read with the password only"
        with_password = ("--verify-pin", "--auth-id", SIGNING, "--pin", pins[SIGNING] or "")
        read = {AUTHENTICATION: certificate(AUTHENTICATION), SIGNING: certificate(SIGNING, *with_password)}
        found = {identifier: der for identifier, der in read.items() if der}
        assert tuple(found) == person.opensc.certificates
        good = [
            identifier
            for identifier, der in found.items()
            if (pin := pins[identifier])
            and openssl_accepts(der, sign(identifier, SLOTS[identifier], pin, message), message)
        ]
        assert tuple(good) == person.opensc.keys


def test_an_honest_card_with_both_certificates_is_reported_with_both() -> None:
    for person in DECK.values():
        plan = person.card
        honest = plan.kind is CardKind.CARD and plan.flaw in (Flaw.NONE, Flaw.REVOKED)
        if honest and plan.certificate and plan.signing_certificate and plan.pin:
            assert (person.opensc.certificates, person.opensc.keys) == (BOTH, BOTH), person.id


def test_the_certificate_read_is_the_one_that_was_issued(pcscd: Pcscd, sandbox: Sandbox) -> None:
    with lying(sandbox.card("p01", volatile=True)):
        assert certificate(AUTHENTICATION) == sandbox.certificate(sandbox.person("p01"))


def test_a_contactless_card_is_known_by_its_application_instead_of_its_atr(pcscd: Pcscd, sandbox: Sandbox) -> None:
    with lying(sandbox.card("p01", volatile=True, contactless=True)):
        assert run("opensc-tool", "--atr").text.startswith("3b:88:80:01:00:00:05:e0:b3:81:a1:00:7f")
        assert tries() == {AUTHENTICATION: 3, SIGNING: 5}
        assert certificate(AUTHENTICATION) == sandbox.certificate(sandbox.person("p01"))


def test_wrong_pins_count_down_lock_and_stay_locked_after_power_off(pcscd: Pcscd, sandbox: Sandbox) -> None:
    person = sandbox.person("x2")
    pin, password = person.card.pin, person.card.password
    assert pin and password
    with lying(sandbox.card("x2", fresh=True)):
        assert verify_pin(AUTHENTICATION, "9999").status != 0
        assert tries() == {AUTHENTICATION: 2, SIGNING: 5}
        assert verify_pin(AUTHENTICATION, pin).status == 0
        assert tries() == {AUTHENTICATION: 3, SIGNING: 5}
        for left in (2, 1, 0):
            assert verify_pin(AUTHENTICATION, "9999").status != 0
            assert tries() == {AUTHENTICATION: left, SIGNING: 5}
        for left in (4, 3, 2, 1, 0):
            assert verify_pin(SIGNING, "WRONG9").status != 0
            assert tries() == {AUTHENTICATION: 0, SIGNING: left}
    with lying(sandbox.card("x2")):
        assert tries() == {AUTHENTICATION: 0, SIGNING: 0}
        assert verify_pin(AUTHENTICATION, pin).status != 0
        assert verify_pin(SIGNING, password).status != 0
        assert certificate(AUTHENTICATION) == sandbox.certificate(person), "reading it needs no PIN"
    sandbox.card("x2", fresh=True)


def test_the_signing_certificate_carries_the_four_items_for_strangers_too(pcscd: Pcscd, sandbox: Sandbox) -> None:
    password = sandbox.person("p01").card.password
    assert password
    with lying(sandbox.card("p01", volatile=True)):
        der = certificate(SIGNING, "--verify-pin", "--auth-id", SIGNING, "--pin", password)
    assert der is not None
    names = x509.load_der_x509_certificate(der).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    arc = "1.2.392.200149.8.5.5."
    found = [name.type_id.dotted_string.removeprefix(arc) for name in names if isinstance(name, x509.OtherName)]
    assert found == ["1", "4", "3", "5", "2", "6"]
