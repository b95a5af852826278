"""One person of the deck: a TOML file, read for a reference day.

::

    about = { ja = "…", en = "…" }      what the person is for, one line each
    twin_of = "p01"                     the same holder, numbers and plan as that person; [card] here adds to it
    [holder]   name kana sex birth_date birth_date_known birth_date_form registered_form address
    [card]     kind issued certificate_issued ends generation flaw certificate signing_certificate pin password
               serial municipality individual_number security_code common_name
    [card.tries_left]                   e.g. "SURFACE.0011" = 4
    [eligibility]                       the JSON of `myna_app.formats.eligibility.MedicalAnswer`
    [care]                              介護 record: what the office's page shows
    [opensc]   refusal, or certificates keys    what OpenSC reports, where that is not both certificates and keys

The care record, with codes as in the municipal systems: insurer_number insurer_name, insured_number (H… for みなし2号),
insured_classification (被保険者区分), specific_disease (特定疾病), name name_kana sex birthdate address,
care_level (要介護状態区分), certified_on certified_from certified_to (認定日, 認定有効期間),
monthly_limit_units (区分支給限度基準額), burden_ratio burden_from burden_to (負担割合, percent),
limit_stage limit_from limit_to limit_meal_yen (負担限度額認定),
public_expense_payer_number public_expense_recipient_number (公費), care_manager_name care_manager_number
care_manager_since (居宅介護支援事業者).

Dates are in the notation of `myna_sandbox.deck.dates`. What is left out is derived from the id.
"""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum, unique
from importlib import resources
from typing import Any

from myna_app.formats.era import birth_date_key, gregorian_birth_date_key
from myna_sandbox.authorities import Generation
from myna_sandbox.certificates import Validity
from myna_sandbox.deck.dates import birthday_after, resolve, resolve_all

MUNICIPALITY = "99003"
"""見本県架空市: no prefecture has the number 99."""
ADDRESS = "見本県架空市例示町一丁目２番３号"
ADULT, SIGNING = 18, 15
"""Ages from which a card lasts ten birthdays instead of five, and from which it carries a signing certificate."""


@unique
class CardKind(StrEnum):
    CARD = "card"
    ANDROID = "android"
    IPHONE = "iphone"
    BLANK = "blank"


@unique
class BirthDateForm(StrEnum):
    """How the card's birth-date key is made; Gregorian is the best guess for holders without an era date."""

    ERA = "era"
    GREGORIAN = "gregorian"


@unique
class Flaw(StrEnum):
    """What is wrong with the card."""

    NONE = "none"
    REVOKED = "revoked"
    """The certificate stands in the revocation list."""
    UNKNOWN_ISSUER = "unknown_issuer"
    """The certificate's root is not exported."""
    UNKNOWN_CARD_ISSUER = "unknown_card_issuer"
    """The card record's root is not exported."""
    COPIED = "copied"
    """Files of the genuine card, keys of another."""
    REISSUED = "reissued"
    """The certificate of a genuine card on another genuine card, with its own key and record."""
    FORGED = "forged"
    """Records signed by a key that the issuer's certificate does not certify."""
    BROKEN = "broken"
    """Reading the certificate answers 6F00."""
    GARBLED = "garbled"
    """The certificate's file holds noise."""


@dataclass(frozen=True, slots=True)
class Holder:
    """`birth_date_known` is YYYYMMDD as registered, with 00 for what is not known; `birth_date` a day that fits it.

    `registered_form` is the form the backend expects of the card's key; in an honest register the card's own.
    """

    name: str = field(repr=False)
    kana: str = field(repr=False)
    sex: str = field(repr=False)
    birth_date: date = field(repr=False)
    birth_date_known: str = field(repr=False)
    birth_date_form: BirthDateForm
    registered_form: BirthDateForm
    address: str = field(repr=False)

    def key(self, form: BirthDateForm) -> str:
        """生年月日 key: six digits."""
        match form:
            case BirthDateForm.ERA:
                return birth_date_key(self.birth_date)
            case BirthDateForm.GREGORIAN:
                return gregorian_birth_date_key(self.birth_date)


@dataclass(frozen=True, slots=True)
class CardPlan:
    """How the card is made; dates are resolved."""

    kind: CardKind
    flaw: Flaw
    generation: Generation
    issued: date
    ends: date
    certificate_validity: Validity
    certificate: bool
    signing_certificate: bool
    pin: str | None = field(repr=False)
    password: str | None = field(repr=False)
    serial: str
    municipality: str
    individual_number: str = field(repr=False)
    security_code: str = field(repr=False)
    common_name: str
    tries_left: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class OpenscReport:
    """What OpenSC, a stranger to this project, must report of a card.

    `refusal` are the words it ends with where it does not take the card at all; `certificates` are the readable ones by
    its own ids, 01 利用者証明用 and 02 署名用, `keys` those whose signatures verify under their certificates.
    """

    refusal: str | None
    certificates: tuple[str, ...]
    keys: tuple[str, ...]

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> "OpenscReport":
        certificates = () if "refusal" in table else tuple(table.get("certificates", ("01", "02")))
        return cls(table.get("refusal"), certificates, tuple(table.get("keys", certificates)))


@dataclass(frozen=True, slots=True)
class Person:
    """`eligibility` and `care` are JSON-like, with their dates resolved; None where there is no entry."""

    id: str
    about_ja: str
    about_en: str
    twin_of: str | None
    holder: Holder
    card: CardPlan
    eligibility: Mapping[str, Any] | None = field(repr=False)
    care: Mapping[str, Any] | None = field(repr=False)
    opensc: OpenscReport

    @property
    def is_in_register(self) -> bool:
        """Whether the person has an entry of their own at the backend: a certificate, and not somebody else's."""
        return self.card.certificate and self.card.kind is not CardKind.BLANK and self.twin_of is None


def load_deck(reference: date) -> dict[str, Person]:
    """Every person by id, in the order of the ids."""
    files = resources.files("myna_sandbox.deck")
    tables = {
        entry.name.removesuffix(".toml"): tomllib.loads(entry.read_text("utf-8"))
        for entry in files.iterdir()
        if entry.name.endswith(".toml")
    }
    return {name: _person(name, tables, reference) for name in sorted(tables, key=_order)}


def _order(name: str) -> tuple[int, str]:
    """The persons of the reference deck (p01…, x1…) before the troublesome."""
    return (re.match(r"[px]\d", name) is None, name)


def _person(name: str, tables: Mapping[str, dict[str, Any]], reference: date) -> Person:
    table = tables[name]
    twin_of = table.get("twin_of")
    origin = tables[twin_of] if twin_of else {}
    holder = _holder({**origin.get("holder", {}), **table.get("holder", {})}, reference)
    plan = _plan(twin_of or name, {**origin.get("card", {}), **table.get("card", {})}, holder.birth_date, reference)
    named = {"birth": holder.birth_date}
    return Person(
        id=name,
        about_ja=table["about"]["ja"],
        about_en=table["about"]["en"],
        twin_of=twin_of,
        holder=holder,
        card=plan,
        eligibility=resolve_all(table.get("eligibility"), reference, named),
        care=resolve_all(table.get("care"), reference, named),
        opensc=OpenscReport.read(table.get("opensc", {})),
    )


def _holder(table: Mapping[str, str], reference: date) -> Holder:
    birth = resolve(table["birth_date"], reference)
    form = table.get("birth_date_form", "era")
    return Holder(
        name=table["name"],
        kana=table["kana"],
        sex=table["sex"],
        birth_date=birth,
        birth_date_known=table.get("birth_date_known", f"{birth:%Y%m%d}"),
        birth_date_form=BirthDateForm(form),
        registered_form=BirthDateForm(table.get("registered_form", form)),
        address=table.get("address", ADDRESS),
    )


def _plan(seed: str, table: Mapping[str, Any], birth: date, reference: date) -> CardPlan:
    issued = resolve(table["issued"], reference)
    renewed = resolve(table["certificate_issued"], reference) if "certificate_issued" in table else issued
    birthdays = 10 if birthday_after(birth, birth, ADULT) <= issued else 5
    ends = resolve(table["ends"], reference) if "ends" in table else birthday_after(birth, issued, birthdays)
    of_age = birthday_after(birth, birth, SIGNING) <= renewed
    digits = str(int.from_bytes(hashlib.sha256(seed.encode()).digest(), "big"))
    municipality = table.get("municipality", MUNICIPALITY)
    return CardPlan(
        kind=CardKind(table.get("kind", "card")),
        flaw=Flaw(table.get("flaw", "none")),
        generation=Generation[table.get("generation", "second").upper()],
        issued=issued,
        ends=ends,
        certificate_validity=Validity(renewed, min(ends, birthday_after(birth, renewed, 5))),
        certificate=table.get("certificate", True),
        signing_certificate=table.get("signing_certificate", of_age),
        pin=table.get("pin", "1234") or None,
        password=table.get("password", "ABC123") or None,
        serial=table.get("serial", f"990000{digits[:9]}"),
        municipality=municipality,
        individual_number=table.get("individual_number", invented_individual_number(digits[9:20])),
        security_code=table.get("security_code", digits[20:24]),
        common_name=table.get("common_name", f"99{digits[24:30]}SAMPLE{municipality}001A"),
        tries_left=table.get("tries_left", {}),
    )


def invented_individual_number(body: str) -> str:
    """Twelve digits that can be nobody's: the check digit of the eleven is wrong (個人番号の検査用数字, 省令第5条)."""
    weighted = sum(
        int(digit) * (place + 1 if place <= 6 else place - 5)  # noqa: PLR2004 - Q of the ordinance
        for place, digit in enumerate(reversed(body), start=1)
    )
    remainder = weighted % 11
    check = 0 if remainder <= 1 else 11 - remainder
    return body + str((check + 1) % 10)
