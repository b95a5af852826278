"""The `myna-app` command: `run` (the default), `doctor`, `terminal-id`, `support-bundle`, `reset`, `--version`."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from myna_app import __version__
from myna_app.errors import AppError

if TYPE_CHECKING:
    from myna_app.settings.store import SettingsStore
    from myna_app.ui.texts import Texts

_FAILED = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 done, 1 a check or the act itself failed, 2 misused."""
    options = _parser().parse_args(arguments)
    if options.command in (None, "run"):
        return _run()
    from myna_app.settings.store import SettingsStore  # noqa: PLC0415 - nothing stands before the first window

    settings = SettingsStore()
    try:
        match options.command:
            case "doctor" if options.own_parts:
                return _self_check(as_json=options.json)
            case "doctor":
                return _doctor(settings, as_json=options.json)
            case "terminal-id":
                return _terminal_id(settings)
            case "support-bundle":
                return _support_bundle(settings, options.save)
            case _:
                return _reset(settings, sure=options.yes, local=options.local)
    except AppError as error:
        print(f"myna-app: {error}", file=sys.stderr)
        return _FAILED


def _run() -> int:
    """Something is on the screen before most of the program is even imported."""
    from myna_app.ui.opening import Opening, open_application  # noqa: PLC0415 - Qt is loaded for the windows alone

    application = open_application()
    opening = Opening()
    opening.show()
    application.processEvents()
    from myna_app import app  # noqa: PLC0415 - all the rest

    return app.run(opening)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="myna-app", description="資格確認アプリ")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", metavar="command")
    commands.add_parser("run", help="open the window (also without a command)")
    doctor = commands.add_parser("doctor", help="examine what a visit needs; exit status 1 when something is wrong")
    doctor.add_argument("--json", action="store_true", help="one JSON object a check, a line each")
    doctor.add_argument("--self", dest="own_parts", action="store_true", help="examine the parts of the program alone")
    commands.add_parser("terminal-id", help="print this PC's 端末固有ID")
    bundle = commands.add_parser("support-bundle", help="show what would be handed to whoever helps; nothing personal")
    bundle.add_argument("--save", type=Path, metavar="FILE", help="write it to a file instead")
    reset = commands.add_parser("reset", help="give the account back and forget this user's registration on this PC")
    reset.add_argument("--yes", action="store_true", help="do not ask")
    reset.add_argument("--local", action="store_true", help="forget it here alone, without telling the backend")
    return parser


def _texts(settings: "SettingsStore") -> "Texts":
    from myna_app.resources import resources_folder  # noqa: PLC0415 - nothing stands before the first window
    from myna_app.ui.texts import Language, Texts  # noqa: PLC0415 - as above

    return Texts.load(Language(settings.settings.language.value), resources_folder() / "text")


def _doctor(settings: "SettingsStore", *, as_json: bool) -> int:
    from myna_app.flow.beside import Check, Outcome  # noqa: PLC0415 - `--version` needs none of it
    from myna_app.parts import make_doctor  # noqa: PLC0415 - brings HTTPS and PC/SC
    from myna_app.ui.check_words import check_words  # noqa: PLC0415 - as the first

    texts = _texts(settings)

    def tell(check: Check) -> None:
        if as_json:
            print(json.dumps(asdict(check), ensure_ascii=False), flush=True)
            return
        print(f"{texts(f'doctor.{check.outcome}')}　{check_words(texts, check)}", flush=True)
        if check.problem is not None:
            words = texts.problem(check.problem, {})
            print(f"    {words.code} ({check.found})")
            for number, line in enumerate(words.steps, start=1):
                print(f"    {number}. {line}")

    bad = False
    for check in make_doctor(settings).examine():
        tell(check)
        bad = bad or check.outcome is Outcome.BAD
    return _FAILED if bad else 0


def _self_check(*, as_json: bool) -> int:
    from myna_app.self_check import examine_self  # noqa: PLC0415 - brings everything there is

    parts = list(examine_self())
    for part in parts:
        print(json.dumps(asdict(part)) if as_json else f"{'ok' if part.good else 'MISSING'} {part.name}: {part.found}")
    return 0 if all(part.good for part in parts) else _FAILED


def _terminal_id(settings: "SettingsStore") -> int:
    from myna_app.formats.terminal_id import show_terminal_id  # noqa: PLC0415 - brings the key store
    from myna_app.parts import make_device  # noqa: PLC0415 - as above

    terminal_id = make_device(settings).terminal_id
    if terminal_id is None:
        print(_texts(settings)("doctor.not_registered"), file=sys.stderr)
        return _FAILED
    print(show_terminal_id(terminal_id))
    return 0


def _support_bundle(settings: "SettingsStore", file: Path | None) -> int:
    from myna_app import office  # noqa: PLC0415 - brings the ledger
    from myna_app.parts import make_duties  # noqa: PLC0415 - brings HTTPS and PC/SC

    text = make_duties(settings).errands.support_bundle()
    if file is None:
        print(text, end="")
        return 0
    return 0 if office.save(file, text) else _FAILED


def _reset(settings: "SettingsStore", *, sure: bool, local: bool) -> int:
    from myna_app.parts import make_duties  # noqa: PLC0415 - brings HTTPS and the key store

    texts = _texts(settings)
    if not sure and input(texts("doctor.reset_question")).strip().lower() not in ("y", "yes", "はい"):
        return _FAILED
    make_duties(settings).forget_terminal(release=not local)
    print(texts("doctor.reset_done"))
    return 0
