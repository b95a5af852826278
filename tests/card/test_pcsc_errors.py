"""Every result code of PC/SC has one meaning."""

import pytest
from smartcard import scard

from myna_app.card.pcsc_errors import _MEANING, ScardCode, pcsc_error
from myna_app.errors import CardError, CardRemovedError, CardResetError, Problem, ReaderError

KNOWN_TO_PYSCARD = {
    name: getattr(scard, name) & 0xFFFFFFFF
    for name in dir(scard)
    if name[:8] in ("SCARD_E_", "SCARD_F_", "SCARD_W_", "SCARD_P_")
}


@pytest.mark.parametrize(("name", "code"), KNOWN_TO_PYSCARD.items())
def test_every_code_of_pyscard_has_its_row_and_its_name(name: str, code: int) -> None:
    known = ScardCode(code)
    assert known in _MEANING
    # Where one number has two names (on pcsc-lite UNSUPPORTED_FEATURE is UNEXPECTED), the table has the more general.
    same_number = [other for other, number in KNOWN_TO_PYSCARD.items() if number == code]
    assert "SCARD_" + known.name in same_number


def test_every_code_but_success_has_its_row() -> None:
    assert set(ScardCode) - set(_MEANING) == {ScardCode.S_SUCCESS}


@pytest.mark.parametrize(
    ("code", "error", "problem"),
    [
        (0x80100069, CardRemovedError, Problem.CARD_REMOVED),
        (0x8010000C, CardRemovedError, Problem.CARD_REMOVED),
        (0x80100068, CardResetError, Problem.CARD_TALK_FAILED),
        (0x80100067, CardResetError, Problem.CARD_TALK_FAILED),
        (0x80100066, CardError, Problem.CARD_TALK_FAILED),
        (0x8010000B, ReaderError, Problem.READER_IN_USE),
        (0x80100009, ReaderError, Problem.READER_LOST),
        (0x80100017, ReaderError, Problem.READER_LOST),
        (0x8010002E, ReaderError, Problem.READER_MISSING),
        (0x8010001D, ReaderError, Problem.READER_MISSING),
        (0x8010001E, ReaderError, Problem.READER_MISSING),
        (0x80100013, ReaderError, Problem.SERVICE_STOPPED),
        (0x80100003, ReaderError, Problem.SERVICE_STOPPED),
        (0x80100065, CardError, Problem.CARD_OTHER),
        (0x0000001F, CardError, Problem.CARD_TALK_FAILED),  # ERROR_GEN_FAILURE of a Windows driver
        (0x80100069 - (1 << 32), CardRemovedError, Problem.CARD_REMOVED),
    ],
)
def test_a_code_becomes_the_error_that_says_what_to_do(
    code: int, error: type[ReaderError] | type[CardError], problem: Problem
) -> None:
    raised = pcsc_error(code)
    assert type(raised) is error
    assert raised.problem is problem
    assert f"{code & 0xFFFFFFFF:08X}" in raised.detail
