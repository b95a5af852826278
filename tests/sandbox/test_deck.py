"""The deck: its dates, its persons, and what a backend is told."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from myna_app.formats.eligibility import MedicalAnswer, Verdict
from myna_sandbox.deck.dates import birthday_after, resolve
from myna_sandbox.deck.person import CardKind, Flaw, Person, invented_individual_number, load_deck
from myna_sandbox.export import export_deck
from myna_sandbox.home import Home
from myna_sandbox.personalise import Sandbox, UnknownPersonError

from .conftest import REFERENCE_DAY
from .talk import Talk

ANY_DAY = st.dates(date(2026, 1, 1), date(2033, 12, 31))
"""Until the card of the public test persona ends, whose date is published and so not relative."""
FEW = settings(max_examples=25, deadline=None)
"""Each example reads the whole deck."""


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", "2026-11-20"),
        ("+3m -1d", "2027-02-19"),
        ("+3m eom", "2027-02-28"),
        ("bom", "2026-11-01"),
        ("<04-12 -41y", "1985-04-12"),
        ("<11-20", "2026-11-20"),
        (">11-20", "2027-11-20"),
        ("+4m >04-12 -5y +50d", "2022-06-01"),
        ("1980-02-17", "1980-02-17"),
        ("2024-02-29 +1y", "2025-02-28"),
        ("2026-01-31 +1m", "2026-02-28"),
        ("2024-03-31 -1m", "2024-02-29"),
        ("2025-03-01 <02-29", "2025-02-28"),
        ("birth +7d", "2000-01-08"),
    ],
)
def test_the_notation_of_dates(text: str, meant: str) -> None:
    assert resolve(text, REFERENCE_DAY, {"birth": date(2000, 1, 1)}).isoformat() == meant


@pytest.mark.parametrize("text", ["tomorrow", "+3w", "<13", "1980-13-01"])
def test_other_words_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a word|Invalid isoformat|month must"):
        resolve(text, REFERENCE_DAY)


def test_a_birthday_on_a_leap_day_falls_on_the_28th() -> None:
    assert birthday_after(date(2000, 2, 29), date(2021, 3, 1), 1) == date(2022, 2, 28)
    assert birthday_after(date(2000, 2, 29), date(2022, 2, 28), 2) == date(2024, 2, 29)


DATES_OF_THE_REFERENCE_DAY = {
    # id: birth date, card issued, card ends, certificate ends
    "p01": ("19850412", "20220601", "20320412", "20270412"),
    "p02": ("19540303", "20210820", "20310303", "20310303"),
    "p03": ("19900715", "20250310", "20280331", "20280331"),
    "p04": ("19711010", "20211201", "20311010", "20261010"),
    "p05": ("20210203", "20220509", "20270203", "20270203"),
    "p06": ("19430909", "20240201", "20330909", "20280909"),
    "p07": ("19791224", "20230110", "20321224", "20271224"),
    "p08": ("19980505", "20240615", "20340505", "20290505"),
    "p09a": ("20120606", "20230701", "20280606", "20280606"),
    "p09b": ("20120606", "20230701", "20280606", "20280606"),
    "p10": ("19440120", "20200201", "20300120", "20300120"),
    "x1": ("19670211", "20240401", "20340211", "20290211"),
    "x2": ("20030808", "20240301", "20330808", "20280808"),
    "x3": ("19600620", "20210701", "20310620", "20260620"),
    "persona": ("19800217", "20251027", "20350217", "20300217"),
}


@pytest.mark.parametrize("name", DATES_OF_THE_REFERENCE_DAY)
def test_on_the_reference_day_the_deck_is_the_published_table(name: str) -> None:
    person = load_deck(REFERENCE_DAY)[name]
    dates = (person.holder.birth_date, person.card.issued, person.card.ends, person.card.certificate_validity.last)
    assert tuple(f"{one:%Y%m%d}" for one in dates) == DATES_OF_THE_REFERENCE_DAY[name]


def grace_end(last: date) -> date:
    """End of the third month after the month in which a certificate expired."""
    return resolve("+3m eom", last)


@FEW
@given(reference=ANY_DAY, later=st.integers(0, 7))
def test_every_person_keeps_its_trait_on_any_day(reference: date, later: int) -> None:
    deck = load_deck(reference)
    today = reference + timedelta(days=later)
    in_three_months = resolve("+3m", today)
    for name, person in deck.items():
        validity = person.card.certificate_validity
        match name:
            case "expired" | "x3":
                assert grace_end(validity.last) < today
            case "grace" | "p04":
                assert validity.last < today <= grace_end(validity.last)
            case "soon" | "p05":
                assert today <= validity.last <= in_three_months
            case "notyet":
                assert validity.first > today
            case _:
                assert validity.first <= today
                assert validity.last > in_three_months, name


@FEW
@given(reference=ANY_DAY)
def test_ages_stay(reference: date) -> None:
    deck = load_deck(reference)

    def age(name: str) -> int:
        born = deck[name].holder.birth_date
        return reference.year - born.year - ((reference.month, reference.day) < (born.month, born.day))

    ages = {"p01": 41, "p02": 72, "p03": 36, "p05": 5, "p06": 83, "p09a": 14, "p10": 82, "child": 8, "infant": 0}
    assert {name: age(name) for name in ages} == ages
    assert not deck["child"].card.signing_certificate
    assert not deck["p09a"].card.signing_certificate


@FEW
@given(reference=ANY_DAY)
def test_every_eligibility_fits_the_contract(reference: date) -> None:
    adapter = TypeAdapter(MedicalAnswer)
    results = {1: (1,), 2: (0, 1), 3: (1,), 4: (0,), 5: (2, 3), 6: (1,)}
    for name, person in load_deck(reference).items():
        if person.eligibility is not None:
            answer = adapter.validate_json(json.dumps(person.eligibility))
            assert len(answer.results) in results[answer.verdict], name
            assert (answer.superseded is not None) == (answer.verdict == Verdict.SUPERSEDED)


def members(value: Any) -> set[str]:
    match value:
        case dict():
            return set(value) | {name for one in value.values() for name in members(one)}
        case list():
            return {name for one in value for name in members(one)}
    return set()


def test_no_member_of_an_eligibility_is_misspelt() -> None:
    schema = json.dumps(TypeAdapter(MedicalAnswer).json_schema())
    for person in load_deck(REFERENCE_DAY).values():
        for member in members(person.eligibility):
            assert f'"{member}"' in schema, f"{person.id}: {member}"


def test_all_verdicts_occur() -> None:
    verdicts = {one.eligibility["verdict"] for one in load_deck(REFERENCE_DAY).values() if one.eligibility}
    assert verdicts == set(Verdict)


def test_every_person_says_in_two_languages_what_it_is_for() -> None:
    for person in load_deck(REFERENCE_DAY).values():
        assert person.about_ja
        assert person.about_en
        assert "\n" not in person.about_ja + person.about_en


def test_invented_numbers_have_a_wrong_check_digit() -> None:
    # The real digit of this body is 8 (the public test persona's number).
    assert invented_individual_number("53768667718") == "537686677189"


def test_nobody_else_is_unknown(sandbox: Sandbox) -> None:
    with pytest.raises(UnknownPersonError):
        sandbox.person("p99")


def test_the_reference_day_is_kept_for_a_week_within_the_month(tmp_path: Path) -> None:
    home = Home(tmp_path)
    first = date(2026, 11, 20)
    assert home.reference_day(first) == first
    assert home.reference_day(first + timedelta(days=7)) == first
    assert home.reference_day(first + timedelta(days=8)) == first + timedelta(days=8)
    assert home.reference_day(date(2026, 12, 1)) == date(2026, 12, 1)
    assert home.reference_day(first) == first  # the clock went back


def test_a_key_is_made_once_and_read_by_everybody(tmp_path: Path) -> None:
    made = Home(tmp_path).key("one").private_numbers()
    assert Home(tmp_path).key("one").private_numbers() == made
    (file,) = (tmp_path / "keys").iterdir()
    assert file.stat().st_mode & 0o077 == 0


def test_a_key_that_several_make_at_once_is_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: Home(tmp_path).key("one").private_numbers(), range(4)))
    assert made == [made[0]] * 4
    assert [file.name for file in (tmp_path / "keys").iterdir()] == ["one.der"]


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
