"""The `myna-backend` command: `serve`, `load`, `account`, `person`."""

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from platformdirs import user_data_path

from myna_app.formats.facility import FacilityKind
from myna_backend import accounts, deny_list, pins
from myna_backend.app import create_app
from myna_backend.backend import Backend, open_backend
from myna_backend.demo import demo_accounts, demo_users, user_settings_text, user_text
from myna_backend.eligibility import PersonError, require_person
from myna_backend.load import LoadError, load
from myna_backend.serve import listen, log_to_stderr, make_server
from myna_backend.settings import Settings, SettingsError, Stall, load_settings
from myna_backend.store.engine import WrongModeError
from myna_backend.tls import CA_FILE, CERTIFICATE_FILE, KEY_FILE, make_server_certificate

STALL_VARIABLE = "MYNA_BACKEND_STALL"
DATABASE_FILE = "backend.sqlite3"
_NO_ISSUER = "https://localhost"
"""Stands where a command issues nothing."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 done, 1 done in part, 2 not done."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
    except (SettingsError, WrongModeError, LoadError, PersonError, accounts.AccountError, OSError) as error:
        print(f"myna-backend: {error}", file=sys.stderr)
        return 2
    return status


def _serve(options: argparse.Namespace) -> int:
    log_to_stderr()
    has_certificate = options.tls_cert is not None and options.tls_key is not None
    if not (has_certificate or options.demo):
        raise SettingsError("--tls-cert and --tls-key are needed: there is no plain HTTP")
    listener = listen(options.host, options.port)
    with listener.socket:
        settings = _settings(options, listener.address, options.issuer)
        if options.demo:
            settings = replace(
                settings,
                administration=True,
                tester_faults=True,
                web_service_url=settings.web_service_url or f"{settings.issuer}/web",
            )
        certificate, key = options.tls_cert, options.tls_key
        if not has_certificate:
            make_server_certificate(settings.data, options.host)
            certificate, key = settings.data / CERTIFICATE_FILE, settings.data / KEY_FILE
            print(f"ca {settings.data / CA_FILE}")
        app = create_app(settings)
        if options.demo:
            for account in demo_accounts(app.state.backend):
                print(user_settings_text(account))
            for user in demo_users(app.state.backend):
                print(user_text(user))
            print("/admin　管理　サインインなし、このパソコンからだけ")
        server = make_server(app, certificate, key, lambda: print(f"listening on {listener.address}", flush=True))
        server.run(sockets=[listener.socket])
    return 0


def _load(options: argparse.Namespace) -> int:
    backend = _open(options)
    report = load(backend.store, backend.settings.mode, options.folder)
    for bad in report.bad_rows:
        print(bad, file=sys.stderr)
    print(
        f"{report.persons} persons, {report.roots} roots, {report.crls} revocation lists, "
        f"{report.card_issuers} card issuers; {len(report.bad_rows)} not loaded"
    )
    return 1 if report.bad_rows else 0


def _add(options: argparse.Namespace) -> int:
    backend = _open(options)
    fields = accounts.OfficeFields(
        name=options.office,
        kind=options.kind,
        institution_code=options.institution_code,
        contact=options.contact,
        service_starts_on=options.starts_on or backend.today(),
        service_ends_on=options.ends_on,
    )
    with backend.store.writing() as session:
        issued = accounts.issue(session, fields, options.count, backend.activation_code_end())
    for account in issued:
        print(user_settings_text(account))
    return 0


def _list(options: argparse.Namespace) -> int:
    with _open(options).store.reading() as session:
        for line in accounts.list_accounts(session):
            print(line.user_id, line.status, line.institution_code, line.terminal_id or "-", line.office)
    return 0


def _release(options: argparse.Namespace) -> int:
    backend = _open(options)
    with backend.store.writing() as session:
        code = accounts.release(session, options.user_id, backend.activation_code_end())
    print(f"{options.user_id} アクティベーションコード {code}")
    return 0


def _change_account(options: argparse.Namespace) -> int:
    with _open(options).store.writing() as session:
        options.change(session, options.user_id)
    return 0


def _change_person(options: argparse.Namespace) -> int:
    with _open(options).store.writing() as session:
        require_person(session, options.person_id)
        options.change(session, options.person_id)
    return 0


def _open(options: argparse.Namespace) -> Backend:
    return open_backend(_settings(options, _NO_ISSUER))


def _settings(options: argparse.Namespace, address: str, issuer: str | None = None) -> Settings:
    data: Path = options.data.absolute()
    data.mkdir(parents=True, exist_ok=True)
    stall = os.environ.get(STALL_VARIABLE)
    given = {
        "issuer": issuer and issuer.rstrip("/"),
        "database": options.database,
        "stall": _stall(stall) if stall else None,
    }
    fallback = {"issuer": address, "database": f"sqlite:///{data / DATABASE_FILE}"}
    return load_settings(data, {key: value for key, value in given.items() if value is not None}, fallback)


def _stall(text: str) -> Stall:
    call, _, seconds = text.partition(":")
    try:
        return Stall(call, float(seconds))
    except ValueError:
        raise SettingsError(f"{STALL_VARIABLE} is <call>:<seconds>") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="myna-backend", description="資格確認アプリ: the reference backend")
    commands = parser.add_subparsers(required=True, metavar="command")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data", type=Path, default=user_data_path("myna-backend"), metavar="DIR")
    common.add_argument("--database", metavar="URL", help="sqlite:///… or postgresql://…; a file in --data by default")

    serve = commands.add_parser("serve", parents=[common], help="serve the contract over HTTPS")
    serve.add_argument("--demo", action="store_true", help="offices to try out, a throw-away certificate")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8443, help="0: any free one")
    serve.add_argument("--issuer", metavar="URL", help="address as terminals know it; the listening one by default")
    serve.add_argument("--tls-cert", type=Path, metavar="PEM")
    serve.add_argument("--tls-key", type=Path, metavar="PEM")
    serve.set_defaults(run=_serve)

    loading = commands.add_parser("load", parents=[common], help="load persons and trust anchors")
    loading.add_argument("folder", type=Path, metavar="DIR")
    loading.set_defaults(run=_load)

    _add_account_commands(commands.add_parser("account", help="accounts of offices"), common)
    _add_person_commands(commands.add_parser("person", help="certificates and card keys of a person"), common)
    return parser


def _add_account_commands(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(required=True, metavar="command")
    add = commands.add_parser("add", parents=[common], help="accounts for PCs of an office")
    add.add_argument("--office", required=True, help="name of the office")
    add.add_argument("--kind", required=True, type=FacilityKind, choices=list(FacilityKind))
    add.add_argument("--institution-code", required=True, help="機関コード, ten digits")
    add.add_argument("--contact", required=True, help="whom to call, e.g. 見本県国保連合会　000-000-0000")
    add.add_argument("--starts-on", type=date.fromisoformat, metavar="YYYY-MM-DD", help="運用開始日; today by default")
    add.add_argument("--ends-on", type=date.fromisoformat, metavar="YYYY-MM-DD")
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


def _add_person_commands(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(required=True, metavar="command")
    for name, change, about in (
        ("deny", deny_list.deny, "put the person's certificates on the deny list"),
        ("allow", deny_list.allow, "take them off it"),
        ("unpin", pins.unpin, "clear the pinned card key, so that a new card can be proved"),
    ):
        command = commands.add_parser(name, parents=[common], help=about)
        command.add_argument("person_id")
        command.set_defaults(run=_change_person, change=change)
