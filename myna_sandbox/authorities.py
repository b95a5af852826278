"""The sandbox's authorities: X.509 roots, roots of card-verifiable certificates, and municipal issuing keys.

Key ids begin with 7: neither 5 (production) nor 6 (JPKI's test hierarchy). What these keys sign verifies nowhere else.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, unique

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from myna_sandbox.certificates import CertificateAuthority, Kind, Validity, make_authority
from myna_sandbox.home import Home
from myna_sandbox.virtual_card.records import Issuer, cv_certificate, key_id


@unique
class Generation(IntEnum):
    """Generations of a root; the last is real to the card that carries it and known to no backend."""

    FIRST = 1
    SECOND = 2
    UNKNOWN = 9


_LIFETIMES = {
    Generation.FIRST: Validity(date(2015, 10, 20), date(2045, 10, 19)),
    Generation.SECOND: Validity(date(2019, 9, 14), date(2049, 9, 13)),
    Generation.UNKNOWN: Validity(date(2019, 9, 14), date(2049, 9, 13)),
}


@dataclass(frozen=True, slots=True)
class CvRoot:
    """Signs the CV certificates of municipal issuing keys; `key_id` is 16 bytes."""

    key_id: bytes
    key: RSAPrivateKey = field(repr=False)


class Authorities:
    """Everything that vouches, from the keys of one home."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def certificate_authority(self, kind: Kind, generation: Generation) -> CertificateAuthority:
        key = self._home.key(f"ca-{kind.word}-{generation}")
        serial = generation * 0x010000 + (1 if kind is Kind.AUTHENTICATION else 2)
        return make_authority(kind, key, serial, _LIFETIMES[generation])

    def surface_root(self, *, known: bool = True) -> CvRoot:
        """Root above 券面事項確認AP 0004."""
        return self._root("7000023" if known else "7900023")

    def surface_issuer(self, municipality: str, *, known: bool = True) -> Issuer:
        root = self.surface_root(known=known)
        return self._issuer(root, municipality, "surface" if known else "surface-unknown")

    def text_issuer(self, municipality: str) -> Issuer:
        """Issuer certificate of 券面入力補助AP 0004."""
        return self._issuer(self._root("7000033"), municipality, "text")

    def manager_key_id(self) -> bytes:
        """Key id of the intermediate of the card-manager level."""
        return key_id("7100020", padding="000000A8")

    def manager_certificates(self) -> tuple[bytes, bytes]:
        """CV certificates of the card-manager level: root → intermediate → a key of unknown purpose."""
        root = CvRoot(key_id("7000020", padding="000000A8"), self._home.key("cv-root-7000020"))
        intermediate, last = self._home.key("cv-manager-intermediate"), self._home.key("cv-manager")
        middle_id = self.manager_key_id()
        return (
            cv_certificate(root.key_id, root.key, middle_id, intermediate.public_key()),
            cv_certificate(middle_id, intermediate, key_id("7200020"), last.public_key()),
        )

    def forger(self, genuine: Issuer) -> Issuer:
        """Shows a genuine issuer's certificate and signs with a key that it does not certify."""
        return Issuer(genuine.certificate, self._home.key("forger"))

    def _root(self, number: str) -> CvRoot:
        return CvRoot(key_id(number), self._home.key(f"cv-root-{number}"))

    def _issuer(self, root: CvRoot, municipality: str, word: str) -> Issuer:
        key = self._home.key(f"issuer-{word}-{municipality}")
        subject: RSAPublicKey = key.public_key()
        return Issuer(cv_certificate(root.key_id, root.key, key_id(f"{municipality}21", "000"), subject), key)
