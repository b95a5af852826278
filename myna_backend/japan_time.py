"""Days in Japan; offices, certificates and insurers count by them."""

from datetime import date, datetime, timedelta, timezone

JST = timezone(timedelta(hours=9), "JST")


def day_in_japan(moment: datetime) -> date:
    return moment.astimezone(JST).date()
