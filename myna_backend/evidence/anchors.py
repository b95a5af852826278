"""Trust anchors of one mode: authorities of user authentication with their revocation lists, and card issuers' keys."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from myna_backend.evidence.modes import Mode


class AnchorError(ValueError):
    """A file is no trust anchor of this mode; the text says why."""


@dataclass(frozen=True, slots=True)
class Root:
    """A self-signed authority. `key_id` is its subjectKeyIdentifier in hex, `revoked` holds serial numbers."""

    certificate: x509.Certificate
    key_id: str
    revoked: frozenset[int] = field(default=frozenset(), repr=False)

    def is_valid_at(self, moment: datetime) -> bool:
        return self.certificate.not_valid_before_utc <= moment <= self.certificate.not_valid_after_utc

    def signed(self, certificate: x509.Certificate) -> bool:
        try:
            certificate.verify_directly_issued_by(self.certificate)
        except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Anchors:
    roots: tuple[Root, ...]
    card_issuers: Mapping[bytes, RSAPublicKey]
    """By key id, all sixteen bytes of it."""

    def issuer_of(self, certificate: x509.Certificate, moment: datetime) -> Root | None:
        """Decided by signature: generations of an authority share one name."""
        return next((root for root in self.roots if root.is_valid_at(moment) and root.signed(certificate)), None)


def read_root(mode: Mode, certificate: x509.Certificate) -> Root:
    """Raises `AnchorError` unless this is a self-signed authority the mode may trust."""
    if not mode.trusts_root(certificate.subject):
        raise AnchorError(f"organisation is not one of mode {mode}")
    try:
        key_id = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest.hex()
    except (x509.ExtensionNotFound, ValueError):
        raise AnchorError("subjectKeyIdentifier is missing") from None
    root = Root(certificate, key_id)
    if not root.signed(certificate):
        raise AnchorError("not self-signed")
    return root


def with_crl(roots: Iterable[Root], crl: x509.CertificateRevocationList) -> Root:
    """The root whose key signed the list, with its serial numbers. Raises `AnchorError`."""
    for root in roots:
        key = root.certificate.public_key()
        if isinstance(key, RSAPublicKey) and crl.is_signature_valid(key):
            return Root(root.certificate, root.key_id, frozenset(entry.serial_number for entry in crl))
    raise AnchorError("signed by none of the roots")
