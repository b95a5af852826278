"""The deck's cards: certificates, records, flaws, and what a backend is told."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature

from myna_sandbox.deck.person import CardKind, Flaw, Person
from myna_sandbox.export import export_deck
from myna_sandbox.personalise import Sandbox

from .conftest import REFERENCE_DAY
from .talk import Talk


def certificate_of(sandbox: Sandbox, name: str) -> x509.Certificate:
    der = sandbox.certificate(sandbox.person(name))
    assert der
    return x509.load_der_x509_certificate(der)


def test_no_name_can_be_mistaken_for_the_real_authorities(sandbox: Sandbox) -> None:
    for authority in sandbox.trusted_authorities():
        certificate = authority.certificate
        (organization,) = certificate.subject.get_attributes_for_oid(x509.NameOID.ORGANIZATION_NAME)
        assert organization.value == "MYNA-SANDBOX"
        assert certificate.issuer == certificate.subject


def test_the_extensions_of_a_root_stand_in_the_published_order(sandbox: Sandbox) -> None:
    extensions = sandbox.trusted_authorities()[0].certificate.extensions
    names = [type(one.value).__name__ for one in extensions]
    assert names == [
        "KeyUsage",
        "SubjectAlternativeName",
        "BasicConstraints",
        "CRLDistributionPoints",
        "SubjectKeyIdentifier",
    ]
    assert [one.critical for one in extensions] == [True, False, True, False, False]


def test_a_holders_certificate_has_the_policy_and_usage_of_user_authentication(sandbox: Sandbox) -> None:
    certificate = certificate_of(sandbox, "p01")
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage)
    policies = certificate.extensions.get_extension_for_class(x509.CertificatePolicies)
    assert usage.critical
    assert usage.value.digital_signature
    assert not usage.value.content_commitment
    assert policies.critical
    assert [one.policy_identifier.dotted_string for one in policies.value] == ["1.2.392.200149.8.5.1.3.30"]
    assert certificate.not_valid_after_utc.isoformat() == "2027-04-12T14:59:59+00:00"


def test_a_signing_certificate_names_its_holder_in_the_known_order(sandbox: Sandbox) -> None:
    card = sandbox.card("persona", volatile=True)
    card.power_on()
    talk = Talk(card)
    talk.application("JPKI")
    assert talk.verify("1B", "ABC123") == "9000"
    certificate = x509.load_der_x509_certificate(talk.data("00B08100000000"))
    assert certificate.extensions[0].value == x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    others = names.get_values_for_type(x509.OtherName)
    assert [one.type_id.dotted_string[-1] for one in others] == ["1", "4", "3", "5", "2", "6"]
    values = [one.value[2:].decode() for one in others]
    assert values[:3] == ["黒桐　幹也", "319800217", "1"]
    assert values[4:] == ["00000", "000000000000000000"]


def issuer_verifies(sandbox: Sandbox, name: str) -> bool:
    certificate = certificate_of(sandbox, name)
    for authority in sandbox.trusted_authorities():
        try:
            certificate.verify_directly_issued_by(authority.certificate)
        except InvalidSignature:
            continue
        return True
    return False


def test_all_roots_share_a_name_and_only_the_signature_tells(sandbox: Sandbox) -> None:
    first, second = sandbox.trusted_authorities()
    assert first.certificate.subject == second.certificate.subject == certificate_of(sandbox, "unknown").issuer
    assert issuer_verifies(sandbox, "p01")
    assert issuer_verifies(sandbox, "p02")
    assert not issuer_verifies(sandbox, "unknown")


def record_and_signature(sandbox: Sandbox, name: str) -> tuple[bytes, bytes, bytes]:
    """Record, issuer certificate, and the card's signature over 32 bytes of 11."""
    card = sandbox.card(name, volatile=True)
    card.power_on()
    talk = Talk(card)
    talk.application("SURFACE")
    person = sandbox.person(name)
    assert talk.verify("11", person.holder.key(person.holder.birth_date_form)) == "9000"
    signed = talk.data("802A020020" + "11" * 32 + "00")
    return talk.data("00B08100000000"), talk.data("00B08400000000"), signed


def fits(key: bytes, signature: bytes, payload: bytes) -> bool:
    """Whether the signature, opened with a card's 265-byte key, ends in the payload."""
    block = pow(int.from_bytes(signature, "big"), 65537, int.from_bytes(key[9:], "big")).to_bytes(256, "big")
    return block.endswith(payload)


def key_in_record(record: bytes) -> bytes:
    return record[21:286]


def test_a_copied_card_shows_the_record_and_lacks_its_key(sandbox: Sandbox) -> None:
    genuine, copied = record_and_signature(sandbox, "p01"), record_and_signature(sandbox, "copied")
    assert copied[0] == genuine[0]
    assert fits(key_in_record(genuine[0]), genuine[2], b"\x11" * 32)
    assert not fits(key_in_record(copied[0]), copied[2], b"\x11" * 32)
    assert certificate_of(sandbox, "copied") == certificate_of(sandbox, "p01")


def test_a_reissued_card_has_a_key_and_record_of_its_own(sandbox: Sandbox) -> None:
    genuine, other = record_and_signature(sandbox, "p01"), record_and_signature(sandbox, "changedkey")
    assert key_in_record(other[0]) != key_in_record(genuine[0])
    assert fits(key_in_record(other[0]), other[2], b"\x11" * 32)
    assert certificate_of(sandbox, "changedkey") == certificate_of(sandbox, "p01")


def test_a_forged_record_is_not_signed_by_its_issuer(sandbox: Sandbox) -> None:
    for name, genuine in (("p01", True), ("forged", False)):
        record, certificate, _ = record_and_signature(sandbox, name)
        digest = hashlib.sha256(record[5:286]).digest()
        assert fits(certificate[42:307], record[291:], digest) is genuine


def test_counters_of_the_troubled_are_as_issued(sandbox: Sandbox) -> None:
    for name, status in (("fourtries", "63C4"), ("locked", "63C0"), ("p01", "63CA")):
        card = sandbox.card(name, volatile=True)
        card.power_on()
        talk = Talk(card)
        talk.application("SURFACE")
        assert talk.status("00200091") == status


def test_a_fresh_card_forgets_what_its_last_owner_did(sandbox: Sandbox) -> None:
    for expected in ("63C9", "63C8"):
        talk = Talk(sandbox.card("p07"))
        talk.card.power_on()
        talk.application("SURFACE")
        assert talk.verify("11", "000000") == expected
    fresh = Talk(sandbox.card("p07", fresh=True))
    fresh.card.power_on()
    fresh.application("SURFACE")
    assert fresh.status("00200091") == "63CA"


@pytest.fixture(scope="module")
def exported(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    export_deck(sandbox, folder)
    return folder


def people(folder: Path) -> dict[str, dict[str, Any]]:
    lines = (folder / "persons.jsonl").read_text("utf-8").splitlines()
    return {entry["id"]: entry for entry in map(json.loads, lines)}


def in_register(person: Person) -> bool:
    return person.card.kind is not CardKind.BLANK and person.card.certificate and person.twin_of is None


def test_the_export_has_everybody_with_a_certificate_of_their_own(sandbox: Sandbox, exported: Path) -> None:
    entries = people(exported)
    assert set(entries) == {name for name, person in sandbox.persons.items() if in_register(person)}
    assert "copied" not in entries
    assert "changedkey" not in entries
    first = entries["p01"]
    certificate = certificate_of(sandbox, "p01")
    assert first["certificates"] == [
        {
            "issuer_key_id": sandbox.trusted_authorities()[1].key_identifier.hex(),
            "serial": f"{certificate.serial_number:x}",
        }
    ]
    assert (first["birth_date"], first["birth_date_form"], first["birth_date_key"]) == ("19850412", "era", "600412")
    assert first["medical"]["results"][0]["insurer_number"] == "06990014"
    assert first["care"] is None
    assert entries["p10"]["care"]["care_level"] == "22"


def test_the_export_says_how_a_birth_date_is_keyed(exported: Path) -> None:
    entries = people(exported)
    keyed = {name: (entries[name]["birth_date_form"], entries[name]["birth_date_key"]) for name in entries}
    assert keyed["p03"] == ("gregorian", "900715")
    assert keyed["foreign"] == ("era", "551201")
    assert keyed["partial"] == ("era", None)
    assert entries["partial"]["birth_date"] == "19500400"


def test_the_export_has_known_roots_and_lists_only(sandbox: Sandbox, exported: Path) -> None:
    manifest = json.loads((exported / "manifest.json").read_text("utf-8"))
    assert manifest == {"schema": 1, "mode": "sandbox", "made_on": "2026-11-20"}
    roots = [x509.load_pem_x509_certificate(path.read_bytes()) for path in sorted((exported / "roots").iterdir())]
    assert roots == [one.certificate for one in sandbox.trusted_authorities()]
    revoked = [
        entry.serial_number
        for path in sorted((exported / "crls").iterdir())
        for entry in x509.load_der_x509_crl(path.read_bytes())
    ]
    assert revoked == [certificate_of(sandbox, "revoked").serial_number]
    assert [one.id for one in sandbox.persons.values() if one.card.flaw is Flaw.REVOKED] == ["revoked"]
    (issuer,) = map(json.loads, (exported / "card_issuers.jsonl").read_text("utf-8").splitlines())
    assert bytes.fromhex(issuer["key_id"]) == b"7000023\x08\x05001" + bytes(4)
    assert int(issuer["modulus"], 16) == sandbox.authorities.surface_root().key.public_key().public_numbers().n
    assert issuer["exponent"] == 65537


def test_two_sandboxes_of_one_home_make_the_same_bytes(sandbox: Sandbox) -> None:
    again = Sandbox(sandbox.home, REFERENCE_DAY)
    for name in ("p01", "p02", "revoked"):
        assert again.certificate(again.person(name)) == sandbox.certificate(sandbox.person(name))
