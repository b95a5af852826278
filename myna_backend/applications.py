"""利用申請: an office applies for a number of PCs; approval prepares their accounts."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from myna_app.formats.facility import FacilityKind
from myna_backend import accounts
from myna_backend.backend import Backend
from myna_backend.store.engine import add_once, update_one
from myna_backend.store.tables import Application, ApplicationStatus, Office

MOST_TERMINALS = 20
MOST_STAFF = 99_999


class ApplicationError(ValueError):
    """What was asked for cannot be done; the text says why."""


def apply(backend: Backend, office_id: int, staff_count: int, terminal_count: int, form_key: str) -> int:
    """Returns the application's number, the same for the same form. A medical office owes its notification next."""
    with backend.store.writing() as session:
        office = session.get_one(Office, office_id)
        awaits = office.kind is FacilityKind.MEDICAL
        row = Application(
            office=office,
            staff_count=staff_count,
            terminal_count=terminal_count,
            status=ApplicationStatus.AWAITS_NOTIFICATION if awaits else ApplicationStatus.SUBMITTED,
            applied_at=backend.clock(),
            form_key=form_key,
        )
        if add_once(session, row):
            return row.id
        return session.scalars(select(Application.id).where(Application.form_key == form_key)).one()


def of_office(session: Session, office_id: int) -> Sequence[Application]:
    mine = Application.office_id == office_id
    return session.scalars(select(Application).where(mine).order_by(Application.id.desc())).all()


def pending(session: Session) -> Sequence[Application]:
    waiting = Application.status != ApplicationStatus.APPROVED
    return session.scalars(select(Application).where(waiting).order_by(Application.id)).all()


def awaits_notification(session: Session, office_id: int, number: int) -> bool:
    row = session.get(Application, number)
    return row is not None and row.office_id == office_id and row.status is ApplicationStatus.AWAITS_NOTIFICATION


def submit(session: Session, number: int) -> None:
    """The notification has come."""
    _advance(session, number, ApplicationStatus.AWAITS_NOTIFICATION, ApplicationStatus.SUBMITTED)


def approve(backend: Backend, number: int) -> None:
    """Prepares the accounts, once. Raises `ApplicationError` where there is nothing to approve."""
    with backend.store.writing() as session:
        known = session.get(Application, number, with_for_update=True)
        if known is not None and known.status is ApplicationStatus.APPROVED:
            return
        _advance(session, number, ApplicationStatus.SUBMITTED, ApplicationStatus.APPROVED)
        row = session.get_one(Application, number)
        accounts.prepare(session, row.office, row.terminal_count, backend.clock())


def _advance(session: Session, number: int, before: ApplicationStatus, after: ApplicationStatus) -> None:
    step = update(Application).where(Application.id == number, Application.status == before).values(status=after)
    if not update_one(session, step):
        raise ApplicationError(f"application {number} is not {before}")
