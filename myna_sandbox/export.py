"""Hands the deck to a backend as files: `myna-sandbox deck export DIR`, then `myna-backend load DIR`.

::

    manifest.json        {"schema": 1, "mode": "sandbox", "made_on": "YYYY-MM-DD"}
    persons.jsonl        one person a line: id, certificates [{issuer_key_id, serial}], birth_date YYYYMMDD ("00" where
                         unknown), birth_date_form "era" or "gregorian", birth_date_key (six digits, or null: staff type
                         what is printed), medical (MedicalAnswer or null), care (record or null)
    roots/*.pem          roots of user authentication
    crls/*.crl           one DER list for each root
    card_issuers.jsonl   one root of card records a line: key_id (32 digits), modulus (both hexadecimal), exponent

`issuer_key_id` is the root's subjectKeyIdentifier, `serial` has no leading zeros; both lower-case hexadecimal. Roots
that no backend is meant to know are not written.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from myna_sandbox.deck.person import Person
from myna_sandbox.personalise import Sandbox

SCHEMA = 1
MODE = "sandbox"


def export_deck(sandbox: Sandbox, folder: Path) -> None:
    """Write everything, over what an earlier export left in `folder`."""
    for sub in ("roots", "crls"):
        (folder / sub).mkdir(parents=True, exist_ok=True)
    manifest = {"schema": SCHEMA, "mode": MODE, "made_on": sandbox.reference_day.isoformat()}
    (folder / "manifest.json").write_text(json.dumps(manifest) + "\n", "utf-8")
    people = (_person(sandbox, one) for one in sandbox.persons.values() if one.is_in_register)
    _write_lines(folder / "persons.jsonl", people)
    for number, authority in enumerate(sandbox.trusted_authorities(), start=1):
        pem = authority.certificate.public_bytes(Encoding.PEM)
        (folder / "roots" / f"user-authentication-{number}.pem").write_bytes(pem)
        (folder / "crls" / f"user-authentication-{number}.crl").write_bytes(sandbox.revocation_list(authority))
    root = sandbox.authorities.surface_root()
    numbers = root.key.public_key().public_numbers()
    issuer = {"key_id": root.key_id.hex(), "modulus": f"{numbers.n:x}", "exponent": numbers.e}
    _write_lines(folder / "card_issuers.jsonl", [issuer])


def _person(sandbox: Sandbox, person: Person) -> Mapping[str, Any]:
    holder = person.holder
    known_to_the_day = holder.birth_date_known == f"{holder.birth_date:%Y%m%d}"
    return {
        "id": person.id,
        "certificates": [_certificate(der)] if (der := sandbox.certificate(person)) else [],
        "birth_date": holder.birth_date_known,
        "birth_date_form": holder.registered_form,
        "birth_date_key": holder.key(holder.registered_form) if known_to_the_day else None,
        "medical": person.eligibility,
        "care": person.care,
    }


def _certificate(der: bytes) -> Mapping[str, str]:
    certificate = x509.load_der_x509_certificate(der)
    issuer = certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
    assert issuer
    return {"issuer_key_id": issuer.hex(), "serial": f"{certificate.serial_number:x}"}


def _write_lines(path: Path, entries: Iterable[Mapping[str, Any]]) -> None:
    lines = (json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries)
    path.write_text("".join(lines), "utf-8")
