"""The photograph in the chip after a visit: read, confirmed by the backend and shown, or told why not."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from myna_app.card.capability import CapabilityMemory
from myna_app.card.scard import PyscardApi
from myna_app.card.surface import KeyOutcome
from myna_app.errors import AppError, Problem
from myna_app.formats.eligibility import Eligibility
from myna_app.formats.photograph import GreyPicture
from myna_app.visit import BirthDateWanted, CodeNotTaken, Visit, VisitCancelledError
from myna_sandbox.faults import FaultyCard, parse_fault
from myna_sandbox.personalise import Sandbox
from myna_sandbox.virtual_card.recorder import RECORD_DIR
from myna_sandbox.virtual_reader import VirtualPcsc, VirtualReader
from tests.parts import Pcscd, ReferenceBackend, lying
from tests.story.reception import READER
from tests.story.registered import RegisteredTerminal
from tests.watched import Watched

PHOTOGRAPH = 7
"""Commands of a photograph, after the four of a known card."""
VERIFY = 6
"""Number of its VERIFY."""
NUMBER_B = bytes.fromhex("002000920E")
COUNTER = "SURFACE.0012"


@dataclass
class Desk:
    terminal: RegisteredTerminal
    reader: VirtualReader
    sandbox: Sandbox

    @contextmanager
    def answered(self, person: str, faults: Sequence[str] = (), card: Watched | None = None) -> Iterator[Visit]:
        """A visit that was answered, its card still on the reader."""
        watched = card or Watched(self.sandbox.card(person))
        self.reader.insert(FaultyCard(watched, [parse_fault(word) for word in faults]))
        visit = self.terminal.visit(allow_photograph=True)
        try:
            assert isinstance(visit.begin(), Eligibility)
            yield visit
        finally:
            visit.close()
            self.reader.remove()

    def code(self, person: str) -> str:
        return self.sandbox.person(person).card.security_code


@pytest.fixture(scope="module")
def sandbox(deck: object) -> Sandbox:
    return Sandbox()


@pytest.fixture(scope="module")
def desk(backend: ReferenceBackend, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    pcsc = VirtualPcsc()
    reader = pcsc.add_reader()
    terminal = RegisteredTerminal.new(backend, tmp_path_factory.mktemp("desk"), pcsc, reader.name)
    return Desk(terminal, reader, sandbox)


def outcomes(backend: ReferenceBackend, terminal: RegisteredTerminal) -> list[str]:
    """What the audit says of the terminal's visits, oldest first."""
    with closing(sqlite3.connect(backend.data / "backend.sqlite3")) as store:
        rows = store.execute("SELECT outcome FROM audit WHERE terminal_id = ? ORDER BY at", (terminal.terminal_id,))
        return [outcome for (outcome,) in rows]


def wrong(code: str, by: int = 1) -> str:
    return f"{(int(code) + by) % 10_000:04d}"


@pytest.mark.parametrize("before", [9, 4])
def test_the_photograph_follows_a_first_visit_and_a_later_one_with_seven_apdus(desk: Desk, before: int) -> None:
    card = Watched(desk.sandbox.card("p01"))
    with desk.answered("p01", card=card) as visit:
        assert visit.may_show_photograph
        picture = visit.photograph(desk.code("p01"))
    assert isinstance(picture, GreyPicture)
    assert (picture.width, picture.height) == (240, 300)
    assert len(set(picture.pixels)) > 10
    assert len(card.seen) == before + PHOTOGRAPH
    assert desk.terminal.reports[-1].apdus == before, "the record tells the visit"


def test_a_reader_without_extended_apdus_reads_it_in_pieces(desk: Desk) -> None:
    unprepared = replace(desk, terminal=replace(desk.terminal, memory=CapabilityMemory()))
    with unprepared.answered("p03", ["short=6700"]) as visit:
        assert isinstance(visit.photograph(desk.code("p03")), GreyPicture)


def test_a_mistyped_code_may_be_typed_again_once(desk: Desk) -> None:
    card = desk.sandbox.card("p07")
    watched = Watched(card)
    with desk.answered("p07", card=watched) as visit:
        mistyped = visit.photograph(wrong(desk.code("p07")))
        assert mistyped == CodeNotTaken(KeyOutcome.REFUSED, 9, may_retype=True)
        assert visit.photograph(wrong(desk.code("p07"))) == mistyped, "the same digits are not presented again"
        assert card.counters[COUNTER] == 9
        assert isinstance(visit.photograph(desk.code("p07")), GreyPicture)
        assert card.counters[COUNTER] == 10
        with pytest.raises(VisitCancelledError):
            visit.photograph(desk.code("p07"))


def test_a_third_code_is_not_presented(desk: Desk) -> None:
    card = desk.sandbox.card("p08", volatile=True)
    with desk.answered("p08", card=Watched(card)) as visit:
        answers = [visit.photograph(wrong(desk.code("p08"), by)) for by in (1, 2, 0)]
    assert answers == [
        CodeNotTaken(KeyOutcome.REFUSED, 9, may_retype=True),
        *[CodeNotTaken(KeyOutcome.REFUSED, 8, may_retype=False)] * 2,
    ]
    assert card.counters[COUNTER] == 8


@pytest.mark.parametrize("code", ["", "123", "12345", "12a4", "１２３４"])
def test_what_is_no_code_never_reaches_the_card(desk: Desk, code: str) -> None:
    watched = Watched(desk.sandbox.card("p07"))
    with desk.answered("p07", card=watched) as visit:
        sent = len(watched.seen)
        with pytest.raises(ValueError, match="not a security code"):
            visit.photograph(code)
        assert len(watched.seen) == sent


@pytest.mark.parametrize(("same_person", "outcome"), [(True, "same_person"), (False, "other_person")])
def test_what_staff_saw_goes_to_the_backend_once(
    backend: ReferenceBackend, desk: Desk, same_person: bool, outcome: str
) -> None:
    with desk.answered("p03") as visit:
        with pytest.raises(RuntimeError, match="no photograph was shown"):
            visit.compare(time.monotonic(), same_person=same_person)
        assert isinstance(visit.photograph(desk.code("p03")), GreyPicture)
        assert outcomes(backend, desk.terminal)[-1] == "photograph_confirmed"
        visit.compare(time.monotonic(), same_person=same_person)
        assert outcomes(backend, desk.terminal)[-1] == outcome
        with pytest.raises(RuntimeError, match="no photograph was shown"):
            visit.compare(time.monotonic(), same_person=same_person)


def test_a_comparison_that_comes_after_the_visit_was_dropped_goes_nowhere(
    backend: ReferenceBackend, desk: Desk
) -> None:
    with desk.answered("p03") as visit:
        assert isinstance(visit.photograph(desk.code("p03")), GreyPicture)
        visit._cancelled.set()
        visit.close()
        with pytest.raises(VisitCancelledError):
            visit.compare(time.monotonic(), same_person=True)
    assert outcomes(backend, desk.terminal)[-1] == "photograph_confirmed"


def test_a_comparison_of_five_minutes_ago_counts_no_more(desk: Desk) -> None:
    with desk.answered("p03") as visit:
        assert isinstance(visit.photograph(desk.code("p03")), GreyPicture)
        with pytest.raises(AppError) as caught:
            visit.compare(time.monotonic() - 300, same_person=True)
    assert caught.value.problem is Problem.VISIT_EXPIRED


def test_what_another_program_left_verified_ends_in_a_problem_and_is_gone_at_the_next_visit(desk: Desk) -> None:
    with desk.answered("p01"):
        pass
    with desk.answered("p01", [f"sw@{4 + VERIFY - 1}=9000"]) as visit, pytest.raises(AppError) as caught:
        visit.photograph(desk.code("p01"))
    assert caught.value.problem is Problem.CARD_TALK_FAILED
    with desk.answered("p01") as visit:
        assert isinstance(visit.photograph(desk.code("p01")), GreyPicture)


def test_a_care_office_gets_it_at_a_known_card_too(backend: ReferenceBackend, desk: Desk, tmp_path: Path) -> None:
    """Its answers tell no birth date; the backend gives the key that this card has taken before, so none is guessed."""
    care = RegisteredTerminal.new(backend, tmp_path, desk.terminal.pcsc, desk.reader.name, "care")
    at_care = Desk(care, desk.reader, desk.sandbox)
    for person in ("p02", "p03"):  # p03 is a foreign national's card: its key is Gregorian
        card = desk.sandbox.card(person)
        for _visit in ("first", "known"):
            with at_care.answered(person, card=Watched(card)) as visit:
                assert isinstance(visit.photograph(desk.code(person)), GreyPicture)
        assert card.counters[COUNTER] == 10


def test_where_only_staff_know_the_birth_date_the_photograph_follows_their_typing_alone(desk: Desk) -> None:
    desk.reader.insert(Watched(desk.sandbox.card("partial")))
    visit = desk.terminal.visit(allow_photograph=True)
    assert isinstance(visit.begin(), BirthDateWanted)
    assert isinstance(visit.go_on(date(1950, 4, 1), gregorian=False), Eligibility)
    assert isinstance(visit.photograph(desk.code("partial")), GreyPicture)
    visit.close()
    desk.reader.remove()
    with desk.answered("partial") as visit:
        assert not visit.may_show_photograph
        with pytest.raises(RuntimeError, match="no visit that a photograph can follow"):
            visit.photograph(desk.code("partial"))


def test_without_leave_the_card_is_let_go_with_the_answer(desk: Desk) -> None:
    card = Watched(desk.sandbox.card("p01"))
    desk.reader.insert(card)
    visit = desk.terminal.visit(allow_photograph=False)
    assert isinstance(visit.begin(), Eligibility)
    with pytest.raises(RuntimeError, match="no visit that a photograph can follow"):
        visit.photograph(desk.code("p01"))
    visit.close()
    desk.reader.remove()


def test_a_card_swapped_after_the_answer_is_sent_nothing_of_the_first_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(RECORD_DIR, raising=False)  # its judge knows one program and one card
    second = desk.sandbox.card("p08")
    second.power_on()
    on_reader = Watched(desk.sandbox.card("p01"))
    with desk.answered("p01", card=on_reader) as visit:
        on_reader.card = second
        with pytest.raises(AppError) as caught:
            visit.photograph(desk.code("p01"))
    assert caught.value.problem is Problem.CARD_REMOVED
    assert not any(command.startswith(NUMBER_B) for command in on_reader.seen)


@pytest.mark.parametrize("fault", [f"{word}@{n}" for n in range(1, PHOTOGRAPH + 1) for word in ("pull", "pull-after")])
def test_a_card_pulled_at_any_command_of_a_photograph_comes_again(
    pcscd: Pcscd, at_pcscd: RegisteredTerminal, sandbox: Sandbox, fault: str
) -> None:
    card, code = sandbox.card("child"), sandbox.person("child").card.security_code
    word, _, number = fault.partition("@")
    with lying(FaultyCard(card, [parse_fault(f"{word}@{4 + int(number)}")])):
        visit = at_pcscd.visit(allow_photograph=True)
        assert isinstance(visit.begin(), Eligibility)
        with pytest.raises(AppError) as caught:
            visit.photograph(code)
        visit.close()
    assert caught.value.problem in (Problem.CARD_REMOVED, Problem.CARD_TALK_FAILED)
    assert card.counters[COUNTER] == 10
    with lying(card):
        visit = at_pcscd.visit(allow_photograph=True)
        assert isinstance(visit.begin(), Eligibility)
        assert isinstance(visit.photograph(code), GreyPicture)
        visit.close()
    assert [report.apdus for report in at_pcscd.reports[-2:]] == [4, 4]


@pytest.fixture(scope="module")
def at_pcscd(
    backend: ReferenceBackend, pcscd: Pcscd, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> RegisteredTerminal:
    """A terminal at the real PC/SC service; the backend knows the child's card."""
    terminal = RegisteredTerminal.new(backend, tmp_path_factory.mktemp("pcscd"), PyscardApi(), READER)
    with lying(sandbox.card("child")):
        visit = terminal.visit(allow_photograph=False)
        assert isinstance(visit.begin(), Eligibility)
        visit.close()
    return terminal
