"""A 資格 as rows of words: which values stand on M-13, in which order, in which form. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import jaconv

from myna_app.formats.eligibility import MedicalTicket, Qualification
from myna_app.formats.jis import rare_level
from myna_app.ui.texts import Texts

_MEDICAL_ASSISTANCE = "A1"
"""被保険者証区分 of 医療扶助, whose numbers go by other names."""
_ALWAYS_SHOWN_AS_GENERAL = "01"


@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """A term and its value; its repr shows neither."""

    term: str
    value: str
    odd: frozenset[str] = frozenset()
    """Characters of the value that receipt computers may refuse."""
    wide: bool = False
    """Takes the width of the page."""
    number: bool = False
    """May be hidden from who looks over the counter."""


def odd_characters(text: str) -> frozenset[str]:
    """Characters outside JIS X 0208; claims accept nothing else."""
    return frozenset(char for char in text if rare_level(char) is not None)


def day_of(text: str | None) -> date | None:
    """YYYYMMDD; None for what is not a day, such as an open end."""
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None


def lost_rows(texts: Texts, one: Qualification) -> Iterator[Row]:
    """What is told of a 資格 that has ended."""
    yield _name(texts, one)
    yield _birth(texts, one)
    if one.disqualification_date is not None:
        yield Row(texts("value.lost_on"), _day(texts, one.disqualification_date))
    if one.reason_of_loss is not None:
        yield Row(texts("value.reason_of_loss"), texts.code("reason_of_loss", one.reason_of_loss))
    yield Row(texts("value.insurer_name"), f"{one.insurer_name}（{texts('M-13.invalid_mark')}）", wide=True)


def rows(texts: Texts, one: Qualification) -> Iterator[Row]:
    """Everything reception needs of a 資格, in the order it is typed elsewhere."""
    yield _name(texts, one)
    if one.name_kana is not None:
        yield Row(texts("value.name_kana"), jaconv.h2z(one.name_kana))
    if one.name_of_other is not None:
        yield Row(texts("value.name_of_other"), one.name_of_other, odd_characters(one.name_of_other))
    yield _birth(texts, one)
    yield Row(texts("value.sex"), texts.code("sex", one.sex2 or one.sex1))
    yield from _numbers(texts, one)
    yield Row(texts("value.insurer_name"), one.insurer_name, wide=True)
    share = _share(texts, one)
    if share is not None:
        yield Row(texts("value.share"), share)
    end = day_of(one.insured_card_expiration_date)
    yield Row(texts("value.valid_until"), texts("value.no_end") if end is None else texts.day_in_era(end))
    if one.qualification_date is not None:
        yield Row(texts("value.qualified_on"), _day(texts, one.qualification_date))
    if one.insured_card_classification != _ALWAYS_SHOWN_AS_GENERAL:
        yield Row(texts("value.classification"), texts.code("classification", one.insured_card_classification))
    if one.preschool_classification is not None:
        yield Row(texts("value.preschool"), texts.code("preschool", one.preschool_classification))
    yield from _certificates(texts, one)
    if one.reference_number is not None:
        yield Row(texts("value.reference_number"), one.reference_number, number=True)


def _name(texts: Texts, one: Qualification) -> Row:
    return Row(texts("value.name"), one.name, odd_characters(one.name))


def _birth(texts: Texts, one: Qualification) -> Row:
    return Row(texts("value.birthdate"), _day(texts, one.birthdate, both=True), wide=True)


def _day(texts: Texts, text: str, *, both: bool = False) -> str:
    """和暦, with the 西暦 behind it where `both`; what is no day stays as it came."""
    day = day_of(text)
    if day is None:
        return text
    era = texts.day_in_era(day)
    return texts("value.born", era=era, date=f"{day:%Y-%m-%d}") if both else era


def _numbers(texts: Texts, one: Qualification) -> Iterator[Row]:
    assistance = one.insured_card_classification == _MEDICAL_ASSISTANCE
    if one.insurer_number is not None:
        term = "public_payer_number" if assistance else "insurer_number"
        yield Row(texts(f"value.{term}"), one.insurer_number, number=True)
    parts = [part for part in (one.insured_card_symbol, one.insured_identification_number) if part is not None]
    if parts:
        branch = one.insured_branch_number
        tail = texts("value.branch", branch=branch) if branch is not None else ""
        term = "recipient_number" if assistance else "symbol_and_number"
        yield Row(texts(f"value.{term}"), "・".join(parts) + tail, number=True)
    if one.personal_family_classification is not None:
        told = texts.code("personal_family", one.personal_family_classification)
        yield Row(texts("value.personal_family"), told)


def _share(texts: Texts, one: Qualification) -> str | None:
    elderly = one.elderly_recipient_certificate_info
    ratio = one.insured_partial_contribution_ratio
    if ratio is None and elderly is not None:
        ratio = elderly.elderly_recipient_contribution_ratio
    return None if ratio is None else texts("value.share_percent", n=int(ratio) // 10)


def _certificates(texts: Texts, one: Qualification) -> Iterator[Row]:
    limit = one.limit_application_certificate_related_info
    if limit is not None:
        kind, flag = (
            limit.limit_application_certificate_classification,
            limit.limit_application_certificate_classification_flag,
        )
        told = [
            texts.code("limit_class", kind) if kind is not None else "",
            texts.code("limit_flag", flag) if flag is not None else "",
            _until(texts, limit.limit_application_certificate_valid_end_date),
        ]
        yield Row(texts("value.limit"), "　".join(part for part in told if part), wide=True)
    for disease in one.specific_diseases_certificate_list:
        told = [
            texts.code("disease", disease.specific_diseases_disease_category),
            _until(texts, disease.specific_diseases_valid_end_date),
        ]
        yield Row(texts("value.diseases"), "　".join(part for part in told if part), wide=True)
    for ticket in one.public_expense_result_list:
        yield Row(texts("value.ticket"), _ticket(texts, ticket), wide=True)


def _ticket(texts: Texts, ticket: MedicalTicket) -> str:
    kind = ticket.medical_treatment_type
    told = [
        texts.code("ticket", ticket.ticket_type),
        texts.code("treatment", kind) if kind is not None else "",
        _until(texts, ticket.medical_ticket_expiration_date),
    ]
    return "　".join(part for part in told if part)


def _until(texts: Texts, text: str | None) -> str:
    return "" if text is None else texts("value.until", date=_day(texts, text))
