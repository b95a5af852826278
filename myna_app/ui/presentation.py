"""A 資格 as rows of words: which values stand on M-13, in which order and groups, in which form. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
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
    number: bool = False
    """May be hidden from who looks over the counter."""
    before: str | None = None
    """What an earlier 資格 had here instead."""


Group = list[Row]
"""Rows that are looked for together."""


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


def lost(texts: Texts, one: Qualification) -> list[Group]:
    """What is told of a 資格 that has ended."""
    insurer = Row(texts("value.insurer_name"), texts("M-13.invalid_insurer", insurer=one.insurer_name))
    return [[_name(texts, one), _birth(texts, one)], [*_loss(texts, one), insurer]]


def groups(texts: Texts, one: Qualification) -> list[Group]:
    """Everything reception needs of a 資格, in the order it is typed elsewhere: 本人, 資格, 期間と負担, 公費など."""
    return [list(part(texts, one)) for part in (_person, _insured, _terms, _certificates)]


def compared(texts: Texts, one: Qualification, earlier: Qualification) -> list[Group]:
    """The same, and beside each row that has changed what `earlier` had there."""
    none = texts("value.none")

    def compare(now: Group, then: Group) -> Iterator[Row]:
        had = {row.term: row.value for row in then}
        for row in now:
            before = had.pop(row.term, none)
            yield row if row.value == before else replace(row, before=before)
        for row in then:
            if row.term in had:
                yield replace(row, value=none, odd=frozenset(), before=row.value)

    return [list(compare(*pair)) for pair in zip(groups(texts, one), groups(texts, earlier), strict=True)]


def told_apart(texts: Texts, several: Sequence[Qualification], *, masked: bool) -> list[str]:
    """A line for each of several 資格: insurer, number, and what else tells one from another; twins share those two.

    `masked`: of numbers only the end, and only where nothing else tells one from another.
    """
    insurers = [one.insurer_name for one in several]
    numbers = [one.insured_identification_number or "" for one in several]
    people = [[one.name for one in several], [_branch(texts, one) for one in several]]
    days = [[_day(texts, one.birthdate) for one in several], [_since(texts, one) for one in several]]
    known = [insurers, *_differing(people)] if masked else [insurers, numbers, *_differing(people)]
    ends = [[f"●●{number[-2:]}" for number in numbers]] if masked else []
    for more in ([], days, [*days, *ends]):
        lines = ["　".join(part for part in line if part) for line in zip(*known, *_differing(more), strict=True)]
        if len(set(lines)) == len(lines):
            break
    return lines


def _differing(columns: Iterable[list[str]]) -> list[list[str]]:
    return [column for column in columns if len(set(column)) > 1]


def _person(texts: Texts, one: Qualification) -> Iterator[Row]:
    yield _name(texts, one)
    if one.name_kana is not None:
        yield Row(texts("value.name_kana"), jaconv.h2z(one.name_kana))
    if one.name_of_other is not None:
        yield Row(texts("value.name_of_other"), one.name_of_other, odd_characters(one.name_of_other))
    yield _birth(texts, one)
    yield Row(texts("value.sex"), texts.code("sex", one.sex2 or one.sex1))


def _insured(texts: Texts, one: Qualification) -> Iterator[Row]:
    assistance = one.insured_card_classification == _MEDICAL_ASSISTANCE
    if one.insurer_number is not None:
        term = "public_payer_number" if assistance else "insurer_number"
        yield Row(texts(f"value.{term}"), one.insurer_number, number=True)
    yield Row(texts("value.insurer_name"), one.insurer_name)
    parts = [part for part in (one.insured_card_symbol, one.insured_identification_number) if part is not None]
    if parts:
        term = "recipient_number" if assistance else "symbol_and_number"
        yield Row(texts(f"value.{term}"), "・".join(parts) + _branch(texts, one), number=True)
    if one.personal_family_classification is not None:
        told = texts.code("personal_family", one.personal_family_classification)
        yield Row(texts("value.personal_family"), told)


def _terms(texts: Texts, one: Qualification) -> Iterator[Row]:
    end = day_of(one.insured_card_expiration_date)
    yield Row(texts("value.valid_until"), texts("value.no_end") if end is None else texts.day_in_era(end))
    if one.qualification_date is not None:
        yield Row(texts("value.qualified_on"), _day(texts, one.qualification_date))
    yield from _loss(texts, one)
    share = _share(texts, one)
    if share is not None:
        yield Row(texts("value.share"), share)
    if one.insured_card_classification != _ALWAYS_SHOWN_AS_GENERAL:
        yield Row(texts("value.classification"), texts.code("classification", one.insured_card_classification))
    if one.preschool_classification is not None:
        yield Row(texts("value.preschool"), texts.code("preschool", one.preschool_classification))


def _loss(texts: Texts, one: Qualification) -> Iterator[Row]:
    if one.disqualification_date is not None:
        yield Row(texts("value.lost_on"), _day(texts, one.disqualification_date))
    if one.reason_of_loss is not None:
        yield Row(texts("value.reason_of_loss"), texts.code("reason_of_loss", one.reason_of_loss))


def _name(texts: Texts, one: Qualification) -> Row:
    return Row(texts("value.name"), one.name, odd_characters(one.name))


def _birth(texts: Texts, one: Qualification) -> Row:
    return Row(texts("value.birthdate"), _day(texts, one.birthdate, both=True))


def _day(texts: Texts, text: str, *, both: bool = False) -> str:
    """和暦, with the 西暦 behind it where `both`; what is no day stays as it came."""
    day = day_of(text)
    if day is None:
        return text
    era = texts.day_in_era(day)
    return texts("value.born", era=era, date=f"{day:%Y-%m-%d}") if both else era


def _branch(texts: Texts, one: Qualification) -> str:
    branch = one.insured_branch_number
    return texts("value.branch", branch=branch) if branch is not None else ""


def _since(texts: Texts, one: Qualification) -> str:
    return "" if one.qualification_date is None else _day(texts, one.qualification_date)


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
        yield Row(texts("value.limit"), "　".join(part for part in told if part))
    for disease in one.specific_diseases_certificate_list:
        told = [
            texts.code("disease", disease.specific_diseases_disease_category),
            _until(texts, disease.specific_diseases_valid_end_date),
        ]
        yield Row(texts("value.diseases"), "　".join(part for part in told if part))
    for ticket in one.public_expense_result_list:
        yield Row(texts("value.ticket"), _ticket(texts, ticket))
    if one.reference_number is not None:
        yield Row(texts("value.reference_number"), one.reference_number, number=True)


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
