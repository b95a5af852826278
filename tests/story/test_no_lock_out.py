"""The retry guard as a whole: whatever follows on whatever, a visitor's card is not brought near lock-out.

Visits of the real program's `Visit` with the real virtual cards, over HTTPS against the real backend, in any order with
faults, restarts, other forms of answers, and a backend that lies about keys.
"""

import itertools
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Event
from typing import ClassVar
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from myna_app.api.answers import FaceCheck, Prove, VisitAnswer
from myna_app.api.client import BackendClient
from myna_app.card.capability import CapabilityMemory
from myna_app.card.readers import Readers, ReaderState
from myna_app.card.surface import KeyOutcome
from myna_app.card.waiting import CardWait
from myna_app.errors import AppError
from myna_app.formats.facility import FaceCheckWay
from myna_app.ledger import Ledger, Verify, VisitRow
from myna_app.visit import BirthDateWanted, Visit, VisitCancelledError, VisitParts, VisitReport
from myna_sandbox.faults import FaultyCard, parse_fault
from myna_sandbox.personalise import Sandbox
from myna_sandbox.virtual_card.card import VirtualCard
from myna_sandbox.virtual_card.recorder import RECORD_DIR
from myna_sandbox.virtual_reader import VirtualPcsc
from tests.parts import ReferenceBackend
from tests.story.registered import registered
from tests.watched import Watched

FEWEST = 4
KEY, NUMBER_B = "SURFACE.0011", "SURFACE.0012"
PRESENTED_B = bytes.fromhex("002000920E")
PERSONS = ("p01", "p03", "foreign", "fourtries", "locked", "copied", "partial", "android")
WRONG_KEYS = ("010101", "600412", "850412", "451225")
# A count of tries that is lower than the card's own, never a higher one: such an answer cannot be told from a true one.
FORMS = ("pull@{}", "pull-after@{}", "sw@{}=6F00", "sw@{}=63C3", "sw@{}=9000", "cut@{}=2")
FAULTS = ("first-fails", "short=6700", *(form.format(number) for number in range(5, 10) for form in FORMS))
HEALTHY = ("p01", "p03")
PHOTOGRAPH_FAULTS = [form.format(number) for number in range(8, 17) for form in FORMS]
"""After the four commands of a known card, or the nine of a new one."""


class LyingClient(BackendClient):
    """The real client; once `lie` is set, the next answer about a card is this key, whatever the backend said."""

    lie: str | None = None

    def visit(self, challenge_id: UUID, certificate: bytes, signature: bytes, face_check: FaceCheck) -> VisitAnswer:
        key, self.lie = self.lie, None
        if key is None:
            return super().visit(challenge_id, certificate, signature, face_check)
        with suppress(AppError):
            super().visit(challenge_id, certificate, signature, face_check)
        return Prove(uuid4(), key)


@dataclass
class Office:
    """One terminal of the backend, and where its machines begin."""

    client: LyingClient
    terminal_id: str
    sandbox: Sandbox
    folder: Path


@pytest.fixture(autouse=True)
def unrecorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forged answers make the program believe what its card, and so the record's judge, has never seen."""
    monkeypatch.delenv(RECORD_DIR, raising=False)


@pytest.fixture
def office(backend: ReferenceBackend, tmp_path: Path) -> Office:
    return Office(*registered(backend, tmp_path, LyingClient), Sandbox(), tmp_path)


class Reception(RuleBasedStateMachine):
    """Cards stay the same over a run, as their counters do; the program may be started anew at any time."""

    office: Office
    runs: Iterator[int] = itertools.count()
    presented: ClassVar[Counter[str]] = Counter()
    """What was tried in all runs together, so that a change which lets nothing reach a card is noticed."""

    def __init__(self) -> None:
        super().__init__()
        self.cards: dict[str, VirtualCard] = {}
        self.ledger = Ledger(self.office.folder / f"ledger-{next(self.runs)}.sqlite3")
        self.pcsc = VirtualPcsc()
        self.reader = self.pcsc.add_reader()
        self.memory = CapabilityMemory()

    @rule()
    def the_program_is_started_anew(self) -> None:
        self.memory = CapabilityMemory()

    @rule(
        person=st.sampled_from(PERSONS),
        faults=st.lists(st.sampled_from(FAULTS), max_size=2),
        lie=st.none() | st.sampled_from(WRONG_KEYS),
        typed=st.none() | st.just("printed") | st.dates(date(1930, 1, 1), date(2020, 1, 1)),
    )
    def a_visit(self, person: str, faults: list[str], lie: str | None, typed: date | str | None) -> None:
        self.go_through(person, faults, lie, typed)

    @rule(
        person=st.sampled_from(HEALTHY),
        faults=st.lists(st.sampled_from(PHOTOGRAPH_FAULTS), max_size=1),
        codes=st.lists(st.sampled_from(("printed", "0000", "0001")), min_size=1, max_size=4),
    )
    def a_visit_with_the_photograph(self, person: str, faults: list[str], codes: list[str]) -> None:
        self.go_through(person, faults, codes=codes)

    def go_through(
        self,
        person: str,
        faults: Sequence[str],
        lie: str | None = None,
        typed: date | str | None = None,
        codes: Sequence[str] = (),
    ) -> None:
        """`codes` are typed for the photograph in the chip; without any, policy allows none."""
        card = self.cards.setdefault(person, self.office.sandbox.card(person, volatile=True))
        before = card.counters
        watched = Watched(card)
        self.reader.insert(FaultyCard(watched, [parse_fault(word) for word in faults]))
        self.office.client.lie = lie
        visit = self.visit(allow_photograph=bool(codes))
        staff_typed_it = False
        try:
            with suppress(AppError):
                answer = visit.begin()
                if isinstance(answer, BirthDateWanted) and typed is not None:
                    staff_typed_it = True
                    printed = self.office.sandbox.person(person).holder.birth_date
                    visit.go_on(typed if isinstance(typed, date) else printed, gregorian=False)
                if visit.may_show_photograph:
                    self.type_codes(visit, person, codes)
        finally:
            visit.close()
            self.reader.remove()
        after = card.counters
        assert watched.presented <= 1, "a secret is presented once in a visit"
        fewest = min(before.get(KEY, FEWEST), 1 if staff_typed_it else FEWEST)
        assert after.get(KEY, FEWEST) >= fewest
        numbers = [command for command in watched.seen if command.startswith(PRESENTED_B)]
        self.presented.update(visits=1, keys=watched.presented, numbers=len(numbers))
        assert len(numbers) <= 2, "a mistyped code is forgiven once"
        assert len(numbers) == len(set(numbers)), "no secret is presented twice"
        assert after.get(NUMBER_B, FEWEST) >= min(before.get(NUMBER_B, FEWEST), FEWEST)
        others = {name: left for name, left in after.items() if name not in (KEY, NUMBER_B)}
        assert others == {name: before[name] for name in others}

    def type_codes(self, visit: Visit, person: str, codes: Sequence[str]) -> None:
        for code in codes:
            printed = self.office.sandbox.person(person).card.security_code
            with suppress(VisitCancelledError):  # its card was let go of
                visit.photograph(printed if code == "printed" else code)

    def visit(self, *, allow_photograph: bool) -> Visit:
        waiting = CardWait()
        waiting.update(Readers((ReaderState(self.reader.name, 1),)))
        parts = VisitParts(
            self.pcsc,
            self.memory,
            waiting,
            self.office.client,
            self.ledger.automatic_verify_allowed,
            self.keep,
            self.office.terminal_id,
            1.0,
            allow_photograph,
        )
        return Visit(
            parts,
            self.reader.name,
            FaceCheckWay.PHOTOGRAPH,
            time.monotonic(),
            progress=lambda _step: None,
            cancelled=Event(),
        )

    def keep(self, report: VisitReport) -> None:
        verify = {None: Verify.NONE, KeyOutcome.ACCEPTED: Verify.ACCEPTED}.get(report.key, Verify.REFUSED)
        now = self.office.client.now()
        self.ledger.record(VisitRow(now, report.outcome, report.duration_ms, report.reader, report.apdus, verify))


def test_no_sequence_takes_a_counter_below_four_by_itself_or_presents_a_key_twice(office: Office) -> None:
    Reception.office = office
    run_state_machine_as_test(
        Reception,
        settings=settings(
            max_examples=8, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    assert min(Reception.presented[what] for what in ("visits", "keys", "numbers")) > 0
