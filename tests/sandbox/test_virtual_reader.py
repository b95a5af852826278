"""The in-process reader behaves like PC/SC, codes included."""

import threading
from collections.abc import Callable
from queue import Queue

import pytest

from myna_app.card.pcsc import (
    PNP_READER,
    CardHandle,
    CardProtocol,
    ContextHandle,
    Disposition,
    PcscApi,
    ReaderFlag,
    ReaderStatus,
    ShareMode,
)
from myna_app.errors import AppError, CardRemovedError, CardResetError, Problem
from myna_sandbox.faults import FaultyCard, Mute, Pull
from myna_sandbox.virtual_card.card import VirtualCard
from myna_sandbox.virtual_card.files import CardImage
from myna_sandbox.virtual_reader import VirtualPcsc, VirtualReader

from .talk import AIDS

SELECT = bytes.fromhex(f"00A4040C0A{AIDS['JPKI']}")
TRIES = bytes.fromhex("00200098")
VERIFY = bytes.fromhex("0020009804") + b"1234"
SIGN = bytes.fromhex("802A039701AA00")
T1 = CardProtocol.T1
LONG = 20_000


@pytest.fixture
def pcsc() -> VirtualPcsc:
    return VirtualPcsc()


@pytest.fixture
def reader(pcsc: VirtualPcsc) -> VirtualReader:
    return pcsc.add_reader()


@pytest.fixture
def context(pcsc: VirtualPcsc) -> ContextHandle:
    return pcsc.establish_context()


@pytest.fixture
def lying(persona_image: CardImage, reader: VirtualReader) -> VirtualCard:
    card = VirtualCard(persona_image)
    reader.insert(card)
    return card


def connect(pcsc: VirtualPcsc, context: ContextHandle, reader: VirtualReader) -> CardHandle:
    return pcsc.connect(context, reader.name, ShareMode.SHARED).card


def code(call: Callable[[], object]) -> str:
    """Name of the result code a call fails with."""
    with pytest.raises(AppError) as failed:
        call()
    return failed.value.detail.split()[-1]


def in_background(call: Callable[[], object]) -> "Queue[object]":
    """Runs a call on a thread; what it returns or raises arrives in the queue."""
    done: Queue[object] = Queue()

    def run() -> None:
        try:
            done.put(call())
        except AppError as error:
            done.put(error)

    threading.Thread(target=run, daemon=True).start()
    return done


def test_it_is_what_the_application_takes_for_pcsc(pcsc: VirtualPcsc) -> None:
    api: PcscApi = pcsc
    assert api.list_readers(api.establish_context()) == ()


def test_a_card_is_powered_by_connecting_and_answers(
    pcsc: VirtualPcsc, context: ContextHandle, reader: VirtualReader, lying: VirtualCard
) -> None:
    assert lying.transmit(SELECT) == b""
    connection = pcsc.connect(context, reader.name, ShareMode.SHARED)
    assert connection.protocol is T1
    assert pcsc.transmit(connection.card, T1, SELECT) == b"\x90\x00"


def test_connecting_fails_as_pcsc_lite_does(pcsc: VirtualPcsc, context: ContextHandle, reader: VirtualReader) -> None:
    assert code(lambda: connect(pcsc, context, reader)) == "E_NO_SMARTCARD"
    assert code(lambda: pcsc.connect(context, "nowhere", ShareMode.SHARED)) == "E_UNKNOWN_READER"
    direct = pcsc.connect(context, reader.name, ShareMode.DIRECT)
    assert direct.protocol is CardProtocol.NONE


def test_a_declared_length_is_told_as_a_property(pcsc: VirtualPcsc, context: ContextHandle) -> None:
    silent, short = pcsc.add_reader("A"), pcsc.add_reader("B", max_apdu_data=256)
    handles = [pcsc.connect(context, one.name, ShareMode.DIRECT).card for one in (silent, short)]
    assert [pcsc.tlv_properties(handle).hex() for handle in handles] == ["", "0a0400010000"]


def test_a_removed_card_is_gone_for_its_connections_even_when_it_is_back(
    pcsc: VirtualPcsc, context: ContextHandle, reader: VirtualReader, lying: VirtualCard
) -> None:
    handle = connect(pcsc, context, reader)
    reader.remove()
    with pytest.raises(CardRemovedError):
        pcsc.transmit(handle, T1, SELECT)
    reader.insert(lying)
    with pytest.raises(CardRemovedError):
        pcsc.begin_transaction(handle)
    assert pcsc.transmit(connect(pcsc, context, reader), T1, SELECT) == b"\x90\x00"


def test_a_reset_by_another_is_told_until_connected_anew(
    pcsc: VirtualPcsc, context: ContextHandle, reader: VirtualReader, lying: VirtualCard
) -> None:
    ours, theirs = connect(pcsc, context, reader), connect(pcsc, context, reader)
    pcsc.transmit(ours, T1, SELECT)
    pcsc.transmit(ours, T1, VERIFY)
    pcsc.disconnect(theirs, Disposition.RESET)
    for _ in range(2):
        with pytest.raises(CardResetError):
            pcsc.transmit(ours, T1, TRIES)
    assert pcsc.transmit(connect(pcsc, context, reader), T1, SIGN)[-2:] == b"\x90\x00", "a warm reset forgets nothing"


@pytest.mark.usefixtures("lying")
@pytest.mark.parametrize(
    ("disposition", "status"), [(Disposition.LEAVE, "9000"), (Disposition.RESET, "9000"), (Disposition.UNPOWER, "6A88")]
)
def test_only_unpowering_ends_what_was_verified(
    pcsc: VirtualPcsc, context: ContextHandle, reader: VirtualReader, disposition: Disposition, status: str
) -> None:
    first = connect(pcsc, context, reader)
    pcsc.transmit(first, T1, SELECT)
    pcsc.transmit(first, T1, VERIFY)
    pcsc.disconnect(first, disposition)
    second = connect(pcsc, context, reader)
    assert pcsc.transmit(second, T1, SIGN)[-2:].hex().upper() == status


def test_ending_a_transaction_unpowered_leaves_the_card_ready_and_forgetful(
    pcsc: VirtualPcsc, context: ContextHandle, reader: VirtualReader, lying: VirtualCard
) -> None:
    handle = connect(pcsc, context, reader)
    pcsc.begin_transaction(handle)
    pcsc.transmit(handle, T1, SELECT)
    pcsc.end_transaction(handle, Disposition.UNPOWER)
    assert pcsc.transmit(handle, T1, TRIES).hex().upper() == "6A82"


def test_a_transaction_excludes_others_until_it_ends(
    pcsc: VirtualPcsc, context: ContextHandle, reader: VirtualReader, lying: VirtualCard
) -> None:
    ours, theirs = connect(pcsc, context, reader), connect(pcsc, context, reader)
    pcsc.begin_transaction(ours)
    assert code(lambda: pcsc.transmit(theirs, T1, SELECT)) == "E_SHARING_VIOLATION"
    waiting = in_background(lambda: pcsc.begin_transaction(theirs))
    assert pcsc.transmit(ours, T1, SELECT) == b"\x90\x00"
    assert waiting.empty()
    pcsc.end_transaction(ours, Disposition.LEAVE)
    assert waiting.get(timeout=20) is None
    pcsc.disconnect(theirs, Disposition.LEAVE)
    pcsc.begin_transaction(ours)
    assert code(lambda: pcsc.transmit(ours, CardProtocol.T0, SELECT)) == "E_PROTO_MISMATCH"


def test_a_wait_for_a_transaction_ends_when_the_card_leaves(
    pcsc: VirtualPcsc, context: ContextHandle, reader: VirtualReader, lying: VirtualCard
) -> None:
    ours, theirs = connect(pcsc, context, reader), connect(pcsc, context, reader)
    pcsc.begin_transaction(ours)
    waiting = in_background(lambda: pcsc.begin_transaction(theirs))
    reader.remove()
    assert isinstance(waiting.get(timeout=20), CardRemovedError)


def test_ending_no_transaction_is_refused(
    pcsc: VirtualPcsc, context: ContextHandle, reader: VirtualReader, lying: VirtualCard
) -> None:
    handle = connect(pcsc, context, reader)
    assert code(lambda: pcsc.end_transaction(handle, Disposition.LEAVE)) == "E_NOT_TRANSACTED"


def test_a_pulled_and_a_mute_card_fail_differently(
    pcsc: VirtualPcsc, context: ContextHandle, reader: VirtualReader, persona_image: CardImage
) -> None:
    reader.insert(FaultyCard(VirtualCard(persona_image), [Pull(1, executed=True)]))
    handle = connect(pcsc, context, reader)
    assert code(lambda: pcsc.transmit(handle, T1, SELECT)) == "W_REMOVED_CARD"
    assert not reader.occupied
    reader.insert(FaultyCard(VirtualCard(persona_image), [Mute(1)]))
    handle = connect(pcsc, context, reader)
    assert code(lambda: pcsc.transmit(handle, T1, SELECT)) == "E_NOT_TRANSACTED"
    assert reader.occupied


def look(pcsc: VirtualPcsc, context: ContextHandle, *names: str) -> tuple[ReaderStatus, ...]:
    return pcsc.get_status_change(context, [ReaderStatus(name) for name in names], LONG)


def test_an_unaware_wait_answers_at_once_with_presence_and_count(
    pcsc: VirtualPcsc, context: ContextHandle, reader: VirtualReader, lying: VirtualCard
) -> None:
    (status,) = look(pcsc, context, reader.name)
    assert status.has(ReaderFlag.PRESENT)
    assert status.has(ReaderFlag.CHANGED)
    assert status.event_count == 1
    reader.remove()
    (status,) = look(pcsc, context, reader.name)
    assert status.has(ReaderFlag.EMPTY)
    assert status.event_count == 2


def test_a_wait_ends_with_a_card(
    pcsc: VirtualPcsc, context: ContextHandle, reader: VirtualReader, persona_image: CardImage
) -> None:
    (known,) = look(pcsc, context, reader.name)
    waiting = in_background(lambda: pcsc.get_status_change(context, [known.seen()], LONG))
    reader.insert(VirtualCard(persona_image))
    answer = waiting.get(timeout=20)
    assert isinstance(answer, tuple)
    assert answer[0].has(ReaderFlag.PRESENT)


def test_a_wait_without_change_ends_with_its_time(
    pcsc: VirtualPcsc, context: ContextHandle, reader: VirtualReader
) -> None:
    (known,) = look(pcsc, context, reader.name)
    assert pcsc.get_status_change(context, [known.seen()], 1) == ()


def test_cancel_ends_a_running_wait_and_nothing_else(
    pcsc: VirtualPcsc, context: ContextHandle, reader: VirtualReader
) -> None:
    pcsc.cancel(context)
    (known,) = look(pcsc, context, reader.name)
    waiting = in_background(lambda: pcsc.get_status_change(context, [known.seen()], LONG))
    while waiting.empty():
        pcsc.cancel(context)
    assert waiting.get() == ()


def test_readers_that_come_and_go_wake_the_pnp_reader(
    pcsc: VirtualPcsc, context: ContextHandle, reader: VirtualReader
) -> None:
    assert pcsc.list_readers(context) == (reader.name,)
    waiting = in_background(lambda: look(pcsc, context, PNP_READER))
    second = pcsc.add_reader("Another")
    assert isinstance(waiting.get(timeout=20), tuple)
    assert pcsc.list_readers(context) == (reader.name, "Another")
    (known,) = look(pcsc, context, "Another")
    waiting = in_background(lambda: pcsc.get_status_change(context, [known.seen()], LONG))
    second.unplug()
    assert waiting.get(timeout=20) == ()
    assert pcsc.list_readers(context) == (reader.name,)


def test_an_unplugged_reader_is_lost_to_its_connections(
    pcsc: VirtualPcsc, context: ContextHandle, reader: VirtualReader, lying: VirtualCard
) -> None:
    handle = connect(pcsc, context, reader)
    reader.unplug()
    assert code(lambda: pcsc.transmit(handle, T1, SELECT)) == "E_READER_UNAVAILABLE"


def test_a_stopped_service_ends_waits_and_handles(
    pcsc: VirtualPcsc, context: ContextHandle, reader: VirtualReader, lying: VirtualCard
) -> None:
    handle = connect(pcsc, context, reader)
    (known,) = look(pcsc, context, reader.name)
    waiting = in_background(lambda: pcsc.get_status_change(context, [known.seen()], LONG))
    pcsc.stop_service()
    ended = waiting.get(timeout=20)
    assert isinstance(ended, AppError)
    assert ended.problem is Problem.SERVICE_STOPPED
    assert code(pcsc.establish_context) == "P_SHUTDOWN"
    pcsc.start_service()
    assert code(lambda: pcsc.transmit(handle, T1, SELECT)) == "E_INVALID_HANDLE"
    assert code(lambda: pcsc.list_readers(context)) == "E_INVALID_HANDLE"
    assert pcsc.list_readers(pcsc.establish_context()) == (reader.name,)


def test_releasing_a_context_lets_go_of_its_transactions(
    pcsc: VirtualPcsc, context: ContextHandle, reader: VirtualReader, lying: VirtualCard
) -> None:
    other = pcsc.establish_context()
    pcsc.begin_transaction(connect(pcsc, other, reader))
    pcsc.release_context(other)
    pcsc.release_context(other)
    handle = connect(pcsc, context, reader)
    pcsc.begin_transaction(handle)
    assert pcsc.transmit(handle, T1, SELECT) == b"\x90\x00"
