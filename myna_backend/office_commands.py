"""`myna-backend office` and `account`: who may use the service, and the accounts of their PCs."""

import argparse
from datetime import date

from sqlalchemy import select

from myna_app.formats.facility import FacilityKind
from myna_backend import accounts
from myna_backend.backend import Backend
from myna_backend.demo import user_settings_text
from myna_backend.options import open_of
from myna_backend.store.tables import Office


def _add_office(options: argparse.Namespace) -> int:
    backend = open_of(options)
    with backend.store.writing() as session:
        accounts.keep_office(session, _office(options, backend))
    return 0


def _list_offices(options: argparse.Namespace) -> int:
    with open_of(options).store.reading() as session:
        for office in session.scalars(select(Office).order_by(Office.id)):
            print(office.institution_code, office.kind, office.service_starts_on, office.name)
    return 0


def _office(options: argparse.Namespace, backend: Backend) -> accounts.OfficeFields:
    return accounts.OfficeFields(
        name=options.office,
        kind=options.kind,
        institution_code=options.institution_code,
        contact=options.contact,
        service_starts_on=options.starts_on or backend.today(),
        service_ends_on=options.ends_on,
    )


def _add(options: argparse.Namespace) -> int:
    backend = open_of(options)
    with backend.store.writing() as session:
        issued = accounts.issue(session, _office(options, backend), options.count, backend.activation_code_end())
    for account in issued:
        print(user_settings_text(account))
    return 0


def _list(options: argparse.Namespace) -> int:
    with open_of(options).store.reading() as session:
        for line in accounts.list_accounts(session):
            print(line.user_id, line.status, line.institution_code, line.terminal_id or "-", line.office)
    return 0


def _release(options: argparse.Namespace) -> int:
    backend = open_of(options)
    with backend.store.writing() as session:
        code = accounts.release(session, options.user_id, backend.activation_code_end())
    print(f"{options.user_id} アクティベーションコード {code}")
    return 0


def _change_account(options: argparse.Namespace) -> int:
    with open_of(options).store.writing() as session:
        options.change(session, options.user_id)
    return 0


def add_office_commands(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(required=True, metavar="command")
    options = [common, _office_options()]
    add = commands.add_parser("add", parents=options, help="make an office, or bring it up to date; it applies itself")
    add.set_defaults(run=_add_office)
    commands.add_parser("list", parents=[common], help="all offices").set_defaults(run=_list_offices)


def add_account_commands(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(required=True, metavar="command")
    add = commands.add_parser("add", parents=[common, _office_options()], help="accounts for PCs of an office")
    add.add_argument("--count", type=int, default=1, help="number of PCs")
    add.set_defaults(run=_add)
    commands.add_parser("list", parents=[common], help="all accounts").set_defaults(run=_list)
    release = commands.add_parser("release", parents=[common], help="free an account for another PC, with a new code")
    release.add_argument("user_id")
    release.set_defaults(run=_release)
    for name, change, about in (
        ("stop", accounts.stop, "stop an account, e.g. of a lost PC"),
        ("resume", accounts.resume, "let a stopped account go on"),
        ("end", accounts.end, "end an account for good"),
    ):
        command = commands.add_parser(name, parents=[common], help=about)
        command.add_argument("user_id")
        command.set_defaults(run=_change_account, change=change)


def _office_options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument("--office", required=True, help="its name")
    options.add_argument("--kind", required=True, type=FacilityKind, choices=list(FacilityKind))
    options.add_argument("--institution-code", required=True, help="機関コード, ten digits")
    options.add_argument("--contact", required=True, help="whom to call, e.g. 見本県国保連合会　000-000-0000")
    options.add_argument("--starts-on", type=date.fromisoformat, metavar="YYYY-MM-DD", help="運用開始日; or today")
    options.add_argument("--ends-on", type=date.fromisoformat, metavar="YYYY-MM-DD")
    return options
