"""The words of the screens: ``resources/text/{ja,en}.toml``, keyed by 画面番号, and the catalogue of problems.

Placeholders are filled with the words of the office's kind (患者さま, 受診者さま, 利用者さま and its 〔別の方法〕),
with the facts of a problem, and with what a screen hands over. A fact that is not known is replaced by the language's
own word for it (``[unknown]``), never by a hole.
"""

import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, unique
from pathlib import Path
from typing import Any

from myna_app.errors import Problem
from myna_app.formats.era import show_in_era
from myna_app.formats.facility import FacilityKind

Fact = str | int


@unique
class Language(StrEnum):
    JAPANESE = "ja"
    ENGLISH = "en"


@unique
class Action(StrEnum):
    """What a button of the error screen is called; the key of its label in ``[button]``."""

    LOOK_AGAIN = "look_again"
    READ_AGAIN = "read_again"
    AGAIN = "again"
    NEXT_VISITOR = "next_visitor"
    BACK_TO_ENTRY = "back_to_entry"
    REGISTER_ANEW = "register_anew"
    FIRST_SCREEN = "first_screen"
    GO_ON = "go_on"
    CHOOSE_READER = "choose_reader"
    SETTINGS = "settings"
    UPDATE = "update"
    CONTACT = "contact"
    CLOCK = "clock"
    ANNOUNCEMENTS = "announcements"
    SHOW_OPEN = "show_open"
    STOP = "stop"
    QUIT = "quit"


@dataclass(frozen=True, slots=True)
class ProblemWords:
    """A problem as a person is told it."""

    code: str
    title: str
    what: str
    steps: tuple[str, ...]
    say: str | None
    """What to say to the visitor; None where it would only worry them (the catalogue gives the reason)."""
    main: Action
    second: Action | None
    auto: bool
    """It is said in a line of its own that it ends by itself; some say so in their steps."""


class Texts:
    """The words of one language for one kind of office. Look-ups raise `KeyError` for a key that does not stand."""

    def __init__(
        self, language: Language, table: Mapping[str, Any], kind: FacilityKind, visitor: FacilityKind | None = None
    ) -> None:
        """`visitor`: the kind of office whose word for people is used in place of `kind`'s."""
        self.language = language
        self.kind = kind
        self._visitor = visitor
        self._table = table
        person = table["facility"][visitor or kind]["person"]
        self._words: Mapping[str, str] = {**table["unknown"], **table["facility"][kind], "person": person}

    @classmethod
    def load(cls, language: Language, folder: Path, kind: FacilityKind = FacilityKind.MEDICAL) -> "Texts":
        """`folder` holds one TOML file a language."""
        return cls(language, tomllib.loads((folder / f"{language}.toml").read_text("utf-8")), kind)

    def for_kind(self, kind: FacilityKind) -> "Texts":
        return self.for_office(kind, None)

    def for_office(self, kind: FacilityKind, visitor: FacilityKind | None) -> "Texts":
        if (kind, visitor) == (self.kind, self._visitor):
            return self
        return Texts(self.language, self._table, kind, visitor)

    def __call__(self, key: str, **facts: Fact) -> str:
        """The text at a dotted key, e.g. ``M-10.title``."""
        text = self._find(key)
        if not isinstance(text, str):
            raise KeyError(key)
        return self._fill(text, facts)

    def has(self, key: str) -> bool:
        try:
            self._find(key)
        except KeyError:
            return False
        return True

    def lines(self, key: str, **facts: Fact) -> tuple[str, ...]:
        return tuple(self._fill(line, facts) for line in self._find(key))

    def code(self, table: str, value: str) -> str:
        """A code of an OQSCD table in words; an unknown one is shown as such and never as something else."""
        known: Mapping[str, str] = self._table["code"][table]
        return known.get(value) or self("code.unknown", value=value)

    def problem(self, problem: Problem, facts: Mapping[str, Fact]) -> ProblemWords:
        """The catalogue's entry with `facts` put in: those of the error, under the contract's names."""
        entry = self._table["problem"][problem.value]
        told = {**facts, **self._in_words(facts)}
        return ProblemWords(
            code=problem.value,
            title=self._fill(entry["title"], told),
            what=self._fill(entry["what"], told),
            steps=tuple(self._fill(step, told) for step in entry["steps"]),
            say=self._fill(entry["say"], told) if "say" in entry else None,
            main=Action(entry["main"]),
            second=Action(entry["second"]) if "second" in entry else None,
            auto=entry["auto"],
        )

    def duration(self, seconds: int) -> str:
        """Whole minutes from two minutes on, seconds below."""
        minutes = -(-seconds // 60)
        return self("measure.minutes", n=minutes) if minutes > 1 else self("measure.seconds", n=seconds)

    def day(self, day: date) -> str:
        return self("measure.day", year=day.year, month=self.lines("measure.months")[day.month - 1], day=day.day)

    def day_in_era(self, day: date) -> str:
        """和暦 where the language has it."""
        return show_in_era(day) if self.language is Language.JAPANESE else self.day(day)

    def moment(self, at: datetime) -> str:
        """In local time of the PC."""
        local = at.astimezone()
        return f"{self.day(local.date())} {local:%H:%M}"

    def _in_words(self, facts: Mapping[str, Fact]) -> dict[str, str]:
        """Facts that are numbers or times, as the catalogue's placeholders. A malformed one counts as unknown."""
        told: dict[str, str] = {}
        for name, value in facts.items():
            with suppress(ValueError):
                match name:
                    case "seconds" | "retry_after" if int(value) > 0:
                        told["wait"] = self.duration(int(value))
                    case "minutes":
                        told["drift"] = self("measure.minutes", n=int(value))
                    case "megabytes":
                        told["room"] = self("measure.megabytes", n=int(value))
                    case "service_starts_on":
                        told["starts_on"] = self.day(date.fromisoformat(str(value)))
                    case "ends_at":
                        told["ends_at"] = self.moment(datetime.fromisoformat(str(value)))
        return told

    def _find(self, key: str) -> Any:
        node: Any = self._table
        for part in key.split("."):
            if not isinstance(node, Mapping):
                raise KeyError(key)
            node = node[part]
        return node

    def _fill(self, text: str, facts: Mapping[str, Fact]) -> str:
        return text.format_map({**self._words, **facts})


def without_mnemonic(text: str) -> str:
    """A button's label as it is spoken: ``次へ(&N)`` → ``次へ``, ``&Next`` → ``Next``."""
    head, sign, tail = text.partition("(&")
    if sign and tail[1:2] == ")":
        return (head + tail[2:]).strip().lstrip("←≡ ")
    return text.replace("&", "").strip().lstrip("←≡ ")
