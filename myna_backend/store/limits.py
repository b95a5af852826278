"""Limits that hold over all processes: counts in fixed windows, taken by one conditional update each."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, literal, update
from sqlalchemy.orm import Session

from myna_backend.problems import Code, Refusal
from myna_backend.store.engine import put_once, update_one
from myna_backend.store.tables import LimitCount, UtcDateTime

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """`docs/contract.md` §7. The name stands in the database."""

    name: str
    most: int
    period: timedelta


REGISTRATION_OF_ACCOUNT = Limit("registration_of_account", 10, HOUR)
REGISTRATION_FROM_ADDRESS = Limit("registration_from_address", 30, HOUR)
REAUTHENTICATION = Limit("reauthentication", 5, HOUR)
TOKENS = Limit("tokens", 30, timedelta(minutes=1))
CHALLENGES = Limit("challenges", 60, timedelta(minutes=1))
KEYS_OF_TERMINAL_IN_HOUR = Limit("keys_of_terminal_in_hour", 5, HOUR)
KEYS_OF_TERMINAL_IN_DAY = Limit("keys_of_terminal_in_day", 20, DAY)
KEYS_OF_CERTIFICATE = Limit("keys_of_certificate", 3, DAY)
SIGN_IN_OF_USER = Limit("sign_in_of_user", 10, HOUR)
SIGN_IN_FROM_ADDRESS = Limit("sign_in_from_address", 60, HOUR)

LONGEST_PERIOD = DAY


def require(session: Session, limit: Limit, subject: str, now: datetime, code: Code = Code.RATE_LIMITED) -> None:
    """Counts one for `subject`. Raises the refusal `code` with `retry_after` where the limit is reached."""
    mine = (LimitCount.kind == limit.name, LimitCount.subject == subject)
    over = LimitCount.started_at <= now - limit.period
    count = (
        update(LimitCount)
        .where(*mine, over | (LimitCount.count < limit.most))
        .values(
            started_at=case((over, literal(now, UtcDateTime())), else_=LimitCount.started_at),
            count=case((over, 1), else_=LimitCount.count + 1),
        )
    )
    first = {"kind": limit.name, "subject": subject, "started_at": now, "count": 1}
    # The last of the three is for him whose row another one inserted at the same moment.
    if update_one(session, count) or put_once(session, LimitCount, **first) or update_one(session, count):
        return
    row = session.get_one(LimitCount, (limit.name, subject), populate_existing=True)
    wait = row.started_at + limit.period - now
    raise Refusal(code, retry_after=math.ceil(wait.total_seconds()))


def give_back(session: Session, limit: Limit, subject: str, taken_at: datetime) -> None:
    """Takes back a count of the window in which `taken_at` lies; what it stood for turned out well."""
    session.execute(
        update(LimitCount)
        .where(
            LimitCount.kind == limit.name,
            LimitCount.subject == subject,
            LimitCount.started_at <= taken_at,
            LimitCount.count > 0,
        )
        .values(count=LimitCount.count - 1)
    )
