"""A card lifted before or after any command of a visit: told as that, and the same card comes again at once."""

from collections.abc import Callable

import pytest

from myna_app.errors import Problem
from myna_app.flow import events as ev
from myna_app.flow import states as st
from myna_app.ledger import Verify
from myna_sandbox.faults import FaultyCard, parse_fault
from myna_sandbox.personalise import Sandbox
from tests.parts import Pcscd, ReferenceBackend, lying
from tests.story.reception import Reception

VERIFY = 8
"""Number of the VERIFY among the nine commands of a first visit."""
PERSONS = "p01 p02 p03 p04 p05 p06 p07 p08 p08new p09a p09b p09multi p10 x1 x1unticketed x2 persona soon"
"""One for each case: a card that was seen once needs no nine commands any more."""
FIRST_VISITS = [(f"{word}@{number}", number) for number in range(1, 10) for word in ("pull", "pull-after")]
Desks = Callable[[int], Reception]


@pytest.fixture(scope="module")
def desks(pcscd: Pcscd, backend: ReferenceBackend, tmp_path_factory: pytest.TempPathFactory) -> Desks:
    """Terminals by number, set up when first asked for: the backend gives each few keys that come to nothing."""
    ready: dict[int, Reception] = {}

    def desk(number: int) -> Reception:
        for other in ready.values():
            other.stop()
        if number not in ready:
            ready[number] = Reception(backend, tmp_path_factory.mktemp("desk"))
            ready[number].set_up(backend.new_account())
        else:
            ready[number].start()
            ready[number].unlock()
        return ready[number]

    return desk


@pytest.fixture(scope="module")
def sandbox(deck: object) -> Sandbox:
    return Sandbox()


@pytest.fixture(scope="module")
def known_card(desks: Desks, sandbox: Sandbox) -> str:
    """A person whose card the backend has seen."""
    read_again(desks(0), sandbox, "child")
    return "child"


def lifted(desk: Reception) -> None:
    """Until the reader is seen empty, as staff do it; pcscd looks every 0.4 s."""
    desk.until_desk(lambda now: not any(reader.card_present for reader in now.readers))


def read_pulled(desk: Reception, sandbox: Sandbox, person: str, fault: str) -> None:
    """A visit that ends with the card lifted."""
    with lying(FaultyCard(sandbox.card(person), [parse_fault(fault)])):
        screen = desk.read()
        assert isinstance(screen, st.Trouble)
        assert screen.report.problem is Problem.CARD_REMOVED
        desk.clear()
    lifted(desk)


def read_again(desk: Reception, sandbox: Sandbox, person: str) -> int:
    """The same card once more, to the end; how many commands it took."""
    with lying(sandbox.card(person)):
        screen = desk.read()
        if isinstance(screen, st.BirthDateEntry):
            desk.send(ev.BirthDateTyped(sandbox.person(person).holder.birth_date))
            desk.until(st.Result)
        assert isinstance(desk.state.screen, st.Result), desk.state
        desk.clear()
    lifted(desk)
    return desk.visits[0].apdus


@pytest.mark.parametrize(
    ("fault", "number", "person"), [(*case, person) for case, person in zip(FIRST_VISITS, PERSONS.split(), strict=True)]
)
def test_a_card_pulled_at_any_command_of_a_first_visit_comes_again(
    desks: Desks, sandbox: Sandbox, fault: str, number: int, person: str
) -> None:
    desk = desks(FIRST_VISITS.index((fault, number)) // 4)
    before = sandbox.card(person).counters["SURFACE.0011"]
    read_pulled(desk, sandbox, person, fault)
    ended = desk.visits[0]
    assert ended.apdus >= number
    if number < VERIFY:
        assert ended.verify is Verify.NONE
    else:
        assert ended.verify is (Verify.REFUSED if number == VERIFY else Verify.ACCEPTED)
    assert read_again(desk, sandbox, person) == 9
    assert sandbox.card(person).counters["SURFACE.0011"] == before


@pytest.mark.parametrize("number", range(1, 5))
@pytest.mark.parametrize("word", ["pull", "pull-after"])
def test_a_card_pulled_at_any_command_of_a_later_visit_comes_again(
    desks: Desks, sandbox: Sandbox, known_card: str, word: str, number: int
) -> None:
    desk = desks(0)
    read_pulled(desk, sandbox, known_card, f"{word}@{number}")
    assert desk.visits[0].apdus >= number
    assert read_again(desk, sandbox, known_card) == 4
