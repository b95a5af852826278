"""Another card laid on between the two halves of a visit: it is never sent the first one's birth-date key."""

import threading

import pytest

from myna_app.errors import Problem
from myna_app.flow import states as st
from myna_sandbox.personalise import Sandbox
from myna_sandbox.virtual_card.recorder import RECORD_DIR
from myna_sandbox.vpcd import VpcdCard
from tests.parts import VPCD_PORT, Pcscd, ReferenceBackend, lying
from tests.story.reception import Reception
from tests.watched import Watched

FIRST_HALF = 4
"""Commands until the card has signed; the backend's answer follows."""
SELECT_JPKI = bytes.fromhex("00A4040C0AD392F000260100000001")


@pytest.fixture(autouse=True)
def unrecorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The record's judge knows one program and one card; here there are two."""
    monkeypatch.delenv(RECORD_DIR, raising=False)


@pytest.fixture
def sandbox(deck: object) -> Sandbox:
    return Sandbox()


@pytest.fixture(scope="module")
def clinic(pcscd: Pcscd, backend: ReferenceBackend, tmp_path_factory: pytest.TempPathFactory) -> Reception:
    desk = Reception(backend, tmp_path_factory.mktemp("clinic"))
    desk.set_up(backend.new_account())
    return desk


def lifted(desk: Reception) -> None:
    desk.until_desk(lambda now: not any(reader.card_present for reader in now.readers))


def test_a_card_swapped_behind_a_reader_that_notices_nothing_is_found_out(clinic: Reception, sandbox: Sandbox) -> None:
    second = sandbox.card("p02")
    second.power_on()

    def swap() -> None:
        on_reader.card = second

    on_reader = Watched(sandbox.card("p01"), FIRST_HALF, swap)
    with lying(on_reader):
        screen = clinic.read()
        assert isinstance(screen, st.Trouble)
        assert screen.report.problem is Problem.CARD_REMOVED
        assert on_reader.presented == 0
        clinic.clear()
    lifted(clinic)
    for person in ("p02", "p01"):
        with lying(sandbox.card(person)):
            assert isinstance(clinic.read(), st.Result)
            clinic.clear()
        lifted(clinic)


def test_a_card_swapped_before_pcscd_looks_again_is_sent_no_key(clinic: Reception, sandbox: Sandbox) -> None:
    second = Watched(sandbox.card("p08"))
    second_on_reader = VpcdCard(second, ("127.0.0.1", VPCD_PORT), lambda: None)
    laying = threading.Thread(target=second_on_reader.run)

    def swap() -> None:
        threading.Thread(target=lift_and_lay).start()

    def lift_and_lay() -> None:
        first_on_reader.stop()
        laying.start()

    first = Watched(sandbox.card("p07"), FIRST_HALF, swap)
    powered = threading.Event()
    first_on_reader = VpcdCard(first, ("127.0.0.1", VPCD_PORT), powered.set)
    lying_first = threading.Thread(target=first_on_reader.run)
    lying_first.start()
    assert powered.wait(20)
    screen = clinic.read()
    assert isinstance(screen, st.Trouble)
    assert screen.report.problem in (Problem.CARD_REMOVED, Problem.CARD_TALK_FAILED)
    clinic.clear()
    second_on_reader.stop()
    laying.join()
    lying_first.join()
    assert second.presented == 0
    lifted(clinic)
    with lying(sandbox.card("p08")):
        assert isinstance(clinic.read(), st.Result)
        clinic.clear()
    lifted(clinic)


def test_another_program_between_the_halves_costs_two_commands_and_not_the_visit(
    clinic: Reception, sandbox: Sandbox
) -> None:
    def other_program() -> None:
        card.transmit(SELECT_JPKI)

    card = sandbox.card("x2")
    with lying(Watched(card, FIRST_HALF, other_program)):
        assert isinstance(clinic.read(), st.Result)
        assert clinic.visits[0].apdus == 11
        clinic.clear()
    lifted(clinic)
