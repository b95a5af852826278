"""Copy profiles: the values of a 資格 in the form that a receipt computer takes when they are pasted.

A profile fixes which fields there are and their order (the first nine have a key, Ctrl+1 … Ctrl+9), how days are
written, the width of letters, and how all of them together are set apart. Pure.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum, unique
from types import MappingProxyType

from myna_app.export.items import ITEMS, Item, Section
from myna_app.formats.eligibility import Qualification
from myna_app.formats.era import era_of, show_in_era

KEYS = 10
"""Ctrl and a digit: 0 is all of them, so nine items have one."""


@unique
class Width(StrEnum):
    """全角, 半角, or as the answer has it."""

    AS_RECEIVED = "as_received"
    HALF = "half"
    FULL = "full"


@unique
class DayForm(StrEnum):
    """How a day is written."""

    COMPACT = "compact"
    """19850412."""
    GREGORIAN = "gregorian"
    """1985-04-12."""
    ERA = "era"
    """昭和60年4月12日."""
    ERA_CODE = "era_code"
    """3600412: GYYMMDD of claims, where G is the era's code."""


@unique
class Separator(StrEnum):
    """What stands between the values when all are copied at once."""

    LABELLED = "labelled"
    """A line each, with its name: the text that マイナ資格確認アプリ puts on the clipboard."""
    TAB = "tab"
    COMMA = "comma"
    LINE = "line"


@unique
class ProfileName(StrEnum):
    """What can be chosen on M-22."""

    AS_RECEIVED = "as_received"
    ERA_FULL_WIDTH = "era_full_width"
    GREGORIAN_HALF_WIDTH = "gregorian_half_width"
    CLAIMS = "claims"
    OWN = "own"
    """The office's own, made by its policy."""


@dataclass(frozen=True, slots=True)
class CopyProfile:
    """`padded`: items that are filled with zeros from the left, and to how many digits."""

    days: DayForm
    width: Width
    padded: Mapping[Item, int] = field(default_factory=lambda: MappingProxyType({}))
    order: tuple[Item, ...] = tuple(Item)
    separator: Separator = Separator.LABELLED


_CLAIMS_FIRST = (
    Item.NAME_KANA,
    Item.NAME,
    Item.SEX,
    Item.BIRTHDATE,
    Item.INSURER_NUMBER,
    Item.SYMBOL,
    Item.NUMBER,
    Item.BRANCH,
    Item.QUALIFIED_ON,
)
PROFILES: Mapping[ProfileName, CopyProfile] = MappingProxyType(
    {
        ProfileName.AS_RECEIVED: CopyProfile(DayForm.COMPACT, Width.AS_RECEIVED),
        ProfileName.ERA_FULL_WIDTH: CopyProfile(DayForm.ERA, Width.FULL),
        ProfileName.GREGORIAN_HALF_WIDTH: CopyProfile(DayForm.GREGORIAN, Width.HALF),
        ProfileName.CLAIMS: CopyProfile(
            DayForm.ERA_CODE,
            Width.HALF,
            MappingProxyType({Item.INSURER_NUMBER: 8, Item.BRANCH: 2}),
            tuple(dict.fromkeys((*_CLAIMS_FIRST, *Item))),
        ),
    }
)
"""Those that need no policy."""
SAMPLE = Qualification(
    insured_card_classification="01",
    insurer_number="990001",
    insured_card_symbol="見本１",
    insured_identification_number="１２３",
    insured_branch_number="1",
    personal_family_classification="2",
    insured_name="見本　太郎",
    name="見本　一郎",
    name_kana="ﾐﾎﾝ ｲﾁﾛｳ",
    sex1="1",
    birthdate="19850412",
    address="見本県例示町１−２",
    post_number="000-0001",
    qualification_date="20150401",
    insured_card_valid_date="20150401",
    insured_card_expiration_date="20270731",
    insured_partial_contribution_ratio="030",
    insurer_name="見本健康保険組合",
)
"""Nobody; to show how a profile writes."""


_FULL_WIDTH_DIGITS = tuple("０１２３４５６７８９")


def own_profile(
    items: str | None, days: DayForm, width: Width, digits: str | None, separator: Separator
) -> CopyProfile:
    """The office's own, from texts that the table of settings has judged: ``number,name``, ``insurer_number:8``."""
    order = (Item(name.strip()) for name in items.split(",")) if items is not None else Item
    pairs = (part.strip().split(":") for part in digits.split(",")) if digits is not None else ()
    padded = {Item(name): int(count) for name, count in pairs}
    return CopyProfile(days, width, padded, tuple(dict.fromkeys(order)), separator)


def value(one: Qualification, item: Item, profile: CopyProfile) -> str | None:
    """What is copied for `item`; None where the answer holds nothing."""
    source = ITEMS[item]
    text = source.read(one)
    if text is None:
        return None
    if source.is_day:
        text = _day(text, profile.days)
    text = _wide(text, profile.width)
    return text.rjust(profile.padded.get(item, 0), "０" if text.endswith(_FULL_WIDTH_DIGITS) else "0")


def everything(one: Qualification, profile: CopyProfile, confirmed_on: date) -> str:
    """All values at once. Between separators, the place of a value that the answer does not hold stays empty."""
    values = {item: value(one, item, profile) for item in profile.order}
    match profile.separator:
        case Separator.LABELLED:
            return _labelled(values, _wide(_day(f"{confirmed_on:%Y%m%d}", profile.days), profile.width))
        case Separator.TAB:
            return _row(list(values.values()), "\t")
        case Separator.COMMA:
            return _row(list(values.values()), ",")
        case Separator.LINE:
            return "".join(f"{text or ''}\r\n" for text in values.values())


def _row(values: Sequence[str | None], delimiter: str) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="").writerow(values)
    return text.getvalue()


def _labelled(values: Mapping[Item, str | None], confirmed_on: str) -> str:
    """Key, TAB, value, below the headings that マイナ資格確認アプリ uses; lines end in CRLF.

    Programs that wait for such a text ask for its first line and for the line of the day (two public readers agree).
    """
    lines = []
    for section in Section:
        told = [
            f"{ITEMS[item].label}\t{text}"
            for item, text in values.items()
            if text is not None and ITEMS[item].section is section
        ]
        if section is Section.ELIGIBILITY:
            lines += [section.value, f"確認日 : \t{confirmed_on}", *told]
        elif told:
            lines += [section.value, *told]
    return "".join(f"{line}\r\n" for line in lines)


def _wide(text: str, width: Width) -> str:
    import jaconv  # noqa: PLC0415 - a large table that start-up has no use for

    match width:
        case Width.AS_RECEIVED:
            return text
        case Width.HALF:
            return jaconv.z2h(text, kana=True, ascii=True, digit=True)
        case Width.FULL:
            return jaconv.h2z(text, kana=True, ascii=True, digit=True)


def _day(text: str, form: DayForm) -> str:
    """`text` is YYYYMMDD; what is no day stays as it came."""
    try:
        day = datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
        match form:
            case DayForm.COMPACT:
                return text
            case DayForm.GREGORIAN:
                return f"{day:%Y-%m-%d}"
            case DayForm.ERA:
                return show_in_era(day)
            case DayForm.ERA_CODE:
                era, year = era_of(day)
                return f"{era.code}{year:02d}{day:%m%d}"
    except ValueError:
        return text
