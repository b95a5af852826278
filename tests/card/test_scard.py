"""pyscard behind its seam: what is handed to it, and what becomes of its answers."""

from typing import Any

import pytest
from smartcard import scard

from myna_app.card.pcsc import (
    PNP_READER,
    CardHandle,
    CardProtocol,
    Connected,
    ContextHandle,
    Disposition,
    PcscApi,
    ReaderFlag,
    ReaderStatus,
    ShareMode,
)
from myna_app.card.scard import PyscardApi
from myna_app.errors import CardRemovedError, CardResetError, Problem, ReaderError

CONTEXT, CARD, API = ContextHandle(11), CardHandle(22), PyscardApi()


@pytest.fixture
def pyscard(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Answers of pyscard by function name; what it was called with stands under ``<name> was``."""
    answers: dict[str, Any] = {}

    def play(name: str) -> None:
        def call(*arguments: object) -> Any:
            answers[f"{name} was"] = arguments
            return answers[name]

        monkeypatch.setattr(scard, name, call)

    for name in dir(scard):
        if name.startswith("SCard"):
            play(name)
    return answers


def test_it_is_the_seam_the_reader_layer_asks_for() -> None:
    api: PcscApi = API
    assert api is API


def test_readers_are_listed_and_none_is_no_error(pyscard: dict[str, Any]) -> None:
    pyscard["SCardListReaders"] = [0, ["A", "B"]]
    assert API.list_readers(CONTEXT) == ("A", "B")
    pyscard["SCardListReaders"] = [0x8010002E, []]
    assert API.list_readers(CONTEXT) == ()
    pyscard["SCardListReaders"] = [0x8010001E - (1 << 32), []]
    with pytest.raises(ReaderError):
        API.list_readers(CONTEXT)


def test_a_status_wait_hands_over_what_is_known_and_returns_what_became_of_it(pyscard: dict[str, Any]) -> None:
    pyscard["SCardGetStatusChange"] = [0, [("A", 0x00030022, [0x3B]), (PNP_READER, 0, [])]]
    known = [ReaderStatus("A", 0x00020010), ReaderStatus(PNP_READER)]
    reader, pnp = API.get_status_change(CONTEXT, known, 60000)
    assert pyscard["SCardGetStatusChange was"] == (11, 60000, [("A", 0x00020010), (PNP_READER, 0)])
    assert (reader.has(ReaderFlag.PRESENT), reader.event_count, pnp.state) == (True, 3, 0)


@pytest.mark.parametrize("code", [0x8010000A, 0x80100002, 0x80100009])
def test_a_wait_that_ran_out_was_cancelled_or_lost_its_reader_has_nothing_to_tell(
    pyscard: dict[str, Any], code: int
) -> None:
    pyscard["SCardGetStatusChange"] = [code, []]
    assert API.get_status_change(CONTEXT, [], 1) == ()


def test_a_wait_on_a_killed_service_is_a_stopped_service(pyscard: dict[str, Any]) -> None:
    pyscard["SCardGetStatusChange"] = [0x80100013, []]
    with pytest.raises(ReaderError) as caught:
        API.get_status_change(CONTEXT, [], 1)
    assert caught.value.problem is Problem.SERVICE_STOPPED


@pytest.mark.parametrize("code", [0x8010001D, 0x8010001E])
@pytest.mark.parametrize(("disabled", "problem"), [(True, Problem.SERVICE_STOPPED), (False, Problem.READER_MISSING)])
def test_no_service_means_no_reader_unless_the_service_is_disabled(
    pyscard: dict[str, Any], monkeypatch: pytest.MonkeyPatch, code: int, disabled: bool, problem: Problem
) -> None:
    pyscard["SCardEstablishContext"] = [code, 0]
    monkeypatch.setattr("myna_app.card.scard._a_stopped_service_is_a_fault", lambda: disabled)
    with pytest.raises(ReaderError) as caught:
        API.establish_context()
    assert caught.value.problem is problem


@pytest.mark.parametrize("code", [0x80100001, 0x80100006, 0x80100014, 0x1F])
def test_a_context_that_cannot_be_had_is_the_services_fault_for_there_is_no_card_yet(
    pyscard: dict[str, Any], code: int
) -> None:
    pyscard["SCardEstablishContext"] = [code, 0]
    with pytest.raises(ReaderError) as caught:
        API.establish_context()
    assert caught.value.problem is Problem.SERVICE_STOPPED
    assert f"{code:08X}" in caught.value.detail


def test_cards_are_connected_shared_with_any_protocol_and_readers_alone_with_none(pyscard: dict[str, Any]) -> None:
    pyscard["SCardConnect"] = [0, 22, 2]
    assert API.connect(CONTEXT, "A", ShareMode.SHARED) == Connected(CARD, CardProtocol.T1)
    assert pyscard["SCardConnect was"] == (11, "A", 2, 3)
    pyscard["SCardConnect"] = [0, 22, 0]
    assert API.connect(CONTEXT, "A", ShareMode.DIRECT) == Connected(CARD, CardProtocol.NONE)
    assert pyscard["SCardConnect was"] == (11, "A", 3, 0)


def test_every_disposition_is_handed_on_as_it_is(pyscard: dict[str, Any]) -> None:
    pyscard.update(SCardDisconnect=0, SCardEndTransaction=0)
    API.disconnect(CARD, Disposition.UNPOWER)
    API.end_transaction(CARD, Disposition.LEAVE)
    assert pyscard["SCardDisconnect was"] == (22, 2)
    assert pyscard["SCardEndTransaction was"] == (22, 0)


def test_bytes_go_out_and_come_back(pyscard: dict[str, Any]) -> None:
    pyscard["SCardTransmit"] = [0, [0x63, 0xCA]]
    assert API.transmit(CARD, CardProtocol.T1, bytes.fromhex("00200091")) == bytes.fromhex("63CA")
    assert pyscard["SCardTransmit was"] == (22, 2, [0x00, 0x20, 0x00, 0x91])


def test_a_lifted_and_a_reset_card_are_told_apart(pyscard: dict[str, Any]) -> None:
    pyscard["SCardTransmit"] = [0x80100069, []]
    with pytest.raises(CardRemovedError):
        API.transmit(CARD, CardProtocol.T1, b"\0\0\0\0")
    pyscard["SCardBeginTransaction"] = 0x80100068
    with pytest.raises(CardResetError):
        API.begin_transaction(CARD)


def test_a_dead_context_is_released_and_cancelled_in_silence(pyscard: dict[str, Any]) -> None:
    pyscard.update(SCardReleaseContext=0x80100003, SCardCancel=0x80100003)
    API.release_context(CONTEXT)
    API.cancel(CONTEXT)


def test_the_properties_are_asked_with_the_code_the_driver_names(
    pyscard: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def control(card: int, code: int, data: list[int]) -> list[object]:
        asked.append(code)
        features = bytes.fromhex("060442000001 120442330012 0A0442000002")
        return [0, list(features if code == 0x42000D48 else bytes.fromhex("0A0400000100"))]

    monkeypatch.setattr(scard, "SCardControl", control)
    monkeypatch.setattr(scard, "SCARD_CTL_CODE", lambda function: 0x42000000 + function)
    assert API.tlv_properties(CARD) == bytes.fromhex("0A0400000100")
    assert asked == [0x42000D48, 0x42330012]


@pytest.mark.parametrize("answer", [[0x8010001F, []], [0, []], [0, [0x12, 4, 0]], [0, [6, 4, 0x42, 0, 0, 1]]])
def test_a_reader_without_the_feature_has_no_properties(pyscard: dict[str, Any], answer: list[object]) -> None:
    pyscard["SCardControl"] = answer
    assert API.tlv_properties(CARD) == b""
