"""What of a 資格 can be copied, and what programs that read the clipboard of マイナ資格確認アプリ call it. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum, unique
from types import MappingProxyType

from myna_app.formats.eligibility import ElderlyRecipientCertificate, LimitApplicationCertificate, Qualification


@unique
class Item(StrEnum):
    """In the order of their keys, where a profile has no other; the value is its key in the texts (``value.*``)."""

    INSURER_NUMBER = "insurer_number"
    SYMBOL = "symbol"
    NUMBER = "number"
    BRANCH = "branch_number"
    NAME = "name"
    NAME_KANA = "name_kana"
    BIRTHDATE = "birthdate"
    SEX = "sex"
    QUALIFIED_ON = "qualified_on"
    INSURER_NAME = "insurer_name"
    PERSONAL_FAMILY = "personal_family"
    INSURED_NAME = "insured_name"
    VALID_FROM = "valid_from"
    VALID_UNTIL = "valid_until"
    SHARE = "share"
    POST_NUMBER = "post_number"
    ADDRESS = "address"
    ELDERLY_FROM = "elderly_from"
    ELDERLY_UNTIL = "elderly_until"
    ELDERLY_SHARE = "elderly_share"
    LIMIT_FROM = "limit_from"
    LIMIT_UNTIL = "limit_until"


NUMBERS = frozenset({Item.INSURER_NUMBER, Item.SYMBOL, Item.NUMBER, Item.BRANCH})
"""What can be masked on the screen, and filled with zeros."""


@unique
class Section(StrEnum):
    """The value is the heading above the lines of a section."""

    ELIGIBILITY = "資格情報"
    ELDERLY = "高齢受給者証"
    LIMIT = "限度額適用認定証"


@dataclass(frozen=True, slots=True)
class Source:
    """`read` takes the value out of an answer, None where it holds nothing; `label` is its name on the clipboard."""

    label: str
    read: Callable[[Qualification], str | None]
    section: Section = Section.ELIGIBILITY
    is_day: bool = False


_SEX = MappingProxyType({"1": "男", "2": "女"})
_PERSONAL_FAMILY = MappingProxyType({"1": "本人", "2": "家族"})


def _share(ratio: str | None) -> str | None:
    """Three digits, percent, as people say them."""
    return None if ratio is None else f"{int(ratio) // 10}割"


def _elderly(one: Qualification) -> ElderlyRecipientCertificate:
    return one.elderly_recipient_certificate_info or ElderlyRecipientCertificate()


def _limit(one: Qualification) -> LimitApplicationCertificate:
    return one.limit_application_certificate_related_info or LimitApplicationCertificate()


def _day(label: str, read: Callable[[Qualification], str | None], section: Section = Section.ELIGIBILITY) -> Source:
    return Source(label, read, section, is_day=True)


ITEMS: Mapping[Item, Source] = MappingProxyType(
    {
        Item.INSURER_NUMBER: Source("保険者番号", lambda one: one.insurer_number),
        Item.SYMBOL: Source("記号", lambda one: one.insured_card_symbol),
        Item.NUMBER: Source("番号", lambda one: one.insured_identification_number),
        Item.BRANCH: Source("枝番", lambda one: one.insured_branch_number),
        Item.NAME: Source("氏名", lambda one: one.name),
        Item.NAME_KANA: Source("フリガナ", lambda one: one.name_kana),
        Item.BIRTHDATE: _day("生年月日", lambda one: one.birthdate),
        Item.SEX: Source("性別", lambda one: _SEX.get(one.sex2 or one.sex1)),
        Item.QUALIFIED_ON: _day("資格取得年月日", lambda one: one.qualification_date),
        Item.INSURER_NAME: Source("保険者名", lambda one: one.insurer_name),
        Item.PERSONAL_FAMILY: Source(
            "本人・家族の別", lambda one: _PERSONAL_FAMILY.get(one.personal_family_classification or "")
        ),
        Item.INSURED_NAME: Source("被保険者氏名", lambda one: one.insured_name),
        Item.VALID_FROM: _day("有効開始日", lambda one: one.insured_card_valid_date),
        Item.VALID_UNTIL: _day("有効終了日", lambda one: one.insured_card_expiration_date),
        Item.SHARE: Source("負担割合", lambda one: _share(one.insured_partial_contribution_ratio)),
        Item.POST_NUMBER: Source("郵便番号", lambda one: one.post_number),
        Item.ADDRESS: Source("住所", lambda one: one.address),
        Item.ELDERLY_FROM: _day(
            "有効開始日", lambda one: _elderly(one).elderly_recipient_valid_start_date, Section.ELDERLY
        ),
        Item.ELDERLY_UNTIL: _day(
            "有効終了日", lambda one: _elderly(one).elderly_recipient_valid_end_date, Section.ELDERLY
        ),
        Item.ELDERLY_SHARE: Source(
            "負担割合", lambda one: _share(_elderly(one).elderly_recipient_contribution_ratio), Section.ELDERLY
        ),
        Item.LIMIT_FROM: _day(
            "有効開始年月日", lambda one: _limit(one).limit_application_certificate_valid_start_date, Section.LIMIT
        ),
        Item.LIMIT_UNTIL: _day(
            "有効終了年月日", lambda one: _limit(one).limit_application_certificate_valid_end_date, Section.LIMIT
        ),
    }
)
