"""A stranger's software against the virtual card: OpenSC as Debian ships it, through a real pcscd."""

import pytest

from myna_sandbox.personalise import Sandbox
from myna_sandbox.virtual_card.recorder import RECORD_DIR


@pytest.fixture(autouse=True)
def unrecorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """OpenSC presents PINs and probes for other cards; the judge of this program has no business with that."""
    monkeypatch.delenv(RECORD_DIR, raising=False)


@pytest.fixture(scope="session")
def sandbox(deck: object) -> Sandbox:
    """The deck whose keys the whole run shares."""
    return Sandbox()
