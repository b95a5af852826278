"""A tiny authority of the tests' own: certificates of holders, card issuers, cards. Keys are made once a run."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import NoDigestInfo
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from myna_app.formats.card_face import FaceProof
from myna_backend.encodings import to_base64url

NOW = datetime(2026, 11, 20, 1, 2, 15, tzinfo=UTC)
"""The day of the contract's examples."""
POLICY = "1.2.392.200149.8.5.1.3.30"
AUTHORITY_KEY_ID = b"7000023" + b"\x08\x05" + b"001" + bytes(4)
MUNICIPALITY_KEY_ID = b"7999999" + b"\x08\x05" + b"000" + bytes(4)
BORN = "19850412"
LATER = NOW + timedelta(days=400)


@cache
def key(name: str) -> RSAPrivateKey:
    """The RSA-2048 key of a party of the tests."""
    assert name
    return generate_private_key(public_exponent=65537, key_size=2048)


def sign(name: str, message: bytes) -> bytes:
    return key(name).sign(message, PKCS1v15(), SHA256())


def modulus(name: str) -> bytes:
    return key(name).public_key().public_numbers().n.to_bytes(256, "big")


def authority_name(organisation: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "tests, user authentication"),
        ]
    )


def usage(**given: bool) -> x509.KeyUsage:
    names = (
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
    return x509.KeyUsage(**{name: given.get(name, False) for name in names})


@dataclass(frozen=True)
class Authority:
    """A root in the profile of the real ones: subjectAltName, no authorityKeyIdentifier, no path length."""

    signer: str = "authority"
    organisation: str = "MYNA-TESTS"
    not_before: datetime = NOW - timedelta(days=3000)
    not_after: datetime = NOW + timedelta(days=3000)

    @cached_property
    def certificate(self) -> x509.Certificate:
        name, mine = authority_name(self.organisation), key(self.signer)
        alternative = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "見本")])
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .serial_number(1)
            .public_key(mine.public_key())
            .not_valid_before(self.not_before)
            .not_valid_after(self.not_after)
            .add_extension(usage(key_cert_sign=True, crl_sign=True), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DirectoryName(alternative)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(_crl_point(name), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(mine.public_key()), critical=False)
            .sign(mine, SHA256())
        )

    @property
    def key_id(self) -> str:
        extension = self.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
        return extension.value.digest.hex()

    def crl(self, *serials: int, signer: str | None = None) -> bytes:
        builder = x509.CertificateRevocationListBuilder(
            self.certificate.subject, NOW - timedelta(days=1), NOW + timedelta(days=30)
        )
        for serial in serials:
            revoked = x509.RevokedCertificateBuilder(serial, NOW - timedelta(days=1)).build()
            builder = builder.add_revoked_certificate(revoked)
        return builder.sign(key(signer or self.signer), SHA256()).public_bytes(Encoding.DER)


@dataclass(frozen=True)
class Holder:
    """What goes into a user-authentication certificate; the defaults are the profile of a real one."""

    serial: int = 0xABC
    authority: Authority = field(default_factory=Authority)
    not_before: datetime = NOW - timedelta(days=1000)
    not_after: datetime = LATER
    policy: str = POLICY
    usage: x509.KeyUsage = field(default_factory=lambda: usage(digital_signature=True))
    more: Sequence[tuple[x509.ExtensionType, bool]] = ()
    signer: str | None = None
    """Another key than the authority's."""

    @cached_property
    def certificate(self) -> bytes:
        issuer = self.authority.certificate
        holder_key = key("holder").public_key()
        qualifier = x509.PolicyInformation(x509.ObjectIdentifier(self.policy), ["http://www.jpki.go.jp/cps.html"])
        key_id = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        name = [(NameOID.COUNTRY_NAME, "JP"), (NameOID.COMMON_NAME, "0000000TESTS00000000A")]
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(kind, text) for kind, text in name]))
            .issuer_name(issuer.subject)
            .serial_number(self.serial)
            .public_key(holder_key)
            .not_valid_before(self.not_before)
            .not_valid_after(self.not_after)
            .add_extension(self.usage, critical=True)
            .add_extension(x509.CertificatePolicies([qualifier]), critical=True)
            .add_extension(_crl_point(issuer.subject), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(key_id), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(holder_key), critical=False)
        )
        for extension, critical in self.more:
            builder = builder.add_extension(extension, critical=critical)
        return builder.sign(key(self.signer or self.authority.signer), SHA256()).public_bytes(Encoding.DER)

    @property
    def row(self) -> Mapping[str, str]:
        """As a person's certificate stands in persons.jsonl."""
        return {"issuer_key_id": self.authority.key_id, "serial": f"{self.serial:x}"}


def _crl_point(name: x509.Name) -> x509.CRLDistributionPoints:
    return x509.CRLDistributionPoints([x509.DistributionPoint([x509.DirectoryName(name)], None, None, None)])


def rsa_object(name: str) -> bytes:
    """``90 03 010001``, ``91 82 0100``, modulus: 265 bytes."""
    return bytes.fromhex("900301000191820100") + modulus(name)


def birth_date_record(born: str = BORN, card: str = "card", issuer: str = "municipality") -> bytes:
    """EF 0001 of 券面事項確認AP, 547 bytes."""
    signed = b"\xdf\x11\x08" + born.encode() + b"\xdf\x12\x82\x01\x09" + rsa_object(card)
    return b"\xff\x10\x82\x02\x1e" + signed + b"\xdf\x13\x82\x01\x00" + sign(issuer, signed)


def issuer_certificate(
    subject: str = "municipality", authority: str = "card authority", authority_id: bytes = AUTHORITY_KEY_ID
) -> bytes:
    """EF 0004 of 券面事項確認AP, 568 bytes."""
    body = authority_id + MUNICIPALITY_KEY_ID + rsa_object(subject)
    content = b"\x5f\x4e\x82\x01\x29" + body + b"\x5f\x37\x82\x01\x00" + sign(authority, body)
    return b"\x7f\x21\x82\x02\x33" + content


def face_proof(
    card: str = "card", issuer: str = "municipality", photograph: bytes = b"photograph", shown: bytes = b"photograph"
) -> FaceProof:
    """The parts of EF 0002 of 券面事項確認AP that prove its photograph; `shown` is the one whose digest is sent."""
    first = (b"\xdf\x22\x08" + BORN.encode(), b"\xdf\x23\x011", b"\xdf\x24\x82\x01\x09" + rsa_object(card))
    h1, h2, h3 = (sha256(part).digest() for part in (b"".join(first), b"name and address", photograph))
    digest_info = bytes.fromhex("3071300D060960864801650304020105000460") + h1 + h2 + h3
    signature = key(issuer).sign(digest_info, PKCS1v15(), NoDigestInfo())
    return FaceProof(*first, h2, sha256(shown).digest(), b"\xdf\x28\x82\x01\x00" + signature)


def face_body(proof: FaceProof | None = None, issuer: bytes | None = None) -> dict[str, str]:
    """Body of ``PUT …/photograph``."""
    parts = {**asdict(proof or face_proof()), "issuer_certificate": issuer or issuer_certificate()}
    return {name: to_base64url(part) for name, part in parts.items()}


CARD_ISSUER_ROW = {"key_id": AUTHORITY_KEY_ID.hex(), "exponent": 65537}
MEDICAL = {
    "verdict": 1,
    "results": [
        {
            "insured_card_classification": "01",
            "insurer_number": "06990014",
            "name": "架空　一郎",
            "sex1": "1",
            "birthdate": BORN,
            "insurer_name": "架空健康保険組合",
        }
    ],
}


def person(person_id: str = "p01", *holders: Holder, **changes: Any) -> dict[str, Any]:
    """A line of persons.jsonl."""
    row = {
        "id": person_id,
        "certificates": [holder.row for holder in holders or (Holder(),)],
        "birth_date": BORN,
        "birth_date_form": "era",
        "birth_date_key": "600412",
        "medical": MEDICAL,
        "care": None,
    }
    return {**row, **changes}


def write_export(
    folder: Path,
    persons: Sequence[Mapping[str, Any]],
    authorities: Sequence[Authority] = (Authority(),),
    crls: Sequence[bytes] = (),
    mode: str = "sandbox",
) -> Path:
    """A folder for `myna-backend load`."""
    for sub in ("roots", "crls"):
        (folder / sub).mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps({"schema": 1, "mode": mode, "made_on": "2026-11-20"}))
    (folder / "persons.jsonl").write_text("".join(json.dumps(one) + "\n" for one in persons))
    issuer = {**CARD_ISSUER_ROW, "modulus": modulus("card authority").hex()}
    (folder / "card_issuers.jsonl").write_text(json.dumps(issuer) + "\n")
    for number, authority in enumerate(authorities):
        (folder / "roots" / f"{number}.pem").write_bytes(authority.certificate.public_bytes(Encoding.PEM))
    for number, crl in enumerate(crls):
        (folder / "crls" / f"{number}.crl").write_bytes(crl)
    return folder
