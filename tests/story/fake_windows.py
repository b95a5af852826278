"""A desk whose PC/SC is a scripted Windows: for codes that pcscd does not give."""

from collections.abc import Iterator

import pytest

from myna_sandbox.personalise import Sandbox
from tests.card.fake_pcsc import FakePcsc
from tests.parts import ReferenceBackend
from tests.story.reception import READER, Reception


@pytest.fixture(scope="module")
def windows() -> FakePcsc:
    pcsc = FakePcsc()
    pcsc.plug(READER)
    return pcsc


@pytest.fixture(scope="module")
def desk(windows: FakePcsc, backend: ReferenceBackend, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reception]:
    desk = Reception(backend, tmp_path_factory.mktemp("desk"), windows)
    desk.set_up(backend.new_account())
    yield desk
    desk.stop()


@pytest.fixture
def sandbox(deck: object) -> Sandbox:
    return Sandbox()
