"""Copy profiles: the values of a 資格 in the form that a receipt computer takes when they are pasted.

A profile fixes the order of the fields (Ctrl+1 … Ctrl+9), how days are written, and the width of letters. Pure.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum, StrEnum, unique
from types import MappingProxyType

from myna_app.formats.eligibility import Qualification
from myna_app.formats.era import era_of, show_in_era


@unique
class Item(StrEnum):
    """What can be copied; the value is its key in the texts (``value.*``)."""

    INSURER_NUMBER = "insurer_number"
    SYMBOL = "symbol"
    NUMBER = "number"
    BRANCH = "branch_number"
    NAME = "name"
    NAME_KANA = "name_kana"
    BIRTHDATE = "birthdate"
    SEX = "sex"
    QUALIFIED_ON = "qualified_on"


NUMBERS = frozenset({Item.INSURER_NUMBER, Item.SYMBOL, Item.NUMBER, Item.BRANCH})
"""What can be masked on the screen."""


@unique
class Width(Enum):
    """全角, 半角, or as the answer has it."""

    AS_RECEIVED = "as_received"
    HALF = "half"
    FULL = "full"


@unique
class DayForm(Enum):
    """How a day is written."""

    COMPACT = "19850412"
    GREGORIAN = "1985-04-12"
    ERA = "昭和60年4月12日"
    ERA_CODE = "3600412"
    """GYYMMDD of claims, where G is the era's code."""


@dataclass(frozen=True, slots=True)
class CopyProfile:
    """`padded`: items that are filled with zeros from the left, and to how many digits."""

    name: str
    days: DayForm
    width: Width
    padded: Mapping[Item, int] = field(default_factory=lambda: MappingProxyType({}))
    order: tuple[Item, ...] = tuple(Item)


PROFILES: Mapping[str, CopyProfile] = MappingProxyType(
    {
        profile.name: profile
        for profile in (
            CopyProfile("as_received", DayForm.COMPACT, Width.AS_RECEIVED),
            CopyProfile("era_full_width", DayForm.ERA, Width.FULL),
            CopyProfile("gregorian_half_width", DayForm.GREGORIAN, Width.HALF),
            CopyProfile(
                "claims",
                DayForm.ERA_CODE,
                Width.HALF,
                MappingProxyType({Item.INSURER_NUMBER: 8, Item.BRANCH: 2}),
                (
                    Item.NAME_KANA,
                    Item.NAME,
                    Item.SEX,
                    Item.BIRTHDATE,
                    Item.INSURER_NUMBER,
                    Item.SYMBOL,
                    Item.NUMBER,
                    Item.BRANCH,
                    Item.QUALIFIED_ON,
                ),
            ),
        )
    }
)
"""By name; the first is used where nothing is chosen."""
DEFAULT = "as_received"
SAMPLE = Qualification(
    insured_card_classification="01",
    insurer_number="990001",
    insured_card_symbol="見本１",
    insured_identification_number="１２３",
    insured_branch_number="1",
    name="見本　一郎",
    name_kana="ﾐﾎﾝ ｲﾁﾛｳ",
    sex1="1",
    birthdate="19850412",
    qualification_date="20150401",
    insurer_name="見本健康保険組合",
)
"""Nobody; to show how a profile writes."""

_SEX = MappingProxyType({"1": "男", "2": "女"})
_VALUES: Mapping[Item, Callable[[Qualification], str | None]] = MappingProxyType(
    {
        Item.INSURER_NUMBER: lambda one: one.insurer_number,
        Item.SYMBOL: lambda one: one.insured_card_symbol,
        Item.NUMBER: lambda one: one.insured_identification_number,
        Item.BRANCH: lambda one: one.insured_branch_number,
        Item.NAME: lambda one: one.name,
        Item.NAME_KANA: lambda one: one.name_kana,
        Item.BIRTHDATE: lambda one: one.birthdate,
        Item.SEX: lambda one: _SEX.get(one.sex2 or one.sex1),
        Item.QUALIFIED_ON: lambda one: one.qualification_date,
    }
)
_DAYS = frozenset({Item.BIRTHDATE, Item.QUALIFIED_ON})
_CLIPBOARD_KEYS = MappingProxyType(
    {
        Item.INSURER_NUMBER: "保険者番号",
        Item.SYMBOL: "記号",
        Item.NUMBER: "番号",
        Item.BRANCH: "枝番",
        Item.NAME: "氏名",
        Item.NAME_KANA: "フリガナ",
        Item.BIRTHDATE: "生年月日",
        Item.SEX: "性別",
        Item.QUALIFIED_ON: "資格取得年月日",
    }
)


def profile_of(name: str | None) -> CopyProfile:
    """The profile of that name; the default for one that this version does not know."""
    return PROFILES.get(name or DEFAULT, PROFILES[DEFAULT])


def value(one: Qualification, item: Item, profile: CopyProfile) -> str | None:
    """What is copied for `item`; None where the answer holds nothing."""
    text = _VALUES[item](one)
    if text is None:
        return None
    if item in _DAYS:
        text = _day(text, profile.days)
    return _wide(text, profile.width).zfill(profile.padded.get(item, 0))


def everything(one: Qualification, profile: CopyProfile, confirmed_on: date) -> str:
    """All values as the text that マイナ資格確認アプリ puts on the clipboard: key, TAB, value; lines end in CRLF.

    Programs that wait for such a text ask for its first line and for the line of the day (two public readers agree).
    """
    lines = ["資格情報", f"確認日 : \t{_wide(_day(f'{confirmed_on:%Y%m%d}', profile.days), profile.width)}"]
    for item in profile.order:
        text = value(one, item, profile)
        if text is not None:
            lines.append(f"{_CLIPBOARD_KEYS[item]}\t{text}")
        if item is Item.INSURER_NUMBER:
            lines.append(f"保険者名\t{one.insurer_name}")
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
