"""The trust anchors in the store: replaced as a whole by `load`, read at every visit from memory while unchanged."""

import threading
from collections.abc import Iterable

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from myna_backend.evidence.anchors import Anchors, Root, read_root, with_crl
from myna_backend.evidence.card import rsa_key
from myna_backend.evidence.modes import Mode
from myna_backend.store.tables import CardIssuerKey, Meta, TrustRoot

_REVISION = "trust_revision"


class AnchorCache:
    """The anchors of one store, read again when another process has replaced them."""

    def __init__(self, mode: Mode) -> None:
        self._mode = mode
        self._lock = threading.Lock()
        self._revision: str | None = None
        self._anchors = Anchors((), {})

    def get(self, session: Session) -> Anchors:
        revision = session.scalar(select(Meta.value).where(Meta.key == _REVISION))
        with self._lock:
            if revision != self._revision:
                self._anchors, self._revision = _read(session, self._mode), revision
            return self._anchors


def replace_anchors(
    session: Session, roots: Iterable[tuple[Root, bytes | None]], card_issuers: Iterable[CardIssuerKey], revision: str
) -> None:
    """Makes these the anchors: roots with their revocation list (DER), and issuers' keys."""
    session.execute(delete(TrustRoot))
    session.execute(delete(CardIssuerKey))
    for root, crl in roots:
        der = root.certificate.public_bytes(Encoding.DER)
        session.add(TrustRoot(key_id=root.key_id, certificate=der, crl=crl))
    session.add_all(card_issuers)
    session.merge(Meta(key=_REVISION, value=revision))


def _read(session: Session, mode: Mode) -> Anchors:
    """The mode is checked here too, so that a row somebody else wrote cannot mix hierarchies."""
    roots = tuple(_root(mode, row) for row in session.scalars(select(TrustRoot)))
    issuers = {bytes.fromhex(row.key_id): row.modulus for row in session.scalars(select(CardIssuerKey))}
    return Anchors(
        roots,
        {
            key_id: rsa_key(int.from_bytes(modulus, "big"))
            for key_id, modulus in issuers.items()
            if mode.trusts_card_issuer(key_id)
        },
    )


def _root(mode: Mode, row: TrustRoot) -> Root:
    root = read_root(mode, x509.load_der_x509_certificate(row.certificate))
    return root if row.crl is None else with_crl((root,), x509.load_der_x509_crl(row.crl))
