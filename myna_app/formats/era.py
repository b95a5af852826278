"""和暦: eras, and the six digits of a birth date that a card takes as its birth-date key (生年月日 key)."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Era:
    """`first` is the first day by law; `code` and `letter` as in claims (G of GYYMMDD)."""

    name: str
    letter: str
    code: int
    first: date


ERAS = (
    Era("令和", "R", 5, date(2019, 5, 1)),
    Era("平成", "H", 4, date(1989, 1, 8)),
    Era("昭和", "S", 3, date(1926, 12, 25)),
    Era("大正", "T", 2, date(1912, 7, 30)),
    Era("明治", "M", 1, date(1868, 1, 25)),
)
"""Newest first, so that the first era that has begun is the one of a day."""


def era_of(day: date) -> tuple[Era, int]:
    """Era and year within it (1 = 元年). Raises `ValueError` before 明治."""
    for era in ERAS:
        if day >= era.first:
            return era, day.year - era.first.year + 1
    raise ValueError("before 明治")


def show_in_era(day: date) -> str:
    """和暦 as printed, e.g. 昭和元年12月25日."""
    era, year = era_of(day)
    return f"{era.name}{'元' if year == 1 else year}年{day.month}月{day.day}日"


def birth_date_key(birth_date: date) -> str:
    """Era year, month, day, two digits each: 1985-04-12 → ``600412``. The era itself is not in it."""
    _, year = era_of(birth_date)
    return f"{year:02d}{birth_date:%m%d}"


def gregorian_birth_date_key(birth_date: date) -> str:
    """The other form, tried for holders whose card shows a Gregorian date: 1990-07-15 → ``900715``."""
    return f"{birth_date:%y%m%d}"


def is_birth_date_key(key: str) -> bool:
    """Six ASCII digits with a possible month and day; the only thing that may be sent to a card as this key."""
    if len(key) != 6 or not key.isascii() or not key.isdigit():  # noqa: PLR2004 - YYMMDD
        return False
    # Every day of any year exists in a leap year.
    try:
        date(2000, int(key[2:4]), int(key[4:6]))
    except ValueError:
        return False
    return True
