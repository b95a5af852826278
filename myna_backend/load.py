"""`myna-backend load DIR`: the register of persons and the trust anchors, from files.

::

    manifest.json        {"schema": 1, "mode": "sandbox", "made_on": "YYYY-MM-DD"}
    persons.jsonl        one person a line, see `PersonRow`
    roots/*.pem          authorities of user authentication
    crls/*.crl           their revocation lists, DER
    card_issuers.jsonl   one key a line, see `CardIssuerRow`

Persons are added or replaced one by one; the anchors become those of the folder. What does not fit is reported with
file, line and field and left out, the rest is kept; loading twice changes nothing. Reports name no value of a row.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from secrets import token_hex
from typing import Annotated, Any, Literal, TypeVar

from cryptography import x509
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from sqlalchemy import delete
from sqlalchemy.orm import Session

from myna_app.formats.bounds import Text
from myna_app.formats.eligibility import MedicalAnswer
from myna_app.formats.era import ERAS, is_birth_date_key
from myna_backend.eligibility import MEDICAL_ANSWER
from myna_backend.evidence.anchors import AnchorError, Root, read_root, with_crl
from myna_backend.evidence.card import EXPONENT, rsa_key
from myna_backend.evidence.modes import Mode
from myna_backend.store.engine import Store
from myna_backend.store.tables import CardIssuerKey, Certificate, KeyForm, Person
from myna_backend.trust import replace_anchors

_Row = TypeVar("_Row", bound=BaseModel)


class LoadError(ValueError):
    """The folder as a whole cannot be loaded."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """Something that was left out; `line` is None for files that have none."""

    file: str
    line: int | None
    field: str
    reason: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.field}: {self.reason}" if self.field else f"{place}: {self.reason}"


@dataclass(frozen=True, slots=True)
class LoadReport:
    persons: int
    roots: int
    crls: int
    card_issuers: int
    bad_rows: tuple[BadRow, ...]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


class Manifest(_File):
    schema_: Annotated[Literal[1], Field(alias="schema")]
    mode: Mode
    made_on: date


class CertificateRow(_File):
    issuer_key_id: Annotated[str, Text(64, pattern=r"^([0-9a-f]{2})+$")]
    serial: Annotated[str, Text(40, pattern=r"^[1-9a-f][0-9a-f]*$")]


class PersonRow(_File):
    """`birth_date` has ``00`` for unknown parts; without a `birth_date_key` staff are asked for the printed date."""

    id: Annotated[str, Text(64)]
    certificates: tuple[CertificateRow, ...]
    birth_date: Annotated[str, Text(8, 8, r"^[0-9]{8}$")]
    birth_date_form: KeyForm
    birth_date_key: str | None
    medical: MedicalAnswer | None
    care: dict[str, Any] | None

    @field_validator("birth_date")
    @classmethod
    def _is_possible(cls, value: str) -> str:
        year, month, day = int(value[:4]), int(value[4:6]), int(value[6:])
        # Every day of any year exists in a leap year.
        if date(year or 2000, month or 1, day or 1) < ERAS[-1].first:
            raise ValueError("before 明治")
        return value

    @field_validator("birth_date_key")
    @classmethod
    def _is_key(cls, value: str | None) -> str | None:
        if value is not None and not is_birth_date_key(value):
            raise ValueError("not a birth-date key")
        return value


class CardIssuerRow(_File):
    key_id: Annotated[str, Text(32, 32, r"^[0-9a-f]{32}$")]
    modulus: Annotated[str, Text(512, 512, r"^[0-9a-f]{512}$")]
    exponent: Literal[65537]

    @field_validator("modulus")
    @classmethod
    def _is_modulus(cls, value: str) -> str:
        rsa_key(int(value, 16), EXPONENT)
        return value


def load(store: Store, mode: Mode, folder: Path) -> LoadReport:
    """Raises `LoadError` where the manifest does not fit this program or the mode."""
    _check_manifest(mode, folder)
    bad: list[BadRow] = []
    roots, lists = _read_roots(mode, folder, bad.append)
    issuers = _read_card_issuers(mode, folder, bad.append)
    persons = 0
    with store.writing() as session:
        replace_anchors(session, ((root, lists.get(root.key_id)) for root in roots), issuers, token_hex())
        for line, row in _rows(folder / "persons.jsonl", PersonRow, bad.append):
            taken = _taken_by_another(session, row)
            if taken:
                bad.append(BadRow("persons.jsonl", line, "certificates", "belongs to another person already"))
                continue
            _put(session, row)
            persons += 1
    return LoadReport(persons, len(roots), len(lists), len(issuers), tuple(bad))


def _check_manifest(mode: Mode, folder: Path) -> None:
    try:
        manifest = Manifest.model_validate_json((folder / "manifest.json").read_bytes())
    except (OSError, ValidationError) as error:
        raise LoadError(f"manifest.json cannot be read ({type(error).__name__})") from None
    if manifest.mode is not mode:
        raise LoadError(f"the folder is of mode {manifest.mode}, the server of mode {mode}")


def _read_roots(mode: Mode, folder: Path, report: Callable[[BadRow], None]) -> tuple[list[Root], dict[str, bytes]]:
    """The roots, and revocation lists (DER) by root's key id."""
    roots: dict[str, Root] = {}
    for file in sorted((folder / "roots").glob("*.pem")):
        try:
            root = read_root(mode, x509.load_pem_x509_certificate(file.read_bytes()))
        except (OSError, ValueError) as error:
            report(BadRow(f"roots/{file.name}", None, "", _reason(error)))
        else:
            roots[root.key_id] = root
    lists: dict[str, bytes] = {}
    for file in sorted((folder / "crls").glob("*.crl")):
        try:
            der = file.read_bytes()
            lists[with_crl(roots.values(), x509.load_der_x509_crl(der)).key_id] = der
        except (OSError, ValueError) as error:
            report(BadRow(f"crls/{file.name}", None, "", _reason(error)))
    return list(roots.values()), lists


def _read_card_issuers(mode: Mode, folder: Path, report: Callable[[BadRow], None]) -> list[CardIssuerKey]:
    keys: dict[str, CardIssuerKey] = {}
    for line, row in _rows(folder / "card_issuers.jsonl", CardIssuerRow, report):
        if mode.trusts_card_issuer(bytes.fromhex(row.key_id)):
            keys[row.key_id] = CardIssuerKey(key_id=row.key_id, modulus=bytes.fromhex(row.modulus))
        else:
            report(BadRow("card_issuers.jsonl", line, "key_id", f"not of mode {mode}"))
    return list(keys.values())


def _rows(file: Path, kind: type[_Row], report: Callable[[BadRow], None]) -> Iterator[tuple[int, _Row]]:
    """Line numbers and rows of a file of JSON lines; what is no row is reported, a missing file too."""
    try:
        lines = file.read_bytes().splitlines()
    except OSError as error:
        report(BadRow(file.name, None, "", _reason(error)))
        return
    for number, line in enumerate(lines, start=1):
        try:
            yield number, kind.model_validate_json(line)
        except ValidationError as error:
            for item in error.errors(include_url=False, include_context=False, include_input=False):
                field = ".".join(str(part) for part in item["loc"])
                report(BadRow(file.name, number, field, item["type"]))


def _reason(error: Exception) -> str:
    """Messages of this program are safe to print; of others only the kind is told."""
    return str(error) if isinstance(error, AnchorError) else type(error).__name__


def _taken_by_another(session: Session, row: PersonRow) -> bool:
    held = (session.get(Certificate, (one.issuer_key_id, one.serial)) for one in row.certificates)
    return any(certificate is not None and certificate.person_id != row.id for certificate in held)


def _put(session: Session, row: PersonRow) -> None:
    session.merge(
        Person(
            person_id=row.id,
            birth_date=row.birth_date,
            birth_date_form=row.birth_date_form,
            birth_date_key=row.birth_date_key,
            medical=row.medical and MEDICAL_ANSWER.dump_json(row.medical, exclude_defaults=True).decode(),
            care=row.care and json.dumps(row.care, ensure_ascii=False),
        )
    )
    session.flush()
    session.execute(delete(Certificate).where(Certificate.person_id == row.id))
    for one in dict.fromkeys(row.certificates):
        session.add(Certificate(issuer_key_id=one.issuer_key_id, serial=one.serial, person_id=row.id))
    session.flush()
