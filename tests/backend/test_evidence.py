"""What the evidence checks accept and refuse, on certificates and records made here."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from myna_backend.evidence.anchors import AnchorError, Anchors, read_root, with_crl
from myna_backend.evidence.card import check_card, fits_birth_date, rsa_key
from myna_backend.evidence.certificate import check_certificate
from myna_backend.evidence.grace import judge_end, last_day_of_grace
from myna_backend.evidence.modes import Mode
from myna_backend.problems import Code, Refusal
from tests.backend import issuing
from tests.backend.issuing import NOW, POLICY, Authority, Holder, birth_date_record, issuer_certificate, usage

OLD, NEW = Authority("old generation"), Authority("new generation")
"""Two generations of one authority: one name, two keys."""
MESSAGE = bytes(110)


@pytest.fixture(scope="module")
def anchors() -> Anchors:
    roots = tuple(read_root(Mode.SANDBOX, one.certificate) for one in (OLD, NEW))
    authority = rsa_key(int.from_bytes(issuing.modulus("card authority"), "big"))
    return Anchors(roots, {issuing.AUTHORITY_KEY_ID: authority})


def refusal(call: Callable[[], object]) -> Code:
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value.code


@pytest.mark.parametrize("authority", [OLD, NEW])
def test_the_root_is_decided_by_signature_since_generations_share_a_name(
    anchors: Anchors, authority: Authority
) -> None:
    checked = check_certificate(Holder(authority=authority).certificate, anchors, POLICY, NOW)
    assert checked.id.issuer_key_id == authority.key_id
    assert checked.id.serial == "abc"


@pytest.mark.parametrize(
    ("holder", "code"),
    [
        (Holder(authority=NEW, signer="somebody"), Code.CERTIFICATE_ISSUER_UNKNOWN),
        (Holder(authority=Authority("stranger", "SOMEBODY")), Code.CERTIFICATE_ISSUER_UNKNOWN),
        (Holder(authority=NEW, policy="1.2.392.200149.8.5.1.1.20"), Code.CERTIFICATE_PURPOSE),
        (Holder(authority=NEW, usage=usage(key_encipherment=True)), Code.CERTIFICATE_PURPOSE),
        (
            Holder(authority=NEW, usage=usage(digital_signature=True, content_commitment=True)),
            Code.CERTIFICATE_PURPOSE,
        ),
        (
            Holder(authority=NEW, more=[(x509.SubjectAlternativeName([x509.DNSName("a.invalid")]), False)]),
            Code.CERTIFICATE_PURPOSE,
        ),
        (
            Holder(
                authority=NEW,
                more=[(x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True)],
            ),
            Code.CERTIFICATE_PURPOSE,
        ),
    ],
    ids=[
        "another signer",
        "another authority",
        "signing policy",
        "encipherment",
        "non-repudiation",
        "a name",
        "critical",
    ],
)
def test_certificates_that_are_refused(anchors: Anchors, holder: Holder, code: Code) -> None:
    assert refusal(lambda: check_certificate(holder.certificate, anchors, POLICY, NOW)) is code


def test_extensions_that_are_not_critical_do_not_matter(anchors: Anchors) -> None:
    extension = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
    holder = Holder(authority=NEW, more=[(extension, False)])
    assert check_certificate(holder.certificate, anchors, POLICY, NOW).id.serial == "abc"


def test_an_intermediate_authority_is_not_followed(anchors: Anchors) -> None:
    """A holder's certificate, even one that says it is an authority, vouches for nobody."""
    middle = Holder(
        authority=NEW, usage=usage(key_cert_sign=True), more=[(x509.BasicConstraints(ca=True, path_length=None), True)]
    )
    assert refusal(lambda: check_certificate(middle.certificate, anchors, POLICY, NOW)) is Code.CERTIFICATE_PURPOSE


@pytest.mark.parametrize("days", [-2000, -1, 1, 2000])
def test_a_certificate_is_validated_within_its_own_time(anchors: Anchors, days: int) -> None:
    holder = Holder(authority=NEW, not_before=NOW - timedelta(days=5), not_after=NOW + timedelta(days=5))
    checked = check_certificate(holder.certificate, anchors, POLICY, NOW + timedelta(days=days))
    assert (checked.not_before, checked.ends_at) == (holder.not_before, holder.not_after)


def test_a_root_that_had_ended_before_the_certificate_did_vouches_no_longer() -> None:
    ended = Authority(not_after=NOW - timedelta(days=1))
    anchors = Anchors((read_root(Mode.SANDBOX, ended.certificate),), {})
    holder = Holder(authority=ended)
    assert (
        refusal(lambda: check_certificate(holder.certificate, anchors, POLICY, NOW)) is Code.CERTIFICATE_ISSUER_UNKNOWN
    )


def test_an_ended_root_still_vouches_for_a_certificate_that_ended_before_it() -> None:
    ended = Authority(not_after=NOW - timedelta(days=1))
    anchors = Anchors((read_root(Mode.SANDBOX, ended.certificate),), {})
    holder = Holder(authority=ended, not_after=NOW - timedelta(days=2))
    assert check_certificate(holder.certificate, anchors, POLICY, NOW).ends_at == holder.not_after


def test_a_certificate_on_an_elliptic_curve_is_malformed(anchors: Anchors) -> None:
    name = issuing.authority_name("SOMEBODY")
    der = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .serial_number(1)
        .public_key(ec.generate_private_key(ec.SECP256R1()).public_key())
        .not_valid_before(NOW)
        .not_valid_after(NOW)
        .sign(issuing.key("somebody"), SHA256())
        .public_bytes(Encoding.DER)
    )
    assert refusal(lambda: check_certificate(der, anchors, POLICY, NOW)) is Code.CERTIFICATE_MALFORMED


def test_a_serial_number_on_the_list_is_revoked() -> None:
    root = with_crl([read_root(Mode.SANDBOX, NEW.certificate)], x509.load_der_x509_crl(NEW.crl(0xABC)))
    anchors = Anchors((root,), {})
    assert check_certificate(Holder(authority=NEW).certificate, anchors, POLICY, NOW).revoked
    assert not check_certificate(Holder(authority=NEW, serial=0xABD).certificate, anchors, POLICY, NOW).revoked


def test_a_list_signed_by_somebody_else_is_no_list() -> None:
    forged = x509.load_der_x509_crl(NEW.crl(0xABC, signer="somebody"))
    with pytest.raises(AnchorError):
        with_crl([read_root(Mode.SANDBOX, NEW.certificate)], forged)


@pytest.mark.parametrize(
    ("mode", "organisation", "trusted"),
    [
        (Mode.SANDBOX, "MYNA-SANDBOX", True),
        (Mode.SANDBOX, "JPKI", False),
        (Mode.SANDBOX, "JPKI-TEST", False),
        (Mode.TEST, "JPKI-TEST", True),
        (Mode.TEST, "JPKI", False),
        (Mode.TEST, "MYNA-SANDBOX", False),
        (Mode.PRODUCTION, "JPKI", True),
        (Mode.PRODUCTION, "JPKI-TEST", False),
        (Mode.PRODUCTION, "MYNA-SANDBOX", False),
    ],
)
def test_a_mode_trusts_its_own_authorities_alone(mode: Mode, organisation: str, trusted: bool) -> None:
    assert mode.trusts_root(issuing.authority_name(organisation)) is trusted


@pytest.mark.parametrize(
    ("mode", "key_id", "trusted"),
    [
        (Mode.SANDBOX, b"7000023", True),
        (Mode.SANDBOX, b"5000023", False),
        (Mode.SANDBOX, b"6000023", False),
        (Mode.TEST, b"6000023", True),
        (Mode.TEST, b"5000023", False),
        (Mode.PRODUCTION, b"5000023", True),
        (Mode.PRODUCTION, b"7000023", False),
    ],
)
def test_a_mode_trusts_its_own_card_issuers_alone(mode: Mode, key_id: bytes, trusted: bool) -> None:
    assert mode.trusts_card_issuer(key_id) is trusted


def test_a_certificate_that_is_not_self_signed_is_no_root() -> None:
    holder = x509.load_der_x509_certificate(Holder(authority=NEW).certificate)
    with pytest.raises(AnchorError):
        read_root(Mode.SANDBOX, holder)


@pytest.mark.parametrize(
    ("ends", "last"),
    [
        (date(2026, 10, 10), date(2027, 1, 31)),
        (date(2026, 6, 20), date(2026, 9, 30)),
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2027, 11, 1), date(2028, 2, 29)),
    ],
)
def test_the_grace_lasts_to_the_end_of_the_third_month(ends: date, last: date) -> None:
    ends_at = datetime(ends.year, ends.month, ends.day, 14, 59, 59, tzinfo=UTC)
    assert last_day_of_grace(ends_at) == last
    after = datetime(last.year, last.month, last.day, 15, tzinfo=UTC)  # midnight in Japan
    assert [notice.code for notice in judge_end(ends_at, after - timedelta(seconds=1))] == ["certificate_in_grace"]
    assert refusal(lambda: judge_end(ends_at, after)) is Code.CERTIFICATE_EXPIRED


@pytest.mark.parametrize(
    ("now", "codes"),
    [
        ((2026, 11, 2, 14, 59, 59), []),
        ((2026, 11, 2, 15, 0, 0), ["certificate_ends_soon"]),
        ((2027, 2, 3, 14, 59, 59), ["certificate_ends_soon"]),
        ((2027, 2, 3, 15, 0, 0), ["certificate_in_grace"]),
    ],
)
def test_the_notice_begins_three_months_before_the_end_in_japan(now: tuple[int, ...], codes: list[str]) -> None:
    ends_at = datetime(2027, 2, 3, 14, 59, 59, tzinfo=UTC)
    year, month, day, hour, minute, second = now
    moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    assert [notice.code for notice in judge_end(ends_at, moment)] == codes


def test_three_months_before_the_31st_is_a_day_that_exists() -> None:
    ends_at = datetime(2027, 5, 31, 14, 59, 59, tzinfo=UTC)
    assert judge_end(ends_at, datetime(2027, 2, 27, 14, tzinfo=UTC)) == ()
    assert judge_end(ends_at, datetime(2027, 2, 27, 15, tzinfo=UTC)) != ()


def test_a_genuine_card_is_proved(anchors: Anchors) -> None:
    card = check_card(birth_date_record(), issuer_certificate(), MESSAGE, issuing.sign("card", MESSAGE), anchors)
    assert (card.birth_date, card.modulus) == (issuing.BORN, issuing.modulus("card"))


def test_filler_behind_the_records_is_tolerated(anchors: Anchors) -> None:
    record, issuer = birth_date_record() + b"\xff" * 9, issuer_certificate() + b"\xff" * 9
    assert check_card(record, issuer, MESSAGE, issuing.sign("card", MESSAGE), anchors)


@pytest.mark.parametrize(
    ("record", "issuer", "code"),
    [
        (b"", None, Code.RECORD_MALFORMED),
        (birth_date_record()[:-1], None, Code.RECORD_MALFORMED),
        (birth_date_record("1985041２"[:7] + "x"), None, Code.RECORD_MALFORMED),
        (None, b"", Code.ISSUER_CERTIFICATE),
        (None, issuer_certificate(authority="somebody"), Code.ISSUER_CERTIFICATE),
        (None, issuer_certificate(authority_id=issuing.AUTHORITY_KEY_ID[:-1] + b"\xa8"), Code.ISSUER_UNKNOWN),
        (None, issuer_certificate(subject="another municipality"), Code.RECORD_SIGNATURE),
        (birth_date_record(issuer="somebody"), None, Code.RECORD_SIGNATURE),
        (birth_date_record(card="another card"), None, Code.CARD_SIGNATURE),
    ],
)
def test_cards_that_are_refused(anchors: Anchors, record: bytes | None, issuer: bytes | None, code: Code) -> None:
    record = birth_date_record() if record is None else record
    issuer = issuer_certificate() if issuer is None else issuer
    signature = issuing.sign("card", MESSAGE)
    assert refusal(lambda: check_card(record, issuer, MESSAGE, signature, anchors)) is code


@pytest.mark.parametrize(
    ("shown", "known", "fits"),
    [
        ("19850412", "19850412", True),
        ("19850412", "19850413", False),
        ("19850412", "19850400", True),
        ("19850412", "00000000", True),
        ("19850400", "19850412", False),
        ("19850412", "19860400", False),
    ],
)
def test_birth_dates_fit_where_every_known_part_is_the_same(shown: str, known: str, fits: bool) -> None:
    assert fits_birth_date(shown, known) is fits


@given(st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_bytes_for_a_certificate_are_refused_and_nothing_else_happens(data: bytes) -> None:
    assert refusal(lambda: check_certificate(data, Anchors((), {}), POLICY, NOW)) is Code.CERTIFICATE_MALFORMED


@given(position=st.integers(0, 1000), value=st.integers(0, 255))
@settings(max_examples=200, deadline=None)
@pytest.mark.filterwarnings("ignore::Warning")  # the parser warns of odd but readable values
def test_a_changed_byte_in_a_certificate_is_refused(anchors: Anchors, position: int, value: int) -> None:
    der = bytearray(Holder(authority=NEW).certificate)
    position %= len(der)
    if der[position] == value:
        return
    der[position] = value
    codes = (Code.CERTIFICATE_MALFORMED, Code.CERTIFICATE_ISSUER_UNKNOWN)
    assert refusal(lambda: check_certificate(bytes(der), anchors, POLICY, NOW)) in codes


@given(position=st.integers(0, 10_000), value=st.integers(0, 255), which=st.sampled_from(("record", "issuer")))
@settings(max_examples=200, deadline=None)
def test_a_changed_byte_in_a_record_is_refused(anchors: Anchors, position: int, value: int, which: str) -> None:
    files = {"record": birth_date_record(), "issuer": issuer_certificate()}
    data = bytearray(files[which])
    position %= len(data)
    if data[position] == value:
        return
    data[position] = value
    files[which] = bytes(data)
    signature = issuing.sign("card", MESSAGE)
    refusal(lambda: check_card(files["record"], files["issuer"], MESSAGE, signature, anchors))
