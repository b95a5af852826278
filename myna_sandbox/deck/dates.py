"""Dates of the deck, written relative to the day it is issued for.

A date is a line of words, applied from left to right. It may begin with a day (``1980-02-17``, ``birth`` for the
holder's birth date); otherwise it begins with the reference day.

=============  ==============================================================
``+3m -1d``    months, days or years (``y``) later or earlier; a day that the month does not have becomes its last
``<04-12``     the latest 12 April on or before
``>04-12``     the first 12 April after
``bom eom``    first, last day of the month
=============  ==============================================================

With 2026-11-20 as the reference day ``<04-12 -41y`` is 1985-04-12: somebody who is 41 years old on any day.
In eligibility and care records a text that begins with ``@`` is such a date and becomes YYYYMMDD; ``@month`` before it
makes YYYYMM, ``@time`` makes YYYYMMDDhhmmss.
"""

import calendar
import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

_STEP = re.compile(r"([+-]\d+)([ymd])")
_DAY_OF_YEAR = re.compile(r"([<>])(\d{2})-(\d{2})")
_LEAP_DAY = (2, 29)
_MOMENT = "100215"


def resolve(text: str, reference: date, named: Mapping[str, date] | None = None) -> date:
    """The date `text` means. Raises `ValueError` for a word outside the notation."""
    words = text.split()
    day = reference
    if words and words[0] in (named or {}):
        day = (named or {})[words.pop(0)]
    elif words and words[0][:1].isdigit():
        day = date.fromisoformat(words.pop(0))
    for word in words:
        day = _apply(word, day)
    return day


def resolve_all(value: Any, reference: date, named: Mapping[str, date]) -> Any:
    """The same tables and lists with every ``@`` text replaced."""
    match value:
        case dict():
            return {key: resolve_all(one, reference, named) for key, one in value.items()}
        case list():
            return [resolve_all(one, reference, named) for one in value]
        case str() if value.startswith("@"):
            form, _, rest = value[1:].partition(" ")
            match form:
                case "month":
                    return f"{resolve(rest, reference, named):%Y%m}"
                case "time":
                    return f"{resolve(rest, reference, named):%Y%m%d}{_MOMENT}"
            return f"{resolve(value[1:], reference, named):%Y%m%d}"
    return value


def birthday_after(birth: date, day: date, count: int) -> date:
    """The `count`-th birthday after `day`."""
    first = _on_or_after(day + timedelta(days=1), birth.month, birth.day)
    return _in_year(first.year + count - 1, birth.month, birth.day)


def _apply(word: str, day: date) -> date:
    if step := _STEP.fullmatch(word):
        amount = int(step[1])
        match step[2]:
            case "d":
                return day + timedelta(days=amount)
            case "m":
                return _months_later(day, amount)
        return _months_later(day, 12 * amount)
    if of_year := _DAY_OF_YEAR.fullmatch(word):
        month, number = int(of_year[2]), int(of_year[3])
        if of_year[1] == ">":
            return _on_or_after(day + timedelta(days=1), month, number)
        this_year = _in_year(day.year, month, number)
        return this_year if this_year <= day else _in_year(day.year - 1, month, number)
    match word:
        case "bom":
            return day.replace(day=1)
        case "eom":
            return day.replace(day=calendar.monthrange(day.year, day.month)[1])
    raise ValueError(f"not a word of the deck's dates: {word!r}")


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))


def _on_or_after(day: date, month: int, number: int) -> date:
    this_year = _in_year(day.year, month, number)
    return this_year if this_year >= day else _in_year(day.year + 1, month, number)


def _in_year(year: int, month: int, day: int) -> date:
    """29 February falls on the 28th in common years."""
    if (month, day) == _LEAP_DAY and not calendar.isleap(year):
        return date(year, 2, 28)
    return date(year, month, day)
