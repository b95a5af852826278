"""The smart-card service killed and restarted, with and without its reader, at every state of the desk.

Nobody touches the program: it is ready again by itself. How long that took is printed (`tests/run -s`); the bound here
is only one against hanging.
"""

import time
from collections.abc import Callable

import pytest

from myna_app.errors import Problem
from myna_app.flow import State
from myna_app.flow import states as st
from myna_app.flow.states import VisitStep
from myna_sandbox.faults import FaultyCard, parse_fault
from myna_sandbox.personalise import Sandbox
from myna_sandbox.virtual_card.card import Card
from tests.parts import Pcscd, ReferenceBackend, lying
from tests.story.reception import Reception

READER_PROBLEMS = (Problem.SERVICE_STOPPED, Problem.READER_LOST, Problem.READER_MISSING)


@pytest.fixture(scope="module")
def clinic(pcscd: Pcscd, backend: ReferenceBackend, tmp_path_factory: pytest.TempPathFactory) -> Reception:
    desk = Reception(backend, tmp_path_factory.mktemp("clinic"))
    desk.set_up(backend.new_account())
    return desk


@pytest.fixture
def sandbox(deck: object) -> Sandbox:
    return Sandbox()


def kill_and_restart(service: Pcscd, clinic: Reception) -> None:
    """So fast that the program may not even see it gone."""
    service.restart(kill=True)


def restart_without_and_with_reader(service: Pcscd, clinic: Reception) -> None:
    service.restart(with_reader=False)
    clinic.until_desk(lambda desk: desk.service_running and not desk.readers)
    service.restart()


def stop_and_start(service: Pcscd, clinic: Reception) -> None:
    service.stop()
    clinic.until_desk(lambda desk: not desk.service_running)
    service.start()


Act = Callable[[Pcscd, Reception], None]
ACTS: list[Act] = [kill_and_restart, restart_without_and_with_reader, stop_and_start]


def ready(state: State) -> bool:
    """A card is seen on the reader, so the service is watched again, and no problem of theirs stands on the screen."""
    told = isinstance(state.screen, st.Trouble) and state.screen.report.problem in READER_PROBLEMS
    return state.desk.service_running and any(reader.card_present for reader in state.desk.readers) and not told


def a_visit_succeeds_by_itself(clinic: Reception, card: Card, where: str) -> None:
    """Nothing but a card is put on; the face check is asked where the visit had to end."""
    since = time.monotonic()
    with lying(card):
        clinic.until_state(ready)
        print(f"{where}: card seen {time.monotonic() - since:.2f} s after the service was back")
        if isinstance(clinic.state.screen, st.FaceCheck):
            clinic.confirm_face()
        assert isinstance(clinic.until((st.Result, st.Trouble)), st.Result)
        clinic.clear()
    lifted(clinic)


def lifted(clinic: Reception) -> None:
    clinic.until_desk(lambda desk: not any(reader.card_present for reader in desk.readers))


@pytest.mark.parametrize("act", ACTS)
def test_at_home_it_becomes_ready_by_itself(pcscd: Pcscd, clinic: Reception, sandbox: Sandbox, act: Act) -> None:
    clinic.until(st.FaceCheck)
    act(pcscd, clinic)
    a_visit_succeeds_by_itself(clinic, sandbox.card("p01"), f"home, {act.__name__}")


@pytest.mark.parametrize("act", ACTS)
def test_while_it_waits_for_a_card_it_becomes_ready_by_itself(
    pcscd: Pcscd, clinic: Reception, sandbox: Sandbox, act: Act
) -> None:
    clinic.confirm_face()
    clinic.until(st.Reading, lambda screen: screen.step is VisitStep.PLACE)
    act(pcscd, clinic)
    a_visit_succeeds_by_itself(clinic, sandbox.card("p01"), f"waiting, {act.__name__}")


@pytest.mark.parametrize("act", ACTS)
def test_during_a_visit_it_becomes_ready_by_itself(pcscd: Pcscd, clinic: Reception, sandbox: Sandbox, act: Act) -> None:
    with lying(FaultyCard(sandbox.card("p01"), [parse_fault("delay@2=1500")])):
        clinic.confirm_face()
        clinic.until(st.Reading, lambda screen: screen.step is VisitStep.READ)
        act(pcscd, clinic)
        since = time.monotonic()
        clinic.until(st.FaceCheck)
        print(f"visit, {act.__name__}: at home {time.monotonic() - since:.2f} s after the service was back")
    lifted(clinic)
    a_visit_succeeds_by_itself(clinic, sandbox.card("p01"), f"visit, {act.__name__}")


@pytest.mark.parametrize("act", ACTS)
def test_while_a_result_is_shown_it_becomes_ready_by_itself(
    pcscd: Pcscd, clinic: Reception, sandbox: Sandbox, act: Act
) -> None:
    with lying(sandbox.card("p01")):
        clinic.confirm_face()
        clinic.until(st.Result)
    lifted(clinic)
    act(pcscd, clinic)
    assert isinstance(clinic.state.screen, st.Result), "the visitor's answer stays"
    a_visit_succeeds_by_itself(clinic, sandbox.card("p01"), f"result, {act.__name__}")
