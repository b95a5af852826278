"""A terminal and its account: registering, its own description, terms, re-authentication, giving the account back."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from myna_app.formats.facility import Facility
from myna_app.formats.terminal_id import new_terminal_id
from myna_backend import accounts, contract
from myna_backend.backend import Backend
from myna_backend.callers import Caller, require_standing
from myna_backend.jose import ProofError, device_key, require_timely, verified_claims
from myna_backend.problems import Code, Refusal
from myna_backend.store import limits
from myna_backend.store.tables import Account, Terminal

_POSSESSION_TYPE = "myna-possession+jwt"


def register(backend: Backend, request: contract.RegistrationRequest, address: str) -> contract.Registration:
    """Puts an account on the terminal that holds the key; `address` is where the request came from.

    The pair (account, thumbprint) with right credentials gets the same terminal id again, even when the activation
    code is spent, so that an answer that was lost strands nobody.
    """
    now = backend.clock()
    counted = (
        (limits.REGISTRATION_OF_ACCOUNT, backend.server_key.digest(request.user_id)),
        (limits.REGISTRATION_FROM_ADDRESS, backend.server_key.digest(address)),
    )
    # Counted before anything is checked and given back at the end, so that tries in parallel do not slip through.
    with backend.store.writing() as session:
        for limit, subject in counted:
            limits.require(session, limit, subject, now)
    account_id = _checked_account(backend, request)
    thumbprint = _proved_thumbprint(backend, request)
    if request.terms_version != backend.settings.terms_version:
        raise Refusal(Code.TERMS_VERSION, required_terms_version=backend.settings.terms_version)
    with backend.store.writing() as session:
        terminal = _take_account(backend, session, account_id, thumbprint, request)
        for limit, subject in counted:
            limits.give_back(session, limit, subject, now)
        office = terminal.account.office
        return contract.Registration(
            terminal_id=terminal.terminal_id,
            facility=Facility(office.name, office.kind),
            contact=office.contact,
            service_starts_on=office.service_starts_on,
            service_ends_on=office.service_ends_on,
        )


def describe(backend: Backend, caller: Caller) -> contract.Terminal:
    settings = backend.settings
    return contract.Terminal(
        terminal_id=caller.terminal_id,
        status="active" if caller.service_starts_on <= backend.today() else "not_started",
        facility=Facility(caller.office_name, caller.kind),
        contact=caller.contact,
        notices=tuple(notice for notice in settings.notices if notice.until is None or backend.today() <= notice.until),
        required_terms_version=settings.terms_version,
        agreed_terms_version=caller.agreed_terms_version,
        service_starts_on=caller.service_starts_on,
        service_ends_on=caller.service_ends_on,
        minimum_app_version=settings.minimum_app_version,
        web_service_url=settings.web_service_url,
    )


def agree_to_terms(backend: Backend, caller: Caller, version: str) -> None:
    required = backend.settings.terms_version
    if version != required:
        raise Refusal(Code.TERMS_VERSION, required_terms_version=required)
    with backend.store.writing() as session:
        session.execute(
            update(Terminal).where(Terminal.terminal_id == caller.terminal_id).values(agreed_terms_version=version)
        )


def reauthenticate(backend: Backend, caller: Caller, password: str) -> None:
    """再認証: whether the account's password is known at this terminal, five tries an hour."""
    now = backend.clock()
    with backend.store.writing() as session:
        limits.require(session, limits.REAUTHENTICATION, caller.terminal_id, now)
    with backend.store.reading() as session:
        if not accounts.is_password(session.get(Account, caller.account_id), password):
            raise Refusal(Code.PASSWORD)
    with backend.store.writing() as session:
        limits.give_back(session, limits.REAUTHENTICATION, caller.terminal_id, now)


def release(backend: Backend, caller: Caller) -> None:
    """The terminal gives its account back. A new activation code is issued when somebody can be shown it."""
    with backend.store.writing() as session:
        accounts.free(session, session.get_one(Account, caller.account_id))


def _checked_account(backend: Backend, request: contract.RegistrationRequest) -> int:
    """Number of the account whose credentials these are and that may be used."""
    with backend.store.reading() as session:
        account = accounts.find_account(session, request.user_id)
        known = accounts.is_password(account, request.password)
        if account is None or not known or account.office.institution_code != request.institution_code:
            raise Refusal(Code.CREDENTIALS)
        require_standing(account, backend.today())
        return account.id


def _proved_thumbprint(backend: Backend, request: contract.RegistrationRequest) -> str:
    """RFC 7638 thumbprint of the key, whose possession the request proves."""
    try:
        key = device_key(request.public_key.x, request.public_key.y)
    except ValueError:
        raise Refusal(Code.FIELDS, fields={"public_key": "pattern"}) from None
    try:
        claims = verified_claims(request.possession, key, backend.settings.issuer, _POSSESSION_TYPE)
    except ProofError:
        raise Refusal(Code.POSSESSION) from None
    if claims.get("user_id") != request.user_id:
        raise Refusal(Code.POSSESSION)
    require_timely(claims["iat"], claims["iat"], backend.clock())
    return key.thumbprint()


def _take_account(
    backend: Backend,
    session: Session,
    account_id: int,
    thumbprint: str,
    request: contract.RegistrationRequest,
) -> Terminal:
    """The account's terminal if it has this key, else a new one for the activation code."""
    # The lock lets two registrations of one account pass one after the other.
    account = session.get_one(Account, account_id, with_for_update={"of": Account})
    terminal = session.scalar(select(Terminal).where(Terminal.account_id == account_id))
    if terminal is not None:
        if terminal.thumbprint != thumbprint:
            raise Refusal(Code.ACCOUNT_ELSEWHERE)
        return terminal
    now = backend.clock()
    if not accounts.is_activation_code(account, request.activation_code, now):
        raise Refusal(Code.ACTIVATION_CODE)
    account.activation_hash = None
    terminal = Terminal(
        terminal_id=new_terminal_id(),
        account=account,
        thumbprint=thumbprint,
        key_x=request.public_key.x,
        key_y=request.public_key.y,
        agreed_terms_version=request.terms_version,
        app_version=request.app_version,
        registered_at=now,
    )
    session.add(terminal)
    return terminal
