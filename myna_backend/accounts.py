"""Offices and accounts: issuing, stopping, ending, releasing. One account works on one PC.

A user id is ``W`` and the account's number in seven digits or more. Password and activation code leave this module
once, when they are made; the store holds argon2id hashes.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from myna_app.formats.facility import FacilityKind
from myna_backend.store.engine import update_one
from myna_backend.store.tables import Account, AccountStatus, Office, Terminal

CARE_INSTITUTION_CODE = "8888888888"
_USER_ID = re.compile(r"W([0-9]{7,9})")
_PASSWORD_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # noqa: S105 - letters that are not mistaken for each other
_PASSWORD_LENGTH = 16
_HASHER = PasswordHasher()
_NOT_HANDED_OUT = ""
"""Stands for the hash of a password that nobody has seen yet."""


class AccountError(ValueError):
    """What an operator asked for cannot be done; the text says why."""


@dataclass(frozen=True, slots=True)
class OfficeFields:
    name: str
    kind: FacilityKind
    institution_code: str
    contact: str
    service_starts_on: date
    service_ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class IssuedAccount:
    """ユーザー設定情報: what an office types into one PC. Shown once."""

    office: str
    kind: FacilityKind
    institution_code: str
    user_id: str
    password: str
    activation_code: str

    def __repr__(self) -> str:
        return f"IssuedAccount({self.user_id})"


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One line of the account list."""

    user_id: str
    office: str
    institution_code: str
    status: AccountStatus
    terminal_id: str | None


def user_id_of(account_id: int) -> str:
    return f"W{account_id:07d}"


def find_account(session: Session, user_id: str) -> Account | None:
    match = _USER_ID.fullmatch(user_id)
    account = session.get(Account, int(match[1])) if match else None
    return account if account is not None and user_id_of(account.id) == user_id else None


def hash_of(secret: str) -> str:
    """argon2id."""
    return _HASHER.hash(secret)


def is_hash_of(stored: str | None, given: str) -> bool:
    """Whether the secret is the stored one; takes as long where nothing is stored."""
    try:
        return _HASHER.verify(_nobodys_hash() if stored is None else stored, given) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def is_password(account: Account | None, password: str) -> bool:
    """Takes as long for an account that does not exist."""
    return is_hash_of(None if account is None else account.password_hash, password)


def is_activation_code(account: Account, code: str, now: datetime) -> bool:
    return (
        account.activation_hash is not None
        and now < account.activation_expires_at
        and is_hash_of(account.activation_hash, code)
    )


def keep_office(session: Session, fields: OfficeFields) -> Office:
    """The office, made, or brought up to date."""
    if (fields.kind is FacilityKind.CARE) != (fields.institution_code == CARE_INSTITUTION_CODE):
        raise AccountError(f"care offices, and they alone, have institution code {CARE_INSTITUTION_CODE}")
    office = session.scalar(
        select(Office).where(Office.institution_code == fields.institution_code, Office.name == fields.name)
    )
    if office is None:
        office = Office(name=fields.name, institution_code=fields.institution_code)
        session.add(office)
    office.kind, office.contact = fields.kind, fields.contact
    office.service_starts_on, office.service_ends_on = fields.service_starts_on, fields.service_ends_on
    return office


def issue(session: Session, fields: OfficeFields, count: int, code_expires_at: datetime) -> Sequence[IssuedAccount]:
    """Accounts for `count` PCs of an office."""
    office = keep_office(session, fields)
    return [_issue_one(session, office, code_expires_at) for _ in range(count)]


def prepare(session: Session, office: Office, count: int, now: datetime) -> None:
    """Accounts whose secrets are made when the office asks for them (`hand_out`)."""
    session.add_all(
        Account(office=office, password_hash=_NOT_HANDED_OUT, activation_hash=None, activation_expires_at=now)
        for _ in range(count)
    )


def hand_out(session: Session, account: Account, code_expires_at: datetime) -> IssuedAccount:
    """Makes secrets for an account that is on no PC and returns them, once; earlier ones no longer work."""
    password, code = _new_password(), _new_activation_code()
    on_a_pc = exists().where(Terminal.account_id == account.id)
    mine = (Account.id == account.id, Account.password_hash == account.password_hash)
    free_to_use = update(Account).where(*mine, Account.status == AccountStatus.ACTIVE, ~on_a_pc)
    secrets_of = {
        "password_hash": hash_of(password),
        "activation_hash": hash_of(code),
        "activation_expires_at": code_expires_at,
    }
    user_id = user_id_of(account.id)
    if not update_one(session, free_to_use.values(secrets_of)):
        raise AccountError(f"{user_id} is on a PC, not active, or was handed out by somebody else just now")
    office = account.office
    return IssuedAccount(office.name, office.kind, office.institution_code, user_id, password, code)


def is_handed_out(account: Account) -> bool:
    return account.password_hash != _NOT_HANDED_OUT


def stop(session: Session, user_id: str) -> None:
    """利用停止, e.g. of a lost PC. It works at the terminal's next call."""
    _change(session, user_id, AccountStatus.STOPPED)


def resume(session: Session, user_id: str) -> None:
    _change(session, user_id, AccountStatus.ACTIVE)


def end(session: Session, user_id: str) -> None:
    """For good; ending it twice is ending it."""
    _change(session, user_id, AccountStatus.ENDED)


def release(session: Session, user_id: str, code_expires_at: datetime) -> str:
    """Frees the account for another PC. Returns the new activation code; the old PC's terminal id is gone."""
    account = _of_operator(session, user_id)
    if account.status is AccountStatus.ENDED:
        raise AccountError(f"{user_id} has ended")
    free(session, account)
    code = _new_activation_code()
    account.activation_hash, account.activation_expires_at = _HASHER.hash(code), code_expires_at
    return code


def free(session: Session, account: Account) -> None:
    """Takes the account off its PC and voids its activation code."""
    session.execute(delete(Terminal).where(Terminal.account_id == account.id))
    account.activation_hash = None


def list_accounts(session: Session) -> Sequence[AccountLine]:
    rows = session.execute(
        select(Account, Terminal.terminal_id)
        .outerjoin(Terminal, Terminal.account_id == Account.id)
        .order_by(Account.id)
    )
    return [
        AccountLine(
            user_id_of(account.id), account.office.name, account.office.institution_code, account.status, terminal_id
        )
        for account, terminal_id in rows
    ]


def _issue_one(session: Session, office: Office, code_expires_at: datetime) -> IssuedAccount:
    password, code = _new_password(), _new_activation_code()
    account = Account(
        office=office,
        password_hash=_HASHER.hash(password),
        activation_hash=_HASHER.hash(code),
        activation_expires_at=code_expires_at,
    )
    session.add(account)
    session.flush()
    return IssuedAccount(office.name, office.kind, office.institution_code, user_id_of(account.id), password, code)


def _change(session: Session, user_id: str, status: AccountStatus) -> None:
    account = _of_operator(session, user_id)
    if account.status is AccountStatus.ENDED is not status:
        raise AccountError(f"{user_id} has ended")
    account.status = status


def _of_operator(session: Session, user_id: str) -> Account:
    account = find_account(session, user_id)
    if account is None:
        raise AccountError(f"there is no account {user_id}")
    return account


def _new_password() -> str:
    return "".join(secrets.choice(_PASSWORD_ALPHABET) for _ in range(_PASSWORD_LENGTH))


def _new_activation_code() -> str:
    """アクティベーションコード: twelve digits."""
    return f"{secrets.randbelow(10**12):012d}"


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash(secrets.token_hex())
