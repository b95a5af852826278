"""`myna-backend user`: who signs in to the pages. An office's first user comes from here."""

import argparse
import re
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from myna_backend import users
from myna_backend.demo import user_text
from myna_backend.options import open_of
from myna_backend.store.tables import Office, PageRole, User


def _add(options: argparse.Namespace) -> int:
    fields = users.UserFields(options.login, options.name, options.mail, options.role, users.new_password())
    with open_of(options).store.writing() as session:
        named = (Office.name == options.office, Office.institution_code == options.institution_code)
        office = session.scalar(select(Office).where(*named))
        if office is None:
            raise users.UserError(f"there is no office {options.office} with code {options.institution_code}")
        users.add(session, office, fields)
    print(user_text(fields))
    return 0


def _list(options: argparse.Namespace) -> int:
    with open_of(options).store.reading() as session:
        for user in session.scalars(select(User).order_by(User.login)):
            print(user.login, user.role, user.mail, user.office.institution_code, user.office.name)
    return 0


def _renew_password(options: argparse.Namespace) -> int:
    password = users.new_password()
    with open_of(options).store.writing() as session:
        users.set_password(session, _number_of(session, options.login), password)
    print(f"{options.login} パスワード {password}")
    return 0


def _remove(options: argparse.Namespace) -> int:
    with open_of(options).store.writing() as session:
        session.delete(session.get_one(User, _number_of(session, options.login)))
    return 0


def _number_of(session: Session, login: str) -> int:
    number = session.scalar(select(User.id).where(User.login == login))
    if number is None:
        raise users.UserError(f"there is no user {login}")
    return number


def add_user_commands(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(required=True, metavar="command")
    add = commands.add_parser("add", parents=[common], help="add somebody, and print their password")
    add.add_argument("login", type=_shaped(users.LOGIN), help="letters, digits and . _ -, three or more")
    add.add_argument("--name", required=True)
    add.add_argument("--mail", required=True, type=_shaped(users.MAIL), help="where one-time codes are sent")
    add.add_argument("--role", required=True, type=PageRole, choices=list(PageRole))
    add.add_argument("--office", required=True, help="its name, as `office list` prints it")
    add.add_argument("--institution-code", required=True, help="機関コード of the office")
    add.set_defaults(run=_add)
    commands.add_parser("list", parents=[common], help="everybody").set_defaults(run=_list)
    for name, run, about in (
        ("password", _renew_password, "make a new password and print it; who is signed in is signed out"),
        ("remove", _remove, "remove somebody"),
    ):
        command = commands.add_parser(name, parents=[common], help=about)
        command.add_argument("login")
        command.set_defaults(run=run)


def _shaped(shape: re.Pattern[str]) -> Callable[[str], str]:
    def checked(text: str) -> str:
        if shape.fullmatch(text) is None:
            raise argparse.ArgumentTypeError(f"{text!r} does not fit")
        return text

    return checked
