"""資格情報: what the backend answers about a visitor.

Names are the OQS elements in snake case, values are as in the OQS messages (別紙 XML レイアウト, seen through public
readers): dates YYYYMMDD, codes as text. An element that is not known is left out of the JSON and is `None` here.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum, unique
from typing import Annotated

from myna_app.formats.bounds import Code, Date8, Month6, Name, Percent, Symbol, Text, Time14


@unique
class Verdict(IntEnum):
    """資格有効性, table OQSCD006. A value that does not stand here is never shown as valid."""

    VALID = 1
    INVALID = 2
    SUPERSEDED = 3
    NOT_FOUND = 4
    MULTIPLE = 5
    VALID_UNREGISTERED = 6


@unique
class NoticeCode(StrEnum):
    """What staff should tell the visitor besides the verdict."""

    CERTIFICATE_ENDS_SOON = "certificate_ends_soon"
    """利用者証明用電子証明書 ends within three months; `date` is its last day."""
    CERTIFICATE_IN_GRACE = "certificate_in_grace"
    """The certificate has ended; eligibility alone may be confirmed until `date`."""


@dataclass(frozen=True, slots=True)
class Notice:
    code: Annotated[str, Text(64, pattern=r"^[a-z][a-z0-9_]*$")]
    """A `NoticeCode`; an unknown one is left out by the app."""
    date: Date8 | None = None


@dataclass(frozen=True, slots=True)
class ElderlyRecipientCertificate:
    """高齢受給者証 (70–74)."""

    elderly_recipient_certificate_date: Date8 | None = None
    elderly_recipient_valid_start_date: Date8 | None = None
    elderly_recipient_valid_end_date: Date8 | None = None
    elderly_recipient_contribution_ratio: Percent | None = None


@dataclass(frozen=True, slots=True)
class LimitApplicationCertificate:
    """限度額適用認定証関連情報."""

    limit_application_certificate_classification: Code | None = None
    limit_application_certificate_classification_flag: Code | None = None
    limit_application_certificate_date: Date8 | None = None
    limit_application_certificate_valid_start_date: Date8 | None = None
    limit_application_certificate_valid_end_date: Date8 | None = None
    limit_application_certificate_long_term_date: Date8 | None = None


@dataclass(frozen=True, slots=True)
class SpecificDiseasesCertificate:
    """特定疾病療養受療証."""

    specific_diseases_disease_category: Code
    specific_diseases_certificate_date: Date8 | None = None
    specific_diseases_valid_start_date: Date8 | None = None
    specific_diseases_valid_end_date: Date8 | None = None
    specific_diseases_self_pay: Annotated[str, Text(7, pattern=r"^[0-9]{1,7}$")] | None = None


@dataclass(frozen=True, slots=True)
class MedicalTicket:
    """医療券・調剤券 (医療扶助)."""

    ticket_type: Code
    medical_ticket_valid_date: Date8 | None = None
    medical_ticket_expiration_date: Date8 | None = None
    medical_treatment_month: Month6 | None = None
    medical_treatment_type: Code | None = None
    self_pay_amount: Annotated[str, Text(7, pattern=r"^[0-9]{1,7}$")] | None = None
    single_or_combined_use: Code | None = None
    status_of_social_insurance: Code | None = None


@dataclass(frozen=True, slots=True)
class Qualification:
    """One 資格 (ResultOfQualificationConfirmation)."""

    insured_card_classification: Code
    name: Name
    sex1: Code
    birthdate: Date8
    insurer_name: Name
    insurer_number: Annotated[str, Text(8, 6, r"^[0-9]{6}([0-9]{2})?$")] | None = None
    """6 digits (国保) or 8, without the two spaces the OQS file puts before a short one."""
    insured_card_symbol: Symbol | None = None
    insured_identification_number: Symbol | None = None
    insured_branch_number: Annotated[str, Text(2, 2, r"^[0-9]{2}$")] | None = None
    personal_family_classification: Code | None = None
    insured_name: Name | None = None
    name_of_other: Name | None = None
    name_kana: Name | None = None
    name_of_other_kana: Name | None = None
    sex2: Code | None = None
    address: Name | None = None
    post_number: Annotated[str, Text(8, 7, r"^[0-9]{3}-?[0-9]{4}$")] | None = None
    qualification_date: Date8 | None = None
    disqualification_date: Date8 | None = None
    insured_certificate_issuance_date: Date8 | None = None
    insured_card_valid_date: Date8 | None = None
    insured_card_expiration_date: Date8 | None = None
    insured_partial_contribution_ratio: Percent | None = None
    preschool_classification: Code | None = None
    reason_of_loss: Code | None = None
    elderly_recipient_certificate_info: ElderlyRecipientCertificate | None = None
    limit_application_certificate_related_cons_flg: Code | None = None
    limit_application_certificate_related_cons_time: Time14 | None = None
    limit_application_certificate_related_info: LimitApplicationCertificate | None = None
    specific_diseases_certificate_list: tuple[SpecificDiseasesCertificate, ...] = ()
    public_expense_result_list: tuple[MedicalTicket, ...] = ()
    reference_number: Annotated[str, Text(50)] | None = None


@dataclass(frozen=True, slots=True)
class MedicalAnswer:
    """The part of an answer that a person's insurers decide; the deck and the backend's store hold this shape."""

    verdict: int
    """`Verdict`; kept as a number so that an unknown one can be told apart from a broken answer."""
    results: tuple[Qualification, ...] = ()
    """Verdict 1, 3 and 6: one; 2: one or none (the lost one); 4: none; 5: two or more."""
    superseded: Qualification | None = None
    """Verdict 3 only: the old 資格, which is no longer valid."""
    processing_result_code: Annotated[str, Text(16)] | None = None
    processing_result_message: Annotated[str, Text(400)] | None = None


@dataclass(frozen=True, slots=True)
class Eligibility:
    """The answer of a visit. `verdict` is None only for care offices, where `identity_confirmed` is what counts."""

    verdict: int | None
    identity_confirmed: bool
    card_proven: bool
    confirmed_at: datetime
    """Server's time, UTC."""
    results: tuple[Qualification, ...]
    notices: tuple[Notice, ...]
    superseded: Qualification | None = None
    processing_result_code: Annotated[str, Text(16)] | None = None
    processing_result_message: Annotated[str, Text(400)] | None = None
