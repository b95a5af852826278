"""The `myna-sandbox` command: cards, the deck, the demo."""

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from myna_sandbox import faults
from myna_sandbox.export import export_deck
from myna_sandbox.faults import FaultyCard, parse_fault
from myna_sandbox.personalise import Sandbox, UnknownPersonError
from myna_sandbox.vpcd import DEFAULT_ADDRESS, VpcdCard

_MISUSED = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 done, 1 the demo's own failure, 2 misused."""
    options = _parser().parse_args(arguments)
    match options.command:
        case "card":
            return _card(options)
        case "deck":
            return _deck(options)
        case _:
            from myna_sandbox import demo  # noqa: PLC0415 - brings Qt and the backend, which a card does not need

            return demo.main(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="myna-sandbox",
        description="Virtual My Number cards of invented persons, and everything to try the app with.",
    )
    commands = parser.add_subparsers(dest="command", required=True)

    card = commands.add_parser(
        "card",
        help="put a person's card on the virtual reader until interrupted",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Put a person's card on the virtual reader (vpcd) and leave it there until interrupted.",
        epilog=f"faults:\n\n{faults.__doc__}",
    )
    card.add_argument("id", help="see `myna-sandbox deck`")
    card.add_argument(
        "--vpcd", metavar="HOST:PORT", type=_address, default=DEFAULT_ADDRESS, help="default 127.0.0.1:35963"
    )
    card.add_argument("--fault", metavar="WORD", type=parse_fault, action="append", default=[], help="see below")
    card.add_argument("--fresh", action="store_true", help="first put its counters back to the day of issue")
    card.add_argument("--contactless", action="store_true", help="with the ATR that a contactless reader makes up")

    deck = commands.add_parser("deck", help="list the persons, or hand them to a backend")
    deck.set_defaults(directory=None)
    export = deck.add_subparsers(dest="action").add_parser("export", help="write the deck as files for a backend")
    export.add_argument("directory", type=Path)

    demo = commands.add_parser("demo", help="the application, a reader and a backend, all in one")
    way = demo.add_mutually_exclusive_group()
    way.add_argument("--practice", action="store_true", help="for trainees: set up already, with trouble on demand")
    way.add_argument("--headless", action="store_true", help="drive the windows by itself, from set-up to ten visits")
    demo.add_argument("--out", metavar="DIR", type=Path, help="with --headless: keep a picture of every screen here")
    return parser


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host, int(port)


def _card(options: argparse.Namespace) -> int:
    try:
        card = Sandbox().card(options.id, fresh=options.fresh, contactless=options.contactless)
    except UnknownPersonError:
        print(f"myna-sandbox: nobody in the deck is called {options.id}", file=sys.stderr)
        return _MISUSED
    on_reader = VpcdCard(
        FaultyCard(card, options.fault),
        options.vpcd,
        powered=lambda: print(f"card {options.id} inserted", flush=True),
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: on_reader.stop())
    on_reader.run()
    return 0


def _deck(options: argparse.Namespace) -> int:
    sandbox = Sandbox()
    if options.directory is not None:
        export_deck(sandbox, options.directory)
        return 0
    width = max(map(len, sandbox.persons))
    for person in sandbox.persons.values():
        print(f"{person.id:<{width}}  {person.about_ja} / {person.about_en}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
