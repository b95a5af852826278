"""Dates of 利用者証明用電子証明書, judged in Japan: the grace after its end and the notice before it.

An ended certificate still confirms eligibility until the end of the third month after the month in which it ended
(厚生労働省, notice to offices): 2026-10-10 → 2027-01-31, 2026-06-20 → 2026-09-30, 2026-11-30 → 2027-02-28.
"""

from calendar import monthrange
from datetime import date, datetime, timedelta

from myna_app.formats.eligibility import Notice, NoticeCode
from myna_backend.japan_time import JST, day_in_japan
from myna_backend.problems import Code, Refusal

_MONTHS = 3


def last_day_of_grace(ends_at: datetime) -> date:
    year, month = _month_after(day_in_japan(ends_at), _MONTHS)
    return date(year, month, monthrange(year, month)[1])


def end_of_grace(ends_at: datetime) -> datetime:
    """The first moment after the grace."""
    after = last_day_of_grace(ends_at) + timedelta(days=1)
    return datetime(after.year, after.month, after.day, tzinfo=JST)


def judge_end(ends_at: datetime, now: datetime) -> tuple[Notice, ...]:
    """What staff should tell the visitor of a certificate's end. Raises `certificate_expired` after the grace."""
    if now >= end_of_grace(ends_at):
        raise Refusal(Code.CERTIFICATE_EXPIRED)
    if now > ends_at:
        return (Notice(NoticeCode.CERTIFICATE_IN_GRACE, f"{last_day_of_grace(ends_at):%Y%m%d}"),)
    if day_in_japan(now) >= _notice_from(day_in_japan(ends_at)):
        return (Notice(NoticeCode.CERTIFICATE_ENDS_SOON, f"{day_in_japan(ends_at):%Y%m%d}"),)
    return ()


def _notice_from(last: date) -> date:
    year, month = _month_after(last, -_MONTHS)
    return date(year, month, min(last.day, monthrange(year, month)[1]))


def _month_after(day: date, months: int) -> tuple[int, int]:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return year, month + 1
