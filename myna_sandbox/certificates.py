"""X.509 in the profile of the public JPKI certificates, under names nobody can mistake for the real ones.

Order of extensions and string types as published (J-LIS 証明書プロファイル仕様書 as quoted in public; read from cards,
myna-card and myna-sign). Signatures are deterministic: the same key and dates give the same bytes.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from enum import Enum, unique

from cryptography import x509
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

ORGANIZATION = "MYNA-SANDBOX"
_JAPANESE_ORGANIZATION = "見本（マイナ・サンドボックス）"
_AGENCY = "MIHON Agency (invented, not an authority)"
_CPS = "http://cps.myna-sandbox.invalid/"
_POLICY_ARC = "1.2.392.200149.8.5.1"
_NAME_ARC = "1.2.392.200149.8.5.5"
_MORNING, _END_OF_DAY_JST = time(1, 3, 20, tzinfo=UTC), time(14, 59, 59, tzinfo=UTC)


@unique
class Kind(Enum):
    """The two certificates of a holder: key of the sandbox's names, words in the DN, policy."""

    AUTHENTICATION = ("authentication", "user authentication", "見本 利用者証明用", "3.30")
    SIGNING = ("signing", "digital signature", "見本 署名用", "1.20")

    def __init__(self, word: str, purpose: str, japanese: str, policy: str) -> None:
        self.word = word
        self.purpose = purpose
        self.japanese = japanese
        self.policy = x509.ObjectIdentifier(f"{_POLICY_ARC}.{policy}")


@dataclass(frozen=True, slots=True)
class Validity:
    """First and last day; a certificate ends at 23:59:59 Japan time of `last`."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class CertificateAuthority:
    """A self-signed root. All generations of a kind share one DN; only the key tells them apart."""

    kind: Kind
    certificate: x509.Certificate
    key: RSAPrivateKey = field(repr=False)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def key_identifier(self) -> bytes:
        return self.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a certificate names. `registered` stands only in a signing certificate: otherName suffix and value."""

    common_name: str
    localities: tuple[str, ...] = ()
    registered: tuple[tuple[int, str], ...] = field(default=(), repr=False)


def make_authority(kind: Kind, key: RSAPrivateKey, serial: int, validity: Validity) -> CertificateAuthority:
    name = _directory_name(kind)
    builder = (
        _builder(name, name, key.public_key(), serial, validity)
        .add_extension(_key_usage("key_cert_sign", "crl_sign"), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DirectoryName(_japanese_name(kind))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_distribution_point(name), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return CertificateAuthority(kind, builder.sign(key, hashes.SHA256()), key)


def issue(authority: CertificateAuthority, subject: Subject, key: RSAPublicKey, validity: Validity) -> bytes:
    """A holder's certificate, DER."""
    kind = authority.kind
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            *(x509.NameAttribute(NameOID.LOCALITY_NAME, one) for one in subject.localities),
            x509.NameAttribute(NameOID.COMMON_NAME, subject.common_name),
        ]
    )
    serial = _serial(f"{subject.common_name}/{kind.word}/{validity.first}/{validity.last}")
    usages = ("digital_signature",) if kind is Kind.AUTHENTICATION else ("digital_signature", "content_commitment")
    builder = _builder(_directory_name(kind), name, key, serial, validity)
    builder = builder.add_extension(_key_usage(*usages), critical=True)
    if subject.registered:
        builder = builder.add_extension(_registered(subject.registered), critical=False)
    return (
        builder.add_extension(
            x509.CertificatePolicies([x509.PolicyInformation(kind.policy, [_CPS])]),
            critical=True,
        )
        .add_extension(x509.IssuerAlternativeName([x509.DirectoryName(_japanese_name(kind))]), critical=False)
        .add_extension(_distribution_point(_crl_name(kind)), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier(authority.key_identifier, None, None),
            critical=False,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .sign(authority.key, hashes.SHA256())
        .public_bytes(Encoding.DER)
    )


def revocation_list(authority: CertificateAuthority, revoked: Sequence[int], day: date) -> bytes:
    """CRL, DER, of the serial numbers in `revoked`; good for a year, since no sandbox re-issues it by the day."""
    issued = datetime.combine(day, time(tzinfo=UTC))
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(issued)
        .next_update(issued.replace(year=day.year + 1, day=1))
        .add_extension(x509.AuthorityKeyIdentifier(authority.key_identifier, None, None), critical=False)
        .add_extension(x509.CRLNumber(day.toordinal()), critical=False)
    )
    for serial in sorted(revoked):
        one = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(issued)
        reason = x509.CRLReason(x509.ReasonFlags.affiliation_changed)
        builder = builder.add_revoked_certificate(one.add_extension(reason, critical=False).build())
    return builder.sign(authority.key, hashes.SHA256()).public_bytes(Encoding.DER)


def _builder(
    issuer: x509.Name, subject: x509.Name, key: RSAPublicKey, serial: int, validity: Validity
) -> x509.CertificateBuilder:
    return x509.CertificateBuilder(
        issuer_name=issuer,
        subject_name=subject,
        public_key=key,
        serial_number=serial,
        not_valid_before=datetime.combine(validity.first, _MORNING),
        not_valid_after=datetime.combine(validity.last, _END_OF_DAY_JST),
    )


def _serial(seed: str) -> int:
    """Positive, four bytes, the same for the same certificate."""
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4], "big") & 0x3FFFFFFF | 0x40000000


def _key_usage(*usages: str) -> x509.KeyUsage:
    every = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{usage: usage in usages for usage in every})


def _registered(values: Sequence[tuple[int, str]]) -> x509.SubjectAlternativeName:
    """基本4情報 as otherNames, each a UTF8String."""
    return x509.SubjectAlternativeName(
        [
            x509.OtherName(x509.ObjectIdentifier(f"{_NAME_ARC}.{suffix}"), asn1.encode_der(value))
            for suffix, value in values
        ]
    )


def _directory_name(kind: Kind) -> x509.Name:
    return _name(ORGANIZATION, f"{ORGANIZATION} for {kind.purpose}", _AGENCY)


def _japanese_name(kind: Kind) -> x509.Name:
    return _name(_JAPANESE_ORGANIZATION, kind.japanese, "見本機構（実在しません）")


def _crl_name(kind: Kind) -> x509.Name:
    units = (f"{ORGANIZATION} for {kind.purpose}", "CRL Distribution Points", "Mihon-ken")
    return _name(ORGANIZATION, *units, common_name="Kakuu-shi CRLDP")


def _name(organization: str, *units: str, common_name: str | None = None) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
            *(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit) for unit in units),
            *([x509.NameAttribute(NameOID.COMMON_NAME, common_name)] if common_name else []),
        ]
    )


def _distribution_point(name: x509.Name) -> x509.CRLDistributionPoints:
    return x509.CRLDistributionPoints([x509.DistributionPoint([x509.DirectoryName(name)], None, None, None)])
