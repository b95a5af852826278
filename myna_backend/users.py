"""Those who sign in to the pages. Passwords are argon2id hashes."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from myna_backend.accounts import hash_of, is_hash_of
from myna_backend.store.engine import add_once
from myna_backend.store.tables import Office, PageRole, PageSession, User

LOGIN = re.compile(r"[0-9A-Za-z._-]{3,64}")
MAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")
LEAST_PASSWORD, MOST_PASSWORD = 12, 128


class UserError(ValueError):
    """What was asked for cannot be done; the text says why."""


@dataclass(frozen=True, slots=True)
class UserFields:
    login: str
    name: str
    mail: str
    role: PageRole
    password: str

    def __repr__(self) -> str:
        return f"UserFields({self.role})"


def add(session: Session, office: Office, fields: UserFields) -> None:
    """Raises `UserError` where the login is taken."""
    row = User(
        login=fields.login,
        name=fields.name,
        mail=fields.mail,
        role=fields.role,
        office=office,
        password_hash=hash_of(fields.password),
    )
    if not add_once(session, row):
        raise UserError(f"there is a user {fields.login} already")


def with_password(session: Session, login: str, password: str) -> User | None:
    """The user of right credentials; takes as long for one who does not exist."""
    user = session.scalar(select(User).where(User.login == login))
    return user if is_hash_of(None if user is None else user.password_hash, password) else None


def of_office(session: Session, office_id: int, roles: frozenset[PageRole]) -> Sequence[User]:
    mine = (User.office_id == office_id, User.role.in_(roles))
    return session.scalars(select(User).where(*mine).order_by(User.login)).all()


def remove(session: Session, office_id: int, user_id: int, roles: frozenset[PageRole]) -> None:
    """Of this office and these roles alone; whoever is signed in under it is signed out."""
    session.execute(delete(User).where(User.id == user_id, User.office_id == office_id, User.role.in_(roles)))


def set_password(session: Session, user_id: int, password: str, keep: bytes = b"") -> None:
    """Whoever is signed in with the old one is signed out, but for the session to `keep`."""
    session.execute(update(User).where(User.id == user_id).values(password_hash=hash_of(password)))
    session.execute(delete(PageSession).where(PageSession.user_id == user_id, PageSession.digest != keep))


def new_password() -> str:
    return secrets.token_urlsafe(12)
