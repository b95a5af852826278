"""The `myna-backend` command: `serve`, `administer`, `load`, `office`, `account`, `user`, `person`."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from myna_backend import accounts, deny_list, pins, users
from myna_backend.app import create_administration, create_app
from myna_backend.demo import demo_accounts, demo_users, user_settings_text, user_text
from myna_backend.eligibility import PersonError, require_person
from myna_backend.load import LoadError, load
from myna_backend.office_commands import add_account_commands, add_office_commands
from myna_backend.options import common_options, open_of, settings_of
from myna_backend.serve import listen, log_to_stderr, make_server
from myna_backend.settings import SettingsError
from myna_backend.store.engine import WrongModeError
from myna_backend.tls import CA_FILE, CERTIFICATE_FILE, KEY_FILE, make_server_certificate
from myna_backend.user_commands import add_user_commands

_TOLD = (SettingsError, WrongModeError, LoadError, PersonError, accounts.AccountError, users.UserError, OSError)
"""What an operator can put right."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 done, 1 done in part, 2 not done."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
    except _TOLD as error:
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
        settings = settings_of(options, listener.address, options.issuer)
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


def _administer(options: argparse.Namespace) -> int:
    log_to_stderr()
    listener = listen(options.host, options.port)
    with listener.socket:
        app = create_administration(settings_of(options, listener.address))
        ready = lambda: print(f"listening on {listener.address}", flush=True)  # noqa: E731 - what the server calls
        make_server(app, options.tls_cert, options.tls_key, ready, options.client_ca).run(sockets=[listener.socket])
    return 0


def _load(options: argparse.Namespace) -> int:
    backend = open_of(options)
    report = load(backend.store, backend.settings.mode, options.folder)
    for bad in report.bad_rows:
        print(bad, file=sys.stderr)
    print(
        f"{report.persons} persons, {report.roots} roots, {report.crls} revocation lists, "
        f"{report.card_issuers} card issuers; {len(report.bad_rows)} not loaded"
    )
    return 1 if report.bad_rows else 0


def _change_person(options: argparse.Namespace) -> int:
    with open_of(options).store.writing() as session:
        require_person(session, options.person_id)
        options.change(session, options.person_id)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="myna-backend", description="資格確認アプリ: the reference backend")
    commands = parser.add_subparsers(required=True, metavar="command")
    common = common_options()

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

    administer = commands.add_parser("administer", parents=[common], help="serve the administration's pages alone")
    administer.add_argument("--host", default="127.0.0.1")
    administer.add_argument("--port", type=int, default=8444, help="0: any free one")
    administer.add_argument("--tls-cert", type=Path, required=True, metavar="PEM")
    administer.add_argument("--tls-key", type=Path, required=True, metavar="PEM")
    administer.add_argument(
        "--client-ca", type=Path, required=True, metavar="PEM", help="who signs the certificates of those who may"
    )
    administer.set_defaults(run=_administer)

    add_office_commands(commands.add_parser("office", help="offices"), common)
    add_account_commands(commands.add_parser("account", help="accounts of offices' PCs"), common)
    add_user_commands(commands.add_parser("user", help="those who sign in to the pages"), common)
    _add_person_commands(commands.add_parser("person", help="certificates and card keys of a person"), common)
    return parser


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
