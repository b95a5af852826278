"""The photograph in the chip at the practice desk: real window, runner and backend; every way in and out of it."""

import gc
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from myna_app.errors import Problem
from myna_app.flow import events as ev
from myna_app.flow import photograph as ph
from myna_app.flow import states as st
from myna_app.flow.beside import TURNED_DOWN
from myna_app.formats.facility import FaceCheckWay
from myna_app.formats.photograph import GreyPicture
from myna_app.formats.secret import Secret
from myna_app.ledger import Ledger
from myna_sandbox import personalise
from myna_sandbox.world import World
from tests.story.practice import Practice, at_the_desk, pcs, practice_world
from tests.watched import Watched

PERSON = "p01"
COUNTER = "SURFACE.0012"
KNOWN = 4
"""Commands of a visit of a known card."""
COUNTER_READ = KNOWN + 5
"""Number of the command that reads the tries of 照合番号B."""
PHOTOGRAPH = range(KNOWN + 1, KNOWN + 8)


class Traced(Watched):
    """Knows whether it has power."""

    _powered = False

    def power_on(self) -> None:
        super().power_on()
        self._powered = True

    def power_off(self) -> None:
        super().power_off()
        self._powered = False

    def has_power(self) -> bool:
        return self._powered


@pytest.fixture(scope="module")
def next_pc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Iterator[World]]:
    with practice_world(tmp_path_factory) as world:
        yield pcs(world, tmp_path_factory.mktemp("pcs"))


@pytest.fixture
def practice(qtbot: QtBot, next_pc: Iterator[World]) -> Iterator[Practice]:
    with at_the_desk(qtbot, next(next_pc)) as playing:
        playing.home()
        playing.tray.allow_photograph(False)
        known = playing.visit(PERSON)
        assert isinstance(known, st.Result), "the card is known from here on"
        playing.home()
        playing.tray.photograph.setChecked(True)
        yield playing


def place(practice: Practice, *faults: str, person: str = PERSON) -> Traced:
    """Confirm the face, put the card on the reader."""
    card = Traced(practice.world.sandbox.card(person))
    practice.home()
    practice.desk.send(ev.FaceConfirmed(time.monotonic()))
    practice.until(st.Reading)
    practice.tray.put(person, card, *faults)
    return card


def asked(practice: Practice, *faults: str, person: str = PERSON) -> Traced:
    """The visit is answered, the code is asked for."""
    card = place(practice, *faults, person=person)
    entry = practice.until(ph.SecurityCodeEntry)
    assert entry == ph.SecurityCodeEntry(entry.eligibility)  # type: ignore[union-attr] # the kind just waited for
    return card


def code(practice: Practice, person: str = PERSON, by: int = 0) -> ph.SecurityCodeTyped:
    """The code of the card; another one with `by`."""
    printed = int(practice.world.sandbox.person(person).card.security_code)
    return ph.SecurityCodeTyped(Secret(f"{(printed + by) % 10_000:04d}"))


def compare(practice: Practice, *, same_person: bool) -> None:
    practice.desk.send(ph.PersonCompared(same_person, time.monotonic()))


def last_outcome(world: World) -> str:
    with closing(sqlite3.connect(world.backend_data / "backend.sqlite3")) as store:
        (outcome,) = store.execute("SELECT outcome FROM audit ORDER BY at DESC LIMIT 1").fetchone()
    return str(outcome)


def pictures_in_memory() -> int:
    gc.collect()
    return sum(isinstance(one, GreyPicture) for one in gc.get_objects())


@pytest.fixture
def pictures() -> Callable[[], int]:
    """How many there are that were not before the test."""
    before = pictures_in_memory()
    return lambda: pictures_in_memory() - before


def objection(practice: Practice) -> ph.Objection | None:
    entry = practice.until(ph.SecurityCodeEntry)
    assert isinstance(entry, ph.SecurityCodeEntry)
    return entry.objection


def test_staff_compare_the_photograph_and_nothing_of_it_is_left(
    practice: Practice, pictures: Callable[[], int]
) -> None:
    card = asked(practice)
    assert card.has_power()
    practice.desk.send(code(practice))
    practice.until(ph.PhotographCheck)
    assert not card.has_power(), "from here on the card may be handed back"
    assert pictures() == 1
    compare(practice, same_person=True)
    result = practice.until(st.Result)
    assert isinstance(result, st.Result)
    assert result.eligibility.verdict == 1
    assert last_outcome(practice.world) == "same_person"
    practice.wait(lambda: pictures() == 0)
    assert len(card.seen) == KNOWN + 7


def test_another_person_is_shown_nothing_and_the_backend_remembers(
    practice: Practice, pictures: Callable[[], int]
) -> None:
    asked(practice)
    practice.desk.send(code(practice))
    practice.until(ph.PhotographCheck)
    compare(practice, same_person=False)
    practice.until(st.FaceCheck)
    assert practice.desk.state.desk.card_left
    practice.wait(lambda: last_outcome(practice.world) == "other_person")
    practice.wait(lambda: pictures() == 0)
    last, *_ = Ledger(practice.world.settings.folders.ledger_file).rows(datetime.now(UTC) - timedelta(days=1))
    assert last.outcome == TURNED_DOWN, "the office's record does not count it as an answer"


def test_staff_may_go_on_without_it(practice: Practice) -> None:
    card = asked(practice)
    practice.desk.send(ph.PhotographSkipped())
    practice.until(st.Result)
    practice.wait(lambda: not card.has_power())
    assert len(card.seen) == KNOWN


def test_one_mistyped_code_is_forgiven(practice: Practice) -> None:
    card = asked(practice)
    practice.desk.send(code(practice, by=1))
    practice.until(st.Reading)
    assert objection(practice) is ph.Objection.MISTYPED
    practice.desk.send(code(practice))
    practice.until(ph.PhotographCheck)
    assert card.card.counters[COUNTER] == 10  # type: ignore[attr-defined] # a virtual card tells


def test_a_second_one_is_not_and_the_answer_is_shown_without(practice: Practice) -> None:
    card = asked(practice)
    for by in (1, 2):
        practice.desk.send(code(practice, by=by))
        practice.until(st.Reading)
        practice.until(ph.SecurityCodeEntry)
    assert objection(practice) is ph.Objection.REFUSED
    practice.wait(lambda: not card.has_power())
    practice.desk.send(ph.PhotographSkipped())
    practice.until(st.Result)
    practice.home()
    asked(practice)
    practice.desk.send(code(practice))
    practice.until(ph.PhotographCheck)  # which also puts the counter right again


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("63C4", ph.Objection.SPARED),
        ("63C1", ph.Objection.SPARED),
        ("6A82", ph.Objection.SPARED),
        ("63C0", ph.Objection.LOCKED),
        ("6983", ph.Objection.LOCKED),
        ("6984", ph.Objection.LOCKED),
    ],
)
def test_a_card_with_few_tries_or_none_is_left_alone(practice: Practice, status: str, said: ph.Objection) -> None:
    card = asked(practice, f"sw@{COUNTER_READ}={status}")
    practice.desk.send(code(practice))
    practice.until(st.Reading)
    assert objection(practice) is said
    assert not any(command.startswith(bytes.fromhex("002000920E")) for command in card.seen)
    practice.desk.send(ph.PhotographSkipped())
    practice.until(st.Result)


@pytest.mark.parametrize("word", ["pull", "pull-after"])
@pytest.mark.parametrize("number", PHOTOGRAPH)
def test_a_card_pulled_on_the_way_ends_in_a_problem_and_comes_again(
    practice: Practice, word: str, number: int, pictures: Callable[[], int]
) -> None:
    asked(practice, f"{word}@{number}")
    practice.desk.send(code(practice))
    told = practice.until(st.Trouble)
    assert isinstance(told, st.Trouble)
    assert told.report.problem in (Problem.CARD_REMOVED, Problem.CARD_TALK_FAILED)
    asked(practice)
    practice.desk.send(code(practice))
    practice.until(ph.PhotographCheck)
    assert pictures() == 1


def test_a_card_lifted_before_the_code_is_typed_leaves_the_answer(practice: Practice) -> None:
    asked(practice)
    practice.tray.lift()
    practice.wait(lambda: objection(practice) is ph.Objection.LIFTED)
    practice.desk.send(ph.PhotographSkipped())
    practice.until(st.Result)


def test_the_next_card_asks_the_face_check_anew(
    practice: Practice, monkeypatch: pytest.MonkeyPatch, pictures: Callable[[], int]
) -> None:
    asked(practice)
    practice.desk.send(code(practice))
    practice.until(ph.PhotographCheck)
    runner = practice.desk._runner
    assert runner is not None
    monkeypatch.setattr(runner, "_clock", lambda: time.monotonic() + 10)  # not one that was only shifted
    practice.tray.put("p08", practice.world.sandbox.card("p08"))
    practice.until(st.FaceCheck)
    practice.wait(lambda: pictures() == 0)


@pytest.mark.parametrize("act", [ev.Cleared(), ev.Back(), ev.LockAsked()])
def test_leaving_powers_the_card_down(practice: Practice, act: ev.Event) -> None:
    card = asked(practice)
    practice.desk.send(act)
    practice.wait(lambda: not card.has_power())
    if isinstance(act, ev.LockAsked):
        practice.wait(lambda: practice.desk.state.work is None)
        practice.desk.send(ev.PasscodeTyped(Secret("4826")))
        practice.until(st.FaceCheck)


def test_a_photograph_that_the_issuer_did_not_sign_is_never_shown(
    practice: Practice, monkeypatch: pytest.MonkeyPatch, pictures: Callable[[], int]
) -> None:
    card = asked(practice)
    answer = card.transmit

    def forged(command: bytes) -> bytes:
        data = answer(command)
        at = len(data) // 2  # within the photograph, by far the longest part
        return data if len(data) < 2000 else data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]

    monkeypatch.setattr(card, "transmit", forged)
    practice.desk.send(code(practice))
    told = practice.until((st.Trouble, ph.PhotographCheck))
    assert isinstance(told, st.Trouble)
    assert told.report.problem is Problem.CARD_NOT_PROVEN
    assert last_outcome(practice.world) == "record_signature"
    practice.wait(lambda: pictures() == 0)


def test_a_photograph_that_cannot_be_decoded_ends_in_a_problem(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(personalise, "photograph", lambda _seed: bytes(3000))
    asked(practice)
    practice.desk.send(code(practice))
    told = practice.until((st.Trouble, ph.PhotographCheck))
    assert isinstance(told, st.Trouble)
    assert told.report.problem is Problem.CARD_TALK_FAILED


def test_a_server_that_goes_away_shows_no_photograph_and_comes_back(practice: Practice) -> None:
    asked(practice)
    practice.tray.toggle_backend()
    practice.desk.send(code(practice))
    told = practice.until((st.Trouble, ph.PhotographCheck))
    practice.tray.toggle_backend()
    assert isinstance(told, st.Trouble)
    assert told.report.problem is Problem.BACKEND_UNREACHABLE
    asked(practice)
    practice.desk.send(code(practice))
    practice.until(ph.PhotographCheck)


def test_without_the_second_confirmation_at_the_server_no_result_is_shown(
    practice: Practice, pictures: Callable[[], int]
) -> None:
    asked(practice)
    practice.desk.send(code(practice))
    practice.until(ph.PhotographCheck)
    practice.tray.toggle_backend()
    compare(practice, same_person=True)
    told = practice.until((st.Trouble, st.Result))
    practice.tray.toggle_backend()
    assert isinstance(told, st.Trouble)
    practice.wait(lambda: pictures() == 0)


def test_a_card_without_a_photograph_is_asked_for_none(practice: Practice) -> None:
    practice.home()
    practice.desk.send(ev.FaceConfirmed(time.monotonic(), FaceCheckWay.ACCOMPANIED))
    practice.until(st.Reading)
    practice.tray.put("infant", practice.world.sandbox.card("infant"))
    assert isinstance(practice.until((st.Result, ph.SecurityCodeEntry)), st.Result)


def test_without_leave_nobody_is_asked_for_a_code(practice: Practice) -> None:
    practice.tray.photograph.setChecked(False)
    assert isinstance(practice.visit(PERSON), st.Result)


def test_the_tray_tells_trainees_the_digits_that_are_printed_on_a_real_card(practice: Practice) -> None:
    assert isinstance(practice.visit(PERSON), ph.SecurityCodeEntry)
    labels = "\n".join(label.text() for label in practice.tray.findChildren(QLabel))
    assert f"顔写真の下の数字：{code(practice).code.value}" in labels
