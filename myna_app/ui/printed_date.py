"""A birth date as people type it from a card: 和暦 or 西暦, with or without signs between.

Understood: 昭和60年4月12日, 昭和60.4.12, S60-4-12, S600412, 平成元年1月8日, 1985年4月12日, 1985/4/12, 19850412; full
width and blanks too. A two-digit year without an era is refused: it would have to be guessed.
"""

import re
import unicodedata
from datetime import date
from enum import StrEnum, unique

from myna_app.formats.era import ERAS, Era

_BETWEEN = r"[年月./\-]"
_ERA = f"(?P<era>{'|'.join(era.name for era in ERAS)}|[MTSHR])"
_MONTH_AND_DAY = rf"{_BETWEEN}(?P<month>\d{{1,2}}){_BETWEEN}(?P<day>\d{{1,2}})日?"
_ERA_DATE = re.compile(rf"{_ERA}(?P<year>元|\d{{1,2}}){_MONTH_AND_DAY}")
_ERA_DIGITS = re.compile(r"(?P<era>[MTSHR])(?P<year>\d{2})(?P<month>\d{2})(?P<day>\d{2})")
_WESTERN_DATE = re.compile(rf"(?P<year>\d{{4}}){_MONTH_AND_DAY}")
_WESTERN_DIGITS = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})")

_LAST_OVERLAPPING = 3
"""昭和 (3) and 大正 (2) began on the day the era before them ended."""


@unique
class DateFault(StrEnum):
    """Why a text is not taken; the last part of its message's key."""

    WRONG = "wrong"
    NOT_IN_ERA = "not_in_era"
    FUTURE = "future"


class PrintedDateError(ValueError):
    """The text is no birth date; `fault` says why, the text itself is never repeated."""

    def __init__(self, fault: DateFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def parse_printed_date(text: str, today: date) -> date:
    """Raises `PrintedDateError`."""
    folded = unicodedata.normalize("NFKC", text).upper()
    compact = "".join(folded.split()).translate(str.maketrans("‐‑‒–—―−ー", "-" * 8))
    for pattern in (_ERA_DATE, _ERA_DIGITS, _WESTERN_DATE, _WESTERN_DIGITS):
        match = pattern.fullmatch(compact)
        if match is not None:
            day = _day(match)
            if day > today:
                raise PrintedDateError(DateFault.FUTURE)
            return day
    raise PrintedDateError(DateFault.WRONG)


def _day(match: re.Match[str]) -> date:
    parts = match.groupdict()
    era = next((era for era in ERAS if parts.get("era") in (era.name, era.letter)), None)
    year = 1 if parts["year"] == "元" else int(parts["year"])
    try:
        day = date(year if era is None else era.first.year + year - 1, int(parts["month"]), int(parts["day"]))
    except ValueError:
        raise PrintedDateError(DateFault.WRONG) from None
    if day < ERAS[-1].first:
        raise PrintedDateError(DateFault.WRONG)
    if era is not None and not _within(era, day):
        raise PrintedDateError(DateFault.NOT_IN_ERA)
    return day


def _within(era: Era, day: date) -> bool:
    """大正15年12月25日 is 昭和元年12月25日: the last day of 明治 and 大正 belongs to both eras."""
    place = ERAS.index(era)
    if day < era.first:
        return False
    if place == 0:
        return True
    following = ERAS[place - 1]
    return day <= following.first if following.code <= _LAST_OVERLAPPING else day < following.first
