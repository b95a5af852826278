"""The deck of 2026-11-20, made once for all tests of the sandbox."""

from datetime import date

import pytest

from myna_sandbox.home import Home
from myna_sandbox.personalise import Sandbox
from myna_sandbox.virtual_card.card import VirtualCard
from myna_sandbox.virtual_card.files import CardImage
from myna_sandbox.virtual_card.recorder import RECORD_DIR

from .talk import Talk

REFERENCE_DAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def unrecorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests send what the application must never send; its judge has no business with them."""
    monkeypatch.delenv(RECORD_DIR, raising=False)


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    return Sandbox(Home(tmp_path_factory.mktemp("sandbox")), REFERENCE_DAY)


@pytest.fixture(scope="session")
def persona_image(sandbox: Sandbox) -> CardImage:
    return sandbox.image(sandbox.person("persona"))


@pytest.fixture
def card(persona_image: CardImage) -> VirtualCard:
    """The public test persona's card, powered, with full counters in memory."""
    card = VirtualCard(persona_image)
    card.power_on()
    return card


@pytest.fixture
def talk(card: VirtualCard) -> Talk:
    return Talk(card)
