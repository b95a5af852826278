"""What is forgotten, and when. Runs every minute while the server runs; running it twice does no harm."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from myna_backend.pins import forget_pins
from myna_backend.store.engine import Store
from myna_backend.store.limits import LONGEST_PERIOD
from myna_backend.store.tables import (
    AccessTokenHash,
    Audit,
    Challenge,
    LastRead,
    LimitCount,
    OpenVisit,
    OrderedFault,
    PageSession,
    Pin,
    RefusedKey,
    SandboxMail,
    UsedAssertion,
)

AUDIT_KEPT = timedelta(days=90)
LAST_READ_KEPT = timedelta(minutes=10)
MAIL_KEPT = timedelta(minutes=10)
FAULTS_KEPT = timedelta(hours=1)


def purge(store: Store, now: datetime) -> None:
    """Deletes everything whose time is over."""
    waiting = select(OpenVisit.visit_id)
    with store.writing() as session:
        for statement in (
            delete(AccessTokenHash).where(AccessTokenHash.expires_at <= now),
            delete(UsedAssertion).where(UsedAssertion.expires_at <= now),
            delete(LimitCount).where(LimitCount.started_at <= now - LONGEST_PERIOD),
            delete(OpenVisit).where(OpenVisit.until <= now),
            delete(Challenge).where(Challenge.expires_at <= now, Challenge.visit_id.not_in(waiting)),
            delete(LastRead).where(LastRead.read_at <= now - LAST_READ_KEPT),
            delete(PageSession).where(PageSession.expires_at <= now),
            delete(SandboxMail).where(SandboxMail.sent_at <= now - MAIL_KEPT),
            delete(OrderedFault).where(OrderedFault.ordered_at <= now - FAULTS_KEPT),
            delete(Audit).where(Audit.at <= now - AUDIT_KEPT),
            delete(RefusedKey).where(RefusedKey.kept_until <= now),
        ):
            session.execute(statement)
        forget_pins(session, Pin.kept_until <= now)
