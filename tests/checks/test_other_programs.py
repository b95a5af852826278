"""Another program on the same card: told while it lasts, and over by itself when that program is gone."""

import sys
import time

import pytest

from myna_app.errors import Problem
from myna_app.flow import states as st
from myna_sandbox.personalise import Sandbox
from tests.parts import Pcscd, Program, ReferenceBackend, lying
from tests.story.reception import READER, Reception

_HOLDS_IT = f"""
import time
from smartcard import scard
context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)[1]
code, card, _ = scard.SCardConnect(context, {READER!r}, %s, scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1)
assert code == 0
scard.SCardBeginTransaction(card)
print("holds it", flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def clinic(pcscd: Pcscd, backend: ReferenceBackend, tmp_path_factory: pytest.TempPathFactory) -> Reception:
    desk = Reception(backend, tmp_path_factory.mktemp("clinic"))
    desk.set_up(backend.new_account())
    return desk


@pytest.mark.parametrize("share", ["scard.SCARD_SHARE_EXCLUSIVE", "scard.SCARD_SHARE_SHARED"])
def test_a_card_that_another_program_keeps_is_read_once_that_program_has_ended(
    clinic: Reception, deck: object, share: str
) -> None:
    with lying(Sandbox().card("p01")):
        clinic.until_desk(lambda desk: desk.reader is not None and desk.reader.card_present)
        with Program(sys.executable, "-c", _HOLDS_IT % share) as other:
            other.line("holds it")
            clinic.confirm_face()
            assert clinic.until(st.Trouble).report.problem is Problem.READER_IN_USE
        since = time.monotonic()
        clinic.until(st.FaceCheck)
        print(f"{share}: at home {time.monotonic() - since:.2f} s after the other program had ended")
    clinic.until_desk(lambda desk: desk.reader is not None and not desk.reader.card_present)
    with lying(Sandbox().card("p01")):
        clinic.confirm_face()
        clinic.until(st.Result)
        clinic.clear()
    clinic.until_desk(lambda desk: desk.reader is not None and not desk.reader.card_present)


def test_a_program_that_resets_the_card_between_two_visits_disturbs_neither(clinic: Reception, deck: object) -> None:
    resets = _HOLDS_IT.replace("time.sleep(600)", "scard.SCardDisconnect(card, scard.SCARD_RESET_CARD)")
    with lying(Sandbox().card("p01")):
        clinic.until_desk(lambda desk: desk.reader is not None and desk.reader.card_present)
        with Program(sys.executable, "-c", resets % "scard.SCARD_SHARE_SHARED") as other:
            other.process.wait()
        clinic.confirm_face()
        clinic.until(st.Result)
        clinic.clear()
