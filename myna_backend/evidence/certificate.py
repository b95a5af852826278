"""利用者証明用電子証明書: layout, path to a trusted root, purpose (profile: JPKI CP/CPS, as measured by myna-card).

Roots sign holders directly. The holder's profile: keyUsage critical with digitalSignature, certificatePolicies critical
with the policy of user authentication, no subjectAltName (no personal data). The roots' profile has neither
authorityKeyIdentifier nor path length, and a subjectAltName; other critical extensions occur in neither.
"""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.verification import Criticality, ExtensionPolicy, Policy, PolicyBuilder, Store, VerificationError

from myna_backend.evidence.anchors import Anchors, Root
from myna_backend.problems import Code, Refusal


@dataclass(frozen=True, slots=True)
class CertificateId:
    """Which certificate: its authority's subjectKeyIdentifier and its serial number, lower-case hex."""

    issuer_key_id: str
    serial: str


@dataclass(frozen=True, slots=True)
class CheckedCertificate:
    """Signed by a trusted root for user authentication. Whether its dates hold today is not judged yet."""

    id: CertificateId
    not_before: datetime
    ends_at: datetime
    revoked: bool
    """By its authority's list."""


def check_certificate(der: bytes, anchors: Anchors, policy_oid: str, now: datetime) -> CheckedCertificate:
    """Raises `certificate_malformed`, `certificate_issuer_unknown` or `certificate_purpose`.

    The path is validated at `now`, or at the nearer end of the certificate's validity where `now` lies outside it.
    """
    certificate = _parse(der)
    not_before, ends_at = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    moment = min(max(now, not_before), ends_at)
    root = anchors.issuer_of(certificate, moment)
    if root is None:
        raise Refusal(Code.CERTIFICATE_ISSUER_UNKNOWN)
    _require_profile(certificate, root, policy_oid, moment)
    serial = certificate.serial_number
    return CheckedCertificate(
        CertificateId(root.key_id, f"{serial:x}"), not_before, ends_at, revoked=serial in root.revoked
    )


def _parse(der: bytes) -> x509.Certificate:
    try:
        certificate = x509.load_der_x509_certificate(der)
        key = certificate.public_key()
        tuple(certificate.extensions)
        well_formed = (
            isinstance(key, RSAPublicKey)
            and certificate.serial_number > 0
            and certificate.not_valid_before_utc <= certificate.not_valid_after_utc
        )
    except Exception:  # noqa: BLE001 - the parser raises many kinds on hostile bytes; all mean the same here
        well_formed = False
    if not well_formed:
        raise Refusal(Code.CERTIFICATE_MALFORMED)
    return certificate


def _require_profile(certificate: x509.Certificate, root: Root, policy_oid: str, moment: datetime) -> None:
    verifier = (
        PolicyBuilder()
        .store(Store([root.certificate]))
        .time(moment)
        .max_chain_depth(0)
        .extension_policies(ca_policy=_root_policy(), ee_policy=_holder_policy(policy_oid))
        .build_client_verifier()
    )
    try:
        verifier.verify(certificate, [])
    except VerificationError:
        raise Refusal(Code.CERTIFICATE_PURPOSE) from None


def _root_policy() -> ExtensionPolicy:
    return (
        ExtensionPolicy.permit_all()
        .require_present(x509.BasicConstraints, Criticality.CRITICAL, _is_authority)
        .require_present(x509.KeyUsage, Criticality.CRITICAL, _signs_certificates)
    )


def _holder_policy(policy_oid: str) -> ExtensionPolicy:
    def is_for_user_authentication(_: Policy, __: x509.Certificate, policies: x509.CertificatePolicies) -> None:
        if policy_oid not in {policy.policy_identifier.dotted_string for policy in policies}:
            raise ValueError("another certificate policy")

    return (
        ExtensionPolicy.permit_all()
        .require_not_present(x509.SubjectAlternativeName)
        .require_present(x509.KeyUsage, Criticality.CRITICAL, _signs_only)
        .require_present(x509.CertificatePolicies, Criticality.CRITICAL, is_for_user_authentication)
    )


def _is_authority(_: Policy, __: x509.Certificate, constraints: x509.BasicConstraints) -> None:
    if not constraints.ca:
        raise ValueError("not an authority")


def _signs_certificates(_: Policy, __: x509.Certificate, usage: x509.KeyUsage) -> None:
    if not usage.key_cert_sign:
        raise ValueError("not a key that signs certificates")


def _signs_only(_: Policy, __: x509.Certificate, usage: x509.KeyUsage) -> None:
    """digitalSignature alone: with nonRepudiation it is a signing certificate."""
    if not usage.digital_signature or usage.content_commitment or usage.key_cert_sign:
        raise ValueError("another key usage")
