"""Who calls: the terminal behind an access token, with its account's and office's standing at this moment."""

from dataclasses import dataclass
from datetime import date

from myna_app.formats.facility import FacilityKind
from myna_backend.backend import Backend
from myna_backend.problems import Code, Refusal
from myna_backend.store.tables import Account, AccountStatus, Office, Terminal


@dataclass(frozen=True, slots=True)
class Caller:
    terminal_id: str
    account_id: int
    office_name: str
    kind: FacilityKind
    contact: str
    service_starts_on: date
    service_ends_on: date | None
    agreed_terms_version: str


def caller_of(terminal: Terminal, today: date) -> Caller:
    """Raises `account_stopped` or `account_ended`."""
    require_standing(terminal.account, today)
    office = terminal.account.office
    return Caller(
        terminal_id=terminal.terminal_id,
        account_id=terminal.account_id,
        office_name=office.name,
        kind=office.kind,
        contact=office.contact,
        service_starts_on=office.service_starts_on,
        service_ends_on=office.service_ends_on,
        agreed_terms_version=terminal.agreed_terms_version,
    )


def require_standing(account: Account, today: date) -> None:
    """Raises `account_stopped` or `account_ended`; an office's service ends with its last day."""
    office = account.office
    if account.status is AccountStatus.ENDED or _is_over(office, today):
        raise Refusal(Code.ACCOUNT_ENDED, contact=office.contact)
    if account.status is AccountStatus.STOPPED:
        raise Refusal(Code.ACCOUNT_STOPPED, contact=office.contact)


def require_service(backend: Backend, caller: Caller) -> None:
    """What challenges and visits need besides a token: the service has started, the terms in force are agreed to."""
    if backend.today() < caller.service_starts_on:
        raise Refusal(Code.NOT_STARTED, contact=caller.contact, service_starts_on=caller.service_starts_on)
    required = backend.settings.terms_version
    if caller.agreed_terms_version != required:
        raise Refusal(Code.TERMS_REQUIRED, contact=caller.contact, required_terms_version=required)


def _is_over(office: Office, today: date) -> bool:
    return office.service_ends_on is not None and office.service_ends_on < today
